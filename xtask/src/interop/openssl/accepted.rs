//! Calls that go through.

use std::fs;

use ait_core::Identity;

use super::super::echo::Verb;
use super::super::pki::{Form, Pki};
use super::super::report::Report;
use super::exchange::{Exchange, describe, exchange, identity, trust};
use super::issue::VERSION_1;
use super::server::Setup;
use super::{Scene, Tls, VERSIONS};

/// Every version of TLS, every form of a key, written and read, with the certificates of both makers.
pub(super) async fn check(scene: &Scene, report: &mut Report) {
    for tls in VERSIONS {
        let name = format!("{} a certificate of version 1", tls.name);
        let result = version_1(scene, tls, &name).await;
        report.case(&name, result);
    }
    for (pki, note) in [(&scene.theirs, ""), (&scene.ours, ", emulator's certificates")] {
        for tls in VERSIONS {
            for form in Form::ALL {
                for verb in Verb::ALL {
                    let name = format!("{} {} good ({verb}{note})", tls.name, form.name());
                    let result = case(scene, pki, tls, form, verb, &name).await;
                    report.case(&name, result);
                }
            }
        }
    }
}

/// Other programs present a certificate of version 1, and servers take it.
async fn version_1(scene: &Scene, tls: Tls, text: &str) -> Result<(), String> {
    let pki = &scene.theirs;
    let (certificate, key) = (pki.folder().join(VERSION_1), pki.key(Form::EcPkcs8));
    let identity = Identity::from_pem_files(certificate, key).map_err(|error| describe(&error))?;
    let admits = pki.authority();
    let setup = Setup { shows: pki, admits: &admits, options: &[tls.option] };
    let exchange = exchange(scene, &setup, (trust(pki)?, Some(identity)), Verb::ALL[0], text).await?;
    check_client(&exchange, text)
}

async fn case(scene: &Scene, pki: &Pki, tls: Tls, form: Form, verb: Verb, text: &str) -> Result<(), String> {
    let admits = pki.authority();
    let setup = Setup { shows: pki, admits: &admits, options: &[tls.option] };
    let caller = (trust(pki)?, Some(identity(pki, form)?));
    let exchange = exchange(scene, &setup, caller, verb, text).await?;
    check_client(&exchange, text)?;
    check_server(&exchange, pki, form, verb, text)
}

fn check_client(exchange: &Exchange, text: &str) -> Result<(), String> {
    match &exchange.result {
        Ok(echo) if echo == text => Ok(()),
        Ok(echo) => Err(format!("expected the answer `{text}`, got `{echo}`")),
        Err(error) => Err(format!("expected the answer `{text}`, got {}", describe(error))),
    }
}

// The far side saw this request, from this certificate.
fn check_server(exchange: &Exchange, pki: &Pki, form: Form, verb: Verb, text: &str) -> Result<(), String> {
    let request = exchange.request.as_deref().unwrap_or_default();
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or_default();
    let (line, expected_line) = (head.lines().next().unwrap_or_default(), verb.request_line());
    if line != expected_line {
        return Err(format!("expected `{expected_line}` at the server, got `{line}`"));
    }
    let expected_body = verb.request_body(text);
    if body != expected_body {
        return Err(format!("expected the body `{expected_body}` at the server, got `{body}`"));
    }
    let certificate = fs::read_to_string(pki.certificate(form)).map_err(|error| error.to_string())?;
    if !exchange.printed.contains(certificate.trim()) {
        return Err(format!("expected our certificate at the server, got:\n{}", exchange.printed));
    }
    Ok(())
}
