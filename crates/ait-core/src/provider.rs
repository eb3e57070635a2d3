//! Whose cryptography is used. Always handed over explicitly, never installed for the process.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use crate::Error;

/// The implementation of the cryptographic primitives.
///
/// Each is a feature of this crate; both may be on. Without a choice in the builder `ring` is used where it is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// The `ring` crate. Feature `ring`, on by default.
    #[cfg(feature = "ring")]
    #[default]
    Ring,
    /// The `aws-lc-rs` crate. Feature `aws-lc-rs`.
    #[cfg(feature = "aws-lc-rs")]
    #[cfg_attr(not(feature = "ring"), default)]
    AwsLcRs,
    /// None: neither feature is on, and nothing but plain http to loopback can be spoken.
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    #[default]
    Absent,
}

impl Provider {
    /// The kinds of keys that it can sign with, and its name. `large RSA` is more than 4096 bits.
    pub(crate) const fn takes(self) -> (&'static [&'static str], &'static str) {
        match self {
            #[cfg(feature = "ring")]
            Self::Ring => (&["RSA", "P-256", "P-384", "Ed25519"], "`ring`"),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => (&["RSA", "large RSA", "P-256", "P-384", "P-521", "Ed25519"], "`aws-lc-rs`"),
            #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
            Self::Absent => (&[], "no cryptography"),
        }
    }

    /// The sizes of RSA keys that it can sign with.
    pub(crate) const fn rsa_sizes(self) -> &'static str {
        match self {
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => "2048 to 8192 bits",
            #[allow(unreachable_patterns, reason = "without the other provider nothing is left")]
            _ => "2048 to 4096 bits",
        }
    }

    /// # Errors
    ///
    /// If neither feature is on.
    pub(crate) fn rustls(self) -> Result<Arc<CryptoProvider>, Error> {
        match self {
            #[cfg(feature = "ring")]
            Self::Ring => Ok(Arc::new(rustls::crypto::ring::default_provider())),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider())),
            #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
            Self::Absent => {
                let what =
                    "provider: there is no cryptography in this build; turn on feature `ring` or `aws-lc-rs`";
                Err(Error::config(what))
            }
        }
    }
}
