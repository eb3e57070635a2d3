//! A grant, and the row of a database that keeps it.

use std::sync::{Arc, Mutex};

use ait_promotion::{
    Grant, GrantState, PromotionCode,
    ait_core::{Krw, User},
    grant::{GrantRecord, GrantStore},
};
use ait_testkit::USER_KEY;

pub(crate) fn grant() -> Grant {
    grant_to(USER_KEY)
}

pub(crate) fn grant_to(user: u64) -> Grant {
    let code = PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap();
    Grant::new(User::key(user), code, Krw::new(10)).unwrap()
}

/// A row of a database, as text, and when it breaks: before or after which write.
#[derive(Clone, Default)]
pub(crate) struct Row {
    pub(crate) text: Arc<Mutex<Option<String>>>,
    pub(crate) writes: usize,
    pub(crate) breaks: Option<(usize, bool)>,
}

impl Row {
    pub(crate) fn record(&self) -> Option<GrantRecord> {
        self.text.lock().unwrap().as_deref().map(|text| serde_json::from_str(text).unwrap())
    }

    pub(crate) fn state(&self) -> GrantState {
        self.record().unwrap().state
    }
}

impl GrantStore for Row {
    type Error = String;

    async fn load(&mut self) -> Result<Option<GrantRecord>, String> {
        Ok(self.record())
    }

    async fn replace(&mut self, old: Option<&GrantRecord>, new: &GrantRecord) -> Result<(), String> {
        if self.record().as_ref() != old {
            return Err("another worker has this grant".to_owned());
        }
        self.writes += 1;
        let breaks = self.breaks.filter(|(at, _)| *at == self.writes);
        if !matches!(breaks, Some((_, false))) {
            *self.text.lock().unwrap() = Some(serde_json::to_string(new).unwrap());
        }
        if breaks.is_some() { Err("crash".to_owned()) } else { Ok(()) }
    }
}
