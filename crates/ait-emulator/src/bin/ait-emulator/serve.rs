//! `serve`: runs until it is told to stop.

use std::{
    io::{ErrorKind, Write as _},
    process::ExitCode,
    time::Duration,
};

use ait_emulator::Emulator;
use clap::Args;

use crate::{Failure, options::Options};

/// How long calls in progress may take after the signal.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Port of Apps in Toss and Toss Pay; 0: any free one
    #[arg(long, default_value_t = 7443)]
    port: u16,
    /// Port of BrandPay
    #[arg(long, default_value_t = 7444)]
    brandpay_port: u16,
    /// Port of the control API and its page
    #[arg(long, default_value_t = 7445)]
    control_port: u16,
    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let ports = [self.port, self.brandpay_port, self.control_port];
        let mut stop = Stop::new().map_err(|error| error.to_string())?;
        let emulator = self.options.builder(ports)?.start().await.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!(
                    "{error}; is another one running? --port 0 --brandpay-port 0 --control-port 0 takes free ports; then ait-emulator env --control-port PORT, with that of the controlUrl"
                )
            }
            _ => error.to_string(),
        })?;
        // Whoever started this may not want to read it.
        let _ = writeln!(std::io::stdout(), "{}", ready(&emulator));
        stop.wait().await;
        tokio::select! {
            () = emulator.drain(PATIENCE) => {}
            // Whoever asks twice is in a hurry.
            _ = stop.wait() => return Err("told twice to stop: calls in progress were cut off".to_owned().into()),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn ready(emulator: &Emulator) -> serde_json::Value {
    let files = emulator.files();
    serde_json::json!({
        "ready": true,
        "url": emulator.url(),
        "brandpayUrl": emulator.brandpay_url(),
        "controlUrl": emulator.control_url(),
        "ca": files.ca,
        "certificate": files.certificate,
        "key": files.key,
        "seed": emulator.seed(),
    })
}

/// The signals that end the program.
pub(crate) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    /// From now on they no longer end it by themselves.
    #[cfg(unix)]
    pub(crate) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(not(unix))]
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for SIGTERM or Ctrl-C, and tells the exit code that shells give it.
    #[cfg(unix)]
    pub(crate) async fn wait(&mut self) -> u8 {
        tokio::select! {
            _ = self.terminate.recv() => 143,
            _ = self.interrupt.recv() => 130,
        }
    }

    /// Waits for Ctrl-C, and tells the exit code of that.
    #[cfg(not(unix))]
    pub(crate) async fn wait(&mut self) -> u8 {
        let _ = tokio::signal::ctrl_c().await;
        130
    }
}
