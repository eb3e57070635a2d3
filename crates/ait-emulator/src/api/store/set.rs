//! A sorted set that is cheap to copy.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Sorted;

/// A sorted set. A copy is cheap. Its JSON is a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Set<K: Ord>(Sorted<K, ()>);

impl<K: Ord> Default for Set<K> {
    fn default() -> Self {
        Self(Sorted::default())
    }
}

impl<K: Ord + Clone> Set<K> {
    /// Whether it is in the set.
    pub fn contains(&self, key: &K) -> bool {
        self.0.contains(key)
    }

    /// Puts it in. False if it was there.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    /// Takes it out. False if it was not there.
    pub fn remove(&mut self, key: &K) -> bool {
        self.0.remove(key).is_some()
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<&K> {
        self.0.first().map(|(key, ())| key)
    }
}

impl<K: Ord + std::fmt::Debug> std::fmt::Debug for Set<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in a set", self.0.len())
    }
}

impl<K: Ord + Serialize> Serialize for Set<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(key, ())| key))
    }
}

impl<'de, K: Ord + Clone + Deserialize<'de>> Deserialize<'de> for Set<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Vec::<K>::deserialize(deserializer)?.into_iter().map(|key| (key, ())).collect()))
    }
}
