//! The set that our own emulator makes.

use std::fs;
use std::path::Path;

use ait_emulator::{Authority, KeyKind, Leaf};
use snafu::{ResultExt, Whatever};

use super::{Form, Pki, SERVER_NAMES};

/// Fills `folder`, which must not exist yet.
pub(in super::super) fn emulated(folder: &Path) -> Result<Pki, Whatever> {
    fill(&Pki::at(folder))
        .with_whatever_context(|_| format!("cannot make certificates in {}", folder.display()))
}

fn fill(pki: &Pki) -> std::io::Result<Pki> {
    fs::create_dir(pki.folder())?;
    let authority = Authority::new("interop emulator CA")?;
    fs::write(pki.authority(), authority.pem())?;

    let server = authority.issue(&Leaf::server(&SERVER_NAMES))?;
    fs::write(pki.server_certificate(), &server.certificate_pem)?;
    fs::write(pki.server_key(), &server.key_pem)?;

    let clients =
        [(KeyKind::Rsa2048, Form::RsaPkcs8, Form::RsaPkcs1), (KeyKind::EcP256, Form::EcPkcs8, Form::EcSec1)];
    for (kind, pkcs8, older) in clients {
        let name = format!("interop {}", pkcs8.algorithm());
        let client = authority.issue(&Leaf::client(&name).organization("emulator").key(kind))?;
        fs::write(pki.certificate(pkcs8), &client.certificate_pem)?;
        fs::write(pki.key(pkcs8), &client.key_pem)?;
        fs::write(pki.key(older), &client.key_pkcs1_or_sec1_pem)?;
    }
    Ok(Pki::at(pki.folder()))
}
