//! The emulator's control API, over its socket: patches of the state, switches, users, rules; and calls by data.
//!
//! The first byte chooses what is asked for; the rest is the body.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::{cell::RefCell, time::Duration};

use ait_core::{IdempotencyKey, Krw, RetryPolicy};
use ait_emulator::{Emulator, engine::Snapshot};
use brandpay::{BrandPay, Confirm, CustomerKey, OrderId, PaymentKey};
use libfuzzer_sys::fuzz_target;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
};

const DOORS: [(&str, &str); 14] = [
    ("PATCH", "/state"),
    ("PUT", "/state"),
    ("PATCH", "/switches"),
    ("PUT", "/users/443731104"),
    ("PUT", "/promotions/PROMOTION"),
    ("POST", "/faults"),
    ("PUT", "/clock"),
    ("POST", "/clock/advance"),
    ("PUT", "/templates/t"),
    ("PUT", "/orders/o"),
    ("POST", "/brandpay/payments"),
    ("POST", "/wallet/topup"),
    ("POST", "/users/443731104/authorize"),
    ("POST", "/state/reset"),
];

struct Stage {
    runtime: Runtime,
    emulator: Emulator,
    begin: Snapshot,
    stream: RefCell<Option<TcpStream>>,
}

thread_local! {
    static STAGE: Stage = Stage::start();
}

fuzz_target!(|data: &[u8]| {
    let [door, body @ ..] = data else { return };
    STAGE.with(|stage| stage.play(*door, body));
});

impl Stage {
    fn start() -> Self {
        let runtime = ait_fuzz::server::runtime();
        let emulator = runtime.block_on(Emulator::builder().seed(7).start()).unwrap();
        let begin = emulator.engine(|engine| engine.snapshot());
        Self { runtime, emulator, begin, stream: RefCell::new(None) }
    }

    fn play(&self, door: u8, body: &[u8]) {
        self.emulator.engine(|engine| engine.restore(self.begin.clone()));
        match usize::from(door) % (DOORS.len() + 2) {
            14 => return self.by_data(body),
            15 => {
                let mut parts = body.splitn(3, |byte| *byte == b'\n');
                let mut next = || parts.next().unwrap_or_default();
                let (method, path, body) = (next(), next(), next());
                let plain = |text: &[u8]| text.iter().all(u8::is_ascii_graphic) && !text.is_empty();
                if plain(method) && plain(path) && path[0] == b'/' {
                    let (method, path) = (String::from_utf8_lossy(method), String::from_utf8_lossy(path));
                    let (status, told) = self.ask(&method, &path, body);
                    assert_ne!(status, 500, "{told}");
                }
            }
            at => {
                let (method, path) = DOORS[at];
                let (status, told) = self.ask(method, path, body);
                assert_ne!(status, 500, "{method} {path}: {told}");
            }
        }
        self.goes_on();
    }

    /// Whatever was put in, the state can be told and put back, and the world goes on.
    fn goes_on(&self) {
        let (status, state) = self.ask("GET", "/state", b"");
        assert_eq!(status, 200, "{state}");
        let (status, told) = self.ask("PUT", "/state", state.as_bytes());
        assert_eq!(status, 200, "what was told is refused: {told}");
        let (_, again) = self.ask("GET", "/state", b"");
        assert_eq!(state, again, "the state is put back as another one");
        for path in ["/ledger", "/invariants", "/requests", "/clock", "/env", "/faults"] {
            let (status, told) = self.ask("GET", path, b"");
            assert_eq!(status, 200, "{path}: {told}");
        }
        // Time goes on, and what is due is done.
        let (status, told) = self.ask("POST", "/clock/advance", br#"{"seconds":100000}"#);
        assert_eq!(status, 200, "{told}");
    }

    /// A mark in what a program sends.
    fn by_data(&self, mark: &[u8]) {
        let Ok(mark) = std::str::from_utf8(mark) else { return };
        let order = OrderId::unchecked(format!("o--emu-{mark}"));
        let (Ok(customer), Ok(key)) = (CustomerKey::new("customer"), IdempotencyKey::new("key")) else {
            return;
        };
        let client = self.emulator.client_builder().unwrap().deadline(Duration::from_millis(60));
        let client = client.retry(RetryPolicy::never()).build().unwrap();
        let shop = BrandPay::new(client, self.emulator.brandpay_secret_key());
        let payment = PaymentKey::new("payment").unwrap();
        let confirm = Confirm::new(key, payment, order, Krw::new(4500), customer);
        // Anything may come of it, but no money moves for a payment that nobody opened.
        let result = self.runtime.block_on(async { shop.confirm(confirm).await });
        assert!(result.is_err() && self.emulator.ledger().is_empty());
        assert!(self.emulator.violations().is_empty());
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, String) {
        let path = if path.starts_with("/_ctl") { path.to_owned() } else { format!("/_ctl/v1{path}") };
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n", body.len());
        let request = [head.as_bytes(), body].concat();
        self.runtime.block_on(async {
            // A kept connection may have been closed meanwhile; a fresh one is answered.
            let kept = self.stream.take();
            if let Some(mut stream) = kept
                && stream.write_all(&request).await.is_ok()
                && let Some((answer, goes_on)) = read(&mut stream).await
            {
                *self.stream.borrow_mut() = goes_on.then_some(stream);
                return answer;
            }
            let url = self.emulator.control_url();
            let authority = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
            let mut stream = TcpStream::connect(authority).await.unwrap();
            stream.set_nodelay(true).unwrap();
            stream.write_all(&request).await.unwrap();
            let (answer, goes_on) = read(&mut stream).await.expect("an answer");
            *self.stream.borrow_mut() = goes_on.then_some(stream);
            answer
        })
    }
}

/// A whole answer, and whether another may follow on this connection. `None` if it is closed.
async fn read(stream: &mut TcpStream) -> Option<((u16, String), bool)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap().trim().parse().unwrap();
            if bytes.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
                return Some(((status, body), !head.contains("connection: close")));
            }
        }
        let mut buffer = [0; 16384];
        let count = stream.read(&mut buffer).await.ok()?;
        if count == 0 {
            assert!(bytes.is_empty(), "closed in the middle of an answer");
            return None;
        }
        bytes.extend_from_slice(&buffer[..count]);
    }
}
