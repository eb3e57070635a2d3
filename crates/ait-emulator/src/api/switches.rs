//! What nobody has documented, as switches.

macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $choice:ident,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name { $($(#[$what])* $choice,)+ }
    };
}

mod brandpay;
mod login;
mod messenger;
mod money;
mod values;

use serde::{Deserialize, Serialize};

pub use self::{
    brandpay::{
        BadKey, BearerIdentity, CallbackRetries, ForeignSession, ListForm, MethodWord, PaymentVersion,
        ScopeForm, SmallInstallment, UnknownCustomer,
    },
    login::{
        AnonKeyAnswer, InvalidGrant, NewLogin, ProfileForm, Refresh, RemovedPayload, TokenForm,
        UnknownAnonKey,
    },
    messenger::{
        BulkDuplicate, BulkEntry, LimitedMessages, MessageCount, MessengerShape, OrderTime, UnknownOrder,
        UnknownTemplate,
    },
    money::{
        Buyer, ContentType, Dedupe, ErrorShape, ExecuteFailure, FailureStatus, Old, OrderNoTaken, Repeat,
        TestFlag, UnknownPromotion, UnknownUser,
    },
};

/// What nobody has documented, or what the documents disagree about. Each has the likeliest reading as its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Switches {
    /// The HTTP status of refusals of Apps in Toss.
    pub failure_status: FailureStatus,
    /// The members of refusals of Apps in Toss.
    pub error_shape: ErrorShape,
    /// The content types that a body may have.
    pub content_type: ContentType,
    /// The HTTP status of `{"error":"invalid_grant"}`.
    pub invalid_grant_status: u16,
    /// A user key that was never seen.
    pub unknown_user: UnknownUser,
    /// Which refresh token a refresh brings.
    pub refresh: Refresh,
    /// The form in which a login refuses a code or a token.
    pub invalid_grant: InvalidGrant,
    /// The form of the tokens of a login.
    pub token_form: TokenForm,
    /// What a new login does to older tokens.
    pub new_login: NewLogin,
    /// The form of a profile.
    pub profile_form: ProfileForm,
    /// Calls of `login-me` that one access token is good for. 0: any number.
    pub profiles_per_token: u32,
    /// The payload of `remove-by-access-token`.
    pub removed_payload: RemovedPayload,
    /// The user key of a link that is cut already, at `remove-by-user-key`.
    pub unlink_again: Old,
    /// Whether `remove-by-user-key` needs an access token of that user: the documents disagree.
    pub unlink_needs_token: bool,
    /// What `users/anon-key/verify` says of a key that is good.
    pub anon_key_answer: AnonKeyAnswer,
    /// What `users/anon-key/verify` says of a key that no user has.
    pub unknown_anon_key: UnknownAnonKey,
    /// When a promotion key counts as used.
    pub dedupe: Dedupe,
    /// A promotion key after its hour.
    pub expired_key: Old,
    /// The code that refuses a promotion key after its hour. Nobody has documented one.
    pub expired_key_code: String,
    /// Whether a promotion key belongs to the user who asked for it.
    pub key_bound_to_user: bool,
    /// Whether `get-key` needs a user.
    pub get_key_needs_user: bool,
    /// Seconds until a grant that was accepted is paid.
    pub grant_lag_seconds: u64,
    /// Seconds until the result of a grant can be seen at all.
    pub result_lag_seconds: u64,
    /// Whether a grant that failed is paid after all, after as many seconds again and at least one.
    pub failed_may_flip: bool,
    /// A promotion code that was never seen.
    pub unknown_promotion: UnknownPromotion,
    /// The smallest grant, in points.
    pub smallest_grant: u32,
    /// What `isTestPayment: true` means.
    pub is_test_payment: TestFlag,
    /// What the buyer does with a payment that waits.
    pub buyer: Buyer,
    /// A second `execute-payment` of one payment.
    pub repeat_execute: Repeat,
    /// Where `execute-payment` says why a payment is not paid.
    pub execute_failure: ExecuteFailure,
    /// When an order number is taken.
    pub order_no_taken: OrderNoTaken,
    /// Seconds until a payment that was not executed is cancelled, authenticated or not. Toss Pay's own guide says 15 minutes;
    /// that it holds in Apps in Toss is an inference. 0: never.
    pub payment_seconds: u64,
    /// A comma in `productDesc`: one page can be read as forbidding it.
    pub comma_in_product_desc: Old,
    /// The smallest payment, in won.
    pub smallest_payment: u32,
    /// Whether `refund-payment` needs a `reason`: the documents disagree.
    pub refund_needs_reason: bool,
    /// A blank in the `reason` of a refund: the list of allowed characters has none.
    pub blank_in_refund_reason: Old,
    /// Whether `get-payment-status` needs both `payToken` and `orderNo`: the documents disagree.
    pub status_needs_both: bool,
    /// Where the payload of a sent message stands.
    pub messenger_shape: MessengerShape,
    /// What `msgCount` counts.
    pub message_count: MessageCount,
    /// What counts for the calls a minute of one user at messages.
    pub limited_messages: LimitedMessages,
    /// A template that was never seen.
    pub unknown_template: UnknownTemplate,
    /// The code that refuses a template that is unknown or not approved, or that misses a variable. Nobody has documented
    /// one.
    pub template_code: String,
    /// What an entry of `send-bulk-message` that cannot be sent does.
    pub bulk_entry: BulkEntry,
    /// A user who stands in a `send-bulk-message` more than once.
    pub bulk_duplicate: BulkDuplicate,
    /// Whether `get-order-status` needs a user: the documents disagree.
    pub order_status_needs_user: bool,
    /// The form of an order that is not there, or whose product is not told.
    pub unknown_order: UnknownOrder,
    /// The form of `statusDeterminedAt`.
    pub order_time: OrderTime,
    /// The form of `GET /v1/promotions`.
    pub promotion_list: ListForm,
    /// Calls a minute that one user may cost at promotions, and at messages. 0: any number.
    pub calls_per_user: u32,
    /// Calls a minute that the app may make. 0: any number.
    pub calls_per_app: u32,
    /// Calls a minute for each BrandPay endpoint. 0: any number.
    pub calls_per_brandpay_endpoint: u32,
    /// The code that refuses a BrandPay confirm of another amount. Nobody has documented one.
    pub amount_mismatch_code: String,
    /// How a secret key that is not known is refused.
    pub bad_key: BadKey,
    /// Whose idempotency keys a call with Bearer uses.
    pub bearer_identity: BearerIdentity,
    /// Whether an automatic payment needs the agreement to the terms of scope `BILLING`, else `REQUIRED_BILLING_TERMS`.
    pub billing_terms_needed: bool,
    /// Whether a 429 of BrandPay has a `Retry-After`.
    pub brandpay_retry_after: bool,
    /// Seconds until the code of an agreement to terms ends. 0: never.
    pub code_seconds: u64,
    /// Milliseconds between two cancels of one payment, else `FORBIDDEN_CONSECUTIVE_REQUEST`.
    pub consecutive_millis: u64,
    /// A confirm of a payment that another shop opened.
    pub foreign_session: ForeignSession,
    /// The HTTP status of `INVALID_ACCESS_TOKEN`.
    pub invalid_access_token_status: u16,
    /// Whether the terms a customer has agreed to are listed too.
    pub list_agreed_terms: bool,
    /// Whether removed methods are listed too.
    pub list_disabled_methods: bool,
    /// The longest `customerKey`, in characters. 300 is what the billing API takes.
    pub longest_customer_key: u16,
    /// Whether a payment tells its `secret`. It is null in the sample, and was seen in measurements.
    pub payment_secret: bool,
    /// The version of the payment object.
    pub payment_version: PaymentVersion,
    /// Whether an answer of 5xx is bound to its idempotency key, as one of 4xx is.
    pub replay_server_errors: bool,
    /// Whether the idempotency key is looked at before the token, so that a token that has ended gets its replays.
    pub replay_to_dead_token: bool,
    /// Instalments for less than 50,000 won.
    pub small_installment: SmallInstallment,
    /// How the query of the terms writes two scopes.
    pub terms_scopes: ScopeForm,
    /// The code of a 429 of BrandPay. Nobody has documented one.
    pub too_many_requests_code: String,
    /// The methods of a BrandPay customer who is not known.
    pub unknown_customer: UnknownCustomer,
    /// Whether `customers/remove` takes a body.
    pub withdrawal_takes_body: bool,
    /// How `METHOD_UPDATED` says that a method was registered.
    pub method_word: MethodWord,
    /// Whether the unlink callback and the subscription webhook are sent again when they fail.
    pub callback_retries: CallbackRetries,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            failure_status: FailureStatus::default(),
            error_shape: ErrorShape::default(),
            content_type: ContentType::default(),
            invalid_grant_status: 400,
            unknown_user: UnknownUser::default(),
            refresh: Refresh::default(),
            invalid_grant: InvalidGrant::default(),
            token_form: TokenForm::default(),
            new_login: NewLogin::default(),
            profile_form: ProfileForm::default(),
            profiles_per_token: 0,
            removed_payload: RemovedPayload::default(),
            unlink_again: Old::default(),
            unlink_needs_token: false,
            anon_key_answer: AnonKeyAnswer::default(),
            unknown_anon_key: UnknownAnonKey::default(),
            dedupe: Dedupe::default(),
            expired_key: Old::default(),
            expired_key_code: "4199".to_owned(),
            key_bound_to_user: true,
            get_key_needs_user: false,
            grant_lag_seconds: 0,
            result_lag_seconds: 0,
            failed_may_flip: false,
            unknown_promotion: UnknownPromotion::default(),
            smallest_grant: 1,
            is_test_payment: TestFlag::default(),
            buyer: Buyer::default(),
            repeat_execute: Repeat::default(),
            execute_failure: ExecuteFailure::default(),
            order_no_taken: OrderNoTaken::default(),
            payment_seconds: 900,
            comma_in_product_desc: Old::Accept,
            smallest_payment: 1,
            refund_needs_reason: true,
            blank_in_refund_reason: Old::default(),
            status_needs_both: false,
            messenger_shape: MessengerShape::default(),
            message_count: MessageCount::default(),
            limited_messages: LimitedMessages::default(),
            unknown_template: UnknownTemplate::default(),
            template_code: "INVALID_PARAMETER".to_owned(),
            bulk_entry: BulkEntry::default(),
            bulk_duplicate: BulkDuplicate::default(),
            order_status_needs_user: false,
            unknown_order: UnknownOrder::default(),
            order_time: OrderTime::default(),
            promotion_list: ListForm::default(),
            calls_per_user: 10,
            calls_per_app: 3000,
            calls_per_brandpay_endpoint: 100,
            amount_mismatch_code: "INVALID_REQUEST".to_owned(),
            bad_key: BadKey::default(),
            bearer_identity: BearerIdentity::default(),
            billing_terms_needed: false,
            brandpay_retry_after: false,
            code_seconds: 600,
            consecutive_millis: 0,
            foreign_session: ForeignSession::default(),
            invalid_access_token_status: 401,
            list_agreed_terms: true,
            list_disabled_methods: false,
            longest_customer_key: 50,
            payment_secret: true,
            payment_version: PaymentVersion::default(),
            replay_server_errors: false,
            replay_to_dead_token: false,
            small_installment: SmallInstallment::default(),
            terms_scopes: ScopeForm::default(),
            too_many_requests_code: "TOO_MANY_REQUESTS".to_owned(),
            unknown_customer: UnknownCustomer::default(),
            withdrawal_takes_body: true,
            method_word: MethodWord::default(),
            callback_retries: CallbackRetries::default(),
        }
    }
}
