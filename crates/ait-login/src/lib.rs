#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod code;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod crypto;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod decryptor;
mod generate_token;
mod login;
mod login_me;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod plain_profile;
mod profile;
mod referrer;
mod refresh_token;
mod remove_by_access_token;
mod remove_by_user_key;
mod removed;
mod scopes;
mod session;
mod session_error;
mod token;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub mod unlink;
mod verify_anonymous_key;

pub use ait_core;

pub use self::{
    code::ErrorCode,
    generate_token::GenerateToken,
    login::Login,
    login_me::LoginMe,
    profile::{Encrypted, Profile},
    referrer::Referrer,
    refresh_token::RefreshToken,
    remove_by_access_token::RemoveByAccessToken,
    remove_by_user_key::RemoveByUserKey,
    removed::Removed,
    scopes::{Scope, Scopes},
    session::Session,
    session_error::SessionError,
    token::Token,
    verify_anonymous_key::{VerifiedAnonymousKey, VerifyAnonymousKey},
};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use self::{
    decryptor::Decryptor,
    plain_profile::{Gender, Nationality, PlainProfile},
};
