//! An emulator and its control API.

use ait_emulator::Emulator;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(crate) const USER: u64 = 443_731_104;

pub(crate) struct Desk {
    pub(crate) emulator: Emulator,
}

/// A status and a body.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The words of a refusal.
    pub(crate) fn error(&self) -> String {
        let body = self.json();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        body["error"].as_str().unwrap().to_owned()
    }
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self { emulator: Emulator::builder().seed(7).start().await.unwrap() }
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> Told {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, &format!("/_ctl/v1{path}"), &[("host", "localhost")], &body).await
    }

    /// What must be taken.
    pub(crate) async fn get(&self, method: &str, path: &str, body: Value) -> Value {
        let told = self.ask(method, path, body).await;
        assert_eq!(told.status, 200, "{method} {path}: {}", told.body);
        told.json()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("\r\n{body}");
        let port: u16 = self.emulator.control_url().rsplit(':').next().unwrap().parse().unwrap();
        let exchange = async {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let answer = tokio::time::timeout(std::time::Duration::from_secs(60), exchange).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Told { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The world, as it is stored.
    pub(crate) fn world(&self) -> Value {
        self.emulator.world(|core, _, _| serde_json::to_value(&core.world).unwrap())
    }
}
