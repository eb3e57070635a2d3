//! Enums that survive values nobody has invented yet.

/// Declares an enum of text values that travel on the wire and keep growing.
///
/// Known values are variants; any other text is kept as it came, in a hidden variant that is not for matching: read it by
/// `as_str`, build it by `From<&str>`, and a value which becomes a variant later stays equal to itself. Reading and writing is lossless in both
/// directions. Values are compared exactly, upper and lower case included.
///
/// Each variant may carry a name for people, in Korean, as the documentation prints it:
///
/// ```
/// ait_core::open_enum! {
///     /// How far a parcel has come.
///     pub enum Parcel {
///         /// On its way.
///         Moving = "MOVING" => "배송 중",
///         /// Delivered.
///         Delivered = "DELIVERED" => "배송 완료",
///     }
/// }
///
/// assert_eq!(Parcel::from("MOVING"), Parcel::Moving);
/// assert_eq!(Parcel::Moving.korean_name(), Some("배송 중"));
/// let new = Parcel::from("LOST_AT_SEA");
/// assert!(!new.is_known());
/// assert_eq!(new.as_str(), "LOST_AT_SEA");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $text:literal $(=> $korean:literal)?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($(#[$vmeta])* $variant,)+
            #[doc(hidden)]
            __Unlisted($crate::__private::Unlisted),
        }

        impl $name {
            /// Every value this release knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The value as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::__Unlisted(text) => text.as_str(),
                }
            }

            /// Whether this release knows the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::core::matches!(self, Self::__Unlisted(_))
            }

            /// The name the documentation prints beside the value, in Korean.
            #[must_use]
            #[allow(clippy::match_same_arms, reason = "the documentation gives some values the same name, or none")]
            pub fn korean_name(&self) -> ::core::option::Option<&'static str> {
                match self {
                    $(Self::$variant => $crate::open_enum!(@name $($korean)?),)+
                    Self::__Unlisted(_) => ::core::option::Option::None,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::__Unlisted($crate::__private::Unlisted::new(text)),
                }
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::lenient::required(deserializer)
            }
        }

        impl $crate::lenient::FromScalar for $name {
            const EXPECTED: &'static str = "text";

            fn from_scalar(scalar: $crate::lenient::Scalar<'_>) -> ::core::option::Option<Self> {
                match scalar {
                    $crate::lenient::Scalar::Text(text) => ::core::option::Option::Some(Self::from(&*text)),
                    $crate::lenient::Scalar::Whole(_) | $crate::lenient::Scalar::Decimal(_) => {
                        let text = <::std::string::String as $crate::lenient::FromScalar>::from_scalar(scalar)?;
                        ::core::option::Option::Some(Self::from(text.as_str()))
                    }
                    _ => ::core::option::Option::None,
                }
            }
        }
    };
    (@name) => { ::core::option::Option::None };
    (@name $korean:literal) => { ::core::option::Option::Some($korean) };
}

/// The text of a value this release does not list. For the macro alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unlisted(Box<str>);

impl Unlisted {
    #[doc(hidden)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    #[doc(hidden)]
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
