//! What an error says.

use std::error::Error as _;

use ait_core::{Error, Kind, Outcome};

/// All that an error and its sources could leave in a log.
pub fn logged(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}", error.ticket());
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&format!("\n{source}\n{source:?}"));
        next = source.source();
    }
    text
}

/// The error is ours, proves that nothing left, and says all of `words`.
#[track_caller]
pub fn names(error: &Error, words: &[&str]) {
    let message = error.to_string();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent), "{message}");
    assert_eq!((error.attempts(), error.settled_by(), error.code()), (0, None, None), "{message}");
    assert!(error.is_safe_to_resend(), "{message}");
    for word in words {
        assert!(message.contains(word), "{message:?} does not say {word:?}");
    }
    assert!(!message.contains('\n'), "one line: {message:?}");
}
