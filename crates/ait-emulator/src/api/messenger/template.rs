//! Templates, which are made in the console.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A way to a user. The template decides, not the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the API's own")]
pub enum Channel {
    Push,
    Inbox,
    Sms,
    Alimtalk,
    Friendtalk,
}

/// A template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// The variables that a message has to bring. `userName` is filled in by Toss.
    pub variables: BTreeSet<String>,
    /// Where messages go out.
    pub channels: BTreeSet<Channel>,
    /// Whether the text was approved. Before that, not even a test message can be sent.
    pub approved: bool,
}

impl Default for Template {
    fn default() -> Self {
        Self { variables: BTreeSet::new(), channels: BTreeSet::from([Channel::Push]), approved: true }
    }
}

impl Template {
    /// An approved template with these variables that goes out as push.
    #[must_use]
    pub fn new<'a>(variables: impl IntoIterator<Item = &'a str>) -> Self {
        Self { variables: variables.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Where messages go out.
    #[must_use]
    pub fn channels(mut self, channels: impl IntoIterator<Item = Channel>) -> Self {
        self.channels = channels.into_iter().collect();
        self
    }
}
