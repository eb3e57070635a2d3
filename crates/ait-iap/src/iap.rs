//! The calls, as methods.

use ait_core::{Call, Client};

use crate::OrderStatus;

/// In-app purchases for Apps in Toss, seen from the server. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. The purchase itself happens in the app, and so does marking it as granted; a server looks orders up, and is told
/// about subscriptions by the [`webhook`](crate::webhook). There is no call for refunds, receipts or subscriptions.
#[derive(Clone, Debug)]
pub struct Iap(Client);

impl Iap {
    /// In-app purchases over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Tells how an order stands. See [`OrderStatus`].
    pub fn order_status(&self, request: OrderStatus) -> Call<'_, OrderStatus> {
        self.0.call(request)
    }
}
