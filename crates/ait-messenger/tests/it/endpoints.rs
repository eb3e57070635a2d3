//! Each call as it travels, against the documented samples.

use crate::support::{Op, answered, fixtures, messenger, payload, without_empties};
use ait_messenger::{
    Channel, Context, DeploymentId, Recipient, SendBulkMessages, SendMessage, SendResult, SendTestMessage,
    TemplateSetCode, Value as Variable,
    ait_core::{Endpoint, Host, Safety, User, UserKey, http::Method},
};
use ait_testkit::{USER_KEY, answer, fixture, head, headers, key, one, sent, target, text, users};
use httpmock::MockServer;
use serde_json::{Value, json};

const ANONYMOUS: &str = "7Jq0f9-anon.hash_0123456789";

fn response(op: Op) -> Value {
    fixture(&format!("messenger/{}.response", op.word()))
}

/// A documented body as it is to be sent: user keys as numbers.
fn as_sent(name: &str) -> Value {
    let mut body = fixture(name);
    for entry in body.get_mut("contextList").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(key) = entry.get_mut("userKey") {
            *key = json!(key.to_string().trim_matches('"').parse::<u64>().unwrap());
        }
    }
    body
}

#[test]
fn the_rows_of_the_table_are_right() {
    fn row<E: Endpoint>(op: Op) {
        assert_eq!(E::NAME, op.endpoint());
        assert_eq!((E::METHOD, E::HOST), (Method::POST, Host::APPS_IN_TOSS));
        assert_eq!(E::PATH, format!("/api-partner/v1/apps-in-toss/messenger/{}", op.word()));
        assert!(matches!(E::SAFETY, Safety::Unsettled), "nothing tells what became of a message");
        assert!(E::REFUSALS.is_empty(), "no code of its own is documented");
    }
    row::<SendMessage>(Op::One);
    row::<SendTestMessage>(Op::Test);
    row::<SendBulkMessages>(Op::Bulk);
}

#[tokio::test]
async fn every_documented_request_travels_exactly_as_documented() {
    for name in fixtures(".request") {
        let op = Op::of_fixture(&name);
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &response(op));
        op.send(&messenger(&server), fixture(&name), key()).await.unwrap();

        let request = one(&seen);
        assert_eq!(request.method_str(), "POST", "{name}");
        assert_eq!(
            target(&request),
            format!("/api-partner/v1/apps-in-toss/messenger/{}", op.word()),
            "{name}"
        );
        assert_eq!(sent(&request), as_sent(&name), "{name}");

        let user = (op != Op::Bulk).then(|| ("x-toss-user-key", USER_KEY.to_string()));
        assert_eq!(headers(&request), head(&server, &request, user), "{name}");
    }
}

#[tokio::test]
async fn an_anonymous_user_travels_in_the_other_header_alone() {
    for op in [Op::One, Op::Test] {
        let server = MockServer::start_async().await;
        let seen = answer(&server, 200, &response(op));
        let body = fixture(&format!("messenger/{}.request", op.word()));
        op.send(&messenger(&server), body.clone(), json!({ "anonymous": ANONYMOUS })).await.unwrap();

        let request = one(&seen);
        assert_eq!(users(&request), [("x-anon-key".to_owned(), ANONYMOUS.to_owned())], "{op:?}");
        assert_eq!(sent(&request), body, "{op:?}: the user stays out of the body");
    }
}

fn template() -> TemplateSetCode {
    TemplateSetCode::new("example-order-shipped").unwrap()
}

fn variables() -> Context {
    Context::new().with("storeName", "예시 상점").with("itemCount", 2).with("express", true)
}

#[tokio::test]
async fn requests_made_by_hand_travel_as_documented() {
    let server = MockServer::start_async().await;
    let messenger = messenger(&server);
    let user = User::key(USER_KEY);

    let seen = answer(&server, 200, &response(Op::One));
    let message = SendMessage::new(user.clone(), template());
    let message = message.with("storeName", "예시 상점").with("itemCount", 2).with("express", true);
    messenger.send_message(message.clone()).await.unwrap();
    messenger.send_message(message.with("gone", "x").context(variables())).await.unwrap();
    let welcome = TemplateSetCode::new("example-welcome").unwrap();
    messenger.send_message(SendMessage::new(UserKey::new(USER_KEY), welcome)).await.unwrap();
    for (index, name) in ["send-message", "send-message", "send-message.no-variables"].iter().enumerate() {
        let body = sent(&seen.lock().unwrap()[index]);
        assert_eq!(body, fixture(&format!("messenger/{name}.request")), "{index}");
    }
    server.reset_async().await;

    let seen = answer(&server, 200, &response(Op::Test));
    let bundle = DeploymentId::new("00000000-0000-7000-8000-000000000001").unwrap();
    let test = SendTestMessage::new(user.clone(), template(), bundle);
    messenger.send_test_message(test.clone().context(variables())).await.unwrap();
    let test = test.with("storeName", "예시 상점").with("itemCount", 2).with("express", true);
    messenger.send_test_message(test).await.unwrap();
    for request in seen.lock().unwrap().iter() {
        assert_eq!(sent(request), fixture("messenger/send-test-message.request"));
    }
    server.reset_async().await;

    let seen = answer(&server, 200, &response(Op::Bulk));
    let second = Context::new().with("storeName", "예시 상점").with("itemCount", 1).with("express", false);
    let recipients = [
        Recipient::new(User::key(443_731_103)).context(variables()),
        Recipient::new(User::key(USER_KEY)).context(second.clone()),
    ];
    messenger.send_bulk_messages(SendBulkMessages::new(template(), recipients).unwrap()).await.unwrap();
    let mixed = [
        Recipient::new(UserKey::from_text("443731103").unwrap()).context(variables()),
        Recipient::new(User::anonymous("example-anonymous-key").unwrap()).context(second),
    ];
    messenger.send_bulk_messages(SendBulkMessages::new(template(), mixed).unwrap()).await.unwrap();
    let text_key = UserKey::from_text("toss-user-key-abc123").unwrap();
    let odd = [Recipient::new(text_key).with("n", 1)];
    messenger.send_bulk_messages(SendBulkMessages::new(template(), odd).unwrap()).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(sent(&seen[0]), fixture("messenger/send-bulk-message.request"));
    assert_eq!(sent(&seen[1]), as_sent("messenger/send-bulk-message.mixed.request"));
    assert_eq!(sent(&seen[1])["contextList"][0]["userKey"], json!(443_731_103), "a number if it is one");
    assert_eq!(
        sent(&seen[2])["contextList"],
        json!([{ "userKey": "toss-user-key-abc123", "context": { "n": 1 } }])
    );
}

#[tokio::test]
async fn variables_keep_their_order_and_their_type() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &response(Op::One));
    let message = SendMessage::new(User::key(1), template())
        .with("z", "마지막")
        .with("a", -3)
        .with("m", 4_000_000_000_u32)
        .with("b", String::from("\"<&>\\"))
        .with("k", u64::MAX)
        .with("c", i64::MIN)
        .with("y", false)
        .with("x", Variable::decimal(1.5).unwrap())
        .with("a", 7);
    let body = r#"{"templateSetCode":"example-order-shipped","context":{"z":"마지막","a":7,"m":4000000000,"b":"\"<&>\\","k":18446744073709551615,"c":-9223372036854775808,"y":false,"x":1.5}}"#;
    let stored: SendMessage = serde_json::from_str(&serde_json::to_string(&message).unwrap()).unwrap();
    assert_eq!(stored, message);
    for message in [message, stored] {
        messenger(&server).send_message(message).await.unwrap();
    }
    for request in seen.lock().unwrap().iter() {
        assert_eq!(std::str::from_utf8(request.body_ref()).unwrap(), body);
    }
}

#[tokio::test]
async fn every_documented_answer_is_read_in_full() {
    for name in fixtures(".response") {
        for status in [200, 201, 400, 403, 500] {
            let result = answered(Op::of_fixture(&name), status, &fixture(&name)).await.unwrap();
            let read = without_empties(&serde_json::to_value(&result).unwrap());
            let newer = text(&name).replace("reachFailReason", "reachedFailReason");
            let newer: Value = serde_json::from_str(&newer).unwrap();
            let payload = newer.get("success").or(newer.get("result")).unwrap();
            assert_eq!(read, without_empties(payload), "{name}, HTTP {status}");
        }
    }
}

fn result(name: &str) -> SendResult {
    serde_json::from_value(payload(&format!("messenger/{name}.response"))).unwrap()
}

fn failures(result: &SendResult) -> Vec<(Channel, &str, Option<&str>)> {
    let shown = |(channel, message)| {
        let message: &ait_messenger::ReportedMessage = message;
        (channel, message.content_id.as_deref().unwrap(), message.reached_fail_reason.as_deref())
    };
    result.failures().map(shown).collect()
}

#[test]
fn accepted_is_not_reached() {
    let refused = "알림 수신에 동의하지 않은 사용자예요.";
    for (name, sent, failed) in [
        ("send-message", 1, vec![]),
        ("send-message.counters", 1, vec![]),
        ("send-message.old-sparse", 1, vec![]),
        ("send-test-message", 1, vec![]),
        ("send-bulk-message", 2, vec![]),
        ("send-message.not-reached", 0, vec![(Channel::Push, "example-content-2", Some(refused))]),
        (
            "send-message.old",
            1,
            vec![(Channel::Inbox, "example-content-4", Some("알림함에 도달하지 못했어요."))],
        ),
        ("send-bulk-message.partial", 1, vec![(Channel::Push, "example-content-10", Some(refused))]),
    ] {
        let result = result(name);
        assert_eq!(result.sent_count(), Some(sent), "{name}");
        assert_eq!(failures(&result), failed, "{name}");
    }
    assert_eq!(SendResult::default().sent_count(), None, "nothing is said");
    assert_eq!(SendResult::default().failures().count(), 0);
}

#[test]
fn each_channel_has_its_counter_and_its_list() {
    let channels = [
        (Channel::Push, "Push"),
        (Channel::Inbox, "Inbox"),
        (Channel::Sms, "Sms"),
        (Channel::Alimtalk, "Alimtalk"),
        (Channel::Friendtalk, "Friendtalk"),
    ];
    let mut all = json!({ "msgCount": 1_000_000, "fail": {} });
    for (number, (channel, name)) in (0_u32..).zip(channels) {
        let alone = json!({
            (format!("sent{name}Count")): 7,
            "fail": { (format!("sent{name}")): [{ "contentId": "x" }, { "contentId": "y" }] },
        });
        let result: SendResult = serde_json::from_value(alone).unwrap();
        assert_eq!(result.sent_count(), Some(7));
        assert_eq!(failures(&result), [(channel, "x", None), (channel, "y", None)]);
        all[format!("sent{name}Count")] = json!(10_u64.pow(number));
        all["fail"][format!("sent{name}")] = json!([{ "contentId": name }]);
    }
    let result: SendResult = serde_json::from_value(all).unwrap();
    assert_eq!(result.sent_count(), Some(11_111), "msgCount is not used");
    let expected: Vec<_> = channels.iter().map(|(channel, name)| (*channel, *name, None)).collect();
    assert_eq!(failures(&result), expected);
}

#[tokio::test]
async fn the_user_agent_can_be_named_and_the_base_may_have_a_path() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &response(Op::One));
    let client =
        ait_messenger::ait_core::Client::builder().base_url(format!("{}/behind/", server.base_url()));
    let client = client.no_proxy().user_agent("shop/2.1").build().unwrap();
    Op::One.run(&ait_messenger::Messenger::new(client)).await.unwrap();
    let request = one(&seen);
    assert_eq!(request.uri().path(), "/behind/api-partner/v1/apps-in-toss/messenger/send-message");
    assert!(headers(&request).contains(&("user-agent".to_owned(), "shop/2.1".to_owned())));
}
