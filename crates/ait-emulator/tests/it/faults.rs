//! The words of rules.

use std::time::Duration;

use ait_emulator::fault::{Effect, Faults, Moment, Rule};

const EFFECTS: [&str; 12] = [
    "reset",
    "close",
    "hang",
    "delay=1500",
    "status=503",
    "fail=4110",
    "result=HTTP_TIMEOUT",
    "truncate=10",
    "invalid_json",
    "html",
    "answer_twice",
    "late_commit=60",
];

/// The table of the module's documentation.
fn table(moment: Moment) -> &'static str {
    match moment {
        Moment::Accept | Moment::Tls | Moment::MidHeaders | Moment::MidBody => "reset close hang delay",
        Moment::AfterRead | Moment::BeforeCommit => {
            "reset close hang delay status fail result invalid_json html late_commit"
        }
        Moment::AfterCommit => {
            "reset close hang delay status fail result invalid_json html truncate answer_twice"
        }
        Moment::AfterAnswer => "reset close hang",
        other => panic!("{other} is not in the table"),
    }
}

#[test]
fn each_moment_takes_the_effects_of_the_table_and_no_other() {
    for moment in Moment::ALL {
        let fitting: Vec<_> = table(moment).split(' ').collect();
        for word in EFFECTS {
            let (line, name) = (format!("* {moment} {word}"), word.split('=').next().unwrap());
            match line.parse::<Rule>() {
                Ok(rule) => {
                    assert!(fitting.contains(&name), "{line}");
                    assert_eq!(rule.to_string(), line);
                    let json = serde_json::to_string(&rule).unwrap();
                    assert_eq!(json, format!("\"{line}\""));
                    assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
                    assert_eq!(Rule::new("*", moment, word.parse().unwrap()), Ok(rule));
                }
                Err(bad) => {
                    assert!(!fitting.contains(&name), "{line}: {bad}");
                    let bad = bad.to_string();
                    assert!(
                        bad.contains(&format!("`{word}` cannot happen at `{moment}`; it can at ")),
                        "{bad}"
                    );
                    assert!(Rule::new("*", moment, word.parse().unwrap()).is_err());
                }
            }
        }
    }
}

#[test]
fn conditions_come_back_in_order() {
    for line in [
        "promotion.execute_promotion after_commit reset user=443731104 code=4110 nth=3 p=0.25 times=any",
        "get_key before_commit late_commit=3600 times=4",
        "cancel mid_body delay=0 user=c-1",
    ] {
        assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
    }
    let rule: Rule = "  get_key\tafter_commit   reset  times=1 nth=2 ".parse().unwrap();
    assert_eq!(rule.to_string(), "get_key after_commit reset nth=2");
}

#[test]
fn a_bad_line_names_the_word_and_the_next_step() {
    for (line, says) in [
        ("", "a rule is ENDPOINT MOMENT EFFECT"),
        ("get_key after_commit", "a rule is ENDPOINT MOMENT EFFECT"),
        (
            "nothing after_commit reset",
            "there is no endpoint `nothing`; use * or one of login.generate_token,",
        ),
        ("get_key later reset", "`later` is no moment; use one of accept, tls, after_read,"),
        ("get_key after_commit explode", "`explode` is no effect; use one of reset, close,"),
        ("get_key after_commit reset=5", "`reset` takes no value"),
        ("get_key after_commit html=", "`html` takes no value"),
        ("get_key after_commit delay", "`delay` needs a value: delay=…"),
        ("get_key after_commit fail=", "`fail` needs a value: fail=…"),
        ("get_key after_commit delay=soon", "`delay` needs a number up to 1000000000, not `soon`"),
        ("get_key after_commit delay=-1", "`delay` needs a number"),
        ("get_key after_commit truncate=1000000001", "`truncate` needs a number up to 1000000000"),
        ("get_key after_commit status=199", "`status` needs a number from 200 to 599, not 199"),
        ("get_key after_commit status=600", "from 200 to 599, not 600"),
        ("get_key after_commit status=70000", "from 200 to 599, not 70000"),
        ("get_key accept reset", "at `accept` nobody knows yet who asks for what: use * and no user"),
        ("* tls reset user=1", "at `tls` nobody knows yet"),
        ("* tls reset code=1", "at `tls` there is no answer yet"),
        (
            "get_key before_commit reset code=4110",
            "at `before_commit` there is no answer yet, and so no code",
        ),
        ("get_key after_commit reset p=1.5", "`p` must be a number from 0 to 1"),
        ("get_key after_commit reset p=NaN", "`p` must be a number from 0 to 1"),
        ("get_key after_commit reset p=often", "`p=often`: `p` needs a number from 0 to 1"),
        ("get_key after_commit reset nth=0", "`nth` counts from 1"),
        ("get_key after_commit reset nth=x", "`nth=x`: `nth` needs a number from 1"),
        ("get_key after_commit reset nth", "`nth`: `nth` needs a number from 1"),
        ("get_key after_commit reset times=0", "`times` counts from 1, or is `any`"),
        ("get_key after_commit reset times=ever", "`times=ever`: `times` needs a number from 1, or `any`"),
        ("get_key after_commit reset user=", "`user=`: `user` needs a user key"),
        ("get_key after_commit reset code", "`code`: `code` needs the code of a refusal"),
        ("get_key after_commit reset once", "`once` is no condition; use user=, code=, nth=, p= or times="),
    ] {
        let bad = line.parse::<Rule>().unwrap_err().to_string();
        assert!(bad.contains(says), "{line}: {bad}");
        assert!(serde_json::from_value::<Rule>(line.into()).is_err());
    }
}

#[test]
fn an_effect_that_would_not_come_back_is_refused() {
    for effect in [
        Effect::Delay(Duration::from_micros(1500)),
        Effect::LateCommit(Duration::from_millis(1500)),
        Effect::Status(999),
        Effect::Fail("A B".to_owned()),
        Effect::Fail(String::new()),
        Effect::Fail("4110\u{a0}x".to_owned()),
        Effect::ResultType("A\nB".to_owned()),
        Effect::Delay(Duration::from_secs(10_000_000)),
    ] {
        let bad = Rule::new("*", Moment::BeforeCommit, effect.clone()).unwrap_err().to_string();
        assert!(bad.contains("does not say all of this effect: use whole milliseconds"), "{effect:?}: {bad}");
    }
}

#[test]
fn rules_in_force_are_stored_with_their_counts() {
    let mut faults = Faults::default();
    faults.add("get_key after_commit reset nth=2".parse().unwrap());
    let id = faults.add("* tls hang".parse().unwrap());
    let stored = serde_json::to_value(&faults).unwrap();
    assert_eq!(stored["armed"][0]["rule"], "get_key after_commit reset nth=2");
    let mut loaded: Faults = serde_json::from_value(stored).unwrap();
    assert_eq!(loaded, faults);
    assert_eq!(loaded.add("* tls close".parse().unwrap()), id + 1);
}
