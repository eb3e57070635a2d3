//! What was sent, and what was not: the answer of all three calls.

use serde::Serialize;

use super::{
    super::{
        Answer, Basis, Context,
        envelope::success,
        switches::{MessageCount, MessengerShape},
    },
    Channel,
};

const SHAPE: Basis = Basis::Assumed("messenger_shape");
const COUNT: Basis = Basis::Assumed("message_count");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    content_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached_fail_reason: Option<String>,
    /// As older pages spell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reach_fail_reason: Option<String>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Lists {
    sent_push: Vec<Item>,
    sent_inbox: Vec<Item>,
    sent_sms: Vec<Item>,
    sent_alimtalk: Vec<Item>,
    sent_friendtalk: Vec<Item>,
}

impl Lists {
    fn of(&mut self, channel: Channel) -> &mut Vec<Item> {
        match channel {
            Channel::Push => &mut self.sent_push,
            Channel::Inbox => &mut self.sent_inbox,
            Channel::Sms => &mut self.sent_sms,
            Channel::Alimtalk => &mut self.sent_alimtalk,
            Channel::Friendtalk => &mut self.sent_friendtalk,
        }
    }

    fn len(&self) -> usize {
        let Self { sent_push, sent_inbox, sent_sms, sent_alimtalk, sent_friendtalk } = self;
        [sent_push, sent_inbox, sent_sms, sent_alimtalk, sent_friendtalk].map(Vec::len).iter().sum()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    msg_count: usize,
    sent_push_count: usize,
    sent_inbox_count: usize,
    sent_sms_count: usize,
    sent_alimtalk_count: usize,
    sent_friendtalk_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Lists>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fail: Option<Lists>,
}

/// The form of older pages.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Old {
    result_type: &'static str,
    result: Payload,
}

/// What was sent, and what was not.
#[derive(Default)]
pub(super) struct Report {
    detail: Lists,
    fail: Lists,
}

impl Report {
    pub(super) fn sent(&mut self, channel: Channel, content_id: &str) {
        let content_id = content_id.to_owned();
        self.detail.of(channel).push(Item { content_id, reached_fail_reason: None, reach_fail_reason: None });
    }

    pub(super) fn failed(&mut self, channel: Channel, content_id: &str, reason: &str, shape: MessengerShape) {
        let (now, once) = match shape {
            MessengerShape::Result => (None, Some(reason.to_owned())),
            MessengerShape::Success | MessengerShape::Counters => (Some(reason.to_owned()), None),
        };
        let content_id = content_id.to_owned();
        self.fail.of(channel).push(Item { content_id, reached_fail_reason: now, reach_fail_reason: once });
    }

    pub(super) fn answer(self, context: &Context<'_>, basis: Basis) -> Answer {
        let Self { detail, fail } = self;
        let count = context.switches.message_count;
        let payload = Payload {
            msg_count: detail.len() + if count == MessageCount::All { fail.len() } else { 0 },
            sent_push_count: detail.sent_push.len(),
            sent_inbox_count: detail.sent_inbox.len(),
            sent_sms_count: detail.sent_sms.len(),
            sent_alimtalk_count: detail.sent_alimtalk.len(),
            sent_friendtalk_count: detail.sent_friendtalk.len(),
            detail: Some(detail),
            fail: Some(fail),
        };
        let basis = if count == MessageCount::All { COUNT } else { basis };
        match context.switches.messenger_shape {
            MessengerShape::Success => success(&payload, basis),
            MessengerShape::Counters => success(&Payload { detail: None, fail: None, ..payload }, SHAPE),
            MessengerShape::Result => {
                Answer::json(200, &Old { result_type: "SUCCESS", result: payload }, SHAPE)
            }
        }
    }
}
