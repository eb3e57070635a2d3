//! What a page of docs/api documents: the first cells of its tables.

/// One documented name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// The heading above it.
    pub(super) section: String,
    /// The name as it travels.
    pub(super) name: String,
}

/// The tables that list things of the wire have one of these above their first column.
const KINDS: [&str; 6] = ["Field", "Header", "Code", "Value", "Code or status", "Parameter"];

/// Every name in the first column of every such table, and every endpoint path (a line that starts with a method and a
/// URL).
pub(super) fn rows(page: &str) -> Vec<Row> {
    let (mut rows, mut section, mut listing) = (Vec::new(), String::new(), false);
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            section = title.to_owned();
        } else if let Some(path) = endpoint(line) {
            rows.push(Row { section: section.clone(), name: path });
        }
        let Some(cell) = line.strip_prefix('|').and_then(|rest| rest.split('|').next()).map(str::trim) else {
            listing = false;
            continue;
        };
        if KINDS.contains(&cell) {
            listing = true;
        } else if listing && !cell.starts_with('-') {
            let names = names(cell).into_iter();
            rows.extend(names.map(|name| Row { section: section.clone(), name }));
        }
    }
    rows
}

// `POST https://host/path` – …
fn endpoint(line: &str) -> Option<String> {
    let call = line.strip_prefix('`')?.split('`').next()?;
    let (method, url) = call.split_once(' ')?;
    let path = url.strip_prefix("https://")?.find('/').map(|at| &url["https://".len() + at..])?;
    ["GET", "POST"].contains(&method).then(|| path.split('?').next().unwrap_or(path).to_owned())
}

// `` `a`, `b` `` names two; of a path such as `card.number` or `fields[].name` the last part is the name.
fn names(cell: &str) -> Vec<String> {
    let quoted = cell.split('`').skip(1).step_by(2);
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).trim_end_matches("[]").to_owned();
    quoted.map(last).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Row, rows};

    #[test]
    fn names_come_from_the_tables_that_list_them() {
        let page = "## Make\n\n`POST https://host.im/v1/make` – 200\n\n| Field | Type |\n|---|---|\n| `amount` | int |\n| `card.no`, `b[]` | text |\n\n| Topic | x |\n|---|---|\n| `not` | y |\n";
        let row = |name: &str| Row { section: "Make".to_owned(), name: name.to_owned() };
        assert_eq!(rows(page), [row("/v1/make"), row("amount"), row("no"), row("b")]);
    }
}
