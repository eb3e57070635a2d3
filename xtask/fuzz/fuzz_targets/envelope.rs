//! Bytes as the body of an answer of Apps in Toss, to each endpoint.
//!
//! The first byte chooses the endpoint, the second the status and whether canaries are planted.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::fmt::Debug;

use ait_core::{AnonymousKey, Endpoint, Krw, Mode, User, UserKey};
use ait_fuzz::{
    canary,
    claims::{self, Said},
    server::Server,
};
use ait_iap::{OrderId, OrderStatus};
use ait_login::{
    GenerateToken, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey, VerifyAnonymousKey,
};
use ait_messenger::{
    DeploymentId, Recipient, SendBulkMessages, SendMessage, SendTestMessage, TemplateSetCode,
};
use ait_promotion::{ExecutePromotion, ExecutionResult, GetKey, PromotionCode, PromotionKey};
use ait_tosspay::{ExecutePayment, MakePayment, OrderNo, PayToken, PaymentStatus, RefundPayment};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Prove for every endpoint that nothing was done.
const COMMON: [&str; 5] = ["INVALID_PARAMETER", "4010", "4050", "4095", "invalid_grant"];
const KEEP: [&str; 2] = ["SUCCESS", "FAIL"];

thread_local! {
    static SERVER: Server = Server::start();
}

fuzz_target!(|data: &[u8]| {
    let [endpoint, how, body @ ..] = data else { return };
    let canaries = how & 8 != 0;
    let planted = if canaries { canary::planted(body, &KEEP) } else { None };
    let said = Said {
        status: claims::status(*how),
        body: planted.as_deref().unwrap_or(body),
        canaries: planted.is_some(),
    };
    SERVER.with(|server| ask(server, endpoint % 16, said));
});

fn ask(server: &Server, endpoint: u8, said: Said<'_>) {
    let user = User::key(443_731_104);
    let anonymous = || AnonymousKey::new("anonymous-0123456789").unwrap();
    let token = || PayToken::new("paytoken-0123456789").unwrap();
    let code = || PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap();
    let key = || PromotionKey::new("promotion-key-0123456789").unwrap();
    let template = || TemplateSetCode::new("template-1").unwrap();
    let order = || OrderNo::new("order-17").unwrap();
    match endpoint {
        0 => one(server, said, ExecutePayment::new(user, token(), Mode::Sandbox)),
        1 => {
            one(server, said, MakePayment::new(user, order(), "커피", Krw::new(4500), Mode::Sandbox).unwrap())
        }
        2 => one(server, said, RefundPayment::new(user, token(), "환불", Mode::Sandbox).unwrap()),
        3 => one(server, said, PaymentStatus::by_pay_token(user, token(), Mode::Sandbox)),
        4 => one(server, said, GetKey::new(user)),
        5 => one(server, said, ExecutePromotion::new(user, code(), key(), Krw::new(10)).unwrap()),
        6 => one(server, said, ExecutionResult::new(user, code(), key())),
        7 => one(server, said, GenerateToken::new("code-0123456789", "DEFAULT")),
        8 => one(server, said, RefreshToken::new("refresh-0123456789")),
        9 => one(server, said, LoginMe::new("access-0123456789")),
        10 => one(server, said, VerifyAnonymousKey::new(anonymous())),
        11 => one(server, said, RemoveByAccessToken::new("access-0123456789")),
        12 => one(server, said, RemoveByUserKey::new(UserKey::new(443_731_104))),
        13 => one(server, said, OrderStatus::new(OrderId::new("order-0123456789").unwrap())),
        14 => one(server, said, SendMessage::new(user, template())),
        _ => {
            let id = DeploymentId::new("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
            one(server, said, SendTestMessage::new(user.clone(), template(), id));
            one(server, said, SendBulkMessages::new(template(), [Recipient::new(user)]).unwrap());
        }
    }
}

fn one<E: Endpoint + Send + Sync>(server: &Server, said: Said<'_>, call: E)
where
    E::Response: Serialize + DeserializeOwned + PartialEq + Debug + Send,
{
    server.say(said.status, said.body);
    let secrets = claims::secrets_of(&call);
    let result = server.run(async { server.client().call(call).await });
    claims::check::<E>(result, said, &secrets, &COMMON, succeeded);
}

fn succeeded(_: u16, body: &Value) -> bool {
    body["resultType"] == "SUCCESS" && body["error"].is_null()
}
