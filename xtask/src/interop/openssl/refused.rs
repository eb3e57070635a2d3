//! Calls that fail before the request is sent, and say so.

use std::time::{Duration, UNIX_EPOCH};

use ait_core::{Identity, Kind, Trust};

use super::super::echo::Verb;
use super::super::pki::{Form, Pki};
use super::super::report::Report;
use super::exchange::{Expected, exchange, identity, trust};
use super::server::{Server, Setup};
use super::{Scene, VERSIONS};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// OpenSSL lets the old version in only when asked twice.
const TLS_1_1: &[&str] = &["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"];

const MISSING: Expected = Expected { kind: Kind::Identity, says: "demands a certificate" };
const FOREIGN: Expected = Expected { kind: Kind::Identity, says: "does not know the issuer" };
const EXPIRED: Expected = Expected { kind: Kind::Identity, says: "has expired" };
const MISMATCHED: Expected = Expected { kind: Kind::Config, says: "does not belong to" };
const UNTRUSTED: Expected = Expected { kind: Kind::Connect, says: "is not trusted" };
const TOO_OLD: Expected = Expected { kind: Kind::Connect, says: "ProtocolVersion" };

/// Every way to be turned away, and two ways to turn a server away.
pub(super) async fn check(scene: &Scene, report: &mut Report) {
    for form in Form::ALL {
        let name = format!("{} mismatched key", form.name());
        report.case(&name, mismatched(scene, form));
    }
    for tls in VERSIONS {
        for verb in Verb::ALL {
            let play = Play { scene, tls: &[tls.option], verb };
            let name = |case: &str| format!("{} {case} ({verb})", tls.name);
            report.case(&name("missing certificate"), play.missing().await);
            for form in Form::ONE_EACH {
                report.case(&name(&format!("{} foreign CA", form.name())), play.foreign(form).await);
                report.case(&name(&format!("{} expired", form.name())), play.expired(form).await);
            }
            report.case(&name("untrusted server"), play.untrusted().await);
        }
    }
    for verb in Verb::ALL {
        let name = format!("tls1.1 only server ({verb})");
        let play = Play { scene, tls: TLS_1_1, verb };
        match play.can_start().await {
            Ok(()) => report.case(&name, play.too_old().await),
            Err(why) => report.skip(&name, &why),
        }
    }
}

// There is no client to send anything: the identity is refused when it is read.
fn mismatched(scene: &Scene, form: Form) -> Result<(), String> {
    match Identity::from_pem_files(scene.theirs.certificate(form), scene.ours.key(form)) {
        Ok(_) => Err("expected that the pair is refused, got an identity".to_owned()),
        Err(error) => {
            MISMATCHED.check_error(&error).map_err(|got| format!("expected `{}`, got {got}", MISMATCHED.says))
        }
    }
}

struct Play<'a> {
    scene: &'a Scene,
    tls: &'a [&'a str],
    verb: Verb,
}

impl Play<'_> {
    async fn missing(&self) -> Result<(), String> {
        let theirs = &self.scene.theirs;
        self.expect(&MISSING, theirs, &[], (trust(theirs)?, None)).await
    }

    // The server admits the clients of another authority.
    async fn foreign(&self, form: Form) -> Result<(), String> {
        let Scene { theirs, ours, .. } = self.scene;
        self.expect(&FOREIGN, ours, &[], (trust(theirs)?, Some(identity(theirs, form)?))).await
    }

    // The server lives on the day after the certificate ended. The authority is still good by then.
    async fn expired(&self, form: Form) -> Result<(), String> {
        let theirs = &self.scene.theirs;
        let identity = identity(theirs, form)?;
        let later = (identity.not_after() + DAY).duration_since(UNIX_EPOCH);
        let later = later.map_err(|error| error.to_string())?.as_secs().to_string();
        self.expect(&EXPIRED, theirs, &["-attime", &later], (trust(theirs)?, Some(identity))).await
    }

    // We trust another authority.
    async fn untrusted(&self) -> Result<(), String> {
        let Scene { theirs, ours, .. } = self.scene;
        let identity = identity(theirs, Form::RsaPkcs8)?;
        self.expect(&UNTRUSTED, theirs, &[], (trust(ours)?, Some(identity))).await
    }

    async fn too_old(&self) -> Result<(), String> {
        let theirs = &self.scene.theirs;
        let identity = identity(theirs, Form::RsaPkcs8)?;
        self.expect(&TOO_OLD, theirs, &[], (trust(theirs)?, Some(identity))).await
    }

    async fn can_start(&self) -> Result<(), String> {
        let theirs = &self.scene.theirs;
        let setup = Setup { shows: theirs, admits: &theirs.authority(), options: self.tls };
        Server::start(&self.scene.tool, &setup).await?.stop().await;
        Ok(())
    }

    async fn expect(
        &self,
        expected: &Expected,
        admits: &Pki,
        options: &[&str],
        caller: (Trust, Option<Identity>),
    ) -> Result<(), String> {
        let options = [self.tls, options].concat();
        let admits = admits.authority();
        let setup = Setup { shows: &self.scene.theirs, admits: &admits, options: &options };
        expected.check(&exchange(self.scene, &setup, caller, self.verb, "never answered").await?)
    }
}
