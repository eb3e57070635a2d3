//! What a hostile server says.

use serde_json::{Value, json};

use super::calls::Call;

/// The two forms of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Envelope,
    Flat,
}

/// Bodies in which nothing is documented that would prove anything about this call, each with a name.
pub(crate) fn bodies(call: Call) -> Vec<(String, Vec<u8>)> {
    let mut bodies: Vec<(String, Vec<u8>)> = [
        "",
        " ",
        "null",
        "true",
        "0",
        "\"\"",
        "\"SUCCESS\"",
        "[]",
        "{}",
        "[{}]",
        "SUCCESS",
        "OK",
        "<html><body>maintenance</body></html>",
        "<?xml version=\"1.0\"?><ok/>",
        "{\"status\":\"maintenance\"}",
        "{\"status\":\"DONE\"}",
        "{\"message\":\"words\"}",
        "{\"error\":{}}",
        "{\"error\":null}",
        "{\"resultType\":null}",
        "{\"resultType\":1}",
        "{\"resultType\":\"success\"}",
        "{\"resultType\":\"Success\",\"success\":{}}",
        "{\"result\":\"SUCCESS\"}",
        "{\"resultType\":\"FAIL\"}",
        "{\"resultType\":\"FAIL\",\"error\":null}",
        "{\"resultType\":\"FAIL\",\"error\":[]}",
        "{\"resultType\":\"FAIL\",\"error\":{}}",
        "{\"resultType\":\"FAIL\",\"error\":{\"reason\":\"words\"}}",
        "{\"code\":-1,\"msg\":\"words\"}",
        "{\"code\":0,\"msg\":\"words\"}",
        "{\"code\":\"CANARY_CODE_OF_NOBODY\",\"message\":\"CANARY\"}",
    ]
    .iter()
    .map(|body| ((*body).to_owned(), body.replace("CANARY_CODE_OF_NOBODY", "CODE_OF_NOBODY").into_bytes()))
    .collect();
    let mut add = |name: String, body: String| bodies.push((name, body.into_bytes()));
    let common = ["INVALID_PARAMETER", "4010", "4050", "4095", "INVALID_API_KEY", "INVALID_REQUEST"];
    for code in call.refusals().iter().copied().chain(common) {
        // In the form of the other API, or in one of nobody.
        for (name, body) in [
            ("text", json!({ "resultType": "FAIL", "error": code })),
            ("beside", json!({ "resultType": "FAIL", "errorCode": code, "reason": "words" })),
            ("beside, short", json!({ "resultType": "FAIL", "code": code, "message": "words" })),
            ("list", json!({ "resultType": "FAIL", "error": [{ "errorCode": code }] })),
            ("in a list", json!([{ "resultType": "FAIL", "error": { "errorCode": code } }])),
            ("lower case", json!({ "resultType": "fail", "error": { "errorCode": code } })),
            ("another type", json!({ "resultType": "HTTP_TIMEOUT", "error": { "errorCode": code } })),
            (
                "with a payload",
                json!({ "resultType": "FAIL", "success": {}, "error": { "errorCode": code } }),
            ),
            ("without a type", json!({ "error": { "errorCode": code, "reason": "words" } })),
            ("bare", json!({ "errorCode": code, "reason": "words" })),
            ("two codes", json!({ "resultType": "FAIL", "error": { "errorCode": code, "code": "OTHER" } })),
            ("SUCCESS", json!({ "resultType": "SUCCESS", "error": { "errorCode": code } })),
        ] {
            add(format!("{code}: {name}"), body.to_string());
        }
        // The same member twice speaks against itself.
        add(
            format!("{code}: twice"),
            format!(r#"{{"resultType":"FAIL","error":{{"errorCode":"{code}","errorCode":"OTHER"}}}}"#),
        );
        if call.form() == Form::Envelope {
            add(format!("{code}: flat"), json!({ "code": code, "message": "words" }).to_string());
        } else {
            add(
                format!("{code}: envelope"),
                json!({ "resultType": "FAIL", "error": { "errorCode": code } }).to_string(),
            );
            add(format!("{code}: without a message"), json!({ "code": code }).to_string());
        }
    }
    let success = call.success().to_string();
    for end in [1, success.len() / 2, success.len() - 1] {
        add(format!("cut at {end}"), success[..end].to_owned());
    }
    add("twice".to_owned(), format!("{success}{success}"));
    add("with a byte order mark".to_owned(), format!("\u{feff}{success}"));
    add("text".to_owned(), Value::String(success.clone()).to_string());
    add("in a list".to_owned(), format!("[{success}]"));
    bodies.push(("half a character".to_owned(), [success.as_bytes(), b"\xec\x95"].concat()));
    bodies.push(("gzip".to_owned(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00".to_vec()));
    bodies
}

/// The answer with one member changed, at any depth.
pub(crate) fn mutations(form: Form, answer: &Value) -> Vec<(String, String)> {
    let values = [
        Value::Null,
        json!(""),
        json!("another"),
        json!("DONE"),
        json!("ABORTED"),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1_000),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!(["x"]),
        json!({ "code": "X", "message": "words" }),
    ];
    let mut mutations = Vec::new();
    for place in places(answer) {
        let mut without = answer.clone();
        remove(&mut without, &place);
        mutations.push((format!("without {place}"), without.to_string()));
        for value in &values {
            let mut changed = answer.clone();
            *changed.pointer_mut(&place).unwrap() = value.clone();
            // A type of answer that is none of a success is another trial.
            if place != "/resultType" {
                mutations.push((format!("{place} = {value}"), changed.to_string()));
            }
        }
    }
    let payload = if form == Form::Envelope { "/success" } else { "" };
    for (name, value) in [
        ("code", json!(1)),
        ("code", json!("1")),
        ("code", json!("REJECT")),
        ("errorCode", json!("REJECT")),
        ("message", json!("words")),
        ("failure", json!({ "code": "REJECT" })),
        ("status", json!("EXPIRED")),
    ] {
        for inside in [payload, ""] {
            let mut more = answer.clone();
            more.pointer_mut(inside).unwrap()[name] = value.clone();
            mutations.push((format!("{inside} has {name} = {value}"), more.to_string()));
        }
    }
    let mut both = answer.clone();
    both["code"] = json!("REJECT");
    both["message"] = json!("words");
    mutations.push(("a failure around it".to_owned(), both.to_string()));
    mutations
}

/// The places of all members, as JSON pointers.
fn places(value: &Value) -> Vec<String> {
    let mut places = Vec::new();
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, member)| (at.to_string(), member)).collect(),
        _ => Vec::new(),
    };
    for (name, member) in members {
        places.push(format!("/{name}"));
        places.extend(self::places(member).into_iter().map(|place| format!("/{name}{place}")));
    }
    places
}

fn remove(value: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.remove(name)),
        Value::Array(list) => drop(list.remove(name.parse().unwrap())),
        _ => {}
    }
}
