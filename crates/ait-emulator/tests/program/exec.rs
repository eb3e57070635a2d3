//! `exec`.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use nix::sys::signal::Signal;

use super::run::{output, program, signal, text, watch};

#[test]
fn it_passes_on_what_the_command_says_and_its_exit_code() {
    let told = output(program().args(["exec", "--", "sh", "-c", "echo out; echo err >&2; exit 7"]));
    assert_eq!(
        (told.status.code(), text(&told.stdout), text(&told.stderr)),
        (Some(7), "out\n".into(), "err\n".into())
    );
    let told = output(program().args(["exec", "true"]));
    assert_eq!((told.status.code(), told.stdout.len(), told.stderr.len()), (Some(0), 0, 0));
    let told = output(program().args(["exec", "--seed", "7", "--", "sh", "-c", "kill -9 $$"]));
    assert_eq!(told.status.code(), Some(137));
    let told = output(program().args(["exec", "--", "no-such-command-anywhere"]));
    assert_eq!(told.status.code(), Some(127));
    assert!(
        text(&told.stderr).starts_with("ait-emulator: no-such-command-anywhere: "),
        "{}",
        text(&told.stderr)
    );
    assert_eq!(output(program().args(["exec"])).status.code(), Some(2));
}

#[test]
fn the_command_finds_the_emulator_in_its_environment() {
    let script = r#"test -r "$AIT_CA_FILE" && test -r "$AIT_CERT_FILE" && test -r "$AIT_KEY_FILE" && test -n "$BRANDPAY_SECRET_KEY" && echo "$AIT_EMULATOR_SEED $AIT_BASE_URL $AIT_PAY_BASE_URL $AIT_CA_FILE""#;
    let told = output(program().args(["exec", "--seed", "7", "--", "sh", "-c", script]));
    assert_eq!(told.status.code(), Some(0));
    let said = text(&told.stdout);
    assert!(said.starts_with("7 https://localhost:"), "{said}");
    assert!(!fs::exists(said.trim().rsplit(' ').next().unwrap()).unwrap(), "the files go with the run");
}

#[test]
fn the_command_reads_what_is_piped_in() {
    let mut child = program().args(["exec", "--", "cat"]).stdin(Stdio::piped()).spawn().unwrap();
    let _watched = watch(child.id());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("a\nb\n".as_bytes()).unwrap();
    drop(stdin);
    let told = child.wait_with_output().unwrap();
    assert_eq!((told.status.code(), text(&told.stdout)), (Some(0), "a\nb\n".to_owned()));
}

/// Breaks an invariant: a promotion is gone whose grants are in the ledger.
const BREAK: &str = r#"
exec 3<>/dev/tcp/127.0.0.1/${AIT_EMULATOR_CONTROL_URL##*:}
body='{"world":{"promotion":{"taken":5}}}'
printf 'PATCH /_ctl/v1/state HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s' ${#body} "$body" >&3
read -r line <&3
case "$line" in *200*) exit ${CODE:-0};; *) exit 99;; esac
"#;

#[test]
fn a_broken_invariant_is_told_and_is_exit_code_8() {
    for (options, code, exit) in [
        (vec![], "0", 8),
        (vec!["--assert", "sums-equal"], "0", 8),
        (vec!["--assert", "no-double-pay", "--assert", "sums-equal"], "0", 8),
        (vec!["--assert", "no-double-pay"], "0", 0),
        (vec!["--assert", "none"], "0", 0),
        // The command's own failure says more.
        (vec![], "3", 3),
    ] {
        let told =
            output(program().arg("exec").args(&options).args(["--", "bash", "-c", BREAK]).env("CODE", code));
        let stderr = text(&told.stderr);
        assert_eq!(told.status.code(), Some(exit), "{options:?}: {stderr}");
        let told = stderr.contains("ait-emulator: sums-equal: taken from the biz wallet");
        assert_eq!(
            told,
            !["no-double-pay", "none"].contains(options.last().unwrap_or(&"")),
            "{options:?}: {stderr}"
        );
    }
    let told = output(program().args(["exec", "--assert", "no-doubel-pay", "true"]));
    assert_eq!(told.status.code(), Some(2));
    let stderr = text(&told.stderr);
    assert!(stderr.contains("there is no invariant `no-doubel-pay`; use none, no-double-pay, "), "{stderr}");
}

#[test]
fn a_lost_sale_is_told_to_whoever_asserts_that_there_is_none() {
    // A payment of which nobody was told.
    let patch = r#"{"world": {"ledger": [{"number": 0, "at": 0, "answer_lost": true, "kind": "payment", "user": "7",
        "pay_token": "t", "order_no": "o-7", "amount": 10, "test": true}]}}"#;
    let script = r#"exec 3<>/dev/tcp/127.0.0.1/${AIT_EMULATOR_CONTROL_URL##*:}
printf 'PATCH /_ctl/v1/state HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: %s\r\n\r\n%s' \
    ${#PATCH} "$PATCH" >&3; cat <&3 >/dev/null"#;
    for (options, lost) in [
        (vec!["--assert", "no-lost-sale"], true),
        (vec!["--assert", "no-double-pay", "--assert", "no-lost-sale"], true),
        (vec!["--assert", "no-double-pay"], false),
        (vec![], false),
    ] {
        let mut command = program();
        let told =
            output(command.arg("exec").args(&options).args(["--", "bash", "-c", script]).env("PATCH", patch));
        let stderr = text(&told.stderr);
        let says = "ait-emulator: no-lost-sale: order o-7 was paid in entry 0, the answer was lost, and nobody has asked since";
        assert_eq!(stderr.contains(says), lost, "{options:?}: {stderr}");
        if !options.is_empty() {
            assert_eq!(told.status.code(), Some(if lost { 8 } else { 0 }), "{options:?}: {stderr}");
        }
    }
}

#[test]
fn the_command_is_called_back() {
    // `nc` and others differ from machine to machine: the outbox tells that nobody listens.
    let script = r#"
ask() { exec 3<>/dev/tcp/127.0.0.1/${AIT_EMULATOR_CONTROL_URL##*:}
printf '%s /_ctl/v1%s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n' "$1" "$2" >&3; cat <&3; }
ask POST /users/5/unlink >/dev/null; ask GET /outbox | tail -n 1"#;
    let callback = ["--callback", "unlink=http://u:canary@127.0.0.1:1/"];
    let told = output(program().arg("exec").args(callback).args(["--", "bash", "-c", script]));
    let said = text(&told.stdout);
    assert!(told.status.success() && said.contains(r#""kind":"unlink""#), "{said}");
    let elsewhere = ["exec", "--callback", "unlink=http://u:canary@10.0.0.1/", "true"];
    let told = output(program().args(elsewhere));
    let stderr = text(&told.stderr);
    assert_eq!(told.status.code(), Some(2));
    assert!(
        stderr.contains("--callback: callbacks go to this machine only") && !stderr.contains("canary"),
        "{stderr}"
    );
}

#[test]
fn a_signal_is_passed_on() {
    let script = "trap 'echo told; exit 5' TERM; echo ready; n=0; while [ $n -lt 3000 ]; do sleep 0.01; n=$((n+1)); done";
    let mut child = program().args(["exec", "--", "sh", "-c", script]).spawn().unwrap();
    let _watched = watch(child.id());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    signal(child.id(), Signal::SIGTERM);
    assert_eq!(lines.next().unwrap().unwrap(), "told");
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn what_is_wrong_on_the_command_line_is_exit_code_2() {
    for arguments in [
        ["--switch", "nope=1"],
        ["--switch", "dedupe=nope"],
        ["--fault", "nope"],
        ["--callback", "nope=http://127.0.0.1:1/"],
        ["--callback", "brandpay=https://example.com/"],
        ["--assert", "nope"],
        ["--matrix", "nope"],
    ] {
        let told = output(program().arg("exec").args(arguments).args(["--", "echo", "ran"]));
        assert_eq!((told.status.code(), told.stdout.len()), (Some(2), 0), "{arguments:?}");
        assert!(!told.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_fault_that_never_struck_is_told() {
    let fault = "promotion.execute_promotion before_commit reset nth=30";
    let told = output(program().args(["exec", "--fault", fault, "true"]));
    let stderr = text(&told.stderr);
    assert_eq!(told.status.code(), Some(0), "{stderr}");
    assert_eq!(stderr, format!("ait-emulator: a fault never struck: {fault}\n"));
    // One that struck is not.
    let connect = "exec 3<>/dev/tcp/localhost/$(echo ${AIT_BASE_URL##*:}); cat <&3; true";
    let told = output(program().args(["exec", "--fault", "* accept close", "--", "bash", "-c", connect]));
    assert_eq!((told.status.code(), text(&told.stderr)), (Some(0), String::new()));
}

#[test]
fn the_files_are_found_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"cd / && test -r "$AIT_CA_FILE" && test -r "$AIT_CERT_FILE" && test -r "$AIT_KEY_FILE" && test -r "$NODE_EXTRA_CA_CERTS""#;
    let told = output(
        program().current_dir(folder.path()).args(["exec", "--state", "st", "--", "sh", "-c", script]),
    );
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(folder.path().join("st/client.key").exists());
}
