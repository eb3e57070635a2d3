//! Running a grant against the API and a store.

use std::time::{Duration, Instant};

use ait_core::{Answer, Error, Kind, RetryPolicy, User};

use super::{
    Asked, Command, Event, Executed, Grant, GrantError, GrantRecord, GrantState, GrantStore, Policy,
    ServerDate, next,
};
use crate::{GetKey, Promotion, pace::RUN};

/// How far [`Grant::run`] came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// There is nothing more to do.
    Over(GrantState),
    /// There is nothing to do now. Run the grant again after this long or later, in any process.
    Waiting {
        /// How far it has come. It is stored, unless nothing was done yet.
        state: GrantState,
        /// How long to wait.
        ask_again: Duration,
    },
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
    /// It never sleeps, and it saves the state before everything that depends on it. A grant that stays in doubt, or
    /// accepted and not paid, is parked when all [`questions`](Policy::questions) were asked.
    ///
    /// It makes at most five calls, and each is tried once. If they would not fit into the ten calls a minute that
    /// [`Promotion`] keeps to for this user, it sends and saves nothing, and says when they will.
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
        let stored = self.stored(store).await?;
        let state = stored.as_ref().map_or_else(GrantState::planned, |record| record.state.clone());
        if state.is_over() {
            return Ok(Progress::Over(state));
        }
        let mut run = match Run::begin(promotion, &self.user) {
            Ok(run) => run,
            Err(ask_again) => return Ok(Progress::Waiting { state, ask_again }),
        };
        let mut record = GrantRecord::new(self.clone(), state);
        if stored.is_none() {
            store.replace(None, &record).await.map_err(GrantError::Store)?;
        }
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
                    then = Some(self.obey(&mut run, &command).await);
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

    /// Tries a grant again that was refused or that failed. That is a person's decision: make it when the cause is gone.
    ///
    /// Nothing documents that a refusal or a failure is the last word, so no other key is taken before this one is shown
    /// to be dead. It asks; what has arrived or is under way counts. When the hour of the key is over, the same key is
    /// sent once more; if it is refused as expired, and there is still no record of points, a new one is taken. Then all
    /// goes on as in [`run`](Self::run), which you call from now on.
    ///
    /// # Errors
    ///
    /// [`GrantError::CannotProve`] under a policy that never sends a key again, [`GrantError::NotRetried`] for a grant
    /// that neither failed nor was refused: nothing was sent or saved. Otherwise those of [`run`](Self::run).
    pub async fn retry<S: GrantStore>(
        &self,
        promotion: &Promotion,
        policy: &Policy,
        store: &mut S,
    ) -> Result<Progress, GrantError<S::Error>> {
        let record = match self.stored(store).await? {
            Some(record)
                if matches!(record.state, GrantState::Failed { .. } | GrantState::Refused { .. }) =>
            {
                record
            }
            Some(record) => return Err(GrantError::NotRetried(Box::new(record.state))),
            None => return Err(GrantError::NotRetried(Box::new(GrantState::planned()))),
        };
        let (state, commands) = next(&record.state, &Event::Retry, policy);
        if !commands.contains(&Command::Save) {
            return Err(GrantError::CannotProve);
        }
        let new = GrantRecord::new(self.clone(), state);
        store.replace(Some(&record), &new).await.map_err(GrantError::Store)?;
        self.run(promotion, policy, store).await
    }

    async fn stored<S: GrantStore>(
        &self,
        store: &mut S,
    ) -> Result<Option<GrantRecord>, GrantError<S::Error>> {
        match store.load().await.map_err(GrantError::Store)? {
            Some(record) if record.grant != *self => Err(GrantError::OtherGrant),
            stored => Ok(stored),
        }
    }

    async fn obey(&self, run: &mut Run<'_>, command: &Command) -> Then {
        let promotion = run.promotion;
        match command {
            Command::GetKey => {
                let call = promotion.get_key(GetKey::new(self.user.clone())).retry(RetryPolicy::never());
                match run.make(call.answer()).await {
                    (Ok(issued), date) => Then::Go(Event::KeyReceived { key: issued.key, date }),
                    (Err(error), _) => Then::Fail(error),
                }
            }
            Command::Execute(key) => {
                let result = match self.execute(key) {
                    Ok(request) => {
                        let call = promotion.execute_promotion(request).retry(RetryPolicy::never());
                        run.make(call.answer()).await.0
                    }
                    Err(error) => Err(error),
                };
                match (Executed::of(&result), result) {
                    (Executed::NotTaken, Err(error)) => Then::NotTaken(error),
                    (executed, _) => Then::Go(Event::Executed(executed)),
                }
            }
            Command::Ask(key) => {
                let call = promotion.execution_result(self.question(key)).retry(RetryPolicy::never());
                match run.make(call.answer()).await {
                    (Err(error), _) if matches!(error.kind(), Kind::Config | Kind::Identity) => {
                        Then::Fail(error)
                    }
                    (result, date) => Then::Go(Event::Asked { answer: Asked::of(&result), date }),
                }
            }
            Command::Wait(pause) => Then::Wait(*pause),
            // The loop saves.
            Command::Save => Then::Wait(Duration::ZERO),
        }
    }
}

/// A run under way: it holds the calls that it may still make.
struct Run<'a> {
    promotion: &'a Promotion,
    user: &'a User,
    left: usize,
    is_calling: bool,
}

impl<'a> Run<'a> {
    fn begin(promotion: &'a Promotion, user: &'a User) -> Result<Self, Duration> {
        promotion.pace().reserve(user, Instant::now())?;
        Ok(Self { promotion, user, left: RUN, is_calling: false })
    }

    /// Makes a call and counts it. Also tells when it was answered, be it well or not.
    async fn make<T>(
        &mut self,
        call: impl Future<Output = Result<Answer<T>, Error>>,
    ) -> (Result<T, Error>, Option<ServerDate>) {
        self.is_calling = true;
        let result = call.await;
        self.count();
        let date = result.as_ref().map_or_else(Error::date, Answer::date);
        (result.map(Answer::into_inner), date.and_then(ServerDate::from_system_time))
    }

    fn count(&mut self) {
        self.is_calling = false;
        self.left = self.left.saturating_sub(1);
        self.promotion.pace().made(self.user, Instant::now());
    }
}

/// Also of a run that is given up: a call on its way may have arrived.
impl Drop for Run<'_> {
    fn drop(&mut self) {
        if self.is_calling {
            self.count();
        }
        self.promotion.pace().release(self.user, self.left);
    }
}
