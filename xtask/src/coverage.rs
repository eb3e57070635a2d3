//! `cargo xtask coverage`: which item models each documented endpoint, header, field, code and value.
//!
//! The left side comes from the tables of docs/api, the right side from the sources, so that neither can grow without
//! the other.

mod cover;
mod model;
mod page;
mod source;

use std::{fmt::Write as _, fs, path::PathBuf};

use snafu::{ResultExt as _, Whatever, whatever};

use self::{cover::Cover, model::Model};

/// The pages of docs/api.
const PAGES: [&str; 9] = [
    "envelope",
    "login",
    "promotion",
    "tosspay",
    "iap",
    "messenger",
    "brandpay",
    "brandpay-payments",
    "brandpay-codes",
];

/// The crates that model them.
const CRATES: [&str; 7] =
    ["ait-core", "ait-login", "ait-promotion", "ait-tosspay", "ait-iap", "ait-messenger", "brandpay"];

/// The items of names that belong to no type: headers, members of the envelope.
const NAMES: &[(&str, &str)] = &[
    ("Accept-Language: en-US", "`ait_core::Call::header`"),
    ("TossPayments-Test-Code: <code>", "`ait_core::Call::header`"),
    ("x-tosspayments-trace-id", "`ait_core::Error::trace_id`"),
    ("x-toss-user-key", "`ait_core::User::Key`"),
    ("x-anon-key", "`ait_core::User::Anonymous`"),
    ("Authorization", "`ait_core::Authorization`"),
    ("Content-Type", "sent with every body, and with each GET of Apps in Toss"),
    ("Idempotency-Key", "`ait_core::IdempotencyKey`"),
    ("resultType", "`ait_core::Error::result_type`"),
    ("errorCode", "`ait_core::Error::code`"),
    ("reason", "`ait_core::Error::reason`"),
    ("code", "`ait_core::Error::code`"),
    ("message", "`ait_core::Error::reason`"),
    ("userKey", "`ait_core::User::Key`"),
    ("anonKey", "`ait_core::User::Anonymous`"),
    ("SUCCESS", "`Ok(_)`"),
    ("FAIL", "`ait_core::Error::code`"),
    ("HTTP_TIMEOUT", "`ait_core::Outcome::Unknown`"),
    ("NETWORK_ERROR", "`ait_core::Outcome::Unknown`"),
    ("EXECUTION_FAIL", "`ait_core::Outcome::Unknown`"),
    ("INTERRUPTED", "`ait_core::Outcome::Unknown`"),
    ("INTERNAL_ERROR", "`ait_core::Outcome::Unknown`"),
];

/// What is documented and deliberately not an item of its own: page, name and reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "envelope",
        "data",
        "holds `errorDetails`, which are `ait_core::FieldError`s, and `retryAfterSeconds`, `ait_core::Error::retry_after`",
    ),
    ("envelope", "errorType", "always 0 in what was reported; not read"),
    ("envelope", "title", "always null in what was reported; not read"),
    ("envelope", "rejectedValue", "a value of the request, which errors do not repeat"),
    ("login", "di", "documented as always null; ignored"),
    ("login", "policy", "in older copies of the page only; ignored"),
    ("login", "certTxId", "in older copies of the page only; ignored"),
    ("brandpay", "idempotency-key", "an echo of the request's, on first answers and replays alike; not read"),
    ("brandpay", "data", "in an unofficial description only; not read"),
];

/// What types hold that does not travel in their place: type, name and reason.
const OURS: &[(&str, &str, &str)] = &[
    ("ait_login::Token", "receivedAt", "the time of the answer"),
    ("ait_login::VerifiedAnonymousKey", "valid", "the answer itself, a text or a boolean"),
    (
        "ait_tosspay::MadePayment",
        "code",
        "documented of execute-payment; read here too, and told as a failure",
    ),
    ("ait_tosspay::MadePayment", "errorCode", "as `code`"),
    ("ait_tosspay::MadePayment", "msg", "as `code`"),
    (
        "ait_tosspay::RefundedPayment",
        "code",
        "documented of execute-payment; read here too, and told as a failure",
    ),
    ("ait_tosspay::RefundedPayment", "errorCode", "as `code`"),
    ("ait_tosspay::RefundedPayment", "msg", "as `code`"),
    ("ait_iap::webhook::Other", "body", "the whole callback, by `expose`"),
    ("brandpay::Promotions", "list", "the answer itself"),
    ("brandpay::Terms", "commaJoined", "the form of the query"),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => whatever!("usage: cargo xtask coverage [--check]"),
    };
    let (text, missing) = render()?;
    if !missing.is_empty() {
        whatever!("documentation and crates differ:\n{}", missing.join("\n"));
    }
    let path = root().join("docs/coverage.md");
    let old = fs::read_to_string(&path).unwrap_or_default();
    if old == text {
        println!("docs/coverage.md: up to date");
    } else if check {
        whatever!("docs/coverage.md is out of date; run cargo xtask coverage");
    } else {
        fs::write(&path, text).whatever_context("docs/coverage.md cannot be written")?;
        println!("docs/coverage.md: written");
    }
    Ok(())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The page, and what is documented without an item, or the other way round.
fn render() -> Result<(String, Vec<String>), Whatever> {
    let mut text = "# Coverage\n\nWhich item models each documented endpoint, header, parameter, field, code and value. Made by\n`cargo xtask coverage` from [api](api), whose tables say which types model them, and from the sources.\n".to_owned();
    let model = Model::of(&root().join("crates"), &CRATES)?;
    let mut cover = Cover::new(&model, EXCEPTIONS, OURS, NAMES);
    for name in PAGES {
        let path = root().join(format!("docs/api/{name}.md"));
        let page = fs::read_to_string(&path)
            .with_whatever_context(|_| format!("docs/api/{name}.md cannot be read"))?;
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## [{name}](api/{name}.md)\n\n| documented | in | item |\n|---|---|---|\n");
        for row in cover.page(name, &page) {
            let _ = writeln!(text, "| `{}` | {} | {} |", row.name, row.section, row.item);
        }
    }
    Ok((text, cover.finish()))
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn everything_documented_has_an_item() {
        let (text, missing) = render().expect("the pages and the sources can be read");
        assert_eq!(missing, Vec::<String>::new());
        // A field of several types, each in its own table.
        for row in [
            "| `amount` | Confirm | `brandpay::Confirm::new(amount)` |",
            "| `amount` | Automatic payment | `brandpay::AutomaticPayment::new(amount)` |",
            "| `orderNo` | execute-payment: Response | `ait_tosspay::ExecutedPayment::order_no` |",
            "| `status` | Payment | `brandpay::Payment::status` |",
            "| `GET /v1/brandpay/payments/methods/{customerKey}` | Methods | `brandpay::MethodsByCustomer` |",
        ] {
            assert!(text.contains(row), "{row}");
        }
    }
}
