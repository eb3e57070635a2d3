//! Of all calls, of promotions and of Toss Pay.

use serde::{Deserialize, Serialize};

choice! {
    /// With which HTTP status a refusal of Apps in Toss comes.
    FailureStatus {
        /// 200, as newer documentation and observations have it.
        #[default]
        Ok,
        /// The 4xx that the reference lists.
        Listed,
    }
}

choice! {
    /// How a refusal of Apps in Toss names its code.
    ErrorShape {
        /// `errorCode` and `reason`, as documented.
        #[default]
        ErrorCode,
        /// `code` (a number where it can be one) and `message`, as one third party reports.
        CodeMessage,
    }
}

choice! {
    /// What may stand in `content-type` where there is a body.
    ContentType {
        /// Anything, or nothing: the body is read as JSON. The log says when it was said to be something else.
        #[default]
        Any,
        /// `application/json`, with or without parameters. Anything else is refused with 400.
        Json,
    }
}

choice! {
    /// When `execute-promotion` says `4113`.
    Dedupe {
        /// A key was used before, with whatever promotion.
        #[default]
        Key,
        /// A key was used before with the same promotion.
        PromotionAndKey,
        /// Never: a used key pays again.
        Never,
    }
}

choice! {
    /// What happens to something old: refused, or as if it were new.
    Old {
        /// It is refused.
        #[default]
        Refuse,
        /// It is taken.
        Accept,
    }
}

choice! {
    /// What `isTestPayment: true` means.
    TestFlag {
        /// A test.
        #[default]
        TrueIsTest,
        /// The real thing, as one page of the reference has it.
        TrueIsLive,
    }
}

choice! {
    /// What the buyer does with a payment that waits.
    Buyer {
        /// Authenticates it at once.
        #[default]
        Approves,
        /// Nothing, until told through the control API.
        Waits,
        /// Turns it down at once.
        Cancels,
    }
}

choice! {
    /// What `execute-payment` says to a payment that is paid already.
    Repeat {
        /// A refusal.
        #[default]
        Refuse,
        /// The first answer once more.
        AnswerAgain,
    }
}

choice! {
    /// A user key that was never seen.
    UnknownUser {
        /// Is a user who uses the app.
        #[default]
        Create,
        /// Is refused with `4010`.
        Refuse,
    }
}

choice! {
    /// A promotion code that was never seen.
    UnknownPromotion {
        /// Is a running promotion with a budget.
        Create,
        /// Is refused with `4100`.
        #[default]
        Refuse,
    }
}

choice! {
    /// When an order number of Toss Pay is taken.
    OrderNoTaken {
        /// As soon as a payment was made with it, as the guide of Apps in Toss has it.
        #[default]
        Made,
        /// When the buyer has authenticated, or two years after it was first used, as Toss Pay's own guide has it. Before, a
        /// new payment takes the place of the old one, which is cancelled.
        Authenticated,
    }
}

choice! {
    /// Where `execute-payment` says why a payment that it found is not paid.
    ExecuteFailure {
        /// In the envelope, like every refusal.
        #[default]
        Envelope,
        /// In a `success` whose `code` is not 0, with `errorCode` and `msg`.
        InSuccess,
    }
}
