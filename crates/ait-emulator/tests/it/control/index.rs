//! Every line of the index works.

use serde_json::{Value, json};

use super::{
    desk::{Desk, USER},
    state::payment,
};

/// Does what a line says, and looks whether it was done.
async fn walk(method: &str, path: &str) {
    let desk = Desk::new().await;
    let get = |path: &'static str| desk.get("GET", path, Value::Null);
    match (method, path) {
        ("GET", "/env") => {
            let told = get("/env").await;
            for (name, value) in desk.emulator.environment() {
                assert_eq!(told[name], json!(value));
            }
            assert!(told["AIT_BASE_URL"].as_str().unwrap().starts_with("https://localhost:"));
        }
        ("GET", "/endpoints") => {
            let told = get("/endpoints").await;
            assert_eq!(told.as_array().unwrap().len(), 34);
            let first = json!({"name": "login.generate_token", "method": "POST", "host": "apps-in-toss-api.toss.im", "path": "/api-partner/v1/apps-in-toss/user/oauth2/generate-token", "writes": true});
            assert!(told.as_array().unwrap().contains(&first), "{told}");
        }
        ("GET", "/state") => {
            let told = get("/state").await;
            // Sorted: any crate of the build may make JSON keep its order.
            let mut names: Vec<_> = told.as_object().unwrap().keys().cloned().collect();
            names.sort_unstable();
            assert_eq!(names, ["calls", "clock", "faults", "late", "seeds", "switches", "world"]);
            assert_eq!(told["world"], desk.world());
        }
        ("PUT", "/state") => {
            let state = get("/state").await;
            payment(&desk, "order-1").await;
            assert_eq!(desk.get(method, path, state.clone()).await, json!({"done": true}));
            assert_eq!(get("/state").await, state);
        }
        ("PATCH", "/state") => {
            desk.get(method, path, json!({"clock": {"manual": {"tick_millis": 5}}})).await;
            assert_eq!(get("/state").await["clock"]["manual"]["tick_millis"], 5);
        }
        ("POST", "/state/reset") => {
            payment(&desk, "order-1").await;
            assert_eq!(desk.get(method, path, json!({"seed": 3})).await, json!({"seed": 3}));
            assert_eq!(desk.world()["pay"]["payments"], json!({}));
        }
        ("GET", "/switches") => assert_eq!(get("/switches").await["failure_status"], "ok"),
        ("PATCH", "/switches") => {
            let told = desk.get(method, path, json!({"failure_status": "listed"})).await;
            assert_eq!(told["failure_status"], "listed");
            assert_eq!(get("/switches").await, told);
        }
        ("GET", "/clock") => {
            let told = get("/clock").await;
            assert_eq!(told["now"], "2025-12-31T15:00:00.000Z");
            assert_eq!(told["unixMillis"], 1_767_193_200_000_u64);
            assert_eq!(told["clock"]["manual"]["tick_millis"], 100);
        }
        ("PUT", "/clock") => {
            desk.get(method, path, json!({"unixMillis": 1_767_193_200_001_u64})).await;
            assert_eq!(desk.emulator.now().unix_millis(), 1_767_193_200_001);
        }
        ("POST", "/clock/advance") => {
            desk.get(method, path, json!({"seconds": 3600})).await;
            assert_eq!(desk.emulator.now().unix_millis(), 1_767_196_800_000);
        }
        ("GET" | "POST" | "DELETE", "/faults") | ("DELETE", "/faults/{id}") => {
            faults(&desk, method, path).await;
        }
        ("GET", "/ledger") => {
            assert_eq!(get("/ledger").await, json!([]));
            grant(&desk).await;
            let told = get("/ledger").await;
            assert_eq!((&told[0]["kind"], &told[0]["amount"]), (&json!("grant"), &json!(10)));
        }
        ("GET", "/invariants") => {
            assert_eq!(
                get("/invariants").await,
                json!({"holds": true, "violations": [], "total": 0, "open": []})
            );
            desk.emulator.world(|core, _, _| core.world.promotion.promotions.clear());
            grant(&desk).await;
            desk.emulator.world(|core, _, _| core.world.promotion.promotions.clear());
            let told = get("/invariants").await;
            assert_eq!(
                (&told["holds"], &told["violations"][0]["rule"]),
                (&json!(false), &json!("sums-equal"))
            );
        }
        ("GET", "/requests") => {
            payment(&desk, "order-1").await;
            let told = get("/requests").await;
            assert_eq!(told[0]["endpoint"], "tosspay.make_payment");
            assert_eq!(
                (&told[0]["request"]["orderNo"], &told[0]["status"]),
                (&json!("order-1"), &json!(200))
            );
        }
        ("DELETE", "/requests") => {
            payment(&desk, "order-1").await;
            desk.get(method, path, Value::Null).await;
            assert_eq!(get("/requests").await, json!([]));
        }
        (_, path) => outside(&desk, method, path).await,
    }
}

async fn faults(desk: &Desk, method: &str, path: &str) {
    let add = |rule| desk.get("POST", "/faults", json!({"rule": rule}));
    assert_eq!(add("* tls hang").await, json!({"id": 0}));
    assert_eq!(add("* accept hang").await, json!({"id": 1}));
    if (method, path) == ("DELETE", "/faults") {
        desk.get(method, path, Value::Null).await;
    }
    if path == "/faults/{id}" {
        desk.get(method, "/faults/0", Value::Null).await;
    }
    let told = desk.get("GET", "/faults", Value::Null).await;
    let left = match (method, path) {
        ("DELETE", "/faults") => 0,
        (_, "/faults/{id}") => 1,
        _ => 2,
    };
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), left);
    if let Some(last) = told.last() {
        assert_eq!(*last, json!({"id": 1, "rule": "* accept hang", "seen": 0, "done": 0}));
    }
}

async fn grant(desk: &Desk) -> String {
    use ait_promotion::{
        ExecutePromotion, GetKey, Promotion, PromotionCode,
        ait_core::{Krw, User},
    };
    desk.get("PUT", "/promotions/SPRING", json!({"tested": true})).await;
    let promotion = Promotion::new(desk.emulator.client().unwrap());
    let key = promotion.get_key(GetKey::new(User::key(USER))).await.unwrap().key;
    let text = key.expose().to_owned();
    let code = PromotionCode::new("SPRING").unwrap();
    let grant = ExecutePromotion::new(User::key(USER), code, key, Krw::new(10)).unwrap();
    promotion.execute_promotion(grant).await.unwrap();
    text
}

/// What happens outside the API.
async fn outside(desk: &Desk, method: &str, path: &str) {
    let world = || desk.world();
    match (method, path) {
        ("PUT", "/users/{key}") => {
            let told = desk.get(method, "/users/77", json!({"email": "a@b.kr", "name": null})).await;
            assert_eq!((&told["key"], &told["email"]), (&json!(77), &json!("a@b.kr")));
            assert_eq!(world()["users"]["77"], told);
            let again = desk.get(method, "/users/77", json!({"linked": false})).await;
            assert_eq!(
                (&again["email"], &again["ci"], &again["linked"]),
                (&told["email"], &told["ci"], &json!(false))
            );
        }
        ("POST", "/users/{key}/authorize") => {
            let told = desk.get(method, "/users/77/authorize", json!({"referrer": "SANDBOX"})).await;
            assert_eq!(told["referrer"], "SANDBOX");
            assert_eq!(world()["login"]["codes"][told["authorizationCode"].as_str().unwrap()]["user"], 77);
            let plain = desk.get(method, "/users/77/authorize", Value::Null).await;
            assert_eq!(plain["referrer"], "DEFAULT");
        }
        ("POST", "/wallet/topup") => {
            let told = desk.get(method, path, json!({"amount": 100_000})).await;
            assert_eq!(told, json!({"wallet": 1_000_100_000}));
            assert_eq!(world()["promotion"]["wallet"], 1_000_100_000);
        }
        ("PUT", "/promotions/{code}") => {
            let told = desk
                .get(method, "/promotions/SPRING%20SALE", json!({"budget": 1_000_000, "status": "running"}))
                .await;
            assert_eq!(told["budget"], 1_000_000);
            assert_eq!(world()["promotion"]["promotions"]["SPRING SALE"], told);
        }
        ("POST", "/grants/fail") => {
            use ait_promotion::{GetKey, Promotion, ait_core::User};
            let promotion = Promotion::new(desk.emulator.client().unwrap());
            let key = promotion.get_key(GetKey::new(User::key(USER))).await.unwrap().key;
            desk.get(method, path, json!({"key": key.expose()})).await;
            assert_eq!(world()["promotion"]["keys"][key.expose()]["fails"], true);
        }
        ("PUT", "/templates/{code}") => {
            let told = desk.get(method, "/templates/t-1", json!({"variables": ["storeName"]})).await;
            assert_eq!(world()["messenger"]["templates"]["t-1"], told);
            assert_eq!(told["variables"], json!(["storeName"]));
        }
        (
            "POST",
            "/payments/{payToken}/approve"
            | "/payments/{payToken}/cancel"
            | "/payments/{payToken}/refund"
            | "/payments/{payToken}/release"
            | "/payments/{payToken}/settle",
        ) => {
            payments(desk, path).await;
        }
        ("PUT", "/orders/{orderId}") => {
            let told = desk
                .get(method, "/orders/o-1", json!({"sku": "gold", "status": "PURCHASED", "user": 77}))
                .await;
            assert_eq!((&told["sku"], &told["user"]), (&json!("gold"), &json!(77)));
            assert_eq!(world()["iap"]["o-1"], told);
        }
        ("POST", "/brandpay/payments") => {
            let body = json!({"orderId": "order-1", "amount": 1000, "customerKey": "c-1"});
            let told = desk.get(method, path, body).await;
            assert_eq!((&told["orderId"], &told["amount"]), (&json!("order-1"), &json!(1000)));
            let payment = &world()["brandpay"]["payments"][told["paymentKey"].as_str().unwrap()];
            assert_eq!(payment["order_id"], "order-1");
        }
        ("POST", "/users/{key}/unlink")
        | ("PUT", "/subscriptions/{orderId}")
        | ("POST", "/brandpay/customers/{customerKey}")
        | (_, "/callbacks" | "/callbacks/{kind}" | "/callbacks/subscription/verify")
        | (_, "/outbox" | "/outbox/{id}/send") => callbacks(desk, method, path).await,
        _ => panic!("{method} {path} has no test"),
    }
}

/// To a port where nobody answers: what is sent is told by the outbox.
async fn callbacks(desk: &Desk, method: &str, path: &str) {
    for kind in ["unlink", "subscription", "brandpay"] {
        desk.get("PUT", &format!("/callbacks/{kind}"), json!({"url": "http://127.0.0.1:1/x"})).await;
    }
    let told = async |path: &str, body: Value| {
        desk.get(method, path, body).await;
        let outbox = desk.get("GET", "/outbox", Value::Null).await;
        outbox.as_array().unwrap().last().unwrap()["body"].clone()
    };
    match (method, path) {
        ("POST", "/users/{key}/unlink") => {
            let told = told("/users/12345678/unlink", json!({"referrer": "WITHDRAWAL_TOSS"})).await;
            assert_eq!(told, json!({"userKey": "12…", "referrer": "WITHDRAWAL_TOSS"}));
            assert_eq!(desk.world()["users"]["12345678"]["linked"], false);
        }
        ("PUT", "/subscriptions/{orderId}") => {
            let told = told("/subscriptions/order%201", json!({"sku": "gold"})).await;
            assert_eq!((&told["orderId"], &told["changeReason"]), (&json!("order 1"), &json!("CREATED")));
            assert_eq!(desk.world()["subscriptions"]["order 1"]["sku"], "gold");
        }
        ("POST", "/brandpay/customers/{customerKey}") => {
            let told = told("/brandpay/customers/c-1", json!({"does": "register_card"})).await;
            assert_eq!(
                (&told["eventType"], &told["data"]["status"]),
                (&json!("METHOD_UPDATED"), &json!("ENABLED"))
            );
            assert_eq!(desk.world()["brandpay"]["customers"]["c-1"]["cards"].as_array().unwrap().len(), 2);
        }
        ("POST", "/callbacks/subscription/verify") => {
            let told = told(path, Value::Null).await;
            assert_eq!(told["eventType"], "callback.registration_verification");
        }
        ("DELETE", _) => {
            desk.get(method, "/callbacks/unlink", Value::Null).await;
            let left = desk.get("GET", "/callbacks", Value::Null).await;
            assert_eq!(left.as_object().unwrap().len(), 2);
        }
        ("GET" | "PUT", "/callbacks" | "/callbacks/{kind}") => {
            let told = desk.get("GET", "/callbacks", Value::Null).await;
            assert_eq!(told["unlink"], json!({"url": "http://127.0.0.1:1/x", "method": "POST"}));
        }
        _ => {
            desk.get("POST", "/users/1/unlink", Value::Null).await;
            if method == "POST" {
                desk.get(method, "/outbox/0/send", Value::Null).await;
            }
            // Nobody answered, once or twice.
            let count = if method == "POST" { 2 } else { 1 };
            let told = loop {
                let told = desk.get("GET", "/outbox", Value::Null).await[0].clone();
                if told["attempts"].as_array().unwrap().len() == count {
                    break told;
                }
            };
            assert_eq!((&told["id"], &told["kind"]), (&json!(0), &json!("unlink")));
            assert_eq!((&told["at"], &told["nextAt"]), (&json!("2025-12-31T15:00:00.000Z"), &Value::Null));
            assert_eq!(told["transmissionId"].as_str().unwrap().len(), 36);
            let attempt = &told["attempts"][count - 1];
            assert_eq!((&attempt["at"], &attempt["status"]), (&told["at"], &Value::Null));
            assert!(attempt["error"].as_str().unwrap().contains("refused"), "{attempt}");
        }
    }
}

async fn payments(desk: &Desk, path: &str) {
    use ait_tosspay::{
        ExecutePayment, PayToken, TossPay,
        ait_core::{Mode, User},
    };
    desk.get("PATCH", "/switches", json!({"buyer": "waits"})).await;
    if path.ends_with("release") {
        desk.get("PATCH", "/state", json!({"world": {"pay": {"shop": {"hold": true}}}})).await;
    }
    let token = payment(desk, "order-1").await;
    let act = |action: &'static str| {
        let path = format!("/payments/{token}/{action}");
        async move { desk.get("POST", &path, Value::Null).await["status"].as_str().unwrap().to_owned() }
    };
    let execute = async || {
        let token = PayToken::new(token.clone()).unwrap();
        let execute = ExecutePayment::new(User::key(USER), token, Mode::Sandbox);
        TossPay::new(desk.emulator.client().unwrap()).execute_payment(execute).await
    };
    match path.rsplit('/').next().unwrap() {
        "cancel" => assert_eq!(act("cancel").await, "PAY_CANCEL"),
        "settle" => {
            act("approve").await;
            execute().await.unwrap();
            assert_eq!(act("settle").await, "SETTLEMENT_COMPLETE");
        }
        "refund" => {
            act("approve").await;
            execute().await.unwrap();
            let path = format!("/payments/{token}/refund");
            let told = desk.get("POST", &path, json!({"amount": 1})).await;
            assert_eq!(
                (&told["status"], &told["transactions"][1]["amount"]),
                (&json!("REFUND_SUCCESS"), &json!(1))
            );
        }
        "release" => {
            act("approve").await;
            let _ = execute().await;
            assert_eq!(act("release").await, "PAY_COMPLETE");
        }
        _ => {
            act("approve").await;
            execute().await.unwrap();
        }
    }
}

#[tokio::test]
async fn every_line_of_the_index_does_what_it_says() {
    let desk = Desk::new().await;
    let index = desk.get("GET", "", Value::Null).await;
    let index = index.as_array().unwrap();
    assert!(index.len() >= 40, "{}", index.len());
    for line in index {
        let path = line["path"].as_str().unwrap().strip_prefix("/_ctl/v1").unwrap();
        assert!(!line["does"].as_str().unwrap().is_empty());
        walk(line["method"].as_str().unwrap(), path).await;
    }
}
