//! What has happened that the shop may be told.

use crate::api::{
    brandpay::{CustomerChange, MethodChange},
    iap::{ChangeReason, Subscription},
    login::UnlinkReason,
};

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum News {
    Unlinked {
        user: u64,
        referrer: UnlinkReason,
    },
    Subscription {
        order: String,
        reason: ChangeReason,
        previous: Option<Subscription>,
        current: Subscription,
    },
    /// The console checks the address.
    Verification,
    Method {
        customer: String,
        method: String,
        status: MethodChange,
    },
    Customer {
        customer: String,
        status: CustomerChange,
    },
    /// The payment with this key, as it is when the news are looked at.
    Payment(String),
}

/// What has happened since somebody looked. No part of the state: it is not stored, and worlds are equal whatever is new.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fresh(Vec<News>);

impl Fresh {
    pub(crate) fn push(&mut self, news: News) {
        self.0.push(news);
    }

    pub(crate) fn take(&mut self) -> Vec<News> {
        std::mem::take(&mut self.0)
    }
}

impl PartialEq for Fresh {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Fresh {}
