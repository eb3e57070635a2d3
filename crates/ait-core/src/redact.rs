//! Blanking out what a server quotes of a request.

use base64::Engine as _;

use crate::{Authorization, Endpoint, Error, Secret, dialect::sealed::Read};

const BLANK: &str = "***";
/// A secret shorter than this, in bytes, would blank out parts of ordinary words: it is blanked out as a whole word.
const SHORT: usize = 4;
/// The most bytes that are kept of a server's explanation, of what it says of a field, and of a code or a name.
const REASON: usize = 16 * 1024;
const MESSAGE: usize = 1024;
const WORD: usize = 256;
/// The most fields that are kept.
const FIELDS: usize = 64;

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
    let is_listed =
        |code: &str| E::REFUSALS.contains(&code) || <E::Dialect as Read>::COMMON_REFUSALS.contains(&code);
    if let Some(code) = inner.code.as_mut().filter(|code| !is_listed(code)) {
        // A few digits are in many codes.
        let telling = |text: &&String| text.len() > 5 || !text.bytes().all(|byte| byte.is_ascii_digit());
        clean(code, WORD, texts.iter().filter(telling));
    }
    for word in [&mut inner.result_type, &mut inner.trace_id].into_iter().flatten() {
        clean(word, WORD, texts.iter());
    }
    if let Some(reason) = &mut inner.reason {
        clean(reason, REASON, texts.iter());
    }
    inner.fields.truncate(FIELDS);
    for field in &mut inner.fields {
        clean(&mut field.field, WORD, texts.iter());
        if let Some(message) = &mut field.message {
            clean(message, MESSAGE, texts.iter());
        }
    }
}

/// Shortens what a server said and blanks out these texts in it. A long list of recipients meets a long answer: without a
/// bound that would take minutes.
fn clean<'a>(said: &mut String, most: usize, texts: impl Iterator<Item = &'a String> + Clone) {
    let is_cut = said.len() > most;
    if is_cut {
        let end = (0..=most).rev().find(|end| said.is_char_boundary(*end)).unwrap_or_default();
        said.truncate(end);
    }
    texts.clone().for_each(|text| blank_out(said, text));
    if is_cut {
        // The beginning of one may stand at the end.
        let begun = texts.filter_map(|text| {
            let ends = text.char_indices().map(|(at, _)| at).filter(|at| *at >= SHORT);
            ends.filter(|end| said.ends_with(&text[..*end])).max()
        });
        if let Some(length) = begun.max() {
            said.truncate(said.len() - length);
        }
        said.push('…');
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
    use super::{blank_out, clean};

    #[test]
    fn what_is_cut_off_does_not_end_in_the_beginning_of_a_secret() {
        let secrets = ["홍길동-서울시".to_owned(), "abcdefgh".to_owned()];
        for (said, most, expected) in [
            ("short abcdefgh", 20, "short ***"),
            ("long abcdefgh and more", 12, "long …"),
            ("long abcdefgh and more", 8, "long abc…"),
            ("long abcdefgh and more", 16, "long *** an…"),
            ("이름 홍길동-서울시 끝", 15, "이름 …"),
            ("이름 홍길동-서울시 끝", 16, "이름 …"),
            ("한글", 4, "한…"),
        ] {
            let mut shown = said.to_owned();
            clean(&mut shown, most, secrets.iter());
            assert_eq!(shown, expected, "{said} at {most}");
        }
    }

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
