//! Of messages and orders.

use serde::{Deserialize, Serialize};

choice! {
    /// Where the payload of a sent message stands.
    MessengerShape {
        /// In `success`, with `reachedFailReason`.
        #[default]
        Success,
        /// In `result`, with `reachFailReason`, as older pages have it.
        Result,
        /// In `success`, without `detail` and `fail`, as in the official examples.
        Counters,
    }
}

choice! {
    /// The form of `statusDeterminedAt`.
    OrderTime {
        /// Korean time without a zone, as in the sample.
        #[default]
        Bare,
        /// With `+0900` behind it, as in the field table.
        Offset,
    }
}

choice! {
    /// The members `sku` and `statusDeterminedAt` of an order that is `NOT_FOUND`, `MINIAPP_MISMATCH` or `ERROR`.
    UnknownOrder {
        /// Are left out, as reported.
        #[default]
        Absent,
        /// Are null.
        Nulls,
        /// Are empty texts.
        Empty,
    }
}

choice! {
    /// A template that was never seen.
    UnknownTemplate {
        /// Is refused with `template_code`.
        #[default]
        Refuse,
        /// Is one that takes any variables and goes out as push.
        Create,
    }
}

choice! {
    /// What an entry of `send-bulk-message` that cannot be sent does.
    BulkEntry {
        /// It stands in `fail`, and the others are sent.
        #[default]
        Fails,
        /// It has the whole call refused.
        RefusesAll,
    }
}

choice! {
    /// A user who stands in a `send-bulk-message` more than once.
    BulkDuplicate {
        /// Gets as many messages.
        #[default]
        SendsAgain,
        /// Gets the first one.
        SendsOnce,
    }
}

choice! {
    /// What counts as a message to a user for the limit of a minute.
    LimitedMessages {
        /// `send-message`, as documented.
        #[default]
        Single,
        /// `send-test-message`, too.
        SingleAndTest,
        /// `send-test-message` and the entries of `send-bulk-message`, too.
        All,
    }
}

choice! {
    /// What `msgCount` counts.
    MessageCount {
        /// Messages sent.
        #[default]
        Sent,
        /// Messages sent and messages that failed.
        All,
    }
}
