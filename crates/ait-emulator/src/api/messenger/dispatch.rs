//! A message goes out.

use std::collections::BTreeMap;

use super::{
    super::{Context, Movement, UserId},
    Message, Template,
    report::Report,
    variables::Variables,
};

/// A message that is to go out.
pub(super) struct Draft<'a> {
    pub(super) user: UserId,
    pub(super) code: &'a str,
    pub(super) template: &'a Template,
    pub(super) variables: Variables,
    pub(super) deployment: Option<String>,
}

impl Draft<'_> {
    /// Accepts the message: from here on it costs money, whether it reaches the user or not.
    pub(super) fn send(self, context: &mut Context<'_>, report: &mut Report) {
        let Self { user, code, template, variables, deployment } = self;
        let known = context.world.known(&user);
        // Nothing is known about a user with a made-up anonymous key.
        let reached = known.is_none_or(|user| user.reachable);
        let ids = template.channels.iter().map(|channel| (*channel, context.rng.uuid()));
        let content_ids: BTreeMap<_, _> = ids.collect();
        for (channel, id) in &content_ids {
            if reached {
                report.sent(*channel, id);
            } else {
                let reason = "알림 수신에 동의하지 않은 사용자예요.";
                report.failed(*channel, id, reason, context.switches.messenger_shape);
            }
        }
        let movement = Movement::Message {
            user: user.to_string(),
            template: code.to_owned(),
            test: deployment.is_some(),
        };
        context.world.ledger.push(context.now, movement);
        context.world.messenger.sent.push(Message {
            user,
            template: code.to_owned(),
            variables,
            deployment,
            content_ids,
            reached,
            at: context.now,
        });
    }
}
