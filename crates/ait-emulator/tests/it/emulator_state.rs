//! The state folder.

mod certificates;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use ait_emulator::{Emulator, EmulatorBuilder, engine::Clock};

const PATIENCE: Duration = Duration::from_secs(60);

fn kept(folder: &Path) -> EmulatorBuilder {
    Emulator::builder().state(folder)
}

fn top_up(emulator: &Emulator, amount: i64) {
    emulator.world(|core, _, _| core.world.promotion.top_up(amount));
}

fn wallet(emulator: &Emulator) -> i64 {
    emulator.world(|core, _, _| core.world.promotion.wallet())
}

/// What goes on from a copy of the folder, as it is now: as after a kill.
async fn copied<T>(folder: &Path, look: impl FnOnce(&Emulator) -> T) -> T {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let emulator = kept(copy.path()).start().await.unwrap();
    look(&emulator)
}

/// Waits until the wallet of whoever goes on is this.
async fn until_written(folder: &Path, amount: i64) {
    let written = async {
        while copied(folder, wallet).await != amount {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, written).await.unwrap_or_else(|_| panic!("{amount} was not written"));
}

#[tokio::test]
async fn a_change_is_written_while_the_emulator_runs() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = kept(folder.path()).start().await.unwrap();
    let base = wallet(&emulator);
    for amount in [1, 2, 4] {
        top_up(&emulator, amount);
        until_written(folder.path(), wallet(&emulator)).await;
    }
    assert_eq!(wallet(&emulator), base + 7);
}

#[tokio::test]
async fn a_change_by_a_rule_or_by_time_is_written_at_once_with_what_was_done_before() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = kept(folder.path()).start().await.unwrap();
    top_up(&emulator, 7);
    emulator.fault("* tls hang nth=77").unwrap();
    emulator.advance(Duration::from_secs(3600));
    let (rules, clock, kept) = copied(folder.path(), |again| {
        again.engine(|engine| {
            (engine.faults.armed().len(), engine.clock, engine.core.world.promotion.wallet())
        })
    })
    .await;
    assert_eq!((rules, clock), (1, emulator.engine(|engine| engine.clock)));
    assert!(matches!(clock, Clock::Wall { ahead_millis } if ahead_millis >= 3_600_000));
    assert_eq!(kept, wallet(&emulator));
}

#[tokio::test]
async fn a_snapshot_takes_the_place_of_a_log_that_has_grown() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = kept(folder.path()).snapshot_after(2000).start().await.unwrap();
    for millis in 1..400 {
        emulator.advance(Duration::from_millis(millis));
    }
    let size = |name: &str| fs::metadata(folder.path().join(name)).map_or(0, |found| found.len());
    let logs = || {
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        names.filter(|name| name.ends_with(".log")).collect::<Vec<_>>()
    };
    let small = async {
        while logs().iter().map(|name| size(name)).sum::<u64>() > size("state.json").max(2000) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, small).await.expect("the log has grown past the snapshot");
    assert!(!logs().contains(&"state-1.log".to_owned()), "{:?}", logs());
    let ahead = |emulator: &Emulator| emulator.engine(|engine| engine.clock);
    assert_eq!(copied(folder.path(), ahead).await, ahead(&emulator));
}

#[tokio::test]
async fn the_last_change_is_written_when_it_is_dropped_or_drained() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = kept(folder.path()).start().await.unwrap();
    let base = wallet(&emulator);
    top_up(&emulator, 1);
    top_up(&emulator, 2);
    drop(emulator);
    let emulator = kept(folder.path()).start().await.unwrap();
    assert_eq!(wallet(&emulator), base + 3);
    top_up(&emulator, 4);
    emulator.drain(PATIENCE).await;
    assert_eq!(wallet(&kept(folder.path()).start().await.unwrap()), base + 7);
}

#[tokio::test]
async fn certificates_secrets_and_what_was_put_off_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let first = kept(folder.path()).start().await.unwrap();
    let (ca, client) = (first.credentials().ca_pem.clone(), first.credentials().client.key_pem.clone());
    let (secret, environment) = (first.brandpay_secret_key(), first.environment());
    drop(first);
    let second = kept(folder.path()).start().await.unwrap();
    assert_eq!((&second.credentials().ca_pem, &second.credentials().client.key_pem), (&ca, &client));
    assert_eq!(second.brandpay_secret_key(), secret);
    let secrets = |variables: Vec<(&'static str, String)>| -> Vec<_> {
        variables.into_iter().filter(|(name, _)| !name.contains("URL")).collect()
    };
    assert_eq!(secrets(second.environment()), secrets(environment));
    assert_eq!(second.state_folder().as_deref(), Some(folder.path()));
    assert!(!second.files().are_temporary());
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_keys_or_state() {
    let folder = tempfile::tempdir().unwrap();
    let open: PathBuf = folder.path().join("state.json.new");
    fs::write(&open, "left behind").unwrap();
    open_to_all(&open);
    let emulator = kept(folder.path()).start().await.unwrap();
    emulator.advance(Duration::from_secs(1));
    let secret =
        ["ca.key", "client.key", "expired-client.key", "foreign-client.key", "state.json", "state-1.log"];
    for name in secret {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    drop(emulator);
    for name in ["ca.key", "client.key"] {
        let key = folder.path().join(name);
        open_to_all(&key);
        let refused = kept(folder.path()).start().await.unwrap_err().to_string();
        assert!(refused.contains(&format!("run chmod 600 '{}'", key.display())), "{refused}");
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    kept(folder.path()).start().await.unwrap();
    let temporary = Emulator::start().await.unwrap();
    assert_eq!(mode(&temporary.files().key), 0o600);
    let gone = temporary.files().folder.clone();
    assert!(temporary.files().are_temporary() && gone.exists());
    drop(temporary);
    assert!(!gone.exists());
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(kept(folder.path()).start().await.unwrap());
    let file = folder.path().join("state.json");
    let whole = fs::read_to_string(&file).unwrap();
    for (text, says) in [
        (whole[..whole.len() / 2].to_owned(), "EOF while parsing"),
        ("null".to_owned(), "invalid type: null"),
        (whole.replacen("\"world\"", "\"wordl\"", 1), "unknown field `wordl`"),
    ] {
        fs::write(&file, &text).unwrap();
        let told = kept(folder.path()).start().await.unwrap_err().to_string();
        assert!(told.starts_with(&file.display().to_string()) && told.contains(says), "{told}");
        assert!(told.ends_with("; mend it, or move it away to start anew"), "{told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[tokio::test]
async fn what_is_asked_for_at_the_start_comes_on_top_of_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let seeded = || kept(folder.path()).seed(7).fault("* tls hang nth=77".parse().unwrap());
    let first = seeded().start().await.unwrap();
    first.fault("* accept hang nth=78").unwrap();
    first.engine(|engine| engine.core.switches.smallest_grant = 5);
    first.advance(Duration::from_secs(100));
    let (now, armed) = (first.now(), first.engine(|engine| engine.faults.armed().len()));
    assert_eq!(armed, 2);
    drop(first);
    let second = seeded().start().await.unwrap();
    assert_eq!(second.now(), now, "it goes on");
    let rules = second.engine(|engine| {
        engine.faults.armed().iter().map(|armed| armed.rule.to_string()).collect::<Vec<_>>()
    });
    assert_eq!(rules, ["* accept hang nth=78", "* tls hang nth=77"], "none twice");
    assert_eq!(second.engine(|engine| engine.core.switches.smallest_grant), 5);
    drop(second);
    let manual = kept(folder.path()).clock(Clock::manual()).start().await.unwrap();
    assert_eq!(manual.now(), now, "a clock of this kind goes on");
    drop(manual);
    let third =
        kept(folder.path()).clock(Clock::default()).switches(Default::default()).start().await.unwrap();
    assert!(matches!(third.engine(|engine| engine.clock), Clock::Wall { .. }));
    assert_eq!(third.engine(|engine| engine.core.switches.clone()), Default::default());
}

#[tokio::test]
async fn a_folder_is_one_emulators_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = kept(folder.path()).start().await.unwrap();
    let error = kept(folder.path()).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
    let text = error.to_string();
    assert!(text.starts_with(&folder.path().display().to_string()), "{text}");
    assert!(
        text.ends_with("another emulator keeps its state there; stop it, or choose another folder"),
        "{text}"
    );
    first.drain(PATIENCE).await;
    drop(kept(folder.path()).start().await.unwrap());
    kept(folder.path()).start().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_another_has_taken_is_not_written() {
    for whole in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("state");
        let first = kept(&folder).start().await.unwrap();
        top_up(&first, 1);
        until_written(&folder, wallet(&first)).await;
        if whole {
            fs::remove_dir_all(&folder).unwrap();
        } else {
            fs::remove_file(folder.join("lock")).unwrap();
        }
        let second = kept(&folder).start().await.unwrap();
        top_up(&second, 20);
        let mine = wallet(&second);
        until_written(&folder, mine).await;
        top_up(&first, 300);
        first.advance(Duration::from_secs(1));
        drop(first);
        assert_eq!(copied(&folder, wallet).await, mine);
        // The second one still writes.
        top_up(&second, 4000);
        let mine = format!("\"wallet\":{},", wallet(&second));
        drop(second);
        assert!(fs::read_to_string(folder.join("state.json")).unwrap().contains(&mine));
    }
}

#[tokio::test]
async fn a_lock_that_is_no_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("lock");
    fs::create_dir(&lock).unwrap();
    let told = kept(folder.path()).start().await.unwrap_err().to_string();
    assert_eq!(told, format!("{}: no file; remove it, or choose another folder", lock.display()));
}

#[tokio::test]
async fn debug_shows_no_secret_and_nobody() {
    let emulator = Emulator::builder().seed(7).start().await.unwrap();
    let shown = emulator.world(|core, now, rng| {
        core.world.user(443_731_104, rng).email = Some("canary@example.kr".to_owned());
        core.world.login.authorize(443_731_104, "DEFAULT", now, rng);
        format!("{core:?} {core:#?}")
    }) + &format!("{emulator:?}");
    for (name, secret) in emulator.environment() {
        if ["BRANDPAY_SECRET_KEY", "AIT_DECRYPTION_KEY", "AIT_DECRYPTION_AAD"].contains(&name) {
            assert!(!shown.contains(&secret), "{name}");
        }
    }
    let codes: Vec<String> = emulator.world(|core, _, _| core.world.login.codes.keys().cloned().collect());
    assert!(!codes.is_empty() && codes.iter().all(|code| !shown.contains(code)));
    assert!(!shown.contains("canary") && !shown.contains("443731104"), "{shown}");
    assert!(shown.contains("users: 1"), "{shown}");
}
