//! Certificates in a state folder.

use std::fs;
#[cfg(feature = "client")]
use std::time::Duration;

#[cfg(feature = "client")]
use ait_emulator::{Authority, Emulator, Leaf};

use super::kept;

#[cfg(feature = "client")]
fn app(emulator: &Emulator) -> String {
    let pem = &emulator.credentials().client.certificate_pem;
    ait_core::Identity::from_pem(pem, &emulator.credentials().client.key_pem).unwrap().subject().to_owned()
}

#[cfg(feature = "client")]
#[tokio::test]
async fn the_certificate_is_that_of_the_app_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let start = async |name: Option<&str>| {
        let builder = kept(folder.path());
        let emulator = match name {
            Some(name) => builder.app(name),
            None => builder,
        };
        let emulator = emulator.start().await.unwrap();
        let written = fs::read_to_string(folder.path().join("client.crt")).unwrap();
        assert_eq!(written, emulator.credentials().client.certificate_pem);
        (app(&emulator), emulator.credentials().client.key_pem.clone())
    };
    let (first, first_key) = start(None).await;
    assert_eq!(first, "my-app");
    let (shop, shop_key) = start(Some("shop")).await;
    assert_eq!(shop, "shop");
    assert_ne!(shop_key, first_key);
    // Whoever names none goes on with what is there.
    assert_eq!(start(None).await, (shop.clone(), shop_key.clone()));
    assert_eq!(start(Some("shop")).await, (shop, shop_key));
}

#[cfg(feature = "client")]
#[tokio::test]
async fn a_certificate_that_is_about_to_expire_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(kept(folder.path()).app("shop").start().await.unwrap());
    let authority = Authority::load(folder.path()).unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    let now = std::time::SystemTime::now();
    for (left, is_kept) in [(day * 31, true), (day * 29, false)] {
        let leaf = Leaf::client("shop").valid(now - day, now + left);
        let issued = authority.issue(&leaf).unwrap();
        issued.save(folder.path(), "client").unwrap();
        let emulator = kept(folder.path()).start().await.unwrap();
        assert_eq!(app(&emulator), "shop");
        assert_eq!(emulator.credentials().client.key_pem == issued.key_pem, is_kept);
    }
    // Past 2049 the date has four digits of the year.
    let issued = authority.issue(&Leaf::client("shop").valid(now, now + day * 365 * 40)).unwrap();
    issued.save(folder.path(), "client").unwrap();
    let emulator = kept(folder.path()).start().await.unwrap();
    assert_eq!(emulator.credentials().client.key_pem, issued.key_pem);
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_gone_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let old = kept(folder.path()).start().await.unwrap().credentials().client.key_pem.clone();
    for file in ["ca.crt", "ca.key"] {
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    let emulator = kept(folder.path()).start().await.unwrap();
    assert_ne!(emulator.credentials().client.key_pem, old);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(kept(folder.path()).start().await.unwrap());
    fs::write(folder.path().join("client.crt"), "nothing").unwrap();
    let error = kept(folder.path()).start().await.unwrap_err().to_string();
    assert!(
        error.contains("client.crt: the certificate cannot be read; remove client.crt and client.key"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("client.crt")).unwrap(), "nothing");
}

#[tokio::test]
async fn files_that_do_not_belong_together_are_told_and_left_alone() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&folder, &other] {
        drop(kept(folder.path()).start().await.unwrap());
    }
    let remedy = "remove client.crt and client.key to have new ones made";
    for (foreign, says) in [
        (&["client.key"][..], "client.key is not the key of client.crt"),
        (&["ca.crt", "ca.key"], "client.crt was not issued by ca.crt"),
    ] {
        for file in foreign {
            fs::rename(folder.path().join(file), folder.path().join("mine").with_extension(file)).unwrap();
            fs::copy(other.path().join(file), folder.path().join(file)).unwrap();
        }
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let before = [read("client.crt"), read("client.key")];
        let told = kept(folder.path()).start().await.unwrap_err();
        assert_eq!(told.kind(), std::io::ErrorKind::InvalidData);
        let whole =
            format!("{}: {says}; put back those that belong together, or {remedy}", folder.path().display());
        assert_eq!(told.to_string(), whole);
        assert_eq!([read("client.crt"), read("client.key")], before);
        for file in foreign {
            fs::rename(folder.path().join("mine").with_extension(file), folder.path().join(file)).unwrap();
        }
        drop(kept(folder.path()).start().await.unwrap());
    }
    // The next step leads on.
    for file in ["client.crt", "client.key"] {
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    kept(folder.path()).start().await.unwrap();
}

#[tokio::test]
async fn half_an_authority_is_told() {
    for (gone, left) in [("ca.crt", "ca.key"), ("ca.key", "ca.crt")] {
        let folder = tempfile::tempdir().unwrap();
        drop(kept(folder.path()).start().await.unwrap());
        fs::remove_file(folder.path().join(gone)).unwrap();
        let told = kept(folder.path()).start().await.unwrap_err().to_string();
        let (path, says) = (folder.path().display(), "to have a new authority made");
        assert_eq!(
            told,
            format!("{path}: {left} is there without {gone}; put that back, or remove {left} {says}")
        );
        fs::remove_file(folder.path().join(left)).unwrap();
        kept(folder.path()).start().await.unwrap();
    }
}
