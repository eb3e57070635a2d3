//! Canaries: what a request or an answer carries is not shown by it, nor by an error about it.

use crate::support::{AAD, KEY, login};
use ait_login::{
    Decryptor, GenerateToken, LoginMe, PlainProfile, Profile, RefreshToken, RemoveByAccessToken,
    RemoveByUserKey, Token, VerifyAnonymousKey, ait_core::AnonymousKey,
};
use ait_testkit::{answer, fixture, logged};
use httpmock::MockServer;
use serde_json::json;

const CANARY: &str = "CANARY-4f1c-8d2e";
const USER_KEY: u64 = 7_410_258_963_014_725;

#[track_caller]
fn clean(text: &str) {
    for canary in
        [CANARY, "7410258963014725", KEY, AAD, "홍길동", "01012345678", "19900101", "example-ci", "@example"]
    {
        assert!(!text.contains(canary), "{canary} is shown: {text}");
    }
}

#[test]
fn requests_and_answers_do_not_show_what_they_carry() {
    clean(&format!("{:?}", GenerateToken::new(CANARY, "DEFAULT")));
    clean(&format!("{:?}", RefreshToken::new(CANARY)));
    clean(&format!("{:?}", LoginMe::new(CANARY)));
    clean(&format!("{:?}", RemoveByAccessToken::new(CANARY)));
    clean(&format!("{:?}", RemoveByUserKey::new(USER_KEY).access_token(CANARY)));
    clean(&format!("{:?}", VerifyAnonymousKey::new(AnonymousKey::new(CANARY).unwrap())));
    let token: Token =
        serde_json::from_value(json!({ "accessToken": CANARY, "refreshToken": CANARY })).unwrap();
    clean(&format!("{token:?} {token:#?}"));

    let mut success = fixture("login/login-me.encrypted.response")["success"].clone();
    success["userKey"] = json!(USER_KEY);
    let profile: Profile = serde_json::from_value(success.clone()).unwrap();
    let shown = format!("{profile:?} {profile:#?}");
    clean(&shown);
    assert!(!shown.contains(success["name"].as_str().unwrap()));
    let decryptor = Decryptor::new(KEY, AAD).unwrap();
    let plain: PlainProfile = decryptor.decrypt_profile(&profile).unwrap();
    let shown = format!("{plain:?} {plain:#?} {decryptor:?} {:?}", plain.name);
    clean(&shown);
    assert!(!shown.contains("MALE") && !shown.contains("LOCAL"), "{shown}");
    // Which fields are there may be told, and helps.
    let hidden = "name: Some(Secret(..)), phone: Some(Secret(..)), birthday: Some(Secret(..)), ci: Some(Secret(..)), \
                  gender: Some(..), nationality: Some(..), email: Some(Secret(..))";
    assert!(shown.contains(hidden), "{shown}");
    assert!(shown.contains("Decryptor { keys: 1, .. }"), "{shown}");
}

#[tokio::test]
async fn errors_do_not_show_what_was_sent_or_came() {
    for (status, body) in [
        (200, json!({ "resultType": "SUCCESS", "success": CANARY })),
        (
            200,
            json!({ "resultType": "SUCCESS", "success": { "accessToken": [CANARY], "userKey": [USER_KEY] } }),
        ),
        (
            200,
            json!({ "resultType": "SUCCESS", "success": { "accessToken": { CANARY: CANARY }, "name": [CANARY] } }),
        ),
        (502, json!([CANARY, USER_KEY])),
    ] {
        let server = MockServer::start_async().await;
        answer(&server, status, &body);
        let login = login(&server);
        clean(&logged(&login.generate_token(GenerateToken::new(CANARY, "DEFAULT")).await.unwrap_err()));
        clean(&logged(&login.refresh_token(RefreshToken::new(CANARY)).await.unwrap_err()));
        clean(&logged(&login.login_me(LoginMe::new(CANARY)).await.unwrap_err()));
    }
    // A server that quotes the token it was sent.
    let body =
        json!({ "resultType": "FAIL", "error": { "errorCode": "4010", "reason": format!("no: {CANARY}") } });
    let server = MockServer::start_async().await;
    answer(&server, 401, &body);
    let login = login(&server);
    clean(&logged(&login.login_me(LoginMe::new(CANARY)).await.unwrap_err()));
    clean(&logged(&login.remove_by_access_token(RemoveByAccessToken::new(CANARY)).await.unwrap_err()));
    clean(&logged(&login.generate_token(GenerateToken::new(CANARY, "DEFAULT")).await.unwrap_err()));
    clean(&logged(&login.refresh_token(RefreshToken::new(CANARY)).await.unwrap_err()));
    let key = VerifyAnonymousKey::new(AnonymousKey::new(CANARY).unwrap());
    clean(&logged(&login.verify_anonymous_key(key).await.unwrap_err()));
}
