//! How an emulator proves to `ait-emulator env` that it is one of this user, and not whoever took the port.

use std::fmt;

use ring::hmac;

/// The field with what a caller made up for this one question.
pub(crate) const CHALLENGE: &str = "x-emulator-challenge";
/// The field with the answer to it.
pub(crate) const PROOF: &str = "x-emulator-proof";

/// A secret that an emulator and a file share which only its user can read. Whoever knows it can tell the emulator's
/// environment from a stranger's: the proof is an HMAC-SHA256 over the challenge and the whole answer.
#[derive(Clone)]
pub struct Proof(hmac::Key);

impl Proof {
    /// With this secret: as long as possible, and of chance.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The proof for this challenge and this answer, in hexadecimal.
    #[must_use]
    pub fn of(&self, challenge: &str, body: &str) -> String {
        let tag = hmac::sign(&self.0, told(challenge, body).as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this is the proof for this challenge and this answer.
    #[must_use]
    pub fn is(&self, proof: &str, challenge: &str, body: &str) -> bool {
        // Both are compared as keyed digests, so that time says nothing.
        let tag = hmac::sign(&self.0, self.of(challenge, body).as_bytes());
        hmac::verify(&self.0, proof.as_bytes(), tag.as_ref()).is_ok()
    }
}

fn told(challenge: &str, body: &str) -> String {
    format!("ait-emulator env 1\n{}\n{challenge}\n{body}", challenge.len())
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Proof;

    #[test]
    fn it_holds_for_one_secret_one_challenge_and_one_answer() {
        let proof = Proof::new(b"secret");
        let told = proof.of("challenge", "{}");
        assert_eq!(told.len(), 64);
        assert!(proof.is(&told, "challenge", "{}"));
        assert!(!Proof::new(b"other").is(&told, "challenge", "{}"));
        assert!(!proof.is(&told, "other", "{}") && !proof.is(&told, "challenge", "{ }"));
        assert!(!proof.is("", "challenge", "{}") && !proof.is(&told.to_uppercase(), "challenge", "{}"));
    }
}
