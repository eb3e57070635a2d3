//! Why a grant could not go on.

use std::{error, fmt};

use ait_core::Error;

use super::GrantState;

/// Why [`Grant::run`](super::Grant::run) or [`Grant::retry`](super::Grant::retry) stopped. What is stored stays true:
/// run the grant again when the cause is gone.
#[derive(Debug)]
#[non_exhaustive]
pub enum GrantError<E> {
    /// The store failed, or another worker was faster. Nothing was sent that is not stored.
    Store(E),
    /// A call failed, and this failure moved no points: no key was to be had, the request never left, there were too
    /// many calls, or the certificate was refused. See [`Error::retry_after`].
    Call(Error),
    /// The store holds a grant to another user, of another promotion or of another amount.
    OtherGrant,
    /// It was to be tried again under a policy that never sends a key again, so that no key can be shown to be dead.
    /// Nothing was sent or saved.
    CannotProve,
    /// It was to be tried again, but neither failed nor was refused. Nothing was sent or saved.
    NotRetried(Box<GrantState>),
}

impl<E> fmt::Display for GrantError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(_) => f.write_str("the state of the grant could not be read or saved; nothing unsaved was sent"),
            Self::Call(error) => fmt::Display::fmt(error, f),
            Self::OtherGrant => f.write_str(
                "the store holds another grant under this name: its user, promotion or amount differs; use a name of its own",
            ),
            Self::CannotProve => f.write_str(
                "no new key while an earlier one could still pay, and this policy cannot show that it is dead; learn the code of an expired key with a test grant and use Policy::probe_fence",
            ),
            Self::NotRetried(state) => f.write_str(not_retried(state)),
        }
    }
}

fn not_retried(state: &GrantState) -> &'static str {
    match state {
        GrantState::Paid { .. } => {
            "the user has the points, so the grant is not tried again; more points are another grant under a name of its own"
        }
        GrantState::Parked { .. } => {
            "it is not known whether the grant was paid or may still be, so it is not tried again; ask Toss about its key, and grant under another name only if they say that it did not pay and will not"
        }
        _ => "the grant is not over, so it is not tried again; run it until it is",
    }
}

impl<E: error::Error + 'static> error::Error for GrantError<E> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Call(error) => error.source(),
            Self::OtherGrant | Self::CannotProve | Self::NotRetried(_) => None,
        }
    }
}
