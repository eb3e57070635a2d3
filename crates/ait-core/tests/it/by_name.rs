//! What should be an object and is a list, in either form of answers: no success, no refusal, and never a payment.

use std::{collections::BTreeMap, fmt, marker::PhantomData, time::Duration};

use crate::fixtures_support::{LISTED, Reply, SETTLED_BY, answered};
use ait_core::{
    Dialect, Endpoint, Envelope, Error, Flat, Host, Kind, Krw, Outcome, Safety, http::Method, lenient,
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{Value, json, value::RawValue};

/// A call that moves money, with answers of this form.
struct Pay<D, T>(PhantomData<fn() -> (D, T)>);

impl<D: Dialect, T: DeserializeOwned> Endpoint for Pay<D, T> {
    const NAME: &'static str = "demo.pay";
    const METHOD: Method = Method::POST;
    const HOST: Host = Host::APPS_IN_TOSS;
    const PATH: &'static str = "/pay";
    const SAFETY: Safety<Self> = Safety::Once { settled_by: SETTLED_BY };
    const REFUSALS: &'static [&'static str] = &[LISTED];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = D;
    type Response = T;

    fn body(&self) -> Option<impl serde::Serialize> {
        None::<()>
    }
}

async fn sent<D: Dialect, T: DeserializeOwned + Send>(status: u16, body: &str) -> Result<T, Error> {
    answered(Pay::<D, T>(PhantomData), Reply::new(status, body)).await
}

/// The same payload in each of the forms that carry one.
async fn told<T: DeserializeOwned + Send>(payload: &str) -> [(&'static str, Result<T, Error>); 3] {
    let success = format!(r#"{{"resultType":"SUCCESS","success":{payload}}}"#);
    let result = format!(r#"{{"resultType":"SUCCESS","result":{payload}}}"#);
    [
        ("success", sent::<Envelope, T>(200, &success).await),
        ("result", sent::<Envelope, T>(200, &result).await),
        ("flat", sent::<Flat, T>(200, payload).await),
    ]
}

async fn reads<T>(payload: &str, expected: &T)
where
    T: DeserializeOwned + Send + fmt::Debug + PartialEq,
{
    for (form, answer) in told::<T>(payload).await {
        assert_eq!(&answer.unwrap(), expected, "{form}: {payload}");
    }
}

/// What was done is not made up: it was done if the answer says so in words, and unknown where a status is all there is.
/// `at` is the place inside the payload.
async fn is_not_made_up<T: DeserializeOwned + Send + fmt::Debug>(payload: &str, at: &str) {
    for (form, answer) in told::<T>(payload).await {
        let error = answer.expect_err(&format!("{form}: {payload}"));
        let outcome = if form == "flat" { Outcome::Unknown } else { Outcome::Done };
        assert_eq!((error.kind(), error.outcome()), (Kind::Decode, outcome), "{form}: {payload}");
        assert!(!error.is_safe_to_resend(), "{form}: {payload}");
        assert_eq!(error.settled_by(), Some(SETTLED_BY), "{form}: {payload}");
        let place = match (form, at) {
            ("flat", at) => format!("at `{at}`"),
            (_, ".") => "at `success`".to_owned(),
            (_, at) => format!("at `success.{at}`"),
        };
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.starts_with(&place) && !source.contains("DONE"), "{form}: {payload}: {source}");
    }
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Payment {
    payment_key: String,
    order_id: String,
    status: Status,
    #[serde(default, deserialize_with = "lenient::optional")]
    amount: Option<Krw>,
    card: Option<Card>,
    #[serde(default, deserialize_with = "lenient::optional_object")]
    easy_pay: Option<Card>,
    #[serde(default, deserialize_with = "lenient::list")]
    cancels: Vec<Cancel>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
struct Card {
    number: Option<String>,
    owner: Option<Box<Card>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Cancel {
    amount: Krw,
}

ait_core::open_enum! {
    /// How far a payment is.
    enum Status {
        /// Paid.
        Done = "DONE",
    }
}

fn payment() -> Payment {
    Payment {
        payment_key: "pk".to_owned(),
        order_id: "order".to_owned(),
        status: Status::Done,
        amount: None,
        card: None,
        easy_pay: None,
        cancels: Vec::new(),
    }
}

fn with(more: &str) -> String {
    format!(r#"{{"paymentKey":"pk","orderId":"order","status":"DONE"{more}}}"#)
}

#[tokio::test]
async fn a_list_is_no_payment() {
    reads(&with(""), &payment()).await;
    for list in [
        r#"["pk","order","DONE"]"#,
        r#"["pk","order","DONE",null,null,null,[]]"#,
        r#" ["pk","order","DONE"]"#,
        "[]",
        "[[]]",
    ] {
        is_not_made_up::<Payment>(list, ".").await;
    }
    is_not_made_up::<Payment>(&format!("[{}]", with("")), ".").await;
}

#[derive(Debug, Default, Deserialize, PartialEq)]
struct Nothing {}

#[tokio::test]
async fn an_empty_list_is_no_empty_answer() {
    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Optional {
        note: Option<String>,
    }
    reads("{}", &Optional::default()).await;
    reads("{}", &Nothing {}).await;
    reads("null", &()).await;
    reads("null", &None::<Optional>).await;
    is_not_made_up::<Optional>("[]", ".").await;
    is_not_made_up::<Nothing>("[]", ".").await;
    is_not_made_up::<Option<Optional>>("[]", ".").await;
    is_not_made_up::<()>("[]", ".").await;
}

#[tokio::test]
async fn members_at_any_depth_are_read_by_name() {
    let card = |owner| Card { number: Some("1".to_owned()), owner };
    let deep = Payment { card: Some(card(Some(Box::new(card(None))))), ..payment() };
    reads(&with(r#","card":{"number":"1","owner":{"number":"1"}}"#), &deep).await;
    let easy = Payment { easy_pay: Some(card(None)), ..payment() };
    reads(&with(r#","easyPay":{"number":"1"}"#), &easy).await;
    is_not_made_up::<Payment>(&with(r#","card":["1",null]"#), "card").await;
    is_not_made_up::<Payment>(&with(r#","card":{"owner":["1",null]}"#), "card.owner").await;
    is_not_made_up::<Payment>(&with(r#","easyPay":["1",null]"#), "easyPay").await;
    is_not_made_up::<Payment>(&with(r#","easyPay":{"owner":["1",null]}"#), "easyPay.owner").await;
}

#[tokio::test]
async fn elements_of_lists_are_read_by_name() {
    let one = || Cancel { amount: Krw::new(1) };
    reads("[]", &Vec::<Cancel>::new()).await;
    reads(r#"[{"amount":1},{"amount":"1"}]"#, &vec![one(), one()]).await;
    reads(r#"[[{"amount":1}]]"#, &vec![vec![one()]]).await;
    let canceled = Payment { cancels: vec![one()], amount: Some(Krw::new(1)), ..payment() };
    reads(&with(r#","amount":"1","cancels":[{"amount":1.0}]"#), &canceled).await;
    is_not_made_up::<Vec<Cancel>>("[[1]]", "[0]").await;
    is_not_made_up::<Vec<Cancel>>(r#"[{"amount":1},[1]]"#, "[1]").await;
    is_not_made_up::<Vec<Vec<Cancel>>>("[[[1]]]", "[0][0]").await;
    is_not_made_up::<Payment>(&with(r#","cancels":[[1]]"#), "cancels[0]").await;
}

#[tokio::test]
async fn every_other_shape_is_read_as_before() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Won(Krw);
    #[derive(Debug, Deserialize, PartialEq)]
    struct Wrapped(Cancel);
    #[derive(Debug, Deserialize, PartialEq)]
    struct Pair(Krw, Cancel);
    #[derive(Debug, Deserialize, PartialEq)]
    struct Unit;

    let one = || Cancel { amount: Krw::new(1) };
    reads("1", &Won(Krw::new(1))).await;
    reads(r#"{"amount":1}"#, &Wrapped(one())).await;
    reads(r#"[1,{"amount":1}]"#, &Pair(Krw::new(1), one())).await;
    reads(r#"["a",true,-1,1.5]"#, &("a".to_owned(), true, -1_i8, 1.5_f32)).await;
    reads("null", &Unit).await;
    reads(r#""가""#, &'가').await;
    reads("[170141183460469231731687303715884105727]", &[i128::MAX]).await;
    reads(r#"{"7":{"amount":1}}"#, &BTreeMap::from([(7_u16, one())])).await;
    reads(r#""NEW""#, &Status::from("NEW")).await;
    reads("17", &Status::from("17")).await;
    reads("0.25", &Value::from(0.25)).await;
    let anything = json!({ "a": [1, -1, 1.5, true, null, "x", [{}], { "b": [] }] });
    reads(&anything.to_string(), &anything).await;
    is_not_made_up::<Wrapped>("[1]", ".").await;
    is_not_made_up::<Pair>("[1,[1]]", "[1]").await;
    is_not_made_up::<(Cancel,)>("[[1]]", "[0]").await;
    is_not_made_up::<BTreeMap<String, Cancel>>(r#"{"a":[1]}"#, "a").await;
}

#[tokio::test]
async fn what_is_not_looked_into_stays_as_it_came() {
    #[derive(Debug, Deserialize)]
    struct Aside {
        skipped: IgnoredAny,
        raw: Box<RawValue>,
    }
    for payload in [r#"{"skipped":[[],{}],"raw":[ 1, {"a":[]} ]}"#, r#"{"raw":[ 1, {"a":[]} ],"skipped":{}}"#]
    {
        for (form, answer) in told::<Aside>(payload).await {
            let Aside { skipped: IgnoredAny, raw } = answer.unwrap();
            assert_eq!(raw.get(), r#"[ 1, {"a":[]} ]"#, "{form}");
        }
    }
}

#[tokio::test]
async fn flattened_members_are_still_read() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Outer {
        id: String,
        #[serde(flatten)]
        cancel: Cancel,
        #[serde(flatten)]
        note: Option<Nothing>,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    let outer = Outer {
        id: "x".to_owned(),
        cancel: Cancel { amount: Krw::new(1) },
        note: Some(Nothing {}),
        rest: BTreeMap::from([("more".to_owned(), json!([1]))]),
    };
    reads(r#"{"id":"x","amount":"1","more":[1]}"#, &outer).await;
    is_not_made_up::<Outer>(r#"["x",1]"#, ".").await;
    is_not_made_up::<Outer>(r#"[["id","x"],["amount",1]]"#, ".").await;
}

#[tokio::test]
async fn variants_are_read_by_name_too() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Method {
        Cash,
        Card(Card),
        Both(Krw, Card),
        Split { won: Krw, card: Card },
    }
    reads(r#""cash""#, &Method::Cash).await;
    reads(r#"{"card":{}}"#, &Method::Card(Card::default())).await;
    reads(r#"{"both":[1,{}]}"#, &Method::Both(Krw::new(1), Card::default())).await;
    let split = Method::Split { won: Krw::new(1), card: Card::default() };
    reads(r#"{"split":{"won":1,"card":{}}}"#, &split).await;
    is_not_made_up::<Method>(r#"{"card":["1",null]}"#, "card").await;
    is_not_made_up::<Method>(r#"{"both":[1,["1",null]]}"#, "both[1]").await;
    is_not_made_up::<Method>(r#"{"split":[1,{}]}"#, "split").await;
    is_not_made_up::<Method>(r#"{"split":{"won":1,"card":["1",null]}}"#, "split.card").await;
}

#[tokio::test]
async fn a_list_is_no_envelope_and_no_refusal() {
    for (status, body) in [
        (200, r#"["SUCCESS",{"paymentKey":"pk","orderId":"order","status":"DONE"},null]"#),
        (200, r#"["FAIL",null,null,{"errorCode":"4010"},null,null,null,null,null]"#),
        (400, r#"["FAIL",null,null,{"errorCode":"4010"},null,null,null,null,null]"#),
    ] {
        let error = sent::<Envelope, Payment>(status, body).await.unwrap_err();
        let found = (error.kind(), error.outcome(), error.code());
        assert_eq!(found, (Kind::Decode, Outcome::Unknown, None), "{body}");
    }
    for body in [format!(r#"["{LISTED}","안 됩니다.",null]"#), format!(r#"["{LISTED}"]"#)] {
        let error = sent::<Flat, Payment>(400, &body).await.unwrap_err();
        let found = (error.kind(), error.outcome(), error.code());
        assert_eq!(found, (Kind::Decode, Outcome::Unknown, None), "{body}");
    }
    let fail = r#"{"resultType":"FAIL","error":["4010","x"]}"#;
    let error = sent::<Envelope, Payment>(200, fail).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.code()), (Kind::Api, Outcome::Unknown, None));
}
