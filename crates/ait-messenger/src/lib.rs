#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod code;
mod context;
mod ids;
mod messenger;
mod recipient;
mod send_bulk_messages;
mod send_message;
mod send_result;
mod send_test_message;
mod value;

pub use ait_core;

pub use self::{
    code::ErrorCode,
    context::Context,
    ids::{DeploymentId, TemplateSetCode},
    messenger::Messenger,
    recipient::Recipient,
    send_bulk_messages::SendBulkMessages,
    send_message::SendMessage,
    send_result::{Channel, Messages, ReportedMessage, SendResult},
    send_test_message::SendTestMessage,
    value::Value,
};
