//! Blanking out what a server quotes of a request.

use base64::Engine as _;

use crate::{Authorization, Endpoint, Error, Secret, dialect::sealed::Read};

const BLANK: &str = "***";
/// A secret shorter than this, in bytes, would blank out parts of ordinary words: it is blanked out as a whole word.
const SHORT: usize = 4;

/// A server may quote what it was sent, and its explanation is for logs: secrets and personal data in it are blanked out.
#[cold]
pub(crate) fn redact<E: Endpoint>(error: &mut Error, call: &E, key: Option<&Secret>) {
    let mut texts: Vec<String> = call.secrets().into_iter().map(str::to_owned).collect();
    texts.extend(call.personal_data());
    texts.extend(call.user().map(|user| user.text().into_owned()));
    if let Some(authorization) = call.authorization().or(key.map(Authorization::Basic)) {
        let (Authorization::Bearer(secret) | Authorization::Basic(secret)) = authorization;
        texts.extend([secret.expose().to_owned(), basic(secret)]);
    }
    texts.retain(|text| text.len() > 1);
    // The longest first: one may be a part of another.
    texts.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    texts.dedup();

    let inner = error.inner_mut();
    if let Some(code) = &mut inner.code {
        let listed = [E::REFUSALS, <E::Dialect as Read>::COMMON_REFUSALS].concat();
        if !listed.contains(&code.as_str()) {
            // A few digits are in many codes.
            let telling = |text: &&String| text.len() > 5 || !text.bytes().all(|byte| byte.is_ascii_digit());
            texts.iter().filter(telling).for_each(|text| blank_out(code, text));
        }
    }
    let said = [&mut inner.reason, &mut inner.result_type, &mut inner.trace_id];
    let mut said: Vec<&mut String> = said.into_iter().flatten().collect();
    for field in &mut inner.fields {
        said.push(&mut field.field);
        said.extend(&mut field.message);
    }
    for said in said {
        texts.iter().for_each(|text| blank_out(said, text));
    }
}

fn blank_out(said: &mut String, text: &str) {
    if text.len() >= SHORT {
        if said.contains(text) {
            *said = said.replace(text, BLANK);
        }
        return;
    }
    let is_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let mut from = 0;
    while let Some(at) = said[from..].find(text).map(|at| from + at) {
        let end = at + text.len();
        if is_word(said[..at].chars().next_back()) || is_word(said[end..].chars().next()) {
            from = end;
        } else {
            said.replace_range(at..end, BLANK);
            from = at + BLANK.len();
        }
    }
}

/// HTTP Basic: the key as the user name, the password empty. Key files come with byte order marks and line ends.
pub(crate) fn basic(key: &Secret) -> String {
    let key = key.expose().trim_start_matches('\u{feff}').trim();
    base64::engine::general_purpose::STANDARD.encode(format!("{key}:"))
}

#[cfg(test)]
mod tests {
    use super::blank_out;

    #[test]
    fn short_texts_are_blanked_out_as_whole_words() {
        for (said, text, expected) in [
            ("Kim, not Kimchi or aKim: Kim", "Kim", "***, not Kimchi or aKim: ***"),
            ("이준", "이준", "***"),
            ("이준이 없습니다", "이준", "***이 없습니다"),
            ("KimKim Kim", "Kim", "KimKim ***"),
            ("", "Kim", ""),
            ("서울시 강남구", "강남구", "서울시 ***"),
        ] {
            let mut shown = said.to_owned();
            blank_out(&mut shown, text);
            assert_eq!(shown, expected, "{said}");
        }
    }
}
