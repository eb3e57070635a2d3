//! `POST /messenger/send-message`: one message to one user.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety, User};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Context, SendResult, TemplateSetCode, Value};

/// Sends one message to one user. The text comes from a template of the console, which must have passed its review; the
/// request fills its variables. The campaign decides by which channels it goes.
///
/// At most 10 a minute for one user (partner reports). At code `4010`
/// ([`ErrorCode::Unauthenticated`](crate::ErrorCode::Unauthenticated)) drop the user's key and ask for login again; no code
/// of its own is documented.
///
/// `Ok` proves that Toss says SUCCESS: the message was accepted. Nothing in the answer names the user.
///
/// Documented: official API reference "메시지 발송하기"; the fields of the answer are from the official examples and from
/// newer pages. The reference also speaks of a user token with a scope; its own table of headers, and everybody else, has
/// the user's key alone.
///
/// # When the outcome is unknown
///
/// **Nothing tells what became of a message**: there is no idempotency key and no call to ask. A lost answer may have
/// sent it, and sending it again may send it twice. So it is sent again by itself only with proof that it never left,
/// or after a refusal over the rate limit. After [`Unknown`](ait_core::Outcome::Unknown) you have to choose what is
/// worse, twice or never; [`Done`](ait_core::Outcome::Done) means that it was accepted.
///
/// ```no_run
/// # use ait_messenger::{ait_core::{Error, Outcome, User}, *};
/// # fn queue_again() {}
/// # async fn send(messenger: Messenger, user: User) -> Result<(), Error> {
/// let request = SendMessage::new(user, TemplateSetCode::new("order-shipped")?).with("itemCount", 2);
/// match messenger.send_message(request).await {
///     Ok(result) => println!("accepted; sent {:?} times, failed {}", result.sent_count(), result.failures().count()),
///     Err(error) if ErrorCode::of(&error) == Some(ErrorCode::Unauthenticated) => println!("drop the key, log in again"),
///     Err(error) if error.outcome() <= Outcome::Refused => println!("not sent: {error}"),
///     Err(error) => println!("perhaps sent; better never than twice: {error}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Messenger::send_message"]
pub struct SendMessage {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    template_set_code: TemplateSetCode,
    context: Context,
}

impl SendMessage {
    /// A message from this template, without variables.
    pub fn new(user: impl Into<User>, template_set_code: TemplateSetCode) -> Self {
        Self { user: user.into(), body: Body { template_set_code, context: Context::new() } }
    }

    /// Sets a variable of the template.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.context = self.body.context.with(name, value);
        self
    }

    /// Sets all variables, instead of those set before.
    pub fn context(mut self, context: Context) -> Self {
        self.body.context = context;
        self
    }
}

impl Endpoint for SendMessage {
    const NAME: &'static str = "messenger.send_message";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/messenger/send-message";
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Envelope;
    type Response = SendResult;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(&self.user)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.template_set_code.check()
    }

    fn personal_data(&self) -> Vec<String> {
        self.body.context.texts().collect()
    }
}
