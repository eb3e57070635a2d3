//! The `Authorization` header of callbacks.

use ait_iap::{
    ait_core::{Kind, Secret},
    webhook::Credential,
};

const VALUE: &str = "subscriptions:s3cret-CANARY";
/// `printf %s 'subscriptions:s3cret-CANARY' | base64`
const ENCODED: &str = "c3Vic2NyaXB0aW9uczpzM2NyZXQtQ0FOQVJZ";

fn accepts(header: &str) -> bool {
    Credential::new(VALUE).unwrap().accepts(Some(header))
}

#[test]
fn the_value_counts_and_not_the_scheme() {
    for value in [VALUE, ENCODED] {
        for scheme in ["Basic", "Bearer", "basic", "BEARER"] {
            assert!(accepts(&format!("{scheme} {value}")), "{scheme} {value}");
            assert!(accepts(&format!(" {scheme}   {value} ")), "{scheme} {value}");
        }
        for header in
            [format!("Digest {value}"), value.to_owned(), format!("Basic{value}"), format!("Basic\t{value}")]
        {
            assert!(!accepts(&header), "{header}");
        }
    }
}

#[test]
fn nothing_else_is_accepted() {
    let credential = Credential::new(VALUE).unwrap();
    assert!(!credential.accepts(None));
    let mut wrong = vec![String::new(), "Basic".into(), "Basic ".into(), "Basic  ".into(), "Basic x".into()];
    for value in [VALUE, ENCODED] {
        // Every proper beginning and end, every single changed character, and the value with something after it.
        for at in 0..value.len() {
            wrong.push(format!("Basic {}", &value[..at]));
            wrong.push(format!("Basic {}", &value[at + 1..]));
            let mut changed = value.as_bytes().to_vec();
            changed[at] ^= 1;
            wrong.push(format!("Basic {}", String::from_utf8(changed).unwrap()));
        }
        wrong.extend([
            format!("Basic {value}x"),
            format!("Basic {value}{value}"),
            format!("Basic Basic {value}"),
        ]);
        wrong.push(format!("Basic {}", value.to_uppercase()));
    }
    for header in wrong {
        assert!(!credential.accepts(Some(&header)), "{header:?}");
    }
}

#[test]
fn blanks_around_the_value_do_not_count() {
    for value in [
        "subscriptions:s3cret-CANARY\n",
        " subscriptions:s3cret-CANARY\r\n",
        "\u{feff}subscriptions:s3cret-CANARY",
    ] {
        let credential = Credential::new(value).unwrap();
        assert!(credential.accepts(Some(&format!("Basic {VALUE}"))), "{value:?}");
        assert!(credential.accepts(Some(&format!("Basic {ENCODED}"))), "{value:?}");
    }
    for blank in ["", " ", "\n", "\u{feff}\n"] {
        let error = Credential::new(blank).unwrap_err();
        assert_eq!(error.kind(), Kind::Config, "everybody would be accepted");
        assert!(error.to_string().starts_with("authorization: must not be blank"), "{error}");
    }
}

#[test]
fn the_value_is_not_shown() {
    let credential = Credential::new(Secret::from(VALUE)).unwrap();
    let shown = format!("{credential:?} {credential:#?}");
    assert!(!shown.contains("CANARY") && !shown.contains(ENCODED), "{shown}");
}
