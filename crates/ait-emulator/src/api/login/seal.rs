//! The encryption of profiles.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::super::Rng;

/// The key of the profiles.
pub(super) struct Sealer<'a> {
    key: LessSafeKey,
    aad: &'a str,
}

impl<'a> Sealer<'a> {
    /// `None` unless the key is 32 bytes in Base64.
    pub(super) fn new(key: &str, aad: &'a str) -> Option<Self> {
        let key = STANDARD.decode(key).ok()?;
        let key = UnboundKey::new(&AES_256_GCM, &key).ok()?;
        Some(Self { key: LessSafeKey::new(key), aad })
    }

    /// Base64 of the IV, the ciphertext and the tag. `None` if the text is longer than the cipher can take.
    pub(super) fn seal(&self, plain: &str, rng: &mut Rng) -> Option<String> {
        let iv = rng.bytes::<12>();
        let mut sealed = plain.as_bytes().to_vec();
        let nonce = Nonce::assume_unique_for_key(iv);
        let tag =
            self.key.seal_in_place_separate_tag(nonce, Aad::from(self.aad.as_bytes()), &mut sealed).ok()?;
        Some(STANDARD.encode([&iv, sealed.as_slice(), tag.as_ref()].concat()))
    }
}
