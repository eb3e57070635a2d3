//! What a certificate says, read by `openssl x509` and by us.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use ait_core::Identity;
use snafu::{OptionExt, Whatever};

use super::super::pki::Form;
use super::super::report::Report;
use super::Scene;
use super::issue::ODD_SERIALS;

/// The facts that both tell. Dates are seconds since 1970.
#[derive(Debug, PartialEq)]
struct Facts {
    subject: String,
    serial: String,
    fingerprint: String,
    not_before: i64,
    not_after: i64,
}

/// The clients' certificates of both makers, and those with odd serial numbers.
pub(super) fn check(scene: &Scene, report: &mut Report) -> Result<(), Whatever> {
    for (pki, note) in [(&scene.theirs, ""), (&scene.ours, " (emulator's)")] {
        for form in Form::ONE_EACH {
            let name = format!("x509 reads {} as we do{note}", form.algorithm());
            report.case(&name, case(scene, &pki.certificate(form), &pki.key(form))?);
        }
    }
    let key = scene.theirs.key(Form::EcPkcs8);
    for (serial, _) in ODD_SERIALS {
        let certificate = scene.theirs.folder().join(format!("serial-{serial}.crt"));
        report.case(&format!("x509 reads a {serial} serial as we do"), case(scene, &certificate, &key)?);
    }
    Ok(())
}

fn case(scene: &Scene, certificate: &Path, key: &Path) -> Result<Result<(), String>, Whatever> {
    let file = certificate.display().to_string();
    let printed = scene.tool.run(
        scene.theirs.folder(),
        &[
            &["x509", "-in", &file, "-noout", "-subject", "-serial", "-fingerprint", "-sha256", "-dates"][..],
            &["-dateopt", "iso_8601", "-nameopt", "sep_multiline,sname,utf8"],
        ]
        .concat(),
    )?;
    let expected = theirs(&printed)
        .with_whatever_context(|| format!("`openssl x509` says what cannot be understood:\n{printed}"))?;
    let got = Identity::from_pem_files(certificate, key).map(|identity| ours(&identity));
    Ok(match got {
        Ok(got) if got == expected => Ok(()),
        Ok(got) => Err(format!("expected {expected:?}, got {got:?}")),
        Err(error) => Err(format!("expected {expected:?}, got {error}")),
    })
}

fn ours(identity: &Identity) -> Facts {
    Facts {
        subject: identity.subject().to_owned(),
        serial: identity.serial().to_owned(),
        fingerprint: identity.fingerprint().to_owned(),
        not_before: seconds(identity.not_before()),
        not_after: seconds(identity.not_after()),
    }
}

fn seconds(moment: SystemTime) -> i64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn theirs(printed: &str) -> Option<Facts> {
    let after = |start: &str| {
        let mut lines = printed.lines().map(str::trim);
        lines.find_map(|line| {
            line.to_ascii_lowercase().starts_with(start).then(|| line[start.len()..].to_owned())
        })
    };
    Some(Facts {
        subject: after("cn=")?,
        serial: after("serial=")?.to_ascii_lowercase(),
        fingerprint: after("sha256 fingerprint=")?.replace(':', "").to_ascii_lowercase(),
        not_before: instant(&after("notbefore=")?)?,
        not_after: instant(&after("notafter=")?)?,
    })
}

/// From `2026-11-21 18:59:41Z`.
fn instant(text: &str) -> Option<i64> {
    let numbers = text.strip_suffix('Z')?.split(['-', ' ', ':']).map(str::parse);
    let numbers: Vec<i64> = numbers.collect::<Result<_, _>>().ok()?;
    let &[year, month, day, hour, minute, second] = numbers.as_slice() else { return None };
    // Years that start in March, so that the odd day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(instant("1970-01-01 00:00:00Z"), Some(0));
        assert_eq!(instant("2000-02-29 12:00:00Z"), Some(951_825_600));
        assert_eq!(instant("2026-11-21 18:59:41Z"), Some(1_795_287_581));
        assert_eq!(instant("Nov 21 18:59:41 2026 GMT"), None);
    }
}
