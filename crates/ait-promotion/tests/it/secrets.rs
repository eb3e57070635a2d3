//! Canaries: what a request or a state carries is not shown by it, nor by an error about it.

use crate::support::{promotion, row::Row};
use ait_promotion::{
    ExecutePromotion, GetKey, Grant, GrantState, IssuedKey, PromotionCode, PromotionKey,
    ait_core::{Krw, Ticket, User},
    grant::{Attempt, Command, Event, Executed, GrantError, GrantRecord, Policy, Why},
};
use ait_testkit::{answer, logged};
use httpmock::MockServer;
use serde_json::json;

const USER_KEY: u64 = 7_410_258_963_014_725;
const ANONYMOUS: &str = "anon-CANARY-4f1c";
const KEY: &str = "key-CANARY-8d2e";

#[track_caller]
fn clean(text: &str) {
    for canary in [&USER_KEY.to_string(), ANONYMOUS, KEY] {
        assert!(!text.contains(canary), "{canary} is shown: {text}");
    }
}

fn users() -> [User; 2] {
    [User::key(USER_KEY), User::anonymous(ANONYMOUS).unwrap()]
}

fn key() -> PromotionKey {
    PromotionKey::new(KEY).unwrap()
}

fn execute(user: User) -> ExecutePromotion {
    ExecutePromotion::new(user, PromotionCode::new("CODE").unwrap(), key(), Krw::new(10)).unwrap()
}

#[test]
fn requests_answers_and_states_do_not_show_keys_and_users() {
    for user in users() {
        clean(&format!("{:?}", GetKey::new(user.clone())));
        clean(&format!("{:?} {:#?}", execute(user.clone()), execute(user.clone()).result()));
        clean(&format!("{:?}", Ticket::new(&execute(user.clone())).unwrap()));
        let grant = Grant::new(user, PromotionCode::new("CODE").unwrap(), Krw::new(10)).unwrap();
        let attempt = Attempt::new(1, key(), None);
        for state in [
            GrantState::Planned { number: 1, unsent: Some(attempt.clone()) },
            GrantState::Executing { attempt: attempt.clone() },
            GrantState::Accepted { attempt: attempt.clone(), asked: 0 },
            GrantState::Doubt { attempt: attempt.clone(), asked: 0, used: false },
            GrantState::Probe { attempt: attempt.clone(), asked: 1, refused: false, retry: true },
            GrantState::Retry { attempt: attempt.clone(), asked: 1 },
            GrantState::Paid { attempt: attempt.clone() },
            GrantState::Failed { attempt: attempt.clone() },
            GrantState::Refused { attempt: attempt.clone(), code: "4100".to_owned() },
            GrantState::Parked { attempt, why: Why::NoRecord },
        ] {
            clean(&format!("{:#?}", GrantRecord::new(grant.clone(), state.clone())));
            let error: GrantError<()> = GrantError::NotRetried(Box::new(state));
            clean(&format!("{error:?} {error}"));
        }
    }
    let issued: IssuedKey = serde_json::from_value(json!({ "key": KEY })).unwrap();
    clean(&format!("{issued:?}"));
    clean(&format!("{:?} {:?}", Command::Execute(key()), Command::Ask(key())));
    clean(&format!("{:?}", Event::KeyReceived { key: key(), date: None }));
    clean(&format!("{:?}", Event::Executed(Executed::Accepted { key: key() })));
}

#[tokio::test]
async fn what_a_promotion_remembers_does_not_show() {
    for user in users() {
        let server = MockServer::start_async().await;
        answer(&server, 200, &json!({ "resultType": "SUCCESS", "success": { "key": KEY } }));
        let (promotion, mut row) = (promotion(&server), Row::default());
        let grant = Grant::new(user, PromotionCode::new("CODE").unwrap(), Krw::new(10)).unwrap();
        grant.run(&promotion, &Policy::park(), &mut row).await.unwrap();
        let shown = format!("{promotion:?}");
        assert!(shown.contains("users: 1, made: 2, reserved: 0"), "{shown}");
        clean(&shown);
    }
}

#[tokio::test]
async fn errors_do_not_show_keys_and_users() {
    for (status, body) in [
        (200, json!({ "resultType": "SUCCESS", "success": { "key": { "x": KEY } } })),
        (200, json!({ "resultType": "SUCCESS", "success": [{ "x": KEY }] })),
        (200, json!({ "resultType": "SUCCESS", "success": { KEY: KEY } })),
        (502, json!([KEY, ANONYMOUS, USER_KEY])),
        (200, json!({ "resultType": "FAIL", "error": { "errorCode": "4110", "reason": "?" } })),
    ] {
        for user in users() {
            let server = MockServer::start_async().await;
            answer(&server, status, &body);
            let promotion = promotion(&server);
            let call = promotion.execute_promotion(execute(user.clone()));
            clean(&format!("{call:?}"));
            clean(&logged(&call.await.unwrap_err()));
            clean(&logged(&promotion.execution_result(execute(user.clone()).result()).await.unwrap_err()));
            clean(&logged(&promotion.get_key(GetKey::new(user)).await.unwrap_err()));
        }
    }
    for user in users() {
        let server = MockServer::start_async().await;
        let quoted = match &user {
            User::Key(key) => format!("{} {KEY}", key.expose()),
            _ => format!("{ANONYMOUS} {KEY}"),
        };
        let body = json!({ "resultType": "FAIL", "error": { "errorCode": "4010", "reason": quoted } });
        answer(&server, 200, &body);
        let request = execute(user);
        clean(&logged(&promotion(&server).execution_result(request.result()).await.unwrap_err()));
        clean(&logged(&promotion(&server).execute_promotion(request).await.unwrap_err()));
    }
}
