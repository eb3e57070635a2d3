//! Terms, and agreeing to them.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{BrandPay, customer::check_key, gate::Caller};
use crate::api::{Answer, Basis, Context, Rng, Time, context::Result, store::Record, switches::ScopeForm};

const DOC: Basis = Basis::Documented("docs/api/brandpay.md#terms");
const SCOPES: [&str; 4] = ["REGISTER", "ACCOUNT", "BILLING", "CARD"];

/// Terms that customers agree to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Term {
    /// The id.
    pub id: i64,
    /// `REGISTER`, `ACCOUNT`, `BILLING` or `CARD`.
    pub scope: String,
    /// The title.
    pub title: String,
    /// The version.
    pub version: String,
    /// Where the text is.
    pub url: String,
    /// Whether agreement is compulsory.
    pub required: bool,
}

impl Term {
    /// Terms that have to be agreed to.
    #[must_use]
    pub fn new(id: i64, scope: &str, title: &str, page: &str) -> Self {
        Self {
            id,
            scope: scope.to_owned(),
            title: title.to_owned(),
            version: "1.0".to_owned(),
            url: format!("https://pages.tosspayments.com/terms/{page}"),
            required: true,
        }
    }

    /// The four of the sample, and one for each kind of method.
    pub(super) fn usual() -> Vec<Self> {
        vec![
            Self::new(1, "REGISTER", "브랜드페이 서비스 이용약관", "brandpay/service"),
            Self::new(2, "REGISTER", "전자금융거래 기본약관", "user"),
            Self::new(3, "REGISTER", "개인정보 수집 및 이용 동의", "brandpay/privacy"),
            Self::new(4, "REGISTER", "개인정보 제3자 제공 동의", "brandpay/privacy3"),
            Self::new(5, "CARD", "카드 결제 이용약관", "brandpay/card"),
            Self::new(6, "ACCOUNT", "계좌 결제 이용약관", "brandpay/account"),
            Self::new(7, "BILLING", "자동결제 이용약관", "brandpay/billing"),
        ]
    }
}

/// A code that can be exchanged for an access token, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AuthorizationCode {
    /// The customer who agreed.
    pub customer: String,
    /// When it was made.
    pub at: Time,
    /// What was agreed to.
    #[serde(default)]
    pub agreed: BTreeSet<i64>,
    /// Whether the person was identified on the way.
    #[serde(default)]
    pub identified: bool,
}

/// The name of a code: its customer.
pub(super) const CUSTOMER: &str = "customer";

impl Record for AuthorizationCode {
    fn names(&self) -> Vec<(&'static str, String)> {
        vec![(CUSTOMER, self.customer.clone())]
    }
}

impl BrandPay {
    /// What `redirectUrl` brings after the buyer has identified and agreed in the browser: a code.
    pub fn redirect_code(&mut self, customer: impl Into<String>, now: Time, rng: &mut Rng) -> String {
        let agreed = self.terms.iter().map(|term| term.id).collect();
        self.code(AuthorizationCode { customer: customer.into(), at: now, agreed, identified: true }, rng)
    }

    fn code(&mut self, code: AuthorizationCode, rng: &mut Rng) -> String {
        let text = rng.alphanumeric(24);
        self.codes.insert(text.clone(), code);
        text
    }

    /// What a customer has agreed to, also if the agreement was not exchanged for a token yet.
    fn agreed(&self, customer: &str) -> BTreeSet<i64> {
        let mut agreed = self.customers.get(customer).map(|known| known.agreed.clone()).unwrap_or_default();
        let open = self.codes.named(CUSTOMER, customer).into_iter().filter_map(|code| self.codes.get(code));
        agreed.extend(open.flat_map(|code| &code.agreed));
        agreed
    }
}

/// `GET terms`.
pub(super) fn list(context: &mut Context<'_>, _: &Caller) -> Result {
    let (mut customer, mut repeated) = (None, Vec::new());
    for pair in context.request.query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
        match name {
            "customerKey" => customer = Some(value),
            "scope" => repeated.push(value),
            _ => {}
        }
    }
    let Some(customer) = customer else {
        return Err(context.flat_because("INVALID_REQUEST", "customerKey is required", DOC));
    };
    check_key(context, &customer)?;
    let scopes = match context.switches.terms_scopes {
        ScopeForm::Repeated => repeated,
        ScopeForm::Comma if repeated.len() > 1 => {
            let basis = Basis::Assumed("terms_scopes");
            return Err(context.flat_because("INVALID_REQUEST", "scope is there twice", basis));
        }
        ScopeForm::Either | ScopeForm::Comma => split(&repeated),
    };
    check_scopes(context, &scopes)?;
    let agreed = context.world.brandpay.agreed(&customer);
    let listed = |term: &&Term| {
        scopes.contains(&term.scope) && (context.switches.list_agreed_terms || !agreed.contains(&term.id))
    };
    let told = |term: &Term| {
        json!({
            "id": term.id, "title": term.title, "version": term.version, "url": term.url,
            "required": term.required, "agreed": agreed.contains(&term.id),
        })
    };
    let terms: Vec<Value> = context.world.brandpay.terms.iter().filter(listed).map(told).collect();
    Ok(Answer::json(200, &terms, DOC))
}

fn split(scopes: &[String]) -> Vec<String> {
    scopes.iter().flat_map(|scope| scope.split(',')).map(str::to_owned).collect()
}

/// At most two: membership and one kind of method.
fn check_scopes(context: &Context<'_>, scopes: &[String]) -> Result<()> {
    let known = scopes.iter().all(|scope| SCOPES.contains(&scope.as_str()));
    let memberships = scopes.iter().filter(|scope| *scope == "REGISTER").count();
    if known && matches!((scopes.len(), memberships), (1, _) | (2, 1)) {
        return Ok(());
    }
    let why = "scope is REGISTER, ACCOUNT, BILLING or CARD; two are REGISTER and another one";
    Err(context.flat_because("INVALID_REQUEST", why, DOC))
}

/// `POST terms/agree`.
pub(super) fn agree(context: &mut Context<'_>, _: &Caller) -> Result {
    let body = context.members()?;
    let customer = body.needed("customerKey", usize::MAX)?;
    let scopes: Vec<String> = match body.get("scope") {
        Some(scopes) => serde_json::from_value(scopes.clone())
            .or_else(|_| body.refuse("scope", "must be a list of strings"))?,
        None => return body.refuse("scope", "is required"),
    };
    let ids: Option<BTreeSet<i64>> = match body.get("termsId") {
        Some(ids) => serde_json::from_value(ids.clone())
            .map(Some)
            .or_else(|_| body.refuse("termsId", "must be a list of integers"))?,
        None => None,
    };
    check_key(context, &customer)?;
    check_scopes(context, &scopes)?;
    let terms: Vec<&Term> =
        context.world.brandpay.terms.iter().filter(|term| scopes.contains(&term.scope)).collect();
    // Without a list all of them are agreed to.
    let agreed = ids.unwrap_or_else(|| terms.iter().map(|term| term.id).collect());
    let basis = Basis::Assumed("termsId names all required terms of the scopes, and no others");
    if let Some(strange) = agreed.iter().find(|id| !terms.iter().any(|term| term.id == **id)) {
        let why = format!("termsId {strange} is not of these scopes");
        return Err(context.flat_because("INVALID_REQUEST", &why, basis));
    }
    let before = context.world.brandpay.agreed(&customer);
    let missing = |term: &&&Term| term.required && !agreed.contains(&term.id) && !before.contains(&term.id);
    if let Some(term) = terms.iter().find(missing) {
        let why = format!("termsId {} is required", term.id);
        return Err(context.flat_because("INVALID_REQUEST", &why, basis));
    }
    let code = AuthorizationCode { customer, at: context.now, agreed, identified: false };
    let code = context.world.brandpay.code(code, context.rng);
    Ok(Answer::json(200, &json!({"code": code}), Basis::Documented("docs/api/brandpay.md#agree-to-terms")))
}
