//! Bytes as a whole answer: status line, headers and body.
//!
//! The first byte chooses the call: one that reads, one that writes once, one under a key.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use ait_core::{Error, IdempotencyKey, Kind, Krw, Mode, Outcome, User};
use ait_fuzz::{logged, server::Server};
use ait_iap::{OrderId, OrderStatus};
use ait_tosspay::{ExecutePayment, PayToken};
use brandpay::{BrandPay, Confirm, CustomerKey, PaymentKey};
use libfuzzer_sys::fuzz_target;

const TOKEN: &str = "paytoken-0123456789";
const SHOP: &str = "test_sk_0123456789";

thread_local! {
    static SERVER: Server = Server::start();
}

fuzz_target!(|data: &[u8]| {
    let [call, answer @ ..] = data else { return };
    SERVER.with(|server| {
        server.write(answer);
        match call % 3 {
            0 => {
                let ask = OrderStatus::new(OrderId::new("order-0123456789").unwrap());
                check(server.run(async { server.client().call(ask).await }), answer, true);
            }
            1 => {
                let pay =
                    ExecutePayment::new(User::key(443_731_104), PayToken::new(TOKEN).unwrap(), Mode::Sandbox);
                check(server.run(async { server.client().call(pay).await }), answer, true);
            }
            _ => {
                let confirm = Confirm::new(
                    IdempotencyKey::new("confirm-order-17-4500").unwrap(),
                    PaymentKey::new("payment-0123456789").unwrap(),
                    brandpay::OrderId::new("order-17").unwrap(),
                    Krw::new(4500),
                    CustomerKey::new("customer-0123456789").unwrap(),
                );
                let shop = BrandPay::new(server.client().clone(), SHOP);
                check(server.run(async { shop.confirm(confirm).await }), answer, false);
            }
        }
    });
});

fn check<T>(result: Result<T, Error>, answer: &[u8], enveloped: bool) {
    let error = match result {
        Ok(_) if enveloped => {
            // The word may be written with escapes, or in chunks.
            let says = answer.windows(7).any(|window| window == b"SUCCESS")
                || answer.windows(2).any(|window| window == b"\\u")
                || answer.to_ascii_lowercase().windows(7).any(|window| window == b"chunked");
            assert!(says, "Ok without a SUCCESS");
            return;
        }
        Ok(_) => {
            assert!(answer.contains(&b'2'), "Ok without a status of success");
            return;
        }
        Err(error) => error,
    };
    let text = logged(&error);
    for secret in ["443731104", TOKEN, SHOP] {
        assert!(!text.contains(secret), "a secret is shown: {text}");
    }
    assert!(!error.to_string().contains(['\n', '\r', '\u{1b}']), "not one plain line: {error}");
    assert_ne!(error.outcome(), Outcome::NotSent, "it was sent: {text}");
    assert_ne!(error.kind(), Kind::Timeout, "the connection was closed: {text}");
    if error.outcome() <= Outcome::Refused {
        assert!(answer.len() > 12, "refused, says nobody: {text}");
    }
}
