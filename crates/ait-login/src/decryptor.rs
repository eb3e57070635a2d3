//! Reading encrypted profiles.

use std::fmt;

use ait_core::{Error, Secret};
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::{
    Encrypted, Gender, Nationality, PlainProfile, Profile,
    crypto::{self, Opener},
};

/// Standard Base64, with padding or without.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads the encrypted fields of profiles: AES-256-GCM, with the key and the additional data that the console sends by
/// mail.
///
/// Changing the key is not documented. [`or_key`](Self::or_key) adds another key, tried after those before it.
///
/// ```
/// # use ait_login::{ait_core::Error, Decryptor, Encrypted};
/// # fn main() -> Result<(), Error> {
/// let decryptor = Decryptor::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "example-aad")?;
/// let birthday = Encrypted::new("AwMDAwMDAwMDAwMD33IF5jujYifdTTU5Uzg2xUGiIEWm0MWj");
/// assert_eq!(decryptor.decrypt(&birthday)?.expose(), "19900101");
/// # Ok(())
/// # }
/// ```
pub struct Decryptor {
    keys: Vec<Opener>,
    additional: String,
}

impl Decryptor {
    /// A key in Base64, and the additional data (AAD) as the text it is: it is not Base64, even if it looks like it.
    /// Blanks around the key and line breaks after the additional data, as files have them, do not count.
    ///
    /// # Errors
    ///
    /// If the key is not Base64, or is not 32 bytes long.
    pub fn new(key_base64: impl AsRef<str>, aad: impl AsRef<str>) -> Result<Self, Error> {
        let additional = plain(aad.as_ref());
        Self { keys: Vec::new(), additional }.or_key(key_base64)
    }

    /// Another key, for the time in which old and new values are about.
    ///
    /// # Errors
    ///
    /// If the key is not Base64, or is not 32 bytes long.
    pub fn or_key(mut self, key_base64: impl AsRef<str>) -> Result<Self, Error> {
        let Some(key) = decoded(key_base64.as_ref()) else {
            return Err(Error::invalid(
                "decryptionKey",
                "must be Base64; take the key from the mail of the console, whole and as it stands",
            ));
        };
        // Some stores encode it once more.
        let again =
            std::str::from_utf8(&key).ok().and_then(decoded).filter(|again| again.len() == crypto::KEY);
        let key = again.unwrap_or(key);
        let Some(opener) = Opener::new(&key) else {
            return Err(Error::invalid(
                "decryptionKey",
                format!(
                    "must be {} bytes in Base64 (44 characters), has {}; take it whole, and encoded once",
                    crypto::KEY,
                    key.len()
                ),
            ));
        };
        self.keys.push(opener);
        Ok(self)
    }

    /// Reads one value.
    ///
    /// # Errors
    ///
    /// If the value is not Base64 or too short, or if no key fits it. The error never holds the key or the value.
    pub fn decrypt(&self, value: &Encrypted) -> Result<Secret, Error> {
        self.field("value", value)
    }

    /// Reads all fields of a profile that are there.
    ///
    /// # Errors
    ///
    /// As [`decrypt`](Self::decrypt); the error names the first field that could not be read.
    pub fn decrypt_profile(&self, profile: &Profile) -> Result<PlainProfile, Error> {
        let read = |field, value: &Option<Encrypted>| {
            value.as_ref().map(|value| self.field(field, value)).transpose()
        };
        Ok(PlainProfile {
            user_key: profile.user_key.clone(),
            name: read("name", &profile.name)?,
            phone: read("phone", &profile.phone)?,
            birthday: read("birthday", &profile.birthday)?,
            ci: read("ci", &profile.ci)?,
            gender: read("gender", &profile.gender)?.map(|text| Gender::from(text.expose())),
            nationality: read("nationality", &profile.nationality)?
                .map(|text| Nationality::from(text.expose())),
            email: read("email", &profile.email)?,
        })
    }

    fn field(&self, field: &'static str, value: &Encrypted) -> Result<Secret, Error> {
        let Some(sealed) = decoded(value.expose()) else {
            return Err(Error::invalid(
                field,
                "must be Base64; pass the value of login-me as it came, one field at a time",
            ));
        };
        let least = crypto::IV + crypto::TAG;
        if sealed.len() < least {
            return Err(Error::invalid(
                field,
                format!(
                    "must have an IV and a tag, {least} bytes at least, has {}; store the value of login-me whole",
                    sealed.len()
                ),
            ));
        }
        let plain = self.keys.iter().find_map(|key| key.open(&sealed, self.additional.as_bytes()));
        let Some(plain) = plain else {
            return Err(Error::invalid(
                field,
                format!(
                    "must fit one of {} keys and the additional data (AAD), unchanged, and the cipher cannot tell \
                     which of the three is wrong; check that key and AAD are of this app and from the same mail, that \
                     the AAD is the text itself and not decoded from Base64, and that the value is whole",
                    self.keys.len()
                ),
            ));
        };
        String::from_utf8(plain).map(Secret::from).map_err(|_| {
            Error::invalid(field, "must be text once it is decrypted; store the value of login-me as it came")
        })
    }
}

/// A text without what files, shells and variables put around it: a byte order mark, quotes, line ends, real or literal.
fn plain(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim_matches(['\r', '\n']);
    let text = text.strip_suffix("\\n").unwrap_or(text);
    let text = text.strip_suffix("\\r").unwrap_or(text);
    let quoted = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    quoted.unwrap_or(text).to_owned()
}

/// Base64, in either alphabet, in lines or not.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_start_matches('\u{feff}').trim_matches(['"', '\'']);
    let text =
        text.replace("\\n", "").replace("\\r", "").replace("\\", "").replace('-', "+").replace('_', "/");
    let packed: String = text.split_whitespace().collect();
    BASE64.decode(packed).ok()
}

impl fmt::Debug for Decryptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decryptor").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}
