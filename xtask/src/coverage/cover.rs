//! Puts what is documented beside what models it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{Model, Typed},
    page::{self, Kind, Models, Part, Piece},
};

/// Names and their items.
type Found = Vec<(String, String)>;

/// A documented name and its item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) section: String,
    pub(super) item: String,
}

/// The work on all pages.
pub(super) struct Cover<'a> {
    model: &'a Model,
    /// What is documented and deliberately not an item: page, name and reason.
    exceptions: &'a [(&'a str, &'a str, &'a str)],
    /// What types hold that does not travel in their place, or is documented elsewhere, with the reason.
    ours: &'a [(&'a str, &'a str, &'a str)],
    /// The items of names that belong to no type: headers, members of the envelope.
    names: &'a [(&'a str, &'a str)],
    /// What is wrong: documented without an item, or an item nobody documents.
    pub(super) problems: Vec<String>,
    /// Types that a page names or leads to, and what of them was documented.
    seen: BTreeMap<String, BTreeSet<String>>,
    endpoints: BTreeSet<String>,
    /// The page at hand.
    on: String,
    excused: BTreeSet<String>,
}

/// Tables whose first column has one of these above it list things of the wire, and are marked.
const OF_THE_WIRE: [&str; 9] =
    ["Field", "Header", "Code", "Value", "Query", "Parameter", "Object", "List", "Only "];

impl<'a> Cover<'a> {
    pub(super) fn new(
        model: &'a Model,
        exceptions: &'a [(&'a str, &'a str, &'a str)],
        ours: &'a [(&'a str, &'a str, &'a str)],
        names: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self {
            model,
            exceptions,
            ours,
            names,
            problems: Vec::new(),
            seen: BTreeMap::new(),
            endpoints: BTreeSet::new(),
            on: String::new(),
            excused: BTreeSet::new(),
        }
    }

    /// The rows of one page.
    pub(super) fn page(&mut self, name: &str, text: &str) -> Vec<Row> {
        name.clone_into(&mut self.on);
        let mut rows = Vec::new();
        for part in page::parts(text) {
            let before = self.problems.len();
            let found = self.part(&part);
            for problem in &mut self.problems[before..] {
                *problem = format!("docs/api/{name}.md:{}, {}: {problem}", part.line, part.section);
            }
            for (name, item) in found {
                let row = Row { name, section: part.section.clone(), item };
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// What the crates model and no page documents; exceptions that nothing needs.
    pub(super) fn finish(mut self) -> Vec<String> {
        for endpoint in self.model.endpoints() {
            let call = format!("{} {}", endpoint.method, endpoint.path);
            if !self.endpoints.contains(&call) {
                self.problems.push(format!("modelled, but no page documents it: {call}"));
            }
            for of in [Some(&endpoint.request), endpoint.response.as_ref()].into_iter().flatten() {
                self.seen.entry(of.clone()).or_default();
            }
        }
        let mut unneeded: BTreeSet<usize> = (0..self.ours.len()).collect();
        for of in self.model.types() {
            let seen = self.seen.get(&of.path);
            // An enum of known values is always one of the wire.
            if seen.is_none() && !of.is_enum() {
                continue;
            }
            for wire in self.model.wires(of) {
                let ours = self.ours.iter().position(|(path, name, _)| *path == of.path && *name == wire);
                if seen.is_some_and(|seen| seen.contains(wire)) {
                    continue;
                } else if let Some(index) = ours {
                    unneeded.remove(&index);
                } else {
                    self.problems
                        .push(format!("modelled, but no page documents it: `{wire}` of {}", of.path));
                }
            }
        }
        for (name, item) in self.names {
            let path = item.trim_matches('`');
            if path.contains("::") && !self.model.knows(path) {
                self.problems.push(format!("`{name}`: there is no {path}"));
            }
        }
        for (page, name, _) in self.exceptions {
            if !self.excused.contains(&format!("{page} {name}")) {
                self.problems.push(format!("docs/api/{page}.md: `{name}` needs no exception"));
            }
        }
        for (of, name, _) in unneeded.into_iter().map(|index| self.ours[index]) {
            self.problems.push(format!("`{name}` of {of} needs no exception"));
        }
        self.problems
    }

    fn part(&mut self, part: &Part) -> Found {
        let mut found = Vec::new();
        match &part.kind {
            Kind::Endpoint { method, path } => {
                let Some(request) = self.model.endpoint(method, path) else {
                    self.problems.push(format!("no crate has {method} {path}"));
                    return found;
                };
                self.endpoints.insert(format!("{method} {path}"));
                found.push((format!("{method} {path}"), format!("`{}`", request.path)));
                let parameters = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
                for parameter in parameters {
                    self.name(&[request], parameter, &mut found);
                }
            }
            Kind::Table { head, models: None, .. } => {
                let first = head.first().map_or("", String::as_str);
                if first.starts_with('`') || OF_THE_WIRE.iter().any(|word| first.starts_with(word)) {
                    self.problems.push(format!("the table \"{first}\" does not say what models it"));
                }
            }
            Kind::Table { head, rows, models: Some(models) } => {
                let by_row: Vec<_> = match models {
                    Models::ByRow(models) => models.iter().map(|models| self.types(models)).collect(),
                    models => vec![self.types(models); rows.len()],
                };
                if by_row.len() != rows.len() {
                    self.problems.push(format!("{} rows, and {} types model them", rows.len(), by_row.len()));
                }
                for (row, types) in rows.iter().zip(by_row) {
                    match types {
                        Some(types) => self.row(&types, head, row, &mut found),
                        None => {
                            for name in row.iter().take(1).flat_map(|cell| page::names(cell)) {
                                self.plain_name(name, &mut found);
                            }
                        }
                    }
                }
            }
            Kind::Text { text, models } => match self.types(models) {
                Some(types) => self.text(&types, text, &mut found),
                None => self.problems.push("a paragraph is modelled by types".to_owned()),
            },
        }
        found
    }

    fn plain_name(&mut self, name: &str, found: &mut Found) {
        let name = name.rsplit('.').next().unwrap_or(name);
        match self.names.iter().find(|(known, _)| *known == name) {
            Some((_, item)) => found.push((name.to_owned(), (*item).to_owned())),
            None => self.excuse(name, "no item is known for this name", found),
        }
    }

    /// A row of a table: fields in its first cell, or values in that of the codes.
    fn row(&mut self, types: &[&'a Typed], head: &[String], row: &[String], found: &mut Found) {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        if !types.iter().any(|of| of.is_enum()) {
            // What is told of a redirect or an event stands in a column of its own.
            if let Some(at) =
                head.iter().position(|cell| cell == "Query" || cell == "`data`").filter(|at| *at > 0)
            {
                return self.text(types, cell(at), found);
            }
            if head.first().is_some_and(|cell| cell.starts_with('`')) {
                return self.columns(types, head, row, found);
            }
            let rest: Vec<&str> = row.iter().skip(1).map(String::as_str).collect();
            return self.fields(types, cell(0), &rest, found);
        }
        let column = head.iter().position(|cell| cell.starts_with("Code")).unwrap_or(0);
        let names = page::names(cell(column));
        if names.is_empty() && head[column] == "Code" {
            self.name(types, cell(column), found);
        }
        for name in names {
            if is_value(name) || types.iter().any(|of| self.model.find(of, name).is_ok()) {
                self.name(types, name, found);
            }
        }
    }

    /// Columns with a field above each: values of this field.
    fn columns(&mut self, types: &[&'a Typed], head: &[String], row: &[String], found: &mut Found) {
        for (head, cell) in head.iter().zip(row) {
            let Some(name) = page::names(head).first().and_then(|name| name.rsplit('.').next()) else {
                continue;
            };
            let parts = self.name(types, name, found);
            if !parts.is_empty() {
                self.text(&parts, cell, found);
            }
        }
    }

    /// The types of a mark, or `None` if names belong to none.
    fn types(&mut self, models: &Models) -> Option<Vec<&'a Typed>> {
        let Models::Types(names) = models else { return None };
        let mut types = Vec::new();
        for name in names {
            match self.model.named(name) {
                Some(of) => types.push(of),
                None => self.problems.push(format!("there is no public type {name}")),
            }
        }
        Some(types)
    }

    /// Fields in the first cell of a row; what the others say of their parts and values.
    fn fields(&mut self, types: &[&'a Typed], cell: &str, rest: &[&str], found: &mut Found) {
        let mut before: Vec<&str> = Vec::new();
        let names = page::names(cell);
        for name in &names {
            let path: Vec<&str> = name.split('.').map(|part| part.trim_end_matches("[]")).collect();
            // `.name` stands beside the one before it.
            let path = match path.split_first() {
                Some((&"", last)) => before.iter().copied().chain(last.iter().copied()).collect(),
                _ => path,
            };
            let Some((last, above)) = path.split_last() else { continue };
            before = above.to_vec();
            let mut owners = types.to_vec();
            for part in above {
                owners.iter().for_each(|of| self.see(of, part));
                owners = owners.iter().filter_map(|of| self.model.find(of, part).ok()?.of).collect();
            }
            let parts = self.name(&owners, last, found);
            if !parts.is_empty() {
                for text in rest {
                    self.text(&parts, text, found);
                }
            }
        }
    }

    /// The names in a text that could be fields or values of these types.
    fn text(&mut self, types: &[&'a Typed], text: &str, found: &mut Found) {
        let (mut within, mut last) = (vec![types.to_vec()], Vec::new());
        for piece in page::pieces(text) {
            let owners = within.last().cloned().unwrap_or_default();
            match piece {
                Piece::Open => within.push(if last.is_empty() { owners } else { std::mem::take(&mut last) }),
                Piece::Close if within.len() > 1 => {
                    within.pop();
                    last = Vec::new();
                }
                Piece::Close => {}
                Piece::Name(name) => {
                    // `paymentType=BRANDPAY`
                    let name = name.split('=').next().unwrap_or(name);
                    // `status`: `DONE`
                    let has = |of: &&'a Typed| self.model.find(of, name).is_ok();
                    let owners =
                        if !owners.iter().any(has) && last.iter().any(has) { last.clone() } else { owners };
                    let is_name =
                        owners.iter().any(|of| if of.is_enum() { is_value(name) } else { is_field(name) });
                    if is_name {
                        let parts = self.name(&owners, name, found);
                        if !parts.is_empty() {
                            last = parts;
                        }
                    }
                }
            }
        }
    }

    /// One name of all these types; the types of what it names.
    fn name(&mut self, types: &[&'a Typed], name: &str, found: &mut Found) -> Vec<&'a Typed> {
        let (mut items, mut parts, mut why) = (Vec::new(), Vec::new(), None);
        for of in types {
            match self.model.find(of, name) {
                Ok(model) => {
                    let item = format!("`{}`", model.item);
                    if !items.contains(&item) {
                        items.push(item);
                    }
                    if let Some(part) = model.of.filter(|of| of.has_parts()) {
                        self.seen.entry(part.path.clone()).or_default();
                        if !parts.iter().any(|known: &&Typed| known.path == part.path) {
                            parts.push(part);
                        }
                    }
                    self.see(of, name);
                }
                Err(reason) => why = Some(reason),
            }
        }
        match why {
            None if !items.is_empty() => found.push((name.to_owned(), items.join(", "))),
            why => self.excuse(name, why.as_deref().unwrap_or("nothing models it"), found),
        }
        parts
    }

    fn see(&mut self, of: &Typed, name: &str) {
        self.seen.entry(of.path.clone()).or_default().insert(name.to_owned());
    }

    fn excuse(&mut self, name: &str, why: &str, found: &mut Found) {
        match self.exceptions.iter().find(|(page, known, _)| *known == name && *page == self.on) {
            Some((page, _, reason)) => {
                self.excused.insert(format!("{page} {name}"));
                found.push((name.to_owned(), format!("none: {reason}")));
            }
            None => self.problems.push(format!("`{name}`: {why}")),
        }
    }
}

// `DONE`, `카드`, `4100`
fn is_value(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    (plain && name.len() > 1 && !name.ends_with('_')) || name.chars().all(|c| ('가'..='힣').contains(&c))
}

// `totalAmount`
fn is_field(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}
