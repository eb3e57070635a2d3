//! Values that the server dresses in different ways, where serde alone would refuse one of them.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use ait_core::{
    Secret,
    lenient::{self, FromScalar},
};
use serde::{
    Deserialize, Deserializer,
    de::{
        MapAccess, SeqAccess, Unexpected, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::Value;

use crate::{EasyPay, EasyPayProvider};

/// An enum whose values the server translates when it is asked to.
pub(crate) trait Translated: FromScalar {
    /// The same value as the documentation writes it: in Korean.
    fn korean(self) -> Self;
}

/// Reads a value in either language.
pub(crate) fn translated<'de, D: Deserializer<'de>, T: Translated>(d: D) -> Result<Option<T>, D::Error> {
    Ok(lenient::optional::<D, T>(d)?.map(T::korean))
}

struct Plain<T>(T);

impl<'de, T: FromScalar> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::required(deserializer).map(Self)
    }
}

/// Reads a list of single values, which may be missing, `null` or `""`.
pub(crate) fn scalars<'de, D: Deserializer<'de>, T: FromScalar>(d: D) -> Result<Vec<T>, D::Error> {
    let list: Vec<Plain<T>> = lenient::list(d)?;
    Ok(list.into_iter().map(|Plain(value)| value).collect())
}

/// Reads a list of objects, which may be missing, `null` or `""`.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    let list: Vec<Object<T>> = lenient::list(d)?;
    Ok(list.into_iter().map(|Object(value)| value).collect())
}

/// A value that must be an object: serde reads a list too, by position, and would take its first element for the first
/// field.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// Reads a wallet: an object, or its name alone.
pub(crate) fn easy_pay<'de, D: Deserializer<'de>>(d: D) -> Result<Option<EasyPay>, D::Error> {
    let named =
        |name: &str| EasyPay { provider: Some(EasyPayProvider::from(name).korean()), ..EasyPay::default() };
    d.deserialize_any(TextOrObject(named, PhantomData))
}

/// Reads a phone number: its text, or an object of `plain` and `masking`.
pub(crate) fn phone<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Secret>, D::Error> {
    #[derive(Deserialize)]
    struct Phone {
        #[serde(default, deserialize_with = "lenient::optional")]
        plain: Option<Secret>,
        #[serde(default, deserialize_with = "lenient::optional")]
        masking: Option<Secret>,
    }
    let plain = |number: &str| Phone { plain: Some(number.into()), masking: None };
    let phone: Option<Phone> = d.deserialize_any(TextOrObject(plain, PhantomData))?;
    Ok(phone.and_then(|phone| phone.plain.or(phone.masking)))
}

struct TextOrObject<F, T>(F, PhantomData<T>);

impl<'de, F: FnOnce(&str) -> T, T: Deserialize<'de>> Visitor<'de> for TextOrObject<F, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(if text.is_empty() { None } else { Some(self.0(text)) })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

/// Reads a map of texts. A payment does not become unreadable over what somebody put there.
pub(crate) fn texts<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    let Value::Object(members) = Value::deserialize(d)? else { return Ok(BTreeMap::new()) };
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Ok(members.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect())
}

/// Reads a list, or one element that stands alone.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    d.deserialize_any(OneOrMany(PhantomData))
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(Vec::new()) } else { Err(E::invalid_type(Unexpected::Other("text"), &self)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        objects(SeqAccessDeserializer::new(list))
    }
}
