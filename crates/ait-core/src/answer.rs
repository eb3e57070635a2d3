//! An answer, and what its head said.

use std::{fmt, ops::Deref, time::SystemTime};

use http::{HeaderMap, header::DATE};

/// Where servers put the id under which their operators find a call.
const TRACE_HEADERS: [&str; 4] = ["x-tosspayments-trace-id", "x-toss-trace-id", "x-trace-id", "x-request-id"];

/// A successful answer with what stood beside it: see [`Call::answer`](crate::Call::answer). An
/// [`Error`](crate::Error) tells the same of a call that failed.
#[derive(Clone)]
pub struct Answer<T> {
    response: T,
    headers: HeaderMap,
}

impl<T> Answer<T> {
    pub(crate) fn new(response: T, headers: HeaderMap) -> Self {
        Self { response, headers }
    }

    /// When it was given, by the server's clock: its `Date` header. To the second.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        date(&self.headers)
    }

    /// The id under which the server's operators find the call.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        trace_id(&self.headers)
    }

    /// The response alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.response
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.response
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("response", &self.response)
            .field("date", &self.date())
            .field("trace_id", &self.trace_id())
            .finish()
    }
}

pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

pub(crate) fn trace_id(headers: &HeaderMap) -> Option<&str> {
    TRACE_HEADERS.iter().find_map(|name| headers.get(*name)?.to_str().ok())
}
