//! Webhooks are read as documented, and none is an error for being new.

use crate::support::fixture;
use brandpay::{
    Payment,
    ait_core::Secret,
    webhook::{self, CustomerChange, Data, Event, EventType, MethodChange},
};

fn event(name: &str) -> Event {
    Event::parse(fixture(name).to_string().as_bytes()).unwrap()
}

#[test]
fn webhooks_are_read_as_documented() {
    for (name, change) in [
        ("webhook.method-updated", MethodChange::Enabled),
        ("webhook.method-removed", MethodChange::Disabled),
    ] {
        let Data::MethodUpdated(data) = event(name).data else { panic!("{name}") };
        assert_eq!(data.status, Some(change));
        assert_eq!(data.customer_key.expose(), "c6thB674j9vCU4XsvcPk");
    }
    for (name, change) in [
        ("webhook.customer-status-changed", CustomerChange::PasswordChanged),
        ("webhook.customer-removed", CustomerChange::Removed),
    ] {
        let Data::CustomerStatusChanged(data) = event(name).data else { panic!("{name}") };
        assert_eq!(data.status, Some(change));
        assert!(data.changed_at.unwrap().unix_seconds().is_some());
    }
    let paid = event("webhook.payment-status-changed");
    // 2026-03-02 09:15:43.65327 in Seoul.
    assert_eq!(paid.created_at.unwrap().unix_seconds(), Some(1_772_410_543));
    let Data::PaymentStatusChanged(payment) = paid.data else { panic!("no payment") };
    assert!(payment.is_paid());
    let secret = |text: &str| Secret::from(text);
    assert!(webhook::is_same(&secret("ps_FAKE0000000000000002"), &payment));
    for other in [
        "ps_FAKE0000000000000003",
        "ps_FAKE000000000000000",
        "",
        "xs_FAKE0000000000000002",
        "sp_FAKE0000000000000002",
    ] {
        assert!(!webhook::is_same(&secret(other), &payment), "{other}");
    }
    let without: Payment = serde_json::from_value(fixture("confirm.response")).unwrap();
    assert!(!webhook::is_same(&secret(""), &without), "nobody's");

    let deposit = event("webhook.deposit-callback");
    let Data::Other(raw) = &deposit.data else { panic!("not raw") };
    assert_eq!(raw.expose(), fixture("webhook.deposit-callback").to_string());
    assert!(deposit.event_type.is_none() && !format!("{deposit:?}").contains("ps_FAKE"));
    assert_eq!(format!("{raw:?}"), "Raw(..)");
    let unknown = Event::parse(br#"{"eventType":"BILLING_DELETED","data":{"x":1}}"#).unwrap();
    assert_eq!(unknown.event_type, Some(EventType::from("BILLING_DELETED")));
    assert!(matches!(unknown.data, Data::Other(_)));
    let (whole, inner) = ("body: must be the JSON object", "data: must hold what the event is about");
    for (broken, rule) in [
        ("", whole),
        ("[]", whole),
        ("x", whole),
        (r#"{"eventType":"METHOD_UPDATED"}"#, inner),
        (r#"{"eventType":"METHOD_UPDATED","data":{"customerKey":""}}"#, inner),
        (r#"{"eventType":"PAYMENT_STATUS_CHANGED","data":{}}"#, inner),
    ] {
        let error = Event::parse(broken.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(rule), "{broken}: {error}");
        let next =
            if rule == whole { "; pass the body as it came" } else { "; read the state through the API" };
        assert!(error.contains(next), "{broken}: {error}");
    }
}
