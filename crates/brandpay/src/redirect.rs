//! What the browser brings back, in the query of a redirect.
//!
//! **The buyer can edit it.** So the values that lead to money come out only after a comparison with what the server
//! stored: [`Authorized::verify`] and [`Success::verify`]. Parse the raw query as the browser sent it: the part behind the
//! `?`.

use std::fmt;

use ait_core::{Error, Secret};

use crate::{Amount, CustomerKey, ErrorCode, OrderId, PaymentKey, escape::pairs};

/// The query of `redirectUrl`, after the person was identified: `code` and `customerKey`.
#[derive(Clone)]
pub struct Authorized {
    code: Secret,
    customer_key: CustomerKey,
}

impl Authorized {
    /// Reads the query: `code` and `customerKey`.
    ///
    /// # Errors
    ///
    /// If one of the two is missing, empty or there twice.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let query = Query::parse(query)?;
        Ok(Self {
            code: query.required("code")?.into(),
            customer_key: CustomerKey::unchecked(query.required("customerKey")?),
        })
    }

    /// The code, for [`IssueAccessToken::with_code`](crate::IssueAccessToken::with_code), once it is proven that the redirect
    /// is about the customer of the session.
    ///
    /// # Errors
    ///
    /// If it is about another customer. Do not ask for a token then.
    pub fn verify(self, expected: &CustomerKey) -> Result<Secret, Error> {
        if self.customer_key == *expected {
            return Ok(self.code);
        }
        Err(Error::invalid("customerKey", "must be that of the session; do not ask for a token"))
    }
}

impl fmt::Debug for Authorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorized(..)")
    }
}

/// The query of `successUrl`: the buyer has authenticated. **Nothing is paid yet.**
#[derive(Clone, Debug)]
pub struct Success {
    order_id: OrderId,
    payment_key: PaymentKey,
    amount: Amount,
    payment_type: Option<String>,
}

impl Success {
    /// Reads the query: `paymentType`, `orderId`, `paymentKey` and `amount`.
    ///
    /// # Errors
    ///
    /// If one but `paymentType` is missing, empty or there twice, or the amount is none.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let query = Query::parse(query)?;
        Ok(Self {
            order_id: OrderId::unchecked(query.required("orderId")?),
            payment_key: PaymentKey::new(query.required("paymentKey")?)?,
            amount: Amount::new(&query.required("amount")?)?,
            payment_type: query.optional("paymentType")?,
        })
    }

    /// The order number that the query claims. Good for finding the stored order and for nothing else.
    #[must_use]
    pub fn claimed_order_id(&self) -> &OrderId {
        &self.order_id
    }

    /// What to confirm, within ten minutes, once the query is proven to fit the stored order.
    ///
    /// # Errors
    ///
    /// If order number or amount differ from the stored ones, or `paymentType` is there and not `BRANDPAY`. Do not confirm
    /// then.
    pub fn verify(self, order_id: &OrderId, amount: impl Into<Amount>) -> Result<Verified, Error> {
        if self.order_id != *order_id {
            return Err(Error::invalid("orderId", "must be that of the stored order; do not confirm"));
        }
        if self.amount != amount.into() {
            return Err(Error::invalid("amount", "must be that of the stored order; do not confirm"));
        }
        if self.payment_type.is_some_and(|payment_type| payment_type != "BRANDPAY") {
            let rule = "must be BRANDPAY; confirm other payments by the core API";
            return Err(Error::invalid("paymentType", rule));
        }
        Ok(Verified { payment_key: self.payment_key, order_id: self.order_id, amount: self.amount })
    }
}

/// A payment to confirm, compared with the stored order. For [`Confirm::verified`](crate::Confirm::verified).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is paid before it is confirmed"]
pub struct Verified {
    pub(crate) payment_key: PaymentKey,
    pub(crate) order_id: OrderId,
    pub(crate) amount: Amount,
}

impl Verified {
    /// The payment.
    #[must_use]
    pub fn payment_key(&self) -> &PaymentKey {
        &self.payment_key
    }

    /// The order.
    #[must_use]
    pub fn order_id(&self) -> &OrderId {
        &self.order_id
    }

    /// The price.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }
}

/// The query of `failUrl`. To show, not to act on: the buyer can edit it, so it does not prove that nothing was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Why.
    pub code: ErrorCode,
    /// The same for a person. Escape it before you put it on a page.
    pub message: Option<String>,
    /// The order. Missing with [`ErrorCode::PayProcessCanceled`].
    pub order_id: Option<OrderId>,
}

impl Failure {
    /// Reads the query: `code`, `message` and `orderId`.
    ///
    /// # Errors
    ///
    /// If the code is missing, or one of the three is there twice.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let query = Query::parse(query)?;
        Ok(Self {
            code: ErrorCode::from(query.required("code")?.as_str()),
            message: query.optional("message")?,
            order_id: query.optional("orderId")?.map(OrderId::unchecked),
        })
    }
}

struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Result<Self, Error> {
        pairs(query).map(Self)
    }

    fn optional(&self, name: &'static str) -> Result<Option<String>, Error> {
        let mut values = self.0.iter().filter(|(found, _)| found == name).map(|(_, value)| value);
        let value = values.next().filter(|value| !value.is_empty()).cloned();
        // Two readers could choose differently.
        if values.next().is_some() {
            return Err(Error::invalid(
                name,
                "must not be in the query twice; refuse it, somebody edited it",
            ));
        }
        Ok(value)
    }

    fn required(&self, name: &'static str) -> Result<String, Error> {
        let missing = || Error::invalid(name, "must be in the query; pass it as the browser sent it");
        self.optional(name)?.ok_or_else(missing)
    }
}
