//! A state folder, however the program ends.

use std::{fs, path::Path, thread};

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::run::{Serving, output, program, signal, text, until};

fn serving(folder: &Path, options: &[&str]) -> Serving {
    Serving::start(&[&["--state", folder.to_str().unwrap()], options].concat())
}

fn orders(numbers: std::ops::Range<u64>) -> Vec<(u64, String)> {
    numbers.map(|number| (number, format!("order-{number}"))).collect()
}

fn pay(serving: &Serving, numbers: std::ops::Range<u64>) {
    for (_, order) in orders(numbers) {
        serving.pay(&order);
    }
}

/// The newest log, and its path.
fn log(folder: &Path) -> (std::path::PathBuf, Vec<u8>) {
    let logs = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let newest = logs.filter(|path| path.extension().is_some_and(|name| name == "log")).max().unwrap();
    let bytes = fs::read(&newest).unwrap();
    (newest, bytes)
}

#[test]
fn what_was_answered_survives() {
    for with in [Signal::SIGKILL, Signal::SIGHUP, Signal::SIGTERM] {
        let folder = tempfile::tempdir().unwrap();
        let mut first = serving(folder.path(), &[]);
        pay(&first, 0..20);
        let calls = first.control("GET", "/state", "")["calls"].clone();
        first.end(with);
        let mut again = serving(folder.path(), &[]);
        assert_eq!(again.paid(), orders(0..20), "{with}");
        assert_eq!(again.control("GET", "/state", "")["calls"], calls, "{with}");
        // And goes on from there.
        pay(&again, 20..22);
        again.end(with);
        assert_eq!(serving(folder.path(), &[]).paid(), orders(0..22), "{with}");
    }
}

#[test]
fn a_kill_while_snapshots_are_written_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut paid = 0;
    for round in 0..12 {
        let mut serving = serving(folder.path(), &["--snapshot-after", "1"]);
        assert_eq!(serving.paid(), orders(0..paid), "round {round}");
        let next = paid + 1 + round % 4;
        pay(&serving, paid..next);
        paid = next;
        serving.end(Signal::SIGKILL);
    }
    // Old logs do not stay.
    serving(folder.path(), &[]).end(Signal::SIGTERM);
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| name.to_str().unwrap().starts_with("state"));
    assert_eq!(names, ["state.json"]);
}

#[test]
fn calls_side_by_side_survive_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let delays = "* before_commit delay=5 p=0.3 times=any";
    let options = ["--snapshot-after", "5000", "--fault", delays];
    let mut first = serving(folder.path(), &options);
    thread::scope(|scope| {
        for at in 0..4 {
            let first = &first;
            scope.spawn(move || pay(first, at * 10..at * 10 + 10));
        }
    });
    let paid = first.paid();
    assert_eq!(paid.len(), 40);
    first.end(Signal::SIGKILL);
    assert_eq!(serving(folder.path(), &options).paid(), paid);
}

#[test]
fn everything_is_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let rules = [
        "* after_commit reset p=0.2 times=any",
        "* before_commit delay=20 p=0.3 times=any",
        "make_payment before_commit late_commit=60 nth=5",
        "* accept close p=0.1 times=any",
    ];
    let callback =
        ["--callback", "unlink=http://u:canary@127.0.0.1:1/", "--callback", "brandpay=http://127.0.0.1:1/"];
    let rules = rules.iter().flat_map(|rule| ["--fault", rule]);
    let options: Vec<&str> = ["--seed", "7"].into_iter().chain(callback).chain(rules).collect();
    let mut first = serving(folder.path(), &options);
    let state = |serving: &Serving| {
        let mut state = serving.control("GET", "/state", "");
        // What is tried again meanwhile is no part of it.
        for message in state["world"]["outbox"]["messages"].as_array_mut().unwrap() {
            for name in ["attempts", "due", "tries", "forgotten"] {
                message[name] = Value::Null;
            }
        }
        state
    };
    let set_up = |serving: &Serving| {
        for (method, path, body) in [
            ("PUT", "/users/5", r#"{"email": "a@b.kr"}"#),
            ("POST", "/users/5/authorize", r#"{"referrer": "DEFAULT"}"#),
            ("POST", "/users/5/unlink", ""),
            ("PUT", "/promotions/p-1", r#"{"budget": 1000}"#),
            ("POST", "/wallet/topup", r#"{"amount": 100000}"#),
            ("POST", "/wallet/topup", r#"{"amount": -1}"#),
            ("PATCH", "/switches", r#"{"failure_status": "listed"}"#),
            ("POST", "/clock/advance", r#"{"seconds": 30}"#),
            ("POST", "/brandpay/customers/c-1", r#"{"does": "register_card"}"#),
            (
                "POST",
                "/brandpay/payments",
                r#"{"orderId": "o-123456", "amount": 1000, "customerKey": "c-1"}"#,
            ),
            ("PUT", "/callbacks/subscription", r#"{"url": "http://u:canary@127.0.0.1:1/"}"#),
            ("POST", "/callbacks/subscription/verify", ""),
            ("DELETE", "/callbacks/unlink", ""),
            ("POST", "/users/5/unlink", ""),
            ("PATCH", "/state", r#"{"world": {"promotion": {"wallet": 77}}}"#),
            ("POST", "/faults", r#"{"rule": "* tls hang nth=99"}"#),
        ] {
            serving.control(method, path, body);
        }
    };
    set_up(&first);
    let told: Vec<bool> = (0..30).map(|number| first.make(&format!("order-{number}")).is_ok()).collect();
    assert!(told.contains(&true) && told.contains(&false));
    first.control("POST", "/clock/advance", r#"{"seconds": 60}"#);
    let before = state(&first);
    first.end(Signal::SIGKILL);
    let mut again = serving(folder.path(), &["--seed", "7"]);
    assert_eq!(state(&again), before);
    again.control("POST", "/state/reset", "");
    set_up(&again);
    let _ = (0..5).map(|number| again.make(&format!("order-{number}")).is_ok()).count();
    let before = state(&again);
    again.end(Signal::SIGKILL);
    // Its clock stands still no more, and is the machine's.
    let after = state(&serving(folder.path(), &[]));
    assert_eq!(after, before);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert!(!String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("canary"), "{path:?}");
    }
}

#[test]
fn a_torn_end_is_cut_off_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serving(folder.path(), &[]);
    pay(&first, 0..3);
    first.end(Signal::SIGKILL);
    let (path, whole) = log(folder.path());
    fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    let mut again = serving(folder.path(), &[]);
    let told = again.complaint();
    let says = format!("ait-emulator: {}: the last ", path.display());
    assert!(
        told.starts_with(&says) && told.contains("octets are of a record that was not finished"),
        "{told}"
    );
    assert_eq!(again.paid(), orders(0..2));
    again.pay("order-3");
    let paid = again.paid();
    assert_eq!(paid[2], (2, "order-3".to_owned()));
    again.end(Signal::SIGKILL);
    let mut third = serving(folder.path(), &[]);
    assert_eq!(third.paid(), paid);
    assert_eq!(third.end(Signal::SIGTERM), (Some(0), String::new()), "told once");
}

/// Why it does not start.
fn refused(folder: &Path) -> String {
    let free = ["serve", "--port", "0", "--brandpay-port", "0", "--control-port", "0"];
    let told = output(program().args(free).args(["--state", folder.to_str().unwrap()]));
    let stderr = text(&told.stderr);
    assert_eq!((told.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    stderr
}

#[test]
fn damage_is_told_with_its_place_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serving(folder.path(), &[]);
    pay(&first, 0..3);
    first.end(Signal::SIGKILL);
    let (path, whole) = log(folder.path());
    let second = whole.iter().position(|octet| *octet == b'\n').unwrap() + 1;
    let mut damaged = whole.clone();
    damaged[second + 40] ^= 1;
    fs::write(&path, &damaged).unwrap();
    let told = refused(folder.path());
    let says = format!("ait-emulator: {}: octet {second}: the record is damaged", path.display());
    assert!(told.starts_with(&says), "{told}");
    assert_eq!(fs::read(&path).unwrap(), damaged);
    // The next step leads on.
    assert!(told.contains(&format!("truncate -s {second} '{}'", path.display())), "{told}");
    fs::write(&path, &whole[..second]).unwrap();
    assert_eq!(serving(folder.path(), &[]).paid(), orders(0..0));
}

#[test]
fn files_that_do_not_belong_together_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serving(folder.path(), &[]);
    pay(&first, 0..1);
    assert!(first.make("order-0").is_err(), "it is there already");
    first.end(Signal::SIGKILL);
    let (path, whole) = log(folder.path());
    let state = folder.path().join("state.json");
    let snapshot = fs::read_to_string(&state).unwrap();
    fs::remove_file(&state).unwrap();
    assert!(refused(folder.path()).contains("state.json is missing, which comes before it; put that back"));
    // A snapshot that was changed by hand leads elsewhere.
    for (name, value) in [("seeds", json!([1, 2])), ("switches", json!({"failure_status": "listed"}))] {
        let mut changed: Value = serde_json::from_str(&snapshot).unwrap();
        changed[name] = value;
        fs::write(&state, changed.to_string()).unwrap();
        let told = refused(folder.path());
        assert!(
            told.contains(": octet ") && told.contains("gives something else than was answered"),
            "{told}"
        );
    }
    fs::write(&state, snapshot).unwrap();
    let next = folder.path().join("state-9.log");
    fs::write(&next, &whole).unwrap();
    assert!(refused(folder.path()).contains("is missing, which comes before it"));
    fs::remove_file(&next).unwrap();
    assert_eq!(serving(folder.path(), &[]).paid(), orders(0..1), "{}", path.display());
}

#[test]
fn a_folder_of_an_older_version_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serving(folder.path(), &[]);
    pay(&first, 0..1);
    first.end(Signal::SIGTERM);
    let state = folder.path().join("state.json");
    let mut old: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    assert!(old.as_object_mut().unwrap().remove("generation").is_some());
    fs::write(&state, serde_json::to_string_pretty(&old).unwrap()).unwrap();
    let mut again = serving(folder.path(), &[]);
    pay(&again, 1..2);
    again.end(Signal::SIGKILL);
    assert_eq!(serving(folder.path(), &[]).paid(), orders(0..2));
}

#[test]
fn a_full_disk_is_told_once_and_damages_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serving(folder.path(), &[]);
    first.end(Signal::SIGTERM);
    // Files become no longer than this: the system writes what fits, and then refuses.
    let script = r#"trap "" XFSZ; ulimit -f 16; exec "$0" "$@""#;
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_ait-emulator")]);
    let mut full = Serving::start_as(command, &["--state", folder.path().to_str().unwrap()]);
    pay(&full, 0..20);
    let told = full.complaint();
    assert!(told.starts_with("ait-emulator: the state cannot be kept: "), "{told}");
    assert_eq!(full.paid(), orders(0..20), "it goes on");
    let (code, said) = full.end(Signal::SIGKILL);
    assert_eq!((code, said.as_str()), (None, ""), "told once");
    let mut again = serving(folder.path(), &[]);
    let kept = again.paid();
    let count = u64::try_from(kept.len()).unwrap();
    assert!(count > 0 && count < 20, "{count}");
    assert_eq!(kept, orders(0..count));
    assert_eq!(again.end(Signal::SIGTERM), (Some(0), String::new()), "nothing was torn");
}

#[test]
fn what_is_no_regular_file_is_told() {
    for name in ["state.json", "state-1.log", "ca.crt", "client.key"] {
        let folder = tempfile::tempdir().unwrap();
        serving(folder.path(), &[]).end(Signal::SIGTERM);
        let path = folder.path().join(name);
        let _ = fs::remove_file(&path);
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        if name == "state-1.log" {
            // The log of that snapshot.
            let newest =
                serde_json::from_slice::<Value>(&fs::read(folder.path().join("state.json")).unwrap());
            assert_eq!(newest.unwrap()["generation"], 1);
        }
        let told = refused(folder.path());
        assert_eq!(
            told,
            format!(
                "ait-emulator: {}: no regular file; move it away, or choose another folder\n",
                path.display()
            )
        );
    }
}

/// Whether the process has this signal in this set.
#[cfg(target_os = "linux")]
fn has(process: u32, set: &str, signal: Signal) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix(set)).unwrap().trim();
    u64::from_str_radix(mask, 16).unwrap() >> (signal as i32 - 1) & 1 == 1
}

#[cfg(target_os = "linux")]
#[test]
fn a_start_can_be_ended() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for command in [vec!["serve"], vec!["exec"]] {
        for (with, code) in [(Signal::SIGTERM, 143), (Signal::SIGINT, 130), (Signal::SIGHUP, 129)] {
            // It waits for somebody who reads.
            let log = ["--log", pipe.to_str().unwrap()];
            let rest: &[&str] = if command[0] == "exec" { &["true"] } else { &[] };
            let mut child = program().args(&command).args(log).args(rest).spawn().unwrap();
            let _watched = super::run::watch(child.id());
            until("it listens to signals", || {
                [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP]
                    .into_iter()
                    .all(|signal| has(child.id(), "SigCgt:", signal))
            });
            signal(child.id(), with);
            assert_eq!(child.wait().unwrap().code(), Some(code), "{command:?} {with}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_ends_the_command_and_leaves_no_key() {
    use std::io::{BufRead, BufReader};
    let script = "echo $AIT_KEY_FILE; echo $$; exec sleep 3600";
    for ignored in [false, true] {
        let mut command = program();
        if ignored {
            command = std::process::Command::new("sh");
            command.args(["-c", r#"trap "" HUP; exec "$0" "$@""#, env!("CARGO_BIN_EXE_ait-emulator")]);
            command.stdout(std::process::Stdio::piped()).env("TMPDIR", env!("CARGO_TARGET_TMPDIR"));
        }
        let mut child = command.args(["exec", "--", "sh", "-c", script]).spawn().unwrap();
        let _watched = super::run::watch(child.id());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let key = lines.next().unwrap().unwrap();
        let command: u32 = lines.next().unwrap().unwrap().parse().unwrap();
        signal(child.id(), Signal::SIGHUP);
        if ignored {
            // As under `nohup`.
            assert!(has(child.id(), "SigIgn:", Signal::SIGHUP) && fs::exists(&key).unwrap());
            signal(child.id(), Signal::SIGTERM);
        } else {
            assert_eq!(child.wait().unwrap().code(), Some(143), "the command was told to end");
            assert!(!fs::exists(&key).unwrap(), "{key}");
        }
        child.wait().unwrap();
        let alive = nix::sys::signal::kill(nix::unistd::Pid::from_raw(i32::try_from(command).unwrap()), None);
        assert!(alive.is_err());
    }
}
