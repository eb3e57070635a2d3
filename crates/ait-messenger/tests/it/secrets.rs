//! Canaries: users and variables are not shown, neither by a request nor by an error about it.

use crate::support::messenger;
use ait_messenger::{
    Context, DeploymentId, Recipient, SendBulkMessages, SendMessage, SendTestMessage, TemplateSetCode, Value,
    ait_core::User,
};
use ait_testkit::{answer, logged};
use httpmock::MockServer;
use serde_json::json;

const USER_KEY: u64 = 7_410_258_963_014_725;
const ANONYMOUS: &str = "anon-CANARY-4f1c";
const NAME: &str = "홍길동-CANARY";
const PHONE: u64 = 821_012_345_678;

fn template() -> TemplateSetCode {
    TemplateSetCode::new("example-order-shipped").unwrap()
}

#[track_caller]
fn clean(text: &str) {
    for canary in [&USER_KEY.to_string(), ANONYMOUS, NAME, &PHONE.to_string()] {
        assert!(!text.contains(canary), "{canary} is shown: {text}");
    }
}

fn users() -> [User; 2] {
    [User::key(USER_KEY), User::anonymous(ANONYMOUS).unwrap()]
}

fn message(user: User) -> SendMessage {
    SendMessage::new(user, template()).with("name", NAME).with("phone", PHONE)
}

fn many(user: &User) -> SendBulkMessages {
    let recipient = Recipient::new(user.clone()).with("name", NAME).with("phone", PHONE);
    SendBulkMessages::new(template(), [recipient.clone(), recipient]).unwrap()
}

#[test]
fn requests_do_not_show_users_and_variables() {
    for user in users() {
        let bundle = DeploymentId::new("00000000-0000-7000-8000-000000000001").unwrap();
        let test = SendTestMessage::new(user.clone(), template(), bundle).with("name", NAME);
        let text =
            format!("{:?} {:#?} {test:?} {:?}", message(user.clone()), message(user.clone()), many(&user));
        clean(&text);
        assert!(text.contains("name") && text.contains("example-order-shipped"), "{text}");
    }
    clean(&format!("{:?} {:?}", Value::from(NAME), Context::new().with("phone", PHONE)));
}

#[tokio::test]
async fn errors_do_not_show_users_and_variables() {
    for body in [
        json!({ "resultType": "SUCCESS", "success": { "msgCount": NAME } }),
        json!({ "resultType": "SUCCESS", "success": { "fail": { "sentPush": [NAME, ANONYMOUS, USER_KEY] } } }),
        json!({ "resultType": "SUCCESS", "success": { "detail": PHONE } }),
        json!({ "resultType": "FAIL", "error": { "errorCode": "INVALID_PARAMETER", "reason": "?", "data": {
            "errorDetails": [{ "field": "context", "message": NAME, "rejectedValue": PHONE }] } } }),
        json!([NAME, ANONYMOUS, USER_KEY]),
    ] {
        for user in users() {
            let server = MockServer::start_async().await;
            answer(&server, 200, &body);
            let messenger = messenger(&server);
            clean(&logged(&messenger.send_message(message(user.clone())).await.unwrap_err()));
            clean(&logged(&messenger.send_bulk_messages(many(&user)).await.unwrap_err()));
        }
    }
}

/// A name, an address and a number are personal data: whatever a server quotes of a request, an error shows none of it.
#[tokio::test]
async fn what_a_server_quotes_of_a_request_is_blanked_out() {
    const ADDRESS: &str = "서울시 강남구 테헤란로 131";
    const SHORT: &str = "이준";
    let variables = || [("name", NAME), ("address", ADDRESS), ("friend", SHORT)];
    for place in ["reason", "errorCode", "field", "message"] {
        for quoted in [NAME.to_owned(), ADDRESS.to_owned(), SHORT.to_owned(), PHONE.to_string()] {
            let user = User::key(USER_KEY);
            let text = format!("{quoted} / {USER_KEY}");
            let said = |name: &str| if name == place { text.clone() } else { "words".to_owned() };
            let body = json!({ "resultType": "FAIL", "error": {
                "errorCode": said("errorCode"), "reason": said("reason"),
                "data": { "errorDetails": [{ "field": said("field"), "message": said("message") }] },
            } });
            let server = MockServer::start_async().await;
            answer(&server, 200, &body);
            let messenger = messenger(&server);
            let context: Context = variables().into_iter().collect();
            let context = context.with("phone", PHONE);
            let bundle = DeploymentId::new("00000000-0000-7000-8000-000000000001").unwrap();
            let one = SendMessage::new(user.clone(), template()).context(context.clone());
            let test = SendTestMessage::new(user.clone(), template(), bundle).context(context.clone());
            let many = Recipient::new(user.clone()).context(context);
            let many = SendBulkMessages::new(template(), [many]).unwrap();
            for error in [
                messenger.send_message(one).await.unwrap_err(),
                messenger.send_test_message(test).await.unwrap_err(),
                messenger.send_bulk_messages(many).await.unwrap_err(),
            ] {
                let fields = error.fields().iter().map(|field| format!("{field:?}")).collect::<String>();
                let shown = format!("{} {fields} {:?} {:?}", logged(&error), error.code(), error.reason());
                clean(&shown);
                assert!(!shown.contains(ADDRESS) && !shown.contains(SHORT), "{place}: {shown}");
            }
        }
    }
}
