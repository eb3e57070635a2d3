//! What the control API refuses, in which words.

use serde_json::{Value, json};

use super::desk::Desk;

#[tokio::test]
async fn a_refusal_says_what_is_wrong_and_changes_nothing() {
    let desk = Desk::new().await;
    for (method, path, body, status, says) in [
        ("GET", "/nothing", Value::Null, 404, "/_ctl/v1/nothing is not there; GET /_ctl/v1 lists what is"),
        ("GET", "/", Value::Null, 404, "is not there"),
        ("GET", "x/ledger", Value::Null, 404, "/_ctl/v1x/ledger is not there"),
        ("POST", "", Value::Null, 405, "/_ctl/v1 takes GET, not POST"),
        ("PUT", "/ledger", Value::Null, 405, "/_ctl/v1/ledger takes GET, not PUT"),
        ("DELETE", "/state", Value::Null, 405, "takes GET or PUT or PATCH, not DELETE"),
        ("POST", "/users/1", json!({}), 405, "/_ctl/v1/users/1 takes PUT, not POST"),
        ("PUT", "/users/1/authorize", json!({}), 405, "takes POST, not PUT"),
        ("GET", "/payments/x/approve", Value::Null, 405, "takes POST, not GET"),
        ("POST", "/payments/x/steal", Value::Null, 404, "is not there"),
        ("POST", "/payments/x/approve", Value::Null, 404, "there is not a payment with this token"),
        ("POST", "/payments//approve", Value::Null, 404, "is not there"),
        ("DELETE", "/faults/99", Value::Null, 404, "there is no rule 99"),
        ("DELETE", "/faults/x", Value::Null, 404, "there is no rule x"),
        (
            "POST",
            "/faults",
            json!({"rule": "get_key later reset"}),
            400,
            "`later` is no moment; use one of accept,",
        ),
        ("POST", "/faults", json!({}), 400, "missing field `rule`"),
        ("POST", "/faults", json!({"rule": "* tls hang", "more": 1}), 400, "unknown field `more`"),
        ("PUT", "/clock", json!({}), 400, "missing field `unixMillis`"),
        ("PUT", "/clock", json!({"unixMillis": -1}), 400, "`unixMillis`: invalid value: integer `-1`"),
        ("POST", "/clock/advance", json!({"seconds": "1"}), 400, "`seconds`: invalid type: string"),
        ("POST", "/clock/advance", json!({"minutes": 1}), 400, "unknown field `minutes`"),
        ("PATCH", "/switches", json!({"nothing": 1}), 400, "unknown field `nothing`"),
        (
            "PATCH",
            "/switches",
            json!({"failure_status": "no"}),
            400,
            "`failure_status`: unknown variant `no`, expected `ok` or `listed`",
        ),
        ("PATCH", "/switches", json!([1]), 400, "a change is a JSON object"),
        ("PATCH", "/state", json!({"wordl": {}}), 400, "unknown field `wordl`"),
        ("PATCH", "/state", json!({"faults": {"armd": []}}), 400, "there is no `faults.armd` to change"),
        ("PATCH", "/state", json!({"world": {"users": {"x": {}}}}), 400, "`world.users.x`: invalid"),
        ("PATCH", "/state", json!(7), 400, "a change is a JSON object"),
        ("PUT", "/state", Value::Null, 400, "`world` must be there and an object"),
        ("PUT", "/state", json!({}), 400, "`world` must be there and an object"),
        ("PUT", "/state", json!({"world": null}), 400, "`world` must be there and an object"),
        ("PUT", "/state", json!([]), 400, "`world` must be there and an object"),
        ("PUT", "/state", json!({"world": {"wallet": 1}}), 400, "unknown field `wallet`"),
        ("POST", "/state/reset", json!({"sed": 7}), 400, "unknown field `sed`"),
        ("GET", "/requests?after=x", Value::Null, 400, "`after` must be the number of a call"),
        ("PUT", "/users/kim", json!({}), 400, "a user key is a number, as 443731104, not `kim`"),
        ("GET", "/ledger?after=-1", Value::Null, 400, "`after` must be the number of an entry"),
        ("GET", "/ledger?limit=0", Value::Null, 400, "`limit` must be from 1 to 1000"),
        ("GET", "/outbox?limit=1001", Value::Null, 400, "`limit` must be from 1 to 1000"),
        (
            "PATCH",
            "/state",
            json!({"world": {"pay": {"shop": {"hold": true}, "payments": {"t": {"amounts": 1}}}}}),
            400,
            "invalid type: integer `1`",
        ),
        (
            "PATCH",
            "/state",
            json!({"world": {"users": {"7": {"emial": 1}}}}),
            400,
            "there is no `world.users.7.emial`",
        ),
        ("PATCH", "/state", json!({"world": {"pay": {"shp": {}}}}), 400, "unknown field `shp`"),
        ("PATCH", "/state", json!({"world": {"ledger": [{}]}}), 400, "missing field"),
        ("PATCH", "/state", json!({"world": 7}), 400, "invalid type: integer `7`"),
        ("PUT", "/users/77", json!({"emial": "a@b.kr"}), 400, "there is no `emial` to change"),
        ("PUT", "/users/77", json!({"linked": 1}), 400, "`linked`: invalid type"),
        ("PUT", "/users/77", json!({"key": 78}), 400, "the user key is 77, as the path says"),
        ("POST", "/users/77/authorize", json!({"referer": "DEFAULT"}), 400, "unknown field `referer`"),
        ("POST", "/users/kim/authorize", json!({}), 400, "a user key is a number"),
        ("POST", "/wallet/topup", json!({"amount": 0}), 400, "`amount` must be from 1 to"),
        ("POST", "/wallet/topup", json!({"amount": -5}), 400, "`amount` must be from 1 to"),
        ("POST", "/wallet/topup", json!({"amount": i64::MAX}), 400, "`amount` must be from 1 to"),
        ("PUT", "/promotions/NEW", json!({"budgett": 1}), 400, "unknown field `budgett`"),
        ("PUT", "/promotions/NEW", json!({"budget": "x"}), 400, "`budget`: invalid type"),
        ("PUT", "/promotions/NEW", json!("x"), 400, "a change is a JSON object"),
        ("PUT", "/templates/t", json!({"variable": []}), 400, "unknown field `variable`"),
        ("POST", "/grants/fail", json!({"key": "k"}), 404, "or let it wait, by the switch grant_lag_seconds"),
        (
            "PUT",
            "/orders/o",
            json!({"sku": "s", "status": "BOUGHT"}),
            400,
            "`status`: unknown variant `BOUGHT`",
        ),
        ("PUT", "/orders/o", json!({"status": "PURCHASED"}), 400, "missing field `sku`"),
        ("POST", "/brandpay/payments", json!({"orderId": "o"}), 400, "missing field `amount`"),
        (
            "POST",
            "/brandpay/payments",
            json!({"orderId": "o", "amount": 0, "customerKey": "c"}),
            400,
            "`amount` must be from 1",
        ),
    ] {
        let before = desk.emulator.engine(|engine| engine.snapshot());
        let told = desk.ask(method, path, body.clone()).await;
        assert_eq!(told.status, status, "{method} {path} {body}: {}", told.body);
        assert!(told.error().contains(says), "{method} {path} {body}: {}", told.body);
        assert!(
            desk.emulator.engine(|engine| engine.snapshot()) == before,
            "{method} {path} {body} changed something"
        );
    }
    for (body, says) in [("{\"rule\": ", "EOF while parsing"), ("get_key tls hang", "expected value")] {
        let broken = desk.send("POST", "/_ctl/v1/faults", &[("host", "localhost")], body).await;
        let told = broken.error();
        assert_eq!((broken.status, told.contains(says)), (400, true), "{told}");
        assert!(
            told.starts_with("the body is not JSON")
                && told.contains("; POST /_ctl/v1/faults: one more: {\"rule\":"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn what_a_payment_cannot_do_now_is_a_conflict() {
    let desk = Desk::new().await;
    desk.get("PATCH", "/switches", json!({"buyer": "waits"})).await;
    let token = super::state::payment(&desk, "order-1").await;
    desk.get("POST", &format!("/payments/{token}/cancel"), Value::Null).await;
    let told = desk.ask("POST", &format!("/payments/{token}/approve"), Value::Null).await;
    assert_eq!((told.status, told.error()), (409, "a payment in PAY_CANCEL cannot approve".to_owned()));
}
