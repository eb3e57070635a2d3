//! `application/x-www-form-urlencoded`, also in a query.

use std::borrow::Cow;

use super::Rejection;

/// The value of this name, if it is there. Two of them are a contradiction.
pub(super) fn value<'a>(form: &'a [u8], name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
    let mut found = None;
    for pair in form.split(|byte| *byte == b'&') {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        if *decoded(&pair[..at])? != *name {
            continue;
        }
        let value = decoded(pair.get(at + 1..).unwrap_or_default())?;
        if found.replace(value).is_some() {
            return Err(Rejection::Form);
        }
    }
    Ok(found)
}

fn decoded(text: &[u8]) -> Result<Cow<'_, str>, Rejection> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(text).map(Cow::Borrowed).map_err(|_| Rejection::Form);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'+' => b' ',
            b'%' => digit(bytes.next())? << 4 | digit(bytes.next())?,
            other => *other,
        });
    }
    String::from_utf8(plain).map(Cow::Owned).map_err(|_| Rejection::Form)
}

fn digit(byte: Option<&u8>) -> Result<u8, Rejection> {
    let digit = byte.and_then(|byte| char::from(*byte).to_digit(16)).ok_or(Rejection::Form)?;
    u8::try_from(digit).map_err(|_| Rejection::Form)
}
