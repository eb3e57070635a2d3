//! `exec --matrix`.

use nix::sys::signal::Signal;

use super::run::{output, program, signal, text, watch};

/// Tells two switches, and fails where used keys pay again.
const ASK: &str = r#"
exec 3<>/dev/tcp/127.0.0.1/${AIT_EMULATOR_CONTROL_URL##*:}
printf 'GET /_ctl/v1/switches HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n' >&3
answer=$(tr ',' '\n' <&3 | grep -E '"(dedupe|expired_key|failure_status)":' | tr -d '"{\n')
echo "$answer"
case "$answer" in *dedupe:never*) exit 9;; esac
"#;

#[test]
fn the_command_runs_once_for_each_combination() {
    let told = output(program().args([
        "exec",
        "--matrix",
        "dedupe",
        "--matrix",
        "expired_key=refuse,accept",
        "--switch",
        "failure_status=listed",
        "--",
        "bash",
        "-c",
        ASK,
    ]));
    let (stdout, stderr) = (text(&told.stdout), text(&told.stderr));
    let mut runs: Vec<&str> = stdout.lines().collect();
    assert_eq!(runs.len(), 6, "{stdout}{stderr}");
    assert!(runs.iter().all(|run| run.contains("failure_status:listed")), "{stdout}");
    runs.sort_unstable();
    runs.dedup();
    assert_eq!(runs.len(), 6, "{stdout}");
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(
        lines,
        [
            "ait-emulator: dedupe=key expired_key=refuse: ok",
            "ait-emulator: dedupe=key expired_key=accept: ok",
            "ait-emulator: dedupe=promotion_and_key expired_key=refuse: ok",
            "ait-emulator: dedupe=promotion_and_key expired_key=accept: ok",
            "ait-emulator: dedupe=never expired_key=refuse: exit code 9",
            "ait-emulator: dedupe=never expired_key=accept: exit code 9",
            "ait-emulator: 4 of 6 combinations are well",
        ]
    );
    assert_eq!(told.status.code(), Some(9));
}

#[test]
fn all_well_is_exit_code_0_and_the_first_failure_counts() {
    let told = output(program().args(["exec", "--matrix", "failed_may_flip", "true"]));
    assert_eq!((told.status.code(), told.stdout.len()), (Some(0), 0));
    assert!(text(&told.stderr).ends_with("ait-emulator: 2 of 2 combinations are well\n"));
    // Each run is a new emulator: what the first has left behind is gone.
    let folder = tempfile::tempdir().unwrap();
    let count = format!("echo >> {0}; exit $(($(wc -l < {0}) + 2))", folder.path().join("runs").display());
    let told =
        output(program().args(["exec", "--matrix", "grant_lag_seconds=0,1,2", "--", "sh", "-c", &count]));
    assert_eq!(told.status.code(), Some(3), "{}", text(&told.stderr));
}

#[test]
fn what_cannot_be_started_is_tried_once() {
    let told = output(program().args(["exec", "--matrix", "dedupe", "--", "no-such-command-anywhere"]));
    assert_eq!(told.status.code(), Some(127));
    assert_eq!(text(&told.stderr).matches("no-such-command-anywhere").count(), 1);
}

#[test]
fn a_word_that_is_wrong_runs_nothing() {
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().display().to_string();
    for (arguments, says) in [
        (vec!["--matrix", "dedup"], "there is no switch `dedup`"),
        (vec!["--matrix", "dedupe=x"], "use key, promotion_and_key, never"),
        (vec!["--matrix", "dedupe", "--matrix", "dedupe"], "`dedupe` is named twice"),
        (vec!["--matrix", "dedupe", "--state", &folder], "--matrix begins each run anew: leave out --state"),
        (vec!["--matrix", "dedupe", "--switch", "dedupe=key"], "`dedupe` is in --matrix already"),
        (vec!["--matrix", "grant_lag_seconds=0,soon"], "--switch"),
    ] {
        let told = output(program().arg("exec").args(&arguments).args(["--", "echo", "ran"]));
        let stderr = text(&told.stderr);
        assert_eq!(told.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(says), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_signal_ends_all_runs() {
    use std::io::{BufRead, BufReader};

    let mut child = program()
        .args([
            "exec",
            "--matrix",
            "dedupe",
            "--",
            "sh",
            "-c",
            "trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done",
        ])
        .spawn()
        .unwrap();
    let _watched = watch(child.id());
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    signal(child.id(), Signal::SIGTERM);
    let told = child.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(5));
    assert!(
        text(&told.stderr).ends_with("ait-emulator: 0 of 3 combinations are well\n"),
        "{}",
        text(&told.stderr)
    );
}

#[test]
fn runs_that_were_left_out_are_not_well() {
    use std::io::{BufRead, BufReader};

    let script = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done";
    let mut child = program().args(["exec", "--matrix", "dedupe", "--", "sh", "-c", script]).spawn().unwrap();
    let _watched = watch(child.id());
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    signal(child.id(), Signal::SIGTERM);
    let told = child.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(143));
    assert!(text(&told.stderr).ends_with("ait-emulator: 1 of 3 combinations are well\n"));
}

#[test]
fn a_command_that_fails_with_127_is_run_again() {
    let told = output(program().args(["exec", "--matrix", "dedupe", "--", "sh", "-c", "echo ran; exit 127"]));
    assert_eq!((told.status.code(), text(&told.stdout).lines().count()), (Some(127), 3));
}
