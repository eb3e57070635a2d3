//! `cargo xtask tables`: the endpoint table in each crate's README, from the constants of its endpoints.

use std::{fmt::Write as _, fs, path::PathBuf};

use ait_core::{Endpoint, Safety};
use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

/// When a call without a key may go out again.
const UNSENT: &str = "only if provably not sent, or refused over a rate limit (`4095`) that states a wait";
const KEYED: &str = "under the same idempotency key";
/// What encloses a generated table.
const BEGIN: &str = "<!-- endpoints: made by `cargo xtask tables` -->\n";
const END: &str = "<!-- end of endpoints -->";

/// The crates with endpoints, and the rows of their tables.
fn tables() -> Vec<(&'static str, Vec<String>)> {
    vec![
        (
            "ait-login",
            vec![
                row::<ait_login::GenerateToken>(),
                row::<ait_login::RefreshToken>(),
                row::<ait_login::LoginMe>(),
                row::<ait_login::RemoveByAccessToken>(),
                row::<ait_login::RemoveByUserKey>(),
                row::<ait_login::VerifyAnonymousKey>(),
            ],
        ),
        (
            "ait-promotion",
            vec![
                row::<ait_promotion::GetKey>(),
                row::<ait_promotion::ExecutePromotion>(),
                row::<ait_promotion::ExecutionResult>(),
            ],
        ),
        (
            "ait-tosspay",
            vec![
                row::<ait_tosspay::MakePayment>(),
                row::<ait_tosspay::ExecutePayment>(),
                row::<ait_tosspay::RefundPayment>(),
                row::<ait_tosspay::PaymentStatus>(),
            ],
        ),
        ("ait-iap", vec![row::<ait_iap::OrderStatus>()]),
        (
            "ait-messenger",
            vec![
                row::<ait_messenger::SendMessage>(),
                row::<ait_messenger::SendTestMessage>(),
                row::<ait_messenger::SendBulkMessages>(),
            ],
        ),
        (
            "brandpay",
            vec![
                row::<brandpay::Terms>(),
                row::<brandpay::AgreeTerms>(),
                row::<brandpay::IssueAccessToken>(),
                row::<brandpay::MethodsByToken>(),
                row::<brandpay::MethodsByCustomer>(),
                row::<brandpay::RemoveCard>(),
                row::<brandpay::RemoveAccount>(),
                row::<brandpay::Confirm>(),
                row::<brandpay::AutomaticPayment>(),
                row::<brandpay::Cancel>(),
                row::<brandpay::PaymentByKey>(),
                row::<brandpay::PaymentByOrder>(),
                row::<brandpay::RemoveCustomer>(),
                row::<brandpay::CardPromotions>(),
                row::<brandpay::BankPromotions>(),
                row::<brandpay::AllPromotions>(),
                row::<brandpay::AllCardPromotions>(),
            ],
        ),
    ]
}

pub(crate) fn run(arguments: &[String]) -> Result<(), Whatever> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => whatever!("usage: cargo xtask tables [--check]"),
    };
    for (name, rows) in tables() {
        let table = table(&rows);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../crates/{name}/README.md"));
        let readme = fs::read_to_string(&path)
            .with_whatever_context(|_| format!("crates/{name}/README.md cannot be read"))?;
        let new = replaced(&readme, &table)
            .with_whatever_context(|| format!("crates/{name}/README.md lacks the lines {BEGIN}{END}"))?;
        if new == readme {
            println!("crates/{name}/README.md: up to date");
        } else if check {
            whatever!("crates/{name}/README.md: the endpoint table is out of date; run cargo xtask tables");
        } else {
            fs::write(&path, new)
                .with_whatever_context(|_| format!("crates/{name}/README.md cannot be written"))?;
            println!("crates/{name}/README.md: table written");
        }
    }
    Ok(())
}

/// The text with the table between the two marks replaced.
fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

fn table(rows: &[String]) -> String {
    let head = "| name | method, path | sent again | deadline |\n|---|---|---|---|\n";
    rows.iter().fold(head.to_owned(), |mut table, row| {
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{row}");
        table
    })
}

fn row<E: Endpoint>() -> String {
    let again = match E::SAFETY {
        Safety::Read => "freely: it only reads".to_owned(),
        Safety::Keyed { settled_by: None, .. } => KEYED.to_owned(),
        Safety::Keyed { settled_by: Some(settled_by), .. } => format!("{KEYED}; settled by `{settled_by}`"),
        Safety::Once { settled_by } => format!("{UNSENT}; settled by `{settled_by}`"),
        Safety::Unsettled => format!("{UNSENT}; nothing settles it"),
        _ => "see its documentation".to_owned(),
    };
    format!("| `{}` | `{} {}` | {again} | {} s |", E::NAME, E::METHOD, E::PATH, E::DEADLINE.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, replaced};

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = format!("a\n{BEGIN}old\n{END}\nb\n");
        assert_eq!(replaced(&text, "new\n"), Some(format!("a\n{BEGIN}new\n{END}\nb\n")));
        assert_eq!(replaced("no marks", "new\n"), None);
    }
}
