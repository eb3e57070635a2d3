//! Faults by data, as the [module](super) describes them.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{BadRule, Effect, Fault, Moment, rule::means, short};
use crate::api::{Request, routes};

const MARK: &str = "--emu-";

const HEADER: &str = "x-emulator-fault";

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

/// What the data of a request asks for.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) found: Vec<Found>,
    /// The first that asks for a fault and is none, and why.
    pub(crate) malformed: Option<String>,
}

impl Asked {
    fn take(&mut self, what: &str, fault: Result<Fault, BadRule>, value: Option<String>) {
        match fault {
            Ok(fault) => self.found.push(Found { fault, value }),
            Err(error) => {
                self.malformed.get_or_insert_with(|| format!("{what}: {error}"));
            }
        }
    }
}

/// The faults that the data of a request asks for. `also` are texts that belong to the request without being in it, such
/// as the order of its payment.
pub(crate) fn find(
    request: &Request,
    also: &[String],
    endpoint: Option<&'static str>,
    writes: bool,
) -> Asked {
    let mut asked = Asked::default();
    if let Some(words) = request.header(HEADER) {
        asked.take(HEADER, worded(words), None);
    }
    let Some(name) = endpoint else { return asked };
    let once = |text: &str| Some(format!("{name} {text}"));
    for text in texts(request).iter().chain(also) {
        let (fault, malformed) = marked(text, name);
        for result in fault.map(Ok).into_iter().chain(malformed.map(Err)) {
            asked.take("a mark", result, once(text));
        }
    }
    if let Some(user) = request.header("x-toss-user-key").filter(|_| writes)
        && let Some(fault) = numbered(user)
    {
        // The first four digits say what was meant, and not whose key it is.
        asked.take(&format!("user key {}…", user.get(..4).unwrap_or_default()), fault, once(user));
    }
    asked
}

fn fitting(moment: Moment, effect: Effect) -> Result<Fault, BadRule> {
    if !moment.has_request() {
        return Err(BadRule::new(format!("at `{moment}` no request was read: only a rule can ask for it")));
    }
    effect.check(moment)?;
    Ok(Fault { moment, effect })
}

fn worded(words: &str) -> Result<Fault, BadRule> {
    let Some((moment, effect)) = words.trim().split_once(' ') else {
        return Err(BadRule::new(format!("it says MOMENT EFFECT, not `{words}`")));
    };
    fitting(moment.parse()?, effect.trim().parse()?)
}

/// The first mark of a text that means this endpoint, and what is wrong with the first that is malformed, of whatever
/// endpoint.
fn marked(text: &str, endpoint: &str) -> (Option<Fault>, Option<BadRule>) {
    let (mut first, mut malformed) = (None, None);
    for mark in text.split(MARK).skip(1) {
        match one_mark(mark) {
            Ok((wanted, fault)) => {
                if first.is_none() && is_meant(wanted, endpoint) {
                    first = Some(fault);
                }
            }
            Err(error) => {
                malformed.get_or_insert(error);
            }
        }
    }
    (first, malformed)
}

fn one_mark(mark: &str) -> Result<(&str, Fault), BadRule> {
    let mut parts = mark.splitn(4, '-');
    let (Some(wanted), Some(moment), Some(effect)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(BadRule::new(format!("it is {MARK}ENDPOINT-MOMENT-EFFECT, not `{MARK}{mark}`")));
    };
    let wanted = short::endpoint(wanted);
    if !routes().any(|route| is_meant(wanted, route.name)) {
        return Err(BadRule::new(format!(
            "there is no endpoint `{wanted}`; use any, or the last part of a name, such as execute_payment, or one of {}",
            short::endpoints()
        )));
    }
    let moment = match short::moment(moment) {
        Some(moment) => moment,
        None => moment
            .parse()
            .map_err(|bad: BadRule| BadRule::new(format!("{bad}; or in short {}", short::moments())))?,
    };
    let effect = match parts.next() {
        Some(value) => format!("{effect}={value}"),
        None => effect.to_owned(),
    };
    Ok((wanted, fitting(moment, effect.parse()?)?))
}

fn is_meant(wanted: &str, endpoint: &str) -> bool {
    wanted == "any" || means(wanted, Some(endpoint))
}

/// `None`: it is a user key like any other.
fn numbered(user: &str) -> Option<Result<Fault, BadRule>> {
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
    Some(match moment.checked_sub(1).and_then(|moment| MOMENTS.get(moment)) {
        Some(moment) => fitting(*moment, effect),
        None => Err(BadRule::new(format!("the third digit is the moment, from 1 to {}", MOMENTS.len()))),
    })
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

    fn fault_of(text: &str, endpoint: &str) -> Option<Fault> {
        marked(text, endpoint).0
    }

    #[test]
    fn a_mark_names_endpoint_moment_effect_and_value() {
        let mark = "order-17--emu-execute_payment-after_commit-reset";
        assert_eq!(fault_of(mark, "tosspay.execute_payment"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(fault_of(mark, "tosspay.make_payment"), None);
        let fail = Effect::Fail("NOT_CANCELABLE_AMOUNT".to_owned());
        let mark = "o--emu-any-before_commit-fail-NOT_CANCELABLE_AMOUNT";
        assert_eq!(fault_of(mark, "brandpay.cancel"), fault(Moment::BeforeCommit, fail));
        assert_eq!(fault_of("order-17-emu-any-after_commit-reset", "tosspay.execute_payment"), None);
    }

    #[test]
    fn a_mark_may_be_short() {
        let mark = "order-17--emu-x-ac-reset";
        assert_eq!(fault_of(mark, "tosspay.execute_payment"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(fault_of(mark, "promotion.execute_promotion"), None);
        let fail = Effect::Fail("4110".to_owned());
        assert_eq!(fault_of("o--emu-a-bc-fail-4110", "brandpay.cancel"), fault(Moment::BeforeCommit, fail));
        for (mark, says) in [
            ("o--emu-xx-ac-reset", "there is no endpoint `xx`; use any, or the last part of a name"),
            ("o--emu-x-ca-reset", "`ca` is no moment; use one of accept"),
            ("o--emu-x-ca-reset", "or in short ar, bc, ac, mh, mb, aa"),
        ] {
            let told = marked(mark, "tosspay.execute_payment").1.map(|bad| bad.to_string());
            assert!(told.as_ref().is_some_and(|told| told.contains(says)), "{told:?}");
        }
    }

    #[test]
    fn a_text_holds_a_mark_for_each_endpoint() {
        let marks = "o--emu-cancel-after_commit-reset--emu-confirm-before_commit-hang";
        assert_eq!(fault_of(marks, "brandpay.cancel"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(fault_of(marks, "brandpay.confirm"), fault(Moment::BeforeCommit, Effect::Hang));
    }

    #[test]
    fn a_user_key_numbers_moment_and_effect() {
        let asks = |key| numbered(key).and_then(Result::ok);
        assert_eq!(asks("99200001"), fault(Moment::AfterCommit, Effect::Reset));
        assert_eq!(asks("9914000001"), fault(Moment::BeforeCommit, Effect::Html));
        for key in ["443731104", "992000", "99x00001", "992000x1"] {
            assert_eq!(numbered(key), None, "{key}");
        }
        for key in ["99000001", "99600001", "99280001"] {
            assert!(matches!(numbered(key), Some(Err(_))), "{key}");
        }
    }
}
