//! Calls that a fault has put off.

use std::{collections::BTreeMap, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::api::{Face, Request, Time};

/// The calls that a fault has put off, by when they are due and by their number in the log. `Debug` tells when only:
/// requests hold secrets.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Vec<Kept>", try_from = "Vec<Kept>")]
pub(crate) struct PutOff(BTreeMap<(Time, u64), Kept>);

/// A call as it is kept.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    due: Time,
    number: u64,
    /// How far the ledger was when the call was made.
    #[serde(default)]
    asked_before: Option<u64>,
    brandpay: bool,
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    /// In Base64: it need not be text.
    body: String,
    app: Option<String>,
}

impl PutOff {
    /// `asked_before`: the ledger's next number now.
    pub(super) fn add(&mut self, due: Time, number: u64, asked_before: u64, request: &Request) {
        self.0.insert((due, number), Kept::new(due, number, asked_before, request));
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<Time> {
        self.0.first_key_value().map(|((due, _), _)| *due)
    }

    /// The first that is due by now, which is taken out: when it was due, before which entry of the ledger it was made,
    /// and what it asks.
    pub(super) fn due(&mut self, now: Time) -> Option<(Time, Option<u64>, Request)> {
        let first = self.0.first_entry().filter(|first| first.key().0 <= now)?;
        let kept = first.remove();
        Some((kept.due, kept.asked_before, kept.request()))
    }
}

impl Kept {
    fn new(due: Time, number: u64, asked_before: u64, request: &Request) -> Self {
        // The API reads no header that is not text.
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        Self {
            due,
            number,
            asked_before: Some(asked_before),
            brandpay: request.face == Face::BrandPay,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.iter().filter_map(text).collect(),
            body: STANDARD.encode(&request.body),
            app: request.app.clone(),
        }
    }

    /// What was written here is read back: [`PutOff`] lets nothing else in.
    fn request(self) -> Request {
        let field = |(name, value): (String, String)| Some((name.parse().ok()?, value.parse().ok()?));
        let fields: Vec<(HeaderName, HeaderValue)> = self.headers.into_iter().filter_map(field).collect();
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value);
        }
        Request {
            face: if self.brandpay { Face::BrandPay } else { Face::AppsInToss },
            method: self.method,
            path: self.path,
            query: self.query,
            headers,
            body: STANDARD.decode(self.body).unwrap_or_default().into(),
            app: self.app,
        }
    }

    fn is_sound(&self) -> bool {
        let parses = |(name, value): &(String, String)| {
            name.parse::<HeaderName>().is_ok() && value.parse::<HeaderValue>().is_ok()
        };
        STANDARD.decode(&self.body).is_ok() && self.headers.iter().all(parses)
    }
}

impl TryFrom<Vec<Kept>> for PutOff {
    type Error = &'static str;

    fn try_from(kept: Vec<Kept>) -> Result<Self, Self::Error> {
        if !kept.iter().all(Kept::is_sound) {
            return Err("a call that was put off has a body that is not Base64, or a bad header");
        }
        Ok(Self(kept.into_iter().map(|one| ((one.due, one.number), one)).collect()))
    }
}

impl From<PutOff> for Vec<Kept> {
    fn from(late: PutOff) -> Self {
        late.0.into_values().collect()
    }
}

impl fmt::Debug for PutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys().map(|(due, _)| due)).finish()
    }
}
