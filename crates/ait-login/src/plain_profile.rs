//! Who a user is, in the clear.

use std::fmt;

use ait_core::{Secret, UserKey, lenient, open_enum};
use serde::{Deserialize, Serialize};

/// Who the user is, decrypted. A field is `None` if it was `None` in the [`Profile`](crate::Profile).
///
/// `Debug` shows which fields are there, and none of their values. Serialising writes them in the clear.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlainProfile {
    /// The user's key, unique within the mini-app.
    pub user_key: UserKey,
    /// The name.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub name: Option<Secret>,
    /// The mobile number, such as `01012345678`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub phone: Option<Secret>,
    /// The day of birth, `yyyyMMdd`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Secret>,
    /// The connecting information, the same for a person everywhere in Korea.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub ci: Option<Secret>,
    /// The gender.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Whether the user is a citizen.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub nationality: Option<Nationality>,
    /// The e-mail address. Toss does not verify it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub email: Option<Secret>,
}

impl fmt::Debug for PlainProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Hidden;
        impl fmt::Debug for Hidden {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("..")
            }
        }
        f.debug_struct("PlainProfile")
            .field("user_key", &self.user_key)
            .field("name", &self.name)
            .field("phone", &self.phone)
            .field("birthday", &self.birthday)
            .field("ci", &self.ci)
            .field("gender", &self.gender.as_ref().map(|_| Hidden))
            .field("nationality", &self.nationality.as_ref().map(|_| Hidden))
            .field("email", &self.email)
            .finish()
    }
}

open_enum! {
    /// The gender: `gender`.
    pub enum Gender {
        /// Male.
        Male = "MALE",
        /// Female.
        Female = "FEMALE",
    }
}

open_enum! {
    /// Whether the user is a citizen: `nationality`.
    pub enum Nationality {
        /// A citizen of Korea.
        Local = "LOCAL",
        /// A foreigner.
        Foreigner = "FOREIGNER",
    }
}
