//! Points, payments, refunds, and an answer that is lost.

use std::{convert::Infallible, time::Duration};

use ait_core::{Client, Krw, Resolution, Schedule};
use ait_emulator::Emulator;
use ait_promotion::{
    Grant, GrantState, Promotion, PromotionCode,
    grant::{GrantRecord, GrantStore, Policy, Progress},
};
use ait_tosspay::{ExecutePayment, MakePayment, OrderNo, PayToken, PaymentStatus, RefundPayment, TossPay};
use brandpay::{BrandPay, Cancel, Confirm, CustomerKey, OrderId, idempotency, redirect::Success};

use crate::{MODE, PROMOTION, Story, price, user};

/// A shop has a row in a database here, which survives a crash.
struct Row(Option<GrantRecord>);

impl GrantStore for Row {
    type Error = Infallible;

    async fn load(&mut self) -> Result<Option<GrantRecord>, Infallible> {
        Ok(self.0.clone())
    }

    async fn replace(&mut self, _: Option<&GrantRecord>, new: &GrantRecord) -> Result<(), Infallible> {
        self.0 = Some(new.clone());
        Ok(())
    }
}

pub(crate) async fn grant_points(client: &Client) -> Story {
    println!("2. Points for the user, once, whatever breaks");
    let promotion = Promotion::new(client.clone());
    let grant = Grant::new(user(), PromotionCode::new(PROMOTION)?, Krw::new(10))?;
    let mut row = Row(None);
    loop {
        match grant.run(&promotion, &Policy::park(), &mut row).await? {
            Progress::Waiting { ask_again, .. } => {
                println!("  accepted  the points come in a moment; asking again in {ask_again:?}");
                // A shop has a job that comes back. A story need not take so long.
                tokio::time::sleep(ask_again.min(Duration::from_millis(100))).await;
            }
            Progress::Over(GrantState::Paid { .. }) => break,
            Progress::Over(state) => return Err(format!("the grant ended as {state:?}").into()),
            _ => {}
        }
    }
    println!("  paid      {} points\n", grant.amount());
    Ok(())
}

async fn make(shop: &TossPay, order_no: &str) -> Story<(OrderNo, PayToken)> {
    let order_no = OrderNo::new(order_no)?;
    let order = MakePayment::new(user(), order_no.clone(), "아메리카노", price(), MODE)?;
    let made = shop.make_payment(order).await?;
    println!("  made      order {order_no}, {} won; the buyer authenticates in the app", price());
    Ok((order_no, made.pay_token))
}

pub(crate) async fn pay_and_refund(client: &Client) -> Story {
    println!("3. A payment by Toss Pay, and its refund");
    let shop = TossPay::new(client.clone());
    let (order_no, token) = make(&shop, "2026-000017").await?;
    let paid =
        shop.execute_payment(ExecutePayment::new(user(), token.clone(), MODE).order_no(order_no)).await?;
    println!("  executed  {} won", paid.paid_amount.unwrap_or_default());
    let refund = RefundPayment::new(user(), token.clone(), "단순변심", MODE)?;
    let refunded = shop.refund_payment(refund).await?;
    println!("  refunded  {} won", refunded.refunded_amount.unwrap_or_default());
    let payment = shop.payment_status(PaymentStatus::by_pay_token(user(), token, MODE)).await?;
    println!(
        "  status    {} ({})\n",
        payment.pay_status,
        payment.pay_status.korean_name().unwrap_or_default()
    );
    Ok(())
}

pub(crate) async fn lose_an_answer(emulator: &Emulator, client: &Client) -> Story {
    println!("4. A payment that is taken, and whose answer is lost on the way");
    let shop = TossPay::new(client.clone());
    let (order_no, token) = make(&shop, "2026-000018").await?;
    emulator.fault("tosspay.execute_payment after_commit reset")?;
    let request = ExecutePayment::new(user(), token, MODE).order_no(order_no);
    let Err(error) = shop.execute_payment(request).await else {
        return Err("a lost answer must not be reported as an answer".into());
    };
    println!("  error     {error}");
    let settled_by = error.settled_by().unwrap_or_default();
    println!("  outcome   {:?}: never send it again, ask {settled_by}", error.outcome());
    let ticket = error.ticket().ok_or("a lost answer must leave a ticket to ask with")?;
    // A shop stores the ticket; this or another process asks with it, and sends nothing again.
    match shop.resolve(ticket, &Schedule::default()).await? {
        Resolution::Done(payment) if payment.is_paid() => {
            println!("  resolved  {}: it was paid, and paid once\n", payment.pay_status);
        }
        Resolution::Done(_) | Resolution::NotDone => {
            return Err("it was paid, and is resolved as not paid".into());
        }
        _ => println!("  resolved  not known yet: come back with the ticket\n"),
    }
    Ok(())
}

pub(crate) async fn pay_with_brandpay(emulator: &Emulator, client: &Client) -> Story {
    println!("7. A payment by BrandPay whose first answer is lost, and a part of it back");
    let secret_key = emulator.brandpay_secret_key();
    let pay = BrandPay::new(client.clone(), secret_key);
    let (order, customer) = (OrderId::new("2026-000019")?, CustomerKey::new("customer-1")?);
    // The buyer comes back from the payment window with this query. Never trust its amount: compare it.
    let query = "paymentType=BRANDPAY&orderId=2026-000019&paymentKey=emu-quickstart&amount=10000";
    let verified = Success::parse(query)?.verify(&order, Krw::new(10_000))?;
    // The first answer is lost here too. Under its idempotency key the call is safe to send again, and is.
    emulator.fault("brandpay.confirm after_commit reset")?;
    let key = idempotency::derived("confirm", &order, Krw::new(10_000))?;
    let payment = pay.confirm(Confirm::verified(key, verified, customer)).await?;
    let calls = emulator.requests();
    let calls: Vec<_> = calls.iter().filter(|call| call.endpoint == Some("brandpay.confirm")).collect();
    let lost = calls.iter().filter(|call| call.fault.is_some()).count();
    println!("  confirmed {} times under one idempotency key, because {lost} answer was lost", calls.len());
    println!("  paid      {} won, status {}", payment.total_amount.unwrap_or_default(), payment.status);
    let key = idempotency::derived("cancel", &order, Krw::new(3_000))?;
    let cancel =
        Cancel::part(key, payment.payment_key, Krw::new(3_000), "고객 변심")?.refundable(Krw::new(10_000));
    let payment = pay.cancel(cancel).await?;
    println!("  returned  3000 won, {} are left\n", payment.balance_amount.unwrap_or_default());
    Ok(())
}
