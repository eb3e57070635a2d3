//! An access token that stays fresh.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use ait_core::{Error, Kind, Outcome, Secret};
use tokio::sync::watch;

use crate::{Login, RefreshToken, Token, token::whole_seconds};

/// How long before its end an access token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

type Answer = Result<Secret, Arc<Error>>;
type Store = dyn Fn(Token) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;
type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// The login of one user, with an access token that stays fresh. Cheap to clone; clones share everything.
///
/// However many callers ask at once, the tokens are refreshed once, in a task of its own: a caller that is dropped does
/// not cost the new tokens. They are handed to the application **before** anybody gets to use them, so that a process
/// that ends has them stored.
///
/// ```no_run
/// # use ait_login::{ait_core::*, *};
/// # async fn save(token: &Token) {}
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
    Refreshing(watch::Receiver<Option<Answer>>),
    Ended(Arc<Error>),
}

impl Session {
    /// A session with these tokens, new or stored. `store` gets every later token and has to keep it; it is done when
    /// its future is.
    pub fn new<F>(login: Login, token: Token, store: impl Fn(Token) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            login,
            store: Arc::new(move |token| Box::pin(store(token))),
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
    /// If the refresh failed; everybody who waited for it gets the same error, and nothing is tried again by itself.
    ///
    /// - It did not get through ([`NotSent`](Outcome::NotSent), the certificate was refused, or there were too many
    ///   calls): the session lives, and the next caller tries again.
    /// - Its answer was lost ([`Unknown`](Outcome::Unknown)): the next caller tries once more, and if that answer is
    ///   lost too, the session has ended.
    /// - Anything else: the session has ended, and every later caller gets this error. Let the user log in again.
    pub async fn access_token(&self) -> Result<Secret, Arc<Error>> {
        let mut refresh = match self.next() {
            Next::Known(answer) => return answer,
            Next::Wait(refresh) => refresh,
        };
        match refresh.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(answer)) => answer.clone(),
            _ => Err(self.abandoned()),
        }
    }

    fn next(&self) -> Next {
        let mut state = self.state();
        let (token, doubtful) = match &*state {
            State::Ended(error) => return Next::Known(Err(Arc::clone(error))),
            State::Refreshing(refresh) => return Next::Wait(refresh.clone()),
            State::Held { token, .. } if self.is_fresh(token) => {
                return Next::Known(Ok(token.access_token.clone()));
            }
            State::Held { token, doubtful } => (token.clone(), *doubtful),
        };
        let (done, refresh) = watch::channel(None);
        tokio::spawn(self.clone().refresh(token, doubtful, done));
        *state = State::Refreshing(refresh.clone());
        Next::Wait(refresh)
    }

    fn is_fresh(&self, token: &Token) -> bool {
        token.is_fresh((self.clock)(), self.margin.min(token.lifetime() / 2))
    }

    async fn refresh(self, old: Box<Token>, doubtful: bool, done: watch::Sender<Option<Answer>>) {
        let (state, answer) = match self.renewed(&old).await {
            Ok(token) => {
                (self.store)(token.clone()).await;
                let answer = Ok(token.access_token.clone());
                (State::Held { token: Box::new(token), doubtful: false }, answer)
            }
            Err(error) => {
                let error = Arc::new(error);
                let answer = Err(Arc::clone(&error));
                let state = match fate(&error) {
                    Fate::Untouched => State::Held { token: old, doubtful },
                    Fate::Doubtful if !doubtful => State::Held { token: old, doubtful: true },
                    Fate::Doubtful | Fate::Over => State::Ended(error),
                };
                (state, answer)
            }
        };
        *self.state() = state;
        done.send_replace(Some(answer));
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

    // The task is gone without an answer: `store` panicked. Nobody knows what was stored.
    #[cold]
    fn abandoned(&self) -> Arc<Error> {
        let mut state = self.state();
        if let State::Ended(error) = &*state {
            return Arc::clone(error);
        }
        let error = Arc::new(Error::invalid(
            "store",
            "must not panic or be cut off while it keeps new tokens; make a new session from what it kept, or let the \
             user log in again",
        ));
        if matches!(&*state, State::Refreshing(refresh) if refresh.has_changed().is_err()) {
            *state = State::Ended(Arc::clone(&error));
        }
        error
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
