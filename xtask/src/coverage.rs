//! `cargo xtask coverage`: which item models each documented endpoint, header, field, code and value.
//!
//! The left side comes from the tables of docs/api, the right side from the sources, so that neither can grow without
//! the other.

mod index;
mod page;

use std::{collections::BTreeSet, fmt::Write as _, fs, path::PathBuf};

use snafu::{ResultExt as _, Whatever, whatever};

use self::index::Index;

/// The pages and the crates that model them.
const PAGES: &[(&str, &[&str])] = &[
    ("envelope", &["ait-core", "ait-tosspay", "ait-login", "ait-iap"]),
    ("login", &["ait-login", "ait-core"]),
    ("promotion", &["ait-promotion", "ait-core"]),
    ("tosspay", &["ait-tosspay", "ait-core"]),
    ("iap", &["ait-iap", "ait-core"]),
    ("messenger", &["ait-messenger", "ait-core"]),
    ("brandpay", &["brandpay", "ait-core"]),
    ("brandpay-payments", &["brandpay", "ait-core"]),
    ("brandpay-codes", &["brandpay", "ait-core"]),
];

/// What is documented and deliberately not an item of its own.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("data", "holds `errorDetails` and `retryAfterSeconds`, which are items"),
    ("di", "documented as always null; ignored"),
    ("policy", "in older copies of the page only; ignored"),
    ("certTxId", "in older copies of the page only; ignored"),
    ("idempotency-key", "an echo of the request's, on first answers and replays alike; not read"),
    ("errorType", "always 0 in what was reported; not read"),
    ("title", "always null in what was reported; not read"),
    ("rejectedValue", "a value of the request, which errors do not repeat"),
];

pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => whatever!("usage: cargo xtask coverage [--check]"),
    };
    let (text, missing) = render()?;
    if !missing.is_empty() {
        whatever!("documented, but no item models it:\n{}", missing.join("\n"));
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

/// The page, and what is documented without an item.
fn render() -> Result<(String, Vec<String>), Whatever> {
    let mut text = "# Coverage\n\nWhich item models each documented endpoint, header, field, code and value. Made by `cargo xtask coverage`\nfrom the tables of [api](api) and the sources.\n".to_owned();
    let mut missing = Vec::new();
    for (name, crates) in PAGES {
        let path = root().join(format!("docs/api/{name}.md"));
        let page = fs::read_to_string(&path)
            .with_whatever_context(|_| format!("docs/api/{name}.md cannot be read"))?;
        let index = Index::of(&root().join("crates"), crates)?;
        let mut seen = BTreeSet::new();
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## [{name}](api/{name}.md)\n\n| documented | in | item |\n|---|---|---|\n");
        let (mut request, mut requested) = (None, String::new());
        for row in page::rows(&page) {
            if row.name.starts_with('/') {
                request = index.find(&row.name, None);
                requested.clone_from(&row.section);
            }
            let asks = row.section == requested || row.section == "Request";
            if !seen.insert(row.clone()) {
                continue;
            }
            let exception = EXCEPTIONS.iter().find(|(known, _)| *known == row.name);
            let item = match (index.find(&row.name, request.as_deref().filter(|_| asks)), exception) {
                (Some(item), _) => item,
                (None, Some((_, why))) => format!("none: {why}"),
                (None, None) => {
                    missing.push(format!("docs/api/{name}.md, {}: `{}`", row.section, row.name));
                    continue;
                }
            };
            let _ = writeln!(text, "| `{}` | {} | {item} |", row.name, row.section);
        }
    }
    Ok((text, missing))
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn everything_documented_has_an_item() {
        let (text, missing) = render().expect("the pages and the sources can be read");
        assert_eq!(missing, Vec::<String>::new());
        assert!(text.contains("| `isTestPayment` |") && text.contains("| `PAY_COMPLETE` |"));
        // A field of two requests and of an answer, each in its own table.
        for row in [
            "Confirm | `brandpay::Confirm::amount`",
            "Automatic payment | `brandpay::AutomaticPayment::amount`",
        ] {
            assert!(text.contains(&format!("| `amount` | {row} |")), "{row}");
        }
        assert!(text.contains("| `orderNo` | Response | `ait_tosspay::ExecutedPayment::order_no` |"));
    }
}
