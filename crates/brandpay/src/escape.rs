//! Identifiers inside URLs. Whatever they hold, they stay one segment of a path or one value of a query.

use std::fmt::Write as _;

use ait_core::Error;

/// The text with everything but `A-Z a-z 0-9 - _ ~` escaped, the point too: a server that takes `..` for the parent
/// folder never sees one.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(char::from(byte)) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Whether [`escape`] leaves it as it is.
pub(crate) fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '~')
}

/// Whether the text can be one segment of a path: servers take `.` and `..` for folders even when escaped.
pub(crate) fn segment(field: &'static str, text: &str) -> Result<(), Error> {
    if matches!(text, "" | "." | "..") {
        return Err(Error::invalid(
            field,
            "must not be empty, `.` or `..`, because it stands in a path; use another identifier",
        ));
    }
    Ok(())
}

/// The pairs of a query, as browsers write it: `a=1&b=%EC%83%9D+%EC%88%98`. A leading `?` and a fragment are cut off.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, Error> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    query
        .split('&')
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((unescape(name)?, unescape(value)?))
        })
        .collect()
}

fn unescape(text: &str) -> Result<String, Error> {
    let broken = || Error::invalid("query", "must be percent-encoded UTF-8; pass it as the browser sent it");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                let (high, low) = high.zip(low).ok_or_else(broken)?;
                u8::try_from(high * 16 + low).map_err(|_| broken())?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| broken())
}
