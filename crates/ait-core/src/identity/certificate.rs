//! The few facts of a certificate that people ask for.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use x509_cert::der::{
    Decode, Tag, Tagged,
    asn1::{Ia5StringRef, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef},
};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

pub(super) struct Certificate {
    pub(super) common_name: String,
    pub(super) serial: String,
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
    not_before_text: String,
    not_after_text: String,
}

impl Certificate {
    pub(super) fn read(der: &[u8]) -> Result<Self, x509_cert::der::Error> {
        let certificate = x509_cert::Certificate::from_der(der)?.tbs_certificate;
        let names = certificate.subject.0.iter().flat_map(|relative| relative.0.iter());
        let common_name = names
            .filter(|name| name.oid == COMMON_NAME)
            .find_map(|name| text(&name.value))
            .unwrap_or_default();
        let (from, until) = (certificate.validity.not_before, certificate.validity.not_after);
        Ok(Self {
            common_name,
            serial: hexadecimal(without_sign(certificate.serial_number.as_bytes())),
            not_before: instant(from.to_unix_duration()),
            not_after: instant(until.to_unix_duration()),
            not_before_text: from.to_date_time().to_string(),
            not_after_text: until.to_date_time().to_string(),
        })
    }

    pub(super) fn not_before_text(&self) -> &str {
        &self.not_before_text
    }

    pub(super) fn not_after_text(&self) -> &str {
        &self.not_after_text
    }
}

fn text(value: &x509_cert::der::Any) -> Option<String> {
    let text = match value.tag() {
        Tag::PrintableString => PrintableStringRef::try_from(value).ok()?.as_str().to_owned(),
        Tag::Utf8String => Utf8StringRef::try_from(value).ok()?.as_str().to_owned(),
        Tag::TeletexString => TeletexStringRef::try_from(value).ok()?.as_str().to_owned(),
        Tag::Ia5String => Ia5StringRef::try_from(value).ok()?.as_str().to_owned(),
        _ => return None,
    };
    // It goes into messages: a certificate is no place for line breaks.
    Some(text.chars().filter(|character| !character.is_control()).take(200).collect())
}

// DER puts a zero before a number whose first bit is set; nobody prints it.
fn without_sign(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] if !rest.is_empty() => rest,
        _ => number,
    }
}

fn instant(since_epoch: Duration) -> SystemTime {
    UNIX_EPOCH.checked_add(since_epoch).unwrap_or(UNIX_EPOCH)
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
