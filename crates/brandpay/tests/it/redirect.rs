//! What the browser brings back comes out after a comparison, or not at all.

use crate::support::names;
use brandpay::{
    Confirm, CustomerKey, ErrorCode, OrderId,
    ait_core::{Error, IdempotencyKey, Krw},
    redirect::{Authorized, Failure, Success, Verified},
};

const SUCCESS: &str = "paymentType=BRANDPAY&orderId=order-2026-000017&paymentKey=5EnNZ%2DRJ&amount=10000";

fn order() -> OrderId {
    OrderId::new("order-2026-000017").unwrap()
}

fn success(query: &str) -> Result<Verified, Error> {
    Success::parse(query).and_then(|query| query.verify(&order(), Krw::new(10_000)))
}

#[test]
fn a_redirect_gives_its_values_out_after_a_comparison() {
    for query in [SUCCESS.to_owned(), format!("?{SUCCESS}#top"), SUCCESS.replace("10000", "10000.0")] {
        let verified = success(&query).unwrap();
        assert_eq!(verified.payment_key().as_str(), "5EnNZ-RJ");
        assert_eq!((verified.order_id(), verified.amount()), (&order(), Krw::new(10_000).into()));
        let key = IdempotencyKey::new("k").unwrap();
        let confirm = Confirm::verified(key, verified, CustomerKey::new("customer").unwrap());
        assert_eq!((confirm.order_id(), confirm.amount()), (&order(), Krw::new(10_000).into()));
        assert_eq!(confirm.payment_key().as_str(), "5EnNZ-RJ");
    }
    let stored = "must be that of the stored order; do not confirm";
    names(success(&SUCCESS.replace("10000", "9999")), &["amount: ", stored]);
    names(success(&SUCCESS.replace("000017", "000018")), &["orderId: ", stored]);
    let kind = "must be BRANDPAY; confirm other payments by the core API";
    names(success(&SUCCESS.replace("BRANDPAY", "NORMAL")), &["paymentType: ", kind]);
    // It is not said that it always comes.
    assert!(success(&SUCCESS.replace("paymentType=BRANDPAY&", "")).is_ok());
    assert!(success(&SUCCESS.replace("BRANDPAY", "")).is_ok());
    assert_eq!(Success::parse(SUCCESS).unwrap().claimed_order_id(), &order());
}

#[test]
fn what_is_missing_empty_or_there_twice_is_refused() {
    for (name, value) in [("orderId", "order-2026-000017"), ("paymentKey", "5EnNZ%2DRJ"), ("amount", "10000")]
    {
        let pair = format!("{name}={value}");
        let words: [&str; 2] = [&format!("{name}: "), "must be in the query; pass it as the browser sent it"];
        for other in ["x=1".to_owned(), name.to_owned(), format!("{name}=")] {
            names(Success::parse(&SUCCESS.replace(&pair, &other)), &words);
        }
        let twice = "must not be in the query twice; refuse it, somebody edited it";
        for second in [pair, format!("{name}="), name.to_owned(), format!("{name}=1")] {
            let words: [&str; 2] = [&format!("{name}: "), twice];
            names(Success::parse(&format!("{SUCCESS}&{second}")), &words);
            names(Success::parse(&format!("{second}&{SUCCESS}")), &words);
        }
    }
    names(Success::parse(&format!("{SUCCESS}&paymentType=BRANDPAY")), &["paymentType: ", "twice"]);
    names(Success::parse(&SUCCESS.replace("10000", "1,000")), &["amount: ", "decimal number"]);
    names(Success::parse(&SUCCESS.replace("5EnNZ%2DRJ", "a%20b")), &["paymentKey: ", "blanks"]);
    names(Failure::parse("code=A&code=A"), &["code: ", "twice"]);
    names(Failure::parse("code=A&message=1&message=2"), &["message: ", "twice"]);
    names(Failure::parse("code=A&orderId=1&orderId=2"), &["orderId: ", "twice"]);
    names(Failure::parse("message=x"), &["code: ", "must be in the query"]);
    for query in ["code=x", "customerKey=x", "", "?", "#code=x&customerKey=x"] {
        let missing = if query == "code=x" { "customerKey: " } else { "code: " };
        names(Authorized::parse(query), &[missing, "must be in the query"]);
    }
    names(Authorized::parse("code=x&customerKey=ab&customerKey=ab"), &["customerKey: ", "twice"]);
}

#[test]
fn a_code_comes_out_for_the_customer_of_the_session_alone() {
    let customer = CustomerKey::new("a=b@c.d").unwrap();
    let authorized = Authorized::parse("code=RnYX2w532omp6gDQgVNeyqAp&customerKey=a%3Db%40c.d").unwrap();
    assert_eq!(format!("{authorized:?}"), "Authorized(..)");
    let words = ["customerKey: ", "must be that of the session; do not ask for a token"];
    for other in ["another", "a=b@c.D", "a=b@c.", "a=b@c.dd"] {
        let error = authorized.clone().verify(&CustomerKey::new(other).unwrap());
        assert!(!error.as_ref().unwrap_err().to_string().contains(other), "never quoted");
        names(error, &words);
    }
    assert_eq!(authorized.verify(&customer).unwrap().expose(), "RnYX2w532omp6gDQgVNeyqAp");
}

#[test]
fn a_failure_is_read_to_be_shown() {
    let failure = Failure::parse("code=PAY_PROCESS_CANCELED&message=%EC%B7%A8%EC%86%8C+%EB%90%A8").unwrap();
    assert_eq!(failure.code, ErrorCode::PayProcessCanceled);
    assert_eq!((failure.message.as_deref(), failure.order_id), (Some("취소 됨"), None));
    let failure = Failure::parse("code=X&message=&orderId=a.b").unwrap();
    assert_eq!((failure.code.as_str(), failure.message), ("X", None));
    assert_eq!(failure.order_id, Some(OrderId::unchecked("a.b")), "read whatever its form");
}

#[test]
fn queries_are_read_as_browsers_write_them() {
    let message = |query: &str| Failure::parse(&format!("code=X&{query}")).unwrap().message;
    for (query, expected) in [
        ("message=a+b%20c", "a b c"),
        ("message=a%2Bb", "a+b"),
        ("message=%ec%83%9D", "생"),
        ("message=a=b", "a=b"),
        ("message=%41%0a%7E%FE%BF", ""),
        ("&&message=x&&", "x"),
        ("%6Dessage=x", "x"),
        ("mes%73age=x%26y", "x&y"),
        ("message=a?b", "a?b"),
        ("message=a;b", "a;b"),
        ("message=x#a#b", "x"),
        ("message=x#&message=y", "x"),
        ("message=%3Fx%23y", "?x#y"),
    ] {
        if expected.is_empty() {
            names(
                Failure::parse(query),
                &["query: ", "percent-encoded UTF-8; pass it as the browser sent it"],
            );
        } else {
            assert_eq!(message(query).as_deref(), Some(expected), "{query}");
        }
    }
    assert_eq!(Failure::parse("?code=X").unwrap().code, ErrorCode::from("X"));
    names(Failure::parse("??code=X"), &["code: "]);
    for broken in ["%", "%4", "%zz", "%4z", "%z4", "%4g", "%g4", "%ff", "a%", "%+1", "%-1", "%C3%28"] {
        for query in [format!("message={broken}"), format!("{broken}=x"), broken.to_owned()] {
            names(Failure::parse(&format!("code=X&{query}")), &["query: "]);
            names(Success::parse(&format!("{SUCCESS}&{query}")), &["query: "]);
            names(Authorized::parse(&format!("code=x&customerKey=ab&{query}")), &["query: "]);
        }
    }
}

#[test]
fn identifiers_are_compared_whatever_their_form_and_names_to_the_letter() {
    let order = OrderId::unchecked("주문 1");
    let query = "orderId=%EC%A3%BC%EB%AC%B8+1&paymentKey=k&amount=1&Amount=2";
    assert!(Success::parse(query).unwrap().verify(&order, Krw::new(1)).is_ok());
    let customer = CustomerKey::unchecked("고객");
    let authorized = Authorized::parse("code=c&Code=d&customerKey=%EA%B3%A0%EA%B0%9D").unwrap();
    assert_eq!(authorized.verify(&customer).unwrap().expose(), "c");
}
