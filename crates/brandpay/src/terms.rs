//! `GET /terms`: which terms a customer has to agree to.

use std::{borrow::Cow, time::Duration};

use ait_core::{Endpoint, Error, Flat, Host, Safety, lenient};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CustomerKey, HOST, Scope, escape::escape};

/// Asks which terms a customer has to agree to, and whether they have.
///
/// At most two scopes: membership ([`Scope::Register`]) and one kind of method.
///
/// Documented: official BrandPay reference, "약관 조회". **How the query writes two scopes is not documented**: the key is
/// repeated here, `scope=REGISTER&scope=CARD`, and [`comma_joined`](Self::comma_joined) is the other form seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::terms"]
pub struct Terms {
    customer_key: CustomerKey,
    scope: Vec<Scope>,
    #[serde(default)]
    comma_joined: bool,
}

impl Terms {
    /// The terms of these scopes: `scope`.
    ///
    /// # Errors
    ///
    /// If there is no scope, or there are more than two, the same twice, or two kinds of method.
    pub fn new(customer_key: CustomerKey, scopes: impl IntoIterator<Item = Scope>) -> Result<Self, Error> {
        let request = Self { customer_key, scope: scopes.into_iter().collect(), comma_joined: false };
        request.check().map(|()| request)
    }

    /// Writes two scopes as `scope=REGISTER,CARD`, in case the server wants that.
    pub fn comma_joined(mut self) -> Self {
        self.comma_joined = true;
        self
    }
}

/// One of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Term {
    /// Its id, for [`AgreeTerms`](crate::AgreeTerms).
    #[serde(deserialize_with = "lenient::required")]
    pub id: i64,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its version.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where the whole text is.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether agreement is compulsory.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Whether the customer has agreed. The list may hold either.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub agreed: Option<bool>,
}

impl Endpoint for Terms {
    const NAME: &'static str = "brandpay.terms";
    const METHOD: Method = Method::GET;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/terms";
    const SAFETY: Safety<Self> = Safety::Read;
    const POOLED: bool = true;
    const REFUSALS: &'static [&'static str] = &[];
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = Vec<Term>;

    fn body(&self) -> Option<impl Serialize> {
        None::<()>
    }

    fn path(&self) -> Cow<'_, str> {
        let scopes: Vec<String> = self.scope.iter().map(|scope| escape(scope.as_str())).collect();
        let scopes = scopes.join(if self.comma_joined { "," } else { "&scope=" });
        Cow::Owned(format!(
            "{}?customerKey={}&scope={scopes}",
            Self::PATH,
            escape(self.customer_key.expose())
        ))
    }

    fn check(&self) -> Result<(), Error> {
        self.customer_key.check()?;
        crate::agree_terms::scopes(&self.scope)
    }

    fn secrets(&self) -> Vec<&str> {
        self.customer_key.quotations()
    }
}
