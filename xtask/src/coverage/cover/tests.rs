use super::{Cover, Row};
use crate::coverage::model::Model;

/// A shop with one call.
const SHOP: &str = r#"
pub struct Make { user: User, #[serde(flatten)] body: Body }
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body { order_no: OrderNo, amount: Krw, amount_vat: Option<Krw>, #[serde(rename = "type")] kind: Kind }
impl Make {
    /// Of this `type`.
    pub fn new(order_no: OrderNo, amount: Krw) -> Self { todo() }
    /// The tax: `amountVat`.
    pub fn tax(mut self, tax: Krw) -> Self { self }
}
impl Endpoint for Make {
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/make/{orderNo}";
    type Response = Vec<Made>;
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    #[serde(default)]
    pub state: State,
    #[serde(rename = "paidV2", alias = "paid")]
    pub paid_v2: Option<Box<Part>>,
}
#[derive(Deserialize)]
pub struct Part { pub amount: Krw, pub state: State }
ait_core::open_enum! {
    /// How it stands.
    pub enum State {
        /// Open.
        Open = "OPEN" => "열림",
        Done = "DONE",
    }
}
open_enum! { pub enum Kind { One = "ONE" } }
"#;

const PAGE: &str = "\
## Make

`POST https://shop.im/v1/make/{orderNo}` – 200

### Request

<!-- models: shop::Make -->
| Field | Type | Meaning |
|---|---|---|
| `orderNo`, `amount` | text | |
| `amountVat` | won | see `orderNo` |
| `type` | text | `ONE`, and not `one` |

### Response

<!-- models: shop::Made -->
| Field | Type | Meaning |
|---|---|---|
| `state` | text | `OPEN`, `DONE` |
| `paidV2` | object | `amount`, `state` (`OPEN`) |

| Topic | x |
|---|---|
| `not` | y |
";

fn cover(page: &str) -> (Vec<Row>, Vec<String>) {
    let model = Model::of_text("shop", SHOP);
    let mut cover = Cover::new(&model, &[], &[], &[]);
    let rows = cover.page("shop", page);
    (rows, cover.finish())
}

#[test]
fn each_name_stands_beside_its_item() {
    let (rows, problems) = cover(PAGE);
    assert_eq!(problems, Vec::<String>::new());
    let rows: Vec<_> =
        rows.iter().map(|row| (row.section.as_str(), row.name.as_str(), row.item.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("Make", "POST /v1/make/{orderNo}", "`shop::Make`"),
            ("Make", "orderNo", "`shop::Make::new(order_no)`"),
            ("Make: Request", "orderNo", "`shop::Make::new(order_no)`"),
            ("Make: Request", "amount", "`shop::Make::new(amount)`"),
            ("Make: Request", "amountVat", "`shop::Make::tax`"),
            ("Make: Request", "type", "`shop::Make::new`"),
            ("Make: Request", "ONE", "`shop::Kind::One`"),
            ("Make: Response", "state", "`shop::Made::state`"),
            ("Make: Response", "OPEN", "`shop::State::Open`"),
            ("Make: Response", "DONE", "`shop::State::Done`"),
            ("Make: Response", "paidV2", "`shop::Made::paid_v2`"),
            ("Make: Response", "amount", "`shop::Part::amount`"),
            ("Make: Response", "state", "`shop::Part::state`"),
        ]
    );
}

#[test]
fn what_only_one_side_has_is_told() {
    for (from, to, problem) in [
        ("/v1/make/{orderNo}`", "/v1/take`", "no crate has POST /v1/take"),
        ("`orderNo`, `amount`", "`orderNo`, `sum`", "`sum`: shop::Make has no such field"),
        ("`orderNo`, `amount`", "`orderNo`", "no page documents it: `amount` of shop::Make"),
        ("`OPEN`, `DONE`", "`OPEN`, `GONE`", "`GONE`: shop::State has no such value"),
        ("`OPEN`, `DONE`", "`OPEN`", "no page documents it: `DONE` of shop::State"),
        ("`amount`, `state` (`OPEN`)", "`state`", "no page documents it: `amount` of shop::Part"),
        ("`amount`, `state` (`OPEN`)", "`amount`, `state` (`SHUT`)", "`SHUT`: shop::State has no such value"),
        (
            "`POST https://shop.im/v1/make/{orderNo}` – 200",
            "",
            "no page documents it: POST /v1/make/{orderNo}",
        ),
        (
            "`POST https://shop.im/v1/make/{orderNo}`",
            "`DELETE https://shop.im/v1/make/{orderNo}`",
            "no crate has DELETE",
        ),
        ("<!-- models: shop::Made -->", "", "the table \"Field\" does not say what models it"),
        ("models: shop::Made ", "models: shop::Mode ", "there is no public type shop::Mode"),
        ("models: shop::Made ", "models: shop::Made; shop::Made; shop::Made ", "2 rows, and 3 types"),
        ("models: shop::Made ", "models: by name ", "`state`: no item is known for this name"),
    ] {
        assert!(PAGE.contains(from));
        let (_, problems) = cover(&PAGE.replacen(from, to, 1));
        assert!(problems.iter().any(|found| found.contains(problem)), "{problem}: {problems:?}");
    }
    let (_, problems) = cover("");
    assert!(problems.iter().any(|found| found.ends_with("`state` of shop::Made")), "{problems:?}");
}

#[test]
fn what_serde_says_counts() {
    for (from, to, problem) in [
        (
            "#[serde(default)]\n    pub state",
            "#[serde(skip)]\n    pub state",
            "`state`: shop::Made has no such field",
        ),
        (
            "rename = \"paidV2\", alias",
            "rename(deserialize = \"paidV3\", serialize = \"paidV2\"), alias",
            "`paidV2`: shop::Made",
        ),
    ] {
        let shop = SHOP.replace(from, to);
        assert_ne!(shop, SHOP);
        let model = Model::of_text("shop", &shop);
        let mut cover = Cover::new(&model, &[], &[], &[]);
        cover.page("shop", PAGE);
        let problems = cover.finish();
        assert!(problems.iter().any(|found| found.contains(problem)), "{problems:?}");
    }
}

#[test]
fn a_setter_names_its_field() {
    let shop = SHOP.replace("The tax: `amountVat`.", "The tax.");
    let model = Model::of_text("shop", &shop);
    let mut cover = Cover::new(&model, &[], &[], &[]);
    cover.page("shop", PAGE);
    let problem = "no function of shop::Make says in its documentation that it sets `amountVat`";
    assert!(cover.finish().iter().any(|found| found.ends_with(problem)));
}

#[test]
fn an_exception_has_a_reason_and_a_need() {
    let page = PAGE.replacen("| `amountVat` |", "| `old` | text | |\n| `amountVat` |", 1);
    let model = Model::of_text("shop", SHOP);
    let exceptions = [("shop", "old", "gone"), ("shop", "older", "gone too")];
    let ours = [("shop::Part", "amount", "documented, in fact")];
    let names = [("x", "`shop::Make::new`"), ("y", "`shop::Make::old`")];
    let mut cover = Cover::new(&model, &exceptions, &ours, &names);
    let rows = cover.page("shop", &page);
    assert!(rows.iter().any(|row| row.name == "old" && row.item == "none: gone"));
    assert_eq!(
        cover.finish(),
        [
            "`y`: there is no shop::Make::old",
            "docs/api/shop.md: `older` needs no exception",
            "`amount` of shop::Part needs no exception",
        ]
    );
}

#[test]
fn columns_rows_and_paragraphs() {
    let page = format!(
        "{PAGE}\n## Columns\n\n<!-- models: shop::Made -->\n| `state` | `paidV2` |\n|---|---|\n| `DONE` | `amount` |\n\n\
         ## Rows\n\n<!-- models: shop::State; by name -->\n| Code |\n|---|\n| OPEN |\n| `y` |\n\n\
         ## Text\n\n<!-- models: shop::State -->\nBoth `OPEN` and\n`DONE`, not `this`.\n\n\
         ## Query\n\n<!-- models: shop::Part -->\n| Event | Query |\n|---|---|\n| `e` | `amount=1` |\n"
    );
    let model = Model::of_text("shop", SHOP);
    let mut cover = Cover::new(&model, &[], &[], &[("y", "why")]);
    let rows = cover.page("shop", &page);
    assert_eq!(cover.finish(), Vec::<String>::new());
    let last: Vec<_> = rows.iter().skip(13).map(|row| (row.section.as_str(), row.name.as_str())).collect();
    assert_eq!(
        last,
        [
            ("Columns", "state"),
            ("Columns", "DONE"),
            ("Columns", "paidV2"),
            ("Columns", "amount"),
            ("Rows", "OPEN"),
            ("Rows", "y"),
            ("Text", "OPEN"),
            ("Text", "DONE"),
            ("Query", "amount"),
        ]
    );
}
