//! Reads the sources of a crate: types, what travels in them, and the functions that a caller has.

use std::{fs, path::Path};

use snafu::{ResultExt as _, Whatever};
use syn::{
    Attribute, Expr, ExprLit, Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, Lit,
    LitStr, Pat, PathArguments, Token, Type, Visibility,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use super::model::{Endpoint, Field, Function, Kind, Shape, Value};

/// What one file declares.
#[derive(Default)]
pub(super) struct File {
    pub(super) shapes: Vec<Shape>,
    /// Type and function.
    pub(super) functions: Vec<(String, Function)>,
    pub(super) endpoints: Vec<Endpoint>,
}

/// The files of a crate, by their paths below `src`.
pub(super) fn files(src: &Path) -> Result<Vec<(String, File)>, Whatever> {
    let mut found = Vec::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_whatever_context(|_| format!("{} cannot be read", folder.display()))?;
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)
                    .with_whatever_context(|_| format!("{} cannot be read", path.display()))?;
                let file = read(&text).with_whatever_context(|_| format!("{} is no Rust", path.display()))?;
                let name = path.strip_prefix(src).unwrap_or(&path).to_string_lossy().into_owned();
                found.push((name, file));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

/// The public modules of a crate: the types of others are re-exported at its root.
pub(super) fn public_modules(root: &str) -> syn::Result<Vec<String>> {
    let is_public = |module: &ItemMod| matches!(module.vis, Visibility::Public(_));
    let modules = syn::parse_file(root)?.items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if is_public(&module) => Some(module.ident.to_string()),
        _ => None,
    });
    Ok(modules.collect())
}

pub(super) fn read(text: &str) -> syn::Result<File> {
    let mut file = File::default();
    for item in syn::parse_file(text)?.items {
        match item {
            Item::Struct(item) => file.shapes.push(structure(&item)),
            Item::Enum(item) => file.shapes.push(plain_enum(&item)),
            Item::Macro(item) if item.mac.path.segments.last().is_some_and(|s| s.ident == "open_enum") => {
                file.shapes.push(open_enum(item.mac.parse_body()?));
            }
            Item::Impl(item) => implementation(&item, &mut file),
            _ => {}
        }
    }
    Ok(file)
}

fn structure(item: &ItemStruct) -> Shape {
    let travels =
        has_word(&item.attrs, "derive", "Deserialize") || has_word(&item.attrs, "derive", "Serialize");
    // What is written by hand travels under the names of the field's standard form.
    let camel = !travels || serde_text(&item.attrs, "rename_all").any(|style| style == "camelCase");
    let fields = match &item.fields {
        Fields::Named(fields) => fields.named.iter().collect(),
        Fields::Unnamed(_) | Fields::Unit => Vec::new(),
    };
    let fields = fields.into_iter().filter_map(|field| {
        let name = field.ident.as_ref()?.to_string();
        if has_word(&field.attrs, "serde", "skip") {
            return None;
        }
        let default = if camel { camel_case(&name) } else { name.clone() };
        let wire = serde_text(&field.attrs, "rename").next().unwrap_or(default);
        Some(Field {
            wire,
            aliases: serde_text(&field.attrs, "alias").collect(),
            is_public: matches!(field.vis, Visibility::Public(_)),
            is_flat: has_word(&field.attrs, "serde", "flatten"),
            of: inner(&field.ty),
            name,
        })
    });
    let kind = Kind::Struct(fields.collect());
    let is_public = matches!(item.vis, Visibility::Public(_));
    Shape { name: item.ident.to_string(), is_public, travels, kind, variants: Vec::new() }
}

fn plain_enum(item: &ItemEnum) -> Shape {
    let values = item.variants.iter().filter_map(|variant| {
        let text = serde_text(&variant.attrs, "rename").next()?;
        Some(Value { variant: variant.ident.to_string(), text })
    });
    let kind = Kind::Enum(values.collect());
    let is_public = matches!(item.vis, Visibility::Public(_));
    let variants = item.variants.iter().map(|variant| variant.ident.to_string()).collect();
    Shape { name: item.ident.to_string(), is_public, travels: true, kind, variants }
}

fn open_enum(item: OpenEnum) -> Shape {
    let values = item.values.into_iter().map(|OpenValue { variant, text }| Value { variant, text });
    let kind = Kind::Enum(values.collect());
    Shape { name: item.name, is_public: item.is_public, travels: true, kind, variants: Vec::new() }
}

/// The body of `ait_core::open_enum!`.
struct OpenEnum {
    is_public: bool,
    name: String,
    values: Punctuated<OpenValue, Token![,]>,
}

/// `Variant = "VALUE" => "이름"`
struct OpenValue {
    variant: String,
    text: String,
}

impl Parse for OpenEnum {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let is_public = matches!(input.parse()?, Visibility::Public(_));
        input.parse::<Token![enum]>()?;
        let name = input.parse::<syn::Ident>()?.to_string();
        let body;
        syn::braced!(body in input);
        Ok(Self { is_public, name, values: Punctuated::parse_terminated(&body)? })
    }
}

impl Parse for OpenValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let variant = input.parse::<syn::Ident>()?.to_string();
        input.parse::<Token![=]>()?;
        let text = input.parse::<LitStr>()?.value();
        if input.parse::<Option<Token![=>]>>()?.is_some() {
            input.parse::<LitStr>()?;
        }
        Ok(Self { variant, text })
    }
}

fn implementation(item: &ItemImpl, file: &mut File) {
    let Some(owner) = inner(&item.self_ty) else { return };
    let of = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    if of.is_some_and(|name| name.ident == "Endpoint") {
        let constant = |wanted: &str| {
            item.items.iter().find_map(|item| match item {
                ImplItem::Const(item) if item.ident == wanted => Some(&item.expr),
                _ => None,
            })
        };
        let method = match constant("METHOD") {
            Some(Expr::Path(path)) => path.path.segments.last().map(|name| name.ident.to_string()),
            _ => None,
        };
        let response = item.items.iter().find_map(|item| match item {
            ImplItem::Type(item) if item.ident == "Response" => inner(&item.ty),
            _ => None,
        });
        let call = method.zip(constant("PATH").and_then(text));
        file.endpoints.extend(call.map(|(method, path)| Endpoint { method, path, request: owner, response }));
    } else if of.is_none() {
        let functions = item.items.iter().filter_map(|item| match item {
            ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => Some(function),
            _ => None,
        });
        file.functions.extend(functions.map(|function| {
            let arguments = function.sig.inputs.iter().filter_map(|argument| match argument {
                FnArg::Typed(argument) => match &*argument.pat {
                    Pat::Ident(name) => Some(name.ident.to_string()),
                    _ => None,
                },
                FnArg::Receiver(_) => None,
            });
            let function = Function {
                name: function.sig.ident.to_string(),
                arguments: arguments.collect(),
                is_constructor: function.sig.receiver().is_none(),
                docs: docs(&function.attrs),
            };
            (owner.clone(), function)
        }));
    }
}

/// The last name in a type, within whatever may hold it.
fn inner(of: &Type) -> Option<String> {
    const HOLDERS: [&str; 4] = ["Option", "Vec", "Box", "Cow"];
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if HOLDERS.iter().any(|holder| last.ident == holder) => {
            arguments.args.iter().rev().find_map(|argument| match argument {
                syn::GenericArgument::Type(of) => inner(of),
                _ => None,
            })
        }
        _ => Some(last.ident.to_string()),
    }
}

fn has_word(attributes: &[Attribute], list: &str, word: &str) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(list)) {
        // What is no list of words has none of them.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident(word);
            skip(&meta)
        });
    }
    found
}

/// The texts of `#[serde(key = "…")]`.
fn serde_text(attributes: &[Attribute], key: &str) -> impl Iterator<Item = String> + use<> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident(key) {
                return skip(&meta);
            }
            if meta.input.peek(syn::token::Paren) {
                // `rename(deserialize = "…")`: what is read counts.
                return meta.parse_nested_meta(|meta| {
                    let text = meta.value()?.parse::<LitStr>()?.value();
                    if meta.path.is_ident("deserialize") {
                        found.push(text);
                    }
                    Ok(())
                });
            }
            found.push(meta.value()?.parse::<LitStr>()?.value());
            Ok(())
        });
    }
    found.into_iter()
}

fn skip(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        meta.parse_nested_meta(|meta| skip(&meta))?;
    }
    Ok(())
}

fn docs(attributes: &[Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            match &attribute.meta {
                syn::Meta::NameValue(pair) => text(&pair.value),
                _ => None,
            }
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn camel_case(field: &str) -> String {
    let mut words = field.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}
