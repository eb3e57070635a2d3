//! The API without I/O: a request, and what is answered.

mod brandpay;
mod content_type;
mod iap;
mod login;
mod login_odd;
mod login_profile;
mod login_unlink;
mod messenger;
mod messenger_bulk;
mod messenger_odd;
mod pay;
mod pay_fields;
mod pay_refusals;
mod pay_states;
mod pay_time;
mod promotion;
mod promotion_money;
mod support;
