//! A call that is described first and made when awaited.

use std::{fmt, pin::Pin, time::Duration};

use http::{HeaderName, HeaderValue};

use crate::{Answer, Client, Endpoint, Error, RetryPolicy, Secret, execute, trace};

/// A call, ready to be made. Await it to make it; what is not awaited is not sent.
///
/// ```no_run
/// # use std::time::Duration;
/// # use ait_core::{Client, Endpoint, Error};
/// # async fn user<E: Endpoint + Send + Sync>(client: Client, request: E) -> Result<E::Response, Error>
/// # where E::Response: Send {
/// client.call(request).deadline(Duration::from_secs(90)).await
/// # }
/// ```
///
/// Dropping the future of a call that is under way closes its connection. The request may have been sent by then: drop
/// a write only if you will ask what became of it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'a, E> {
    client: &'a Client,
    endpoint: E,
    deadline: Option<Duration>,
    extras: Extras,
}

/// What a call sends besides what its endpoint says.
#[derive(Default)]
pub(crate) struct Extras {
    pub(crate) key: Option<Secret>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) pooled: Option<bool>,
}

impl<'a, E: Endpoint> Call<'a, E> {
    pub(crate) fn new(client: &'a Client, endpoint: E) -> Self {
        Self { client, endpoint, deadline: None, extras: Extras::default() }
    }

    /// The upper bound of this call, all attempts included. Wins over the client's and the endpoint's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Authenticates this call with a secret key (HTTP Basic, empty password), unless the endpoint itself says how.
    pub fn secret_key(mut self, key: &Secret) -> Self {
        self.extras.key = Some(key.clone());
        self
    }

    /// How often and how fast this call is sent again where that is safe. Wins over the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.extras.retry = Some(policy);
        self
    }

    /// Whether this call may use a pooled connection, kept alive between calls. Wins over [`Endpoint::POOLED`], which says
    /// what may go wrong. A write ignores it: it always gets a connection of its own.
    pub fn pooled(mut self, pooled: bool) -> Self {
        self.extras.pooled = Some(pooled);
        self
    }

    /// Sends another header with this call, such as `Accept-Language`. A header that the call writes itself, or that says
    /// where a request ends, fails the call before anything is sent.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.extras.headers.push((name, value));
        self
    }
}

impl<'a, E> Call<'a, E>
where
    E: Endpoint + Send + Sync + 'a,
    E::Response: Send,
{
    /// Makes the call, as awaiting it does, and keeps what stood beside the response: the server's date and its trace id.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn answer(self) -> Result<Answer<E::Response>, Error> {
        let deadline = self.deadline.or(self.client.deadline()).unwrap_or(E::DEADLINE);
        if tokio::runtime::Handle::try_current().is_err() {
            let rule = "must be a tokio runtime; make the call within #[tokio::main] or Runtime::block_on";
            return Err(Error::invalid("runtime", rule));
        }
        let span = trace::Call::start::<E>();
        let result =
            span.watch(execute::execute(self.client, &self.endpoint, &self.extras, deadline, &span)).await;
        span.end(&result);
        result
    }
}

impl<E> fmt::Debug for Call<'_, E>
where
    E: Endpoint,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("endpoint", &E::NAME)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl<'a, E> IntoFuture for Call<'a, E>
where
    E: Endpoint + Send + Sync + 'a,
    E::Response: Send,
{
    type Output = Result<E::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.answer().await.map(Answer::into_inner) })
    }
}
