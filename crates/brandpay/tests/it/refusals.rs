//! Which codes prove that nothing was done, and who tells what became of a call that is in doubt.

use std::collections::HashSet;

use crate::support::{Op, answered, eager};
use ait_testkit::answers;
use brandpay::{
    ait_core::{Endpoint, Error, Outcome},
    *,
};
use httpmock::MockServer;
use serde_json::json;

/// Proof for every call, by the form of these answers.
const COMMON: [&str; 5] = [
    "INVALID_API_KEY",
    "UNAUTHORIZED_KEY",
    "INCORRECT_BASIC_AUTH_FORMAT",
    "INVALID_REQUEST",
    "INVALID_IDEMPOTENCY_KEY",
];

const CUSTOMER: [&str; 5] = [
    "API_VERSION_UPDATE_NEEDED",
    "INVALID_CUSTOMER_KEY",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    "NOT_MATCHES_CUSTOMER_KEY",
];
const PAY: [&str; 16] = [
    "API_VERSION_UPDATE_NEEDED",
    "BELOW_MINIMUM_AMOUNT",
    "EXCEED_MAX_AUTH_COUNT",
    "INVALID_CUSTOMER_KEY",
    "INVALID_ORDER_ID",
    "INVALID_ORDER_NAME",
    "INVALID_PASSWORD",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    "NOT_FOUND_METHOD",
    "NOT_FOUND_METHOD_IN_GROUP",
    "NOT_FOUND_METHOD_OWNERSHIP",
    "NOT_MATCHES_CUSTOMER_KEY",
    "NOT_SUPPORTED_METHOD",
    "REJECT_ACCOUNT_PAYMENT",
    "REJECT_CARD_COMPANY",
];
const CANCEL: [&str; 17] = [
    "API_VERSION_UPDATE_NEEDED",
    "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
    "EXCEED_CANCEL_LIMIT",
    "EXCEED_MAX_REFUND_DUE",
    "FORBIDDEN_BANK_REFUND_REQUEST",
    "INVALID_BANK",
    "INVALID_REFUND_ACCOUNT_INFO",
    "INVALID_REFUND_ACCOUNT_NUMBER",
    "NOT_ALLOWED_PARTIAL_REFUND",
    "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
    "NOT_CANCELABLE_AMOUNT",
    "NOT_CANCELABLE_PAYMENT",
    "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
    "NOT_FOUND_HTTP_METHOD",
    "NOT_FOUND_MERCHANT",
    "NOT_FOUND_PAYMENT",
    "NOT_MATCHES_REFUNDABLE_AMOUNT",
];

fn proofs(op: Op) -> &'static [&'static str] {
    match op {
        Op::AgreeTerms | Op::AccessToken | Op::RemoveCard | Op::RemoveAccount => &CUSTOMER,
        Op::Confirm | Op::AutomaticPayment => &PAY,
        Op::Cancel => &CANCEL,
        _ => &[],
    }
}

fn listed(op: Op) -> &'static [&'static str] {
    match op {
        Op::Terms => Terms::REFUSALS,
        Op::AgreeTerms => AgreeTerms::REFUSALS,
        Op::AccessToken => IssueAccessToken::REFUSALS,
        Op::MethodsByToken => MethodsByToken::REFUSALS,
        Op::MethodsByCustomer => MethodsByCustomer::REFUSALS,
        Op::RemoveCard => RemoveCard::REFUSALS,
        Op::RemoveAccount => RemoveAccount::REFUSALS,
        Op::Confirm => Confirm::REFUSALS,
        Op::AutomaticPayment => AutomaticPayment::REFUSALS,
        Op::RemoveCustomer => RemoveCustomer::REFUSALS,
        Op::CardPromotions => CardPromotions::REFUSALS,
        Op::BankPromotions => BankPromotions::REFUSALS,
        Op::Cancel => Cancel::REFUSALS,
        Op::PaymentByKey => PaymentByKey::REFUSALS,
        Op::PaymentByOrder => PaymentByOrder::REFUSALS,
        Op::AllPromotions => AllPromotions::REFUSALS,
        Op::AllCardPromotions => AllCardPromotions::REFUSALS,
    }
}

async fn failed(op: Op, code: &str) -> Error {
    answered(op, 400, &json!({ "code": code, "message": "?" })).await.unwrap_err()
}

#[tokio::test]
async fn of_all_known_codes_these_alone_prove_that_a_write_did_nothing() {
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for code in ErrorCode::KNOWN.iter().map(ErrorCode::as_str) {
            let error = failed(op, code).await;
            let proof = proofs(op).contains(&code) || COMMON.contains(&code);
            let expected = if proof { Outcome::Refused } else { Outcome::Unknown };
            assert_eq!(error.outcome(), expected, "{op:?} {code}");
            assert_eq!(error.ticket().is_some(), !proof && Op::MONEY.contains(&op), "{op:?} {code}");
        }
    }
}

#[test]
fn the_lists_hold_what_was_judged_and_nothing_twice() {
    for op in Op::ALL {
        let (found, judged): (HashSet<_>, HashSet<_>) =
            (listed(op).iter().collect(), proofs(op).iter().collect());
        assert_eq!(found, judged, "{op:?}");
        assert_eq!(found.len(), listed(op).len(), "{op:?} holds a code twice");
        for code in listed(op) {
            assert!(ErrorCode::from(*code).is_known() && !COMMON.contains(code), "{op:?} {code}");
        }
    }
}

/// The calls that a row of the page is about, by how the cell with its codes ends. Without an ending: all.
fn calls(cell: &str) -> Vec<Op> {
    let (but_customer, but_cancel) = ([Op::RemoveCustomer].as_slice(), [Op::RemoveCustomer, Op::Cancel]);
    let payment = [Op::Confirm, Op::AutomaticPayment];
    let all_but = |left_out: &[Op]| -> Vec<Op> {
        Op::ALL.into_iter().filter(|op| op.is_write() && !left_out.contains(op)).collect()
    };
    let (_, end) = cell.rsplit_once('`').unwrap_or(("", ""));
    match end {
        "" | ", and any 409" | ", and any 5xx, whatever the code" | " of any call" => all_but(&[]),
        " of any call but removing a customer" => all_but(but_customer),
        " of any call but a cancel or removing a customer" => all_but(&but_cancel),
        " of a confirm or an automatic payment" => payment.to_vec(),
        " of a cancel" => vec![Op::Cancel],
        " of removing a card or an account" => vec![Op::RemoveCard, Op::RemoveAccount],
        other => panic!("which calls are meant by `{other}`?"),
    }
}

#[test]
fn the_page_says_of_every_code_in_the_lists_that_nothing_was_done() {
    let page = ait_testkit::page("brandpay-codes.md");
    let (_, section) = page.split_once("### What some codes say about the money\n").unwrap();
    let section = section.split("\n#").next().unwrap();
    let mut proofs: HashSet<(Op, &str)> = HashSet::new();
    let mut doubts: HashSet<(Op, &str)> = HashSet::new();
    for row in section.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, codes, reading, _] = cells[..] else { panic!("two columns: {row}") };
        for op in calls(codes) {
            for code in codes.split('`').skip(1).step_by(2) {
                let rows = if reading.starts_with("nothing ") { &mut proofs } else { &mut doubts };
                assert!(rows.insert((op, code)), "{op:?} {code} stands there twice");
            }
        }
    }
    for op in Op::ALL.into_iter().filter(|op| op.is_write()) {
        for code in listed(op) {
            assert!(proofs.contains(&(op, code)), "{op:?} {code} is missing");
        }
        for code in COMMON {
            assert!(proofs.contains(&(op, code)) || doubts.contains(&(op, code)), "{code} is missing");
        }
    }
    for (op, code) in &proofs {
        assert!(listed(*op).contains(code) || COMMON.contains(code), "{op:?} {code} is in no list");
        assert!(!doubts.contains(&(*op, *code)), "{op:?} {code} is a proof and a doubt");
    }
    for doubt in ["FORBIDDEN_CONSECUTIVE_REQUEST", "PROVIDER_ERROR", "INVALID_ACCESS_TOKEN"] {
        assert!(doubts.contains(&(Op::Confirm, doubt)), "{doubt} is missing");
    }
}

#[tokio::test]
async fn a_read_that_failed_has_done_nothing() {
    for op in Op::ALL.into_iter().filter(|op| !op.is_write()) {
        assert_eq!(failed(op, "A_CODE_OF_TOMORROW").await.outcome(), Outcome::Refused, "{op:?}");
    }
}

#[tokio::test]
async fn what_comes_after_a_lost_answer_and_may_follow_a_success_proves_nothing() {
    for (op, status, code) in [
        (Op::Confirm, 404, "NOT_FOUND_PAYMENT_SESSION"),
        (Op::Confirm, 404, "NOT_FOUND_PAYMENT"),
        (Op::AutomaticPayment, 400, "MAINTAINED_METHOD"),
        (Op::AutomaticPayment, 403, "NOT_AVAILABLE_BANK"),
        (Op::Cancel, 400, "REFUND_REJECTED"),
        (Op::Cancel, 403, "NOT_CANCELABLE_AMOUNT"),
        (Op::RemoveCard, 401, "INVALID_ACCESS_TOKEN"),
        (Op::RemoveCustomer, 401, "UNAUTHORIZED_KEY"),
        (Op::Confirm, 403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
        (Op::Cancel, 403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
    ] {
        let server = MockServer::start_async().await;
        let lost = (502, json!("gateway"));
        answers(&server, vec![lost, (status, json!({ "code": code, "message": "?" }))]);
        let error = op.run(&eager(&server)).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 2), "{op:?} {code}");
        assert_eq!(error.code(), Some(code));
    }
}

#[tokio::test]
async fn an_error_names_the_call_that_tells_what_became_of_it() {
    for op in Op::ALL {
        let teller = match op {
            Op::Confirm | Op::AutomaticPayment => Some("brandpay.payment_by_order"),
            Op::Cancel => Some("brandpay.payment_by_key"),
            Op::RemoveCard | Op::RemoveAccount => Some("brandpay.methods_by_token"),
            Op::AgreeTerms => Some("brandpay.terms"),
            _ => None,
        };
        let error = answered(op, 502, &json!("gateway")).await.unwrap_err();
        assert_eq!(error.settled_by(), teller, "{op:?}");
        let lost = if op.is_write() { Outcome::Unknown } else { error.outcome() };
        assert_eq!(error.outcome(), lost, "{op:?}");
    }
}
