//! `env`: the environment of an emulator that runs.

use std::{collections::BTreeMap, process::ExitCode};

use clap::{Args, ValueEnum};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

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
    pub(crate) async fn run(self) -> Result<ExitCode, String> {
        let body = ask(self.control_port).await.map_err(|error| {
            format!("no emulator answers on port {} ({error}); start one: ait-emulator serve", self.control_port)
        })?;
        let variables: BTreeMap<String, String> = serde_json::from_str(&body).map_err(|error| error.to_string())?;
        if let Form::Json = self.format {
            println!("{body}");
            return Ok(ExitCode::SUCCESS);
        }
        for (name, value) in variables {
            println!("{}", line(self.format, &name, &value));
        }
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

async fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = "GET /_ctl/v1/env HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    if head.starts_with("HTTP/1.1 200") {
        Ok(body.to_owned())
    } else {
        Err(std::io::Error::other("something else answers there"))
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
