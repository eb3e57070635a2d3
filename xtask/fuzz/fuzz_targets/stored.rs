//! What an application stored and hands back: tickets, the state of a grant, tokens; and what answers make of them.
//!
//! The first byte chooses; where an answer follows, a zero byte parts it from what was stored.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use std::fmt::Debug;

use ait_core::{Endpoint, Resolution, Schedule, Ticket};
use ait_fuzz::{canary, logged, server::Server};
use ait_login::Token;
use ait_promotion::{
    ExecutePromotion, GrantStatus, Promotion, PromotionKey,
    grant::{
        Asked, Command, Event, Executed, ExpiredCode, Grant, GrantRecord, GrantState, Policy, ServerDate,
        next,
    },
};
use ait_tosspay::{ExecutePayment, MakePayment, RefundPayment, TossPay};
use brandpay::{AutomaticPayment, BrandPay, Cancel, Confirm};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const KEEP: [&str; 7] = [
    ExecutePayment::NAME,
    MakePayment::NAME,
    RefundPayment::NAME,
    ExecutePromotion::NAME,
    Confirm::NAME,
    AutomaticPayment::NAME,
    Cancel::NAME,
];

thread_local! {
    static SERVER: Server = Server::start();
}

fuzz_target!(|data: &[u8]| {
    let [how, rest @ ..] = data else { return };
    match how % 6 {
        0 => ticket(rest, false),
        1 => ticket(rest, true),
        2 => resolve(rest),
        3 => {
            stable::<GrantRecord>(rest);
            stable::<Grant>(rest);
        }
        4 => {
            stable::<Token>(rest);
        }
        _ => {
            if let Some(state) = stable::<GrantState>(rest) {
                go_on(&state);
            }
        }
    }
});

fn stable<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(json).ok()?;
    let text = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), read, "{text}");
    Some(read)
}

fn ticket(json: &[u8], canaries: bool) {
    let planted = canary::planted(json, &KEEP).filter(|_| canaries);
    let json = planted.as_deref().unwrap_or(json);
    let ticket: Ticket = match serde_json::from_slice(json) {
        Ok(ticket) => ticket,
        Err(error) => {
            if planted.is_some() && !error.to_string().contains("version") {
                canary::silent(&error.to_string());
            }
            return;
        }
    };
    let text = serde_json::to_string(&ticket).unwrap();
    let again: Ticket = serde_json::from_str(&text).unwrap();
    assert!(again == ticket, "{text}");
    let _ = ticket.age();
    request::<ExecutePayment>(&ticket);
    request::<MakePayment>(&ticket);
    request::<RefundPayment>(&ticket);
    request::<ExecutePromotion>(&ticket);
    request::<Confirm>(&ticket);
    request::<AutomaticPayment>(&ticket);
    request::<Cancel>(&ticket);
}

fn request<E: Endpoint + Serialize + DeserializeOwned + PartialEq>(ticket: &Ticket) {
    match ticket.request::<E>() {
        Ok(request) => {
            assert_eq!(ticket.endpoint(), E::NAME);
            // The ticket of what it holds holds the same.
            let again: E = Ticket::new(&request).unwrap().request().unwrap();
            assert!(again == request, "{}: another request comes back", E::NAME);
        }
        Err(error) => canary::silent(&logged(&error)),
    }
}

/// A ticket and an answer to the question.
fn resolve(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (ticket, answer) = (&bytes[..at], bytes.get(at + 1..).unwrap_or_default());
    let Ok(ticket) = serde_json::from_slice::<Ticket>(ticket) else { return };
    let json: Option<Value> = serde_json::from_slice(answer).ok();
    let said = |known: bool, as_success: &dyn Fn(&Value) -> bool| {
        let fits = json.as_ref().is_none_or(as_success);
        assert!(!known || fits, "{} is settled by what says nothing", ticket.endpoint());
    };
    let is_success = |body: &Value| body["resultType"] == "SUCCESS" && body["error"].is_null();
    let once = Schedule::once();
    SERVER.with(|server| {
        server.say(200, answer);
        let client = server.client().clone();
        if let Ok(end) = server.run(TossPay::new(client.clone()).resolve(&ticket, &once)) {
            said(!matches!(end, Resolution::Unknown { .. }), &is_success);
        }
        if let Ok(end) = server.run(Promotion::new(client.clone()).resolve(&ticket, &once)) {
            said(!matches!(end, Resolution::Unknown { .. }), &is_success);
        }
        let shop = BrandPay::new(client, "test_sk_0123456789");
        if let Ok(end) = server.run(shop.resolve(&ticket, &once)) {
            said(!matches!(end, Resolution::Unknown { .. }), &Value::is_object);
            // The same words as a refusal settle nothing, unless they say that there is no such payment.
            server.say(400, answer);
            if let Ok(end) = server.run(shop.resolve(&ticket, &once)) {
                said(!matches!(end, Resolution::Unknown { .. }), &|body| body["code"] == "NOT_FOUND_PAYMENT");
            }
        }
    });
}

/// All that can happen next, in any state that was stored.
fn go_on(state: &GrantState) {
    let key = |text: &str| PromotionKey::unchecked(text);
    let statuses = ["SUCCESS", "PENDING", "FAILED", "?"].map(|text| Asked::Status(GrantStatus::from(text)));
    let dates = [None, Some(ServerDate::from_unix_seconds(0)), Some(ServerDate::from_unix_seconds(u64::MAX))];
    let answers = statuses.into_iter().chain([Asked::NoRecord, Asked::Silent]);
    let ends = [
        Executed::Accepted { key: key("k") },
        Executed::NotTaken,
        Executed::Refused { code: "4109".to_owned() },
        Executed::Unclear { code: "4113".to_owned() },
        Executed::Unclear { code: "EXPIRED".to_owned() },
        Executed::Odd,
        Executed::Silent,
    ];
    let mut events = vec![Event::Started, Event::Retry, Event::KeyReceived { key: key("k"), date: None }];
    events.extend(ends.into_iter().map(Event::Executed));
    for answer in answers {
        events.extend(dates.iter().map(|date| Event::Asked { answer: answer.clone(), date: *date }));
    }
    let fence = Policy::probe_fence(ExpiredCode::new("EXPIRED").unwrap());
    for policy in [Policy::park(), fence, Policy::park().questions(u32::MAX)] {
        for event in &events {
            let (after, commands) = next(state, event, &policy);
            let sends =
                commands.iter().any(|command| matches!(command, Command::Execute(_) | Command::GetKey));
            let saves = commands.first() == Some(&Command::Save);
            assert!(after == *state || saves, "{state:?} becomes {after:?} unsaved");
            let settled = matches!(state, GrantState::Paid { .. } | GrantState::Parked { .. });
            assert!(!settled || (after == *state && commands.is_empty()), "{state:?} goes on: {commands:?}");
            let asks_only = matches!(state, GrantState::Accepted { .. });
            assert!(!asks_only || !sends, "{state:?} sends again: {commands:?}");
            // Only a fence sends what may have arrived, or takes another key.
            let may =
                matches!(state, GrantState::Planned { .. }) || matches!(state, GrantState::Probe { .. });
            let fenced = policy != Policy::park() && policy != Policy::park().questions(u32::MAX);
            assert!(may || fenced || !sends, "{state:?} sends without a fence: {commands:?}");
            let text = serde_json::to_string(&after).unwrap();
            assert_eq!(serde_json::from_str::<GrantState>(&text).unwrap(), after);
        }
    }
}
