//! The unlink callback.

use ait_emulator::{Emulator, Request, api::login::UnlinkReason as Cut};
use ait_login::{
    Login, RemoveByUserKey,
    unlink::{Callback, Password, UnlinkReason},
};
use serde_json::{Value, json};

use super::shop::{Shop, attempts, header, seeded};
use crate::control::desk::{Desk, USER};

const WORDS: [&str; 3] = ["UNLINK", "WITHDRAWAL_TERMS", "WITHDRAWAL_TOSS"];

/// As a web framework hands it over.
fn as_http(request: &Request) -> http::Request<Vec<u8>> {
    let mut built = http::Request::builder().method(request.method.as_str()).uri(&request.path);
    for (name, value) in &request.headers {
        built = built.header(name, value);
    }
    built.body(request.body.to_vec()).unwrap()
}

fn cut(emulator: &Emulator, user: u64, why: Cut) -> bool {
    emulator.world(|core, _, rng| core.world.user_unlinks(user, why, rng))
}

#[tokio::test]
async fn it_comes_as_json_or_as_a_query_with_the_password_of_the_console() {
    let password = Password::new("shop:p@ss word/한").unwrap();
    for (method, query) in [("POST", ""), ("GET", ""), ("GET", "?from=toss")] {
        let mut shop = Shop::open().await;
        let desk = Desk { emulator: seeded().start().await.unwrap() };
        let url = format!("http://shop:p%40ss%20word%2F%ED%95%9C@localhost:{}/unlink{query}", shop.port());
        desk.get("PUT", "/callbacks/unlink", json!({"url": url, "method": method})).await;
        for (user, word) in (1..).zip(WORDS) {
            let told = desk.get("POST", &format!("/users/{user}/unlink"), json!({"referrer": word})).await;
            assert_eq!(told, json!({"userKey": user, "referrer": word}));
            let heard = shop.next().await;
            assert_eq!(heard.method, method);
            let host = format!("localhost:{}", shop.port());
            assert_eq!(header(&heard, "host"), Some(host.as_str()));
            let callback = Callback::parse(&as_http(&heard), &password).unwrap();
            assert_eq!(callback.user_key.number(), Some(user));
            assert_eq!(callback.reason, Some(UnlinkReason::parse(word)));
            if method == "GET" {
                let between = if query.is_empty() { "?".to_owned() } else { format!("{query}&") };
                assert_eq!(heard.path, format!("/unlink{between}userKey={user}&referrer={word}"));
                assert_eq!((heard.body.len(), header(&heard, "content-type")), (0, None));
            } else {
                assert_eq!(heard.path, "/unlink");
                assert_eq!(header(&heard, "content-type"), Some("application/json"));
                let body: Value = serde_json::from_slice(&heard.body).unwrap();
                assert_eq!(body, json!({"userKey": user, "referrer": word}));
            }
            // They say nothing of transmissions: that is BrandPay's.
            assert!(heard.headers.keys().all(|name| !name.as_str().starts_with("tosspayments")));
        }
        assert_eq!(shop.rest(), 0);
    }
}

#[tokio::test]
async fn without_a_password_there_is_no_authorization() {
    let mut shop = Shop::open().await;
    let emulator = seeded().callback(shop.callback("unlink")).start().await.unwrap();
    assert!(cut(&emulator, USER, Cut::Unlink));
    assert_eq!(header(&shop.next().await, "authorization"), None);
    let another = shop.with("unlink", "another%20word@");
    emulator.callback(another);
    assert!(cut(&emulator, USER + 1, Cut::Unlink));
    let heard = shop.next().await;
    Callback::parse(&as_http(&heard), &Password::new("another word").unwrap()).unwrap();
    assert!(Callback::parse(&as_http(&heard), &Password::new("another wor").unwrap()).is_err());
}

#[tokio::test]
async fn what_the_shop_does_itself_or_what_did_not_happen_is_not_told() {
    let mut shop = Shop::open().await;
    let desk = Desk { emulator: seeded().callback(shop.callback("unlink")).start().await.unwrap() };
    let login = Login::new(desk.emulator.client().unwrap());
    login.remove_by_user_key(RemoveByUserKey::new(USER)).await.unwrap();
    assert_eq!(desk.emulator.outbox().len(), 0, "the shop knows");
    // The link is cut already.
    let told = desk.ask("POST", &format!("/users/{USER}/unlink"), Value::Null).await;
    assert_eq!(told.status, 409);
    assert!(
        told.error().starts_with("the link of this user is cut already: PUT /_ctl/v1/users/"),
        "{}",
        told.body
    );
    assert!(!cut(&desk.emulator, USER, Cut::Unlink));
    assert_eq!(desk.emulator.outbox().len(), 0);
    // A new login links again, and the user cuts the link: from then on the user key is stale.
    desk.get("PUT", &format!("/users/{USER}"), json!({"linked": true})).await;
    let told = desk.get("POST", &format!("/users/{USER}/unlink"), Value::Null).await;
    assert_eq!(told["referrer"], "UNLINK");
    let error = login.remove_by_user_key(RemoveByUserKey::new(USER)).await.unwrap_err();
    assert!(error.code().is_some(), "{error}");
    let outbox = attempts(&desk.emulator, 1).await;
    assert_eq!((outbox.len(), outbox[0].attempts[0].status), (1, Some(200)));
    shop.next().await;
    assert_eq!(shop.rest(), 0);
    for (path, body, says) in [
        ("/users/1/unlink", json!({"referrer": "BORED"}), "unknown variant `BORED`"),
        ("/users/1/unlink", json!({"reason": "UNLINK"}), "unknown field `reason`"),
        ("/users/kim/unlink", json!({}), "a user key is a number"),
    ] {
        let told = desk.ask("POST", path, body).await;
        assert!(told.status == 400 && told.error().contains(says), "{path}: {}", told.body);
    }
    assert_eq!(desk.emulator.outbox().len(), 1);
}
