//! What `serve` and `exec` have in common.

use std::{fmt, path::PathBuf};

use ait_emulator::{
    BadCallback, ClientAuth, Emulator, EmulatorBuilder, ServerCertificate, api::Switches, engine::Clock,
    fault::Rule,
};
use clap::{Args, ValueEnum};

use crate::Failure;

/// What happens to a client without a valid certificate.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Clients {
    /// The TLS handshake fails
    Required,
    /// Each request is answered with nginx's HTTP 400 page
    Page,
    /// It is let in
    Optional,
}

/// Which certificate the listeners show.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Certificate {
    Good,
    Expired,
    Foreign,
}

/// Which clock.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ClockKind {
    /// That of the machine
    Wall,
    /// One that stands, and moves on by 100 ms with each call
    Manual,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// Make the run repeatable; the clock is manual then, unless told otherwise
    #[arg(long)]
    seed: Option<u64>,
    /// Which clock
    #[arg(long, value_enum)]
    clock: Option<ClockKind>,
    /// Keep certificates and state in this folder, and go on from what is there. What was answered is there, however the
    /// program ends
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Take a snapshot each time so many octets were logged: for tests
    #[arg(long, hide = true, value_name = "OCTETS")]
    snapshot_after: Option<u64>,
    /// Append a line of JSON for each call to this file
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Let something go wrong: "ENDPOINT MOMENT EFFECT [user=] [code=] [nth=] [p=] [times=]"; again for more
    #[arg(long, value_name = "RULE")]
    fault: Vec<Rule>,
    /// Do what nobody has documented in another way: failure_status=listed; again for more
    #[arg(long, value_name = "NAME=VALUE")]
    switch: Vec<String>,
    /// Tell the shop by itself, on this machine: unlink=URL, subscription=URL, brandpay=URL; again for more. URL is
    /// http://USER:PASSWORD@127.0.0.1:PORT/PATH, and for unlink GET may stand before it
    #[arg(long, value_name = "KIND=URL")]
    callback: Vec<Hidden>,
    /// The mini-app in the client's certificate: `my-app`, or the one in the state folder
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// What happens to a client without a valid certificate
    #[arg(long, value_enum, default_value = "required")]
    clients: Clients,
    /// Which certificate the listeners show
    #[arg(long, value_enum, default_value = "good")]
    certificate: Certificate,
}

/// A text that may hold a password: clap would show one that cannot be, so it is read later.
#[derive(Clone)]
struct Hidden(String);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Options {
    /// The same with these switches too, given as `NAME=VALUE`.
    pub(crate) fn with_switches(mut self, pairs: &[String]) -> Self {
        self.switch.extend_from_slice(pairs);
        self
    }

    /// Whether this switch is set here.
    pub(crate) fn sets(&self, switch: &str) -> bool {
        self.switch.iter().any(|pair| pair.split_once('=').is_some_and(|(name, _)| name == switch))
    }

    /// Whether what one run leaves behind is where the next begins.
    pub(crate) fn keeps_state(&self) -> bool {
        self.state.is_some()
    }

    /// The settings, on these ports.
    pub(crate) fn builder(self, [api, brandpay, control]: [u16; 3]) -> Result<EmulatorBuilder, Failure> {
        let mut builder = Emulator::builder()
            .ports(api, brandpay, control)
            .client_auth(match self.clients {
                Clients::Required => ClientAuth::Required,
                Clients::Page => ClientAuth::Page,
                Clients::Optional => ClientAuth::Optional,
            })
            .server_certificate(match self.certificate {
                Certificate::Good => ServerCertificate::Good,
                Certificate::Expired => ServerCertificate::Expired,
                Certificate::Foreign => ServerCertificate::Foreign,
            });
        if !self.switch.is_empty() {
            builder = builder.switches(switches(&self.switch).map_err(Failure::Usage)?);
        }
        for Hidden(text) in self.callback {
            builder = builder.callback(
                text.parse().map_err(|bad: BadCallback| Failure::Usage(format!("--callback: {bad}")))?,
            );
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(clock) = self.clock {
            builder = builder.clock(match clock {
                ClockKind::Wall => Clock::default(),
                ClockKind::Manual => Clock::manual(),
            });
        }
        if let Some(app) = self.app {
            builder = builder.app(app);
        }
        if let Some(folder) = self.state {
            builder = builder.state(folder);
        }
        if let Some(octets) = self.snapshot_after {
            builder = builder.snapshot_after(octets);
        }
        if let Some(file) = self.log {
            builder = builder.log(file);
        }
        Ok(self.fault.into_iter().fold(builder, EmulatorBuilder::fault))
    }
}

/// `name=value`, where the value is JSON, or text that need not be quoted.
fn switches(given: &[String]) -> Result<Switches, String> {
    let mut values = serde_json::Map::new();
    for pair in given {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("--switch is NAME=VALUE, as failure_status=listed, not `{pair}`"))?;
        let value = serde_json::from_str(value)
            .ok()
            .filter(|value: &serde_json::Value| !value.is_object() && !value.is_array())
            .unwrap_or_else(|| value.into());
        values.insert(name.to_owned(), value);
    }
    // One by one first, so that an error names the switch.
    for (name, value) in &values {
        let one = |value: &serde_json::Value| {
            serde_json::from_value::<Switches>(serde_json::json!({ name.as_str(): value }))
        };
        let Err(error) = one(value) else { continue };
        if value.is_number() && one(&value.to_string().into()).is_ok() {
            continue;
        }
        return Err(match Switches::choices(name) {
            None => format!("--switch: there is no switch `{name}`; docs/fidelity.md lists them"),
            Some([]) => format!("--switch {name}: {error}; docs/fidelity.md says what it takes"),
            Some(choices) => {
                format!("--switch {name}: there is no value {value}; use {}", choices.join(", "))
            }
        });
    }
    // Some codes look like numbers.
    match serde_json::from_value(values.clone().into()) {
        Ok(switches) => Ok(switches),
        Err(error) => {
            for value in values.values_mut() {
                if value.is_number() {
                    *value = value.to_string().into();
                }
            }
            serde_json::from_value(values.into()).map_err(|_| format!("--switch: {error}"))
        }
    }
}
