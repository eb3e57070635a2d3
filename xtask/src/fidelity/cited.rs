//! Where a citation leads: `docs/api/login.md#login-me, USER_NOT_FOUND` is a page, a heading of it, and words.

use std::{collections::BTreeMap, fs, path::Path};

use snafu::{OptionExt as _, ResultExt as _, Whatever, whatever};

/// The pages that can be cited, each with the anchors of its headings.
pub(super) struct Pages(BTreeMap<String, Vec<String>>);

impl Pages {
    pub(super) fn read(root: &Path) -> Result<Self, Whatever> {
        let folder = root.join("docs/api");
        let mut pages = BTreeMap::new();
        for entry in fs::read_dir(&folder).whatever_context("docs/api cannot be read")? {
            let path = entry.whatever_context("docs/api cannot be read")?.path();
            let text = fs::read_to_string(&path)
                .with_whatever_context(|_| format!("{} cannot be read", path.display()))?;
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            pages.insert(format!("docs/api/{name}"), anchors(&text));
        }
        Ok(Self(pages))
    }

    /// The citation as a link from `docs/fidelity.md`, if there is such a heading.
    pub(super) fn link(&self, citation: &str) -> Result<String, Whatever> {
        let (place, words) = match citation.split_once(", ") {
            Some((place, words)) => (place, format!(", {words}")),
            None => (citation, String::new()),
        };
        let (page, anchor) = place.split_once('#').with_whatever_context(|| {
            format!("`{citation}` cites nothing that can be looked up; write docs/api/PAGE.md#SECTION, WORDS")
        })?;
        let Some(anchors) = self.0.get(page) else {
            whatever!("`{citation}`: there is no page {page}");
        };
        if !anchors.iter().any(|known| known == anchor) {
            whatever!("`{citation}`: {page} has no heading #{anchor}; it has {}", anchors.join(", "));
        }
        let name = page.strip_prefix("docs/").unwrap_or(page);
        Ok(format!("[{place}]({name}#{anchor}){words}"))
    }
}

/// The anchors of the headings, as GitHub makes them: of two with one name the second gets `-1`.
fn anchors(page: &str) -> Vec<String> {
    let (mut anchors, mut fenced) = (Vec::<String>::new(), false);
    let mut seen = BTreeMap::<String, usize>::new();
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) else { continue };
        let name = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        let name: String = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
        let before = seen.entry(name.clone()).or_default();
        anchors.push(if *before == 0 { name } else { format!("{name}-{before}") });
        *before += 1;
    }
    anchors
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Pages, anchors};

    #[test]
    fn headings_have_the_anchors_of_github() {
        let page = "# A page\n## users/anon-key/verify\n```\n# no heading\n```\n### Errors\n### Errors\n";
        assert_eq!(anchors(page), ["a-page", "usersanon-keyverify", "errors", "errors-1"]);
    }

    #[test]
    fn a_citation_that_leads_nowhere_is_refused() {
        let pages = Pages(BTreeMap::from([("docs/api/login.md".to_owned(), vec!["login-me".to_owned()])]));
        let link = pages.link("docs/api/login.md#login-me, USER_NOT_FOUND").expect("it is there");
        assert_eq!(link, "[docs/api/login.md#login-me](api/login.md#login-me), USER_NOT_FOUND");
        for (citation, says) in [
            ("apps-in-toss.md section 4.1", "can be looked up"),
            ("docs/api/logon.md#login-me", "there is no page docs/api/logon.md"),
            ("docs/api/login.md#login-you, x", "has no heading #login-you; it has login-me"),
        ] {
            let error = pages.link(citation).expect_err(citation).to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
