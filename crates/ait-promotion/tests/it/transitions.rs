//! What the decisions have in common, whatever the state.

use std::time::{Duration, SystemTime};

use ait_promotion::{
    GrantState, GrantStatus, PromotionKey,
    grant::{Asked, Attempt, Command, Event, Executed, ExpiredCode, Policy, ServerDate, Why, next},
};

const EXPIRED: &str = "4199";

fn key() -> PromotionKey {
    PromotionKey::new("K").unwrap()
}

fn attempt() -> Attempt {
    Attempt::new(1, key(), Some(ServerDate::from_unix_seconds(0)))
}

fn policies() -> [Policy; 2] {
    [Policy::park(), Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap())]
}

fn unfinished() -> Vec<GrantState> {
    let mut states = vec![
        GrantState::planned(),
        GrantState::Planned { number: 1, unsent: Some(attempt()) },
        GrantState::Executing { attempt: attempt() },
        GrantState::Accepted { attempt: attempt(), asked: 0 },
        GrantState::Retry { attempt: attempt(), asked: 0 },
    ];
    for one in [false, true] {
        states.push(GrantState::Doubt { attempt: attempt(), asked: 0, used: one });
        for retry in [false, true] {
            states.push(GrantState::Probe { attempt: attempt(), asked: 0, refused: one, retry });
        }
    }
    states
}

fn over() -> Vec<GrantState> {
    vec![
        GrantState::Paid { attempt: attempt() },
        GrantState::Failed { attempt: attempt() },
        GrantState::Refused { attempt: attempt(), code: "4109".to_owned() },
        GrantState::Parked { attempt: attempt(), why: Why::NoRecord },
    ]
}

/// Everything that a call can lead to, when the hour of its key is over.
fn answers(command: &Command) -> Vec<Event> {
    let date = Some(ServerDate::from_unix_seconds(3_900));
    let unclear = |code: &str| Executed::Unclear { code: code.to_owned() };
    match command {
        Command::GetKey => vec![Event::KeyReceived { key: key(), date }],
        Command::Execute(_) => [
            Executed::Accepted { key: key() },
            Executed::Accepted { key: PromotionKey::new("OTHER").unwrap() },
            Executed::NotTaken,
            Executed::Refused { code: "4109".to_owned() },
            unclear("4110"),
            unclear("4113"),
            unclear(EXPIRED),
            Executed::Odd,
            Executed::Silent,
        ]
        .map(Event::Executed)
        .to_vec(),
        Command::Ask(_) => [
            Asked::Status(GrantStatus::Success),
            Asked::Status(GrantStatus::Pending),
            Asked::Status(GrantStatus::Failed),
            Asked::Status(GrantStatus::from("NEW")),
            Asked::NoRecord,
            Asked::Silent,
        ]
        .map(|answer| Event::Asked { answer, date })
        .to_vec(),
        _ => Vec::new(),
    }
}

/// The greatest number of calls that a run can make from here.
fn most_calls(state: &GrantState, event: &Event, policy: &Policy, before: usize) -> usize {
    assert!(before < 10, "a run that never ends");
    let (state, commands) = next(state, event, policy);
    let then = commands.iter().flat_map(answers).map(|event| most_calls(&state, &event, policy, before + 1));
    then.max().unwrap_or(before)
}

#[test]
fn a_run_makes_five_calls_at_most() {
    // So many are held for it within the ten a minute of its user.
    let [park, probe_fence] = policies();
    let most = |policy| unfinished().iter().map(|state| most_calls(state, &Event::Started, policy, 0)).max();
    assert_eq!((most(&park), most(&probe_fence)), (Some(2), Some(5)));
}

#[test]
fn an_event_that_does_not_belong_changes_nothing() {
    let asked = answers(&Command::Ask(key()));
    let events = asked.into_iter().chain(answers(&Command::Execute(key()))).chain(answers(&Command::GetKey));
    for event in events.chain([Event::Started]) {
        for state in over() {
            assert_eq!(next(&state, &event, &Policy::park()), (state, Vec::new()), "{event:?}");
        }
    }
    for policy in policies() {
        for state in unfinished() {
            assert_eq!(next(&state, &Event::Retry, &policy), (state, Vec::new()));
        }
    }
}

#[test]
fn a_retry_is_of_what_failed_or_was_refused_and_can_be_proven_dead() {
    let [park, probe_fence] = policies();
    for state in over() {
        assert_eq!(next(&state, &Event::Retry, &park), (state.clone(), Vec::new()));
        let (new, commands) = next(&state, &Event::Retry, &probe_fence);
        if matches!(state, GrantState::Failed { .. } | GrantState::Refused { .. }) {
            assert_eq!(new, GrantState::Retry { attempt: attempt(), asked: 0 });
            assert_eq!(commands, [Command::Save, Command::Wait(Duration::ZERO)]);
        } else {
            assert_eq!((new, commands), (state, Vec::new()));
        }
    }
}

#[test]
fn what_may_pay_counts_as_spent() {
    for state in unfinished() {
        let nothing_was_sent = matches!(state, GrantState::Planned { .. });
        assert_eq!(state.may_have_paid(), !nothing_was_sent, "{state:?}");
        assert!(!state.is_over(), "{state:?}");
    }
    assert!(over().iter().all(GrantState::is_over));
    // In the order of `over`: paid, failed, refused, parked.
    assert_eq!(over().iter().map(GrantState::may_have_paid).collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn patience_ends_after_a_probe_too() {
    let [_, probe_fence] = policies();
    let probe_fence = probe_fence.questions(3);
    let silent = [Event::Executed(Executed::Silent), Event::Asked { answer: Asked::Silent, date: None }];
    for (retry, last) in [(false, Why::Undecided), (true, Why::KeyMayPay)] {
        for (refused, silent) in [false, true].into_iter().zip(&silent) {
            let probe = |asked| GrantState::Probe { attempt: attempt(), asked, refused, retry };
            let (state, commands) = next(&probe(1), silent, &probe_fence);
            let expected = match (refused, retry) {
                (true, _) => probe(2),
                (false, true) => GrantState::Retry { attempt: attempt(), asked: 2 },
                (false, false) => GrantState::Doubt { attempt: attempt(), asked: 2, used: false },
            };
            assert_eq!(state, expected);
            assert!(
                matches!(commands[..], [Command::Save, Command::Wait(pause)] if pause >= Duration::from_secs(3))
            );
            let (state, _) = next(&probe(2), silent, &probe_fence);
            assert_eq!(state, GrantState::Parked { attempt: attempt(), why: last.clone() });
        }
    }
    let question = Event::Asked { answer: Asked::NoRecord, date: None };
    let (state, _) = next(&GrantState::Retry { attempt: attempt(), asked: 2 }, &question, &probe_fence);
    assert_eq!(state, GrantState::Parked { attempt: attempt(), why: Why::KeyMayPay });
}

#[test]
fn a_probe_found_without_a_policy_for_it_becomes_a_question() {
    let [park, _] = policies();
    for refused in [false, true] {
        for retry in [false, true] {
            let probe = GrantState::Probe { attempt: attempt(), asked: 7, refused, retry };
            let expected = if retry {
                GrantState::Retry { attempt: attempt(), asked: 7 }
            } else {
                GrantState::Doubt { attempt: attempt(), asked: 7, used: false }
            };
            assert_eq!(
                next(&probe, &Event::Started, &park),
                (expected, vec![Command::Save, Command::Ask(key())])
            );
        }
    }
}

#[test]
fn a_server_date_is_to_the_second_and_not_before_1970() {
    let date = SystemTime::UNIX_EPOCH + Duration::from_millis(1_763_424_000_999);
    assert_eq!(ServerDate::from_system_time(date), Some(ServerDate::from_unix_seconds(1_763_424_000)));
    assert_eq!(ServerDate::from_system_time(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), None);
}

#[test]
fn the_first_answer_accepts_refuses_or_leaves_doubt() {
    let executing = GrantState::Executing { attempt: attempt() };
    let doubt = |used| GrantState::Doubt { attempt: attempt(), asked: 0, used };
    let unclear = |code: &str| Executed::Unclear { code: code.to_owned() };
    let refused = "4109".to_owned();
    for (executed, expected) in [
        (Executed::Accepted { key: key() }, GrantState::Accepted { attempt: attempt(), asked: 0 }),
        // Another key says nothing about ours.
        (Executed::Accepted { key: PromotionKey::new("OTHER").unwrap() }, doubt(false)),
        (Executed::NotTaken, GrantState::Planned { number: 1, unsent: Some(attempt()) }),
        (
            Executed::Refused { code: refused.clone() },
            GrantState::Refused { attempt: attempt(), code: refused },
        ),
        (unclear("4110"), doubt(false)),
        (unclear("4113"), doubt(true)),
        (Executed::Odd, doubt(false)),
        (Executed::Silent, doubt(false)),
    ] {
        let (state, commands) = next(&executing, &Event::Executed(executed.clone()), &Policy::park());
        assert_eq!((state, &commands[0]), (expected, &Command::Save), "{executed:?}");
    }
    // Found in the store.
    let found = next(&executing, &Event::Started, &Policy::park());
    assert_eq!(found, (doubt(false), vec![Command::Save, Command::Ask(key())]));
}

#[test]
fn an_answer_in_doubt_decides_as_far_as_it_proves() {
    let [park, probe_fence] = policies();
    let asked = |answer| Event::Asked { answer, date: Some(ServerDate::from_unix_seconds(3_900)) };
    let doubt = |asked, used| GrantState::Doubt { attempt: attempt(), asked, used };
    let accepted = |asked| GrantState::Accepted { attempt: attempt(), asked };
    let parked = |why| GrantState::Parked { attempt: attempt(), why };
    let paid = GrantState::Paid { attempt: attempt() };
    for (answer, unused, used) in [
        (Asked::Status(GrantStatus::Success), paid.clone(), paid),
        (
            Asked::Status(GrantStatus::Failed),
            GrantState::Failed { attempt: attempt() },
            parked(Why::Contradiction),
        ),
        (Asked::Status(GrantStatus::Pending), accepted(1), doubt(1, true)),
        (Asked::NoRecord, parked(Why::NoRecord), doubt(1, true)),
        (Asked::Silent, doubt(1, false), doubt(1, true)),
    ] {
        for (before, after) in [(doubt(0, false), unused), (doubt(0, true), used)] {
            let wait = (!after.is_over()).then_some(Command::Wait(Duration::from_secs(5)));
            let commands = [Command::Save].into_iter().chain(wait).collect();
            assert_eq!(
                next(&before, &asked(answer.clone()), &park),
                (after, commands),
                "{before:?} {answer:?}"
            );
        }
    }
    // Silence is not the absence of a record.
    let retry = |asked| GrantState::Retry { attempt: attempt(), asked };
    assert_eq!(next(&retry(0), &asked(Asked::Silent), &probe_fence).0, retry(1));
    let pending = asked(Asked::Status(GrantStatus::Pending));
    assert_eq!(next(&accepted(1), &pending, &park.clone().questions(3)).0, accepted(2));
    assert_eq!(next(&accepted(2), &pending, &park.questions(3)).0, parked(Why::Undecided));
}

fn probe(refused: bool, retry: bool) -> GrantState {
    GrantState::Probe { attempt: attempt(), asked: 2, refused, retry }
}

fn asked(answer: Asked) -> Event {
    Event::Asked { answer, date: Some(ServerDate::from_unix_seconds(3_900)) }
}

#[test]
fn a_key_that_was_refused_as_expired_is_dead_only_without_any_record() {
    let [_, probe_fence] = policies();
    for retry in [false, true] {
        for status in [GrantStatus::Pending, GrantStatus::from("NEW")] {
            let (state, commands) = next(&probe(true, retry), &asked(Asked::Status(status)), &probe_fence);
            assert_eq!(state, GrantState::Accepted { attempt: attempt(), asked: 0 });
            assert!(!commands.contains(&Command::GetKey), "{commands:?}");
        }
        let (state, commands) = next(&probe(true, retry), &asked(Asked::NoRecord), &probe_fence);
        assert_eq!(state, GrantState::Planned { number: 2, unsent: None });
        assert_eq!(commands, [Command::Save, Command::GetKey]);
    }
}

#[test]
fn a_probe_heeds_only_the_answer_it_waits_for() {
    let [_, probe_fence] = policies();
    let expired = Event::Executed(Executed::Refused { code: EXPIRED.to_owned() });
    for retry in [false, true] {
        for (refused, event) in [
            (false, asked(Asked::NoRecord)),
            (false, asked(Asked::Status(GrantStatus::Failed))),
            (true, expired.clone()),
            (true, Event::Executed(Executed::Accepted { key: key() })),
        ] {
            let state = probe(refused, retry);
            assert_eq!(next(&state, &event, &probe_fence), (state.clone(), Vec::new()), "{event:?}");
        }
    }
}

#[test]
fn a_probe_of_a_used_key_is_asked_about_and_a_retry_of_one_is_parked() {
    let [_, probe_fence] = policies();
    let used = Event::Executed(Executed::Unclear { code: "4113".to_owned() });
    let (state, _) = next(&probe(false, false), &used, &probe_fence);
    assert!(matches!(state, GrantState::Doubt { used: true, .. }), "{state:?}");
    let (state, _) = next(&probe(false, true), &used, &probe_fence);
    assert_eq!(state, GrantState::Parked { attempt: attempt(), why: Why::Contradiction });
    // Another key's grant says nothing about this one.
    let other = Executed::Accepted { key: PromotionKey::new("OTHER").unwrap() };
    let (state, _) = next(&probe(false, false), &Event::Executed(other), &probe_fence);
    assert!(matches!(state, GrantState::Doubt { .. }), "{state:?}");
}

/// A stored record may hold any number.
#[test]
fn a_counter_at_its_end_stays_there() {
    let last = Attempt::new(u32::MAX, key(), Some(ServerDate::from_unix_seconds(0)));
    let stored = serde_json::to_string(&unfinished()).unwrap();
    let stored = stored.replace("\"asked\":0", &format!("\"asked\":{}", u32::MAX));
    let stored = stored.replace("\"number\":1", &format!("\"number\":{}", u32::MAX));
    let states: Vec<GrantState> = serde_json::from_str(&stored).unwrap();
    assert!(states.contains(&GrantState::Accepted { attempt: last, asked: u32::MAX }));
    for policy in policies().into_iter().chain([Policy::park().questions(u32::MAX)]) {
        for state in &states {
            let (_, commands) = next(state, &Event::Started, &policy);
            for event in commands.iter().flat_map(answers).chain([Event::Started, Event::Retry]) {
                let (state, _) = next(state, &event, &policy);
                let (_, commands) = next(&state, &Event::Started, &policy);
                for event in commands.iter().flat_map(answers) {
                    let _ = next(&state, &event, &policy);
                }
            }
        }
    }
}
