//! What the crates model: types by the names that a caller has for them, and what travels in them.

use std::{fs, path::Path};

use snafu::{ResultExt as _, Whatever};

use super::source::{self, File};

/// The types and endpoints of all crates.
pub(super) struct Model {
    types: Vec<Typed>,
    endpoints: Vec<Endpoint>,
}

/// A type and where it stands.
pub(super) struct Typed {
    krate: String,
    file: String,
    /// As a caller writes it: `brandpay::Payment`.
    pub(super) path: String,
    shape: Shape,
    functions: Vec<Function>,
}

pub(super) struct Shape {
    pub(super) name: String,
    pub(super) is_public: bool,
    /// It is written and read field by field.
    pub(super) travels: bool,
    pub(super) kind: Kind,
    /// Of an enum.
    pub(super) variants: Vec<String>,
}

pub(super) enum Kind {
    Struct(Vec<Field>),
    Enum(Vec<Value>),
}

pub(super) struct Field {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) aliases: Vec<String>,
    pub(super) is_public: bool,
    pub(super) is_flat: bool,
    /// The name of its type.
    pub(super) of: Option<String>,
}

pub(super) struct Value {
    pub(super) variant: String,
    pub(super) text: String,
}

pub(super) struct Function {
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    /// It needs no value of the type.
    pub(super) is_constructor: bool,
    pub(super) docs: String,
}

/// A call: as it travels, and its types.
pub(super) struct Endpoint {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) request: String,
    pub(super) response: Option<String>,
}

/// A name on the wire, modelled.
pub(super) struct Found<'a> {
    /// What a caller names.
    pub(super) item: String,
    /// The type of a field, if it has parts or known values.
    pub(super) of: Option<&'a Typed>,
}

impl Model {
    pub(super) fn of(folder: &Path, crates: &[&str]) -> Result<Self, Whatever> {
        let mut model = Self { types: Vec::new(), endpoints: Vec::new() };
        for name in crates {
            let src = folder.join(name).join("src");
            let root = fs::read_to_string(src.join("lib.rs"))
                .with_whatever_context(|_| format!("{name} has no lib.rs"))?;
            let modules =
                source::public_modules(&root).with_whatever_context(|_| format!("{name}: no Rust"))?;
            model.add(&name.replace('-', "_"), &modules, source::files(&src)?);
        }
        Ok(model)
    }

    /// Adds a crate, whose types outside its public modules are re-exported at its root.
    fn add(&mut self, krate: &str, modules: &[String], files: Vec<(String, File)>) {
        let mut functions = Vec::new();
        for (file, read) in files {
            let module = file.split(['/', '.']).next().filter(|name| modules.iter().any(|m| m == name));
            let path = |name: &str| match module {
                Some(module) => format!("{krate}::{module}::{name}"),
                None => format!("{krate}::{name}"),
            };
            self.endpoints.extend(read.endpoints.into_iter().map(|mut endpoint| {
                endpoint.request = path(&endpoint.request);
                endpoint.response = endpoint.response.map(|name| path(&name));
                endpoint
            }));
            functions.extend(read.functions.into_iter().map(|(of, function)| (file.clone(), of, function)));
            self.types.extend(read.shapes.into_iter().map(|shape| Typed {
                krate: krate.to_owned(),
                file: file.clone(),
                path: path(&shape.name),
                shape,
                functions: Vec::new(),
            }));
        }
        for (file, of, function) in functions {
            if let Some(index) = self.index(krate, &file, &of) {
                self.types[index].functions.push(function);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn of_text(krate: &str, text: &str) -> Self {
        let mut model = Self { types: Vec::new(), endpoints: Vec::new() };
        model.add(krate, &[], vec![("lib.rs".to_owned(), source::read(text).expect("it is Rust"))]);
        model
    }

    /// Whether a caller can write this path: a type, or a function or variant of one.
    pub(super) fn knows(&self, path: &str) -> bool {
        let within = |of: &Typed, name: &str| {
            of.functions.iter().any(|function| function.name == name)
                || of.shape.variants.iter().any(|variant| variant == name)
        };
        self.named(path).is_some()
            || path
                .rsplit_once("::")
                .is_some_and(|(of, name)| self.named(of).is_some_and(|of| within(of, name)))
    }

    /// A public type by the path a caller writes.
    pub(super) fn named(&self, path: &str) -> Option<&Typed> {
        self.types.iter().find(|of| of.path == path && of.shape.is_public)
    }

    /// The request of an endpoint.
    pub(super) fn endpoint(&self, method: &str, path: &str) -> Option<&Typed> {
        let found = self.endpoints.iter().find(|endpoint| endpoint.method == method && endpoint.path == path);
        found.and_then(|endpoint| self.named(&endpoint.request))
    }

    pub(super) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    pub(super) fn types(&self) -> impl Iterator<Item = &Typed> {
        self.types.iter().filter(|of| of.shape.is_public)
    }

    /// What models a name that travels within a type. `Err` says why nothing does.
    pub(super) fn find(&self, of: &Typed, wire: &str) -> Result<Found<'_>, String> {
        match &of.shape.kind {
            Kind::Enum(values) => {
                let value = values.iter().find(|value| value.text == wire);
                let value = value.ok_or_else(|| format!("{} has no such value", of.path))?;
                Ok(Found { item: format!("{}::{}", of.path, value.variant), of: None })
            }
            Kind::Struct(_) => {
                let (field, within) =
                    self.field(of, wire).ok_or_else(|| format!("{} has no such field", of.path))?;
                let item = of.item(field).ok_or_else(|| {
                    format!("no function of {} says in its documentation that it sets `{wire}`", of.path)
                })?;
                let named = |name: &String| self.index(&within.krate, &within.file, name);
                let of = field.of.as_ref().and_then(named).map(|index| &self.types[index]);
                // Times and the like are one value on the wire.
                Ok(Found { item, of: of.filter(|of| of.krate != "ait_core") })
            }
        }
    }

    fn field<'a>(&'a self, of: &'a Typed, wire: &str) -> Option<(&'a Field, &'a Typed)> {
        let Kind::Struct(fields) = &of.shape.kind else { return None };
        let own = fields.iter().filter(|field| !field.is_flat);
        let mut own = own.filter(|field| field.wire == wire || field.aliases.iter().any(|name| name == wire));
        own.next()
            .map(|field| (field, of))
            .or_else(|| self.flattened(of).find_map(|flat| self.field(flat, wire)))
    }

    fn flattened<'a>(&'a self, of: &'a Typed) -> impl Iterator<Item = &'a Typed> {
        let fields: &[Field] = match &of.shape.kind {
            Kind::Struct(fields) => fields,
            Kind::Enum(_) => &[],
        };
        let flat = fields.iter().filter(|field| field.is_flat).filter_map(|field| field.of.as_ref());
        flat.filter_map(|name| self.index(&of.krate, &of.file, name)).map(|index| &self.types[index])
    }

    /// The names of a type as they travel.
    pub(super) fn wires<'a>(&'a self, of: &'a Typed) -> Vec<&'a str> {
        match &of.shape.kind {
            Kind::Enum(values) => values.iter().map(|value| value.text.as_str()).collect(),
            Kind::Struct(fields) => {
                // Who asks, with what right, and the key of a call travel in headers.
                let is_request = self.endpoints.iter().any(|endpoint| endpoint.request == of.path);
                let in_header = |field: &Field| {
                    matches!(field.of.as_deref(), Some("User" | "IdempotencyKey"))
                        || (is_request && field.wire == "accessToken")
                };
                let in_body = |field: &&Field| !field.is_flat && !in_header(field);
                let own = fields.iter().filter(in_body).map(|field| field.wire.as_str());
                own.chain(self.flattened(of).flat_map(|flat| self.wires(flat))).collect()
            }
        }
    }

    /// A type as a file of its crate names it.
    fn index(&self, krate: &str, file: &str, name: &str) -> Option<usize> {
        let same = |of: &Typed| of.krate == krate && of.shape.name == name;
        let here = self.types.iter().position(|of| same(of) && of.file == file);
        here.or_else(|| self.types.iter().position(same))
            .or_else(|| self.types.iter().position(|of| of.krate == "ait_core" && of.shape.name == name))
    }
}

impl Typed {
    pub(super) fn is_enum(&self) -> bool {
        matches!(self.shape.kind, Kind::Enum(_))
    }

    /// A struct with fields or an enum with known values.
    pub(super) fn has_parts(&self) -> bool {
        match &self.shape.kind {
            Kind::Enum(values) => !values.is_empty(),
            Kind::Struct(fields) => fields.iter().any(|field| field.is_public || self.shape.travels),
        }
    }

    /// How a caller reads or sets a field: the field itself, or the argument or function that does it.
    fn item(&self, field: &Field) -> Option<String> {
        let path = &self.path;
        if field.is_public {
            return Some(format!("{path}::{}", field.name));
        }
        let says = |function: &&Function| function.docs.contains(&format!("`{}`", field.wire));
        let named = |function: &&Function| function.name == field.name;
        let takes = |function: &&Function| function.arguments.contains(&field.name);
        let all = || self.functions.iter();
        let made = all().filter(|function| function.is_constructor);
        if let Some(function) = made.clone().find(takes) {
            return Some(format!("{path}::{}({})", function.name, field.name));
        }
        let set = all().filter(|function| !function.is_constructor && !function.arguments.is_empty());
        let function = set.clone().find(named).or_else(|| set.clone().find(says));
        let function = function.or_else(|| made.clone().find(says)).or_else(|| all().find(named));
        function.map(|function| format!("{path}::{}", function.name))
    }
}
