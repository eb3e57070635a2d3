//! The limits of requests: what breaks one is named, and never sent.

use crate::support::{Op, promotion};
use ait_promotion::{
    ErrorCode, ExecutePromotion, ExecutionResult, GetKey, Grant, PromotionCode, PromotionKey,
    ait_core::{Krw, User},
    grant::ExpiredCode,
};
use ait_testkit::{USER_KEY, answer, fixture, key, names};
use httpmock::MockServer;
use serde_json::{Value, json};

fn code() -> PromotionCode {
    PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap()
}

#[test]
fn codes_and_keys_are_not_empty_and_hold_no_blanks() {
    names(
        &PromotionCode::new("").unwrap_err(),
        &["promotionCode: ", "must not be empty; copy it from the console"],
    );
    names(
        &PromotionKey::new("").unwrap_err(),
        &["key: ", "must not be empty; pass it exactly as get-key returned it"],
    );
    // The guide prints the prefix with a space.
    let error = PromotionCode::new("TEST 01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap_err();
    names(&error, &["promotionCode: ", "character 5 is one", "TEST_", "underscore"]);
    for blank in [' ', '\n', '\t', '\u{a0}', '\0'] {
        let error = PromotionKey::new(format!("SECRETKEY{blank}")).unwrap_err();
        names(&error, &["key: ", "blanks or control characters", "character 10"]);
        assert!(!error.to_string().contains("SECRETKEY"), "a key is never quoted");
    }
    assert_eq!(PromotionCode::unchecked("a b").as_str(), "a b", "the way out");
    assert_eq!(PromotionKey::unchecked("a b").expose(), "a b", "the way out");
}

#[test]
fn a_test_code_has_the_prefix_once() {
    let (live, test) = (code(), code().test());
    assert_eq!(test.as_str(), "TEST_01JPPJ6SB66BQXXDAKRQZ6SZD7");
    assert_eq!((live.is_test(), test.is_test()), (false, true));
    assert_eq!(test.test(), test);
    assert_eq!(PromotionCode::new(test.as_str()).unwrap(), test);
    assert!(!PromotionCode::new("TESTING01").unwrap().is_test());
}

#[test]
fn a_grant_is_one_point_or_more() {
    let execute = |amount| {
        let key = PromotionKey::new("k").unwrap();
        ExecutePromotion::new(User::key(USER_KEY), code(), key, Krw::new(amount))
    };
    for amount in [1, 5_000, i64::MAX] {
        assert_eq!(execute(amount).unwrap().amount(), Krw::new(amount));
        assert!(Grant::new(User::key(USER_KEY), code(), Krw::new(amount)).is_ok());
    }
    for amount in [0, -1, i64::MIN] {
        names(&execute(amount).unwrap_err(), &["amount: ", "1 point or more", &format!("is {amount}")]);
        let error = Grant::new(User::key(USER_KEY), code(), Krw::new(amount)).unwrap_err();
        names(&error, &["amount: "]);
    }
}

#[test]
fn the_code_of_an_expired_key_means_nothing_else() {
    assert_eq!(ExpiredCode::new("4199").unwrap().as_str(), "4199");
    for code in ["", " "] {
        names(&ExpiredCode::new(code).unwrap_err(), &["expiredCode: ", "must not be empty"]);
    }
    for code in ErrorCode::KNOWN {
        let error = ExpiredCode::new(code.as_str()).unwrap_err();
        names(&error, &["expiredCode: ", code.as_str(), "another meaning"]);
    }
}

#[tokio::test]
async fn a_stored_request_that_breaks_a_rule_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("promotion/execute-promotion.response"));
    for amount in [json!(0), json!(-1), json!("0"), json!(-1.0)] {
        let mut sample = Op::Execute.sample();
        sample["amount"] = amount.clone();
        let error = Op::Execute.send(&promotion(&server), sample, key()).await.unwrap_err();
        names(&error, &[Op::Execute.endpoint(), "amount: ", "1 point or more", "; not sent"]);
        assert_eq!(error.endpoint(), Some(Op::Execute.endpoint()), "{amount}");
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_unchecked_text_that_is_none_is_not_sent() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("promotion/execution-result.response"));
    let (no_code, no_key) = (PromotionCode::unchecked(""), PromotionKey::unchecked(""));
    for (code, key, words) in [
        (
            no_code,
            PromotionKey::unchecked("k"),
            ["promotionCode: ", "must not be empty; copy it from the console"],
        ),
        (code(), no_key, ["key: ", "must not be empty; pass it exactly as get-key returned it"]),
    ] {
        let execute =
            ExecutePromotion::new(User::key(USER_KEY), code.clone(), key.clone(), Krw::new(10)).unwrap_err();
        names(&execute, &words);
        let question = ExecutionResult::new(User::key(USER_KEY), code, key);
        let error = promotion(&server).execution_result(question).await.unwrap_err();
        names(&error, &words);
        assert_eq!(error.endpoint(), Some(Op::Result.endpoint()));
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_breaks_another_rule_can_be_sent_unchecked() {
    let server = MockServer::start_async().await;
    let seen = answer(&server, 200, &fixture("promotion/execution-result.response"));
    let question = ExecutionResult::new(
        User::key(USER_KEY),
        PromotionCode::unchecked("a b"),
        PromotionKey::unchecked(" "),
    );
    promotion(&server).execution_result(question).await.unwrap();
    let body: Value = serde_json::from_slice(seen.lock().unwrap()[0].body_ref()).unwrap();
    assert_eq!(body, json!({ "promotionCode": "a b", "key": " " }));
}

#[test]
fn a_stored_request_for_a_key_may_name_no_user_and_never_a_wrong_one() {
    for none in [json!({}), json!({ "user": null })] {
        assert_eq!(serde_json::from_value::<GetKey>(none).unwrap(), GetKey::without_user());
    }
    assert_eq!(serde_json::to_value(GetKey::without_user()).unwrap(), json!({}));
    for wrong in [json!(""), json!({}), json!({ "key": "" }), json!([])] {
        assert!(serde_json::from_value::<GetKey>(json!({ "user": wrong })).is_err(), "{wrong}");
    }
}

#[test]
fn a_stored_request_without_its_essentials_is_no_request() {
    fn refused<R: serde::de::DeserializeOwned + std::fmt::Debug>(op: Op, essential: &[&str]) {
        let mut whole = op.sample();
        whole["user"] = key();
        assert!(serde_json::from_value::<R>(whole.clone()).is_ok(), "{op:?}");
        for member in essential {
            let mut missing = whole.clone();
            missing.as_object_mut().unwrap().remove(*member);
            let error = serde_json::from_value::<R>(missing).unwrap_err();
            assert!(error.to_string().contains(member), "{op:?} without {member}: {error}");
            for none in [json!(""), json!(null)] {
                let mut empty = whole.clone();
                empty[*member] = none.clone();
                assert!(serde_json::from_value::<R>(empty).is_err(), "{op:?}, {member} is {none}");
            }
        }
    }
    refused::<ExecutePromotion>(Op::Execute, &["user", "promotionCode", "key", "amount"]);
    refused::<ExecutionResult>(Op::Result, &["user", "promotionCode", "key"]);
    refused::<Grant>(Op::Execute, &["user", "promotionCode", "amount"]);
}
