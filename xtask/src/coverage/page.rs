//! What a page of docs/api documents: its endpoints, and the tables and paragraphs that are marked with what models them.

/// A part of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The heading above it.
    pub(super) section: String,
    pub(super) line: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `POST https://host/path`: method and path.
    Endpoint { method: String, path: String },
    /// A table: its head, its rows, and what models it.
    Table { head: Vec<String>, rows: Vec<Vec<String>>, models: Option<Models> },
    /// A paragraph or a list that is marked.
    Text { text: String, models: Models },
}

/// `<!-- models: a::B, a::C -->` above a table or a paragraph: each name in it travels in each of these types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Models {
    Types(Vec<String>),
    /// Semicolons between: each row of a table has its own.
    ByRow(Vec<Models>),
    /// `by name`: they belong to no type.
    Names,
}

pub(super) fn parts(page: &str) -> Vec<Part> {
    let (mut parts, mut models, mut fenced) = (Vec::new(), None, false);
    let (mut chapter, mut section) = ("", String::new());
    let mut lines = page.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        fenced ^= line.starts_with("```");
        if fenced {
            continue;
        }
        let part = |kind| Part { section: section.clone(), line: index + 1, kind };
        if let Some(title) = line.strip_prefix("## ") {
            chapter = title;
            section = title.to_owned();
        } else if let Some(title) = line.strip_prefix("### ") {
            section = format!("{chapter}: {title}");
        } else if let Some(types) = line.strip_prefix("<!-- models: ") {
            models = Some(marker(types));
        } else if let Some((method, path)) = endpoint(line) {
            parts.push(part(Kind::Endpoint { method, path }));
        } else if line.starts_with('|') {
            let mut rows = Vec::new();
            while let Some((_, row)) = lines.next_if(|(_, line)| line.starts_with('|')) {
                if !row.starts_with("|-") {
                    rows.push(cells(row));
                }
            }
            parts.push(part(Kind::Table { head: cells(line), rows, models: models.take() }));
        } else if let Some(models) = models.take().filter(|_| !line.is_empty()) {
            let mut text = line.to_owned();
            while let Some((_, more)) = lines.next_if(|(_, line)| !line.is_empty()) {
                text.push(' ');
                text.push_str(more);
            }
            parts.push(part(Kind::Text { text, models }));
        }
    }
    parts
}

fn marker(types: &str) -> Models {
    let types = types.trim().trim_end_matches("-->").trim_end();
    match types {
        "by name" => Models::Names,
        types if types.contains(';') => Models::ByRow(types.split(';').map(marker).collect()),
        types => {
            let names = types.split(',').map(|name| name.trim().to_owned());
            Models::Types(names.filter(|name| !name.is_empty()).collect())
        }
    }
}

// `POST https://host/path` – …, or the same as an entry of a list
fn endpoint(line: &str) -> Option<(String, String)> {
    let call = line.trim_start_matches("- ").strip_prefix('`')?.split('`').next()?;
    let (method, url) = call.split_once(' ')?;
    let url = url.strip_prefix("https://")?;
    let path = &url[url.find('/')?..];
    let path = path.split('?').next().unwrap_or(path);
    let is_method = !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
    is_method.then(|| (method.to_owned(), path.to_owned()))
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The names in a text: what stands in backticks.
pub(super) fn names(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Name(&'a str),
    Open,
    Close,
}

/// The names of a text and the brackets around them.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            pieces.push(Piece::Name(part));
        } else {
            pieces.extend(part.chars().filter_map(|c| match c {
                '(' => Some(Piece::Open),
                ')' => Some(Piece::Close),
                _ => None,
            }));
        }
    }
    pieces
}
