//! One rule, as a line of words.

use std::{error, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Effect, Moment};
use crate::api::routes;

/// What goes wrong, when, and for whom. See the [module](super) for its words: it is read from them, and `Display` writes
/// them. One that exists holds together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub struct Rule {
    /// The endpoint: its whole name, its last part, or `*`.
    pub(super) endpoint: String,
    /// When.
    pub(super) moment: Moment,
    /// What.
    pub(super) effect: Effect,
    /// Only for this user, or this BrandPay customer.
    pub(super) user: Option<String>,
    /// Only for answers with this code. For moments that come after the answer is known.
    pub(super) code: Option<String>,
    /// Only the so-many-th of the calls, or connections, that fit.
    pub(super) nth: Option<u64>,
    /// Only with this probability.
    pub(super) probability: Option<f64>,
    /// How often at most. `None`: any number of times.
    pub(super) times: Option<u64>,
}

/// A rule that cannot be: the text says which word is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRule(String);

impl BadRule {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for BadRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for BadRule {}

impl Rule {
    /// A rule for this endpoint (`*`: any), without conditions: it holds once.
    ///
    /// # Errors
    ///
    /// If there is no such endpoint, or the effect cannot happen at this moment.
    pub fn new(endpoint: impl Into<String>, moment: Moment, effect: Effect) -> Result<Self, BadRule> {
        let (user, code, nth, probability) = (None, None, None, None);
        let rule =
            Self { endpoint: endpoint.into(), moment, effect, user, code, nth, probability, times: Some(1) };
        rule.check().map(|()| rule)
    }

    /// Whether the name of an endpoint is meant.
    pub(crate) fn means(&self, endpoint: Option<&str>) -> bool {
        means(&self.endpoint, endpoint)
    }

    fn check(&self) -> Result<(), BadRule> {
        if !routes().any(|route| self.means(Some(route.name))) {
            let names: Vec<_> = routes().map(|route| route.name).collect();
            return Err(BadRule::new(format!(
                "there is no endpoint `{}`; use * or one of {}",
                self.endpoint,
                names.join(", ")
            )));
        }
        self.effect.check(self.moment)?;
        if !self.moment.has_request() && (self.endpoint != "*" || self.user.is_some()) {
            return Err(BadRule::new(format!(
                "at `{}` nobody knows yet who asks for what: use * and no user",
                self.moment
            )));
        }
        if self.code.is_some() && !self.moment.is_committed() {
            return Err(BadRule::new(format!("at `{}` there is no answer yet, and so no code", self.moment)));
        }
        if self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err(BadRule::new("`p` must be a number from 0 to 1"));
        }
        if self.nth == Some(0) {
            return Err(BadRule::new("`nth` counts from 1"));
        }
        if self.times == Some(0) {
            return Err(BadRule::new("`times` counts from 1, or is `any`"));
        }
        // What does not come back would be lost when it is stored.
        if self.effect.to_string().parse().as_ref() != Ok(&self.effect)
            || self.effect.to_string().contains(char::is_whitespace)
        {
            return Err(BadRule::new(format!(
                "`{}` does not say all of this effect: use whole milliseconds (`late_commit`: seconds), numbers in their limits, and codes without blanks",
                self.effect
            )));
        }
        Ok(())
    }
}

pub(crate) fn means(pattern: &str, endpoint: Option<&str>) -> bool {
    let last = endpoint.and_then(|name| name.rsplit_once('.')).map(|(_, last)| last);
    pattern == "*" || endpoint == Some(pattern) || last == Some(pattern)
}

impl FromStr for Rule {
    type Err = BadRule;

    fn from_str(line: &str) -> Result<Self, BadRule> {
        let mut words = line.split_whitespace();
        let (Some(endpoint), Some(moment), Some(effect)) = (words.next(), words.next(), words.next()) else {
            let form = "ENDPOINT MOMENT EFFECT [user=…] [code=…] [nth=…] [p=…] [times=…|any]";
            return Err(BadRule::new(format!("a rule is {form}, not `{line}`")));
        };
        let mut rule = Self {
            endpoint: endpoint.to_owned(),
            moment: moment.parse()?,
            effect: effect.parse()?,
            user: None,
            code: None,
            nth: None,
            probability: None,
            times: Some(1),
        };
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let needs = |what: &str| BadRule::new(format!("`{word}`: `{name}` needs {what}"));
            let text = |what| if value.is_empty() { Err(needs(what)) } else { Ok(Some(value.to_owned())) };
            match name {
                "user" => rule.user = text("a user key, as in user=443731104")?,
                "code" => rule.code = text("the code of a refusal, as in code=4110")?,
                "nth" => rule.nth = Some(value.parse().map_err(|_| needs("a number from 1"))?),
                "p" => rule.probability = Some(value.parse().map_err(|_| needs("a number from 0 to 1"))?),
                "times" if value == "any" => rule.times = None,
                "times" => rule.times = Some(value.parse().map_err(|_| needs("a number from 1, or `any`"))?),
                _ => {
                    return Err(BadRule::new(format!(
                        "`{word}` is no condition; use user=, code=, nth=, p= or times="
                    )));
                }
            }
        }
        rule.check().map(|()| rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.endpoint, self.moment, self.effect)?;
        if let Some(user) = &self.user {
            write!(f, " user={user}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " code={code}")?;
        }
        if let Some(nth) = self.nth {
            write!(f, " nth={nth}")?;
        }
        if let Some(probability) = self.probability {
            write!(f, " p={probability}")?;
        }
        match self.times {
            Some(1) => Ok(()),
            Some(times) => write!(f, " times={times}"),
            None => f.write_str(" times=any"),
        }
    }
}

impl TryFrom<String> for Rule {
    type Error = BadRule;

    fn try_from(line: String) -> Result<Self, BadRule> {
        line.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}
