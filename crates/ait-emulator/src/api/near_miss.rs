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
        let path = Some(&*request.path).filter(|path| path.len() <= LONGEST);
        let near = |route: &Route| {
            let distance = path.and_then(|path| distance(route, path))?;
            let elsewhere = route.host.face() != request.face || host.is_some_and(|host| host != route.host);
            Some((distance, route.method != request.method, elsewhere))
        };
        let nearest = routes().filter_map(|route| Some((near(route)?, route))).min_by_key(|(near, _)| *near);
        Self { nearest: nearest.map(|(_, route)| route), host }
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

/// What a segment too many or too few costs, in letters.
const SEGMENT: usize = 4;

/// A path longer than this is near none.
const LONGEST: usize = 300;

/// How many letters and segments the path is away from the endpoint's. `None`: too many for it to be meant.
fn distance(route: &Route, path: &str) -> Option<usize> {
    let (wanted, given): (Vec<_>, Vec<_>) = (route.path.split('/').collect(), path.split('/').collect());
    let stands = wanted.len() == given.len();
    let segment = |wanted: &&str, given: &&str| {
        if wanted == given || stands && wanted.starts_with('{') {
            return 0;
        }
        let letter = |wanted: &u8, given: &u8| usize::from(wanted != given);
        let letters = edits(wanted.as_bytes(), given.as_bytes(), 1, letter);
        // With nothing in common it is another segment.
        letters + if letters == wanted.len().max(given.len()) { SEGMENT } else { 0 }
    };
    let distance = edits(&wanted, &given, SEGMENT, segment);
    (distance * 3 < route.path.len()).then_some(distance)
}

/// The cheapest way from one sequence to the other: an item more or less costs `gap`, another one in its place `swap`.
fn edits<T>(from: &[T], to: &[T], gap: usize, swap: impl Fn(&T, &T) -> usize) -> usize {
    // What it costs to come from the items of `from` so far to so many of `to`.
    let mut costs: Vec<usize> = (0..=to.len()).map(|count| count * gap).collect();
    for old in from {
        let (mut before, mut left) = (0, None);
        for (cost, new) in costs.iter_mut().zip(std::iter::once(None).chain(to.iter().map(Some))) {
            let removed = *cost + gap;
            let best = match (left, new) {
                (Some(left), Some(new)) => removed.min(left + gap).min(before + swap(old, new)),
                _ => removed,
            };
            before = std::mem::replace(cost, best);
            left = Some(best);
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a test fails by panicking")]

    use bytes::Bytes;
    use http::HeaderMap;

    use crate::api::{
        Face, Request,
        route::{find, routes},
    };

    /// Why this is no endpoint.
    fn explained(face: Face, method: &str, path: &str) -> String {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        let (method, path, query) = (method.to_owned(), path.to_owned(), String::new());
        let request = Request { face, method, path, query, headers, body, app: None };
        match find(&request) {
            Ok(found) => panic!("{} is {}", request.path, found.route.name),
            Err(miss) => miss.explain(&request),
        }
    }

    /// The name of the nearest endpoint.
    fn nearest(face: Face, method: &str, path: &str) -> Option<String> {
        let told = explained(face, method, path);
        let (_, rest) = told.split_once("the nearest is ")?;
        Some(rest.split(':').next().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_letter_too_few_or_too_many_or_wrong_is_near_what_was_meant() {
        for route in routes() {
            // What stands for a parameter is not misspelled.
            let path = route.path.replace(['{', '}'], "0");
            for (at, letter) in
                route.path.char_indices().filter(|(_, letter)| letter.is_ascii_lowercase()).step_by(3)
            {
                let (left, right) = (&path[..at], &path[at + 1..]);
                if left.rsplit('/').next().is_some_and(|segment| segment.contains('0')) {
                    continue;
                }
                for typo in
                    [format!("{left}{right}"), format!("{left}{letter}x{right}"), format!("{left}X{right}")]
                {
                    let near = nearest(route.host.face(), route.method, &typo);
                    assert_eq!(near.as_deref(), Some(route.name), "{typo}");
                }
            }
        }
    }

    #[test]
    fn a_part_of_the_path_too_few_or_too_many_is_near_what_was_meant() {
        for (path, name) in [
            ("/pay/execute-payment", "tosspay.execute_payment"),
            ("/get-key", "promotion.get_key"),
            ("/api-partner/v1/pay/make-payment", "tosspay.make_payment"),
            ("/api-partner/v1/apps-in-toss/pay/makepayment", "tosspay.make_payment"),
            ("/v1/api-partner/v1/apps-in-toss/messenger/send-mesage", "messenger.send_message"),
            ("/api-partner/v1/apps-in-toss/promotion/get-key", "promotion.get_key"),
        ] {
            assert_eq!(nearest(Face::AppsInToss, "POST", path).as_deref(), Some(name), "{path}");
        }
    }

    #[test]
    fn what_is_like_nothing_has_no_nearest() {
        let long = format!("/api-partner/v1/apps-in-toss/pay/make-payment{}", "/x".repeat(10_000));
        for path in ["/", "/a", "/foo", "/favicon.ico", "/v1/foo", "/health/live", &long] {
            assert_eq!(nearest(Face::AppsInToss, "POST", path), None, "{path}");
        }
    }
}
