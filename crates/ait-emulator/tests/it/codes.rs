//! Every code that the clients know can be had for the asking: by a header of one call.

#![cfg(feature = "client")]

use ait_core::{
    Client, Krw, Mode, RetryPolicy, User,
    http::{HeaderName, HeaderValue},
};
use ait_emulator::Emulator;

const HEADER: HeaderName = HeaderName::from_static("x-emulator-fault");

fn fail(code: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("before_commit fail={code}")).unwrap()
}

async fn client() -> (Emulator, Client) {
    let emulator = Emulator::start().await.unwrap();
    // A refusal over a rate limit would be tried again.
    let client = emulator.client_builder().unwrap().retry(RetryPolicy::never()).build().unwrap();
    (emulator, client)
}

/// With their Korean texts, where the guide has one.
#[tokio::test]
async fn the_codes_of_toss_pay_bring_their_texts() {
    let (_emulator, client) = client().await;
    let pay = ait_tosspay::TossPay::new(client);
    for code in ait_tosspay::ErrorCode::KNOWN {
        let token = ait_tosspay::PayToken::new("a-token").unwrap();
        let execute = ait_tosspay::ExecutePayment::new(user(), token, Mode::Sandbox);
        let error = pay.execute_payment(execute).header(HEADER, fail(code.as_str())).await.unwrap_err();
        let text = code.korean_name().unwrap_or("a fault that was asked for");
        assert_eq!(error.reason(), Some(text), "{code}");
    }
}

macro_rules! every_code {
    ($test:ident, $codes:ty, $service:expr, $method:ident($request:expr)) => {
        #[tokio::test]
        async fn $test() {
            let (emulator, client) = client().await;
            let service = $service(client);
            for code in <$codes>::KNOWN {
                let call = service.$method($request).header(HEADER, fail(code.as_str()));
                let Err(error) = call.await else { panic!("{code} is no error") };
                assert_eq!(error.code(), Some(code.as_str()), "{error}");
            }
            assert_eq!(emulator.ledger(), []);
        }
    };
}

fn user() -> User {
    User::key(443_731_104)
}

every_code!(
    login,
    ait_login::ErrorCode,
    ait_login::Login::new,
    generate_token(ait_login::GenerateToken::new("emu-7-codes", "DEFAULT"))
);

every_code!(
    promotion,
    ait_promotion::ErrorCode,
    ait_promotion::Promotion::new,
    execute_promotion({
        use ait_promotion::{ExecutePromotion, PromotionCode, PromotionKey};
        let (code, key) = (PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7"), PromotionKey::new("a-key"));
        ExecutePromotion::new(user(), code.unwrap(), key.unwrap(), Krw::new(1)).unwrap()
    })
);

every_code!(
    tosspay,
    ait_tosspay::ErrorCode,
    ait_tosspay::TossPay::new,
    make_payment({
        let order = ait_tosspay::OrderNo::new("order-1").unwrap();
        ait_tosspay::MakePayment::new(user(), order, "coffee", Krw::new(1_000), Mode::Sandbox).unwrap()
    })
);

every_code!(
    iap,
    ait_iap::ErrorCode,
    ait_iap::Iap::new,
    order_status(ait_iap::OrderStatus::new(ait_iap::OrderId::new("o-1").unwrap()))
);

every_code!(
    messenger,
    ait_messenger::ErrorCode,
    ait_messenger::Messenger::new,
    send_message({
        ait_messenger::SendMessage::new(user(), ait_messenger::TemplateSetCode::new("t-1").unwrap())
    })
);

every_code!(
    brandpay,
    brandpay::ErrorCode,
    (|client| brandpay::BrandPay::new(client, "test_sk_any")),
    confirm({
        use brandpay::{Confirm, CustomerKey, OrderId, PaymentKey, idempotency};
        let order = OrderId::new("order-1").unwrap();
        let key = idempotency::derived("confirm", &order, Krw::new(1_000)).unwrap();
        let (payment, customer) =
            (PaymentKey::new("emu-1").unwrap(), CustomerKey::new("customer-1").unwrap());
        Confirm::new(key, payment, order, Krw::new(1_000), customer)
    })
);
