#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod iap;
mod order_id;
mod order_status;
mod status;
mod wait;
pub mod webhook;

pub use ait_core;

pub use self::{
    iap::Iap,
    order_id::OrderId,
    order_status::{Order, OrderStatus},
    status::IapStatus,
};
