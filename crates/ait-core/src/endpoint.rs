//! What one operation of the API is, as data.

use std::{borrow::Cow, time::Duration};

use http::Method;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Dialect, Error, IdempotencyKey, InnerFailure, Mismatch, Payload, Secret, Ticket, User};

/// One operation of a partner API. The request *is* the endpoint.
///
/// Read from top to bottom, an implementation is a row of the API's table; the README of each crate prints that table
/// from these constants. The trait is public so that an operation this release does not know can be called today:
/// implement it and hand the request to [`Client::call`](crate::Client::call).
///
/// ```
/// use std::time::Duration;
/// use ait_core::{Endpoint, Envelope, Host, Safety, http::Method, serde};
///
/// #[derive(serde::Serialize)]
/// # #[serde(crate = "ait_core::serde")]
/// struct Ping { echo: String }
///
/// impl Endpoint for Ping {
///     const NAME: &'static str = "demo.ping";
///     const METHOD: Method = Method::POST;
///     const HOST: Host = Host::APPS_IN_TOSS;
///     const PATH: &'static str = "/api-partner/v1/apps-in-toss/ping";
///     const SAFETY: Safety<Self> = Safety::Read;
///     const REFUSALS: &'static [&'static str] = &[];
///     const DEADLINE: Duration = Duration::from_secs(20);
///     type Dialect = Envelope;
///     type Response = String;
///
///     fn body(&self) -> Option<impl serde::Serialize> {
///         Some(self)
///     }
/// }
/// ```
pub trait Endpoint: Sized {
    /// A stable dotted name: span name, metric label, error text.
    const NAME: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The host that serves it, unless the client overrides the base URL.
    const HOST: Host;
    /// The path template, also the `url.template` of spans.
    const PATH: &'static str;
    /// What a second send may do. There is no default: every endpoint has to say.
    const SAFETY: Safety<Self>;
    /// Codes that prove that nothing was done. Any other refusal of a write leaves doubt.
    const REFUSALS: &'static [&'static str];
    /// The upper bound for one call, all attempts included, unless the client or the call says otherwise.
    const DEADLINE: Duration;
    /// Whether its answers may come over a pooled connection, kept alive between calls.
    ///
    /// On such a connection an answer that comes twice is taken for the answer to the next question, and HTTP/1.1 has
    /// nothing to tell them apart. So it is only for reads whose answers decide nothing about money or about who somebody
    /// is: lists, terms, texts. A write always gets a connection of its own.
    const POOLED: bool = false;
    /// The form of the answers.
    type Dialect: Dialect;
    /// What a successful answer holds.
    type Response: DeserializeOwned;

    /// The JSON body, or `None` (`None::<()>`) for none.
    fn body(&self) -> Option<impl Serialize>;

    /// The user it acts for, sent in a header of its own.
    fn user(&self) -> Option<&User> {
        None
    }

    /// Who asks, if that is not told by the client certificate alone.
    fn authorization(&self) -> Option<Authorization<'_>> {
        None
    }

    /// The path with its parameters filled in.
    fn path(&self) -> Cow<'_, str> {
        Cow::Borrowed(Self::PATH)
    }

    /// Checks the documented limits of the request. Runs before anything is sent.
    ///
    /// # Errors
    ///
    /// [`Error::invalid`], which names the field, the rule and the next step.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// What it takes to find out later what became of this call. For calls that may have an effect:
    /// `Ticket::new(self).ok()`.
    fn ticket(&self) -> Option<Ticket> {
        None
    }

    /// Holds an answer that says that it worked against the request: is it the answer to *this* request, and does it say
    /// that it was done? A server, a gateway or a reused idempotency key may bring another one.
    ///
    /// Name in it every member that identifies the request ([`Payload::same`]) and every status that means "done"
    /// ([`Payload::one_of`]). What does not fit is an error of the kind [`Mismatch`](crate::Kind::Mismatch) whose
    /// outcome is [`Unknown`](crate::Outcome::Unknown). The same check decides whether an answer that cannot be read
    /// proves that the call was [`Done`](crate::Outcome::Done).
    ///
    /// # Errors
    ///
    /// The first member that does not fit.
    fn verify(&self, payload: &Payload<'_>) -> Result<(), Mismatch> {
        let _ = payload;
        Ok(())
    }

    /// A failure that hides inside a SUCCESS answer, in a form of its own. The common one, a `code` other than 0 or an
    /// `errorCode` in the payload of an [`Envelope`](crate::Envelope), is found without this.
    fn inner_failure(&self, response: &Self::Response) -> Option<InnerFailure> {
        let _ = response;
        None
    }

    /// Tokens, keys and numbers of the request that must not be seen, besides the user's key and the authorization. Where
    /// the server quotes them, errors blank them out.
    fn secrets(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Texts and numbers of the request that may be about a person, or that a person wrote: the variables of a message,
    /// the name of what is bought, a reason. Where the server quotes them, errors blank them out. Identifiers of the
    /// application's own, such as an order number, may be shown.
    fn personal_data(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What may happen if the same request reaches the server twice. It decides what is resent without being asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum Safety<E> {
    /// It only reads. Sent again freely within the deadline.
    Read,
    /// The server replays its first answer for this key, so the same bytes may be sent again under the same key. While the
    /// first request is still at work (HTTP 409), its answer is waited for.
    Keyed {
        /// The key of a request.
        key: fn(&E) -> &IdempotencyKey,
        /// The [`Endpoint::NAME`] of the endpoint that tells what became of it, if there is one. Without it, a success of
        /// the request repeated under its key tells.
        settled_by: Option<&'static str>,
    },
    /// Nothing protects a second send. Sent again only with proof that the first never left, or after the server
    /// refused it over a rate limit and said how long to wait.
    Once {
        /// The [`Endpoint::NAME`] of the endpoint that tells what became of it.
        settled_by: &'static str,
    },
    /// As `Once`, and nothing tells what became of it: a message, for example.
    Unsettled,
}

/// A host of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host {
    name: &'static str,
    identity: bool,
}

impl Host {
    /// Login, promotions, in-app purchases and messages. Demands a client certificate.
    pub const APPS_IN_TOSS: Self = Self::new("apps-in-toss-api.toss.im").with_identity();
    /// Toss Pay. Demands a client certificate.
    pub const TOSS_PAY: Self = Self::new("pay-apps-in-toss-api.toss.im").with_identity();

    /// A host reached by HTTPS at port 443.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, identity: false }
    }

    /// The same host, demanding a client certificate: a call without one fails before anything is sent.
    #[must_use]
    pub const fn with_identity(self) -> Self {
        Self { name: self.name, identity: true }
    }

    /// The DNS name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it demands a client certificate.
    #[must_use]
    pub const fn requires_identity(&self) -> bool {
        self.identity
    }
}

/// The `Authorization` header of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Authorization<'a> {
    /// `Bearer` and an access token.
    Bearer(&'a Secret),
    /// `Basic`, with a secret key as the user name and an empty password.
    Basic(&'a Secret),
}
