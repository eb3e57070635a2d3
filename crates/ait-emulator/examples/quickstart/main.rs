//! A day of a shop in Toss, from the first login to the last refund, against an emulator inside this process: over real
//! mutual TLS, without an account, without a network, and without real money.
//!
//! `cargo run --example quickstart`

mod money;
mod people;

use std::error::Error;

use ait_core::{Krw, Mode, User};
use ait_emulator::{
    Emulator,
    api::{
        Movement, Time,
        iap::{Order, OrderStatus},
        messenger::Template,
    },
};

/// The user of this story.
const USER: u64 = 443_731_104;
/// The promotion that the documentation uses in its samples; the emulator begins with it.
const PROMOTION: &str = "01JPPJ6SB66BQXXDAKRQZ6SZD7";
const MODE: Mode = Mode::Sandbox;

type Story<T = ()> = Result<T, Box<dyn Error>>;

fn user() -> User {
    User::key(USER)
}

fn price() -> Krw {
    Krw::new(4_500)
}

#[tokio::main]
async fn main() -> Story {
    let emulator = Emulator::start().await?;
    set_up(&emulator);
    println!("The API listens on {} and demands a client certificate.", emulator.url());
    println!(
        "It ends with this story. `cargo run -p ait-emulator -- serve` runs until it is stopped, and shows on a page"
    );
    println!("what happens.\n");

    let client = emulator.client()?;
    people::log_in(&emulator, &client).await?;
    money::grant_points(&client).await?;
    money::pay_and_refund(&client).await?;
    money::lose_an_answer(&emulator, &client).await?;
    people::look_an_order_up(&client).await?;
    people::send_a_message(&client).await?;
    money::pay_with_brandpay(&emulator, &client).await?;
    people::come_with_a_foreign_certificate(&emulator).await?;
    add_up(&emulator)
}

/// What the console, the buyer and the app store would have done before.
fn set_up(emulator: &Emulator) {
    emulator.world(|core, now: Time, _| {
        let world = &mut core.world;
        world.messenger.templates.insert("order-ready".to_owned(), Template::new(["storeName"]));
        world.iap.insert("order-7".to_owned(), Order::new("ait.coffee.10", OrderStatus::Purchased, now));
    });
}

fn add_up(emulator: &Emulator) -> Story {
    println!("9. The books of the emulator");
    for entry in emulator.ledger() {
        let lost = if entry.answer_lost { ", and the answer was lost" } else { "" };
        println!("  {}{lost}", told(&entry.movement));
    }
    let violations = emulator.violations();
    if !violations.is_empty() {
        return Err(format!("the money does not add up: {violations:?}").into());
    }
    println!("  nobody paid twice, and every sum is right");
    Ok(())
}

fn told(movement: &Movement) -> String {
    match movement {
        Movement::Grant { amount, .. } => format!("granted   {amount} points"),
        Movement::Payment { amount, order_no: order, .. }
        | Movement::BrandpayPayment { amount, order_id: order, .. } => {
            format!("took      {amount} won for order {order}")
        }
        Movement::Refund { amount, .. } | Movement::BrandpayCancel { amount, .. } => {
            format!("returned  {amount} won")
        }
        Movement::Message { template, .. } => format!("sent      a message of {template}"),
        other => format!("moved     {other:?}"),
    }
}
