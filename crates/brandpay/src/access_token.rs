//! `POST /authorizations/access-token`: issues or renews the access token of a customer.

use std::time::Duration;

use ait_core::{Endpoint, Error, Flat, Host, IdempotencyKey, Safety, Secret, lenient, open_enum};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{CustomerKey, HOST};

/// Issues or renews the access token of a customer, which the calls with Bearer take.
///
/// With a code, a new customer gets a first token, and for a known one the *same* token lives longer. With a refresh token,
/// **both tokens are replaced**: store both new ones, or the next renewal fails.
///
/// Documented: official BrandPay reference, "Access Token 발급".
///
/// # When the outcome is unknown
///
/// After a renewal the old tokens may be dead already. After a lost answer, a 5xx, a 409 or a 429 repeat the same
/// request with the same key, which gives the new tokens of the first answer, for 15 days; after any other 4xx that
/// only repeats the error, and another try needs a new key. No call tells tokens, so
/// [`Error::settled_by`](ait_core::Error::settled_by) is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a request does nothing until it is handed to BrandPay::issue_access_token"]
pub struct IssueAccessToken {
    idempotency_key: IdempotencyKey,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    grant_type: GrantType,
    customer_key: CustomerKey,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    code: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional_object", skip_serializing_if = "Option::is_none")]
    customer_identity: Option<CustomerIdentity>,
}

open_enum! {
    /// With what a token is asked for: `grantType`.
    pub enum GrantType {
        /// A temporary code.
        AuthorizationCode = "AuthorizationCode",
        /// The refresh token of the last answer.
        RefreshToken = "RefreshToken",
    }
}

impl IssueAccessToken {
    /// `grantType` `AuthorizationCode`: with the code of [`AgreedTerms`](crate::AgreedTerms) or of [`redirect::Authorized`](crate::redirect::Authorized).
    pub fn with_code(key: IdempotencyKey, customer_key: CustomerKey, code: impl Into<Secret>) -> Self {
        let body = Body {
            grant_type: GrantType::AuthorizationCode,
            customer_key,
            code: Some(code.into()),
            refresh_token: None,
            customer_identity: None,
        };
        Self { idempotency_key: key, body }
    }

    /// `grantType` `RefreshToken`: with the refresh token of the last answer.
    pub fn with_refresh_token(
        key: IdempotencyKey,
        customer_key: CustomerKey,
        refresh_token: impl Into<Secret>,
    ) -> Self {
        let body = Body {
            grant_type: GrantType::RefreshToken,
            customer_key,
            code: None,
            refresh_token: Some(refresh_token.into()),
            customer_identity: None,
        };
        Self { idempotency_key: key, body }
    }

    /// What the shop knows about the person: `customerIdentity`. It fills in and checks the identification.
    pub fn customer_identity(mut self, identity: CustomerIdentity) -> Self {
        self.body.customer_identity = Some(identity);
        self
    }
}

/// What the shop knows about a person. `Debug` shows none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerIdentity {
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    ci: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    mobile_phone: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    name: Option<Secret>,
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    rrn: Option<Secret>,
}

impl CustomerIdentity {
    /// Nothing yet. With all four the person counts as identified.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The connecting information of the person: `ci`.
    #[must_use]
    pub fn ci(mut self, ci: impl Into<Secret>) -> Self {
        self.ci = Some(ci.into());
        self
    }

    /// The phone number: `mobilePhone`.
    #[must_use]
    pub fn mobile_phone(mut self, number: impl Into<Secret>) -> Self {
        self.mobile_phone = Some(number.into());
        self
    }

    /// The name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Secret>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The first seven digits of the resident number, date of birth and sex: `rrn`. Never more than seven.
    #[must_use]
    pub fn rrn(mut self, rrn: impl Into<Secret>) -> Self {
        self.rrn = Some(rrn.into());
        self
    }
}

/// The tokens of a customer. `Debug` shows none of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessToken {
    /// For the calls with Bearer.
    pub access_token: Secret,
    /// For the next renewal. Its lifetime is not published.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// Always `bearer`.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// The seconds for which the access token is good; 30 days in the sample.
    #[serde(default, deserialize_with = "lenient::optional", skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

impl Endpoint for IssueAccessToken {
    const NAME: &'static str = "brandpay.issue_access_token";
    const METHOD: Method = Method::POST;
    const HOST: Host = HOST;
    const PATH: &'static str = "/v1/brandpay/authorizations/access-token";
    const SAFETY: Safety<Self> = Safety::Keyed { key: |request| &request.idempotency_key, settled_by: None };
    const REFUSALS: &'static [&'static str] = crate::refusals::CUSTOMER;
    const DEADLINE: Duration = Duration::from_secs(20);
    type Dialect = Flat;
    type Response = AccessToken;

    fn body(&self) -> Option<impl Serialize> {
        Some(&self.body)
    }

    fn check(&self) -> Result<(), Error> {
        let body = &self.body;
        body.customer_key.check()?;
        let empty = |secret: &Option<Secret>| secret.as_ref().is_none_or(|secret| secret.expose().is_empty());
        match body.grant_type {
            GrantType::AuthorizationCode if empty(&body.code) => {
                let rule =
                    "must be given with this grant; take it from the redirect or the answer about terms";
                return Err(Error::invalid("code", rule));
            }
            GrantType::RefreshToken if empty(&body.refresh_token) => {
                let rule =
                    "must be given with this grant; take it from the last answer, or begin with a code";
                return Err(Error::invalid("refreshToken", rule));
            }
            _ => {}
        }
        let rrn = body.customer_identity.as_ref().and_then(|identity| identity.rrn.as_ref());
        match rrn.map(Secret::expose) {
            Some(rrn) if rrn.len() != 7 || !rrn.bytes().all(|byte| byte.is_ascii_digit()) => {
                let rule = "must be seven digits, date of birth and sex; leave out the hyphen and the rest";
                Err(Error::invalid("rrn", rule))
            }
            _ => Ok(()),
        }
    }

    fn secrets(&self) -> Vec<&str> {
        let Body { customer_key, code, refresh_token, customer_identity, .. } = &self.body;
        let mut secrets = customer_key.quotations();
        let identity = customer_identity.as_ref();
        let identity = identity.map(|who| [&who.ci, &who.mobile_phone, &who.name, &who.rrn]);
        let texts = [code, refresh_token].into_iter().chain(identity.into_iter().flatten());
        secrets.extend(texts.flatten().map(Secret::expose));
        secrets
    }
}
