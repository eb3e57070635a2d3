//! The form of the answers of BrandPay, and of its bodies.

use serde_json::{Map, Value, json};

use super::{
    Answer, Basis, Context,
    brandpay::code::{self, Code},
    context::Result,
};

/// `{"code":…,"message":…}`
pub(crate) fn error(status: u16, code: &str, message: &str, basis: Basis) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message}), basis).with_code(code)
}

impl Context<'_> {
    /// Whether texts are wanted in English.
    pub(crate) fn english(&self) -> bool {
        let wanted = self.request.header("accept-language").unwrap_or_default();
        wanted.get(..2).is_some_and(|language| language.eq_ignore_ascii_case("en"))
    }

    /// A refusal with the status and the text of its code.
    pub(crate) fn flat(&self, code: &str, basis: Basis) -> Answer {
        self.flat_because(code, "", basis)
    }

    /// A refusal that says why.
    pub(crate) fn flat_because(&self, code: &str, why: &str, basis: Basis) -> Answer {
        let Code { status, korean, english } = code::find(code);
        let status =
            if code == "INVALID_ACCESS_TOKEN" { self.switches.invalid_access_token_status } else { status };
        let text = if self.english() { english } else { korean };
        let message = if why.is_empty() { text.to_owned() } else { format!("{text} ({why})") };
        error(status, code, &message, basis)
    }

    /// The members of the body. No body has no members.
    pub(crate) fn members(&self) -> Result<Members<'_>> {
        let body = &self.request.body;
        let map = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(body) };
        let map = map.map_err(|error| self.flat_because("INVALID_REQUEST", &error.to_string(), BODY))?;
        Ok(Members { context: self, map })
    }
}

const BODY: Basis = Basis::Assumed("a body that breaks a rule is INVALID_REQUEST");

/// The members of a body, one by one, so that a refusal can name the one that is wrong. `null` is as good as absent.
pub(crate) struct Members<'a> {
    context: &'a Context<'a>,
    map: Map<String, Value>,
}

impl Members<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn refuse<T>(&self, name: &str, rule: &str) -> Result<T> {
        self.refuse_with("INVALID_REQUEST", name, rule, BODY)
    }

    pub(crate) fn refuse_with<T>(&self, code: &str, name: &str, rule: &str, basis: Basis) -> Result<T> {
        Err(self.context.flat_because(code, &format!("{name} {rule}"), basis))
    }

    /// The members of an object in the body.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Members<'_>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Members { context: self.context, map: map.clone() })),
            Some(_) => self.refuse(name, "must be an object"),
        }
    }

    /// A text of at most so many characters.
    pub(crate) fn text(&self, name: &str, most: usize) -> Result<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
            Some(Value::String(_)) => self.refuse(name, &format!("must have at most {most} characters")),
            Some(_) => self.refuse(name, "must be a string"),
        }
    }

    /// A text that must be there and not be empty.
    pub(crate) fn needed(&self, name: &str, most: usize) -> Result<String> {
        match self.text(name, most)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => self.refuse(name, "is required"),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => self.refuse(name, "must be a boolean"),
        }
    }

    /// An amount in won, not negative, as a number or as text: the reference has both.
    pub(crate) fn won(&self, name: &str) -> Result<Option<i64>> {
        const MOST: i64 = 1_000_000_000_000;
        let Some(value) = self.get(name) else { return Ok(None) };
        let won = match value {
            Value::Number(number) => whole(number),
            Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        match won {
            Some(won) if (0..=MOST).contains(&won) => Ok(Some(won)),
            _ => self.refuse(name, "must be a whole number of won"),
        }
    }

    /// An amount in won that must be there, and more than 0.
    pub(crate) fn needed_won(&self, name: &str) -> Result<i64> {
        match self.won(name)? {
            Some(0) => self.refuse(name, "must be more than 0"),
            Some(won) => Ok(won),
            None => self.refuse(name, "is required"),
        }
    }
}

/// `10000` and `10000.0`.
fn whole(number: &serde_json::Number) -> Option<i64> {
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let (whole, fraction) = number
        .to_string()
        .split_once('.')
        .map(|(whole, fraction)| (whole.parse().ok(), fraction.bytes().all(|digit| digit == b'0')))?;
    whole.filter(|_| fraction)
}
