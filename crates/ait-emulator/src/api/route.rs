//! The table of the endpoints.

use std::fmt;

use http::header::HOST;

use super::{
    Context, Face, Request, brandpay, context::Result, iap, login, messenger, near_miss::NearMiss, pay,
    promotion,
};

/// Which host serves an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `apps-in-toss-api.toss.im`
    Main,
    /// `pay-apps-in-toss-api.toss.im`
    Pay,
    /// `api.tosspayments.com`
    BrandPay,
}

impl Host {
    /// The name in DNS.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "apps-in-toss-api.toss.im",
            Self::Pay => "pay-apps-in-toss-api.toss.im",
            Self::BrandPay => "api.tosspayments.com",
        }
    }

    /// The port that stands for it here.
    #[must_use]
    pub const fn face(self) -> Face {
        match self {
            Self::Main | Self::Pay => Face::AppsInToss,
            Self::BrandPay => Face::BrandPay,
        }
    }

    const ALL: [Self; 3] = [Self::Main, Self::Pay, Self::BrandPay];
}

/// How an endpoint answers.
pub(crate) type Handler = fn(&mut Context<'_>) -> Result;

/// An endpoint.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Route {
    /// Its name, as in the crates: `promotion.execute_promotion`.
    pub name: &'static str,
    /// The method.
    pub method: &'static str,
    /// The host.
    pub host: Host,
    /// The path; a segment in braces is a parameter.
    pub path: &'static str,
    /// Whether it can move money or points, or have another effect.
    pub writes: bool,
    pub(crate) handler: Handler,
}

impl Route {
    pub(crate) const fn new(
        name: &'static str,
        method: &'static str,
        host: Host,
        path: &'static str,
        handler: Handler,
    ) -> Self {
        Self { name, method, host, path, writes: true, handler }
    }

    /// Marks one that only reads.
    pub(crate) const fn reads(mut self) -> Self {
        self.writes = false;
        self
    }

    pub(crate) fn answer(&self, context: &mut Context<'_>) -> Result {
        match self.host {
            Host::Main | Host::Pay => {
                let app = context.request.app.clone().unwrap_or_default();
                context.limit(&format!("app:{app}"), context.switches.calls_per_app)?;
            }
            Host::BrandPay => {}
        }
        (self.handler)(context)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, self.method, self.path)
    }
}

/// All endpoints.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    [login::ROUTES, promotion::ROUTES, pay::ROUTES, iap::ROUTES, messenger::ROUTES, brandpay::ROUTES]
        .into_iter()
        .flatten()
}

/// An endpoint, and the parameters of the path that led to it.
pub(crate) struct Found {
    pub(crate) route: &'static Route,
    pub(crate) parameters: Vec<String>,
}

/// The endpoint of a request, or the nearest ones.
pub(crate) fn find(request: &Request) -> std::result::Result<Found, NearMiss> {
    let host = named_host(request);
    for route in routes().filter(|route| route.host.face() == request.face) {
        let right_host = host.is_none_or(|host| host == route.host);
        if let Some(parameters) = parameters(route.path, &request.path)
            && route.method == request.method
            && right_host
        {
            return Ok(Found { route, parameters });
        }
    }
    Err(NearMiss::of(request, host))
}

/// The host of the request, if it is named as in the real world.
fn named_host(request: &Request) -> Option<Host> {
    let name = request.header(HOST)?;
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    Host::ALL.into_iter().find(|host| host.name().eq_ignore_ascii_case(name))
}

/// What stands in the place of the braces, percent-decoded; `None` if the path is another one.
pub(crate) fn parameters(template: &str, path: &str) -> Option<Vec<String>> {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (template.next(), path.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {
                parameters.push(percent_encoding::percent_decode_str(given).decode_utf8().ok()?.into_owned());
            }
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return None,
        }
    }
}
