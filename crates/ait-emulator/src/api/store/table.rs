//! Records by key, found by other names too.

use std::{borrow::Borrow, collections::BTreeSet, fmt, marker::PhantomData, ops::Index, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use super::Sorted;

/// A record of a [`Table`].
pub trait Record: Clone {
    /// Whether it is noted which of them have changed: those about which a rule says something.
    const AUDITED: bool = false;

    /// By which other names it is looked up: the kind of the name, and the name. Several records may have one name.
    fn names(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl Record for String {}

/// What may have other names than the index says.
#[derive(Clone, Default)]
enum Open<K> {
    #[default]
    Nothing,
    One(K, Vec<(&'static str, String)>),
    All,
}

/// Records by key, in the order of the keys. An index finds them by [`names`](Record::names). It is no part of the JSON,
/// which is an object, and of what is compared.
///
/// A copy is cheap: it shares the records until one of the two changes.
#[derive(Clone)]
pub struct Table<K, V> {
    records: Sorted<K, Arc<V>>,
    index: Sorted<(&'static str, String, K), ()>,
    /// What was handed out to be changed, since.
    open: Open<K>,
    /// What may have changed since somebody asked.
    changed: BTreeSet<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            records: Sorted::default(),
            index: Sorted::default(),
            open: Open::Nothing,
            changed: BTreeSet::new(),
        }
    }
}

impl<K: Ord + Clone, V: Record> Table<K, V> {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record of this key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.records.get(key).map(Arc::as_ref)
    }

    /// The record of this key, and the key as the table has it.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.records.get_key_value(key).map(|(key, record)| (key, record.as_ref()))
    }

    /// Whether there is a record of this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.records.contains(key)
    }

    /// The records, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.records.iter().map(|(key, record)| (key, record.as_ref()))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The records, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, record)| record)
    }

    /// The keys of the records that have this name, in order.
    pub fn named<'a>(&'a self, kind: &str, name: &str) -> Vec<&'a K> {
        let has = |record: &V| record.names().iter().any(|(of, one)| *of == kind && one == name);
        if matches!(self.open, Open::All) {
            return self.iter().filter(|(_, record)| has(record)).map(|(key, _)| key).collect();
        }
        let found = self.index.from(|(of, one, _)| (*of, one.as_str()) < (kind, name));
        let found = found.map(|((of, one, key), ())| (*of, one.as_str(), key));
        let mut keys: Vec<_> =
            found.take_while(|(of, one, _)| (*of, *one) == (kind, name)).map(|(_, _, key)| key).collect();
        if let Open::One(open, _) = &self.open {
            keys.retain(|key| *key != open);
            if self.get(open).is_some_and(has) {
                keys.push(open);
                keys.sort_unstable();
            }
        }
        keys
    }

    /// The record of this key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.close();
        let (key, names) = self.get_key_value(key).map(|(key, record)| (key.clone(), record.names()))?;
        self.note(&key);
        self.open = Open::One(key.clone(), names);
        self.records.get_mut::<K>(&key).map(Arc::make_mut)
    }

    /// The record of this key, to be changed; made if there is none.
    pub fn get_or_insert_with(&mut self, key: &K, record: impl FnOnce() -> V) -> &mut V {
        self.close();
        let names = self.get(key).map(Record::names).unwrap_or_default();
        self.note(key);
        self.open = Open::One(key.clone(), names);
        Arc::make_mut(self.records.get_or_insert_with(key, || Arc::new(record())))
    }

    /// Puts a record in. The one that was there before comes back.
    pub fn insert(&mut self, key: K, record: V) -> Option<V> {
        self.close();
        let old = self.get(&key).map(Record::names).unwrap_or_default();
        self.rename(&key, old, record.names());
        self.note(&key);
        self.records.insert(key, Arc::new(record)).map(Arc::unwrap_or_clone)
    }

    /// Takes a record out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.close();
        let (key, record) = self.records.remove(key)?;
        self.rename(&key, record.names(), Vec::new());
        self.note(&key);
        Some(Arc::unwrap_or_clone(record))
    }

    /// All records, to be changed. The index is made anew afterwards: for few, [`get_mut`](Self::get_mut) is better.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.open = Open::All;
        self.note_all();
        self.records.values_mut().map(Arc::make_mut)
    }

    /// Takes all records out.
    pub fn clear(&mut self) {
        self.note_all();
        (self.records, self.index, self.open) = (Sorted::default(), Sorted::default(), Open::Nothing);
    }

    fn note(&mut self, key: &K) {
        if V::AUDITED {
            self.changed.insert(key.clone());
        }
    }

    fn note_all(&mut self) {
        if V::AUDITED {
            self.changed.extend(self.records.iter().map(|(key, _)| key.clone()));
        }
    }

    /// The keys of what may have changed.
    pub(crate) fn changed(&self) -> &BTreeSet<K> {
        &self.changed
    }

    /// From now on nothing has changed.
    pub(crate) fn settle(&mut self) {
        self.close();
        self.changed.clear();
    }

    /// Brings the index up to date with what was handed out.
    fn close(&mut self) {
        match std::mem::take(&mut self.open) {
            Open::Nothing => {}
            Open::One(key, old) => {
                let new = self.get(&key).map(Record::names).unwrap_or_default();
                self.rename(&key, old, new);
            }
            Open::All => {
                let names = |(key, record): (&K, &Arc<V>)| {
                    let key = key.clone();
                    record.names().into_iter().map(move |(kind, name)| ((kind, name, key.clone()), ()))
                };
                self.index = self.records.iter().flat_map(names).collect();
            }
        }
    }

    fn rename(&mut self, key: &K, old: Vec<(&'static str, String)>, new: Vec<(&'static str, String)>) {
        if old == new {
            return;
        }
        for (kind, name) in old {
            self.index.remove(&(kind, name, key.clone()));
        }
        for (kind, name) in new {
            self.index.insert((kind, name, key.clone()), ());
        }
    }
}

impl<K: Ord + Clone, V: Record> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(records: I) -> Self {
        let mut table = Self::default();
        for (key, record) in records {
            table.insert(key, record);
        }
        table
    }
}

impl<K: Ord + Clone, V: Record> Extend<(K, V)> for Table<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, records: I) {
        for (key, record) in records {
            self.insert(key, record);
        }
    }
}

impl<K: Ord + Clone + Borrow<Q>, Q: Ord + ?Sized, V: Record> Index<&Q> for Table<K, V> {
    type Output = V;

    /// The record of this key, which must be there.
    #[allow(clippy::expect_used, reason = "an index that is not there ends the program, as in a map of std")]
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("no record has this key")
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Table<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl<K: Ord, V: Eq> Eq for Table<K, V> {}

/// Counts them: they may hold secrets.
impl<K: Ord, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records", self.records.len())
    }
}

impl<K: Serialize + Ord, V: Serialize> Serialize for Table<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.records.iter().map(|(key, record)| (key, record.as_ref())))
    }
}

impl<'de, K: Deserialize<'de> + Ord + Clone, V: Deserialize<'de> + Record> Deserialize<'de> for Table<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Records<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de> + Ord + Clone, V: Deserialize<'de> + Record> Visitor<'de> for Records<K, V> {
            type Value = Table<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut table = Table::default();
                while let Some((key, record)) = map.next_entry()? {
                    table.insert(key, record);
                }
                Ok(table)
            }
        }
        deserializer.deserialize_map(Records(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Record, Table};

    impl Record for Vec<u8> {
        const AUDITED: bool = true;

        fn names(&self) -> Vec<(&'static str, String)> {
            self.iter().map(|one| ("holds", one.to_string())).collect()
        }
    }

    #[test]
    fn whatever_changes_a_record_the_index_knows() {
        let mut table: Table<String, Vec<u8>> =
            serde_json::from_value(json!({"a": [1, 2], "b": [2]})).unwrap();
        let named = |table: &Table<String, Vec<u8>>, name: &str| -> String {
            table.named("holds", name).into_iter().cloned().collect()
        };
        assert_eq!((named(&table, "1"), named(&table, "2")), ("a".to_owned(), "ab".to_owned()));
        table.get_mut("b").unwrap().push(1);
        assert_eq!((named(&table, "1"), named(&table, "2")), ("ab".to_owned(), "ab".to_owned()));
        table.get_mut("a").unwrap().clear();
        assert_eq!((named(&table, "1"), named(&table, "2")), ("b".to_owned(), "b".to_owned()));
        table.insert("b".to_owned(), vec![3]);
        assert_eq!((named(&table, "1"), named(&table, "3")), (String::new(), "b".to_owned()));
        table.values_mut().for_each(|record| record.push(4));
        assert_eq!((named(&table, "4"), named(&table, "3")), ("ab".to_owned(), "b".to_owned()));
        table.get_or_insert_with(&"c".to_owned(), || vec![4]).push(5);
        assert_eq!((named(&table, "4"), named(&table, "5")), ("abc".to_owned(), "c".to_owned()));
        let copy = table.clone();
        table.remove("c");
        assert_eq!((named(&table, "4"), named(&copy, "4")), ("ab".to_owned(), "abc".to_owned()));
        table.clear();
        assert_eq!((named(&table, "4"), named(&copy, "4")), (String::new(), "abc".to_owned()));
        assert_eq!(copy.changed().len(), 3);
        assert_eq!(serde_json::to_value(&copy).unwrap(), json!({"a": [4], "b": [3, 4], "c": [4, 5]}));
    }
}
