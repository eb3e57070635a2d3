//! What a cold debug build costs: ours against reqwest, each in a tiny program of its own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{Failure, machine::ROOT, rows::Row, usage};

const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }"#;

const REQWEST: &str = r#"reqwest = "0.13"
serde = { version = "1", features = ["derive"] }
serde_json = "1""#;

const OURS_MAIN: &str = r#"#[tokio::main]
async fn main() {
    println!("{:?}", ait_tosspay::ait_core::Client::builder().build().map(ait_tosspay::TossPay::new));
}
"#;

const REQWEST_MAIN: &str = r#"#[derive(Debug, serde::Deserialize)]
struct Answer { ok: bool }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = reqwest::Client::new().get("https://example.com/").send().await?.bytes().await?;
    println!("{:?}", serde_json::from_slice::<Answer>(&bytes)?.ok);
    Ok(())
}
"#;

/// The two programs, in a folder that goes when this goes.
pub(crate) struct Consumers {
    folder: PathBuf,
    /// The one that uses the product crate.
    pub(crate) ours: PathBuf,
    /// The one that uses reqwest and `serde_json`.
    pub(crate) reqwest: PathBuf,
}

impl Consumers {
    /// Writes both, with the versions of this workspace's lock file, and fetches what is missing.
    pub(crate) fn generate() -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("ait-bench-{}", std::process::id()));
        let (ours, reqwest) = (folder.join("ours"), folder.join("reqwest"));
        let consumers = Self { folder, ours, reqwest };
        let product = fs::canonicalize(Path::new(ROOT).join("crates/ait-tosspay"))?;
        let ours = format!("ait-tosspay = {{ path = {product:?} }}");
        write(&consumers.ours, &format!("{ours}\n{TOKIO}"), OURS_MAIN)?;
        write(&consumers.reqwest, &format!("{REQWEST}\n{TOKIO}"), REQWEST_MAIN)?;
        for folder in [&consumers.ours, &consumers.reqwest] {
            if cargo(folder, &["fetch", "--offline"]).is_err() {
                cargo(folder, &["fetch"])?;
            }
        }
        Ok(consumers)
    }
}

impl Drop for Consumers {
    fn drop(&mut self) {
        // Left-overs in the folder for temporary files harm nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The row: processor time of the compilers, ours by reqwest's.
pub(crate) fn row(consumers: &Consumers) -> Result<Row, Failure> {
    let (reqwest, ours) = (build(&consumers.reqwest)?, build(&consumers.ours)?);
    Ok(Row {
        measure: "cold debug build of one product crate: CPU",
        hyper: None,
        reqwest: Some(1.0),
        ours: ours.as_secs_f64() / reqwest.as_secs_f64(),
        goal: 0.6,
        count: false,
        note: Some(format!(
            "here and now {:.0} s against {:.0} s, over all cores",
            ours.as_secs_f64(),
            reqwest.as_secs_f64()
        )),
    })
}

fn write(folder: &Path, dependencies: &str, main: &str) -> Result<(), Failure> {
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or("a folder without a name")?;
    let manifest = format!(
        "[package]\nname = \"consumer-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{dependencies}\n\n[workspace]\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), main)?;
    fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn build(folder: &Path) -> Result<Duration, Failure> {
    let before = usage::children()?;
    cargo(folder, &["build", "--offline", "--target-dir", "target"])?;
    Ok(usage::children()?.saturating_sub(before))
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let output = Command::new("cargo")
        .current_dir(folder)
        .args(arguments)
        // A compiler cache would be measured instead of the compiler.
        .env_remove("RUSTC_WRAPPER")
        .env_remove("CARGO_BUILD_RUSTC_WRAPPER")
        .stdin(Stdio::null())
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("cargo {} in {}: {complaint}", arguments.join(" "), folder.display()).into())
}
