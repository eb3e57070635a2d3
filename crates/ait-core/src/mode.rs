//! Real money or not.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whether a call moves real money.
///
/// On the wire this is the boolean `isTestPayment`. The official API reference once describes it the wrong way round
/// ("true means a real payment"); its guide, its samples and all known code say that `true` is the sandbox, and this
/// type is the only place that knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "a payment is real or it is not")]
pub enum Mode {
    /// Real money.
    Live,
    /// The sandbox app: no money moves.
    Sandbox,
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self == Self::Sandbox)
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_test_payment: bool = crate::lenient::required(deserializer)?;
        Ok(if is_test_payment { Self::Sandbox } else { Self::Live })
    }
}
