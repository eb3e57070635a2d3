//! Certificates and keys as they are found in files and environment variables.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use ait_core::{Client, Error, Identity, Kind, Outcome, Trust};
use ait_emulator::{Authority, Issued, KeyKind, Leaf, Response, Server};
use base64::{Engine as _, engine::general_purpose::STANDARD};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn authority() -> Authority {
    Authority::new("Toss appsintosp Root CA").unwrap()
}

fn issued(kind: KeyKind) -> Issued {
    authority().issue(&Leaf::client("coffee-shop").key(kind)).unwrap()
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn wrapped(text: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\r\n")
}

type Mangle = fn(&str) -> Vec<u8>;

/// What consoles, shells, dotenv files, CI secrets and editors make of a PEM text.
const MANGLED: [(&str, Mangle); 32] = [
    ("as it is", |pem| pem.into()),
    ("without the last line break", |pem| pem.trim_end().into()),
    ("literal \\n", |pem| pem.replace('\n', "\\n").into()),
    ("literal \\r\\n", |pem| pem.replace('\n', "\\r\\n").into()),
    ("\\n escaped twice", |pem| pem.replace('\n', "\\\\n").into()),
    ("\\r\\n escaped three times", |pem| pem.replace('\n', "\\\\\\r\\\\\\n").into()),
    ("JSON in JSON", |pem| format!("\\\"{}\\\"", pem.replace('\n', "\\\\n")).into()),
    ("plus signs escaped", |pem| pem.replace('+', "\\u002B").replace('\n', "\\n").into()),
    ("slashes escaped", |pem| pem.replace('/', "\\/").into()),
    ("labels of another kind", |pem| pem.replace(" EC PRIVATE", " RSA PRIVATE").into()),
    ("labels with a kind", |pem| {
        pem.replace("N PRIVATE", "N EC PRIVATE").replace("D PRIVATE", "D EC PRIVATE").into()
    }),
    ("older labels", |pem| pem.replace("N CERT", "N X509 CERT").replace("D CERT", "D X509 CERT").into()),
    ("literal \\n in quotes", |pem| format!("\"{}\"", pem.replace('\n', "\\n")).into()),
    ("base64", |pem| base64(pem).into()),
    ("base64 without padding", |pem| base64(pem).trim_end_matches('=').into()),
    ("base64 in lines", |pem| wrapped(&base64(pem)).into()),
    ("base64 with literal \\n", |pem| wrapped(&base64(pem)).replace("\r\n", "\\n").into()),
    ("base64 in quotes", |pem| format!("'{}'", base64(pem)).into()),
    ("base64 twice", |pem| base64(&base64(pem)).into()),
    ("base64 twice in lines", |pem| wrapped(&base64(&wrapped(&base64(pem)))).into()),
    ("base64 of literal \\n", |pem| base64(&pem.replace('\n', "\\n")).into()),
    ("CRLF", |pem| pem.replace('\n', "\r\n").into()),
    ("CR", |pem| pem.replace('\n', "\r").into()),
    ("byte order mark", |pem| format!("\u{feff}{pem}").into()),
    ("byte order mark and CRLF", |pem| format!("\u{feff}{}", pem.replace('\n', "\r\n")).into()),
    ("indented", |pem| pem.lines().map(|line| format!("    {line}\n")).collect::<String>().into()),
    ("trailing blanks", |pem| pem.lines().map(|line| format!("{line} \t\n")).collect::<String>().into()),
    ("blank lines", |pem| format!("\n\n{}\n\n", pem.replace('\n', "\n\n")).into()),
    ("one line with blanks", |pem| pem.replace('\n', " ").into()),
    ("words before and after", |pem| format!("Bag Attributes\n    friendlyName: x\n{pem}\nthe end\n").into()),
    ("UTF-16, little end first", |pem| utf16(pem, u16::to_le_bytes)),
    ("UTF-16, big end first", |pem| utf16(pem, u16::to_be_bytes)),
];

fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(encode).collect()
}

fn fingerprint(issued: &Issued) -> String {
    Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap().fingerprint().to_owned()
}

#[test]
fn every_key_in_every_form_and_every_mangling_is_understood() {
    for kind in [KeyKind::EcP256, KeyKind::EcP384, KeyKind::Rsa2048] {
        let issued = issued(kind);
        let expected = fingerprint(&issued);
        for key in [&issued.key_pem, &issued.key_pkcs1_or_sec1_pem] {
            for (name, mangle) in MANGLED {
                let (certificate, mangled) = (mangle(&issued.certificate_pem), mangle(key));
                for (certificate, key) in [
                    (certificate.as_slice(), mangled.as_slice()),
                    (issued.certificate_pem.as_bytes(), &mangled),
                    (&certificate, key.as_bytes()),
                ] {
                    let identity = Identity::from_pem(certificate, key)
                        .unwrap_or_else(|error| panic!("{kind:?}, {}, {name}: {error}", key.len()));
                    assert_eq!(identity.fingerprint(), expected, "{kind:?}, {name}");
                }
            }
        }
    }
}

#[test]
fn both_in_one_file_chains_and_swapped_files_are_understood() {
    let authority = authority();
    let issued = authority.issue(&Leaf::client("coffee-shop")).unwrap();
    let expected = fingerprint(&issued);
    let (leaf, ca, key) = (issued.certificate_pem.as_str(), authority.pem(), issued.key_pem.as_str());
    let both = format!("{leaf}{key}");
    let other = format!("{key}{leaf}");
    for (name, certificate, private) in [
        ("both passed twice", both.clone(), both.clone()),
        ("both passed twice, key first", other.clone(), other.clone()),
        ("both and the key", both.clone(), key.to_owned()),
        ("the certificate and both", leaf.to_owned(), both),
        ("leaf and authority", format!("{leaf}{ca}"), key.to_owned()),
        ("authority and leaf", format!("{ca}{leaf}"), key.to_owned()),
        ("authority, leaf and key", format!("{ca}{leaf}{key}"), format!("{ca}{leaf}{key}")),
        ("swapped", key.to_owned(), leaf.to_owned()),
        ("swapped with a chain", key.to_owned(), format!("{ca}{leaf}")),
    ] {
        for (form, mangle) in MANGLED {
            let identity = Identity::from_pem(mangle(&certificate), mangle(&private));
            let identity = identity.unwrap_or_else(|error| panic!("{name}, {form}: {error}"));
            assert_eq!(
                (identity.fingerprint(), identity.subject()),
                (expected.as_str(), "coffee-shop"),
                "{name}"
            );
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn an_identity_tells_what_the_server_sees() {
    let authority = authority();
    let (from, until) = (SystemTime::now() - 3 * DAY, SystemTime::now() + 7 * DAY);
    let leaf = Leaf::client("coffee-shop").organization("Viva Republica").valid(from, until);
    let issued = authority.issue(&leaf).unwrap();
    let identity = Identity::from_pem(&issued.certificate_pem, &issued.key_pem).unwrap();
    assert_eq!(identity.subject(), "coffee-shop");
    assert_eq!(seconds(identity.not_before()), seconds(from));
    assert_eq!(seconds(identity.not_after()), seconds(until));
    assert!(identity.serial().len() >= 2 && identity.serial().bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(identity.serial(), identity.serial().to_lowercase());

    let shown = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&shown);
    let server = Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost"])).unwrap())
        .require_client(&authority)
        .raw(move |mut connection| {
            *seen.lock().unwrap() =
                connection.peer_fingerprint().zip(connection.peer_common_name().map(str::to_owned));
            async move {
                let _ = connection.read_request().await;
                let _ = connection.respond(&Response::json(200, r#"{"resultType":"FAIL"}"#)).await;
                connection.close().await;
            }
        })
        .await
        .unwrap();
    let client = Client::builder().identity(identity.clone()).base_url(server.url()).no_proxy();
    let client = client.trust(Trust::pem(authority.pem()).unwrap()).build().unwrap();
    let _ = client.call(demo::Ping).await;
    let (fingerprint, name) = shown.lock().unwrap().take().expect("the server saw a certificate");
    assert_eq!((identity.fingerprint(), identity.subject()), (fingerprint.as_str(), name.as_str()));
    assert_eq!(client.identity().unwrap().fingerprint(), fingerprint);
}

mod demo {
    use std::time::Duration;

    use ait_core::{Endpoint, Envelope, Host, Safety, http::Method};

    pub(super) struct Ping;

    impl Endpoint for Ping {
        const NAME: &'static str = "demo.ping";
        const METHOD: Method = Method::GET;
        const HOST: Host = Host::APPS_IN_TOSS;
        const PATH: &'static str = "/ping";
        const SAFETY: Safety<Self> = Safety::Once { settled_by: "demo.ask" };
        const REFUSALS: &'static [&'static str] = &[];
        const DEADLINE: Duration = Duration::from_secs(10);
        type Dialect = Envelope;
        type Response = ();

        fn body(&self) -> Option<impl serde::Serialize> {
            None::<()>
        }
    }
}

/// A file of this test's own.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn files_are_read_in_every_mangling() {
    let issued = issued(KeyKind::EcP256);
    for (number, (name, mangle)) in MANGLED.into_iter().enumerate() {
        let certificate = file(&format!("{number}_public.crt"), mangle(&issued.certificate_pem));
        let key = file(&format!("{number}_private.key"), mangle(&issued.key_pem));
        let identity = Identity::from_pem_files(&certificate, &key);
        let identity = identity.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(identity.fingerprint(), fingerprint(&issued), "{name}");
        fs::remove_file(certificate).unwrap();
        fs::remove_file(key).unwrap();
    }
}

// The environment belongs to a process, so these tests start one: themselves, with another environment.

/// Says that a test is in the process that it started.
const CHILD: &str = "AIT_TEST_SHOP";

/// Whether this is the process that a test has started. If so, it says what the variables give.
fn is_child() -> bool {
    let child = env::var_os(CHILD).is_some();
    if child {
        match Identity::from_env("SHOP_CERTIFICATE", "SHOP_KEY") {
            Ok(identity) => println!("<read {}>", identity.fingerprint()),
            Err(error) => println!("<error {error}>"),
        }
    }
    child
}

/// What the test of this name says in a process with these variables.
fn in_environment(test: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", &format!("identity_pem::{test}"), "--nocapture"]).env(CHILD, "yes");
    child.env_remove("SHOP_CERTIFICATE").env_remove("SHOP_KEY").envs(variables.iter().copied());
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let (_, rest) = output.split_once('<').unwrap_or_else(|| panic!("{output}"));
    rest.split_once('>').unwrap().0.to_owned()
}

#[test]
fn environment_variables_are_read_in_every_mangling() {
    if is_child() {
        return;
    }
    let issued = issued(KeyKind::EcP256);
    for (name, mangle) in MANGLED {
        let (Ok(certificate), Ok(key)) =
            (String::from_utf8(mangle(&issued.certificate_pem)), String::from_utf8(mangle(&issued.key_pem)))
        else {
            continue;
        };
        let said = in_environment(
            "environment_variables_are_read_in_every_mangling",
            &[("SHOP_CERTIFICATE", &certificate), ("SHOP_KEY", &key)],
        );
        assert_eq!(said, format!("read {}", fingerprint(&issued)), "{name}");
    }
}

#[test]
fn a_variable_that_is_missing_or_wrong_is_named() {
    if is_child() {
        return;
    }
    let issued = issued(KeyKind::EcP256);
    let (certificate, key) = (issued.certificate_pem.as_str(), issued.key_pem.as_str());
    for (variables, words) in [
        (vec![], vec!["SHOP_CERTIFICATE", "is not set"]),
        (vec![("SHOP_CERTIFICATE", certificate)], vec!["SHOP_KEY", "is not set"]),
        (vec![("SHOP_KEY", key)], vec!["SHOP_CERTIFICATE", "is not set"]),
        (vec![("SHOP_CERTIFICATE", certificate), ("SHOP_KEY", "")], vec!["SHOP_KEY", "empty"]),
        (vec![("SHOP_CERTIFICATE", "x y z"), ("SHOP_KEY", key)], vec!["SHOP_CERTIFICATE", "expected PEM"]),
        (
            vec![("SHOP_CERTIFICATE", certificate), ("SHOP_KEY", certificate)],
            vec!["SHOP_KEY", "found CERTIFICATE"],
        ),
    ] {
        let said = in_environment("a_variable_that_is_missing_or_wrong_is_named", &variables);
        assert!(
            said.starts_with("error ") && words.iter().all(|word| said.contains(word)),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    let issued = issued(KeyKind::EcP256);
    let certificate = file("there.crt", &issued.certificate_pem);
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("nobody-wrote-this.key");
    let error: Error = Identity::from_pem_files(&certificate, &missing).unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    let message = error.to_string();
    assert!(message.contains("private key file") && message.contains("nobody-wrote-this.key"), "{message}");
    assert!(message.contains("check the path"), "{message}");
    let message = Identity::from_pem_files(&missing, &certificate).unwrap_err().to_string();
    assert!(message.contains("certificate file") && message.contains("nobody-wrote-this.key"), "{message}");
    fs::remove_file(certificate).unwrap();
}
