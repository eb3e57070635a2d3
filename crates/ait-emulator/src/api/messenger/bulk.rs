//! `send-bulk-message`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    super::{
        Answer, Basis, Context, UserId,
        context::Result,
        switches::{BulkDuplicate, BulkEntry, LimitedMessages},
    },
    Template,
    dispatch::Draft,
    report::Report,
    variables::{self, Variables},
};

const BULK: Basis = Basis::Sample("docs/api/messenger.md#send-bulk-message");
const ENTRY: Basis = Basis::Assumed("bulk_entry");
const TWICE: Basis = Basis::Assumed("bulk_duplicate");

const LIST: &str = "contextList";
const MOST: usize = 2500;

pub(super) fn send(context: &mut Context<'_>) -> Result {
    let form = context.form()?;
    let code = form.needed_text("templateSetCode", usize::MAX)?;
    let list = match form.member(LIST) {
        None => return form.refuse(LIST, "is required"),
        Some(Value::Array(list)) if (1..=MOST).contains(&list.len()) => list,
        Some(Value::Array(_)) => return form.refuse(LIST, "must have 1 to 2500 entries"),
        Some(_) => return form.refuse(LIST, "must be an array"),
    };
    let mut entries = list
        .iter()
        .enumerate()
        .map(|(at, entry)| entry_of(context, &format!("{LIST}[{at}]"), entry))
        .collect::<Result<Vec<_>>>()?;
    let template = variables::template(context, &code)?;
    let mut basis = BULK;
    if let Some(short) = without_duplicates(context, &entries) {
        (entries, basis) = (short, TWICE);
    }

    // Judging an entry may make up its user and counts for the limit. A refusal takes that back.
    let before = (context.world.users.clone(), context.world.limits.clone());
    let judged: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let refused = judge(context, &template, &entry).err();
            (entry, refused)
        })
        .collect();
    if context.switches.bulk_entry == BulkEntry::RefusesAll
        && let Some(refused) = judged.iter().find_map(|(_, refused)| refused.clone())
    {
        (context.world.users, context.world.limits) = before;
        return Err(Answer { basis: ENTRY, ..refused });
    }

    let mut report = Report::default();
    for ((user, variables), refused) in judged {
        match refused {
            None => {
                Draft { user, code: &code, template: &template, variables, deployment: None }
                    .send(context, &mut report);
            }
            Some(refused) => {
                basis = ENTRY;
                for channel in &template.channels {
                    let id = context.rng.uuid();
                    report.failed(*channel, &id, reason(&refused), context.switches.messenger_shape);
                }
            }
        }
    }
    Ok(report.answer(context, basis))
}

/// Whether this entry can be sent.
fn judge(
    context: &mut Context<'_>,
    template: &Template,
    (user, variables): &(UserId, Variables),
) -> Result<()> {
    variables::complete(context, template, variables)?;
    let user = context.known(user.clone())?;
    match context.switches.limited_messages {
        LimitedMessages::All => context.limit_user(&user, "messenger"),
        LimitedMessages::Single | LimitedMessages::SingleAndTest => Ok(()),
    }
}

fn reason(refused: &Answer) -> &'static str {
    match refused.code.as_deref() {
        Some("4010") => "연결이 해제된 사용자예요.",
        Some("4095") => "발송 한도를 초과했어요.",
        _ => "메시지 변수가 부족해요.",
    }
}

/// The first entry of every user, if the switch says so.
fn without_duplicates(
    context: &Context<'_>,
    entries: &[(UserId, Variables)],
) -> Option<Vec<(UserId, Variables)>> {
    let mut seen = BTreeSet::new();
    let once = context.switches.bulk_duplicate == BulkDuplicate::SendsOnce;
    once.then(|| entries.iter().filter(|(user, _)| seen.insert(user)).cloned().collect())
}

/// A recipient and the variables of the message to them.
fn entry_of(context: &Context<'_>, field: &str, entry: &Value) -> Result<(UserId, Variables)> {
    let Value::Object(entry) = entry else { return Err(context.bad_field(field, "must be an object")) };
    let member = |name: &str| entry.get(name).filter(|value| !value.is_null());
    let user = match (member("userKey"), member("anonKey")) {
        (Some(key), None) => user_key(key).ok_or_else(|| {
            context.bad_field(&format!("{field}.userKey"), "must be a number, or its digits")
        })?,
        (None, Some(key)) => anonymous_key(key).ok_or_else(|| {
            context.bad_field(&format!("{field}.anonKey"), "must be a string of 1 to 64 characters")
        })?,
        _ => return Err(context.bad_field(field, "must have exactly one of userKey and anonKey")),
    };
    Ok((user, variables::read(context, &format!("{field}.context"), member("context"))?))
}

fn user_key(key: &Value) -> Option<UserId> {
    match key {
        Value::Number(key) => key.as_u64().map(UserId::Key),
        Value::String(key) if key.bytes().all(|byte| byte.is_ascii_digit()) => {
            key.parse().ok().map(UserId::Key)
        }
        _ => None,
    }
}

fn anonymous_key(key: &Value) -> Option<UserId> {
    let key = key.as_str().filter(|key| (1..=64).contains(&key.len()))?;
    Some(UserId::Anonymous(key.to_owned()))
}
