//! As much DER as it takes to find a few facts in a certificate that the TLS library has already accepted.

/// Takes elements from the front of what is left.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element, as its tag and its value.
    pub(super) fn element(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if octets.is_empty() || octets.len() > 4 {
                return None;
            }
            length = octets.iter().fold(0, |sum, &octet| sum << 8 | usize::from(octet));
            rest = after;
        }
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// The value of the next element, which must have this tag.
    pub(super) fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element().and_then(|(found, value)| (found == tag).then_some(value))
    }

    /// A reader for the inside of the next element, which must have this tag.
    pub(super) fn inside(&mut self, tag: u8) -> Option<Self> {
        self.value(tag).map(Self)
    }

    /// Passes over the next element if it has this tag.
    pub(super) fn skip(&mut self, tag: u8) {
        if self.0.first() == Some(&tag) {
            self.element();
        }
    }
}
