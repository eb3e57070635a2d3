//! `POST /terms/agree`: agrees to terms for a customer.

use std::time::Duration;

use ait_core::{Endpoint, Error, Flat, Host, IdempotencyKey, Safety, Secret};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CustomerKey, HOST, Scope, Terms};

/// Agrees to terms. The answer is a temporary code, to be exchanged for an access token by
/// [`IssueAccessToken::with_code`](crate::IssueAccessToken::with_code). Its lifetime is not published.
///
/// About the key see [`idempotency`](crate::idempotency).
///
/// Documented: official BrandPay reference, "약관 동의".
///
/// # When the outcome is unknown
///
/// After a lost answer, a 5xx, a 409 or a 429 repeat it with the same key, which gives the code; after any other 4xx
/// that only repeats the error, and another try, which does no harm, needs a new key. [`Terms`] tells whether the
/// customer has agreed: [`Term::agreed`](crate::Term::agreed).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::agree_terms"]
pub struct AgreeTerms {
    idempotency_key: IdempotencyKey,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    customer_key: CustomerKey,
    scope: Vec<Scope>,
    #[serde(default, deserialize_with = "crate::form::scalars", skip_serializing_if = "Vec::is_empty")]
    terms_id: Vec<i64>,
}

impl AgreeTerms {
    /// Agrees to the terms of these scopes: `scope`. One, or membership ([`Scope::Register`]) and one kind of method. They
    /// travel as a list, which is the form from version `2022-11-16` on; before, it was one text.
    ///
    /// # Errors
    ///
    /// If there is no scope, or there are more than two, the same twice, or two kinds of method.
    pub fn new(
        key: IdempotencyKey,
        customer_key: CustomerKey,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Result<Self, Error> {
        let body = Body { customer_key, scope: scopes.into_iter().collect(), terms_id: Vec::new() };
        let request = Self { idempotency_key: key, body };
        request.check().map(|()| request)
    }

    /// The ids of the terms the customer has agreed to: `termsId`. Default: none are named.
    pub fn terms(mut self, ids: impl IntoIterator<Item = i64>) -> Self {
        self.body.terms_id = ids.into_iter().collect();
        self
    }
}

/// Agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AgreedTerms {
    /// The code to exchange for an access token.
    pub code: Secret,
}

impl Endpoint for AgreeTerms {
    const NAME: &'static str = "brandpay.agree_terms";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/terms/agree";
    const SAFETY: Safety<Self> =
        Safety::Keyed { key: |request| &request.idempotency_key, settled_by: Some(Terms::NAME) };
    const REFUSALS: &'static [&'static str] = crate::refusals::CUSTOMER;
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = AgreedTerms;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn check(&self) -> Result<(), Error> {
        self.body.customer_key.check()?;
        scopes(&self.body.scope)
    }

    fn secrets(&self) -> Vec<&str> {
        self.body.customer_key.quotations()
    }
}

/// One scope, or membership and one kind of method. Of a scope that this release does not know, nobody knows the kind.
pub(crate) fn scopes(scopes: &[Scope]) -> Result<(), Error> {
    let is_method = |scope: &Scope| scope.is_known() && *scope != Scope::Register;
    let rule = match scopes {
        [one, two] if one == two => "must not be the same twice; name it once".to_owned(),
        [one, two] if is_method(one) && is_method(two) => {
            format!("must be REGISTER and one kind of method, are {one} and {two}; make a call for each")
        }
        [_] | [_, _] => return Ok(()),
        _ => {
            let found = scopes.len();
            format!("must be one or two, has {found}; name membership, one kind of method, or both")
        }
    };
    Err(Error::invalid("scope", rule))
}
