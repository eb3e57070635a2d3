//! Rules of the emulator: a line of words, and its effects and moments.
#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a finding is a panic")]

use ait_emulator::fault::{Effect, Faults, Moment, Rule};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // A rule says all of itself.
    if let Ok(rule) = text.parse::<Rule>() {
        let line = rule.to_string();
        assert_eq!(line.parse::<Rule>().as_ref(), Ok(&rule), "{line}");
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), rule);
        let mut words = line.split(' ').skip(1);
        let (moment, effect) = (words.next().unwrap(), words.next().unwrap());
        let (moment, effect): (Moment, Effect) = (moment.parse().unwrap(), effect.parse().unwrap());
        assert!(effect.fits(moment), "{line} cannot happen");
        let mut faults = Faults::default();
        let id = faults.add(rule);
        let json = serde_json::to_string(&faults).unwrap();
        assert_eq!(serde_json::from_str::<Faults>(&json).unwrap(), faults);
        assert!(faults.remove(id) && faults.armed().is_empty());
    }
    for word in text.split_whitespace() {
        if let Ok(effect) = word.parse::<Effect>() {
            assert_eq!(effect.to_string().parse(), Ok(effect));
        }
        if let Ok(moment) = word.parse::<Moment>() {
            assert_eq!(moment.as_str(), word);
        }
        // What is built is what is written.
        if let (Ok(effect), Some(moment)) =
            (word.parse::<Effect>(), text.split_whitespace().find_map(|w| w.parse().ok()))
            && let Ok(rule) = Rule::new("*", moment, effect)
        {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
    }
    let _ = serde_json::from_str::<Faults>(text);
});
