//! How an error reads at 3 a.m.

use std::fmt::{self, Write as _};

use super::Inner;
use crate::{Kind, Outcome};

/// The longest piece of the server's own text in a message.
const REASON_LIMIT: usize = 200;

pub(super) fn line(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(endpoint) = error.endpoint {
        write!(f, "{endpoint}: ")?;
    }
    if error.outcome == Outcome::Refused && error.code.is_some() {
        f.write_str("refused")?;
    } else {
        write!(f, "{}", error.cause)?;
    }
    if error.kind == Kind::Timeout || error.attempts > 1 {
        let attempts = if error.attempts == 1 { "attempt" } else { "attempts" };
        write!(f, ", {} {attempts} in {:.1?}", error.attempts, error.elapsed)?;
    }
    says(error, f)?;
    match (error.outcome, error.settled_by) {
        (Outcome::NotSent, _) if error.endpoint.is_some() => f.write_str("; not sent"),
        (Outcome::Unknown, Some(by)) => write!(f, "; outcome unknown, ask {by}"),
        (Outcome::Done, Some(by)) => write!(f, "; it was done, details from {by}"),
        (Outcome::Done, None) => f.write_str("; it was done"),
        _ => Ok(()),
    }
}

// What the server said: `(4112: not enough money; fields: amount)`.
fn says(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut parts = Vec::new();
    match (&error.code, &error.result_type, error.status) {
        (Some(code), ..) => parts.push(shown(code)),
        (None, Some(result), _) => parts.push(shown(result)),
        (None, None, Some(status)) => parts.push(format!("HTTP {}", status.as_u16())),
        (None, None, None) => {}
    }
    if let Some(reason) = &error.reason {
        parts.push(shown(reason));
    }
    let mut text = parts.join(": ");
    if !error.fields.is_empty() {
        let names: Vec<_> = error.fields.iter().take(8).map(|field| shown(&field.field)).collect();
        write!(text, "; fields: {}", names.join(", "))?;
    }
    if text.is_empty() { Ok(()) } else { write!(f, " ({text})") }
}

// Foreign text: no line breaks, no terminal escapes, not without end.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == REASON_LIMIT {
            shown.push('…');
            break;
        }
        if is_plain(character) { shown.push(character) } else { shown.extend(character.escape_unicode()) }
    }
    shown
}

// Controls break lines and colours; the two dozen bidi and invisible format characters reorder what stands around them.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

pub(super) fn debug(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct("Error")
        .field("kind", &error.kind)
        .field("outcome", &error.outcome)
        .field("endpoint", &error.endpoint)
        .field("host", &error.host)
        .field("addresses", &error.addresses)
        .field("phase", &error.phase)
        .field("attempts", &error.attempts)
        .field("elapsed", &error.elapsed)
        .field("status", &error.status)
        .field("result_type", &error.result_type.as_deref().map(shown))
        .field("code", &error.code.as_deref().map(shown))
        .field("reason", &error.reason.as_deref().map(shown))
        .field("trace_id", &error.trace_id.as_deref().map(shown))
        .field("retry_after", &error.retry_after)
        .field("settled_by", &error.settled_by)
        .field("cause", &error.cause)
        .finish_non_exhaustive()
}
