//! `POST /messenger/send-bulk-message`: one template to many users.

use std::time::Duration;

use ait_core::{Endpoint, Envelope, Error, Host, Safety};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{Recipient, SendResult, TemplateSetCode};

/// Sends one template to 1 to 2,500 users, each with variables of their own. Meant for 50 and more; below that,
/// [`SendMessage`](crate::SendMessage) tells user by user.
///
/// The counters of the answer are sums. Nothing ties a failure in it to a recipient, and what happens to a user who is
/// in the list twice is not documented. Errors are those of [`SendMessage`](crate::SendMessage); `4010` does not say whose
/// key is out of date.
///
/// `Ok` proves that Toss says SUCCESS: the list was accepted. Its counters are sums.
///
/// Documented: official examples; partner reports. There is no user header: the users stand in the body.
///
/// # When the outcome is unknown
///
/// As for [`SendMessage`](crate::SendMessage), times the number of recipients: nothing tells who got a message, and
/// sending the list again may send all of them twice. Whether a list can be refused in part is not documented. If you
/// would rather miss some than send twice, make the lists short and never repeat one; a client with
/// [`RetryPolicy::never`](ait_core::RetryPolicy::never) does not even repeat one that was refused over the rate limit.
///
/// ```no_run
/// # use ait_messenger::{ait_core::{Error, User}, *};
/// # async fn send(messenger: Messenger, keys: Vec<u64>) -> Result<(), Error> {
/// let template = TemplateSetCode::new("order-shipped")?;
/// for keys in keys.chunks(SendBulkMessages::LIMIT) {
///     let recipients = keys.iter().map(|key| Recipient::new(User::key(*key)).with("itemCount", 2));
///     let result = messenger.send_bulk_messages(SendBulkMessages::new(template.clone(), recipients)?).await?;
///     println!("sent {:?} of {}, failed {}", result.sent_count(), keys.len(), result.failures().count());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to Messenger::send_bulk_messages"]
pub struct SendBulkMessages {
    template_set_code: TemplateSetCode,
    #[serde(rename = "contextList")]
    recipients: Vec<Recipient>,
}

impl SendBulkMessages {
    /// The greatest number of recipients of one call.
    pub const LIMIT: usize = 2_500;

    /// Messages from this template to these users.
    ///
    /// # Errors
    ///
    /// If there are no recipients, or more than [`LIMIT`](Self::LIMIT), or if the code is blank.
    pub fn new(
        template_set_code: TemplateSetCode,
        recipients: impl IntoIterator<Item = Recipient>,
    ) -> Result<Self, Error> {
        let request = Self { template_set_code, recipients: recipients.into_iter().collect() };
        request.check().map(|()| request)
    }

    /// The recipients.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }
}

impl Endpoint for SendBulkMessages {
    const NAME: &'static str = "messenger.send_bulk_messages";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/api-partner/v1/apps-in-toss/messenger/send-bulk-message";
    const SAFETY: Safety<Self> = Safety::Unsettled;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(60);
    type Dialect = Envelope;
    type Response = SendResult;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }

    fn check(&self) -> Result<(), Error> {
        self.template_set_code.check()?;
        match self.recipients.len() {
            1..=Self::LIMIT => Ok(()),
            found => Err(Error::invalid(
                "contextList",
                format!("must have 1 to {} recipients, has {found}; split the list", Self::LIMIT),
            )),
        }
    }

    fn personal_data(&self) -> Vec<String> {
        self.recipients.iter().flat_map(Recipient::personal_data).collect()
    }
}
