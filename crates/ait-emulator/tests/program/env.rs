//! `env`.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
    thread,
};

use ait_emulator::Proof;
use serde_json::{Value, json};

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

const FORMATS: [&str; 5] = ["sh", "fish", "powershell", "dotenv", "json"];

/// Somebody else on the control port, who answers this once, and with this secret proves what he says. What `env` says then.
fn squatted(
    listener: &TcpListener,
    folder: &Path,
    secret: Option<&str>,
    answer: &Value,
    format: &str,
) -> Output {
    let port = listener.local_addr().unwrap().port().to_string();
    let proof = secret.map(|secret| Proof::new(secret.as_bytes()));
    thread::scope(|scope| {
        scope.spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            let asked = text(&asked);
            let challenge =
                asked.split("x-emulator-challenge: ").nth(1).unwrap().split("\r\n").next().unwrap();
            let body = answer.to_string();
            let proof = proof.map_or("00".repeat(32), |proof| proof.of(challenge, &body));
            let said = format!("HTTP/1.1 200 OK\r\nX-Emulator-Proof: {proof}\r\n\r\n{body}");
            let _ = stream.write_all(said.as_bytes());
        });
        let mut command = program();
        command.env_remove("XDG_RUNTIME_DIR").env("TMPDIR", folder);
        output(command.args(["env", "--control-port", &port, "--format", format]))
    })
}

/// Leaves a secret as `serve` does.
fn leave(folder: &Path, port: u16, secret: &str) -> std::path::PathBuf {
    let own = folder.join(format!("ait-emulator-{}", nix::unistd::geteuid()));
    fs::create_dir(&own).unwrap();
    fs::set_permissions(&own, fs::Permissions::from_mode(0o700)).unwrap();
    let file = own.join(format!("control-{port}"));
    fs::write(&file, secret).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    file
}

fn hostile() -> Value {
    json!({
        "AIT_BASE_URL": "x'; touch pwned; '$(touch pwned)`touch pwned`\u{2019}; touch pwned #\\",
        "PATH": "/tmp/evil", "LD_PRELOAD": "/tmp/evil.so", "A; touch pwned;": "x", "AIT_BASE_URL='x'; touch pwned #": "x",
    })
}

#[test]
fn whoever_has_taken_the_port_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let secret = "0123456789abcdef".repeat(4);
    let said_no = |told: &Output, what: &str| {
        assert_eq!((told.status.code(), told.stdout.len()), (Some(1), 0), "{what}");
        assert!(
            text(&told.stderr).contains("does not prove that it is an emulator"),
            "{what}: {}",
            text(&told.stderr)
        );
    };
    for format in FORMATS {
        said_no(&squatted(&listener, folder.path(), None, &hostile(), format), format);
        said_no(&squatted(&listener, folder.path(), Some(&secret), &hostile(), format), "there is no secret");
    }
    // An emulator that was killed has left its secret behind.
    let file = leave(folder.path(), port, &secret);
    said_no(&squatted(&listener, folder.path(), None, &hostile(), "sh"), "no proof");
    said_no(&squatted(&listener, folder.path(), Some(&"f".repeat(64)), &hostile(), "sh"), "another secret");
    // A secret that others may read proves nothing, nor does one in a folder of others.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    said_no(&squatted(&listener, folder.path(), Some(&secret), &hostile(), "sh"), "a file for all");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
    said_no(&squatted(&listener, folder.path(), Some(&secret), &hostile(), "sh"), "a folder for all");
}

#[test]
fn only_known_names_are_printed_and_no_value_leaves_its_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let secret = "0123456789abcdef".repeat(4);
    leave(folder.path(), listener.local_addr().unwrap().port(), &secret);
    let (answer, value) = (hostile(), hostile()["AIT_BASE_URL"].as_str().unwrap().to_owned());
    for format in FORMATS {
        let told = squatted(&listener, folder.path(), Some(&secret), &answer, format);
        assert_eq!(told.status.code(), Some(0), "{format}: {}", text(&told.stderr));
        let said = text(&told.stdout);
        assert_eq!(said.lines().count(), 1, "{format}: {said}");
        assert!(!said.contains("evil"), "{format}: {said}");
        match format {
            "sh" => assert_eq!(in_shell("sh", &said)["AIT_BASE_URL"], value),
            "dotenv" => assert_eq!(said, format!("AIT_BASE_URL={value}\n")),
            "json" => assert_eq!(said, json!({ "AIT_BASE_URL": value }).to_string() + "\n"),
            // Nothing but doubled and escaped quotation marks inside of one pair.
            "fish" => {
                let inner = said.strip_prefix("set -gx AIT_BASE_URL '").unwrap().strip_suffix("'\n").unwrap();
                assert_eq!(
                    inner.replace(r"\\", "").replace(r"\'", "").matches(['\'', '\\']).count(),
                    0,
                    "{said}"
                );
            }
            _ => {
                let inner = said.strip_prefix("$env:AIT_BASE_URL = '").unwrap().strip_suffix("'\n").unwrap();
                let rest = inner.replace("''", "").replace("\u{2019}\u{2019}", "");
                assert_eq!(rest.matches(['\'', '\u{2019}']).count(), 0, "{said}");
            }
        }
        let broken = json!({"AIT_CA_FILE": "/x\nLD_PRELOAD=/tmp/evil.so"});
        let told = squatted(&listener, folder.path(), Some(&secret), &broken, format);
        let printed = if format == "json" { 0 } else { 1 };
        assert_eq!(told.status.code(), Some(printed), "{format}");
        assert!(format == "json" || told.stdout.is_empty(), "{format}");
        assert!(
            format == "json" || text(&told.stderr).contains("AIT_CA_FILE has the control character"),
            "{format}"
        );
    }
    assert!(!Path::new("pwned").exists());
}

#[test]
fn the_secret_is_for_this_user_alone_and_goes_with_the_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let mut serving = Serving::start_in(folder.path(), &[]);
    let port = serving.port("controlUrl");
    let own = folder.path().join(format!("ait-emulator-{}", nix::unistd::geteuid()));
    let file = own.join(format!("control-{port}"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&own), mode(&file)), (0o700, 0o600));
    assert_eq!(serving.end(nix::sys::signal::Signal::SIGTERM), (Some(0), String::new()));
    assert!(!file.exists());
}
