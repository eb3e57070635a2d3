//! Whose cryptography is used. Always handed over explicitly, never installed for the process.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

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
}

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!("TLS needs a crypto provider: turn on feature `ring` or `aws-lc-rs`");

impl Provider {
    pub(crate) fn rustls(self) -> Arc<CryptoProvider> {
        Arc::new(match self {
            #[cfg(feature = "ring")]
            Self::Ring => rustls::crypto::ring::default_provider(),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => rustls::crypto::aws_lc_rs::default_provider(),
        })
    }
}
