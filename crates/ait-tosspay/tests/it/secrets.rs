//! Canaries: what a request carries is not shown by it, nor by an error about it.

use crate::support::pay;
use ait_testkit::{answer, fixture, logged};
use ait_tosspay::{
    ExecutePayment, MadePayment, MakePayment, OrderNo, PayToken, PaymentStatus, RefundPayment, TossPay,
    ait_core::{Krw, Mode, User},
};
use httpmock::MockServer;
use serde_json::json;

const USER_KEY: u64 = 7_410_258_963_014_725;
const ANONYMOUS: &str = "anon-CANARY-4f1c";
const TOKEN: &str = "token-CANARY-8d2e";

#[track_caller]
fn clean(text: &str) {
    for canary in [&USER_KEY.to_string(), ANONYMOUS, TOKEN] {
        assert!(!text.contains(canary), "{canary} is shown: {text}");
    }
}

fn users() -> [User; 2] {
    [User::key(USER_KEY), User::anonymous(ANONYMOUS).unwrap()]
}

fn token() -> PayToken {
    PayToken::new(TOKEN).unwrap()
}

#[test]
fn requests_and_answers_do_not_show_tokens_and_users() {
    for user in users() {
        let make = MakePayment::new(user.clone(), OrderNo::new("1").unwrap(), "x", Krw::new(1), Mode::Live);
        clean(&format!("{:?}", make.unwrap()));
        clean(&format!("{:?}", ExecutePayment::new(user.clone(), token(), Mode::Live)));
        clean(&format!("{:?}", RefundPayment::new(user.clone(), token(), "x", Mode::Live).unwrap()));
        clean(&format!("{:#?}", PaymentStatus::by_pay_token(user, token(), Mode::Live)));
    }
    let made: MadePayment = serde_json::from_value(json!({ "payToken": TOKEN })).unwrap();
    clean(&format!("{made:?} {made:#?}"));
    for name in ["execute-payment.card", "refund-payment.refunded", "get-payment-status.card"] {
        let mut success = fixture(&format!("tosspay/{name}.response"))["success"].clone();
        success["payToken"] = json!(TOKEN);
        // The address of the card slip carries the token.
        let slip = json!(format!("https://pay.toss.im/slip?payToken={TOKEN}"));
        success["salesCheckLinkUrl"] = slip.clone();
        if success["card"].is_object() {
            success["card"]["salesCheckLinkUrl"] = slip;
        }
        let shown = match name.split('.').next().unwrap() {
            "execute-payment" => {
                format!("{:?}", serde_json::from_value::<ait_tosspay::ExecutedPayment>(success).unwrap())
            }
            "refund-payment" => {
                format!("{:?}", serde_json::from_value::<ait_tosspay::RefundedPayment>(success).unwrap())
            }
            _ => format!("{:?}", serde_json::from_value::<ait_tosspay::Payment>(success).unwrap()),
        };
        clean(&shown);
    }
}

async fn shown(pay: &TossPay, user: User) -> String {
    let call = pay.execute_payment(ExecutePayment::new(user.clone(), token(), Mode::Live));
    let mut text = format!("{call:?}");
    text.push_str(&logged(&call.await.unwrap_err()));
    let refund = RefundPayment::new(user.clone(), token(), "x", Mode::Live).unwrap();
    text.push_str(&logged(&pay.refund_payment(refund).await.unwrap_err()));
    let status = PaymentStatus::by_pay_token(user, token(), Mode::Live);
    text.push_str(&logged(&pay.payment_status(status).await.unwrap_err()));
    text
}

#[tokio::test]
async fn errors_do_not_show_tokens_and_users() {
    for (status, body) in [
        (200, json!({ "resultType": "SUCCESS", "success": { "payToken": { "x": TOKEN }, "code": 0 } })),
        (200, json!({ "resultType": "SUCCESS", "success": { "payToken": [TOKEN] } })),
        (200, json!({ "resultType": "SUCCESS", "success": TOKEN })),
        (200, json!({ "resultType": "SUCCESS", "success": { TOKEN: TOKEN } })),
        (
            400,
            json!({ "resultType": "FAIL", "error": { "errorCode": "INVALID_PARAMETER", "reason": "토큰", "data": {
            "errorDetails": [{ "field": "payToken", "message": TOKEN, "rejectedValue": TOKEN }] } } }),
        ),
        (502, json!([TOKEN, ANONYMOUS, USER_KEY])),
    ] {
        for user in users() {
            let server = MockServer::start_async().await;
            answer(&server, status, &body);
            clean(&shown(&pay(&server), user).await);
        }
    }
    for user in users() {
        let server = MockServer::start_async().await;
        let quoted = format!("no such user {USER_KEY} {ANONYMOUS}")
            .replace(if matches!(user, User::Key(_)) { ANONYMOUS } else { "7410258963014725" }, "");
        answer(
            &server,
            200,
            &json!({ "resultType": "FAIL", "error": { "errorCode": "4010", "reason": quoted } }),
        );
        clean(&shown(&pay(&server), user).await);
    }
}

#[tokio::test]
async fn a_token_that_the_server_quotes_is_not_shown() {
    let reason = format!("no such payment: {TOKEN}");
    let body =
        json!({ "resultType": "FAIL", "error": { "errorCode": "INVALID_PARAMETER", "reason": reason } });
    let server = MockServer::start_async().await;
    answer(&server, 400, &body);
    let pay = pay(&server);
    let user = || User::key(USER_KEY);
    let execute = pay.execute_payment(ExecutePayment::new(user(), token(), Mode::Live)).await.unwrap_err();
    let refund = RefundPayment::new(user(), token(), "x", Mode::Live).unwrap();
    let refund = pay.refund_payment(refund).await.unwrap_err();
    let status = PaymentStatus::by_pay_token(user(), token(), Mode::Live);
    let status = pay.payment_status(status).await.unwrap_err();
    for error in [execute, refund, status] {
        clean(&format!("{} {:?}", logged(&error), error.reason()));
        assert!(error.reason().unwrap().starts_with("no such payment: "), "{error}");
    }
}
