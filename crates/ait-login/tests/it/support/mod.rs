//! What the tests of this crate share: its samples, and the calls as one list.

use ait_login::{
    GenerateToken, Login, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey, VerifyAnonymousKey,
    ait_core::{AnonymousKey, Error, RetryPolicy},
};
use ait_testkit::{answer, at_once, client, fixture};
use httpmock::MockServer;
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) const ACCESS: &str = "access-token-of-the-tests";
pub(crate) const ANONYMOUS: &str = "7Jq0f9-anon.hash_0123456789";
pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const AAD: &str = "example-aad";

/// The names of all samples of Toss Login that end so: `.request`.
pub(crate) fn fixtures(ending: &str) -> Vec<String> {
    ait_testkit::fixtures(
        "login",
        ending,
        &[".request", ".response", ".error", ".callback", ".claims", ".header", ".decrypted"],
    )
}

/// One of the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Generate,
    Refresh,
    Me,
    RemoveByToken,
    RemoveByKey,
    Verify,
}

impl Op {
    pub(crate) const ALL: [Self; 6] =
        [Self::Generate, Self::Refresh, Self::Me, Self::RemoveByToken, Self::RemoveByKey, Self::Verify];

    /// The last words of the path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Generate => "user/oauth2/generate-token",
            Self::Refresh => "user/oauth2/refresh-token",
            Self::Me => "user/oauth2/login-me",
            Self::RemoveByToken => "user/oauth2/access/remove-by-access-token",
            Self::RemoveByKey => "user/oauth2/access/remove-by-user-key",
            Self::Verify => "users/anon-key/verify",
        }
    }

    /// The name of the fixtures.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Verify => "verify-anon-key",
            _ => self.path().rsplit('/').next().unwrap(),
        }
    }

    pub(crate) fn endpoint(self) -> &'static str {
        match self {
            Self::Generate => "login.generate_token",
            Self::Refresh => "login.refresh_token",
            Self::Me => "login.login_me",
            Self::RemoveByToken => "login.remove_by_access_token",
            Self::RemoveByKey => "login.remove_by_user_key",
            Self::Verify => "login.verify_anonymous_key",
        }
    }

    pub(crate) fn is_write(self) -> bool {
        !matches!(self, Self::Me | Self::Verify)
    }

    pub(crate) fn of_fixture(name: &str) -> Self {
        let word = name.trim_start_matches("login/").split('.').next().unwrap_or_default();
        Self::ALL.into_iter().find(|op| op.word() == word).unwrap_or_else(|| panic!("no endpoint for {name}"))
    }

    /// A documented answer.
    pub(crate) fn response(self) -> Value {
        let middle = if self == Self::Verify { ".string" } else { "" };
        fixture(&format!("login/{}{middle}.response", self.word()))
    }

    /// Makes the call with this body; the answer comes back as it serialises.
    pub(crate) async fn send(self, login: &Login, body: Value) -> Result<Value, Error> {
        fn value<T: Serialize>(answer: &T) -> Value {
            let mut value = serde_json::to_value(answer).unwrap();
            if let Some(members) = value.as_object_mut() {
                members.remove("receivedAt"); // ours
            }
            value
        }
        match self {
            Self::Generate => {
                let request: GenerateToken = serde_json::from_value(body).unwrap();
                login.generate_token(request).await.map(|answer| value(&answer))
            }
            Self::Refresh => {
                let request: RefreshToken = serde_json::from_value(body).unwrap();
                login.refresh_token(request).await.map(|answer| value(&answer))
            }
            Self::Me => login.login_me(LoginMe::new(ACCESS)).await.map(|answer| value(&answer)),
            Self::RemoveByToken => {
                let call = login.remove_by_access_token(RemoveByAccessToken::new(ACCESS));
                call.await.map(|answer| value(&answer))
            }
            Self::RemoveByKey => {
                let request: RemoveByUserKey = serde_json::from_value(body).unwrap();
                login.remove_by_user_key(request).await.map(|answer| value(&answer))
            }
            Self::Verify => {
                let key = AnonymousKey::new(ANONYMOUS).unwrap();
                login.verify_anonymous_key(VerifyAnonymousKey::new(key)).await.map(|answer| value(&answer))
            }
        }
    }

    /// Makes the call with its documented body.
    pub(crate) async fn run(self, login: &Login) -> Result<Value, Error> {
        let body = match self {
            Self::Me | Self::Verify => json!(null),
            _ => fixture(&format!("login/{}.request", self.word())),
        };
        self.send(login, body).await
    }
}

/// A client that tries once.
pub(crate) fn login(server: &MockServer) -> Login {
    Login::new(client(server, RetryPolicy::never()))
}

/// A client that tries again at once.
pub(crate) fn eager(server: &MockServer) -> Login {
    Login::new(client(server, at_once()))
}

/// Makes a call with its documented body against this answer.
pub(crate) async fn answered(op: Op, status: u16, body: &Value) -> Result<Value, Error> {
    let server = MockServer::start_async().await;
    answer(&server, status, body);
    op.run(&login(&server)).await
}
