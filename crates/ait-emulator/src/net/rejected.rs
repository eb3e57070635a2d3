//! Why a request is not taken.

use std::fmt;
use std::io;

/// A request that is answered with a status of its own and ends its connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rejected {
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
}

impl Rejected {
    /// The answer to a request that reading said this of; `None` when the connection itself failed.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason)
    }
}

impl std::error::Error for Rejected {}

/// An error of kind [`InvalidData`](io::ErrorKind::InvalidData) with the status to answer it with.
pub(crate) fn rejected(status: u16, reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Rejected { status, reason })
}
