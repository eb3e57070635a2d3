//! Running a grant against the API and a store.

use std::{error, fmt, time::Duration};

use ait_core::{Error, Kind};

use super::{Asked, Command, Event, Executed, Grant, GrantRecord, GrantState, GrantStore, Policy, next};
use crate::{GetKey, Promotion};

/// How far [`Grant::run`] came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// There is nothing more to do.
    Over(GrantState),
    /// There is nothing to do now. Run the grant again after this long or later, in any process.
    Waiting {
        /// How far it has come. It is stored.
        state: GrantState,
        /// How long to wait.
        ask_again: Duration,
    },
}

/// Why [`Grant::run`] stopped. What is stored stays true: run the grant again when the cause is gone.
#[derive(Debug)]
#[non_exhaustive]
pub enum GrantError<E> {
    /// The store failed, or another worker was faster. Nothing was sent that is not stored.
    Store(E),
    /// A call failed, and this failure moved no points: no key was to be had, the request never left, there were too
    /// many calls, or the certificate was refused. See [`Error::retry_after`].
    Call(Error),
    /// The store holds a grant to another user, of another promotion or of another amount.
    OtherGrant,
}

impl<E> fmt::Display for GrantError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(_) => f.write_str("the state of the grant could not be read or saved; nothing unsaved was sent"),
            Self::Call(error) => fmt::Display::fmt(error, f),
            Self::OtherGrant => f.write_str(
                "the store holds another grant under this name: its user, promotion or amount differs; use a name of its own",
            ),
        }
    }
}

impl<E: error::Error + 'static> error::Error for GrantError<E> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Call(error) => error.source(),
            Self::OtherGrant => None,
        }
    }
}

/// What a command led to.
enum Then {
    Go(Event),
    /// The request was not taken. The state follows from that; the caller learns why.
    NotTaken(Error),
    Wait(Duration),
    Fail(Error),
}

impl Grant {
    /// Takes the grant as far as it can be taken now. Call it again, with the same store, until it is
    /// [`Over`](Progress::Over); also after an error, a crash, or on another machine.
    ///
    /// It never sleeps, and it saves the state before everything that depends on it. The waits between the runs keep a
    /// user below ten calls a minute.
    ///
    /// Answers carry no date here yet, so the hour of a key is never seen to be over: a grant without a record is
    /// parked when all [`questions`](Policy::questions) were asked, and no probe is sent.
    ///
    /// # Errors
    ///
    /// [`GrantError`]. The error says what happened; what is stored is still true.
    pub async fn run<S: GrantStore>(
        &self,
        promotion: &Promotion,
        policy: &Policy,
        store: &mut S,
    ) -> Result<Progress, GrantError<S::Error>> {
        let mut record = self.open(store).await?;
        let mut event = Event::Started;
        let mut failure = None;
        loop {
            let (state, commands) = next(&record.state, &event, policy);
            let new = GrantRecord::new(self.clone(), state);
            let mut then = None;
            for command in commands {
                if command == Command::Save {
                    store.replace(Some(&record), &new).await.map_err(GrantError::Store)?;
                } else {
                    then = Some(self.obey(promotion, &command).await);
                }
            }
            record = new;
            event = match (then, failure.take()) {
                (Some(Then::Go(event)), _) => event,
                (Some(Then::NotTaken(error)), _) => {
                    failure = Some(error);
                    Event::Executed(Executed::NotTaken)
                }
                (Some(Then::Fail(error)), _) | (_, Some(error)) => return Err(GrantError::Call(error)),
                (Some(Then::Wait(ask_again)), None) => {
                    return Ok(Progress::Waiting { state: record.state, ask_again });
                }
                (None, None) => return Ok(Progress::Over(record.state)),
            };
        }
    }

    async fn open<S: GrantStore>(&self, store: &mut S) -> Result<GrantRecord, GrantError<S::Error>> {
        match store.load().await.map_err(GrantError::Store)? {
            Some(record) if record.grant == *self => Ok(record),
            Some(_) => Err(GrantError::OtherGrant),
            None => {
                let record = GrantRecord::new(self.clone(), GrantState::planned());
                store.replace(None, &record).await.map_err(GrantError::Store)?;
                Ok(record)
            }
        }
    }

    async fn obey(&self, promotion: &Promotion, command: &Command) -> Then {
        match command {
            Command::GetKey => match promotion.get_key(GetKey::new(self.user.clone())).await {
                Ok(issued) => Then::Go(Event::KeyReceived { key: issued.key, date: None }),
                Err(error) => Then::Fail(error),
            },
            Command::Execute(key) => {
                let result = match self.execute(key) {
                    Ok(request) => promotion.execute(request).await,
                    Err(error) => Err(error),
                };
                match (Executed::of(&result), result) {
                    (Executed::NotTaken, Err(error)) => Then::NotTaken(error),
                    (executed, _) => Then::Go(Event::Executed(executed)),
                }
            }
            Command::Ask(key) => match promotion.execution_result(self.question(key)).await {
                Err(error) if matches!(error.kind(), Kind::Config | Kind::Identity) => Then::Fail(error),
                result => Then::Go(Event::Asked { answer: Asked::of(&result), date: None }),
            },
            Command::Wait(pause) => Then::Wait(*pause),
            // The loop saves.
            Command::Save => Then::Wait(Duration::ZERO),
        }
    }
}
