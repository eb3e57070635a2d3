//! The emulator's control API, by hand, and its memory.

use std::{error::Error, fs};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub(crate) struct Control {
    address: String,
}

impl Control {
    pub(crate) fn new(url: &str) -> Result<Self, Box<dyn Error>> {
        let address = url.strip_prefix("http://").ok_or("the control API speaks plain HTTP")?;
        Ok(Self { address: address.to_owned() })
    }

    async fn call(&self, method: &str, path: &str, body: &str) -> Result<Value, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let (host, length) = (&self.address, body.len());
        let head = format!(
            "{method} /_ctl/v1{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all((head + body).as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("{method} {path}: {body}").into());
        }
        Ok(serde_json::from_str(body)?)
    }

    /// Empties the world. The faults stay.
    pub(crate) async fn begin(&self) -> Result<(), Box<dyn Error>> {
        let faults = self.call("GET", "/faults", "").await?;
        self.call("POST", "/state/reset", "").await?;
        for armed in faults.as_array().into_iter().flatten() {
            let rule = serde_json::json!({"rule": armed["rule"]});
            self.call("POST", "/faults", &rule.to_string()).await?;
        }
        self.call("PUT", "/templates/soak", "").await.map(drop)
    }

    pub(crate) async fn ledger(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        match self.call("GET", "/ledger", "").await? {
            Value::Array(entries) => Ok(entries),
            _ => Err("the ledger is not a list".into()),
        }
    }

    pub(crate) async fn holds(&self) -> Result<(), Box<dyn Error>> {
        let invariants = self.call("GET", "/invariants", "").await?;
        if invariants["holds"] == true {
            Ok(())
        } else {
            Err(format!("broken: {}", invariants["violations"]).into())
        }
    }
}

/// What the emulator, the parent of this process, holds in memory, in kilobytes. Linux tells.
pub(crate) fn memory() -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", std::os::unix::process::parent_id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}
