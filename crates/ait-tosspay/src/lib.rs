#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod bank;
mod card;
mod code;
mod execute_payment;
mod form;
mod ids;
mod make_payment;
mod method;
mod payment_status;
mod refund_payment;
mod refusals;
mod resolve;
mod status;
mod tosspay;

pub use ait_core;

pub use self::{
    bank::Bank,
    card::{CardCompany, CardKind, CardOwner},
    code::ErrorCode,
    execute_payment::{ExecutePayment, ExecutedPayment},
    ids::{OrderNo, PayToken},
    make_payment::{CashReceiptKind, Installment, MadePayment, MakePayment},
    method::{Environment, PayMethod},
    payment_status::{Card, Payment, PaymentStatus, Step, Transaction},
    refund_payment::{RefundPayment, RefundedPayment},
    status::PayStatus,
    tosspay::TossPay,
};
