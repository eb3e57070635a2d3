//! What the sources model: fields, variants and endpoints by the name they have on the wire.

use std::{collections::BTreeMap, fs, path::Path};

use snafu::{ResultExt as _, Whatever};

/// Names that are handled in one place for every call.
const EVERYWHERE: [(&str, &str); 11] = [
    ("Accept-Language: en-US", "`ait_core::Call::header`"),
    ("TossPayments-Test-Code: <code>", "`ait_core::Call::header`"),
    ("x-tosspayments-trace-id", "`ait_core::Error::trace_id`"),
    ("x-toss-user-key", "`ait_core::User::Key`"),
    ("x-anon-key", "`ait_core::User::Anonymous`"),
    ("Authorization", "`ait_core::Authorization`"),
    ("Content-Type", "sent with every body"),
    ("Idempotency-Key", "`ait_core::IdempotencyKey`"),
    ("resultType", "`ait_core::Error::result_type`"),
    ("SUCCESS", "`Ok(_)`"),
    ("success", "`ait_core::Endpoint::Response`"),
];

/// Wire name to item.
pub(super) struct Index(BTreeMap<String, String>);

impl Index {
    pub(super) fn of(folder: &Path, crates: &[&str]) -> Result<Self, Whatever> {
        let mut items: BTreeMap<String, String> =
            EVERYWHERE.iter().map(|(name, item)| ((*name).to_owned(), (*item).to_owned())).collect();
        for name in crates {
            read(&folder.join(name).join("src"), &name.replace('-', "_"), &mut items)?;
        }
        Ok(Self(items))
    }

    pub(super) fn find(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

fn read(folder: &Path, krate: &str, items: &mut BTreeMap<String, String>) -> Result<(), Whatever> {
    let entries =
        fs::read_dir(folder).with_whatever_context(|_| format!("{} cannot be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, krate, items)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .with_whatever_context(|_| format!("{} cannot be read", path.display()))?;
            source(&text, krate, items);
        }
    }
    Ok(())
}

/// Reads one source file, line by line: rustfmt has put every field and variant on a line of its own.
fn source(text: &str, krate: &str, items: &mut BTreeMap<String, String>) {
    let (mut owner, mut renamed) = (String::new(), None);
    for line in text.lines().map(str::trim) {
        if line == "mod tests {" {
            return;
        }
        // The constants of an endpoint belong to the endpoint.
        let name = if line.starts_with("const ") { None } else { declared(line) };
        if let Some(name) = name {
            owner = name.to_owned();
        } else if let Some(name) = line.strip_prefix("impl Endpoint for ") {
            owner = name.split([' ', '<']).next().unwrap_or(name).to_owned();
        }
        for name in quoted(line, "rename = \"").chain(quoted(line, "alias = \"")) {
            renamed = Some(name.to_owned());
        }
        let mut model = |name: &str, item: String| {
            items.entry(name.to_owned()).or_insert_with(|| format!("`{krate}::{item}`"));
        };
        if let Some(path) = quoted(line, "const PATH: &'static str = \"").next() {
            model(path, owner.clone());
        } else if let Some((variant, value)) = variant(line) {
            model(value, format!("{owner}::{variant}"));
        } else if let Some(field) = field(line) {
            let name = renamed.take().unwrap_or_else(|| camel_case(field));
            model(&name, format!("{owner}::{field}"));
        } else if !line.starts_with('#') {
            renamed = None;
        }
        // Codes and keys that are compared as text.
        if !line.starts_with("//") && !line.starts_with("#[") {
            for literal in line.split('"').skip(1).step_by(2).filter(|literal| is_code(literal)) {
                model(literal, owner.clone());
            }
        }
    }
}

fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub(super) ")).unwrap_or(line);
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let rest =
        ["struct ", "enum ", "fn ", "const ", "mod "].iter().find_map(|word| line.strip_prefix(word))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

fn quoted<'a>(line: &'a str, before: &str) -> impl Iterator<Item = &'a str> {
    line.split_once(before).and_then(|(_, rest)| rest.split('"').next()).into_iter()
}

// `Variant = "VALUE" => "이름",`
fn variant(line: &str) -> Option<(&str, &str)> {
    let (variant, rest) = line.split_once(" = \"")?;
    let plain = variant.chars().all(char::is_alphanumeric) && variant.starts_with(char::is_uppercase);
    plain.then(|| (variant, rest.split('"').next().unwrap_or_default()))
}

// `pub name: Type,` or `name: Type,`
fn field(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    let (name, _) = line.strip_suffix(',')?.split_once(": ")?;
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_').then_some(name)
}

fn is_code(text: &str) -> bool {
    text.len() >= 3
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && (text.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
            || text.contains(char::is_uppercase)
            || text == "invalid_grant")
}

fn camel_case(field: &str) -> String {
    let mut words = field.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::source;

    #[test]
    fn fields_variants_and_paths_are_found_by_their_names_on_the_wire() {
        let text = "pub struct Paid {\n    /// x\n    pub card_num4_print: Option<String>,\n    #[serde(rename = \"paidPointV2\")]\n    #[serde(default)]\n    pub paid_point_v2: Option<Krw>,\n}\nopen_enum! {\n    pub enum Step {\n        Pay = \"PAY\" => \"결제\",\n    }\n}\nimpl Endpoint for Make {\n    const PATH: &'static str = \"/v1/make\";\n}\n";
        let mut items = BTreeMap::new();
        source(text, "shop", &mut items);
        let item = |name: &str| items.get(name).map(String::as_str);
        assert_eq!(item("cardNum4Print"), Some("`shop::Paid::card_num4_print`"));
        assert_eq!(item("paidPointV2"), Some("`shop::Paid::paid_point_v2`"));
        assert_eq!(item("PAY"), Some("`shop::Step::Pay`"));
        assert_eq!(item("/v1/make"), Some("`shop::Make`"));
        assert_eq!(item("nothing"), None);
    }
}
