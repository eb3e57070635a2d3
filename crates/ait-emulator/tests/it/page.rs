//! The page on the control port, as far as it can be seen without a browser, and what docs/emulator.md says of the API
//! behind it.

use std::{collections::BTreeSet, path::Path};

use ait_emulator::{
    Emulator,
    fault::{Moment, Rule},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Longer than this it is not one small file any more.
const MOST: usize = 25 * 1024;

/// The head and the body of an answer of the control port.
async fn get(emulator: &Emulator, path: &str) -> (String, String) {
    let url = emulator.control_url();
    let authority = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

async fn page() -> (String, String) {
    get(&Emulator::start().await.unwrap(), "/").await
}

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

#[tokio::test]
async fn it_is_served_with_a_policy_that_lets_nothing_in_from_elsewhere() {
    let (head, page) = page().await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let policy = between(&head, "content-security-policy: ", '\r');
    let sources: BTreeSet<&str> = policy[0]
        .split(';')
        .flat_map(|directive| directive.split_whitespace().skip(1))
        .filter(|source| !source.starts_with("'sha256-"))
        .collect();
    assert!(policy[0].starts_with("default-src '"), "{policy:?}");
    // `data:` is no place elsewhere.
    let here = BTreeSet::from(["'self'", "'none'", "'unsafe-inline'", "data:"]);
    assert!(sources.is_subset(&here), "{policy:?}");
    assert!(page.len() <= MOST, "{} bytes", page.len());
}

#[tokio::test]
async fn it_names_no_place_elsewhere_and_makes_no_markup_of_texts() {
    let (_, page) = page().await;
    for word in ["http:", "https:", "\"//", "'//", "@import", "url(", " src=", "<link", "<iframe", "import("]
    {
        assert!(!page.contains(word), "{word}");
    }
    // Texts of strangers are shown: in no way that could run them.
    for word in
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "Function("]
    {
        assert!(!page.contains(word), "{word}");
    }
    assert!(!page.contains(" onclick=") && !page.contains("javascript:"));
}

#[tokio::test]
async fn every_path_that_it_asks_for_is_in_the_index() {
    let emulator = Emulator::start().await.unwrap();
    let (_, page) = get(&emulator, "/").await;
    let index: Vec<Value> = serde_json::from_str(&get(&emulator, "/_ctl/v1").await.1).unwrap();
    let has = |method: &str, path: &str| {
        index.iter().any(|entry| {
            let known = entry["path"].as_str().unwrap().strip_prefix("/_ctl/v1").unwrap();
            let prefix = known.split('{').next().unwrap();
            entry["method"] == method && (known == path || (known != prefix && path == prefix))
        })
    };
    let asked: Vec<(&str, &str)> = between(&page, "ask(\"", ')')
        .into_iter()
        .map(|arguments| {
            let (method, rest) = arguments.split_once("\", \"").unwrap_or((arguments, ""));
            (method, rest.split(['"', '?']).next().unwrap())
        })
        .filter(|(_, path)| !path.is_empty())
        .collect();
    assert!(asked.len() >= 10, "{asked:?}");
    for (method, path) in asked {
        assert!(has(method, path), "{method} {path}");
    }
    // These four are asked for in one go.
    let together = between(&page, "Promise.all([", ']')[0];
    assert_eq!(together, r#""/clock", "/faults", "/invariants", "/switches""#);
    for path in together.split(", ").map(|path| path.trim_matches('"')) {
        assert!(has("GET", path), "{path}");
    }
    // Nothing else is fetched.
    assert_eq!(page.matches("fetch(").count(), 1);
    assert!(page.contains("fetch(ROOT + path") && page.contains(r#"const ROOT = "/_ctl/v1""#));
}

#[tokio::test]
async fn its_form_offers_every_moment_and_rules_that_are_rules() {
    let (_, page) = page().await;
    let (_, data) = page.split_once(r#"<script type="application/json" id="moments">"#).unwrap();
    let moments: serde_json::Map<String, Value> =
        serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let offered: BTreeSet<&str> = moments.keys().map(String::as_str).collect();
    assert_eq!(offered, Moment::ALL.into_iter().map(Moment::as_str).collect());
    for (moment, told) in &moments {
        let words: Vec<&str> = told[1].as_str().unwrap().split(' ').collect();
        let names: BTreeSet<&str> = words.iter().map(|word| word.split('=').next().unwrap()).collect();
        for word in &words {
            let rule = format!("* {moment} {word}");
            assert!(rule.parse::<Rule>().is_ok(), "{rule}");
        }
        // No effect that fits is left out.
        for word in ALL_EFFECTS {
            let fits = format!("* {moment} {word}").parse::<Rule>().is_ok();
            assert_eq!(fits, names.contains(word.split('=').next().unwrap()), "{moment} {word}");
        }
    }
}

const ALL_EFFECTS: [&str; 12] = [
    "reset",
    "close",
    "hang",
    "delay=1",
    "status=500",
    "fail=X",
    "result=X",
    "truncate=1",
    "invalid_json",
    "html",
    "answer_twice",
    "late_commit=1",
];

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/emulator.md");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn the_document_tells_the_whole_control_api() {
    let emulator = Emulator::start().await.unwrap();
    let index: Vec<Value> = serde_json::from_str(&get(&emulator, "/_ctl/v1").await.1).unwrap();
    let document = document();
    let (_, table) = document.split_once("<!-- control -->\n").unwrap();
    let (table, _) = table.split_once("<!-- end of control -->").unwrap();
    // Code in the words of the index stands between backquotes here.
    let told: Vec<String> = table.lines().skip(2).map(|row| row.replace('`', "")).collect();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let known: Vec<String> = index
        .iter()
        .map(|entry| {
            let path = text(entry, "path").replace("/_ctl/v1", "");
            format!("| {} {path} | {} |", text(entry, "method"), text(entry, "does")).replace('`', "")
        })
        .collect();
    assert_eq!(told, known);
}

#[tokio::test]
async fn the_document_tells_every_variable_rule_and_moment() {
    let emulator = Emulator::start().await.unwrap();
    let document = document();
    for (name, _) in emulator.environment() {
        assert!(document.contains(&format!("`{name}`")), "{name}");
    }
    let words = Moment::ALL.into_iter().map(Moment::as_str).chain(ait_emulator::api::Violation::RULES);
    for word in words.chain(ALL_EFFECTS.map(|effect| effect.split('=').next().unwrap())) {
        assert!(document.contains(&format!("`{word}`")), "{word}");
    }
}
