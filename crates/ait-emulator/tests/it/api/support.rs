//! A core to be asked, without I/O.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written where they are passed")]

use std::time::Duration;

use ait_emulator::api::{Answer, Core, Face, Request, Rng, Time};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// A core, its clock and its chance. The clock stands still until it is moved.
pub(crate) struct Bench {
    pub(crate) core: Core,
    pub(crate) now: Time,
    pub(crate) rng: Rng,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let mut rng = Rng::new(7);
        Self { core: Core::new(&mut rng), now: Time::from_unix_millis(1_760_000_000_000), rng }
    }

    pub(crate) fn advance(&mut self, duration: Duration) {
        self.now = self.now.plus(duration);
    }

    /// All that is remembered, but for who called how often.
    pub(crate) fn state(&self) -> Value {
        let mut state = serde_json::to_value(&self.core.world).unwrap();
        state.as_object_mut().unwrap().remove("limits");
        state
    }

    /// Puts the world through its JSON.
    pub(crate) fn store_and_load(&mut self) {
        let text = serde_json::to_string(&self.core.world).unwrap();
        self.core.world = serde_json::from_str(&text).unwrap();
    }

    pub(crate) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: Value) -> Told {
        self.send(Face::AppsInToss, "POST", path, headers, body.to_string())
    }

    pub(crate) fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Told {
        self.send(Face::AppsInToss, "GET", path, headers, String::new())
    }

    pub(crate) fn send(
        &mut self,
        face: Face,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Told {
        let (path, query) = Request::split(target);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let request = Request {
            face,
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: map,
            body: body.into(),
            app: Some("my-app".to_owned()),
        };
        Told(self.core.handle(&request, self.now, &mut self.rng).answer)
    }
}

/// An answer, to be looked at.
pub(crate) struct Told(pub(crate) Answer);

impl std::ops::Deref for Told {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.0
    }
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The payload of a SUCCESS.
    pub(crate) fn success(&self) -> Value {
        let body = self.json();
        assert_eq!(body["resultType"], "SUCCESS", "{body}");
        body["success"].clone()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        assert_eq!(body["resultType"], "FAIL", "{body}");
        assert_eq!(body["error"]["errorCode"].as_str(), self.0.code.as_deref());
        self.0.code.clone().expect("a refusal has a code")
    }
}
