//! Asking until it is known.

use std::time::Duration;

use crate::{Error, Kind, Outcome, trace};

/// What became of a call whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution<T> {
    /// It happened. Here is what is known of it.
    Done(T),
    /// It did not happen, and it will not.
    NotDone,
    /// Not known yet. Keep the ticket and resolve it again, after this long or later.
    Unknown {
        /// How long to wait before asking again.
        ask_again: Duration,
    },
}

/// When to ask: after 1, 2, 5, 10 and 30 seconds, then after 1, 5 and 15 minutes, each a little more or less.
///
/// One early "not found" proves nothing, because the request may still be on its way; hence the pauses. By default the
/// first five questions are asked, which takes about 50 seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    questions: usize,
}

/// The longest wait that a server may ask for within a schedule.
const PATIENCE: Duration = Duration::from_secs(60);

const PAUSES: [Duration; 8] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(900),
];

impl Default for Schedule {
    fn default() -> Self {
        Self { questions: 5 }
    }
}

impl Schedule {
    /// Ask once, now. For a job that comes back by itself.
    #[must_use]
    pub fn once() -> Self {
        Self { questions: 0 }
    }

    /// Ask now, and then so many times after a pause each. From the eighth on, every pause is 15 minutes.
    #[must_use]
    pub fn questions(mut self, questions: usize) -> Self {
        self.questions = questions;
        self
    }

    fn pause(number: usize) -> Duration {
        PAUSES[number.min(PAUSES.len() - 1)]
    }

    /// Asks until it is known or the schedule ends. For the `resolve` methods of the product crates.
    ///
    /// A question that fails is asked again, and at the end of the schedule it is [`Resolution::Unknown`]; with the
    /// feature `tracing` each such error is an event at the level DEBUG. A wait that the server asks for is kept, up to a
    /// minute. A longer one, or a rate limit that states none, ends the schedule: `ask_again` is that wait.
    ///
    /// # Errors
    ///
    /// If asking itself is impossible: the request or the client is set up wrongly, the certificate or the secret key is
    /// refused, or the user's key is stale (`4010`). **Such an error says nothing about the call**: its
    /// [`outcome`](Error::outcome) is [`Unknown`](Outcome::Unknown) and nothing is safe to resend, whatever became of the
    /// question. Keep the ticket.
    pub async fn ask<T, F>(&self, question: impl Fn() -> F) -> Result<Resolution<T>, Error>
    where
        F: Future<Output = Result<Resolution<T>, Error>>,
    {
        self.ask_with(question, fastrand::f64, tokio::time::sleep).await
    }

    async fn ask_with<T, F, S>(
        &self,
        question: impl Fn() -> F,
        jitter: impl Fn() -> f64,
        sleep: impl Fn(Duration) -> S,
    ) -> Result<Resolution<T>, Error>
    where
        F: Future<Output = Result<Resolution<T>, Error>>,
        S: Future<Output = ()>,
    {
        let mut number = 0;
        loop {
            let mut least = Duration::ZERO;
            match question().await {
                Ok(Resolution::Unknown { .. }) => {}
                Ok(known) => return Ok(known),
                Err(mut error) if is_hopeless(&error) => {
                    // Whoever asks wants to know of the call, and not of the question.
                    let inner = error.inner_mut();
                    (inner.outcome, inner.class) = (Outcome::Unknown, None);
                    return Err(error);
                }
                // A question that failed is asked again like one that was answered "not yet".
                Err(error) => {
                    trace::question_failed(&error);
                    least = error.retry_after().unwrap_or_default();
                    let is_blocked = error.is_rate_limited() && error.retry_after().is_none();
                    if is_blocked || least > PATIENCE {
                        return Ok(Resolution::Unknown { ask_again: least.max(PATIENCE) });
                    }
                }
            }
            if number == self.questions {
                return Ok(Resolution::Unknown { ask_again: Self::pause(self.questions).max(least) });
            }
            sleep(Self::pause(number).mul_f64(0.9 + 0.2 * jitter()).max(least)).await;
            number += 1;
        }
    }
}

// Asking again in the same way would fail in the same way: the set-up, the certificate, the user's key or the secret key is
// wrong. A server that broke down may say anything.
fn is_hopeless(error: &Error) -> bool {
    let is_set_up_wrongly = matches!(error.kind(), Kind::Config | Kind::Identity);
    let is_not_let_in = matches!(
        error.code(),
        Some("4010" | "4050" | "UNAUTHORIZED_KEY" | "INVALID_API_KEY" | "INCORRECT_BASIC_AUTH_FORMAT")
    );
    let has_broken_down = error.status().is_some_and(|status| status.is_server_error());
    is_set_up_wrongly || (is_not_let_in && !has_broken_down)
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        future::ready,
        pin::pin,
        task::{Context, Poll, Waker},
        time::Duration,
    };

    use super::{Resolution, Schedule};
    use crate::{Error, Kind, Outcome, error::Cause};

    /// Answers the questions in order, and "not yet" when there are no more. Returns the result and the pauses.
    fn play(
        schedule: &Schedule,
        answers: Vec<Result<Resolution<u8>, Error>>,
    ) -> (Result<Resolution<u8>, Error>, Vec<u64>) {
        let (answers, pauses) = (RefCell::new(answers.into_iter()), RefCell::new(Vec::new()));
        let not_yet = || Ok(Resolution::Unknown { ask_again: Duration::ZERO });
        let question = || ready(answers.borrow_mut().next().unwrap_or_else(not_yet));
        let sleep = |pause: Duration| {
            pauses.borrow_mut().push(pause.as_secs());
            ready(())
        };
        let mut run = pin!(schedule.ask_with(question, || 0.5, sleep));
        let Poll::Ready(result) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("nothing here can be pending");
        };
        let pauses = pauses.borrow().clone();
        (result, pauses)
    }

    fn failure(kind: Kind) -> Result<Resolution<u8>, Error> {
        Err(Error::new(kind, Outcome::Unknown, Cause::Failed))
    }

    #[test]
    fn it_asks_at_once_and_then_on_schedule() {
        let (result, pauses) = play(&Schedule::default().questions(10), Vec::new());
        assert_eq!(pauses, [1, 2, 5, 10, 30, 60, 300, 900, 900, 900]);
        assert_eq!(result.unwrap(), Resolution::Unknown { ask_again: Duration::from_secs(900) });
        let (result, pauses) = play(&Schedule::once(), Vec::new());
        assert_eq!(
            (result.unwrap(), pauses.len()),
            (Resolution::Unknown { ask_again: Duration::from_secs(1) }, 0)
        );
    }

    #[test]
    fn it_stops_as_soon_as_it_knows() {
        let not_yet = Ok(Resolution::Unknown { ask_again: Duration::ZERO });
        let (result, pauses) =
            play(&Schedule::default(), vec![failure(Kind::Timeout), not_yet, Ok(Resolution::Done(7))]);
        assert_eq!((result.unwrap(), pauses), (Resolution::Done(7), vec![1, 2]));
        let (result, pauses) = play(&Schedule::default(), vec![Ok(Resolution::NotDone)]);
        assert_eq!((result.unwrap(), pauses.len()), (Resolution::NotDone, 0));
    }

    #[test]
    fn it_does_not_ask_again_what_cannot_be_asked() {
        for kind in [Kind::Config, Kind::Identity] {
            let (result, pauses) = play(&Schedule::default(), vec![failure(kind)]);
            assert_eq!((result.unwrap_err().kind(), pauses.len()), (kind, 0));
        }
    }

    #[test]
    fn it_does_not_ask_again_with_a_key_that_is_not_taken() {
        let refused = |code: &str| {
            let mut error = Error::new(Kind::Api, Outcome::Refused, Cause::Failed);
            error.inner_mut().code = Some(code.to_owned());
            Err(error)
        };
        for code in ["4010", "4050", "UNAUTHORIZED_KEY", "INVALID_API_KEY", "INCORRECT_BASIC_AUTH_FORMAT"] {
            let (result, pauses) = play(&Schedule::default(), vec![refused(code), Ok(Resolution::Done(7))]);
            let error = result.unwrap_err();
            assert_eq!((error.code(), pauses.len()), (Some(code), 0));
            assert_eq!(error.outcome(), Outcome::Unknown, "of the call nothing is known");
            assert!(!error.is_safe_to_resend());
        }
        let mut broken = Error::new(Kind::Api, Outcome::Refused, Cause::Failed);
        (broken.inner_mut().code, broken.inner_mut().status) =
            (Some("UNAUTHORIZED_KEY".to_owned()), Some(http::StatusCode::BAD_GATEWAY));
        let (result, pauses) = play(&Schedule::default(), vec![Err(broken), Ok(Resolution::Done(7))]);
        assert_eq!((result.unwrap(), pauses), (Resolution::Done(7), vec![1]));
        let (result, pauses) =
            play(&Schedule::default(), vec![refused("NOT_FOUND"), Ok(Resolution::Done(7))]);
        assert_eq!((result.unwrap(), pauses), (Resolution::Done(7), vec![1]));
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept() {
        let limited = |wait: Option<u64>| {
            let mut error = Error::new(Kind::Api, Outcome::Refused, Cause::Failed);
            error.inner_mut().code = Some("4095".to_owned());
            error.inner_mut().retry_after = wait.map(Duration::from_secs);
            Err(error)
        };
        let (result, pauses) =
            play(&Schedule::default(), vec![limited(Some(30)), limited(Some(1)), Ok(Resolution::Done(7))]);
        assert_eq!((result.unwrap(), pauses), (Resolution::Done(7), vec![30, 2]));
        for (wait, ask_again) in [(Some(61), 61), (Some(300), 300), (None, 60)] {
            let (result, pauses) = play(&Schedule::default(), vec![limited(wait), Ok(Resolution::Done(7))]);
            let ask_again = Duration::from_secs(ask_again);
            assert_eq!((result.unwrap(), pauses.len()), (Resolution::Unknown { ask_again }, 0), "{wait:?}");
        }
        let (result, _) = play(&Schedule::once(), vec![limited(Some(45))]);
        assert_eq!(result.unwrap(), Resolution::Unknown { ask_again: Duration::from_secs(45) });
    }
}
