//! Where the states are kept.

use serde::{Deserialize, Serialize};

use super::{Grant, GrantState};

/// What is stored about one grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrantRecord {
    /// The promise.
    pub grant: Grant,
    /// How far it has come.
    pub state: GrantState,
}

impl GrantRecord {
    /// A record of this grant in this state.
    #[must_use]
    pub fn new(grant: Grant, state: GrantState) -> Self {
        Self { grant, state }
    }
}

/// Keeps the record of **one** grant: one row, unique for what is to be paid once, such as (campaign, user, purpose).
/// For all time: a record that is lost can pay again.
///
/// ```
/// use ait_promotion::grant::{GrantRecord, GrantStore};
///
/// /// For tests: it forgets everything when the process ends.
/// struct InMemory(Option<GrantRecord>);
///
/// impl GrantStore for InMemory {
///     type Error = std::io::Error;
///
///     async fn load(&mut self) -> Result<Option<GrantRecord>, Self::Error> {
///         Ok(self.0.clone())
///     }
///
///     async fn replace(&mut self, old: Option<&GrantRecord>, new: &GrantRecord) -> Result<(), Self::Error> {
///         if self.0.as_ref() != old {
///             return Err(std::io::Error::other("another worker has this grant"));
///         }
///         self.0 = Some(new.clone());
///         Ok(())
///     }
/// }
/// ```
pub trait GrantStore: Send {
    /// Why a record could not be read or saved.
    type Error: Send;

    /// The record, if there is one.
    fn load(&mut self) -> impl Future<Output = Result<Option<GrantRecord>, Self::Error>> + Send;

    /// Replaces `old` by `new`, durably: when it returns, `new` must survive a crash.
    ///
    /// It must fail, and change nothing, unless exactly `old` is stored (`None`: nothing is). That is what keeps two
    /// workers from paying one grant: the slower one fails here, before it sends.
    fn replace(
        &mut self,
        old: Option<&GrantRecord>,
        new: &GrantRecord,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
