//! What the sources model: fields, variants and endpoints by the name they have on the wire.

use std::{collections::BTreeMap, fs, path::Path};

use snafu::{ResultExt as _, Whatever};

/// Names that are handled in one place for every call.
const EVERYWHERE: [(&str, &str); 12] = [
    ("Accept-Language: en-US", "`ait_core::Call::header`"),
    ("TossPayments-Test-Code: <code>", "`ait_core::Call::header`"),
    ("x-tosspayments-trace-id", "`ait_core::Error::trace_id`"),
    ("x-toss-user-key", "`ait_core::User::Key`"),
    ("x-anon-key", "`ait_core::User::Anonymous`"),
    ("Authorization", "`ait_core::Authorization`"),
    ("Content-Type", "sent with every body"),
    ("Idempotency-Key", "`ait_core::IdempotencyKey`"),
    ("resultType", "`ait_core::Error::result_type`"),
    ("errorCode", "`ait_core::Error::code`"),
    ("SUCCESS", "`Ok(_)`"),
    ("success", "`ait_core::Endpoint::Response`"),
];

/// Names that have an item of their own in some crates, and this one in the others.
const ELSEWHERE: [(&str, &str); 2] =
    [("userKey", "`ait_core::User::Key`"), ("anonKey", "`ait_core::User::Anonymous`")];

/// Wire name to item. Of a request field the name has the item of its request before it.
pub(super) struct Index(BTreeMap<String, String>);

impl Index {
    pub(super) fn of(folder: &Path, crates: &[&str]) -> Result<Self, Whatever> {
        let mut items: BTreeMap<String, String> =
            EVERYWHERE.iter().map(|(name, item)| ((*name).to_owned(), (*item).to_owned())).collect();
        for name in crates {
            read(&folder.join(name).join("src"), &name.replace('-', "_"), &mut items)?;
        }
        for (name, item) in ELSEWHERE {
            items.entry(name.to_owned()).or_insert_with(|| item.to_owned());
        }
        Ok(Self(items))
    }

    /// The item of a name: in the table of a request a field of this request, else what is read, else any request's.
    pub(super) fn find(&self, name: &str, request: Option<&str>) -> Option<String> {
        let own = request.and_then(|request| self.0.get(&format!("{request} {name}")));
        let any = || self.0.iter().find(|(key, _)| key.split_once(' ').is_some_and(|(_, key)| key == name));
        own.or_else(|| self.0.get(name)).or_else(|| any().map(|(_, item)| item)).cloned()
    }
}

fn read(folder: &Path, krate: &str, items: &mut BTreeMap<String, String>) -> Result<(), Whatever> {
    let entries =
        fs::read_dir(folder).with_whatever_context(|_| format!("{} cannot be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        } else if path.is_dir() {
            read(&path, krate, items)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .with_whatever_context(|_| format!("{} cannot be read", path.display()))?;
            source(&text, krate, items);
        }
    }
    Ok(())
}

/// Reads one source file, line by line: rustfmt has put every field and variant on a line of its own. Only what a caller
/// of the crate can name is an item. The private body of a request is named by its request, with the function or the
/// argument that sets the field.
fn source(text: &str, krate: &str, items: &mut BTreeMap<String, String>) {
    let text = text.split("\nmod tests {").next().unwrap_or(text);
    let request = text
        .split_once("\nimpl Endpoint for ")
        .and_then(|(_, rest)| rest.split([' ', '<']).next())
        .unwrap_or_default();
    let public = Public::of(text);
    let (mut owner, mut renamed) = (Owner::default(), None);
    for line in text.lines().map(str::trim) {
        if let Some(new) = declared(line) {
            owner = new;
        } else if line.starts_with("impl Endpoint for ") {
            owner = Owner { name: request, kind: "impl", is_public: true };
        }
        for name in quoted(line, "rename = \"").chain(quoted(line, "alias = \"")) {
            renamed = Some(name.to_owned());
        }
        let mut model = |name: &str, item: String| {
            items.entry(name.to_owned()).or_insert_with(|| format!("`{krate}::{item}`"));
        };
        if let Some(path) = quoted(line, "const PATH: &'static str = \"").next() {
            model(path, request.to_owned());
        } else if let Some((variant, value)) = variant(line) {
            if owner.is_public {
                model(value, format!("{}::{variant}", owner.name));
            }
        } else if let Some(field) = field(line) {
            let name = renamed.take().unwrap_or_else(|| camel_case(field));
            let is_request = !request.is_empty() && (owner.name == request || owner.name == "Body");
            if owner.kind != "struct " {
            } else if is_request {
                model(&format!("`{krate}::{request}` {name}"), public.sets(request, field));
            } else if owner.is_public && (line.starts_with("pub ") || public.functions.contains(&field)) {
                model(&name, format!("{}::{field}", owner.name));
            }
        } else if !line.starts_with('#') {
            renamed = None;
        }
        // Codes and keys that are compared as text.
        if owner.is_public && !line.starts_with("//") && !line.starts_with("#[") {
            for literal in line.split('"').skip(1).step_by(2).filter(|literal| is_code(literal)) {
                model(literal, owner.name.to_owned());
            }
        }
    }
}

/// What a line belongs to.
#[derive(Default)]
struct Owner<'a> {
    name: &'a str,
    kind: &'static str,
    is_public: bool,
}

fn declared(line: &str) -> Option<Owner<'_>> {
    let is_public = line.starts_with("pub ");
    let line = ["pub(crate) ", "pub(super) ", "pub "]
        .iter()
        .find_map(|word| line.strip_prefix(word))
        .unwrap_or(line);
    let kinds = ["struct ", "enum ", "fn ", "mod "];
    let (kind, rest) = kinds.into_iter().find_map(|kind| Some((kind, line.strip_prefix(kind)?)))?;
    // A function is no item by its name alone.
    let is_public = is_public && kind != "fn ";
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(|name| Owner { name, kind, is_public })
}

/// The public functions of a file, and the arguments of those that make something.
struct Public<'a> {
    functions: Vec<&'a str>,
    arguments: Vec<(&'a str, &'a str)>,
}

impl<'a> Public<'a> {
    fn of(text: &'a str) -> Self {
        let (mut functions, mut arguments) = (Vec::new(), Vec::new());
        let heads = text.split("    pub fn ").skip(1).chain(text.split("    pub const fn ").skip(1));
        for head in heads.filter_map(|rest| rest.split('{').next()) {
            let Some((name, rest)) = head.split_once(['(', '<']) else { continue };
            functions.push(name);
            if head.contains("self") {
                continue;
            }
            let words = rest.split(['(', ',']).filter_map(|part| Some(part.trim().split_once(": ")?.0));
            arguments.extend(words.map(|argument| (name, argument)));
        }
        Self { functions, arguments }
    }

    /// How a request is told a field.
    fn sets(&self, request: &str, field: &str) -> String {
        if self.functions.contains(&field) {
            return format!("{request}::{field}");
        }
        match self.arguments.iter().find(|(_, argument)| *argument == field) {
            Some((function, _)) => format!("{request}::{function}({field})"),
            None => request.to_owned(),
        }
    }
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

    #[test]
    fn only_what_a_caller_can_name_is_an_item() {
        let text = "pub struct Make {\n    body: Body,\n}\nstruct Body {\n    amount: Krw,\n    amount_vat: Option<Krw>,\n    cancel_reason: String,\n}\nimpl Make {\n    pub fn new(\n        amount: Krw,\n        reason: String,\n    ) -> Self {\n        Self {\n            local: amount,\n        }\n    }\n    pub fn amount_vat(mut self, vat: Krw) -> Self {\n    }\n}\nimpl Endpoint for Make {\n}\nstruct Slow {\n    hidden: String,\n}\npub fn helper() {\n    let code = \"SOME_CODE\";\n}\n\nmod tests {\n    pub struct Sample {\n        pub policy: String,\n    }\n}\n";
        let mut items = BTreeMap::new();
        source(text, "shop", &mut items);
        let item = |name: &str| items.get(name).map(String::as_str);
        let item = |name: &str| item(name).or_else(|| item(&format!("`shop::Make` {name}")));
        assert_eq!(item("amount"), Some("`shop::Make::new(amount)`"));
        assert_eq!(item("amountVat"), Some("`shop::Make::amount_vat`"));
        assert_eq!(item("cancelReason"), Some("`shop::Make`"));
        for name in ["local", "hidden", "SOME_CODE", "policy"] {
            assert_eq!(item(name), None, "{name}");
        }
    }
}
