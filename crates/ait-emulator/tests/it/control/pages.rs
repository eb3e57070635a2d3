//! Lists by pages.

use serde_json::{Value, json};

use super::desk::Desk;

fn numbers(list: &Value, name: &str) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|one| one[name].as_u64().unwrap()).collect()
}

/// Follows the pages to their end.
async fn all(desk: &Desk, path: &str, limit: u64, name: &str) -> Vec<u64> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get("GET", &format!("{path}?limit={limit}{after}"), Value::Null).await;
        let items = numbers(&page["items"], name);
        assert!(items.len() <= usize::try_from(limit).unwrap());
        found.extend(items);
        match page["next"].as_u64() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn the_pages_are_the_list() {
    let desk = Desk::new().await;
    let url = json!({"url": "http://127.0.0.1:1/x"});
    desk.get("PUT", "/callbacks/unlink", url).await;
    for number in 0..7 {
        super::state::payment(&desk, &format!("order-{number}")).await;
        desk.get("POST", &format!("/users/{number}/unlink"), Value::Null).await;
    }
    let entry = |number: u64| json!({"number": number, "at": 0, "kind": "refund", "pay_token": "t", "transaction_id": "x", "amount": number});
    let ledger: Vec<_> = (0..7).map(entry).collect();
    desk.get("PATCH", "/state", json!({"world": {"ledger": ledger}})).await;
    for (path, name) in [("/ledger", "number"), ("/requests", "number"), ("/outbox", "id")] {
        let list = numbers(&desk.get("GET", path, Value::Null).await, name);
        assert_eq!(list, [0, 1, 2, 3, 4, 5, 6], "{path}");
        for limit in [1, 3, 6, 7, 8, 1000] {
            assert_eq!(all(&desk, path, limit, name).await, list, "{path} {limit}");
        }
        let since = desk.get("GET", &format!("{path}?after=4"), Value::Null).await;
        assert_eq!(numbers(&since, name), [5, 6], "{path}");
        let none = desk.get("GET", &format!("{path}?after={}&limit=2", u64::MAX), Value::Null).await;
        assert_eq!((&none["items"], &none["next"]), (&json!([]), &Value::Null), "{path}");
    }
    let page = desk.get("GET", "/ledger?limit=1", Value::Null).await;
    assert_eq!(page["totals"], json!({"entries": 7, "kinds": {"refund": {"count": 7, "amount": 21}}}));
}

#[tokio::test]
async fn the_sales_that_are_lost_if_nobody_asks_are_open() {
    let desk = Desk::new().await;
    let token = super::state::payment(&desk, "order-1").await;
    let lost = json!([{"number": 0, "at": 0, "answer_lost": true, "kind": "payment", "user": "443731104",
        "pay_token": token, "order_no": "order-1", "amount": 4500, "test": true}]);
    let payments = json!({"payments": {token: {"status": "PAY_COMPLETE", "amounts": {"amount": 4500}}}});
    desk.get("PATCH", "/state", json!({"world": {"ledger": lost, "pay": payments}})).await;
    let told = desk.get("GET", "/invariants", Value::Null).await;
    assert_eq!((&told["holds"], &told["total"]), (&json!(true), &json!(0)), "{told}");
    assert_eq!(told["open"][0]["rule"], "no-lost-sale", "{told}");
    assert_eq!(desk.emulator.lost_sales().len(), 1);
}
