//! OpenSSL: its `s_server` as the far side, its `req` and `pkey` as the console, its `x509` as the second reader.

use std::path::Path;

use snafu::Whatever;

mod accepted;
mod exchange;
mod issue;
mod read;
mod refused;
mod server;
mod tool;

use super::pki::{Pki, emulated};
use super::report::Report;
use tool::Tool;

/// What the cases have in common.
struct Scene {
    tool: Tool,
    /// Made by OpenSSL.
    theirs: Pki,
    /// Made by our emulator.
    ours: Pki,
}

/// A version of TLS, the only one a server speaks.
#[derive(Clone, Copy, Debug)]
struct Tls {
    name: &'static str,
    option: &'static str,
}

const VERSIONS: [Tls; 2] =
    [Tls { name: "tls1.2", option: "-tls1_2" }, Tls { name: "tls1.3", option: "-tls1_3" }];

/// Plays all cases.
pub(super) fn check(folder: &Path, report: &mut Report) -> Result<(), Whatever> {
    let tool = Tool::find(folder)?;
    let theirs = issue::pki(&tool, &folder.join("openssl"))?;
    let ours = emulated(&folder.join("emulator"))?;
    let scene = Scene { tool, theirs, ours };

    read::check(&scene, report)?;
    super::block_on(async {
        accepted::check(&scene, report).await;
        refused::check(&scene, report).await;
    })
}
