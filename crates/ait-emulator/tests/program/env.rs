//! `env`.

use std::{collections::BTreeMap, net::TcpListener, process::Command};

use super::run::{Serving, output, program, text};

/// Every variable, as `env` of the shell tells it between NULs.
fn in_shell(shell: &str, said: &str) -> BTreeMap<String, String> {
    let told = output(
        Command::new(shell)
            .arg("-c")
            .arg(r#"eval "$SAID"; env -0"#)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("SAID", said)
            .stdout(std::process::Stdio::piped()),
    );
    assert!(told.status.success());
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    text(&told.stdout).split('\0').filter_map(pair).collect()
}

#[test]
fn a_shell_reads_it_however_odd_the_paths_are() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("it's an $odd `folder` \"한글\" \\ #1");
    let serving = Serving::start(&["--state", folder.to_str().unwrap()]);
    let port = serving.port("controlUrl").to_string();
    let ask = |format: &str| {
        let told = output(program().args(["env", "--control-port", &port, "--format", format]));
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        text(&told.stdout)
    };
    let expected: BTreeMap<String, String> = serde_json::from_str(&ask("json")).unwrap();
    assert_eq!(expected["AIT_CA_FILE"], folder.join("ca.crt").to_str().unwrap());
    assert_eq!(expected["AIT_BASE_URL"], serving.say("url"));
    assert_eq!(expected["BRANDPAY_BASE_URL"], serving.say("brandpayUrl"));
    assert_eq!(expected.len(), 11, "{expected:?}");
    let mut seen = in_shell("sh", &ask("sh"));
    seen.retain(|name, _| expected.contains_key(name));
    assert_eq!(seen, expected);
    let dotenv: BTreeMap<String, String> = ask("dotenv")
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(dotenv, expected);
    for (format, begins) in [("fish", "set -gx "), ("powershell", "$env:"), ("sh", "export ")] {
        let said = ask(format);
        assert_eq!(said.lines().count(), expected.len());
        assert!(said.lines().all(|line| line.starts_with(begins)), "{said}");
    }
}

#[test]
fn nobody_there_and_somebody_else_are_told() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let told = output(program().args(["env", "--control-port", &free]));
    assert_eq!((told.status.code(), told.stdout.len()), (Some(1), 0));
    let stderr = text(&told.stderr);
    assert!(stderr.contains(&format!("no emulator answers on port {free} (")), "{stderr}");
    assert!(stderr.contains("start one: ait-emulator serve"), "{stderr}");

    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = stranger.local_addr().unwrap().port().to_string();
    let answering = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = stranger.accept().unwrap();
        let _ = stream.read(&mut [0; 1000]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
    });
    let told = output(program().args(["env", "--control-port", &port]));
    answering.join().unwrap();
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("something else answers there"), "{}", text(&told.stderr));
}
