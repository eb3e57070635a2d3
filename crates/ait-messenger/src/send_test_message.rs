//! `POST /messenger/send-test-message`: a message that opens a bundle not yet released.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety, User};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Context, DeploymentId, SendResult, TemplateSetCode, Value};

/// Sends a message that opens a bundle not yet released, to try it out. The text must have passed its review before
/// (partner reports). A real user gets a real message.
///
/// Whether it counts towards the 10 messages a minute of one user is not documented. Errors are those of
/// [`SendMessage`](crate::SendMessage).
///
/// `Ok` proves that Toss says SUCCESS: the message was accepted.
///
/// Documented: official examples; partner reports.
///
/// # When the outcome is unknown
///
/// As for [`SendMessage`](crate::SendMessage): nothing tells what became of it, and sending it again may send it twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a request does nothing until it is handed to Messenger::send_test_message"]
pub struct SendTestMessage {
    user: User,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    template_set_code: TemplateSetCode,
    deployment_id: DeploymentId,
    context: Context,
}

impl SendTestMessage {
    /// A message from this template that opens this bundle, without variables.
    pub fn new(
        user: impl Into<User>,
        template_set_code: TemplateSetCode,
        deployment_id: DeploymentId,
    ) -> Self {
        let body = Body { template_set_code, deployment_id, context: Context::new() };
        Self { user: user.into(), body }
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

impl Endpoint for SendTestMessage {
    const NAME: &'static str = "messenger.send_test_message";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/messenger/send-test-message";
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
        self.body.template_set_code.check()?;
        self.body.deployment_id.check()
    }

    fn personal_data(&self) -> Vec<String> {
        self.body.context.texts().collect()
    }
}
