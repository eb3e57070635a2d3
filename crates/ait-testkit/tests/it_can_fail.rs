//! What checks for others has to fail when it should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use ait_core::UserKey;
use ait_testkit::{
    Seen, fixture, fixtures, logged, names, one, places, read_both, with, without, without_nulls,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

fn fails<T>(check: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(check)).is_err()
}

#[test]
fn a_sample_of_a_kind_without_a_test_is_told() {
    let kinds = [".request", ".response", ".callback"];
    let names = fixtures("iap", ".request", &kinds);
    assert_eq!(names, ["iap/get-order-status.request"]);
    assert!(fixture(&names[0])["orderId"].is_string());
    assert!(fails(|| fixtures("iap", ".request", &kinds[..2])), "nothing looks at callbacks");
    assert!(fails(|| fixtures("iap", ".none", &kinds)), "a test over no sample tests nothing");
    assert!(fails(|| fixture("iap/none")));
}

#[test]
fn an_error_has_to_name_all_of_the_words() {
    let error = UserKey::from_text("").unwrap_err();
    let text = error.to_string();
    names(&error, &[&text]);
    assert!(fails(|| names(&error, &[&text, "words that nobody said"])));
    assert!(logged(&error).contains(&text));
}

#[test]
fn one_is_not_none() {
    assert!(fails(|| one(&Seen::default())));
}

#[test]
fn both_roads_have_to_lead_to_the_same_value() {
    #[derive(Serialize, Deserialize)]
    struct Named {
        name: String,
    }
    let value = json!({ "name": "x" });
    assert_eq!(read_both::<Named>(&value).unwrap(), value);
    assert!(read_both::<Named>(&json!({})).is_err());

    /// Borrows where it can, which only text allows.
    #[derive(Serialize)]
    struct Road(&'static str);
    impl<'de> Deserialize<'de> for Road {
        fn deserialize<D: serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
            struct Which;
            impl<'de> serde::de::Visitor<'de> for Which {
                type Value = Road;
                fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    to.write_str("text")
                }
                fn visit_borrowed_str<E>(self, _: &'de str) -> Result<Road, E> {
                    Ok(Road("text"))
                }
                fn visit_str<E>(self, _: &str) -> Result<Road, E> {
                    Ok(Road("tree"))
                }
            }
            value.deserialize_str(Which)
        }
    }
    assert!(fails(|| read_both::<Road>(&json!("x"))));
}

#[test]
fn places_are_those_of_members_and_elements_at_any_depth() {
    let value = json!({ "a": { "b": [1, null] }, "c": null });
    assert_eq!(places(&value, |_, _| true), ["/a", "/a/b", "/a/b/0", "/a/b/1", "/c"]);
    assert_eq!(places(&value, |path, _| path.len() == 1), ["/a", "/c"]);
    assert_eq!(places(&value, |_, value| value.is_null()), ["/a/b/1", "/c"]);
    assert_eq!(with(&value, "/a/b/0", json!(2)), json!({ "a": { "b": [2, null] }, "c": null }));
    assert_eq!(without(&value, "/a/b"), json!({ "a": {}, "c": null }));
    assert_eq!(without_nulls(&value), json!({ "a": { "b": [1, null] } }));
    assert!(fails(|| with(&value, "/d", json!(1))) && fails(|| without(&value, "/d")));
}
