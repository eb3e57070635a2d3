//! Faults by data, for programs that cannot use the control API.
//!
//! - **A mark in any text** of the body, the path or the query, such as an order number:
//!   `order-17--emu-execute_payment-after_commit-reset`. After `--emu-` come the last part of the endpoint's name (or
//!   `any`), the moment, the effect and its value if it takes one, joined by `-`. A payment remembers the mark of its
//!   order. Each marked text works once for each endpoint.
//! - **A user key** of eight digits or more that begins with `99`: the third digit is the moment, the fourth the effect
//!   (see [`MOMENTS`] and [`EFFECTS`]). It works once for each endpoint that writes.
//! - **The header** `x-emulator-fault: after_commit reset`. It works each time.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Effect, Fault, Moment, rule::means};
use crate::api::Request;

const MARK: &str = "--emu-";

/// The moments of magic user keys, by the third digit.
const MOMENTS: [Moment; 5] =
    [Moment::BeforeCommit, Moment::AfterCommit, Moment::MidHeaders, Moment::MidBody, Moment::AfterAnswer];

/// The effects of magic user keys, by the fourth digit.
const EFFECTS: [Effect; 10] = [
    Effect::Reset,
    Effect::Close,
    Effect::Hang,
    Effect::Status(500),
    Effect::Html,
    Effect::InvalidJson,
    Effect::Fail(String::new()),
    Effect::ResultType(String::new()),
    Effect::LateCommit(Duration::from_secs(60)),
    Effect::Delay(Duration::from_secs(3)),
];

/// A fault that was asked for.
pub(crate) struct Found {
    pub(crate) fault: Fault,
    /// What asked for it, and for which endpoint.
    pub(crate) value: String,
    pub(crate) once: bool,
}

/// The fault that the data of a request asks for, if any. `also` are texts that belong to the request without being in
/// it, such as the order of its payment.
pub(crate) fn find(
    request: &Request,
    also: &[String],
    endpoint: Option<&'static str>,
    writes: bool,
) -> Option<Found> {
    if let Some(words) = request.header("x-emulator-fault") {
        let (moment, effect) = words.trim().split_once(' ')?;
        return found(moment.parse().ok()?, effect.trim().parse().ok()?, String::new(), false);
    }
    let name = endpoint?;
    for text in texts(request).iter().chain(also) {
        if let Some((moment, effect)) = marked(text, name) {
            return found(moment, effect, format!("{name} {text}"), true);
        }
    }
    let user = request.header("x-toss-user-key").filter(|_| writes)?;
    let (moment, effect) = numbered(user)?;
    found(moment, effect, format!("{name} {user}"), true)
}

fn found(moment: Moment, effect: Effect, value: String, once: bool) -> Option<Found> {
    (moment.has_request() && effect.fits(moment)).then_some(Found {
        fault: Fault { moment, effect },
        value,
        once,
    })
}

fn marked(text: &str, endpoint: &str) -> Option<(Moment, Effect)> {
    let (_, mark) = text.split_once(MARK)?;
    let mut parts = mark.splitn(4, '-');
    let (wanted, moment, effect) = (parts.next()?, parts.next()?, parts.next()?);
    if wanted != "any" && !means(wanted, Some(endpoint)) {
        return None;
    }
    let effect = match parts.next() {
        Some(value) => format!("{effect}={value}"),
        None => effect.to_owned(),
    };
    Some((moment.parse().ok()?, effect.parse().ok()?))
}

fn numbered(user: &str) -> Option<(Moment, Effect)> {
    let digits: Vec<usize> = user.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0'))).collect();
    let [9, 9, moment, effect, rest @ ..] = digits.as_slice() else { return None };
    if rest.len() < 4 {
        return None;
    }
    let effect = match EFFECTS.get(*effect)? {
        Effect::Fail(_) => Effect::Fail("INTERNAL_ERROR".to_owned()),
        Effect::ResultType(_) => Effect::ResultType("HTTP_TIMEOUT".to_owned()),
        effect => effect.clone(),
    };
    Some((*MOMENTS.get(moment.checked_sub(1)?)?, effect))
}

/// Every text of a request in which a mark may stand.
fn texts(request: &Request) -> Vec<String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut texts: Vec<String> =
        request.path.split('/').chain(request.query.split('&')).map(decode).collect();
    texts.extend(request.header("x-anon-key").map(str::to_owned));
    // Most bodies hold no mark, and need not be parsed to see that.
    if request.body.windows(MARK.len()).any(|window| window == MARK.as_bytes())
        && let Ok(body) = serde_json::from_slice(&request.body)
    {
        collect(&body, &mut texts);
    }
    texts.retain(|text| text.contains(MARK));
    texts
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{marked, numbered};
    use crate::fault::{Effect, Moment};

    #[test]
    fn a_mark_names_endpoint_moment_effect_and_value() {
        let mark = "order-17--emu-execute_payment-after_commit-reset";
        assert_eq!(marked(mark, "tosspay.execute_payment"), Some((Moment::AfterCommit, Effect::Reset)));
        assert_eq!(marked(mark, "tosspay.make_payment"), None);
        let fail = Effect::Fail("NOT_CANCELABLE_AMOUNT".to_owned());
        let mark = "o--emu-any-before_commit-fail-NOT_CANCELABLE_AMOUNT";
        assert_eq!(marked(mark, "brandpay.cancel"), Some((Moment::BeforeCommit, fail)));
        assert_eq!(marked("order-17-emu-any-after_commit-reset", "tosspay.execute_payment"), None);
    }

    #[test]
    fn a_user_key_numbers_moment_and_effect() {
        assert_eq!(numbered("99200001"), Some((Moment::AfterCommit, Effect::Reset)));
        assert_eq!(numbered("9914000001"), Some((Moment::BeforeCommit, Effect::Html)));
        for key in ["443731104", "992000", "99x00001", "99000001"] {
            assert_eq!(numbered(key), None, "{key}");
        }
    }
}
