#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod code;
mod execute_promotion;
mod execution_result;
mod get_key;
pub mod grant;
mod ids;
mod pace;
mod promotion;
mod resolve;
mod status;

pub use ait_core;

pub use self::{
    code::ErrorCode,
    execute_promotion::{ExecutePromotion, ExecutedPromotion},
    execution_result::ExecutionResult,
    get_key::{GetKey, IssuedKey},
    grant::{Grant, GrantState},
    ids::{PromotionCode, PromotionKey},
    promotion::Promotion,
    status::GrantStatus,
};
