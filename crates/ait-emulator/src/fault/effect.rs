//! Moments and effects.

use std::{fmt, str::FromStr, time::Duration};

use super::BadRule;

/// When something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Moment {
    /// The connection was accepted.
    Accept,
    /// The client has begun its TLS handshake.
    Tls,
    /// The request was read.
    AfterRead,
    /// What was asked for is about to be done. Nothing has been done.
    BeforeCommit,
    /// What was asked for has been done. Nothing has been said.
    AfterCommit,
    /// Half of the answer's head was written.
    MidHeaders,
    /// Half of the answer's body was written.
    MidBody,
    /// The answer was written.
    AfterAnswer,
}

impl Moment {
    /// All of them, in the order of a call.
    pub const ALL: [Self; 8] = [
        Self::Accept,
        Self::Tls,
        Self::AfterRead,
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::MidHeaders,
        Self::MidBody,
        Self::AfterAnswer,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Tls => "tls",
            Self::AfterRead => "after_read",
            Self::BeforeCommit => "before_commit",
            Self::AfterCommit => "after_commit",
            Self::MidHeaders => "mid_headers",
            Self::MidBody => "mid_body",
            Self::AfterAnswer => "after_answer",
        }
    }

    /// Whether a request has been read by then.
    #[must_use]
    pub const fn has_request(self) -> bool {
        !matches!(self, Self::Accept | Self::Tls)
    }

    /// Whether what was asked for has been done by then.
    #[must_use]
    pub const fn is_committed(self) -> bool {
        !matches!(self, Self::Accept | Self::Tls | Self::AfterRead | Self::BeforeCommit)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Moment {
    type Err = BadRule;

    fn from_str(word: &str) -> Result<Self, BadRule> {
        Self::ALL.into_iter().find(|moment| moment.as_str() == word).ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            BadRule::new(format!("`{word}` is no moment; use one of {words}"))
        })
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Resets the TCP connection.
    Reset,
    /// Closes the connection in order.
    Close,
    /// Says nothing more, and holds the connection.
    Hang,
    /// Waits, then goes on.
    Delay(Duration),
    /// Answers with an HTTP status and an error body.
    Status(u16),
    /// Answers FAIL with a code.
    Fail(String),
    /// Answers with another `resultType`.
    ResultType(String),
    /// Promises the whole body and writes so many bytes of it.
    Truncate(usize),
    /// Answers with broken JSON.
    InvalidJson,
    /// Answers with the page of a proxy.
    Html,
    /// Writes the answer twice.
    AnswerTwice,
    /// Resets the connection, and does what was asked for so much later.
    LateCommit(Duration),
}

impl Effect {
    /// Whether it can happen at this moment.
    #[must_use]
    pub const fn fits(&self, moment: Moment) -> bool {
        let (ends, waits) =
            (matches!(self, Self::Reset | Self::Close | Self::Hang), matches!(self, Self::Delay(_)));
        let says = matches!(
            self,
            Self::Status(_) | Self::Fail(_) | Self::ResultType(_) | Self::InvalidJson | Self::Html
        );
        match moment {
            Moment::Accept | Moment::Tls | Moment::MidHeaders | Moment::MidBody => ends || waits,
            Moment::AfterRead | Moment::BeforeCommit => {
                ends || waits || says || matches!(self, Self::LateCommit(_))
            }
            Moment::AfterCommit => {
                ends || waits || says || matches!(self, Self::Truncate(_) | Self::AnswerTwice)
            }
            Moment::AfterAnswer => ends,
        }
    }

    /// Says where it can happen, if it cannot at this moment.
    pub(super) fn check(&self, moment: Moment) -> Result<(), BadRule> {
        if self.fits(moment) {
            return Ok(());
        }
        let fitting: Vec<_> =
            Moment::ALL.into_iter().filter(|moment| self.fits(*moment)).map(Moment::as_str).collect();
        Err(BadRule::new(format!("`{self}` cannot happen at `{moment}`; it can at {}", fitting.join(", "))))
    }

    /// Whether the caller does not learn what was done, if this happens at this moment after it was done.
    #[must_use]
    pub const fn loses(&self, moment: Moment) -> bool {
        moment.is_committed()
            && !matches!(moment, Moment::AfterAnswer)
            && !matches!(self, Self::Delay(_) | Self::AnswerTwice)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reset => f.write_str("reset"),
            Self::Close => f.write_str("close"),
            Self::Hang => f.write_str("hang"),
            Self::Delay(delay) => write!(f, "delay={}", delay.as_millis()),
            Self::Status(status) => write!(f, "status={status}"),
            Self::Fail(code) => write!(f, "fail={code}"),
            Self::ResultType(result_type) => write!(f, "result={result_type}"),
            Self::Truncate(bytes) => write!(f, "truncate={bytes}"),
            Self::InvalidJson => f.write_str("invalid_json"),
            Self::Html => f.write_str("html"),
            Self::AnswerTwice => f.write_str("answer_twice"),
            Self::LateCommit(delay) => write!(f, "late_commit={}", delay.as_secs()),
        }
    }
}

impl FromStr for Effect {
    type Err = BadRule;

    fn from_str(word: &str) -> Result<Self, BadRule> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let text = || match value {
            Some(value) if !value.is_empty() => Ok(value.to_owned()),
            _ => Err(BadRule::new(format!("`{name}` needs a value: {name}=…"))),
        };
        let number = || {
            let text = text()?;
            text.parse::<u64>().ok().filter(|number| *number <= 1_000_000_000).ok_or_else(|| {
                BadRule::new(format!("`{name}` needs a number up to 1000000000, not `{text}`"))
            })
        };
        let effect = match name {
            "reset" => Self::Reset,
            "close" => Self::Close,
            "hang" => Self::Hang,
            "delay" => Self::Delay(Duration::from_millis(number()?)),
            "status" => Self::Status(status(number()?)?),
            "fail" => Self::Fail(text()?),
            "result" => Self::ResultType(text()?),
            "truncate" => Self::Truncate(usize::try_from(number()?).unwrap_or(usize::MAX)),
            "invalid_json" => Self::InvalidJson,
            "html" => Self::Html,
            "answer_twice" => Self::AnswerTwice,
            "late_commit" => Self::LateCommit(Duration::from_secs(number()?)),
            _ => {
                return Err(BadRule::new(format!(
                    "`{name}` is no effect; use one of reset, close, hang, delay=, status=, fail=, result=, truncate=, \
                     invalid_json, html, answer_twice, late_commit="
                )));
            }
        };
        let takes_value = word_takes_value(&effect);
        if value.is_some() != takes_value {
            return Err(BadRule::new(format!("`{name}` takes no value")));
        }
        Ok(effect)
    }
}

const fn word_takes_value(effect: &Effect) -> bool {
    !matches!(
        effect,
        Effect::Reset
            | Effect::Close
            | Effect::Hang
            | Effect::InvalidJson
            | Effect::Html
            | Effect::AnswerTwice
    )
}

fn status(number: u64) -> Result<u16, BadRule> {
    u16::try_from(number)
        .ok()
        .filter(|status| (200..600).contains(status))
        .ok_or_else(|| BadRule::new(format!("`status` needs a number from 200 to 599, not {number}")))
}
