//! The documented limits of requests: what breaks one is named, and never sent.

use crate::support::{Op, messenger};
use ait_messenger::{
    Context, DeploymentId, Recipient, SendBulkMessages, SendMessage, SendTestMessage, TemplateSetCode, Value,
    ait_core::{Error, User},
};
use ait_testkit::{answer, fixture, key, names};
use httpmock::MockServer;
use serde_json::json;

fn template() -> TemplateSetCode {
    TemplateSetCode::new("example-order-shipped").unwrap()
}

fn bulk(count: u64) -> Result<SendBulkMessages, Error> {
    SendBulkMessages::new(template(), (1..=count).map(|key| Recipient::new(User::key(key)).with("n", key)))
}

#[test]
fn a_bulk_call_has_1_to_2500_recipients() {
    assert_eq!(SendBulkMessages::LIMIT, 2_500);
    for count in [1, 2, 49, 50, 2_499, 2_500] {
        assert_eq!(bulk(count).unwrap().recipients().len() as u64, count);
    }
    for count in [0, 2_501, 10_000] {
        let has = format!("has {count}");
        names(&bulk(count).unwrap_err(), &["contextList: ", "1 to 2500 recipients", &has, "split"]);
    }
}

#[tokio::test]
async fn a_stored_bulk_call_that_breaks_the_limit_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("messenger/send-bulk-message.response"));
    let entry = json!({ "userKey": 1, "context": {} });
    for count in [0, 2_501] {
        let body = json!({ "templateSetCode": "x", "contextList": vec![entry.clone(); count] });
        let error = Op::Bulk.send(&messenger(&server), body, key()).await.unwrap_err();
        names(
            &error,
            &["messenger.send_bulk_messages: contextList: ", &format!("has {count}"), "; not sent"],
        );
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
    let full = json!({ "templateSetCode": "x", "contextList": vec![entry; 2_500] });
    Op::Bulk.send(&messenger(&server), full, key()).await.unwrap();
    let seen = seen.lock().unwrap();
    let sent: serde_json::Value = serde_json::from_slice(seen[0].body_ref()).unwrap();
    assert_eq!(sent["contextList"].as_array().unwrap().len(), 2_500);
}

#[test]
fn a_recipient_has_exactly_one_key() {
    let read = |entry: serde_json::Value| serde_json::from_value::<Recipient>(entry);
    for entry in [
        json!({ "context": {} }),
        json!({ "userKey": null, "anonKey": null, "context": {} }),
        json!({ "userKey": 7_410_258, "anonKey": "CANARY", "context": {} }),
    ] {
        let error = read(entry.clone()).unwrap_err().to_string();
        assert!(error.contains("exactly one of userKey and anonKey"), "{entry}: {error}");
        assert!(!error.contains("CANARY") && !error.contains("7410258"), "{error}");
    }
    assert!(read(json!({ "userKey": 1 })).unwrap_err().to_string().contains("context"));
    let key = read(json!({ "userKey": "443731103", "anonKey": null, "context": {} })).unwrap();
    assert_eq!(key.user(), &User::key(443_731_103), "either form is read");
    let anonymous = read(json!({ "anonKey": "hash", "context": {} })).unwrap();
    assert_eq!(anonymous.user(), &User::anonymous("hash").unwrap());
}

#[test]
fn template_codes_are_not_blank_and_hold_no_control_character() {
    for code in ["x", "example-order-shipped", "주문 배송", &"x".repeat(500)] {
        assert_eq!(TemplateSetCode::new(code).unwrap().to_string(), code);
    }
    for blank in ["", " ", "\n"] {
        names(
            &TemplateSetCode::new(blank).unwrap_err(),
            &["templateSetCode: ", "must not be blank", "console"],
        );
    }
    for code in ["ab\n", "ab\tc", "ab\0"] {
        let error = TemplateSetCode::new(code).unwrap_err();
        names(&error, &["templateSetCode: ", "no control character", "character 3 is one"]);
    }
    assert_eq!(TemplateSetCode::unchecked("a\n").as_str(), "a\n", "the way out");
    let stored: TemplateSetCode = serde_json::from_value(json!(7)).unwrap();
    assert_eq!(stored.as_str(), "7", "what is stored is not rejected for its shape");
    assert!(serde_json::from_value::<TemplateSetCode>(json!("")).is_err());
}

#[test]
fn deployment_ids_are_uuids_of_any_version() {
    for id in ["00000000-0000-7000-8000-000000000001", "13C9A1FF-2baa-4495-bbfa-a0826ba8c7c0"] {
        assert_eq!(DeploymentId::new(id).unwrap().to_string(), id);
    }
    for id in [
        "",
        "example-order-shipped",
        "00000000-0000-7000-8000-00000000001",
        "00000000-0000-7000-8000-0000000000012",
        "00000000-0000-7000-8000-00000000000g",
        "00000000-0000-7000-8000-000000000001-",
        "00000000-0000-7000-8000-000000000001\n",
        "000000000000700080000000000000000001",
        "{0000000-0000-7000-8000-000000000001",
    ] {
        let has = format!("has {} characters", id.chars().count());
        names(&DeploymentId::new(id).unwrap_err(), &["deploymentId: ", "UUID", &has, "console"]);
    }
    assert_eq!(DeploymentId::unchecked("bundle-7").as_str(), "bundle-7", "the way out");
    assert_eq!(serde_json::from_value::<DeploymentId>(json!("bundle-7")).unwrap().as_str(), "bundle-7");
    assert!(serde_json::from_value::<DeploymentId>(json!("")).is_err());
}

#[tokio::test]
async fn an_unchecked_text_that_is_none_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("messenger/send-message.response"));
    let messenger = messenger(&server);
    let (user, bundle) = (User::key(1), DeploymentId::unchecked("bundle-7"));
    for none in ["", " ", "\n"] {
        let code = TemplateSetCode::unchecked(none);
        let words = ["templateSetCode: ", "must not be blank", "console", "; not sent"];
        let one = messenger.send_message(SendMessage::new(user.clone(), code.clone())).await;
        names(&one.unwrap_err(), &words);
        let test = SendTestMessage::new(user.clone(), code.clone(), bundle.clone());
        names(&messenger.send_test_message(test).await.unwrap_err(), &words);
        let bulk = SendBulkMessages::new(code, [Recipient::new(user.clone())]);
        names(&bulk.unwrap_err(), &words[..3]);
        let test = SendTestMessage::new(user.clone(), template(), DeploymentId::unchecked(none));
        let error = messenger.send_test_message(test).await.unwrap_err();
        names(&error, &["messenger.send_test_message: deploymentId: ", "must not be blank", "console"]);
    }
    assert_eq!(seen.lock().unwrap().len(), 0, "nothing was sent");
    let test = SendTestMessage::new(user, TemplateSetCode::unchecked("a\n"), bundle);
    messenger.send_test_message(test).await.unwrap();
    assert_eq!(seen.lock().unwrap().len(), 1, "what breaks another rule can be sent unchecked");
}

#[test]
fn variables_are_text_numbers_or_flags() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        names(&Value::decimal(number).unwrap_err(), &["context: ", "finite"]);
    }
    assert!(serde_json::from_value::<Context>(json!({ "a": "x", "b": 1.25, "c": -1, "d": true })).is_ok());
    for value in [json!(null), json!([1]), json!({ "CANARY": 1 })] {
        let error = serde_json::from_value::<Context>(json!({ "a": value })).unwrap_err().to_string();
        assert!(error.contains("text, a number or a flag") && !error.contains("CANARY"), "{error}");
    }
    assert!(serde_json::from_value::<Context>(json!(["CANARY"])).is_err());
}

#[test]
fn variables_are_found_by_name() {
    let context = Context::new().with("a", 1).with("b", "x").with("a", "y");
    assert_eq!((context.len(), context.is_empty(), Context::new().is_empty()), (2, false, true));
    assert_eq!(context.get("a"), Some(&Value::from("y")), "set again, it keeps its place");
    assert_eq!(serde_json::to_string(&context).unwrap(), r#"{"a":"y","b":"x"}"#);
    assert_eq!(context.get("c"), None);
    assert_eq!(context, [("a", "y"), ("b", "x")].into_iter().collect());
    assert_ne!(context, [("b", "x"), ("a", "y")].into_iter().collect(), "the order counts");
}

#[test]
fn a_stored_request_without_its_essentials_is_no_request() {
    fn refused<R: serde::de::DeserializeOwned + std::fmt::Debug>(
        mut whole: serde_json::Value,
        essential: &[&str],
    ) {
        whole["user"] = key();
        assert!(serde_json::from_value::<R>(whole.clone()).is_ok());
        for member in essential {
            let mut body = whole.clone();
            body.as_object_mut().unwrap().remove(*member);
            let error = serde_json::from_value::<R>(body).unwrap_err();
            assert!(error.to_string().contains(member), "without {member}: {error}");
        }
    }
    let sample = |op: Op| fixture(&format!("messenger/{}.request", op.word()));
    refused::<SendMessage>(sample(Op::One), &["user", "templateSetCode", "context"]);
    refused::<SendTestMessage>(sample(Op::Test), &["user", "templateSetCode", "deploymentId", "context"]);
    refused::<SendBulkMessages>(sample(Op::Bulk), &["templateSetCode", "contextList"]);
}
