//! `serve`: runs until it is told to stop.

use std::{
    io::{self, ErrorKind, Write as _},
    process::ExitCode,
    time::Duration,
};

use ait_emulator::{Emulator, EmulatorBuilder, Proof};
use clap::Args;

use crate::{Failure, options::Options, secret::SecretFile, stop::Stop};

/// How long calls in progress may take after the signal.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a start that is no longer wanted may take.
const A_MOMENT: Duration = Duration::from_secs(1);

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
        let secret = SecretFile::make().map_err(|error| error.to_string())?;
        let builder = self.options.builder(ports)?.proof(Proof::new(secret.as_bytes()));
        let started = match start(builder, &mut stop).await {
            Ok(started) => started,
            Err(code) => return Ok(ExitCode::from(code)),
        };
        let emulator = started.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!(
                    "{error}; is another one running? --port 0 --brandpay-port 0 --control-port 0 takes free ports; then ait-emulator env --control-port PORT, with that of the controlUrl"
                )
            }
            _ => error.to_string(),
        })?;
        let control = emulator.control_url().rsplit(':').next().and_then(|port| port.parse().ok());
        let _left = SecretFile::leave(control.unwrap_or_default(), secret).inspect_err(|error| {
            eprintln!("ait-emulator: `ait-emulator env` will not work: its secret cannot be kept: {error}");
        });
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

/// Starts an emulator. Reading what was kept may take long, and a pipe may never open: a signal ends that, with its exit
/// code.
pub(crate) async fn start(builder: EmulatorBuilder, stop: &mut Stop) -> Result<io::Result<Emulator>, u8> {
    // Elsewhere, because reading a file blocks.
    let mut starting = tokio::spawn(builder.start());
    tokio::select! {
        started = &mut starting => Ok(started.unwrap_or_else(|error| Err(io::Error::other(error)))),
        code = stop.wait() => {
            // One that is nearly there removes what it has made.
            let _ = tokio::time::timeout(A_MOMENT, starting).await;
            Err(code)
        }
    }
}
