//! The calls, as methods.

use ait_core::{Call, Client};

use crate::{ExecutePayment, MakePayment, PaymentStatus, RefundPayment};

/// Toss Pay for Apps in Toss. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. The documentation of each request says what to do when the
/// outcome of its call is unknown.
#[derive(Clone, Debug)]
pub struct TossPay(Client);

impl TossPay {
    /// Payments over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Creates a payment for the buyer to authenticate. No money moves. See [`MakePayment`].
    pub fn make_payment(&self, request: MakePayment) -> Call<'_, MakePayment> {
        self.0.call(request)
    }

    /// Takes the money of an authenticated payment. See [`ExecutePayment`].
    pub fn execute_payment(&self, request: ExecutePayment) -> Call<'_, ExecutePayment> {
        self.0.call(request)
    }

    /// Gives back all that is left of a payment. See [`RefundPayment`].
    pub fn refund_payment(&self, request: RefundPayment) -> Call<'_, RefundPayment> {
        self.0.call(request)
    }

    /// Tells how a payment stands, and settles every doubt about the other three. See [`PaymentStatus`].
    pub fn payment_status(&self, request: PaymentStatus) -> Call<'_, PaymentStatus> {
        self.0.call(request)
    }
}
