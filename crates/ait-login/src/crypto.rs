//! The cryptography of the provider that TLS uses, too. With both on it is `ring`.

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
use aws_lc_rs::{aead, hmac};
#[cfg(feature = "ring")]
use ring::{aead, hmac};

/// The length of an AES-256 key.
pub(crate) const KEY: usize = 32;
/// The length of an IV.
pub(crate) const IV: usize = 12;
/// The length of a tag.
pub(crate) const TAG: usize = 16;

/// A key of AES-256-GCM.
pub(crate) struct Opener(aead::LessSafeKey);

impl Opener {
    /// `None` unless there are 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        aead::UnboundKey::new(&aead::AES_256_GCM, key).ok().map(aead::LessSafeKey::new).map(Self)
    }

    /// The plain bytes of IV, ciphertext and tag; `None` if the key or the additional data is another, or a bit differs.
    pub(crate) fn open(&self, sealed: &[u8], additional: &[u8]) -> Option<Vec<u8>> {
        let (iv, rest) = sealed.split_at_checked(IV)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(iv).ok()?;
        let mut plain = rest.to_vec();
        let length = self.0.open_in_place(nonce, aead::Aad::from(additional), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

/// A text to compare with, in constant time. The text itself is not kept.
///
/// Both sides go through an HMAC whose key nobody else knows, so the time of a comparison tells nothing about the text.
pub(crate) struct Fingerprint {
    key: hmac::Key,
    tag: hmac::Tag,
}

impl Fingerprint {
    pub(crate) fn new(text: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, text);
        let tag = hmac::sign(&key, text);
        Self { key, tag }
    }

    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        hmac::verify(&self.key, text, self.tag.as_ref()).is_ok()
    }
}
