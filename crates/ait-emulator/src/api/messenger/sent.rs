//! The messages that were accepted.

use std::{collections::BTreeSet, ops::Index, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Message;
use crate::api::{
    ledger::Sending,
    store::{Sorted, patch_whole},
};

/// The messages that were accepted, in order. A copy is cheap.
#[derive(Clone, Default)]
pub struct Sent {
    messages: Sorted<usize, Arc<Message>>,
    /// How many there are to a user, from a template, tests or not.
    counts: Sorted<Sending, i64>,
    changed: BTreeSet<Sending>,
}

patch_whole!(Sent);

impl Sent {
    /// The messages, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().map(|(_, message)| message.as_ref())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts one at the end.
    pub fn push(&mut self, message: Message) {
        let sending = (message.user.to_string(), message.template.clone(), message.deployment.is_some());
        *self.counts.get_or_insert_with(&sending, i64::default) += 1;
        self.changed.insert(sending);
        self.messages.insert(self.len(), Arc::new(message));
    }

    /// Takes all of them out.
    pub fn clear(&mut self) {
        self.changed.extend(self.counts.iter().map(|(sending, _)| sending.clone()));
        (self.messages, self.counts) = (Sorted::default(), Sorted::default());
    }

    pub(super) fn count(&self, sending: &Sending) -> i64 {
        self.counts.get(sending).copied().unwrap_or(0)
    }

    pub(crate) fn sendings(&self) -> impl Iterator<Item = &Sending> {
        self.counts.iter().map(|(sending, _)| sending)
    }

    /// What may have changed since somebody asked.
    pub(crate) fn changed(&self) -> &BTreeSet<Sending> {
        &self.changed
    }

    /// From now on nothing has changed.
    pub(crate) fn settle(&mut self) {
        self.changed.clear();
    }
}

impl Index<usize> for Sent {
    type Output = Message;

    /// The message of this place, which must be there.
    #[allow(clippy::expect_used, reason = "an index that is not there ends the program, as in a list of std")]
    fn index(&self, place: usize) -> &Message {
        self.messages.get(&place).expect("no message has this place")
    }
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Sent {
    fn eq(&self, other: &Self) -> bool {
        self.messages == other.messages
    }
}

impl Eq for Sent {}

impl Serialize for Sent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut sent = Self::default();
        Vec::deserialize(deserializer)?.into_iter().for_each(|message| sent.push(message));
        Ok(sent)
    }
}
