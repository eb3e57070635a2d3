//! The table of the switches.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use ait_emulator::api::Switches;
use serde_json::Value;
use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

use super::{decides::DECIDES, sources::files};

/// The values of each choice, with what they mean.
type Choices = BTreeMap<String, Vec<(String, String)>>;

pub(super) fn table(api: &Path, defaults: &Switches) -> Result<String, Whatever> {
    let sources = files(api, "")?;
    let mut choices = Choices::new();
    for (_, text) in sources.iter().filter(|(name, _)| name.starts_with("switches/")) {
        choices.extend(choices_of(text));
    }
    let source = sources.get("switches").whatever_context("there is no api/switches.rs")?;
    let defaults = serde_json::to_value(defaults).whatever_context("switches cannot be written")?;
    let mut table =
        "| switch | what | values, **the default** | what would decide it |\n|---|---|---|---|\n".to_owned();
    let fields = fields_of(source);
    for (name, about, kind) in &fields {
        let default = defaults.get(name).with_whatever_context(|| format!("no switch is `{name}`"))?;
        let Some((_, decides)) = DECIDES.iter().find(|(switch, _)| switch == name) else {
            whatever!("say in xtask/src/fidelity/decides.rs what would decide the switch `{name}`");
        };
        let values = values(kind, default, &choices);
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| `{name}` | {about} | {values} | {decides} |");
    }
    let told = |name: &str| fields.iter().any(|(field, _, _)| field == name);
    if let Some(untold) =
        defaults.as_object().into_iter().flatten().map(|(name, _)| name).find(|name| !told(name))
    {
        whatever!("api/switches.rs has `{untold}`, and its documentation cannot be found");
    }
    if let Some((gone, _)) = DECIDES.iter().find(|(name, _)| !told(name)) {
        whatever!("xtask/src/fidelity/decides.rs has `{gone}`, which is no switch");
    }
    Ok(table)
}

/// The fields of [`Switches`]: name, documentation, type.
fn fields_of(source: &str) -> Vec<(String, String, String)> {
    let body = source.split_once("pub struct Switches {").and_then(|(_, rest)| rest.split_once("\n}"));
    let (mut fields, mut about) = (Vec::new(), Vec::new());
    for line in body.map_or("", |(body, _)| body).lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            about.push(text.trim());
        } else if let Some((name, kind)) = line.strip_prefix("pub ").and_then(|field| field.split_once(": "))
        {
            fields.push((name.to_owned(), about.join(" "), kind.trim_end_matches(',').to_owned()));
            about.clear();
        }
    }
    fields
}

/// The enums that `choice!` makes.
fn choices_of(source: &str) -> Choices {
    let mut choices = Choices::new();
    for choice in source.split("choice! {").skip(1) {
        let (mut name, mut values, mut about) = (None, Vec::new(), Vec::new());
        for line in choice.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("///") {
                about.push(text.trim());
            } else if let Some(enumeration) = line.strip_suffix(" {") {
                name = Some(enumeration.to_owned());
                about.clear();
            } else if let Some(variant) = line.strip_suffix(',') {
                values.push((snake(variant), about.join(" ")));
                about.clear();
            }
        }
        choices.extend(name.map(|name| (name, values)));
    }
    choices
}

fn values(kind: &str, default: &Value, choices: &Choices) -> String {
    match (choices.get(kind), default) {
        (Some(values), _) => {
            let one = |(value, about): &(String, String)| match Some(value.as_str()) == default.as_str() {
                true => format!("**`{value}`**: {about}"),
                false => format!("`{value}`: {about}"),
            };
            values.iter().map(one).collect::<Vec<_>>().join("<br>")
        }
        (None, Value::Bool(default)) => format!("**`{default}`**, `{}`", !default),
        (None, Value::String(default)) => format!("a text, **`{default}`**"),
        (None, default) => format!("a number, **`{default}`**"),
    }
}

/// As serde writes a variant.
fn snake(variant: &str) -> String {
    let mut name = String::new();
    for (place, letter) in variant.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{choices_of, fields_of};

    #[test]
    fn switches_and_choices_are_read_from_the_source() {
        let source = "pub struct Switches {\n    /// One,\n    /// two.\n    pub a_b: Kind,\n}\n/// Not this.\npub c: u8,";
        assert_eq!(fields_of(source), [("a_b".to_owned(), "One, two.".to_owned(), "Kind".to_owned())]);
        let source = "choice! {\n /// About.\n Kind {\n /// First.\n #[default]\n TheFirst,\n /// Second.\n B2,\n }\n}";
        let values = [("the_first".to_owned(), "First.".to_owned()), ("b2".to_owned(), "Second.".to_owned())];
        assert_eq!(choices_of(source).get("Kind"), Some(&values.to_vec()));
    }
}
