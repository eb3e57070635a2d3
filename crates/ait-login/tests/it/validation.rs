//! What is checked before anything is sent.

use crate::support::{Op, login};
use ait_login::{
    GenerateToken, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey,
    ait_core::{Error, Kind, Outcome, UserKey},
};
use ait_testkit::{answer, one, sent};
use httpmock::MockServer;
use serde_json::json;

fn says(error: &Error, field: &str) {
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains(&format!("{field}: must ")), "{error}");
}

#[tokio::test]
async fn what_cannot_succeed_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &Op::Generate.response());
    let login = login(&server);
    for nothing in ["", " ", "\n"] {
        let code = login.generate_token(GenerateToken::new(nothing, "DEFAULT")).await;
        says(&code.unwrap_err(), "authorizationCode");
        says(&login.generate_token(GenerateToken::new("code", nothing)).await.unwrap_err(), "referrer");
        says(&login.refresh_token(RefreshToken::new(nothing)).await.unwrap_err(), "refreshToken");
        says(&login.login_me(LoginMe::new(nothing)).await.unwrap_err(), "accessToken");
        let remove = login.remove_by_access_token(RemoveByAccessToken::new(nothing)).await;
        says(&remove.unwrap_err(), "accessToken");
        let remove = login.remove_by_user_key(RemoveByUserKey::new(1).access_token(nothing)).await;
        says(&remove.unwrap_err(), "accessToken");
    }
    let most = i64::MAX.unsigned_abs();
    let text = UserKey::from_text("toss-user-key-abc123").unwrap();
    for key in [text, UserKey::new(most + 1), UserKey::new(most + 2), UserKey::new(u64::MAX)] {
        says(&login.remove_by_user_key(RemoveByUserKey::new(key)).await.unwrap_err(), "userKey");
    }
    let split = login.login_me(LoginMe::new("two\nlines")).await.unwrap_err();
    assert_eq!((split.kind(), split.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(seen.lock().unwrap().is_empty());
    login.remove_by_user_key(RemoveByUserKey::new(most)).await.unwrap();
    assert_eq!(sent(&one(&seen)), json!({ "userKey": most }));
}
