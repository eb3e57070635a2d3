//! Why a session has no access token.

use std::{error, fmt, sync::Arc};

use ait_core::{Error, Outcome};

pub(crate) type BoxError = Box<dyn error::Error + Send + Sync>;

/// Why a [`Session`](crate::Session) has no access token. Cheap to clone: everybody who waited gets the same.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// The refresh failed. Its [`outcome`](Error::outcome) says what became of the refresh token.
    Refresh(Arc<Error>),
    /// The tokens were renewed, and the application could not store them: its error, a panic, or its time ran out. The old
    /// refresh token may be used up. The new tokens are held in memory; the next call hands them over again. Do not refresh
    /// by other means.
    Store(Arc<dyn error::Error + Send + Sync>),
    /// The runtime ended in the middle of a refresh. The old refresh token may be used up, and the new tokens may have been
    /// stored: make a new session from what is stored, or let the user log in again.
    CutOff,
}

impl SessionError {
    /// What is known about the refresh: [`Done`](Outcome::Done) if the tokens were renewed and are not stored,
    /// [`Unknown`](Outcome::Unknown) if it was cut off.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Refresh(error) => error.outcome(),
            Self::Store(_) => Outcome::Done,
            Self::CutOff => Outcome::Unknown,
        }
    }

    /// The error of the call, if it was the call that failed.
    #[must_use]
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Refresh(error) => Some(error),
            Self::Store(_) | Self::CutOff => None,
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refresh(error) => fmt::Display::fmt(error, f),
            Self::Store(why) => write!(
                f,
                "the tokens were renewed and could not be stored: {why}; repair the store and call again: they are kept \
                 until then"
            ),
            Self::CutOff => f.write_str(
                "the refresh was cut off by the end of its runtime; make a new session from the tokens that are stored, \
                 or let the user log in again",
            ),
        }
    }
}

impl error::Error for SessionError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            // Display has said what the error says: hand out the level below.
            Self::Refresh(error) => error.source(),
            Self::Store(why) => why.source(),
            Self::CutOff => None,
        }
    }
}
