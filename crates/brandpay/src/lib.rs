#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_token;
mod agree_terms;
mod all_card_promotions;
mod all_promotions;
mod amount;
mod automatic_payment;
mod bank;
mod bank_promotions;
mod brandpay;
mod cancel;
mod card_company;
mod card_promotions;
mod code;
mod confirm;
mod details;
mod escape;
mod form;
pub mod idempotency;
mod ids;
mod method;
mod methods_by_customer;
mod methods_by_token;
mod payment;
mod payment_by_key;
mod payment_by_order;
mod promotion;
mod receipt;
pub mod redirect;
mod refusals;
mod remove_account;
mod remove_card;
mod remove_customer;
mod resolve;
mod status;
mod terms;
pub mod webhook;

pub use ait_core;

pub use self::{
    access_token::{AccessToken, CustomerIdentity, GrantType, IssueAccessToken},
    agree_terms::{AgreeTerms, AgreedTerms},
    all_card_promotions::AllCardPromotions,
    all_promotions::{AllPromotions, Promotions},
    amount::Amount,
    automatic_payment::AutomaticPayment,
    bank::Bank,
    bank_promotions::BankPromotions,
    brandpay::BrandPay,
    cancel::{Cancel, RefundAccount},
    card_company::CardCompany,
    card_promotions::CardPromotions,
    code::ErrorCode,
    confirm::Confirm,
    details::{
        AccountType, AcquireStatus, CancelStatus, Cancellation, Card, EasyPay, GiftCertificate,
        InterestPayer, MobilePhone, PaymentFailure, RefundStatus, RefundedAccount, SettlementStatus,
        Transfer, VirtualAccount,
    },
    ids::{CustomerKey, MethodKey, OrderId, PaymentKey},
    method::{AccountMethod, CardMethod, Color, Methods},
    methods_by_customer::MethodsByCustomer,
    methods_by_token::MethodsByToken,
    payment::{AppliedDiscount, Page, Payment},
    payment_by_key::PaymentByKey,
    payment_by_order::PaymentByOrder,
    promotion::{
        BankDiscount, BankPromotionList, CardPromotionList, Discount, DiscountType, InterestFree, Point,
        Promotion, PromotionType,
    },
    receipt::{
        CashReceipt, CashReceiptEntry, CashReceiptType, IssueStatus, ReceiptOrder, ReceiptTransaction,
        RegistrationNumberType,
    },
    remove_account::RemoveAccount,
    remove_card::RemoveCard,
    remove_customer::{RemoveCustomer, RemovedCustomer},
    status::{CardType, EasyPayProvider, Method, MethodStatus, OwnerType, PaymentKind, PaymentStatus, Scope},
    terms::{Term, Terms},
};

/// The one host, for test keys and live keys alike. It demands no client certificate.
const HOST: ait_core::Host = ait_core::Host::new("api.tosspayments.com");
