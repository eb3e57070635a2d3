//! What a body is said to be.

use ait_emulator::api::{Basis, Face, switches::ContentType};
use serde_json::json;

use crate::api::support::{Bench, Told};

const ORDER: &str = "/api-partner/v1/apps-in-toss/order/get-order-status";

fn order(bench: &mut Bench, content_type: Option<&str>) -> Told {
    let headers: Vec<_> = content_type.map(|kind| ("content-type", kind)).into_iter().collect();
    bench.post(ORDER, &headers, json!({"orderId": "o-1"}))
}

#[test]
fn anything_is_taken_or_what_is_not_json_is_refused_by_its_name() {
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"] {
        let mut bench = Bench::new();
        order(&mut bench, Some(kind)).success();
        bench.core.switches.content_type = ContentType::Json;
        order(&mut bench, Some(kind)).success();
    }
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
        Some(""),
    ] {
        let mut bench = Bench::new();
        order(&mut bench, kind).success();
        bench.core.switches.content_type = ContentType::Json;
        let refused = order(&mut bench, kind);
        assert_eq!((refused.status, refused.code().as_str()), (400, "INVALID_PARAMETER"), "{kind:?}");
        assert_eq!(refused.basis, Basis::Assumed("content_type"));
        let error = &refused.json()["error"];
        assert_eq!(error["data"]["errorDetails"][0]["field"], "content-type");
        assert!(error["reason"].as_str().unwrap().contains("application/json"), "{error}");
    }
}

#[test]
fn without_a_body_nothing_need_be_said() {
    let mut bench = Bench::new();
    bench.core.switches.content_type = ContentType::Json;
    let headers = [("x-toss-user-key", "7")];
    let path = "/api-partner/v1/apps-in-toss/promotion/execute-promotion/get-key";
    let told = bench.send(Face::AppsInToss, "POST", path, &headers, String::new());
    told.success();
}

#[test]
fn brandpay_refuses_it_in_its_own_form() {
    let mut bench = Bench::new();
    bench.core.switches.content_type = ContentType::Json;
    let headers = [("content-type", "text/plain")];
    let path = "/v1/brandpay/payments/confirm";
    let told = bench.send(Face::BrandPay, "POST", path, &headers, "{}".to_owned());
    assert_eq!((told.status, told.json()["code"].as_str()), (400, Some("INVALID_REQUEST")));
    assert!(told.json()["message"].as_str().unwrap().contains("`text/plain`"), "{}", told.body);
}
