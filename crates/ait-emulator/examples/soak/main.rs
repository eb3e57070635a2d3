//! A hundred thousand mixed calls, 256 in flight, against an emulator that lets one call in twenty go wrong.
//!
//! `cargo xtask soak` runs it. By itself: `ait-emulator exec --fault "…" -- soak [CALLS] [IN_FLIGHT]`; what goes wrong is up
//! to the emulator. It compares what every call said with the ledger, and fails on a lie.

mod control;
mod day;
mod tally;

use std::{env, error::Error, sync::Arc, time::Instant};

use ait_core::{Client, Host, Identity, Trust};
use control::Control;
use day::Day;
use tally::Tally;
use tokio::task::JoinSet;

/// After so many parts the world is emptied, so that what is left in memory is what leaked.
const PARTS: u64 = 10;

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("{name} is not set: run this under `ait-emulator exec`").into())
}

fn client() -> Result<Client, Box<dyn Error>> {
    let identity = Identity::from_pem_files(variable("AIT_CERT_FILE")?, variable("AIT_KEY_FILE")?)?;
    let ca = std::fs::read(variable("AIT_CA_FILE")?)?;
    Ok(Client::builder()
        .identity(identity)
        .trust(Trust::pem(ca)?)
        .no_proxy()
        .base_url(variable("AIT_BASE_URL")?)
        .host_url(Host::new("api.tosspayments.com"), variable("BRANDPAY_BASE_URL")?)
        .build()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let calls: u64 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let in_flight: u64 = arguments.next().map_or(Ok(256), |text| text.parse())?;
    let control = Control::new(&variable("AIT_EMULATOR_CONTROL_URL")?)?;
    let day = Arc::new(Day::new(client()?, variable("BRANDPAY_SECRET_KEY")?));
    println!(
        "{:>9} {:>9} {:>9} {:>9} {:>9} {:>12} {:>12}",
        "calls", "ok", "unknown", "refused", "unsent", "calls/s", "memory"
    );
    let (mut all, start) = (Tally::default(), Instant::now());
    for part in 0..PARTS {
        control.begin().await?;
        let begun = Instant::now();
        let tally = run(&day, calls / PARTS, in_flight, part).await?;
        let seconds = begun.elapsed().as_secs_f64();
        tally.compare(&control.ledger().await?)?;
        control.holds().await?;
        print(&tally, tally.calls() as f64 / seconds, control::memory());
        all.add(&tally);
    }
    print(&all, all.calls() as f64 / start.elapsed().as_secs_f64(), control::memory());
    Ok(())
}

async fn run(day: &Arc<Day>, calls: u64, in_flight: u64, part: u64) -> Result<Tally, Box<dyn Error>> {
    let mut shoppers = JoinSet::new();
    for shopper in 0..in_flight {
        let day = Arc::clone(day);
        shoppers.spawn(async move {
            let mut tally = Tally::default();
            let mut turn = 0;
            while tally.calls() < calls / in_flight {
                day.shop(1_000_000 + part * 1_000_000_000 + shopper * 1_000_000 + turn, &mut tally).await;
                turn += 1;
            }
            tally
        });
    }
    let mut all = Tally::default();
    while let Some(tally) = shoppers.join_next().await {
        all.add(&tally?);
    }
    Ok(all)
}

fn print(tally: &Tally, rate: f64, memory: Option<u64>) {
    let memory =
        memory.map_or_else(|| "?".to_owned(), |kilobytes| format!("{:.1} MB", kilobytes as f64 / 1024.0));
    let [ok, unknown, refused, unsent] = tally.outcomes();
    println!("{:>9} {ok:>9} {unknown:>9} {refused:>9} {unsent:>9} {rate:>12.0} {memory:>12}", tally.calls());
}
