//! The payload of an answer, member by member, to hold it against the request.

use std::{
    borrow::Cow,
    cell::{Cell, OnceCell},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::decode;

/// The payload of an answer that says it worked, member by member: what [`Endpoint::verify`](crate::Endpoint::verify)
/// holds against the request before the answer counts.
///
/// It is read anew from the bytes, so a member that the response type does not have, or cannot read, can be held against
/// the request too. A member that is `null` counts as missing.
pub struct Payload<'a> {
    body: &'a [u8],
    locate: fn(&[u8]) -> Option<&RawValue>,
    /// Read when somebody asks for a member: most reads ask for none.
    members: OnceCell<Option<Members<'a>>>,
    identified: Cell<bool>,
}

/// Why an answer is no answer to the request: the field, and what is wrong with it. Never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    field: &'static str,
    rule: Cow<'static, str>,
}

impl Mismatch {
    /// A field of the answer, by its name on the wire, and what is wrong with it: "does not say that it was paid". The
    /// rule must not hold the value.
    #[must_use]
    pub fn new(field: &'static str, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { field, rule: rule.into() }
    }

    /// The field, by its name on the wire.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.rule)
    }
}

impl<'a> Payload<'a> {
    /// `locate` finds the payload in the body of an answer.
    pub(crate) fn new(body: &'a [u8], locate: fn(&[u8]) -> Option<&RawValue>) -> Self {
        Self { body, locate, members: OnceCell::new(), identified: Cell::new(false) }
    }

    /// The member `field` must be there and equal to `expected`, which identifies what was asked for: a key, an order
    /// number, an amount.
    ///
    /// # Errors
    ///
    /// If it is missing, cannot be read, or is another one.
    pub fn same<T: DeserializeOwned + PartialEq>(
        &self,
        field: &'static str,
        expected: &T,
    ) -> Result<(), Mismatch> {
        match self.get::<T>(field)? {
            None => Err(Mismatch::new(field, "is missing")),
            Some(found) if found == *expected => {
                self.identified.set(true);
                Ok(())
            }
            Some(_) => Err(Mismatch::new(field, "is another one than in the request")),
        }
    }

    /// The member `field` may be missing, but must not be another one than `expected`.
    ///
    /// # Errors
    ///
    /// If it cannot be read or is another one.
    pub fn same_if_given<T: DeserializeOwned + PartialEq>(
        &self,
        field: &'static str,
        expected: &T,
    ) -> Result<(), Mismatch> {
        if self.raw(field).is_some() { self.same(field, expected) } else { Ok(()) }
    }

    /// The member `field` must be there, a text, and one of these.
    ///
    /// # Errors
    ///
    /// If it is missing or another one; `rule` says what that means.
    pub fn one_of(&self, field: &'static str, accepted: &[&str], rule: &'static str) -> Result<(), Mismatch> {
        match self.get::<String>(field)? {
            Some(found) if accepted.contains(&found.as_str()) => Ok(()),
            _ => Err(Mismatch::new(field, rule)),
        }
    }

    /// The member `field` must be missing or `null`.
    ///
    /// # Errors
    ///
    /// If it is there; `rule` says what that means.
    pub fn none(&self, field: &'static str, rule: &'static str) -> Result<(), Mismatch> {
        if self.raw(field).is_none() { Ok(()) } else { Err(Mismatch::new(field, rule)) }
    }

    /// The member `field`, read by name and leniently, or `None` if it is missing.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn get<T: DeserializeOwned>(&self, field: &'static str) -> Result<Option<T>, Mismatch> {
        let Some(raw) = self.raw(field) else { return Ok(None) };
        match decode::quickly(raw.get().as_bytes()) {
            Some(value) => Ok(Some(value)),
            None => Err(Mismatch::new(field, "cannot be read")),
        }
    }

    /// Whether something that identifies the request was found in it.
    pub(crate) fn is_identified(&self) -> bool {
        self.identified.get()
    }

    /// The payload as it was written.
    pub(crate) fn whole(&self) -> Option<&'a RawValue> {
        (self.locate)(self.body)
    }

    /// Whether it is an object that can be held against anything: no member comes twice.
    pub(crate) fn is_plain(&self) -> bool {
        let _ = self.raw("");
        self.members.get().is_some_and(Option::is_some)
    }

    /// A member that is not `null`. None, if this is no object or names a member twice.
    pub(crate) fn raw(&self, field: &str) -> Option<&'a RawValue> {
        let members = self.members.get_or_init(|| {
            let text = self.whole()?.get();
            if text.starts_with('{') { serde_json::from_str(text).ok() } else { None }
        });
        let found = members.as_ref()?.0.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| *value).filter(|value| value.get() != "null")
    }
}

/// Without the values, which may be personal data.
impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload").finish_non_exhaustive()
    }
}

/// The most members that are read: the longest documented payload has about 50.
const MOST: usize = 512;

/// The members of an object as they were written. One that comes twice is an error and not a choice.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::with_capacity(48);
                while let Some((Name(name), value)) = map.next_entry()? {
                    if members.len() == MOST || members.iter().any(|(known, _)| *known == name) {
                        return Err(serde::de::Error::custom("a member comes twice, or there are too many"));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// A name, borrowed unless it was written with escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::{Mismatch, Payload};

    fn payload(json: &str) -> Payload<'_> {
        Payload::new(json.as_bytes(), |body| serde_json::from_slice(body).ok())
    }

    #[test]
    fn a_member_is_held_against_what_was_asked_for() {
        let payload = payload(r#"{"key":"a","amount":"1000","none":null,"k\u0065y2":"b"}"#);
        assert!(!payload.is_identified());
        assert_eq!(payload.same("key", &"b".to_owned()).unwrap_err().field(), "key");
        assert!(!payload.is_identified());
        payload.same("key", &"a".to_owned()).unwrap();
        assert!(payload.is_identified());
        payload.same("key2", &"b".to_owned()).unwrap();
        payload.same("amount", &crate::Krw::new(1_000)).unwrap();
        assert_eq!(payload.same("none", &1_u8), Err(Mismatch::new("none", "is missing")));
        payload.same_if_given("none", &1_u8).unwrap();
        payload.none("none", "").unwrap();
        payload.none("key", "is there").unwrap_err();
        payload.one_of("key", &["x", "a"], "is none").unwrap();
        payload.one_of("key", &["x"], "is none").unwrap_err();
        payload.one_of("else", &["x"], "is none").unwrap_err();
    }

    #[test]
    fn what_names_a_member_twice_or_is_no_object_has_none() {
        let many: Vec<String> = (0..600).map(|number| format!("\"k{number}\":\"a\"")).collect();
        let many = format!("{{\"key\":\"a\",{}}}", many.join(","));
        for json in [r#"{"key":"a","key":"b"}"#, r#"["a"]"#, "null", r#""key""#, "<html>", "", &many] {
            assert!(payload(json).same("key", &"a".to_owned()).is_err(), "{json}");
        }
    }
}
