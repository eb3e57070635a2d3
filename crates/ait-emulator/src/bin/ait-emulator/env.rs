//! `env`: the environment of an emulator that runs.

use std::{
    collections::BTreeMap,
    io::{ErrorKind, Write as _},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, ValueEnum};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{Failure, secret::SecretFile};
use ait_emulator::Proof;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// No environment is longer, in octets.
const MOST: u64 = 1 << 20;

/// What `env` prints, and nothing else: a shell runs it.
const KNOWN: [&str; 12] = [
    "AIT_BASE_URL",
    "AIT_CA_FILE",
    "AIT_CERT_FILE",
    "AIT_DECRYPTION_AAD",
    "AIT_DECRYPTION_KEY",
    "AIT_EMULATOR_CONTROL_URL",
    "AIT_EMULATOR_SEED",
    "AIT_KEY_FILE",
    "AIT_PAY_BASE_URL",
    "BRANDPAY_BASE_URL",
    "BRANDPAY_SECRET_KEY",
    "NODE_EXTRA_CA_CERTS",
];

type Variables = BTreeMap<String, String>;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// export NAME='VALUE'
    Sh,
    /// set -gx NAME 'VALUE'
    Fish,
    /// $env:NAME = 'VALUE'
    Powershell,
    /// NAME=VALUE, as `docker --env-file` reads it
    Dotenv,
    /// One object
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Env {
    /// The port of the control API
    #[arg(long, default_value_t = 7445)]
    control_port: u16,
    /// How to print it
    #[arg(long, value_enum, default_value = "sh")]
    format: Form,
}

impl Env {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let asked = tokio::time::timeout(PATIENCE, ask(self.control_port)).await;
        let answer = asked.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(|error| {
            format!(
                "no emulator answers on port {} ({error}); start one: ait-emulator serve",
                self.control_port
            )
        })?;
        if !SecretFile::find(self.control_port).iter().any(|secret| answer.is_proved_by(secret)) {
            return Err(Failure::Run(format!(
                "what answers on port {0} does not prove that it is an emulator which this user started with \
                 `ait-emulator serve`, so nothing of it is printed. Stop it and start one; if it is yours, started \
                 by a program, in a container or with another TMPDIR or XDG_RUNTIME_DIR, read its variables yourself: \
                 http://127.0.0.1:{0}/_ctl/v1/env",
                self.control_port
            )));
        }
        let text = self.format.text(&answer.variables)?;
        // Whoever asked may have read enough.
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(ExitCode::SUCCESS)
    }
}

impl Form {
    /// The variables that are known, for this reader.
    fn text(self, variables: &Variables) -> Result<String, String> {
        let known = variables.iter().filter(|(name, _)| KNOWN.contains(&name.as_str()));
        if let Self::Json = self {
            let known: BTreeMap<_, _> = known.collect();
            return Ok(serde_json::to_string(&known).map_err(|error| error.to_string())? + "\n");
        }
        known
            .map(|(name, value)| match value.chars().find(|c| c.is_control()) {
                None => Ok(line(self, name, value) + "\n"),
                Some(bad) => Err(format!(
                    "{name} has the control character {} in it, which no shell is given: use --format json, or a \
                     --state folder without it in its name",
                    bad.escape_default()
                )),
            })
            .collect()
    }
}

fn line(form: Form, name: &str, value: &str) -> String {
    match form {
        Form::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
        Form::Fish => format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
        Form::Powershell => format!("$env:{name} = '{}'", doubled(value)),
        Form::Dotenv | Form::Json => format!("{name}={value}"),
    }
}

/// PowerShell takes typographic quotation marks for plain ones.
fn doubled(value: &str) -> String {
    let is_quote = |c| matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
    value.chars().flat_map(|c| std::iter::repeat_n(c, if is_quote(c) { 2 } else { 1 })).collect()
}

/// What answered.
struct Answered {
    challenge: String,
    proof: String,
    body: String,
    variables: Variables,
}

impl Answered {
    fn is_proved_by(&self, secret: &str) -> bool {
        Proof::new(secret.as_bytes()).is(&self.proof, &self.challenge, &self.body)
    }
}

async fn ask(port: u16) -> std::io::Result<Answered> {
    let challenge = SecretFile::make()?;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!(
        "GET /_ctl/v1/env HTTP/1.1\r\nhost: localhost\r\nx-emulator-challenge: {challenge}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut proof = fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-emulator-proof"))
        .map(|(_, value)| value.trim());
    let proof = proof.next().unwrap_or_default().to_owned();
    match serde_json::from_str(body) {
        Ok(variables) if head.starts_with("HTTP/1.1 200") => {
            Ok(Answered { challenge, proof, body: body.to_owned(), variables })
        }
        _ => Err(std::io::Error::other("something else answers there")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, line};

    #[test]
    fn values_survive_their_shell() {
        assert_eq!(line(Form::Sh, "A", "it's"), r"export A='it'\''s'");
        assert_eq!(line(Form::Fish, "A", r"it's \"), r"set -gx A 'it\'s \\'");
        assert_eq!(line(Form::Powershell, "A", "it's"), "$env:A = 'it''s'");
        assert_eq!(line(Form::Powershell, "A", "a\u{2019}; b"), "$env:A = 'a\u{2019}\u{2019}; b'");
        assert_eq!(line(Form::Dotenv, "A", "x y"), "A=x y");
    }
}
