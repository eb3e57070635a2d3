//! An authority and what it issues, kept in a folder.

use std::fs;
use std::io;
use std::path::Path;

use crate::net::client::{BOTH, connect, connector, get};
use ait_emulator::{Authority, Issued, KeyKind, Leaf, Response, Server};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A certificate of one goes through a server that trusts the other.
async fn accepts(server: &Authority, client: &Authority) -> io::Result<bool> {
    let server = Server::builder()
        .tls(&client.issue(&Leaf::server(&["localhost"]))?)
        .require_client(server)
        .http(|_| std::future::ready(Response::json(200, "{}").into()))
        .await?;
    let shown = client.issue(&Leaf::client("my-app"))?;
    let mut stream = connect(&connector(client, Some(&shown), BOTH)?, server.addr()).await?;
    Ok(get(&mut stream, "/").await.is_ok())
}

#[tokio::test]
async fn an_authority_comes_back_as_it_was() -> io::Result<()> {
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join("state/ca");
    let made = Authority::new("테스트 CA")?;
    made.save(&folder)?;
    assert_eq!(names(&folder), ["ca.crt", "ca.key"]);
    assert_eq!(names(folder.parent().unwrap()), ["ca"], "nothing is left beside it");
    let loaded = Authority::load(&folder)?;
    assert_eq!(loaded.pem(), made.pem());
    assert!(accepts(&made, &loaded).await?);
    assert!(accepts(&loaded, &made).await?);
    assert!(!accepts(&Authority::new("테스트 CA")?, &loaded).await?);
    Ok(())
}

#[test]
fn an_authority_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("ca");
    let (first, second) = (Authority::new("First").unwrap(), Authority::new("Second").unwrap());
    first.save(&folder).unwrap();
    let error = second.save(&folder).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert!(error.to_string().contains("ca.key is there already: load it"), "{error}");
    // Half of one is there too.
    fs::remove_file(folder.join("ca.key")).unwrap();
    assert_eq!(second.save(&folder).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(folder.join("ca.crt")).unwrap(), first.pem());
    assert_eq!(Authority::load(&folder).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!((names(&folder), names(dir.path())), (vec!["ca.crt".to_owned()], vec!["ca".to_owned()]));
}

#[test]
fn an_authority_joins_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Authority::load(dir.path()).unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    assert!(missing.to_string().contains("ca.crt"), "{missing}");
    fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    let made = Authority::new("Test CA").unwrap();
    made.save(dir.path()).unwrap();
    assert_eq!(names(dir.path()), ["ca.crt", "ca.key", "notes.txt"]);
    assert_eq!(Authority::load(dir.path()).unwrap().pem(), made.pem());
}

#[test]
fn of_many_that_save_at_once_one_wins_whole() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("ca");
    let saved: Vec<_> = std::thread::scope(|scope| {
        let start = std::sync::Arc::new(std::sync::Barrier::new(8));
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let (folder, start) = (&folder, start.clone());
                scope.spawn(move || {
                    let authority = Authority::new(&format!("CA {number}")).unwrap();
                    start.wait();
                    (authority.save(folder).map_err(|error| error.kind()), Authority::load(folder).unwrap())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let winner = Authority::load(&folder).unwrap();
    assert_eq!(saved.iter().filter(|(saved, _)| saved.is_ok()).count(), 1);
    for (saved, loaded) in saved {
        assert!(matches!(saved, Ok(()) | Err(io::ErrorKind::AlreadyExists)), "{saved:?}");
        assert_eq!(loaded.pem(), winner.pem());
    }
    assert_eq!(names(dir.path()), ["ca"]);
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    Authority::new("Test CA").unwrap().save(&one).unwrap();
    let foreign = Authority::new("Test CA").unwrap();
    foreign.save(&other).unwrap();
    let refused = |why: &str| {
        let error = Authority::load(&one).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains(why), "{error}");
        assert!(error.to_string().contains("remove ca.crt and ca.key"), "{error}");
    };
    fs::copy(other.join("ca.crt"), one.join("ca.crt")).unwrap();
    refused("the key is not the certificate's");
    // A certificate whose subject says more than a common name.
    let leaf = foreign.issue(&Leaf::client("app").organization("Toss")).unwrap();
    fs::write(one.join("ca.crt"), &leaf.certificate_pem).unwrap();
    fs::write(one.join("ca.key"), &leaf.key_pem).unwrap();
    refused("the certificate was made by something else");
    fs::write(one.join("ca.key"), "no key").unwrap();
    refused("the key cannot be read");
    fs::write(one.join("ca.crt"), "no certificate").unwrap();
    refused("the certificate cannot be read");
}

#[test]
fn what_was_issued_comes_back_with_its_key() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("certificates");
    let authority = Authority::new("Test CA").unwrap();
    for key in [KeyKind::EcP256, KeyKind::EcP384, KeyKind::Rsa2048] {
        // Over what is there.
        let issued = authority.issue(&Leaf::client("my-app").key(key)).unwrap();
        issued.save(&folder, "my-app").unwrap();
        assert_eq!(names(&folder), ["my-app.crt", "my-app.key"]);
        let loaded = Issued::load(&folder, "my-app").unwrap();
        assert_eq!(loaded.certificate_pem, issued.certificate_pem);
        assert_eq!(loaded.key_pem, issued.key_pem);
        assert_eq!(loaded.key_pkcs1_or_sec1_pem, issued.key_pkcs1_or_sec1_pem);
        let shown = format!("{loaded:?} {authority:?}");
        let secret = loaded.key_pem.lines().nth(1).unwrap();
        assert!(!shown.contains(secret) && !shown.contains("PRIVATE"), "{shown}");
    }
    fs::write(folder.join("my-app.key"), "nothing").unwrap();
    let error = Issued::load(&folder, "my-app").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("my-app.key is no private key"), "{error}");
    assert_eq!(Issued::load(&folder, "other").unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_name_stays_in_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("folder");
    let issued = Authority::new("Test CA").unwrap().issue(&Leaf::client("my-app")).unwrap();
    for name in ["", ".", "..", "../up", "a/b", "a\\b", "/etc/x", "c:x", "nul\0", ".hidden"] {
        assert_eq!(issued.save(&folder, name).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{name:?}");
        assert_eq!(Issued::load(&folder, name).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{name:?}");
    }
    assert!(names(dir.path()).is_empty());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn keys_and_their_folders_are_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        set(dir.path(), 0o755);
        let (ca, certificates) = (dir.path().join("ca"), dir.path().join("certificates"));
        let authority = Authority::new("Test CA").unwrap();
        authority.save(&ca).unwrap();
        authority.save(dir.path()).unwrap();
        let issued = authority.issue(&Leaf::client("my-app")).unwrap();
        issued.save(&certificates, "my-app").unwrap();
        // A mode that is too wide is mended by writing anew.
        set(&certificates.join("my-app.key"), 0o666);
        issued.save(&certificates, "my-app").unwrap();
        for folder in [&ca, &certificates] {
            assert_eq!(mode(folder), 0o700);
        }
        for key in [ca.join("ca.key"), dir.path().join("ca.key"), certificates.join("my-app.key")] {
            assert_eq!(mode(&key), 0o600, "{}", key.display());
        }
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("it's mine");
        let authority = Authority::new("Test CA").unwrap();
        authority.save(&folder).unwrap();
        authority.issue(&Leaf::client("my-app")).unwrap().save(&folder, "my-app").unwrap();
        for wide in [0o640, 0o604, 0o644, 0o610, 0o602] {
            set(&folder.join("ca.key"), wide);
            set(&folder.join("my-app.key"), wide);
            let errors = [
                ("ca.key", Authority::load(&folder).unwrap_err()),
                ("my-app.key", Issued::load(&folder, "my-app").unwrap_err()),
            ];
            for (name, error) in errors {
                assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
                let key = folder.join(name).display().to_string();
                let quoted = key.replace('\'', "'\\''");
                let expected = format!(
                    "{key} is a private key with mode 0{wide:o}, which others may use: run chmod 600 '{quoted}'"
                );
                assert_eq!(error.to_string(), expected);
            }
        }
        set(&folder.join("ca.key"), 0o400);
        assert!(Authority::load(&folder).is_ok());
        // The certificate is for everybody.
        set(&folder.join("ca.crt"), 0o644);
        assert!(Authority::load(&folder).is_ok());
    }
}
