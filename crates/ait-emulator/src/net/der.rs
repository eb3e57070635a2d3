//! As much DER as it takes to unwrap a PKCS#8 key and to find the common name and the end in a certificate.

use time::{Date, Month, PrimitiveDateTime, Time};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// Takes elements from the front of what is left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next element whole, as its tag and its value.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
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

    fn value(&mut self, expected: u8) -> Option<&'a [u8]> {
        self.next().and_then(|(tag, value)| (tag == expected).then_some(value))
    }
}

/// The label and the octets of the key inside a PKCS#8 document.
pub(crate) fn inner_key(pkcs8: &[u8]) -> Option<(&'static str, Vec<u8>)> {
    let mut document = Reader(Reader(pkcs8).value(SEQUENCE)?);
    document.value(INTEGER)?;
    let mut algorithm = Reader(document.value(SEQUENCE)?);
    let key = document.value(OCTET_STRING)?;
    match algorithm.value(OID)? {
        RSA_ENCRYPTION => Some(("RSA PRIVATE KEY", key.to_vec())),
        EC_PUBLIC_KEY => Some(("EC PRIVATE KEY", with_curve(key, algorithm.value(OID)?)?)),
        _ => None,
    }
}

/// PKCS#8 names the curve outside the key. On its own the key must name it itself (RFC 5915).
fn with_curve(key: &[u8], curve: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Reader(Reader(key).value(SEQUENCE)?);
    let mut body = encode(INTEGER, fields.value(INTEGER)?)?;
    body.extend(encode(OCTET_STRING, fields.value(OCTET_STRING)?)?);
    if fields.0.first() != Some(&CONTEXT_0) {
        body.extend(encode(CONTEXT_0, &encode(OID, curve)?)?);
    }
    body.extend_from_slice(fields.0);
    encode(SEQUENCE, &body)
}

/// One element. Keys on a curve are short, so lengths beyond two octets are not made.
fn encode(tag: u8, value: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(value.len()).ok()?.to_be_bytes();
    let mut element = match (high, low) {
        (0, 0..0x80) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    element.extend_from_slice(value);
    Some(element)
}

/// The fields of a certificate from its issuer on.
fn fields(certificate: &[u8]) -> Option<Reader<'_>> {
    let mut body = Reader(Reader(Reader(certificate).value(SEQUENCE)?).value(SEQUENCE)?);
    body.value(CONTEXT_0)?; // version 3
    body.value(INTEGER)?; // serial number
    body.value(SEQUENCE)?; // signature algorithm
    Some(body)
}

/// The name of the authority that issued a certificate.
pub(crate) fn issuer(certificate: &[u8]) -> Option<&[u8]> {
    fields(certificate)?.value(SEQUENCE)
}

/// The name of whom a certificate is about.
pub(crate) fn subject(certificate: &[u8]) -> Option<&[u8]> {
    let mut fields = fields(certificate)?;
    fields.value(SEQUENCE)?; // issuer
    fields.value(SEQUENCE)?; // validity
    fields.value(SEQUENCE)
}

/// The key in a certificate, without the name of its algorithm.
pub(crate) fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    let mut fields = fields(certificate)?;
    fields.value(SEQUENCE)?; // issuer
    fields.value(SEQUENCE)?; // validity
    fields.value(SEQUENCE)?; // subject
    let mut info = Reader(fields.value(SEQUENCE)?);
    info.value(SEQUENCE)?; // algorithm
    // The first octet says how many bits of the last are unused: none.
    info.value(BIT_STRING)?.split_first().map(|(_, key)| key)
}

/// The common name in the subject of a certificate.
pub(crate) fn common_name(certificate: &[u8]) -> Option<String> {
    let mut subject = Reader(subject(certificate)?);
    while let Some(set) = subject.value(SET) {
        let mut attributes = Reader(set);
        while let Some(attribute) = attributes.value(SEQUENCE) {
            let mut attribute = Reader(attribute);
            if attribute.value(OID)? == COMMON_NAME {
                let (_, value) = attribute.next()?;
                return String::from_utf8(value.to_vec()).ok();
            }
        }
    }
    None
}

/// Until when a certificate is valid, in seconds since 1970.
pub(crate) fn not_after(certificate: &[u8]) -> Option<i64> {
    let mut fields = fields(certificate)?;
    fields.value(SEQUENCE)?; // issuer
    let mut validity = Reader(fields.value(SEQUENCE)?);
    validity.next()?; // not before
    let (tag, text) = validity.next()?;
    // RFC 5280: two digits of the year up to 2049, four from then on; always seconds, and Z.
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year = number(year)?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (number(year)?, rest)
        }
        _ => return None,
    };
    let parts: Option<Vec<u32>> = rest.strip_suffix(b"Z")?.chunks(2).map(number).collect();
    let parts: [u8; 5] =
        parts?.into_iter().map(u8::try_from).collect::<Result<Vec<_>, _>>().ok()?.try_into().ok()?;
    let [month, day, hour, minute, second] = parts;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 10 + char::from(*digit).to_digit(10)?))
}
