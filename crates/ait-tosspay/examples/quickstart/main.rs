//! A payment from beginning to end, over real mutual TLS, without an account and without a network: made, executed,
//! looked up, refunded; then one declined, one whose answer is lost, and one with a certificate of somebody else.
//!
//! `cargo run --example quickstart`

mod toss;

use std::error::Error as StdError;

use ait_emulator::{Authority, Issued, Leaf, Server};
use ait_tosspay::{
    ErrorCode, ExecutePayment, MakePayment, OrderNo, PayToken, PaymentStatus, RefundPayment, TossPay,
    ait_core::{Client, Error, Identity, Krw, Mode, Resolution, Schedule, Trust, User},
};

use crate::toss::Toss;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    // The certificates are made now and die with this process. In your shop the console issues them.
    let toss_authority = Authority::new("Quickstart Toss CA")?;
    let certificate = toss_authority.issue(&Leaf::client("my-coffee-app"))?;
    let toss = Toss::default();
    let server = Server::builder()
        .tls(&toss_authority.issue(&Leaf::server(&["localhost"]))?)
        .require_client(&toss_authority)
        .http(move |request| toss.clone().answer(request))
        .await?;
    let shop = shop(&server, &toss_authority, &certificate)?;
    println!("A local Toss Pay listens on {} and demands a client certificate.\n", server.url());

    pay_and_refund(&shop).await?;
    decline(&shop).await?;
    lose_the_answer(&shop).await?;
    come_with_a_foreign_certificate(&server, &toss_authority).await
}

/// What your shop does once, at start.
fn shop(server: &Server, authority: &Authority, certificate: &Issued) -> Result<TossPay, Error> {
    let identity = Identity::from_pem(&certificate.certificate_pem, &certificate.key_pem)?;
    let client = Client::builder()
        .identity(identity)
        .trust(Trust::pem(authority.pem())?) // not needed for Toss itself
        .base_url(server.url()) //              not needed for Toss itself
        .build()?;
    Ok(TossPay::new(client))
}

fn buyer() -> User {
    User::key(443_731_104)
}

async fn make(shop: &TossPay, order_no: &str, amount: Krw) -> Result<(OrderNo, PayToken), Error> {
    let order_no = OrderNo::new(order_no)?;
    let order = MakePayment::new(buyer(), order_no.clone(), "아메리카노", amount, Mode::Sandbox)?;
    let made = shop.make_payment(order).await?;
    println!("  made      order {order_no}, {amount} won; now the buyer authenticates in the app");
    Ok((order_no, made.pay_token))
}

async fn pay_and_refund(shop: &TossPay) -> Result<(), Error> {
    println!("1. A payment, and its refund");
    let (order_no, token) = make(shop, "2026-000017", Krw::new(4_500)).await?;

    let paid = shop
        .execute_payment(ExecutePayment::new(buyer(), token.clone(), Mode::Sandbox).order_no(order_no))
        .await?;
    let bank = paid.account_bank_code.as_ref().and_then(ait_tosspay::Bank::korean_name).unwrap_or("unknown");
    let (won, transaction) = (paid.paid_amount.unwrap_or_default(), paid.transaction_id.unwrap_or_default());
    println!("  executed  {won} won from {bank}, transaction {transaction}");

    let payment = status(shop, &token).await?;
    println!("  status    {} ({})", payment.pay_status, payment.pay_status.korean_name().unwrap_or_default());

    let refund = RefundPayment::new(buyer(), token.clone(), "단순변심", Mode::Sandbox)?;
    let refunded = shop.refund_payment(refund).await?;
    println!("  refunded  {} won", refunded.refunded_amount.unwrap_or_default());
    let payment = status(shop, &token).await?;
    println!(
        "  status    {} ({})\n",
        payment.pay_status,
        payment.pay_status.korean_name().unwrap_or_default()
    );
    Ok(())
}

async fn status(shop: &TossPay, token: &PayToken) -> Result<ait_tosspay::Payment, Error> {
    shop.payment_status(PaymentStatus::by_pay_token(buyer(), token.clone(), Mode::Sandbox)).await
}

async fn decline(shop: &TossPay) -> Result<(), Error> {
    println!("2. A payment that the bank declines, with HTTP 200 and resultType SUCCESS");
    let (_, token) = make(shop, "2026-000018-declined", Krw::new(4_500)).await?;
    let Err(error) = shop.execute_payment(ExecutePayment::new(buyer(), token, Mode::Sandbox)).await else {
        return Err(Error::invalid("quickstart", "a declined payment must not be reported as paid"));
    };
    println!("  error     {error}");
    println!("  outcome   {:?}: no money moved", error.outcome());
    println!("  code      {:?}\n", ErrorCode::of(&error).unwrap_or(ErrorCode::InvalidParameter));
    Ok(())
}

async fn lose_the_answer(shop: &TossPay) -> Result<(), Error> {
    println!("3. A payment that is taken, and whose answer is lost on the way");
    let (_, token) = make(shop, "2026-000019-lost", Krw::new(4_500)).await?;
    let Err(error) = shop.execute_payment(ExecutePayment::new(buyer(), token.clone(), Mode::Sandbox)).await
    else {
        return Err(Error::invalid("quickstart", "a lost answer must not be reported as an answer"));
    };
    println!("  error     {error}");
    println!(
        "  outcome   {:?}: never send it again, ask {}",
        error.outcome(),
        error.settled_by().unwrap_or_default()
    );
    let Some(ticket) = error.ticket() else {
        return Err(Error::invalid("quickstart", "a lost answer must leave a ticket to ask with"));
    };
    // A shop stores the ticket; this or another process asks with it, and sends nothing again.
    match shop.resolve(ticket, &Schedule::default()).await? {
        Resolution::Done(payment) => {
            println!("  resolved  {}: it was paid, and paid once\n", payment.pay_status);
        }
        Resolution::NotDone => println!("  resolved  not paid\n"),
        _ => println!("  resolved  not known yet: come back with the ticket\n"),
    }
    Ok(())
}

async fn come_with_a_foreign_certificate(
    server: &Server,
    authority: &Authority,
) -> Result<(), Box<dyn StdError>> {
    println!("4. A shop with a certificate that Toss did not issue");
    let stranger = Authority::new("Somebody Else CA")?.issue(&Leaf::client("another-app"))?;
    let shop = shop(server, authority, &stranger)?;
    let order = MakePayment::new(
        buyer(),
        OrderNo::new("2026-000020")?,
        "아메리카노",
        Krw::new(4_500),
        Mode::Sandbox,
    )?;
    let Err(error) = shop.make_payment(order).await else {
        return Err("a foreign certificate must not be let in".into());
    };
    println!("  error     {error}");
    println!("  outcome   {:?}, kind {:?}", error.outcome(), error.kind());
    Ok(())
}
