//! A refused certificate, in the words of TLS.

use std::{error::Error as StdError, io};

use rustls::AlertDescription;

use super::{
    conn::Broken,
    line::{Alert, Line},
};
use crate::Identity;

/// The alert behind an I/O error, if there is one.
pub(super) fn in_io(error: &io::Error) -> Option<AlertDescription> {
    let inner: &(dyn StdError + 'static) = error.get_ref()?;
    in_chain(inner)
}

/// The alert somewhere below `error`. An [`io::Error`] hides what it wraps from `source()`, hence the two ways down.
fn in_chain(error: &(dyn StdError + 'static)) -> Option<AlertDescription> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::AlertReceived(alert)) = error.downcast_ref() {
            return Some(*alert);
        }
        if let Some(found) = error.downcast_ref::<io::Error>().and_then(in_io) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// A refused certificate.
pub(super) struct Refusal {
    /// The cause and the certificate, in one sentence.
    pub(super) what: String,
    /// Whether the handshake itself was refused, without whose end a server cannot read a request.
    pub(super) in_handshake: bool,
}

/// Whether the server refused our certificate.
///
/// In TLS 1.2 the alert breaks the handshake; in TLS 1.3 it comes after the handshake looked fine to us, as an error of
/// the first exchange. After a byte of an answer it means something else.
pub(super) fn refusal(line: &Line, broken: &Broken, identity: Option<&Identity>) -> Option<Refusal> {
    let alert = match broken {
        Broken::Dial(error) => {
            in_chain(&**error).map(|description| Alert { description, in_handshake: true })
        }
        Broken::Exchange(_) | Broken::Slow | Broken::TooLong(_) => line.alert(),
    }?;
    if line.is_answered() {
        return None;
    }
    let cause = match alert.description {
        AlertDescription::CertificateRequired => "it demands a certificate and got none",
        AlertDescription::BadCertificate => "it finds the certificate corrupt",
        AlertDescription::UnsupportedCertificate => "it does not take this kind of certificate",
        AlertDescription::CertificateRevoked => "the certificate was revoked",
        AlertDescription::CertificateExpired => {
            "the certificate has expired or is not valid yet by its clock"
        }
        AlertDescription::CertificateUnknown => "it does not accept the certificate",
        AlertDescription::UnknownCA => "it does not know the issuer of the certificate",
        AlertDescription::AccessDenied => "the certificate is valid but not let in",
        AlertDescription::DecryptError => "the signature of our key does not fit the certificate",
        // OpenSSL says it this way in TLS 1.2 when it demands a certificate and gets none.
        AlertDescription::HandshakeFailure if identity.is_none() => {
            "it broke off the handshake; most likely it demands a certificate, and none was given"
        }
        _ => return None,
    };
    let ours = identity.map_or_else(|| "no certificate was given".to_owned(), Identity::described);
    let what = format!("the server refused our identity: {cause} ({ours})");
    Some(Refusal { what, in_handshake: alert.in_handshake })
}

#[cfg(test)]
mod tests {
    use ait_emulator::{Authority, Leaf};

    use super::{Alert, AlertDescription, Broken, Identity, Line, refusal};

    fn line(description: AlertDescription) -> Line {
        let line = Line::new();
        line.note(Alert { description, in_handshake: true });
        line
    }

    #[test]
    fn after_a_byte_of_an_answer_an_alert_is_no_refusal() {
        let line = line(AlertDescription::AccessDenied);
        let refused = refusal(&line, &Broken::Slow, None).unwrap();
        assert!(refused.in_handshake && refused.what.contains("not let in"), "{}", refused.what);
        line.received(1);
        assert!(refusal(&line, &Broken::Slow, None).is_none(), "the request was read: nothing is proven");
    }

    #[test]
    fn other_alerts_say_nothing_about_the_identity() {
        for other in [AlertDescription::CloseNotify, AlertDescription::InternalError] {
            assert!(refusal(&line(other), &Broken::Slow, None).is_none(), "{other:?}");
        }
        assert!(refusal(&Line::new(), &Broken::Slow, None).is_none());
    }

    #[test]
    fn a_failed_handshake_is_about_the_identity_only_if_there_is_none() {
        let issued = Authority::new("Test CA").unwrap().issue(&Leaf::client("app")).unwrap();
        let identity = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
        let line = line(AlertDescription::HandshakeFailure);
        assert!(refusal(&line, &Broken::Slow, None).is_some());
        assert!(refusal(&line, &Broken::Slow, Some(&identity)).is_none());
    }
}
