//! The program, started and watched.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

/// Nothing takes so long.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ait-emulator"));
    piped(&mut command);
    command
}

/// With its output piped to here.
pub(crate) fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // What is killed leaves its certificates behind.
    command.env("TMPDIR", env!("CARGO_TARGET_TMPDIR")).env_remove("XDG_RUNTIME_DIR")
}

/// Waits until it holds.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(start.elapsed() < WATCHDOG, "{what}: not in a minute");
        std::thread::yield_now();
    }
}

/// Runs it to its end, which the watchdog brings about if need be.
pub(crate) fn output(command: &mut Command) -> Output {
    let child = command.spawn().unwrap();
    let pid = child.id();
    let done = watch(pid);
    let output = child.wait_with_output().unwrap();
    drop(done);
    output
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Kills the process, unless the sender is dropped before.
pub(crate) fn watch(pid: u32) -> mpsc::Sender<()> {
    let (done, end) = mpsc::channel();
    std::thread::spawn(move || {
        if end.recv_timeout(WATCHDOG) == Err(mpsc::RecvTimeoutError::Timeout) {
            signal(pid, Signal::SIGKILL);
        }
    });
    done
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    let _ = kill(Pid::from_raw(i32::try_from(pid).unwrap()), signal);
}

/// `serve`, on free ports.
pub(crate) struct Serving {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) ready: Value,
    watched: Option<mpsc::Sender<()>>,
}

impl Serving {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_as(program(), options)
    }

    /// The same, with another folder for what is temporary.
    pub(crate) fn start_in(temporary: &Path, options: &[&str]) -> Self {
        let mut command = program();
        command.env("TMPDIR", temporary);
        Self::spawn(command, options)
    }

    /// By this command.
    pub(crate) fn start_as(mut command: Command, options: &[&str]) -> Self {
        piped(&mut command);
        Self::spawn(command, options)
    }

    fn spawn(mut command: Command, options: &[&str]) -> Self {
        let mut child = command
            .args(["serve", "--port", "0", "--brandpay-port", "0", "--control-port", "0"])
            .args(options)
            .spawn()
            .unwrap();
        let watched = watch(child.id());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let mut serving = Self { child, stdout, ready: Value::Null, watched: Some(watched) };
        serving.ready = match serde_json::from_str(&line) {
            Ok(ready) => ready,
            Err(error) => panic!("{error}: `{line}`, {}", serving.end(Signal::SIGKILL).1),
        };
        serving
    }

    pub(crate) fn say(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        self.say(name).rsplit(':').next().unwrap().parse().unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line on standard error.
    pub(crate) fn complaint(&mut self) -> String {
        let mut line = Vec::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        // Byte by byte, so that what follows is left for later.
        while line.last() != Some(&b'\n') {
            let mut byte = [0];
            stderr.read_exact(&mut byte).unwrap();
            line.extend(byte);
        }
        text(&line)
    }

    /// Sends the signal, and tells the exit code, and what was said after the first line.
    pub(crate) fn end(&mut self, with: Signal) -> (Option<i32>, String) {
        signal(self.child.id(), with);
        self.wait()
    }

    pub(crate) fn wait(&mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        self.watched = None;
        let mut said = String::new();
        self.stdout.read_to_string(&mut said).unwrap();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut said).unwrap();
        }
        (status.code(), said)
    }

    /// Asks the control API.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port("controlUrl"))).unwrap();
        stream.set_read_timeout(Some(WATCHDOG)).unwrap();
        let head = format!(
            "{method} /_ctl/v1{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// A call by the client of the crates, with the certificates in the files.
    pub(crate) fn client(&self) -> ait_core::Client {
        let read = |name: &str| std::fs::read_to_string(Path::new(self.say(name))).unwrap();
        ait_core::Client::builder()
            .identity(ait_core::Identity::from_pem(read("certificate"), read("key")).unwrap())
            .trust(ait_core::Trust::pem(read("ca")).unwrap())
            .no_proxy()
            .base_url(self.say("url"))
            .build()
            .unwrap()
    }

    /// Makes a payment, and says whether it was told.
    pub(crate) fn make(&self, order: &str) -> Result<(), String> {
        use ait_tosspay::{
            MakePayment, OrderNo, TossPay,
            ait_core::{Krw, Mode, User},
        };
        let make =
            MakePayment::new(User::key(1), OrderNo::new(order).unwrap(), "x", Krw::new(10), Mode::Sandbox);
        let shop = TossPay::new(self.client());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime
            .block_on(async { shop.make_payment(make.unwrap()).await })
            .map(drop)
            .map_err(|error| error.to_string())
    }
}

impl Serving {
    /// Makes a payment, and takes the money.
    pub(crate) fn pay(&self, order: &str) {
        use ait_tosspay::{
            ExecutePayment, MakePayment, OrderNo, TossPay,
            ait_core::{Krw, Mode, User},
        };
        let (user, order) = (User::key(1), OrderNo::new(order).unwrap());
        let make = MakePayment::new(user.clone(), order, "x", Krw::new(10), Mode::Sandbox).unwrap();
        let shop = TossPay::new(self.client());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let made = runtime.block_on(async { shop.make_payment(make).await }).unwrap();
        let take = ExecutePayment::new(user, made.pay_token, Mode::Sandbox);
        runtime.block_on(async { shop.execute_payment(take).await }).unwrap();
    }

    /// The orders that were paid, as the ledger tells them, and their numbers in it.
    pub(crate) fn paid(&self) -> Vec<(u64, String)> {
        let ledger = self.control("GET", "/ledger", "");
        let entries = ledger.as_array().unwrap().iter();
        let paid = |entry: &Value| {
            let order = entry.to_string();
            let order = order.split("order-").nth(1).unwrap().split('"').next().unwrap();
            (entry["number"].as_u64().unwrap(), format!("order-{order}"))
        };
        entries.map(paid).collect()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
