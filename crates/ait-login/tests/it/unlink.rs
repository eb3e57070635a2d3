//! The unlink callback: by query, JSON and form, and what is turned away.

use crate::support::fixtures;
use ait_login::{
    ait_core::{
        UserKey,
        http::{Method, Request},
    },
    unlink::{Callback, Password, Rejection, UnlinkReason},
};
use ait_testkit::fixture;
use serde_json::json;

/// Base64 of `example:example`.
const BASIC: &str = "Basic ZXhhbXBsZTpleGFtcGxl";

fn password() -> Password {
    Password::new("example:example").unwrap()
}

fn parse(request: &Request<Vec<u8>>) -> Result<Callback, Rejection> {
    Callback::parse(request, &password())
}

fn request(method: Method, query: &str, body: impl AsRef<[u8]>) -> Request<Vec<u8>> {
    let request = Request::builder().method(method).uri(format!("/unlink{query}"));
    request.header("authorization", BASIC).body(body.as_ref().to_vec()).unwrap()
}

fn post(body: impl AsRef<[u8]>) -> Result<Callback, Rejection> {
    parse(&request(Method::POST, "", body))
}

fn get(query: &str) -> Result<Callback, Rejection> {
    parse(&request(Method::GET, query, ""))
}

#[test]
fn every_documented_callback_is_read_by_json_form_and_query() {
    for name in fixtures(".callback") {
        let sample = fixture(&name);
        let (key, referrer) = (&sample["userKey"], sample["referrer"].as_str().unwrap());
        let key = key.as_u64().unwrap_or_else(|| key.as_str().unwrap().parse().unwrap());
        let form = format!("userKey={key}&referrer={referrer}");
        for read in [post(sample.to_string()), post(&form), get(&format!("?{form}"))] {
            let callback = read.unwrap();
            assert_eq!(callback.user_key, UserKey::new(key), "{name}");
            assert_eq!(callback.reason, Some(UnlinkReason::from(referrer)), "{name}");
            assert!(callback.reason.as_ref().unwrap().is_known());
            assert_eq!(callback.is_console_test(), name.contains("console-test"));
        }
    }
    // A key that is no number is somebody's.
    for key in ["toss-user-key-abc123", "0x0"] {
        assert!(!get(&format!("?userKey={key}&referrer=UNLINK")).unwrap().is_console_test(), "{key}");
    }
}

#[test]
fn the_reason_may_be_in_any_case_unknown_or_missing() {
    let table = [
        ("unlink", Some(UnlinkReason::Unlink)),
        ("Withdrawal_Terms", Some(UnlinkReason::WithdrawalTerms)),
        ("withdrawal_toss", Some(UnlinkReason::WithdrawalToss)),
        ("Moved_To_Mars", Some(UnlinkReason::from("Moved_To_Mars"))),
        ("", None),
    ];
    for (text, reason) in table {
        let form = format!("userKey=1&referrer={text}");
        let body = json!({ "userKey": 1, "referrer": text }).to_string();
        for read in [post(body), post(&form), get(&format!("?{form}"))] {
            assert_eq!(read.unwrap().reason, reason, "{text}");
        }
    }
    for read in [post(r#"{"userKey":1}"#), post("userKey=1"), get("?userKey=1")] {
        assert_eq!(read.unwrap().reason, None);
    }
}

#[test]
fn forms_are_decoded() {
    for (form, key, reason) in [
        ("userKey=%34%343&referrer=UN%4cINK", "443", "UNLINK"),
        ("referrer=UNLINK&userKey=+443+", "443", "UNLINK"),
        ("user%4Bey=443&referrer=A+B%26%3d", "443", "A B&="),
        ("&&userKey=9223372036854775807&x&=&referrer=%ED%95%9C", "9223372036854775807", "한"),
        ("userKey=toss-user-key-abc123&referrer=a=b", "toss-user-key-abc123", "a=b"),
    ] {
        for read in [post(form), get(&format!("?{form}"))] {
            let callback = read.unwrap();
            assert_eq!(
                (callback.user_key.expose().as_str(), callback.reason.unwrap().as_str()),
                (key, reason)
            );
        }
    }
    for form in
        ["userKey=%", "userKey=%4", "userKey=%zz", "userKey=1&userKey=2", "userKey=%ff", "%=1&userKey=1"]
    {
        for read in [post(form), get(&format!("?{form}"))] {
            assert_eq!(read, Err(Rejection::Form), "{form}");
        }
    }
    for form in ["", "userkey=1", "referrer=UNLINK", "[1]", "null"] {
        assert_eq!(post(form), Err(Rejection::UserKeyMissing), "{form}");
    }
    for form in ["userKey", "userKey=", "userKey=%20", "userKey=a+b", "userKey=%ED%95%9C"] {
        assert_eq!(post(form), Err(Rejection::UserKey), "{form}");
    }
    assert_eq!(post(b"userKey=\xff"), Err(Rejection::Form));
    // Sixteen digits, and no seventeenth.
    assert_eq!(post("userKey=%2F%2f%6a").unwrap().user_key, UserKey::from_text("//j").unwrap());
    for form in ["userKey=%3g", "userKey=%g3", "userKey=%3G"] {
        assert_eq!(post(form), Err(Rejection::Form), "{form}");
    }
}

#[test]
fn json_has_to_hold_a_user() {
    for body in [
        "{",
        "{}",
        "{} x",
        r#"{"userKey":null}"#,
        r#"{"userKey":[]}"#,
        r#"{"userKey":-1}"#,
        r#"{"userKey":""}"#,
        r#"{"userKey":1,"userKey":2}"#,
        r#"{"userKey":1,"referrer":{}}"#,
        r#"{"userKey":true}"#,
    ] {
        assert_eq!(post(body), Err(Rejection::Json), "{body}");
    }
    let callback =
        post("\r\n {\"userKey\": 18446744073709551615, \"referrer\": null, \"new\": [{}]}").unwrap();
    assert_eq!((callback.user_key.number(), callback.reason), (Some(u64::MAX), None));
}

#[test]
fn the_body_tells_its_form_whatever_the_content_type_says() {
    for content_type in ["application/json", "application/x-www-form-urlencoded", "text/plain", ""] {
        for body in [r#"{"userKey":1}"#, "userKey=1"] {
            let mut request = request(Method::POST, "", body);
            request.headers_mut().insert("content-type", content_type.parse().unwrap());
            assert_eq!(parse(&request).unwrap().user_key, UserKey::new(1));
        }
    }
}

#[test]
fn the_query_counts_for_get_and_the_body_for_post() {
    assert_eq!(parse(&request(Method::POST, "?userKey=1", "userKey=2")).unwrap().user_key, UserKey::new(2));
    assert_eq!(parse(&request(Method::GET, "?userKey=1", "userKey=2")).unwrap().user_key, UserKey::new(1));
    assert_eq!(parse(&request(Method::POST, "?userKey=1", "")), Err(Rejection::UserKeyMissing));
}

#[test]
fn other_methods_are_turned_away_first() {
    for method in [Method::OPTIONS, Method::PUT, Method::DELETE, Method::HEAD, Method::PATCH] {
        let request = Request::builder().method(method).uri("/?userKey=1").body(Vec::new()).unwrap();
        assert_eq!(parse(&request), Err(Rejection::Method));
    }
}

fn authorized(values: &[&str], password: &Password) -> Result<Callback, Rejection> {
    let mut request = Request::get("/?userKey=1").body("").unwrap();
    for value in values {
        request.headers_mut().append("authorization", value.parse().unwrap());
    }
    Callback::parse(&request, password)
}

#[test]
fn only_the_password_opens() {
    for good in
        [BASIC, "basic ZXhhbXBsZTpleGFtcGxl", "BASIC  ZXhhbXBsZTpleGFtcGxl ", " Basic ZXhhbXBsZTpleGFtcGxl"]
    {
        assert!(authorized(&[good], &password()).is_ok(), "{good}");
    }
    assert_eq!(authorized(&[], &password()), Err(Rejection::NoAuthorization));
    let encoded = "ZXhhbXBsZTpleGFtcGxl";
    for bad in
        [encoded, "Basic", "Basic ", "Bearer ZXhhbXBsZTpleGFtcGxl", "Basic example:example", "", "Basic a"]
    {
        let rejection = authorized(&[bad], &password()).unwrap_err();
        assert!([Rejection::NotBasic, Rejection::Password].contains(&rejection), "{bad}");
        assert_eq!(rejection.status(), 401);
    }
    assert_eq!(authorized(&[BASIC, BASIC], &password()), Err(Rejection::NotBasic));
    // example:exampl, example:example\n, example:Example, :, twice encoded.
    for bad in [
        "ZXhhbXBsZTpleGFtcGw=",
        "ZXhhbXBsZTpleGFtcGxlCg==",
        "ZXhhbXBsZTpFeGFtcGxl",
        "Og==",
        "WlhoaGJYQnNaVHBsZUdGdGNHeGw=",
    ] {
        assert_eq!(authorized(&[&format!("Basic {bad}")], &password()), Err(Rejection::Password), "{bad}");
    }
}

#[test]
fn the_comparison_is_right_for_texts_of_any_length() {
    // `a`, `aa`, … in Base64, against each other: around the block sizes of the hash, too.
    let lengths = [1_usize, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000];
    let encoded = |length: usize| {
        let (whole, rest) = (length / 3, length % 3);
        format!("Basic {}{}", "YWFh".repeat(whole), ["", "YQ==", "YWE="][rest])
    };
    for mine in lengths {
        let password = Password::new("a".repeat(mine)).unwrap();
        for theirs in lengths {
            let result = authorized(&[&encoded(theirs)], &password);
            assert_eq!(result.is_ok(), mine == theirs, "{mine} against {theirs}");
        }
    }
}

#[test]
fn line_breaks_at_the_end_of_a_stored_password_do_not_count() {
    for stored in ["example:example\n", "example:example\r\n", "example:example\n\n"] {
        assert!(authorized(&[BASIC], &Password::new(stored).unwrap()).is_ok());
    }
    for other in ["example:example ", "\nexample:example", " example:example"] {
        assert_eq!(authorized(&[BASIC], &Password::new(other).unwrap()), Err(Rejection::Password));
    }
    // Any text may be entered, no colon needed. 비밀 in Base64.
    assert!(authorized(&["Basic 67mE67CA"], &Password::new("비밀").unwrap()).is_ok());
    for empty in ["", "\n", "\r\n"] {
        let error = Password::new(empty).unwrap_err();
        assert!(error.to_string().starts_with("password: must not be empty"), "{error}");
    }
}

#[test]
fn a_rejection_knows_its_status_and_says_nothing_of_the_request() {
    let canary = "CANARY-8d2e";
    let table = [
        (Request::put("/").body(canary), 405),
        (Request::post("/").body(canary), 401),
        (Request::post("/").header("authorization", format!("Basic {canary}")).body(""), 401),
        (Request::post("/").header("authorization", BASIC).body(r#"{"userKey":["CANARY-8d2e"]}"#), 400),
        (Request::post("/").header("authorization", BASIC).body("userKey=CANARY-8d2e+"), 200),
        (Request::post("/").header("authorization", BASIC).body("userKey=CANARY-8d2e+x"), 400),
    ];
    for (request, status) in table {
        match Callback::parse(&request.unwrap(), &password()) {
            Ok(callback) => {
                assert_eq!(status, 200);
                assert!(!format!("{callback:?}").contains(canary));
            }
            Err(rejection) => {
                assert_eq!(rejection.status().as_u16(), status, "{rejection}");
                assert!(!format!("{rejection} {rejection:?}").contains(canary));
            }
        }
    }
    assert!(!format!("{:?}", Password::new(canary).unwrap()).contains(canary));
}
