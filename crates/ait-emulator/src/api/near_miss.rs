//! Why a request found no endpoint.

use serde_json::json;

use super::{
    Answer, Basis, Face, Host, Request, Route, flat,
    route::{parameters, routes},
};

/// Why a request found no endpoint.
pub(crate) struct NearMiss {
    nearest: Option<&'static Route>,
    host: Option<Host>,
}

impl NearMiss {
    pub(crate) fn of(request: &Request, host: Option<Host>) -> Self {
        let nearest = routes().max_by_key(|route| likeness(route, request));
        Self { nearest: nearest.filter(|route| likeness(route, request) > 1), host }
    }

    /// In plain words: what was asked for, what is nearest, and what differs.
    pub(crate) fn explain(&self, request: &Request) -> String {
        let asked = format!("no endpoint is {} {}", request.method, request.path);
        let Some(nearest) = self.nearest else { return format!("{asked}, and none is near it") };
        let mut differs = Vec::new();
        if nearest.method != request.method {
            differs.push(format!("the method is {}, not {}", nearest.method, request.method));
        }
        if parameters(nearest.path, &request.path).is_none() {
            differs.push(format!("the path is {}", nearest.path));
        }
        if nearest.host.face() != request.face {
            differs.push("it has a port of its own".to_owned());
        } else if self.host.is_some_and(|host| host != nearest.host) {
            differs.push(format!("its host is {}", nearest.host.name()));
        }
        format!("{asked}; the nearest is {}: {}", nearest.name, differs.join(", "))
    }

    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let explanation = self.explain(request);
        let unknown = Basis::Assumed("an unknown path");
        if request.face == Face::BrandPay {
            return flat::error(404, "NOT_FOUND", &explanation, unknown);
        }
        let body = json!({"resultType": "FAIL", "success": null, "error": {"errorCode": "NOT_FOUND", "reason": explanation}});
        Answer::json(404, &body, unknown).with_code("NOT_FOUND")
    }
}

/// How much of the path agrees: whole segments from the right and from the left, then the method.
fn likeness(route: &Route, request: &Request) -> usize {
    let agree = |wanted: &str, given: &str| wanted == given || wanted.starts_with('{');
    let (wanted, given): (Vec<_>, Vec<_>) =
        (route.path.split('/').collect(), request.path.split('/').collect());
    let left = wanted.iter().zip(&given).take_while(|(wanted, given)| agree(wanted, given)).count();
    let right =
        wanted.iter().rev().zip(given.iter().rev()).take_while(|(wanted, given)| wanted == given).count();
    let last = match (wanted.last(), given.last()) {
        (Some(wanted), Some(given)) if wanted.contains(*given) || given.contains(wanted) => 1,
        _ => 0,
    };
    left + 2 * right + last + usize::from(route.method == request.method)
}
