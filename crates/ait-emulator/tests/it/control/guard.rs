//! Who may control.

use super::desk::Desk;

#[tokio::test]
async fn only_programs_of_this_machine_and_the_page_itself() {
    let desk = Desk::new().await;
    let host = desk.emulator.control_url().strip_prefix("http://").unwrap().to_owned();
    let (own, other_port) = (format!("http://{host}"), "http://127.0.0.1:1".to_owned());
    for (headers, allowed) in [
        (vec![("host", "localhost")], true),
        (vec![("host", "[::1]:80")], true),
        (vec![("host", host.as_str()), ("origin", own.as_str())], true),
        // DNS rebinding: the name of somebody else leads here.
        (vec![("host", "evil.example")], false),
        (vec![("host", "localhost.evil.example")], false),
        (vec![("host", "127.0.0.1.nip.io:80")], false),
        (vec![("host", "")], false),
        (vec![], false),
        // A page from elsewhere sends a form.
        (vec![("host", host.as_str()), ("origin", "http://evil.example")], false),
        (vec![("host", host.as_str()), ("origin", other_port.as_str())], false),
        (vec![("host", host.as_str()), ("origin", "https://127.0.0.1")], false),
        (vec![("host", host.as_str()), ("origin", "null")], false),
        (vec![("host", host.as_str()), ("sec-fetch-site", "same-origin")], true),
        (vec![("host", host.as_str()), ("sec-fetch-site", "none")], true),
    ] {
        for (method, path) in [("GET", "/"), ("GET", "/_ctl/v1/env"), ("POST", "/_ctl/v1/state/reset")] {
            let told = desk.send(method, path, &headers, "").await;
            assert_eq!(
                told.status,
                if allowed { 200 } else { 403 },
                "{method} {path} {headers:?}: {}",
                told.body
            );
            if !allowed {
                assert!(told.error().starts_with("the control API "), "{}", told.body);
            }
        }
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_changes_nothing_even_if_it_hides_its_origin() {
    let desk = Desk::new().await;
    for site in ["cross-site", "same-site", "?"] {
        let headers = [("host", "localhost"), ("sec-fetch-site", site)];
        for (method, path, body) in [
            ("POST", "/_ctl/v1/faults", r#"{"rule": "* accept reset times=any"}"#),
            ("DELETE", "/_ctl/v1/requests", ""),
            ("PUT", "/_ctl/v1/state", "{}"),
            ("PATCH", "/_ctl/v1/switches", "{}"),
        ] {
            let told = desk.send(method, path, &headers, body).await;
            assert_eq!(told.status, 403, "{site} {method} {path}: {}", told.body);
        }
        // A link to the page is no harm.
        assert_eq!(desk.send("GET", "/", &headers, "").await.status, 200);
    }
    assert!(desk.emulator.engine(|engine| engine.faults.armed().is_empty()));
}

#[tokio::test]
async fn the_page_cannot_be_framed() {
    let desk = Desk::new().await;
    let page = desk.send("GET", "/", &[("host", "localhost")], "").await;
    assert!(page.head.contains("frame-ancestors 'none'"), "{}", page.head);
    assert!(page.head.contains("x-frame-options: DENY"), "{}", page.head);
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_nothing_is_cached() {
    let desk = Desk::new().await;
    let page = desk.send("GET", "/", &[("host", "localhost")], "").await;
    assert!(page.head.contains("content-type: text/html") && page.body.contains("<html"), "{}", page.head);
    assert!(page.head.contains("content-security-policy: default-src 'self'"), "{}", page.head);
    assert!(!page.body.contains("https://") && !page.body.contains("src=\"http"));
    for path in ["/", "/_ctl/v1/state", "/_ctl/v1/nothing"] {
        let told = desk.send("GET", path, &[("host", "localhost")], "").await;
        assert!(told.head.contains("cache-control: no-store"), "{path}: {}", told.head);
        assert!(!told.head.to_lowercase().contains("access-control-allow-origin"), "{path}");
    }
}
