//! Ours.

use std::{hint::black_box, sync::Arc, time::Duration};

use ait_core::{
    Client, Endpoint, Envelope, Host, Identity, InnerFailure, Mode, Safety, Trust, User, http::Method, serde,
};
use ait_tosspay::{ExecutePayment, ExecutedPayment, OrderNo, PayToken, TossPay};

use super::{
    load::Caller,
    payment::{Body, ORDER_NO, PATIENCE, PAY_TOKEN, READ_PATH, USER, USER_AGENT},
};
use crate::{Failure, setup::Setup};

/// As a partner sets it up, but for the addresses.
fn client(setup: &Setup, url: &str, spare: Option<Duration>) -> Result<Client, Failure> {
    let mut builder = Client::builder()
        .identity(Identity::from_pem(&setup.certificate, &setup.key)?)
        .trust(Trust::pem(&setup.authority)?)
        .base_url(url)
        .user_agent(USER_AGENT);
    if let Some(age) = spare {
        builder = builder.warm_spare(age);
    }
    Ok(builder.build()?)
}

/// A read whose answer is the sample of a payment. Borrows what it sends, as the peers do.
struct Read<'a> {
    user: &'a User,
    body: Body,
}

impl Endpoint for Read<'_> {
    const NAME: &'static str = "bench.read";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::TOSS_PAY;
    const PATH: &'static str = READ_PATH;
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = PATIENCE;
    type Dialect = Envelope;
    type Response = ExecutedPayment;

    fn body(&self) -> Option<impl serde::Serialize> {
        Some(&self.body)
    }

    fn user(&self) -> Option<&User> {
        Some(self.user)
    }

    fn inner_failure(&self, paid: &ExecutedPayment) -> Option<InnerFailure> {
        InnerFailure::found(paid.code, paid.error_code.as_deref(), paid.msg.as_deref())
    }
}

/// Makes reads.
#[derive(Clone)]
pub(super) struct OursRead {
    client: Client,
    user: Arc<User>,
}

impl OursRead {
    /// Reads from this server.
    pub(super) fn new(setup: &Setup, url: &str) -> Result<Self, Failure> {
        Ok(Self { client: client(setup, url, None)?, user: Arc::new(User::key(USER)) })
    }
}

impl Caller for OursRead {
    async fn call(&self) -> Result<(), Failure> {
        let read = Read { user: &self.user, body: Body::SAMPLE };
        black_box(self.client.call(read).await?);
        Ok(())
    }
}

/// Makes writes.
#[derive(Clone)]
pub(super) struct OursWrite {
    pay: TossPay,
    request: ExecutePayment,
}

impl OursWrite {
    /// Writes to this server, with a spare of this age if one is given.
    pub(super) fn new(setup: &Setup, url: &str, spare: Option<Duration>) -> Result<Self, Failure> {
        let pay = TossPay::new(client(setup, url, spare)?);
        let request = ExecutePayment::new(User::key(USER), PayToken::new(PAY_TOKEN)?, Mode::Sandbox)
            .order_no(OrderNo::new(ORDER_NO)?);
        Ok(Self { pay, request })
    }
}

impl Caller for OursWrite {
    async fn call(&self) -> Result<(), Failure> {
        black_box(self.pay.execute_payment(self.request.clone()).await?);
        Ok(())
    }
}
