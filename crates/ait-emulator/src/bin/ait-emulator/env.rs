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

use crate::Failure;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

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
        let (body, variables) =
            asked.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(|error| {
                format!(
                    "no emulator answers on port {} ({error}); start one: ait-emulator serve",
                    self.control_port
                )
            })?;
        let text = match self.format {
            Form::Json => body + "\n",
            form => variables.iter().map(|(name, value)| line(form, name, value) + "\n").collect(),
        };
        // Whoever asked may have read enough.
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(ExitCode::SUCCESS)
    }
}

fn line(form: Form, name: &str, value: &str) -> String {
    match form {
        Form::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
        Form::Fish => format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
        Form::Powershell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
        Form::Dotenv | Form::Json => format!("{name}={value}"),
    }
}

async fn ask(port: u16) -> std::io::Result<(String, Variables)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = "GET /_ctl/v1/env HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    match serde_json::from_str(body) {
        Ok(variables) if head.starts_with("HTTP/1.1 200") => Ok((body.to_owned(), variables)),
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
        assert_eq!(line(Form::Dotenv, "A", "x y"), "A=x y");
    }
}
