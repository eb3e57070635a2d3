//! A sorted map that is cheap to copy.

use std::{borrow::Borrow, mem, sync::Arc};

/// So many entries are in one chunk at most.
const MOST: usize = 256;

type Chunk<K, V> = Arc<Vec<(K, V)>>;

/// A sorted map in chunks. A copy shares all of them; whoever changes an entry then copies the list of the chunks and that
/// chunk alone.
#[derive(Clone)]
pub(crate) struct Sorted<K, V> {
    chunks: Arc<Vec<Chunk<K, V>>>,
    len: usize,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { chunks: Arc::default(), len: 0 }
    }
}

impl<K: Ord, V> Sorted<K, V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// In which chunk this key is or belongs, and where in it.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let before = |chunk: &Chunk<K, V>| chunk.last().is_some_and(|(last, _)| last.borrow() < key);
        // What comes after all of them belongs to the last.
        let chunk = self.chunks.partition_point(before).min(self.chunks.len().saturating_sub(1));
        match self.chunks.get(chunk) {
            Some(entries) => (chunk, entries.binary_search_by(|(other, _)| other.borrow().cmp(key))),
            None => (chunk, Err(0)),
        }
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    pub(crate) fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let (chunk, Ok(place)) = self.place(key) else { return None };
        let (key, value) = &self.chunks[chunk][place];
        Some((key, value))
    }

    pub(crate) fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.iter().map(|(key, value)| (key, value)))
    }

    /// The entries from the first whose key is not `before` something.
    pub(crate) fn from(&self, before: impl Fn(&K) -> bool) -> impl Iterator<Item = (&K, &V)> {
        let first = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|(last, _)| before(last)));
        let skipped = self.chunks.get(first).map_or(0, |chunk| chunk.partition_point(|(key, _)| before(key)));
        let rest = self.chunks[first..].iter().flat_map(|chunk| chunk.iter());
        rest.skip(skipped).map(|(key, value)| (key, value))
    }

    pub(crate) fn first(&self) -> Option<(&K, &V)> {
        self.chunks.first().and_then(|chunk| chunk.first()).map(|(key, value)| (key, value))
    }

    pub(crate) fn last(&self) -> Option<(&K, &V)> {
        self.chunks.last().and_then(|chunk| chunk.last()).map(|(key, value)| (key, value))
    }
}

impl<K: Ord + Clone, V: Clone> Sorted<K, V> {
    /// A chunk, to be changed.
    fn chunk(&mut self, chunk: usize) -> &mut Vec<(K, V)> {
        Arc::make_mut(&mut Arc::make_mut(&mut self.chunks)[chunk])
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        match self.place(key) {
            (chunk, Ok(place)) => Some(&mut self.chunk(chunk)[place].1),
            _ => None,
        }
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (chunk, place) = match self.place(&key) {
            (chunk, Ok(place)) => {
                let entry = &mut self.chunk(chunk)[place];
                return Some(mem::replace(&mut entry.1, value));
            }
            (chunk, Err(place)) => (chunk, place),
        };
        self.len += 1;
        let is_last = chunk + 1 >= self.chunks.len();
        let chunks = Arc::make_mut(&mut self.chunks);
        match chunks.get_mut(chunk) {
            Some(entries) if entries.len() < MOST => Arc::make_mut(entries).insert(place, (key, value)),
            // What grows at its end has full chunks.
            Some(entries) if !is_last || place < entries.len() => {
                let entries = Arc::make_mut(entries);
                let mut right = entries.split_off(MOST / 2);
                match place.checked_sub(MOST / 2) {
                    Some(place) if place > 0 => right.insert(place, (key, value)),
                    _ => entries.insert(place, (key, value)),
                }
                chunks.insert(chunk + 1, Arc::new(right));
            }
            _ => chunks.push(Arc::new(vec![(key, value)])),
        }
        None
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        let (chunk, Ok(place)) = self.place(key) else { return None };
        self.len -= 1;
        let entries = self.chunk(chunk);
        let removed = entries.remove(place);
        if entries.is_empty() {
            Arc::make_mut(&mut self.chunks).remove(chunk);
        }
        Some(removed)
    }

    /// The value of this key, which is made if there is none.
    pub(crate) fn get_or_insert_with(&mut self, key: &K, value: impl FnOnce() -> V) -> &mut V {
        if !self.contains(key) {
            self.insert(key.clone(), value());
        }
        let (chunk, place) = self.place(key);
        let (Ok(place) | Err(place)) = place;
        &mut self.chunk(chunk)[place].1
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        Arc::make_mut(&mut self.chunks)
            .iter_mut()
            .flat_map(|chunk| Arc::make_mut(chunk).iter_mut().map(|(_, value)| value))
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut sorted = Self::default();
        for (key, value) in entries {
            sorted.insert(key, value);
        }
        sorted
    }
}

impl<K: PartialEq + Ord, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Self) -> bool {
        // One and its copy are equal until one of them changes.
        Arc::ptr_eq(&self.chunks, &other.chunks) || (self.len == other.len && self.iter().eq(other.iter()))
    }
}

impl<K: Eq + Ord, V: Eq> Eq for Sorted<K, V> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Sorted;
    use crate::api::Rng;

    #[test]
    fn it_is_a_map_and_a_copy_stays_as_it_was() {
        let mut rng = Rng::new(7);
        let (mut sorted, mut map) = (Sorted::default(), BTreeMap::new());
        let mut copies = Vec::new();
        for step in 0..20_000_u32 {
            let [kind, low, high, _] = rng.bytes::<4>();
            // Many at the end, many in between, and fewer that go.
            let key = if kind < 80 { step } else { u32::from(low) * 97 + u32::from(high) };
            if kind < 190 {
                assert_eq!(sorted.insert(key, step), map.insert(key, step));
            } else if kind < 240 {
                assert_eq!(sorted.remove(&key), map.remove_entry(&key));
            } else {
                assert_eq!(
                    sorted.get_mut(&key).map(|value| *value += 1),
                    map.get_mut(&key).map(|value| *value += 1)
                );
            }
            assert_eq!((sorted.len(), sorted.get(&key)), (map.len(), map.get(&key)));
            assert_eq!((sorted.first(), sorted.last()), (map.first_key_value(), map.last_key_value()));
            if step % 1000 == 0 {
                let from: Vec<_> = sorted.from(|other| *other < key).collect();
                assert_eq!(from, map.range(key..).collect::<Vec<_>>());
                copies.push((sorted.clone(), map.clone()));
            }
        }
        for (sorted, map) in copies {
            assert!(sorted.iter().eq(map.iter()) && sorted.iter().rev().eq(map.iter().rev()));
        }
    }
}
