//! What a private key is: its form and its kind, whatever the label on it says.

use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};

use super::der::Reader;
use crate::Provider;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const PARAMETERS: u8 = 0xa0;

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// Kinds that have no sizes or curves.
const PLAIN: [(&[u8], &str); 6] = [
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "an RSA-PSS key"),
    (&[0x2b, 0x65, 0x70], "an Ed25519 key"),
    (&[0x2b, 0x65, 0x71], "an Ed448 key"),
    (&[0x2b, 0x65, 0x6e], "an X25519 key, which cannot sign"),
    (&[0x2b, 0x65, 0x6f], "an X448 key, which cannot sign"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "a DSA key"),
];
const CURVES: [(&[u8], &str); 4] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "P-256"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], "P-384"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "P-521"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "secp256k1"),
];

/// A private key, and what it is in words.
pub(super) struct Key {
    pub(super) der: PrivateKeyDer<'static>,
    pub(super) what: String,
}

impl Key {
    /// Reads as much of a key as says what it is. None, if it is no key in one of the three forms.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let mut body = Reader::new(der).inside(SEQUENCE)?;
        let version = body.value(INTEGER)?;
        match (version, body.element()?) {
            ([0 | 1], (SEQUENCE, algorithm)) => {
                let what = algorithm_of(Reader::new(algorithm), body.value(OCTET_STRING)?)?;
                Some(Self { der: PrivatePkcs8KeyDer::from(der.to_vec()).into(), what })
            }
            ([0], (INTEGER, modulus)) => {
                Some(Self { der: PrivatePkcs1KeyDer::from(der.to_vec()).into(), what: rsa(modulus) })
            }
            ([1], (OCTET_STRING, _)) => {
                let curve = body.inside(PARAMETERS).and_then(|mut parameters| parameters.value(OID));
                Some(Self { der: PrivateSec1KeyDer::from(der.to_vec()).into(), what: ec(curve) })
            }
            _ => None,
        }
    }

    /// Why the provider does not take it, and what to do.
    pub(super) fn refused(&self, provider: Provider) -> String {
        let (taken, name) = provider.takes();
        if taken.contains(&self.kind()) {
            return format!(
                "{} is damaged: its numbers do not fit together; copy the file that the console issued again, whole",
                self.what
            );
        }
        format!(
            "{} cannot be used with {name}, which takes RSA of {}, EC on {}, and Ed25519; issue a certificate for such a \
             key{}",
            self.what,
            provider.rsa_sizes(),
            if taken.contains(&"P-521") { "P-256, P-384 or P-521" } else { "P-256 or P-384" },
            self.other_provider(provider)
        )
    }

    /// The word of [`Provider::takes`] for it.
    fn kind(&self) -> &str {
        match self.what.strip_prefix("an EC key on ") {
            Some(curve) => curve,
            None if self.what == "an Ed25519 key" => "Ed25519",
            None => match self.bits() {
                Some(2048..=4096) => "RSA",
                Some(2048..=8192) => "large RSA",
                _ => "",
            },
        }
    }

    fn bits(&self) -> Option<usize> {
        self.what.strip_prefix("an RSA key of ")?.strip_suffix(" bits")?.parse().ok()
    }

    fn other_provider(&self, provider: Provider) -> &'static str {
        let (taken, _) = provider.takes();
        let with_the_other = ["P-521", "large RSA"].contains(&self.kind()) && !taken.contains(&"P-521");
        if with_the_other { ", or use the feature `aws-lc-rs`, which takes this one" } else { "" }
    }
}

fn algorithm_of(mut algorithm: Reader<'_>, key: &[u8]) -> Option<String> {
    let kind = algorithm.value(OID)?;
    if kind == RSA {
        let mut inner = Reader::new(key).inside(SEQUENCE)?;
        inner.value(INTEGER)?;
        return inner.value(INTEGER).map(rsa);
    }
    if kind == EC {
        return Some(ec(algorithm.value(OID)));
    }
    let plain = PLAIN.iter().find(|(oid, _)| *oid == kind);
    Some(plain.map_or("a key of an unknown kind", |(_, what)| what).to_owned())
}

fn rsa(modulus: &[u8]) -> String {
    let significant: &[u8] = match modulus {
        [0, rest @ ..] => rest,
        all => all,
    };
    let unused = significant.first().map_or(0, |first| first.leading_zeros() as usize);
    format!("an RSA key of {} bits", significant.len() * 8 - unused)
}

fn ec(curve: Option<&[u8]>) -> String {
    let known = curve.and_then(|curve| CURVES.iter().find(|(oid, _)| *oid == curve));
    format!("an EC key on {}", known.map_or("a curve without a known name", |(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::{CURVES, EC, Key, OCTET_STRING, PLAIN, RSA};
    use crate::Provider;

    fn element(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, length[0], length[1]], value].concat()
    }

    fn pkcs8(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
        let algorithm = element(0x30, &[element(6, algorithm), parameters.to_vec()].concat());
        element(0x30, &[element(2, &[0]), algorithm, element(OCTET_STRING, key)].concat())
    }

    fn pkcs1(bits: usize) -> Vec<u8> {
        let modulus = [vec![0, 0xff], vec![0x55; bits / 8 - 1]].concat();
        element(0x30, &[element(2, &[0]), element(2, &modulus)].concat())
    }

    fn what(der: &[u8]) -> String {
        Key::read(der).unwrap().what
    }

    #[test]
    fn a_key_is_known_by_its_inside() {
        assert_eq!(what(&pkcs1(2048)), "an RSA key of 2048 bits");
        assert_eq!(what(&pkcs8(RSA, &[5, 0], &pkcs1(8192))), "an RSA key of 8192 bits");
        for (oid, name) in CURVES {
            assert_eq!(what(&pkcs8(EC, &element(6, oid), &[])), format!("an EC key on {name}"));
            let parameters = element(0xa0, &element(6, oid));
            let sec1 = element(0x30, &[element(2, &[1]), element(4, &[7; 32]), parameters].concat());
            assert_eq!(what(&sec1), format!("an EC key on {name}"));
        }
        for (oid, name) in PLAIN {
            assert_eq!(what(&pkcs8(oid, &[], &[])), name);
        }
        assert_eq!(what(&pkcs8(&[1, 2], &[], &[])), "a key of an unknown kind");
        for none in [&[][..], &[0x30], b"hello", &element(0x30, &element(2, &[3]))] {
            assert!(Key::read(none).is_none());
        }
    }

    #[cfg(feature = "ring")]
    #[test]
    fn a_refusal_says_which_keys_work() {
        for (der, words) in [
            (pkcs8(EC, &element(6, CURVES[3].1.as_bytes()), &[]), "a curve without a known name"),
            (pkcs8(EC, &element(6, CURVES[3].0), &[]), "an EC key on secp256k1 cannot be used"),
            (pkcs8(EC, &element(6, CURVES[2].0), &[]), "`aws-lc-rs`, which takes this one"),
            (pkcs1(8192), "`aws-lc-rs`, which takes this one"),
            (pkcs1(1024), "an RSA key of 1024 bits cannot be used"),
            (pkcs8(PLAIN[0].0, &[], &[]), "an RSA-PSS key cannot be used"),
            (pkcs8(PLAIN[2].0, &[], &[]), "an Ed448 key cannot be used"),
        ] {
            let said = Key::read(&der).unwrap().refused(Provider::Ring);
            assert!(said.contains(words) && said.contains("EC on P-256 or P-384"), "{said}");
            assert!(!said.contains("copy"), "{said}");
        }
        let damaged = Key::read(&pkcs8(EC, &element(6, CURVES[0].0), &[])).unwrap().refused(Provider::Ring);
        assert!(damaged.contains("damaged") && damaged.contains("copy"), "{damaged}");
    }
}
