//! Of BrandPay, and of callbacks.

use serde::{Deserialize, Serialize};

choice! {
    /// The form of `GET /v1/promotions`.
    ListForm {
        /// An array.
        #[default]
        Array,
        /// An object.
        Object,
    }
}

choice! {
    /// How a secret key that is not known is refused.
    BadKey {
        /// 401 `UNAUTHORIZED_KEY`, as measured.
        #[default]
        Unauthorized,
        /// 403 `UNAUTHORIZED_KEY`, as the page of conventions has it.
        Forbidden,
        /// 400 `INVALID_API_KEY`.
        InvalidApiKey,
    }
}

choice! {
    /// Whose idempotency keys a call with Bearer uses.
    BearerIdentity {
        /// The token's.
        #[default]
        Token,
        /// The customer's, whatever the token.
        Customer,
    }
}

choice! {
    /// How a confirm of a payment that another shop's client key opened is refused.
    ForeignSession {
        /// 404 `NOT_FOUND_PAYMENT_SESSION`.
        #[default]
        NotFoundPaymentSession,
        /// 400 `INVALID_API_KEY`.
        InvalidApiKey,
        /// 401 `UNAUTHORIZED_KEY`.
        UnauthorizedKey,
        /// 403 `FORBIDDEN_REQUEST`.
        ForbiddenRequest,
    }
}

choice! {
    /// The version of the payment object: a setting of the shop.
    PaymentVersion {
        /// `2024-06-01`: with `transactionKey`, without `checkout`.
        #[default]
        V20240601,
        /// `2022-11-16`: the other way round. Keys of the payment widget always have this one.
        V20221116,
    }
}

choice! {
    /// How the query of the terms writes two scopes.
    ScopeForm {
        /// Repeated, or joined by a comma.
        #[default]
        Either,
        /// `scope=REGISTER&scope=CARD`
        Repeated,
        /// `scope=REGISTER,CARD`
        Comma,
    }
}

choice! {
    /// Instalments for less than 50,000 won.
    SmallInstallment {
        /// Are paid at once.
        #[default]
        AtOnce,
        /// Are refused.
        Refuse,
    }
}

choice! {
    /// The methods of a customer who is not known.
    UnknownCustomer {
        /// Are refused with `NOT_FOUND_CUSTOMER`.
        #[default]
        Refuse,
        /// Are none.
        Empty,
    }
}

choice! {
    /// How `METHOD_UPDATED` says that a method was registered.
    MethodWord {
        /// `ENABLED`, as the table has it.
        #[default]
        Table,
        /// `ENABLE`, as the sample has it.
        Sample,
    }
}

choice! {
    /// Whether the unlink callback and the subscription webhook are sent again when they fail.
    CallbackRetries {
        /// They are not.
        #[default]
        Never,
        /// As the webhooks of BrandPay are.
        AsBrandpay,
    }
}
