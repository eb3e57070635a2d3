//! `cargo xtask fidelity`: what every answer of the emulator rests on, and every switch, in docs/fidelity.md.
//!
//! Both tables come from the sources of the emulator, so that a new guess cannot be made without being listed.

mod cited;
mod decides;
mod sources;
mod switches;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use ait_emulator::api::{Switches, routes};
use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

use self::{
    cited::Pages,
    sources::{Basis, Kind},
};

/// What encloses the generated parts.
const ANSWERS: [&str; 2] =
    ["<!-- answers: made by `cargo xtask fidelity` -->\n", "<!-- end of answers -->\n"];
const SWITCHES: [&str; 2] =
    ["<!-- switches: made by `cargo xtask fidelity` -->\n", "<!-- end of switches -->\n"];

/// Which calls a source file answers: endpoints, or in words.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("context", &["Every call of Apps in Toss"]),
    ("near_miss", &["Every call"]),
    ("flat", &["Every call of BrandPay"]),
    ("login/tokens", &["login.generate_token", "login.refresh_token"]),
    ("login/code", &["login.generate_token"]),
    ("login/profile", &["login.login_me"]),
    ("login/owner", &["login.login_me", "login.remove_by_access_token", "login.remove_by_user_key"]),
    ("login/unlink", &["login.remove_by_access_token", "login.remove_by_user_key"]),
    ("login/anonymous", &["login.verify_anonymous_key"]),
    ("promotion/get_key", &["promotion.get_key"]),
    ("promotion/execute", &["promotion.execute_promotion"]),
    ("promotion/result", &["promotion.execution_result"]),
    ("promotion/refusal", &["promotion.execute_promotion", "promotion.execution_result"]),
    ("pay/make", &["tosspay.make_payment"]),
    ("pay/execute", &["tosspay.execute_payment"]),
    ("pay/refund", &["tosspay.refund_payment"]),
    ("pay/status", &["tosspay.payment_status"]),
    ("pay/find", &["tosspay.execute_payment", "tosspay.refund_payment", "tosspay.payment_status"]),
    ("iap", &["iap.order_status"]),
    ("messenger/single", &["messenger.send_message", "messenger.send_test_message"]),
    ("messenger/bulk", &["messenger.send_bulk_messages"]),
    ("messenger/report", &MESSAGES),
    ("messenger/variables", &MESSAGES),
    ("brandpay/gate", &["Every call of BrandPay"]),
    ("brandpay/idempotency", &["Every call of BrandPay"]),
    ("brandpay/terms", &["brandpay.terms", "brandpay.agree_terms"]),
    ("brandpay/token", &["brandpay.issue_access_token"]),
    (
        "brandpay/methods",
        &[
            "brandpay.methods_by_token",
            "brandpay.methods_by_customer",
            "brandpay.remove_card",
            "brandpay.remove_account",
        ],
    ),
    ("brandpay/confirm", &["brandpay.confirm"]),
    ("brandpay/automatic", &["brandpay.automatic_payment"]),
    ("brandpay/charge", &["brandpay.confirm", "brandpay.automatic_payment"]),
    ("brandpay/cancel", &["brandpay.cancel"]),
    ("brandpay/lookup", &["brandpay.payment_by_key", "brandpay.payment_by_order"]),
    ("brandpay/told", &["brandpay.payment_by_key", "brandpay.payment_by_order", "brandpay.cancel"]),
    ("brandpay/customer", &["brandpay.remove_customer"]),
    (
        "brandpay/promotion",
        &[
            "brandpay.card_promotions",
            "brandpay.bank_promotions",
            "brandpay.all_promotions",
            "brandpay.all_card_promotions",
        ],
    ),
];

const MESSAGES: [&str; 3] =
    ["messenger.send_message", "messenger.send_test_message", "messenger.send_bulk_messages"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => whatever!("usage: cargo xtask fidelity [--check]"),
    };
    let path = root().join("docs/fidelity.md");
    let old = fs::read_to_string(&path).whatever_context("docs/fidelity.md cannot be read")?;
    let new = render(&old)?;
    if new == old {
        println!("docs/fidelity.md: up to date");
    } else if check {
        whatever!("docs/fidelity.md is out of date; run cargo xtask fidelity");
    } else {
        fs::write(&path, new).whatever_context("docs/fidelity.md cannot be written")?;
        println!("docs/fidelity.md: written");
    }
    Ok(())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The page with its generated parts made anew.
fn render(page: &str) -> Result<String, Whatever> {
    let api = root().join("crates/ait-emulator/src/api");
    let answers = answers(&sources::read(&api)?, &Pages::read(&root())?)?;
    let page = replaced(page, ANSWERS, &answers)
        .with_whatever_context(|| format!("docs/fidelity.md lacks the lines {}{}", ANSWERS[0], ANSWERS[1]))?;
    let switches = switches::table(&api, &Switches::default())?;
    replaced(&page, SWITCHES, &switches)
        .with_whatever_context(|| format!("docs/fidelity.md lacks the lines {}{}", SWITCHES[0], SWITCHES[1]))
}

/// The text with what stands between the two marks replaced.
fn replaced(text: &str, [begin, end]: [&str; 2], with: &str) -> Option<String> {
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}{with}{end}{after}"))
}

/// A table for all calls together, and one for each endpoint.
fn answers(bases: &BTreeMap<String, Vec<Basis>>, pages: &Pages) -> Result<String, Whatever> {
    let mut subjects: BTreeMap<&str, Vec<&Basis>> = BTreeMap::new();
    for (file, found) in bases {
        let Some((_, calls)) = SUBJECTS.iter().find(|(known, _)| known == file) else {
            whatever!("api/{file}.rs says what an answer rests on; say in SUBJECTS which calls it answers");
        };
        for call in *calls {
            subjects.entry(call).or_default().extend(found);
        }
    }
    if let Some((file, _)) = SUBJECTS.iter().find(|(file, _)| !bases.contains_key(*file)) {
        whatever!("SUBJECTS names api/{file}.rs, which says of no answer what it rests on");
    }
    let general = subjects.keys().copied().filter(|subject| subject.starts_with("Every"));
    let order: Vec<&str> = general.chain(routes().map(|route| route.name)).collect();
    if let Some(unknown) = subjects.keys().find(|subject| !order.contains(subject)) {
        whatever!("SUBJECTS names `{unknown}`, which is no endpoint");
    }
    let mut text = String::new();
    for subject in order {
        let Some(found) = subjects.get(subject) else {
            whatever!("no source file says what the answers of `{subject}` rest on");
        };
        let heading = if subject.contains('.') { format!("`{subject}`") } else { subject.to_owned() };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n#### {heading}\n\n| basis | what |\n|---|---|\n");
        for row in rows(found, pages)? {
            let _ = writeln!(text, "{row}");
        }
    }
    text.push('\n');
    Ok(text)
}

/// The rows of one table: what is documented first, what is assumed last. Each citation leads to a heading.
fn rows(found: &[&Basis], pages: &Pages) -> Result<Vec<String>, Whatever> {
    let mut found = found.to_vec();
    found.sort_unstable();
    found.dedup();
    let row = |basis: &Basis| {
        let what = match basis.kind {
            Kind::Assumed => assumption(&basis.text),
            Kind::Documented | Kind::Sample => pages.link(&basis.text)?,
        };
        Ok(format!("| {} | {what} |", basis.kind.word()))
    };
    found.into_iter().map(row).collect()
}

/// An assumption that a switch can change leads to the switch.
fn assumption(text: &str) -> String {
    let name: String = text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    let is_switch = decides::DECIDES.iter().any(|(switch, _)| *switch == name);
    let rest = text.get(name.len()..).unwrap_or_default();
    match is_switch && !rest.starts_with(' ') {
        true => format!("switch [`{name}`](#switches){rest}"),
        false => text.replace('|', "\\|"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWERS, SWITCHES, assumption, render};

    #[test]
    fn every_answer_and_every_switch_is_told() {
        let page = [ANSWERS, SWITCHES].concat().concat();
        let page = render(&page).expect("the sources can be read");
        assert!(page.contains("\n#### `tosspay.execute_payment`\n"), "{page}");
        assert!(
            page.contains(
                "| assumed | a payment that was cancelled is refused like one that nobody authenticated |"
            ),
            "{page}"
        );
        assert!(page.contains("| assumed | switch [`dedupe`](#switches) |"), "{page}");
        assert!(
            page.contains("| `dedupe` | When a promotion key counts as used. | **`key`**: A key was used"),
            "{page}"
        );
    }

    #[test]
    fn an_assumption_leads_to_its_switch() {
        assert_eq!(assumption("refresh"), "switch [`refresh`](#switches)");
        assert_eq!(assumption("repeat_execute: why"), "switch [`repeat_execute`](#switches): why");
        assert_eq!(assumption("refresh tokens end"), "refresh tokens end");
    }
}
