//! The set that OpenSSL makes: `genpkey`, `pkey` and `req`.

use std::fs;
use std::path::Path;

use snafu::{ResultExt, Whatever, whatever};

use super::super::pki::{Form, Pki, SERVER_NAMES};
use super::tool::Tool;

const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const EC: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const LEAF: &str = "basicConstraints=critical,CA:FALSE";

/// A certificate of the EC client of X.509 version 1.
pub(super) const VERSION_1: &str = "version-1.crt";

/// Certificates of the EC client with serial numbers that are easily written in two ways: one that needs a zero octet
/// in front so as not to be negative, and one of a single digit.
pub(super) const ODD_SERIALS: [(&str, &str); 2] =
    [("high", "0xF00DBABE0123456789ABCDEF00112233"), ("short", "0x0A")];

/// Fills `folder`, which must not exist yet.
pub(super) fn pki(tool: &Tool, folder: &Path) -> Result<Pki, Whatever> {
    fs::create_dir(folder).with_whatever_context(|_| format!("cannot make {}", folder.display()))?;
    let make = Maker { tool, folder };

    make.key(EC, "ca.key")?;
    make.certificate(&[
        &["-key", "ca.key", "-subj", "/CN=interop openssl CA", "-out", "ca.crt", "-days", "3650"],
        &["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ])?;

    make.key(RSA, "server.key")?;
    let [name, address] = SERVER_NAMES;
    let names = format!("subjectAltName=DNS:{name},IP:{address}");
    make.certificate(&[
        &["-CA", "ca.crt", "-CAkey", "ca.key", "-key", "server.key", "-out", "server.crt", "-days", "390"],
        &["-subj", "/CN=localhost", "-addext", LEAF, "-addext", &names],
        &["-addext", "extendedKeyUsage=serverAuth"],
    ])?;

    for (algorithm, pkcs8, older) in
        [(RSA, Form::RsaPkcs8, Form::RsaPkcs1), (EC, Form::EcPkcs8, Form::EcSec1)]
    {
        let (key, older) = (format!("{}.key", pkcs8.name()), format!("{}.key", older.name()));
        make.key(algorithm, &key)?;
        tool.run(folder, &["pkey", "-in", &key, "-traditional", "-out", &older])?;
        make.client(&key, &format!("{}.crt", pkcs8.algorithm()), &[])?;
    }
    make.version_1(&format!("{}.key", Form::EcPkcs8.name()))?;
    for (name, serial) in ODD_SERIALS {
        let key = format!("{}.key", Form::EcPkcs8.name());
        make.client(&key, &format!("serial-{name}.crt"), &["-set_serial", serial])?;
    }
    Ok(Pki::at(folder))
}

struct Maker<'a> {
    tool: &'a Tool,
    folder: &'a Path,
}

impl Maker<'_> {
    fn key(&self, algorithm: &[&str], file: &str) -> Result<(), Whatever> {
        let arguments = [&["genpkey", "-out", file], algorithm].concat();
        self.tool.run(self.folder, &arguments).map(drop)
    }

    fn client(&self, key: &str, file: &str, more: &[&str]) -> Result<(), Whatever> {
        self.certificate(&[
            &["-CA", "ca.crt", "-CAkey", "ca.key", "-key", key, "-out", file, "-days", "390"],
            // The names of mini-apps are Korean.
            &["-utf8", "-subj", "/O=openssl/CN=미니앱", "-addext", LEAF],
            &["-addext", "keyUsage=digitalSignature", "-addext", "extendedKeyUsage=clientAuth"],
            more,
        ])
    }

    // Without extensions it is one of version 1.
    fn version_1(&self, key: &str) -> Result<(), Whatever> {
        let request = ["req", "-new", "-key", key, "-subj", "/CN=version-1", "-out", "version-1.csr"];
        self.tool.run(self.folder, &request)?;
        let sign = [
            ["x509", "-req", "-in", "version-1.csr", "-sha256"],
            ["-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial"],
        ];
        let end = ["0x01", "-days", "390", "-out", VERSION_1];
        self.tool.run(self.folder, &[&sign.concat()[..], &end].concat())?;
        let text = self.tool.run(self.folder, &["x509", "-in", VERSION_1, "-noout", "-text"])?;
        if !text.contains("Version: 1 ") {
            whatever!("expected a certificate of version 1, got:\n{text}");
        }
        Ok(())
    }

    fn certificate(&self, arguments: &[&[&str]]) -> Result<(), Whatever> {
        let arguments = [&["req", "-x509", "-new", "-sha256"], arguments.concat().as_slice()].concat();
        self.tool.run(self.folder, &arguments).map(drop)
    }
}
