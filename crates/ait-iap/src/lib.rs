#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod code;
mod iap;
mod ids;
mod order_status;
mod status;
mod wait;
pub mod webhook;

pub use ait_core;

pub use self::{
    code::ErrorCode,
    iap::Iap,
    ids::OrderId,
    order_status::{Order, OrderStatus},
    status::IapStatus,
};
