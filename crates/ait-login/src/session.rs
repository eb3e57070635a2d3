//! An access token that stays fresh.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use ait_core::{Error, Kind, Outcome, Secret};
use tokio::sync::watch;

use crate::{Login, RefreshToken, SessionError, Token, session_error::BoxError, token::whole_seconds};

/// How long before its end an access token is renewed.
const MARGIN: Duration = Duration::from_secs(60);
/// How long the store of the application may take.
const STORE_TIMEOUT: Duration = Duration::from_secs(10);

type Answer = Result<Secret, SessionError>;
type Store = dyn Fn(Token) -> Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>> + Send + Sync;
type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// The login of one user, with an access token that stays fresh. Cheap to clone; clones share everything.
///
/// However many callers ask at once, the tokens are refreshed once, in a task of its own: a caller that is dropped does
/// not cost the new tokens. They are handed to the application **before** anybody gets to use them, so that a process
/// that ends has them stored. What could not be stored is kept here and handed over again at the next call, before
/// anything else.
///
/// ```no_run
/// # use ait_login::{ait_core::*, *};
/// # async fn save(token: &Token) -> Result<(), std::io::Error> { Ok(()) }
/// # async fn show(login: Login, stored: Token) -> Result<Profile, Box<dyn std::error::Error>> {
/// let session = Session::new(login.clone(), stored, |token| async move { save(&token).await });
/// let profile = login.login_me(LoginMe::new(session.access_token().await?)).await?;
/// # Ok(profile)
/// # }
/// ```
///
/// Keep one session for a user and process, and refresh in one process only: whether an old refresh token stops working
/// is not documented.
#[derive(Clone)]
pub struct Session {
    login: Login,
    store: Arc<Store>,
    store_timeout: Duration,
    clock: Arc<Clock>,
    margin: Duration,
    state: Arc<Mutex<State>>,
}

enum State {
    /// `doubtful`: the refresh token was sent once already, and the answer was lost.
    Held {
        token: Box<Token>,
        doubtful: bool,
    },
    /// These tokens are new, and the application could not store them.
    Unstored(Box<Token>),
    Refreshing(watch::Receiver<Option<Answer>>),
    Ended(SessionError),
}

/// What the task has to do.
enum Work {
    Refresh { old: Box<Token>, doubtful: bool },
    Store(Box<Token>),
}

impl Session {
    /// A session with these tokens, new or stored. `store` gets every later token and has to keep it durably before its
    /// future is done.
    ///
    /// A store that fails, panics or takes longer than [`store_timeout`](Self::store_timeout) gets the same token again at
    /// the next call, so it must bear being given one twice.
    pub fn new<F, E>(login: Login, token: Token, store: impl Fn(Token) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let store = move |token| -> Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>> {
            let storing = store(token);
            Box::pin(async move { storing.await.map_err(Into::into) })
        };
        Self {
            login,
            store: Arc::new(store),
            store_timeout: STORE_TIMEOUT,
            clock: Arc::new(SystemTime::now),
            margin: MARGIN,
            state: Arc::new(Mutex::new(State::Held { token: Box::new(token), doubtful: false })),
        }
    }

    /// How long before its end an access token is renewed: a minute unless set, and never more than half of its life.
    #[must_use]
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// How long the store may take, 10 seconds unless set. After that its future is dropped, and nobody waits for it.
    #[must_use]
    pub fn store_timeout(mut self, timeout: Duration) -> Self {
        self.store_timeout = timeout;
        self
    }

    /// Another clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// An access token that is good for a while yet, refreshed if need be. Within a tokio runtime.
    ///
    /// # Errors
    ///
    /// Everybody who waited gets the same one, and nothing is tried again by itself.
    ///
    /// - [`Refresh`](SessionError::Refresh): the refresh failed. It did not get through
    ///   ([`NotSent`](Outcome::NotSent), the certificate was refused, or there were too many calls): the session lives,
    ///   and the next caller tries again. Its answer was lost ([`Unknown`](Outcome::Unknown)): the next caller tries once
    ///   more, and if that answer is lost too, the session has ended. Anything else: the session has ended, and every
    ///   later caller gets this error. Let the user log in again.
    /// - [`Store`](SessionError::Store): the tokens were renewed and are not stored. The session lives; the next caller has
    ///   them stored first.
    /// - [`CutOff`](SessionError::CutOff): the runtime ended under it. The session has ended.
    pub async fn access_token(&self) -> Result<Secret, SessionError> {
        let mut refresh = match self.next() {
            Next::Known(answer) => return answer,
            Next::Wait(refresh) => refresh,
        };
        match refresh.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(answer)) => answer.clone(),
            _ => Err(self.cut_off()),
        }
    }

    fn next(&self) -> Next {
        let mut state = self.state();
        let work = match &*state {
            State::Ended(error) => return Next::Known(Err(error.clone())),
            State::Refreshing(refresh) => return Next::Wait(refresh.clone()),
            State::Held { token, .. } if self.is_fresh(token) => {
                return Next::Known(Ok(token.access_token.clone()));
            }
            State::Held { token, doubtful } => Work::Refresh { old: token.clone(), doubtful: *doubtful },
            State::Unstored(token) => Work::Store(token.clone()),
        };
        let (done, refresh) = watch::channel(None);
        tokio::spawn(self.clone().carry_out(work, done));
        *state = State::Refreshing(refresh.clone());
        Next::Wait(refresh)
    }

    fn is_fresh(&self, token: &Token) -> bool {
        token.is_fresh((self.clock)(), self.margin.min(token.lifetime() / 2))
    }

    async fn carry_out(self, work: Work, done: watch::Sender<Option<Answer>>) {
        let renewed = match work {
            Work::Store(token) => Ok(token),
            Work::Refresh { old, doubtful } => match self.renewed(&old).await {
                Ok(token) => Ok(Box::new(token)),
                Err(error) => Err((error, old, doubtful)),
            },
        };
        let (state, answer) = match renewed {
            Ok(token) => match self.stored(&token).await {
                Ok(()) => {
                    let answer = Ok(token.access_token.clone());
                    (State::Held { token, doubtful: false }, answer)
                }
                Err(why) => (State::Unstored(token), Err(SessionError::Store(why.into()))),
            },
            Err((error, old, doubtful)) => {
                let fate = fate(&error);
                let error = SessionError::Refresh(Arc::new(error));
                let state = match fate {
                    Fate::Untouched => State::Held { token: old, doubtful },
                    Fate::Doubtful if !doubtful => State::Held { token: old, doubtful: true },
                    Fate::Doubtful | Fate::Over => State::Ended(error.clone()),
                };
                (state, Err(error))
            }
        };
        *self.state() = state;
        done.send_replace(Some(answer));
    }

    /// Has the application store the tokens, in a task of its own: it may panic.
    async fn stored(&self, token: &Token) -> Result<(), BoxError> {
        let store = Arc::clone(&self.store);
        let token = token.clone();
        let mut storing = tokio::spawn(async move { store(token).await });
        match tokio::time::timeout(self.store_timeout, &mut storing).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panicked)) => Err("it panicked".into()),
            Err(_elapsed) => {
                storing.abort();
                Err(format!("it took longer than {:?}", self.store_timeout).into())
            }
        }
    }

    async fn renewed(&self, old: &Token) -> Result<Token, Error> {
        let Some(refresh_token) = &old.refresh_token else {
            return Err(Error::invalid(
                "refreshToken",
                "must be there, or the session ends with its access token; let the user log in again",
            ));
        };
        let mut token = self.login.refresh_token(RefreshToken::new(refresh_token.clone())).await?;
        token.received_at = whole_seconds((self.clock)());
        // What the answer does not say has not changed.
        token.refresh_token = token.refresh_token.or_else(|| old.refresh_token.clone());
        token.token_type = token.token_type.or_else(|| old.token_type.clone());
        if token.scope.is_empty() {
            token.scope = old.scope.clone();
        }
        Ok(token)
    }

    // The task is gone without an answer: its runtime has ended. Nobody knows how far it had come.
    #[cold]
    fn cut_off(&self) -> SessionError {
        let mut state = self.state();
        if matches!(&*state, State::Refreshing(refresh) if refresh.has_changed().is_err()) {
            *state = State::Ended(SessionError::CutOff);
        }
        match &*state {
            State::Ended(error) => error.clone(),
            _ => SessionError::CutOff,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Known(Answer),
    Wait(watch::Receiver<Option<Answer>>),
}

/// What a failed refresh did to the refresh token.
enum Fate {
    Untouched,
    Doubtful,
    Over,
}

fn fate(error: &Error) -> Fate {
    match error.outcome() {
        Outcome::NotSent => Fate::Untouched,
        Outcome::Refused if error.is_rate_limited() || error.kind() == Kind::Identity => Fate::Untouched,
        Outcome::Unknown => Fate::Doubtful,
        _ => Fate::Over,
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("margin", &self.margin).finish_non_exhaustive()
    }
}
