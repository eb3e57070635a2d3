//! Chance, from a seed.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A source of chance that a seed determines. Not for secrets of the real world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng(fastrand::Rng);

impl Rng {
    /// The one that this seed determines.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// The seed that goes on from here.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.get_seed()
    }

    /// A number from 0, below 1.
    pub fn fraction(&mut self) -> f64 {
        self.0.f64()
    }

    /// So many bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    /// So many bytes, in Base64.
    pub fn base64<const N: usize>(&mut self) -> String {
        STANDARD.encode(self.bytes::<N>())
    }

    /// So many letters and digits.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        (0..length).map(|_| self.0.alphanumeric()).collect()
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let mut bytes = self.bytes::<16>();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}
