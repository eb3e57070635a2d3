//! `send-message` and `send-test-message`.

use super::{
    super::{Basis, Context, context::Result, switches::LimitedMessages},
    dispatch::Draft,
    report::Report,
    variables,
};

const ONE: Basis = Basis::Sample("docs/api/messenger.md#send-message");
const TEST: Basis = Basis::Sample("docs/api/messenger.md#send-test-message");

pub(super) fn send(context: &mut Context<'_>) -> Result {
    one(context, false)
}

pub(super) fn send_test(context: &mut Context<'_>) -> Result {
    one(context, true)
}

fn one(context: &mut Context<'_>, test: bool) -> Result {
    let form = context.form()?;
    let code = form.needed_text("templateSetCode", usize::MAX)?;
    let deployment = if test { Some(form.needed_text("deploymentId", usize::MAX)?) } else { None };
    if deployment.as_deref().is_some_and(|id| !is_uuid(id)) {
        return form.refuse("deploymentId", "must be a UUID");
    }
    let variables = variables::read(context, "context", form.member("context"))?;
    // What changes the world comes last, so that a refusal has changed nothing.
    let template = variables::template(context, &code)?;
    variables::complete(context, &template, &variables)?;
    let user = context.user()?;
    if !test || context.switches.limited_messages != LimitedMessages::Single {
        context.limit_user(&user, "messenger")?;
    }
    let mut report = Report::default();
    Draft { user, code: &code, template: &template, variables, deployment }.send(context, &mut report);
    Ok(report.answer(context, if test { TEST } else { ONE }))
}

fn is_uuid(id: &str) -> bool {
    let groups = id.split('-').map(|group| {
        let hex = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then_some(group.len())
    });
    groups.eq([8, 4, 4, 4, 12].map(Some))
}
