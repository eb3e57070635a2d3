//! Who may control: programs of this machine, and the page itself.

use super::reply::Failure;
use crate::Request;

/// Refuses what a page from elsewhere makes a browser send: by name (DNS rebinding) or by form.
pub(super) fn check(request: &Request) -> Result<(), Failure> {
    let host = request.host.as_deref().unwrap_or_default();
    if !is_this_machine(host) {
        let host = host.escape_default();
        return Err(Failure::new(
            403,
            format!("the control API answers to localhost and 127.0.0.1, not to `{host}`"),
        ));
    }
    let site = request.headers.get("sec-fetch-site").map(|site| site.to_str().unwrap_or("?"));
    // Told by browsers alone. A page on another port of this machine is of the same site, and of another origin.
    if request.method != "GET" && site.is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return Err(Failure::new(
            403,
            "the control API takes no changes from pages from elsewhere".to_owned(),
        ));
    }
    let origin = request.headers.get("origin").map(|origin| origin.to_str().unwrap_or("?"));
    match origin.and_then(|origin| origin.strip_prefix("http://").or(Some("?"))) {
        Some(origin) if origin != host => {
            Err(Failure::new(403, "the control API is not for pages from elsewhere".to_owned()))
        }
        _ => Ok(()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_this_machine() {
        for host in ["localhost", "localhost:80", "127.0.0.1:4000", "[::1]:1", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "evil.example", "evil.example:80", "localhost.evil.example:1", "127.0.0.1.nip.io"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
