//! What others send unasked: the unlink callback, the webhooks, and the queries of redirects.
//!
//! The first byte chooses the door, the second a detail of it.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use ait_core::{Error, Krw, Secret, http::Request};
use ait_fuzz::{canary, logged};
use ait_iap::webhook::{Credential, Event};
use ait_login::unlink::{Callback, Password, Rejection};
use brandpay::{
    CustomerKey, OrderId,
    redirect::{Authorized, Failure, Success},
    webhook,
};
use libfuzzer_sys::fuzz_target;

/// `example:example`.
const BASIC: &str = "Basic ZXhhbXBsZTpleGFtcGxl";
/// The words by which a callback tells what it is.
const KEEP: [&str; 7] = [
    "callback.registration_verification",
    "subscription.status_changed",
    "METHOD_UPDATED",
    "CUSTOMER_STATUS_CHANGED",
    "PAYMENT_STATUS_CHANGED",
    "BRANDPAY",
    "UNLINK",
];

fuzz_target!(|data: &[u8]| {
    let [door, detail, rest @ ..] = data else { return };
    match door % 6 {
        0 => unlink(*detail, rest),
        1 => unlink_password(rest),
        2 => subscription(*detail, rest),
        3 => credential(rest),
        4 => brandpay_webhook(*detail, rest),
        _ => redirect(*detail, rest),
    }
});

fn password() -> Password {
    Password::new("example:example").unwrap()
}

fn unlink(detail: u8, bytes: &[u8]) {
    let request = if detail & 1 == 0 {
        let Ok(query) = std::str::from_utf8(bytes) else { return };
        Request::get(format!("/unlink?{query}")).header("authorization", BASIC).body(Vec::new())
    } else {
        Request::post("/unlink").header("authorization", BASIC).body(bytes.to_vec())
    };
    // What is no URI never becomes a request.
    let Ok(request) = request else { return };
    match Callback::parse(&request, &password()) {
        Ok(callback) => {
            let text = serde_json::to_string(&callback).unwrap();
            let again = Request::post("/unlink").header("authorization", BASIC).body(text.clone()).unwrap();
            assert_eq!(Callback::parse(&again, &password()).unwrap(), callback, "{text}");
            assert_eq!(serde_json::from_str::<Callback>(&text).unwrap(), callback, "{text}");
            assert!(format!("{callback:?}").starts_with("Callback { user_key: UserKey(..),"));
        }
        Err(rejection) => assert_eq!(rejection.status().as_u16(), 400, "the password was right"),
    }
}

fn unlink_password(header: &[u8]) {
    let request = Request::get("/unlink?userKey=1&referrer=UNLINK").header("authorization", header).body("");
    let Ok(request) = request else { return };
    match Callback::parse(&request, &password()) {
        Ok(_) => {
            let header = String::from_utf8_lossy(header);
            assert!(header.contains("ZXhhbXBsZTpleGFtcGxl"), "let in with {header}");
        }
        Err(rejection) => assert!(matches!(rejection, Rejection::NotBasic | Rejection::Password)),
    }
}

fn body(detail: u8, bytes: &[u8]) -> (Vec<u8>, bool) {
    match canary::planted(bytes, &KEEP).filter(|_| detail & 1 == 1) {
        Some(planted) => (planted, true),
        None => (bytes.to_vec(), false),
    }
}

fn quotes_nothing(error: &Error, canaries: bool) {
    if canaries {
        canary::silent(&logged(error));
    }
}

fn subscription(detail: u8, bytes: &[u8]) {
    let (body, canaries) = body(detail, bytes);
    match Event::parse(&body) {
        Ok(Event::StatusChanged(change)) => {
            let text = serde_json::to_string(&change).unwrap();
            let again = serde_json::from_str(&text).unwrap();
            assert_eq!(change, again, "{text}");
        }
        Ok(Event::RegistrationVerification(verification)) => {
            let text = serde_json::to_string(&verification).unwrap();
            assert_eq!(verification, serde_json::from_str(&text).unwrap(), "{text}");
        }
        Ok(Event::Other(other)) => {
            assert_eq!(other.expose().as_bytes(), body, "it is kept whole");
            assert!(!format!("{other:?}").contains("secret-of-the-body"));
        }
        Ok(_) => {}
        Err(error) => quotes_nothing(&error, canaries),
    }
}

fn credential(header: &[u8]) {
    let Ok(header) = std::str::from_utf8(header) else { return };
    let credential = Credential::new("subscriptions:a-long-secret").unwrap();
    if credential.accepts(Some(header)) {
        let header = header.trim();
        let right = header.ends_with("subscriptions:a-long-secret")
            || header.ends_with("c3Vic2NyaXB0aW9uczphLWxvbmctc2VjcmV0");
        assert!(right, "let in with {header}");
    }
    if let Ok(any) = Credential::new(header) {
        assert!(any.accepts(Some(&format!("Basic {header}"))), "{header:?} is not itself");
        assert!(!any.accepts(Some(&format!("Basic {header}x"))) || header.ends_with(char::is_whitespace));
    }
}

fn brandpay_webhook(detail: u8, bytes: &[u8]) {
    let (body, canaries) = body(detail, bytes);
    match webhook::Event::parse(&body) {
        Ok(event) => match event.data {
            webhook::Data::PaymentStatusChanged(payment) => {
                let text = serde_json::to_string(&payment).unwrap();
                assert_eq!(*payment, serde_json::from_str(&text).unwrap(), "{text}");
                let own = payment.secret.clone().unwrap_or_else(|| Secret::from(""));
                assert_eq!(webhook::is_same(&own, &payment), !own.expose().is_empty());
                let other = Secret::from(format!("{}x", own.expose()));
                assert!(!webhook::is_same(&other, &payment));
            }
            webhook::Data::MethodUpdated(updated) => {
                let text = serde_json::to_string(&updated).unwrap();
                assert_eq!(updated, serde_json::from_str(&text).unwrap(), "{text}");
            }
            webhook::Data::CustomerStatusChanged(changed) => {
                let text = serde_json::to_string(&changed).unwrap();
                assert_eq!(changed, serde_json::from_str(&text).unwrap(), "{text}");
            }
            webhook::Data::Other(raw) => {
                assert_eq!(raw.expose().as_bytes(), body, "it is kept whole");
                assert_eq!(format!("{raw:?}"), "Raw(..)");
            }
            _ => {}
        },
        Err(error) => quotes_nothing(&error, canaries),
    }
}

fn redirect(detail: u8, bytes: &[u8]) {
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    let (customer, order) =
        (CustomerKey::new("customer-0123456789").unwrap(), OrderId::new("order-17").unwrap());
    match detail % 4 {
        0 => {
            if let Ok(authorized) = Authorized::parse(query) {
                assert_eq!(format!("{authorized:?}"), "Authorized(..)");
                if authorized.verify(&customer).is_ok() {
                    assert!(is_said(query, "customer-0123456789"), "verified without the customer");
                }
            }
        }
        1 => {
            if let Ok(Ok(verified)) = Success::parse(query).map(|said| said.verify(&order, Krw::new(4500))) {
                assert!(is_said(query, "order-17") && is_said(query, "4500"), "verified without the order");
                assert_eq!((verified.order_id(), verified.amount()), (&order, Krw::new(4500).into()));
            }
        }
        2 => {
            if let Ok(failure) = Failure::parse(query) {
                let again: String = format!("code={}", escaped(failure.code.as_str()));
                assert_eq!(Failure::parse(&again).unwrap().code, failure.code);
            }
        }
        // Whatever stands in it, it comes back.
        _ => {
            let text = query.trim();
            if text.is_empty() || text.chars().any(char::is_control) {
                return;
            }
            let fields = format!("code={}&message={}", escaped(text), escaped(query));
            let failure = Failure::parse(&fields).unwrap();
            assert_eq!((failure.code.as_str(), failure.message.as_deref()), (text, Some(query)));
        }
    }
    for error in [Success::parse(query).err(), Authorized::parse(query).err(), Failure::parse(query).err()] {
        let shown = error.as_ref().map(logged).unwrap_or_default();
        let values = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        for value in values.filter(|value| value.len() >= 24) {
            assert!(!shown.contains(value), "a value is quoted: {shown}");
        }
    }
}

fn is_said(query: &str, text: &str) -> bool {
    query.contains(text) || query.contains(['%', '+'])
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
