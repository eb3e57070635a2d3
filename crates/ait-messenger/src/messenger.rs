//! The calls, as methods.

use ait_core::{Call, Client};

use crate::{SendBulkMessages, SendMessage, SendTestMessage};

/// Smart messages for Apps in Toss. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. **Nothing tells what became of a message whose answer was
/// lost**: the documentation of each request says what that means.
#[derive(Clone, Debug)]
pub struct Messenger(Client);

impl Messenger {
    /// Messages over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Sends one message to one user. See [`SendMessage`].
    pub fn send_message(&self, request: SendMessage) -> Call<'_, SendMessage> {
        self.0.call(request)
    }

    /// Sends a message that opens a bundle not yet released. See [`SendTestMessage`].
    pub fn send_test_message(&self, request: SendTestMessage) -> Call<'_, SendTestMessage> {
        self.0.call(request)
    }

    /// Sends one template to many users. See [`SendBulkMessages`].
    pub fn send_bulk_messages(&self, request: SendBulkMessages) -> Call<'_, SendBulkMessages> {
        self.0.call(request)
    }
}
