//! What all three calls answer.

use ait_core::lenient;
use serde::{Deserialize, Serialize};

/// What became of a message, or of many: counters, and lists by channel.
///
/// **Accepted is not reached.** An answer means that Toss took the call. A user who refused or switched off
/// notifications is no error: [`sent_push_count`](Self::sent_push_count) is then 0, and a success may list failures.
///
/// Documented: official examples (the counters); partner reports (the lists). Older pages have the same under another
/// name, which is read too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SendResult {
    /// Messages sent. Whether failed ones count is told differently: decide nothing by it.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub msg_count: Option<u64>,
    /// Sent as push.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sent_push_count: Option<u64>,
    /// Put into the inbox of the Toss app.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sent_inbox_count: Option<u64>,
    /// Sent as SMS.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sent_sms_count: Option<u64>,
    /// Sent as Alimtalk.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sent_alimtalk_count: Option<u64>,
    /// Sent as Friendtalk.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub sent_friendtalk_count: Option<u64>,
    /// What was sent.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub detail: Option<Messages>,
    /// What failed. Nothing ties an entry to a recipient.
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    pub fail: Option<Messages>,
}

impl SendResult {
    /// How many messages were sent, over all channels: the sum of the five counters of channels, or `None` if the answer
    /// has none of them.
    ///
    /// A user who gets a push and an entry in the inbox counts twice. `Some(0)` means that the call was accepted and
    /// nothing was sent. Sent is as near to reached as the answer comes.
    #[must_use]
    pub fn sent_count(&self) -> Option<u64> {
        let counters = [
            self.sent_push_count,
            self.sent_inbox_count,
            self.sent_sms_count,
            self.sent_alimtalk_count,
            self.sent_friendtalk_count,
        ];
        counters.into_iter().flatten().reduce(u64::saturating_add)
    }

    /// What failed, channel by channel. Nothing failed if it is empty, or the answer does not say.
    pub fn failures(&self) -> impl Iterator<Item = (Channel, &ReportedMessage)> {
        self.fail.iter().flat_map(Messages::iter)
    }
}

/// Messages by channel: `detail` and `fail`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Messages {
    /// As push.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sent_push: Vec<ReportedMessage>,
    /// In the inbox of the Toss app.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sent_inbox: Vec<ReportedMessage>,
    /// As SMS.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sent_sms: Vec<ReportedMessage>,
    /// As Alimtalk.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sent_alimtalk: Vec<ReportedMessage>,
    /// As Friendtalk.
    #[serde(default, deserialize_with = "lenient::list")]
    pub sent_friendtalk: Vec<ReportedMessage>,
}

impl Messages {
    /// All of them, channel by channel.
    pub fn iter(&self) -> impl Iterator<Item = (Channel, &ReportedMessage)> {
        let channels = [
            (Channel::Push, &self.sent_push),
            (Channel::Inbox, &self.sent_inbox),
            (Channel::Sms, &self.sent_sms),
            (Channel::Alimtalk, &self.sent_alimtalk),
            (Channel::Friendtalk, &self.sent_friendtalk),
        ];
        channels.into_iter().flat_map(|(channel, list)| list.iter().map(move |message| (channel, message)))
    }
}

/// The way a message goes. The campaign decides it, not the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// A push notification.
    Push,
    /// The inbox of the Toss app.
    Inbox,
    /// SMS.
    Sms,
    /// KakaoTalk Alimtalk.
    Alimtalk,
    /// KakaoTalk Friendtalk.
    Friendtalk,
}

/// One message that an answer reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "Spellings")]
#[non_exhaustive]
pub struct ReportedMessage {
    /// The id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
    /// Why it did not arrive, for a person. Older pages spell it `reachFailReason`; either is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached_fail_reason: Option<String>,
}

// Not an alias: serde refuses an answer that has both.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spellings {
    #[serde(default, deserialize_with = "lenient::optional")]
    content_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    reached_fail_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    reach_fail_reason: Option<String>,
}

impl From<Spellings> for ReportedMessage {
    fn from(found: Spellings) -> Self {
        let reached_fail_reason = found.reached_fail_reason.or(found.reach_fail_reason);
        Self { content_id: found.content_id, reached_fail_reason }
    }
}
