//! `serve`.

use std::{fs, io::Read, net::TcpListener, thread};

use nix::sys::signal::Signal;
use serde_json::json;

use super::run::{Serving, output, program, text, until};

#[test]
fn it_says_in_one_line_where_everything_is_and_ends_in_order() {
    let mut serving = Serving::start(&["--seed", "7"]);
    assert_eq!((&serving.ready["ready"], &serving.ready["seed"]), (&json!(true), &json!(7)));
    serving.make("order-1").unwrap();
    for name in ["ca", "certificate", "key"] {
        assert!(fs::metadata(serving.say(name)).unwrap().is_file());
    }
    let folder = std::path::PathBuf::from(serving.say("ca")).parent().unwrap().to_owned();
    assert_eq!(serving.end(Signal::SIGTERM), (Some(0), String::new()));
    assert!(!folder.exists(), "what was made for the run is removed");
    let mut serving = Serving::start(&[]);
    assert_eq!(serving.end(Signal::SIGINT), (Some(0), String::new()));
}

#[test]
fn a_call_in_progress_is_finished_first() {
    let mut serving = Serving::start(&["--fault", "make_payment before_commit delay=1000"]);
    let told = thread::scope(|scope| {
        let call = scope.spawn(|| serving.make("order-1"));
        // The rule is done with once the call was read.
        until("the call was read", || serving.control("GET", "/faults", "")[0]["done"] != 0);
        super::run::signal(serving.pid(), Signal::SIGTERM);
        call.join().unwrap()
    });
    told.unwrap();
    assert_eq!(serving.wait(), (Some(0), String::new()));
}

#[test]
fn a_second_signal_waits_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let mut serving =
        Serving::start(&["--state", state, "--fault", "make_payment after_commit delay=3600000"]);
    thread::scope(|scope| {
        scope.spawn(|| serving.make("order-1"));
        let payments = || serving.control("GET", "/state", "")["world"]["pay"]["payments"].clone();
        until("the payment was made", || payments() != json!({}));
        super::run::signal(serving.pid(), Signal::SIGTERM);
        // It drains once it takes no more connections.
        let control = serving.port("controlUrl");
        until("it drains", || std::net::TcpStream::connect(("127.0.0.1", control)).is_err());
        super::run::signal(serving.pid(), Signal::SIGTERM);
    });
    let told = "ait-emulator: told twice to stop: calls in progress were cut off\n";
    assert_eq!(serving.wait(), (Some(1), told.to_owned()));
    let kept = fs::read_to_string(folder.path().join("state.json")).unwrap();
    assert!(kept.contains("order-1"), "the state was written all the same");
}

#[test]
fn a_folder_that_cannot_be_written_stops_nothing_is_told_once_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let mut serving = Serving::start(&["--state", state]);
    // A folder in the place of the log.
    let log = folder.path().join("state-1.log");
    fs::create_dir(&log).unwrap();
    serving.make("order-1").unwrap();
    let told = serving.complaint();
    let says = format!("ait-emulator: the state cannot be kept: {}: ", log.display());
    assert!(told.starts_with(&says), "{told}");
    serving.make("order-2").unwrap();
    fs::remove_dir(&log).unwrap();
    until("the payments were written", || {
        fs::read_to_string(&log).is_ok_and(|text| text.contains("order-1") && text.contains("order-2"))
    });
    serving.make("order-3").unwrap();
    assert_eq!(serving.end(Signal::SIGKILL), (None, String::new()), "told once");
    let again = Serving::start(&["--state", state]);
    let payments = again.control("GET", "/state", "")["world"]["pay"]["payments"].to_string();
    assert!((1..4).all(|number| payments.contains(&format!("order-{number}"))), "{payments}");
}

#[test]
fn two_runs_with_one_seed_write_the_same_log() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: &str| {
        let log = folder.path().join(name);
        let log_text = log.to_str().unwrap();
        let rule = "* after_commit reset p=0.3 times=any";
        let mut serving = Serving::start(&["--seed", seed, "--log", log_text, "--fault", rule]);
        let told: Vec<_> = (0..8).map(|n| serving.make(&format!("order-{n}")).is_ok()).collect();
        serving.control("POST", "/clock/advance", r#"{"seconds": 3600}"#);
        serving.control("PUT", "/users/5", "{}");
        let state = serving.control("GET", "/state", "");
        assert_eq!(serving.end(Signal::SIGTERM).0, Some(0));
        (told, state, fs::read(log).unwrap())
    };
    let (first, second, other) = (run("a", "7"), run("b", "7"), run("c", "8"));
    assert!(first.2.len() > 8 * 100);
    assert_eq!(first, second);
    assert_ne!(first.1, other.1);
}

#[test]
fn a_port_in_use_is_told_with_the_next_step() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for which in ["--port", "--brandpay-port", "--control-port"] {
        let mut arguments = vec!["serve"];
        for name in ["--port", "--brandpay-port", "--control-port"] {
            arguments.extend([name, if name == which { &port } else { "0" }]);
        }
        let told = output(program().args(&arguments));
        assert_eq!(told.status.code(), Some(1));
        let stderr = text(&told.stderr);
        assert!(
            stderr.starts_with(&format!("ait-emulator: cannot listen on 127.0.0.1:{port}: ")),
            "{stderr}"
        );
        assert!(stderr.contains("is another one running? --port 0"), "{stderr}");
        // Without it, `env` would tell of the other one.
        assert!(stderr.contains("env --control-port PORT"), "{stderr}");
        assert_eq!((stderr.lines().count(), told.stdout.len()), (1, 0));
    }
}

#[test]
fn what_cannot_be_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("state.json"), "{").unwrap();
    let state = folder.path().to_str().unwrap();
    for (options, says, code) in [
        (vec!["--state", state], "state.json: EOF while parsing", 1),
        (vec!["--log", "/nowhere/log"], "/nowhere/log: No such file", 1),
        (
            vec!["--switch", "failure_status"],
            "--switch is NAME=VALUE, as failure_status=listed, not `failure_status`",
            2,
        ),
        (
            vec!["--switch", "failure_status=maybe"],
            "--switch failure_status: there is no value \"maybe\"; use ok, listed",
            2,
        ),
        (
            vec!["--switch", "nothing=1"],
            "--switch: there is no switch `nothing`; docs/fidelity.md lists them",
            2,
        ),
        (vec!["--fault", "get_key later reset"], "`later` is no moment; use one of accept,", 2),
        (vec!["--callback", "brandpay"], "--callback: a callback is KIND=URL", 2),
        (
            vec!["--callback", "brandpay=http://u:canary@shop.example/"],
            "--callback: callbacks go to this machine only",
            2,
        ),
        (vec!["--certificate", "old"], "[possible values: good, expired, foreign]", 2),
    ] {
        let free = ["serve", "--port", "0", "--brandpay-port", "0", "--control-port", "0"];
        let told = output(program().args(free).args(&options));
        let stderr = text(&told.stderr);
        assert_eq!(told.status.code(), Some(code), "{options:?}: {stderr}");
        assert!(stderr.contains(says), "{options:?}: {stderr}");
        assert!(!stderr.contains("another one running") && !stderr.contains("canary"), "{stderr}");
    }
}

#[test]
fn switches_faults_clients_and_certificates() {
    let serving = Serving::start(&["--switch", "failure_status=listed", "--switch", "smallest_grant=5"]);
    let switches = serving.control("GET", "/switches", "");
    assert_eq!((&switches["failure_status"], &switches["smallest_grant"]), (&json!("listed"), &json!(5)));

    let serving =
        Serving::start(&["--fault", "make_payment before_commit fail=NO", "--fault", "* tls hang nth=9"]);
    let told = serving.make("order-1").unwrap_err();
    assert!(told.contains("NO"), "{told}");
    assert_eq!(serving.control("GET", "/faults", "").as_array().unwrap().len(), 2);

    let serving = Serving::start(&["--clock", "manual", "--app", "shop-b"]);
    assert_eq!(serving.control("GET", "/clock", "")["now"], "2025-12-31T15:00:00.000Z");

    for certificate in ["expired", "foreign"] {
        let serving = Serving::start(&["--certificate", certificate]);
        assert!(serving.make("order-1").is_err(), "{certificate}");
    }
    for (clients, answers) in [("page", "HTTP/1.1 400"), ("optional", "HTTP/1.1 404"), ("required", "")] {
        let serving = Serving::start(&["--clients", clients]);
        assert!(anonymous(&serving).starts_with(answers), "{clients}: {}", anonymous(&serving));
        assert_eq!(anonymous(&serving).is_empty(), answers.is_empty(), "{clients}");
    }
}

#[test]
fn the_shop_is_called_back() {
    let shop = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = shop.local_addr().unwrap().port();
    let addresses = [
        format!("unlink=GET http://shop:canary@localhost:{port}/unlink"),
        format!("brandpay=http://127.0.0.1:{port}/brandpay"),
    ];
    let mut serving =
        Serving::start(&["--seed", "7", "--callback", &addresses[0], "--callback", &addresses[1]]);
    let hear = |does: &dyn Fn()| {
        thread::scope(|scope| {
            let heard = scope.spawn(|| {
                let mut stream = accepted(&shop);
                stream.set_read_timeout(Some(super::run::WATCHDOG)).unwrap();
                let mut heard = [0; 4096];
                let length = stream.read(&mut heard).unwrap();
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                std::io::Write::write_all(&mut stream, answer).unwrap();
                text(&heard[..length])
            });
            does();
            heard.join().unwrap()
        })
    };
    let heard = hear(&|| drop(serving.control("POST", "/users/5/unlink", "")));
    assert!(heard.starts_with("GET /unlink?userKey=5&referrer=UNLINK HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("authorization: Basic c2hvcDpjYW5hcnk=\r\n"), "{heard}");
    let body = r#"{"does": "change_password"}"#;
    let heard = hear(&|| drop(serving.control("POST", "/brandpay/customers/c-1", body)));
    assert!(
        heard.starts_with("POST /brandpay HTTP/1.1\r\n") && heard.contains("CUSTOMER_STATUS_CHANGED"),
        "{heard}"
    );
    let told = serving.control("GET", "/callbacks", "");
    let unlink = json!({"url": format!("http://…@localhost:{port}/unlink"), "method": "GET"});
    assert_eq!(told["unlink"], unlink);
    drop(shop);
    let (code, said) = serving.end(Signal::SIGTERM);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

/// The next connection, which is not waited for for ever.
fn accepted(shop: &TcpListener) -> std::net::TcpStream {
    shop.set_nonblocking(true).unwrap();
    let start = std::time::Instant::now();
    let stream = loop {
        match shop.accept() {
            Ok((stream, _)) => break stream,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
        assert!(start.elapsed() < super::run::WATCHDOG, "nobody calls back");
    };
    stream.set_nonblocking(false).unwrap();
    stream
}

/// What a client without a certificate is told.
fn anonymous(serving: &Serving) -> String {
    use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(serving.say("ca")).unwrap()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let session = rustls::ClientConnection::new(config.into(), name).unwrap();
    let stream = std::net::TcpStream::connect(("127.0.0.1", serving.port("url"))).unwrap();
    stream.set_read_timeout(Some(super::run::WATCHDOG)).unwrap();
    let mut stream = rustls::StreamOwned::new(session, stream);
    let request = "GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let _ = std::io::Write::write_all(&mut stream, request.as_bytes());
    let mut told = Vec::new();
    let _ = stream.read_to_end(&mut told);
    text(&told)
}
