//! The few facts of a certificate that people ask for (RFC 5280, section 4.1).

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::der::Reader;
use crate::calendar::{number, seconds};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;

/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

pub(super) struct Certificate {
    pub(super) common_name: String,
    pub(super) serial: String,
    pub(super) not_before: Moment,
    pub(super) not_after: Moment,
    /// The bits of the public key, without its algorithm.
    pub(super) public_key: Vec<u8>,
}

/// An instant, and how it is written for people.
pub(super) struct Moment {
    pub(super) instant: SystemTime,
    pub(super) text: String,
}

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let mut body = Reader::new(der).inside(SEQUENCE)?.inside(SEQUENCE)?;
        body.skip(VERSION);
        let serial = hexadecimal(without_sign(body.value(INTEGER)?));
        let (_signature, _issuer) = (body.value(SEQUENCE)?, body.value(SEQUENCE)?);
        let mut validity = body.inside(SEQUENCE)?;
        let (not_before, not_after) = (moment(validity.element()?)?, moment(validity.element()?)?);
        let common_name = common_name(body.inside(SEQUENCE)?).unwrap_or_default();
        let public_key = public_key(body.inside(SEQUENCE)?)?.to_vec();
        Some(Self { common_name, serial, not_before, not_after, public_key })
    }

    /// Whether it is about this key, by the key's own `SubjectPublicKeyInfo`.
    pub(super) fn is_for(&self, key_info: &[u8]) -> bool {
        let Some(key) = Reader::new(key_info).inside(SEQUENCE).and_then(public_key) else { return false };
        match self.public_key.split_first() {
            // A compressed point: the first half of the other form.
            Some((2 | 3, point)) => key.get(1..=point.len()) == Some(point),
            _ => key == self.public_key,
        }
    }
}

// The bits after the algorithm. Of a key they are whole octets.
fn public_key(mut info: Reader<'_>) -> Option<&[u8]> {
    info.value(SEQUENCE)?;
    match info.value(BIT_STRING)? {
        [0, key @ ..] => Some(key),
        _ => None,
    }
}

fn common_name(mut names: Reader<'_>) -> Option<String> {
    while let Some(mut relative) = names.inside(SET) {
        while let Some(mut attribute) = relative.inside(SEQUENCE) {
            if attribute.value(OID)? == COMMON_NAME {
                return text(attribute.element()?);
            }
        }
    }
    None
}

fn text((tag, value): (u8, &[u8])) -> Option<String> {
    let text = match tag {
        UTF8_STRING | PRINTABLE_STRING | TELETEX_STRING | IA5_STRING => {
            String::from_utf8_lossy(value).into_owned()
        }
        BMP_STRING => {
            let units: Vec<u16> =
                value.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => return None,
    };
    // It goes into messages: a certificate is no place for line breaks.
    Some(text.chars().filter(|character| !character.is_control()).take(200).collect())
}

// `YYMMDDHHMMSSZ` up to 2049, `YYYYMMDDHHMMSSZ` from then on; always UTC, always with seconds (RFC 5280, 4.1.2.5).
fn moment((tag, value): (u8, &[u8])) -> Option<Moment> {
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = value.split_at_checked(2)?;
            let year = number(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = value.split_at_checked(4)?;
            (number(year)?, rest)
        }
        _ => return None,
    };
    let digits = rest.strip_suffix(b"Z").filter(|digits| digits.len() == 10)?;
    let pair = |at: usize| number(&digits[at..at + 2]);
    let (month, day, hour, minute, second) = (pair(0)?, pair(2)?, pair(4)?, pair(6)?, pair(8)?);
    let since = seconds([year, month, day], [hour, minute, second])?;
    // Before 1970 is long ago in any case.
    let instant = UNIX_EPOCH.checked_add(Duration::from_secs(since.try_into().unwrap_or_default()))?;
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    Some(Moment { instant, text })
}

// DER puts a zero before a number whose first bit is set; nobody prints it.
fn without_sign(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] if !rest.is_empty() => rest,
        _ => number,
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use ait_emulator::{Authority, Leaf};
    use rustls_pki_types::{CertificateDer, pem::PemObject};

    use super::{Certificate, GENERALIZED_TIME, UTC_TIME, moment};

    #[test]
    fn both_forms_of_time_are_read() {
        let seconds = |tag, text: &str| {
            let moment = moment((tag, text.as_bytes()))?;
            Some((moment.text, moment.instant.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()))
        };
        assert_eq!(
            seconds(UTC_TIME, "271215185703Z"),
            Some(("2027-12-15T18:57:03Z".to_owned(), 1_828_897_023))
        );
        assert_eq!(
            seconds(UTC_TIME, "491231235959Z"),
            Some(("2049-12-31T23:59:59Z".to_owned(), 2_524_607_999))
        );
        assert_eq!(
            seconds(GENERALIZED_TIME, "20500101000000Z"),
            Some(("2050-01-01T00:00:00Z".to_owned(), 2_524_608_000))
        );
        for (tag, nonsense) in
            [(UTC_TIME, ""), (UTC_TIME, "271315185703Z"), (UTC_TIME, "2712151857Z"), (0x04, "271215185703Z")]
        {
            assert_eq!(seconds(tag, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_cut_or_changed_certificate_never_panics() {
        let issued = Authority::new("A").unwrap().issue(&Leaf::client("coffee-shop")).unwrap();
        let der = CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap();
        assert_eq!(Certificate::read(&der).unwrap().common_name, "coffee-shop");
        for end in 0..der.len() {
            assert!(Certificate::read(&der[..end]).is_none(), "cut at {end}");
        }
        for at in 0..der.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = der.to_vec();
                changed[at] ^= flip;
                let _ = Certificate::read(&changed);
            }
        }
    }
}
