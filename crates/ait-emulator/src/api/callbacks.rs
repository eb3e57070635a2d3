//! What Toss tells the shop by itself: the unlink callback, the subscription webhook, the webhooks of BrandPay.
//!
//! Whatever happens leaves its news in the world. [`Core`] makes callbacks of those that somebody wants to hear and puts
//! them into the [`Outbox`]; who sends them, and when, is not known here.

mod body;
mod callback;
mod news;
mod outbox;

pub(crate) use self::{
    body::query,
    news::{Fresh, News},
    outbox::Due,
};
pub use self::{
    callback::{BadCallback, Callback, CallbackKind, Callbacks},
    outbox::{Attempt, Message, Outbox},
};
use super::{Core, Rng, Time};

impl News {
    const fn kind(&self) -> CallbackKind {
        match self {
            Self::Unlinked { .. } => CallbackKind::Unlink,
            Self::Subscription { .. } | Self::Verification => CallbackKind::Subscription,
            Self::Method { .. } | Self::Customer { .. } | Self::Payment(_) => CallbackKind::Brandpay,
        }
    }
}

impl Core {
    /// Makes callbacks of what has happened, as of this time. Of what nobody wants to hear, none.
    pub(crate) fn tell_news(&mut self, now: Time, rng: &Rng) {
        for news in self.world.fresh.take().into_iter().chain(self.world.brandpay.fresh.take()) {
            let kind = news.kind();
            if self.callbacks.contains_key(&kind)
                && let Some(body) = body::of(&news, &self.world, &self.switches, now)
            {
                self.world.outbox.push(kind, now, body, rng);
            }
        }
    }

    /// Lets the payments expire whose time has passed. Whether any did.
    pub(crate) fn expire(&mut self, now: Time, rng: &Rng) -> bool {
        let mut any = false;
        while let Some((at, payment)) = self.world.brandpay.expired(now) {
            self.world.brandpay.fresh.push(News::Payment(payment));
            self.tell_news(at, rng);
            any = true;
        }
        any
    }
}
