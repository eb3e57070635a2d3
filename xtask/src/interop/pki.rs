//! Certificates and keys as files, the same layout whoever made them.

use std::path::{Path, PathBuf};

mod emulated;

pub(super) use emulated::emulated;

/// The name and the address of the server in its certificate.
pub(super) const SERVER_NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// A folder with an authority, a server, and one client with an RSA and one with an EC key.
#[derive(Debug)]
pub(super) struct Pki {
    folder: PathBuf,
}

impl Pki {
    /// The set in `folder`, to be filled by its maker.
    pub(super) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The certificate of the authority.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.join("ca.crt")
    }

    pub(super) fn server_certificate(&self) -> PathBuf {
        self.folder.join("server.crt")
    }

    pub(super) fn server_key(&self) -> PathBuf {
        self.folder.join("server.key")
    }

    /// The certificate of the client whose key is `form`.
    pub(super) fn certificate(&self, form: Form) -> PathBuf {
        self.folder.join(format!("{}.crt", form.algorithm()))
    }

    /// The key of a client.
    pub(super) fn key(&self, form: Form) -> PathBuf {
        self.folder.join(format!("{}.key", form.name()))
    }
}

/// The forms in which private keys are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    RsaPkcs8,
    RsaPkcs1,
    EcPkcs8,
    EcSec1,
}

impl Form {
    pub(super) const ALL: [Self; 4] = [Self::RsaPkcs8, Self::RsaPkcs1, Self::EcPkcs8, Self::EcSec1];
    /// One of each algorithm: once a key is loaded, its form is forgotten.
    pub(super) const ONE_EACH: [Self; 2] = [Self::RsaPkcs8, Self::EcPkcs8];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs8 => "rsa-pkcs8",
            Self::RsaPkcs1 => "rsa-pkcs1",
            Self::EcPkcs8 => "ec-pkcs8",
            Self::EcSec1 => "ec-sec1",
        }
    }

    pub(super) const fn algorithm(self) -> &'static str {
        match self {
            Self::RsaPkcs8 | Self::RsaPkcs1 => "rsa",
            Self::EcPkcs8 | Self::EcSec1 => "ec",
        }
    }
}
