//! Money, in any currency.

use std::{cmp::Ordering, fmt};

use ait_core::{
    Error, Krw,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of money: the exact decimal, and won when it is whole.
///
/// Reads `10000`, `"10000"`, `10000.0` and `10.99`, compares by value, and writes a JSON number. Up to 18 digits if it is
/// whole and 15 if it has a fraction: what would lose a digit is refused, never rounded. A JSON number with a point is a
/// float on the way: a whole one is refused from ten trillion on, where a fraction could be lost in it. The currency
/// stands elsewhere: [`Payment::currency`](crate::Payment::currency).
///
/// ```
/// use brandpay::{Amount, ait_core::Krw};
///
/// # fn main() -> Result<(), brandpay::ait_core::Error> {
/// assert_eq!(Amount::new("10000.0")?, Krw::new(10_000).into());
/// assert_eq!(Amount::new("10.99")?.to_string(), "10.99");
/// assert_eq!(Amount::new("10.99")?.krw(), None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Amount {
    // Without trailing zeros behind the point, so that equal amounts are equal here.
    digits: i64,
    places: u8,
}

const MOST_WHOLE: u64 = 999_999_999_999_999_999;
// A float tells any two of these apart.
const MOST_BROKEN: u64 = 999_999_999_999_999;
// A float keeps 15 digits. Two of them are for a fraction: above this one could be lost without a trace.
const EXACT: f64 = 9_999_999_999_999.0;

impl Amount {
    /// Reads a decimal: `10.99`. No exponent, no thousands separator.
    ///
    /// # Errors
    ///
    /// If the text is no decimal, or has more digits than can be kept.
    pub fn new(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| {
            let rule = "must be a decimal number such as 10000 or 10.99, of at most 18 digits, 15 with a fraction; \
                        write it without separators and exponent";
            Error::invalid("amount", rule)
        })
    }

    /// The amount in won, or `None` if it has a fraction.
    #[must_use]
    pub fn krw(&self) -> Option<Krw> {
        (self.places == 0).then_some(Krw::new(self.digits))
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.digits == 0
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.digits > 0
    }

    /// The sum, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (one, two, places) = self.aligned(other);
        Self::fit(one.checked_add(two)?, places)
    }

    /// The difference, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (one, two, places) = self.aligned(other);
        Self::fit(one.checked_sub(two)?, places)
    }

    // Both with as many places: at most 18 digits and 15 more, which fits.
    fn aligned(self, other: Self) -> (i128, i128, u8) {
        let places = self.places.max(other.places);
        let digits = |amount: Self| i128::from(amount.digits) * 10_i128.pow((places - amount.places).into());
        (digits(self), digits(other), places)
    }

    fn fit(mut digits: i128, mut places: u8) -> Option<Self> {
        while places > 0 && digits % 10 == 0 {
            (digits, places) = (digits / 10, places - 1);
        }
        let most = if places == 0 { MOST_WHOLE } else { MOST_BROKEN };
        let fits = digits.unsigned_abs() <= most.into() && places <= 15;
        Some(Self { digits: i64::try_from(digits).ok().filter(|_| fits)?, places })
    }
}

// "1000", "-1000", "1000.", "10.99"; never "1e3" or "1,000".
fn parse(text: &str) -> Option<Amount> {
    let text = text.trim();
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() {
        return None;
    }
    let all = || whole.bytes().chain(fraction.bytes());
    if !all().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits =
        all().try_fold(0_i128, |digits, byte| digits.checked_mul(10)?.checked_add((byte - b'0').into()))?;
    Amount::fit(if negative { -digits } else { digits }, fraction.len().try_into().ok()?)
}

impl From<Krw> for Amount {
    /// Whole won. More than 18 digits, which nobody owns, become the most that can be written.
    fn from(won: Krw) -> Self {
        #[allow(clippy::cast_possible_wrap, reason = "18 digits fit")]
        let most = MOST_WHOLE as i64;
        Self { digits: won.get().clamp(-most, most), places: 0 }
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two, _) = self.aligned(*other);
        one.cmp(&two)
    }
}

/// The shortest decimal: `10000`, `10.9`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.places);
        if places == 0 {
            return fmt::Display::fmt(&self.digits, f);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.places == 0 {
            return serializer.serialize_i64(self.digits);
        }
        // 15 digits: the float is written with the very same ones.
        match self.to_string().parse::<f64>() {
            Ok(float) => serializer.serialize_f64(float),
            Err(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for Amount {
    const EXPECTED: &'static str = "an amount of money";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Whole(whole) => Self::fit(whole, 0),
            Scalar::Decimal(float) if float.fract() != 0.0 || float.abs() <= EXACT => {
                parse(&float.to_string())
            }
            Scalar::Text(text) => parse(&text),
            _ => None,
        }
    }
}
