//! `context`: the variables of a message.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::{Answer, Basis, Context, context::Result, envelope::Refusal, switches::UnknownTemplate},
    Template,
};

const BASIS: Basis = Basis::Assumed("template_code");

/// The variables of a message, by name.
pub(super) type Variables = BTreeMap<String, Value>;

/// Variables as they came: texts, numbers and flags by name.
pub(super) fn read(context: &Context<'_>, field: &str, found: Option<&Value>) -> Result<Variables> {
    let Some(Value::Object(members)) = found else {
        let rule = if found.is_some() { "must be an object" } else { "is required" };
        return Err(context.bad_field(field, rule));
    };
    members.iter().try_for_each(|(name, value)| match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        _ => Err(context.bad_field(&format!("{field}.{name}"), "must be a string, a number or a boolean")),
    })?;
    Ok(members.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The template with this code, if it may be sent.
pub(super) fn template(context: &Context<'_>, code: &str) -> Result<Template> {
    match context.world.messenger.templates.get(code) {
        Some(template) if template.approved => Ok(template.clone()),
        Some(_) => Err(refused(context, "승인되지 않은 메시지예요.", 403)),
        None if context.switches.unknown_template == UnknownTemplate::Create => Ok(Template::default()),
        None => Err(refused(context, "존재하지 않는 templateSetCode예요.", 400)),
    }
}

/// Nothing, unless a variable of the template is missing.
pub(super) fn complete(context: &Context<'_>, template: &Template, variables: &Variables) -> Result<()> {
    let missing =
        template.variables.iter().find(|name| *name != "userName" && !variables.contains_key(*name));
    missing.map_or(Ok(()), |name| Err(refused(context, &format!("변수 {name}이(가) 없어요."), 400)))
}

fn refused(context: &Context<'_>, reason: &str, listed: u16) -> Answer {
    context.refuse(&Refusal::new(&context.switches.template_code, reason, BASIS).listed(listed))
}
