//! Faults by data, as the [module](super) describes them.

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
    /// What asked for it, and for which endpoint, if it works once only.
    pub(crate) value: Option<String>,
}

/// The faults that the data of a request asks for. What is malformed asks for none. `also` are texts that belong to the
/// request without being in it, such as the order of its payment.
pub(crate) fn find(
    request: &Request,
    also: &[String],
    endpoint: Option<&'static str>,
    writes: bool,
) -> Vec<Found> {
    let header =
        request.header("x-emulator-fault").and_then(worded).map(|fault| Found { fault, value: None });
    let mut found: Vec<Found> = header.into_iter().collect();
    let Some(name) = endpoint else { return found };
    let once = |fault, text: &str| Found { fault, value: Some(format!("{name} {text}")) };
    for text in texts(request).iter().chain(also) {
        found.extend(marked(text, name).map(|fault| once(fault, text)));
    }
    if let Some(user) = request.header("x-toss-user-key").filter(|_| writes) {
        found.extend(numbered(user).map(|fault| once(fault, user)));
    }
    found
}

fn fitting(moment: Moment, effect: Effect) -> Option<Fault> {
    (moment.has_request() && effect.fits(moment)).then_some(Fault { moment, effect })
}

fn worded(words: &str) -> Option<Fault> {
    let (moment, effect) = words.trim().split_once(' ')?;
    fitting(moment.parse().ok()?, effect.trim().parse().ok()?)
}

/// The first mark of a text that means this endpoint.
fn marked(text: &str, endpoint: &str) -> Option<Fault> {
    text.split(MARK).skip(1).find_map(|mark| {
        let mut parts = mark.splitn(4, '-');
        let (wanted, moment, effect) = (parts.next()?, parts.next()?, parts.next()?);
        if wanted != "any" && !means(wanted, Some(endpoint)) {
            return None;
        }
        let effect = match parts.next() {
            Some(value) => format!("{effect}={value}"),
            None => effect.to_owned(),
        };
        fitting(moment.parse().ok()?, effect.parse().ok()?)
    })
}

fn numbered(user: &str) -> Option<Fault> {
    let digits: Option<Vec<usize>> =
        user.bytes().map(|byte| byte.is_ascii_digit().then(|| usize::from(byte - b'0'))).collect();
    let [9, 9, moment, effect, rest @ ..] = digits.as_deref()? else { return None };
    if rest.len() < 4 {
        return None;
    }
    let effect = match EFFECTS.get(*effect)? {
        Effect::Fail(_) => Effect::Fail("INTERNAL_ERROR".to_owned()),
        Effect::ResultType(_) => Effect::ResultType("HTTP_TIMEOUT".to_owned()),
        effect => effect.clone(),
    };
    fitting(*MOMENTS.get(moment.checked_sub(1)?)?, effect)
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
    use crate::fault::{Effect, Fault, Moment};

    fn fault(moment: Moment, effect: Effect) -> Option<Fault> {
        Some(Fault { moment, effect })
    }

    #[test]
    fn a_mark_names_endpoint_moment_effect_and_value() {
        let mark = "order-17--emu-execute_payment-after_commit-reset";
        assert_eq!(marked(mark, "tosspay.execute_payment"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(marked(mark, "tosspay.make_payment"), None);
        let fail = Effect::Fail("NOT_CANCELABLE_AMOUNT".to_owned());
        let mark = "o--emu-any-before_commit-fail-NOT_CANCELABLE_AMOUNT";
        assert_eq!(marked(mark, "brandpay.cancel"), fault(Moment::BeforeCommit, fail));
        assert_eq!(marked("order-17-emu-any-after_commit-reset", "tosspay.execute_payment"), None);
    }

    #[test]
    fn a_text_holds_a_mark_for_each_endpoint() {
        let marks = "o--emu-cancel-after_commit-reset--emu-confirm-before_commit-hang";
        assert_eq!(marked(marks, "brandpay.cancel"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(marked(marks, "brandpay.confirm"), fault(Moment::BeforeCommit, Effect::Hang));
    }

    #[test]
    fn a_user_key_numbers_moment_and_effect() {
        assert_eq!(numbered("99200001"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(numbered("9914000001"), fault(Moment::BeforeCommit, Effect::Html));
        for key in ["443731104", "992000", "99x00001", "99000001", "992000x1", "99600001", "99280001"] {
            assert_eq!(numbered(key), None, "{key}");
        }
    }
}
