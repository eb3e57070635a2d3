//! What a request is about, before it is answered.

use serde::Deserialize;

use super::{Host, Request, World, route};

/// What a request is about, before it is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) path: Option<&'static str>,
    pub(crate) writes: bool,
    /// The user, or the BrandPay customer.
    pub(crate) user: Option<String>,
    /// Texts that belong to the request without being in it: the order of its payment.
    pub(crate) also: Vec<String>,
}

/// What a request is about.
pub(crate) fn subject(request: &Request, world: &World) -> Subject {
    let header = |name| request.header(name).map(str::to_owned);
    let user = header("x-toss-user-key").or_else(|| header("x-anon-key"));
    let Ok(found) = route::find(request) else { return Subject { user, ..Subject::default() } };
    let body = match found.route.host {
        Host::Pay | Host::BrandPay => serde_json::from_slice::<Named>(&request.body).unwrap_or_default(),
        Host::Main => Named::default(),
    };
    let payment_key = found.parameters.first().or(body.payment_key.as_ref());
    let order = body.pay_token.and_then(|token| world.pay.payments.get(&token).map(|paid| &paid.order_no));
    let order_id = payment_key.and_then(|key| world.brandpay.payments.get(key).map(|paid| &paid.order_id));
    Subject {
        endpoint: Some(found.route.name),
        path: Some(found.route.path),
        writes: found.route.writes,
        user: user.or(body.customer_key),
        also: order.into_iter().chain(order_id).cloned().collect(),
    }
}

/// Names that a body may hold.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    pay_token: Option<String>,
    payment_key: Option<String>,
    customer_key: Option<String>,
}
