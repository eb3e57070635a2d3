//! What an answer is that is not the documented form.

use std::borrow::Cow;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::{dialect::Reply, error::shown};

/// What stands at the front of a text in an encoding other than plain UTF-8.
const MARKS: [(&[u8], &str); 3] = [
    (b"\xef\xbb\xbf", "it begins with a byte order mark (UTF-8)"),
    (b"\xff\xfe", "it is in UTF-16"),
    (b"\xfe\xff", "it is in UTF-16"),
];

/// In words for a person who has to find out who answered.
pub(super) fn what(reply: &Reply) -> Cow<'static, str> {
    if let Some(encoding) = reply.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()) {
        if !encoding.eq_ignore_ascii_case("identity") {
            let encoding = shown(encoding);
            return format!("it is compressed ({encoding}), although this client asks for `identity`").into();
        }
    }
    let body = &reply.body;
    if body.is_empty() {
        return "it is empty".into();
    }
    if body.starts_with(b"\x1f\x8b") {
        return "it is compressed (gzip), and its head does not say so".into();
    }
    if let Some((_, what)) = MARKS.iter().find(|(mark, _)| body.starts_with(mark)) {
        return (*what).into();
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(512)]);
    let is_html = text.trim_start().starts_with('<');
    match reply.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) {
        _ if is_html => "it is a page of HTML or XML".into(),
        Some(kind) if !kind.contains("json") => format!("it is `{}`", shown(kind)).into(),
        _ => "it is no JSON, or has other members".into(),
    }
}
