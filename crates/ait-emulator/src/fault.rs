//! Faults: what goes wrong, when, and for whom.
//!
//! A [`Rule`] is a line of words: an endpoint, a moment, an effect, and conditions.
//!
//! ```
//! use ait_emulator::fault::Rule;
//!
//! // The grant is paid, and the answer is lost: once, for the third call of this user.
//! let rule: Rule = "promotion.execute_promotion after_commit reset user=443731104 nth=3".parse()?;
//! // One call in twenty is taken and never answered.
//! let rule: Rule = "* before_commit hang p=0.05 times=any".parse()?;
//! # Ok::<(), ait_emulator::fault::BadRule>(())
//! ```
//!
//! | condition | holds |
//! |---|---|
//! | `user=KEY` | for this user key, anonymous key or BrandPay customer |
//! | `code=CODE` | for answers with this code, at moments that come after the commit |
//! | `nth=N` | for the so-many-th of the calls, or connections, that fit |
//! | `p=0.05` | with this probability, by the seed |
//! | `times=N`, `times=any` | so often at most; without it, once |
//!
//! | moment | has happened | effects |
//! |---|---|---|
//! | `accept` | the connection was accepted | `reset` `close` `hang` `delay` |
//! | `tls` | the client has begun its handshake | `reset` `close` `hang` `delay` |
//! | `after_read`, `before_commit` | the request was read, **nothing was done** | `reset` `close` `hang` `delay` `status` `fail` `result` `invalid_json` `html` `late_commit` |
//! | `after_commit` | **all was done**, nothing was said | `reset` `close` `hang` `delay` `status` `fail` `result` `invalid_json` `html` `truncate` `answer_twice` |
//! | `mid_headers`, `mid_body` | half of the head, or of the body, was written | `reset` `close` `hang` `delay` |
//! | `after_answer` | the answer was written | `reset` `close` `hang` |
//!
//! | effect | does |
//! |---|---|
//! | `reset` | resets the TCP connection |
//! | `close` | closes the connection in order |
//! | `hang` | says nothing more, and holds the connection |
//! | `delay=MILLIS` | waits, then goes on as if nothing had happened |
//! | `status=CODE` | answers with this HTTP status and an error body |
//! | `fail=CODE` | answers FAIL with this code (BrandPay: its flat error) |
//! | `result=TYPE` | answers with this `resultType`, such as `HTTP_TIMEOUT` (BrandPay: HTTP 500 with it as the code) |
//! | `truncate=BYTES` | promises the whole body, writes so many bytes of it and closes |
//! | `invalid_json` | answers with broken JSON, and 200 (BrandPay, before the commit: 500) |
//! | `html` | answers 502 with the page of a proxy |
//! | `answer_twice` | writes the answer twice |
//! | `late_commit=SECONDS` | resets the connection now, and does what was asked for so much later |
//!
//! # By data
//!
//! A program that cannot reach the control API asks for a fault by what it sends. What is malformed is ignored, and the log
//! says why: [`LogEntry::ignored`](crate::engine::LogEntry::ignored).
//!
//! - A mark in any text of the body, the path or the query, or in `x-anon-key`:
//!   `order-17--emu-execute_payment-after_commit-reset`. After `--emu-` come the last part of the endpoint's name (or
//!   `any`), the moment, the effect and its value if it takes one, joined by `-`. Endpoint and moment may be short:
//!   `order-17--emu-x-ac-reset`. A payment remembers the mark of its
//!   order. Each marked text works once for each endpoint.
//! - A user key of eight digits or more that begins with `99`. The third digit is the moment: 1 `before_commit`,
//!   2 `after_commit`, 3 `mid_headers`, 4 `mid_body`, 5 `after_answer`. The fourth is the effect: 0 `reset`, 1 `close`,
//!   2 `hang`, 3 `status=500`, 4 `html`, 5 `invalid_json`, 6 `fail=INTERNAL_ERROR`, 7 `result=HTTP_TIMEOUT`,
//!   8 `late_commit=60`, 9 `delay=3000`. So these pairs: 10 to 19, 20 to 27, 29, 30 to 32, 39, 40 to 42, 49, 50 to 52. It
//!   works once for each endpoint that writes.
//! - The header `x-emulator-fault: after_commit reset`. It works each time.

mod effect;
mod faults;
pub(crate) mod magic;
mod rule;
mod short;

pub(crate) use self::faults::{Fault, Subject};
pub use self::{
    effect::{Effect, Moment},
    faults::{Armed, Faults},
    rule::{BadRule, Rule},
};
