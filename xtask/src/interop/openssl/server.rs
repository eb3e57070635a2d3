//! `openssl s_server` as a child process, for one connection.
//!
//! It relays: what the client sends appears on its standard output, after its own notes about the handshake, and what
//! is written to its standard input goes to the client. So it serves any answer to any request.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::super::pki::Pki;
use super::tool::Tool;

/// Far more than it needs to open a port.
const START_LIMIT: Duration = Duration::from_secs(20);

/// What a server is like.
pub(super) struct Setup<'a> {
    /// Whose server certificate it shows.
    pub(super) shows: &'a Pki,
    /// The authority whose clients it lets in.
    pub(super) admits: &'a Path,
    /// Further options.
    pub(super) options: &'a [&'a str],
}

/// A server that runs. Killed when dropped.
pub(super) struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    port: u16,
    printed: Vec<u8>,
}

impl Server {
    /// Starts it and waits until it listens. The error says why it does not.
    pub(super) async fn start(tool: &Tool, setup: &Setup<'_>) -> Result<Self, String> {
        let complaints = File::create(tool.complaints()).map_err(|error| error.to_string())?;
        let mut command = tool.command();
        command
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"])
            .args(["-Verify", "1", "-verify_return_error", "-no-CApath", "-no-CAstore"])
            .arg("-CAfile")
            .arg(setup.admits)
            .arg("-cert")
            .arg(setup.shows.server_certificate())
            .arg("-key")
            .arg(setup.shows.server_key())
            .args(setup.options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints);
        let mut child = Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start s_server: {error}"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("s_server has no pipes".to_owned());
        };
        let mut server = Self { child, stdin, stdout, port: 0, printed: Vec::new() };
        server.port = match timeout(START_LIMIT, server.listens()).await {
            Ok(Ok(Some(port))) => port,
            Ok(Ok(None)) => {
                let complaint = fs::read_to_string(tool.complaints()).unwrap_or_default();
                return Err(format!("s_server did not start: {}", complaint.trim().replace('\n', "; ")));
            }
            Ok(Err(error)) => return Err(format!("s_server cannot be read: {error}")),
            Err(_elapsed) => return Err("s_server did not start in time".to_owned()),
        };
        Ok(server)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// All it has printed so far.
    pub(super) fn printed(&self) -> String {
        String::from_utf8_lossy(&self.printed).into_owned()
    }

    /// Waits for a whole request, answers it with this JSON and returns it; `None` if the server ended before it came.
    pub(super) async fn answer(&mut self, json: &str) -> io::Result<Option<String>> {
        let request = loop {
            if let Some(request) = request_in(&self.printed) {
                break request;
            }
            if !self.listen_on().await? {
                return Ok(None);
            }
        };
        // In one piece: a line of its own that starts with Q, say, would be an order to s_server.
        let length = json.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}"
        );
        self.stdin.write_all(answer.as_bytes()).await?;
        self.stdin.flush().await?;
        Ok(Some(request))
    }

    /// Ends it and waits for its end.
    pub(super) async fn stop(mut self) {
        // An error means that it has ended by itself.
        let _ = self.child.kill().await;
    }

    // The port, from `ACCEPT 127.0.0.1:40455`; `None` if it ended first.
    async fn listens(&mut self) -> io::Result<Option<u16>> {
        loop {
            if let Some(port) = port_in(&self.printed()) {
                return Ok(Some(port));
            }
            if !self.listen_on().await? {
                return Ok(None);
            }
        }
    }

    // False at the end of its output.
    async fn listen_on(&mut self) -> io::Result<bool> {
        Ok(self.stdout.read_buf(&mut self.printed).await? > 0)
    }
}

fn port_in(printed: &str) -> Option<u16> {
    // Only whole lines: half a port number is one too.
    let lines = printed.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let address = lines.filter_map(|line| line.trim_end().strip_prefix("ACCEPT ")).next()?;
    address.rsplit_once(':')?.1.parse().ok()
}

fn request_in(printed: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(printed);
    let start = ["GET /", "POST /"].iter().filter_map(|method| text.find(method)).min()?;
    let request = &text[start..];
    let (head, body) = request.split_once("\r\n\r\n")?;
    let length = head.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let end = head.len() + 4 + length.unwrap_or(0_usize);
    (end <= head.len() + 4 + body.len()).then(|| request.get(..end).map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_a_whole_line() {
        assert_eq!(port_in("Using default temp DH parameters\nACCEPT 127.0.0.1:404"), None);
        assert_eq!(port_in("Using default temp DH parameters\nACCEPT 127.0.0.1:40455\n"), Some(40455));
    }

    #[test]
    fn a_request_is_read_to_its_end() {
        let whole = "notes\nPOST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\n{ab}";
        assert_eq!(request_in(&whole.as_bytes()[..whole.len() - 1]), None);
        assert_eq!(request_in(whole.as_bytes()).as_deref(), Some(&whole[6..]));
        assert_eq!(request_in(b"GET /a HTTP/1.1\r\n\r\nnotes").as_deref(), Some("GET /a HTTP/1.1\r\n\r\n"));
    }
}
