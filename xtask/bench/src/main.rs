//! `cargo xtask bench`: what a call costs, side by side with a hand-written hyper client and with reqwest.
//!
//! Only ratios are printed: the peers run in the same minute on the same machine. The server and every client are
//! processes of their own, made by running this program again; what is measured is the client's own processor time and
//! its own heap.

mod client;
mod cold_build;
mod machine;
mod measure;
mod options;
mod report;
mod rows;
mod server;
mod setup;
mod tree;
mod usage;

use std::{alloc::System, process::ExitCode};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use self::options::Options;

/// Counts what the client allocates. It costs every peer the same few nanoseconds an allocation.
#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Any failure: this program explains it to whoever started it and ends.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words[..] {
        // The two hidden roles.
        ["server"] => server::run().map(|()| true),
        ["client", variant, calls] => client::run(variant, calls).map(|()| true),
        _ => Options::parse(&words).and_then(|options| compare(&options)),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures and reports. False if a missed goal is to count as a failure.
fn compare(options: &Options) -> Result<bool, Failure> {
    let mut rows = rows::wire(options)?;
    let consumers = if options.build { Some(cold_build::Consumers::generate()?) } else { None };
    if let Some(consumers) = &consumers {
        rows.push(cold_build::row(consumers)?);
    }
    rows.push(tree::row(consumers.as_ref())?);
    if options.json {
        println!("{}", report::json(&rows)?);
    } else {
        println!("{}", report::table(&rows)?);
    }
    Ok(!options.strict || rows.iter().all(rows::Row::is_met))
}
