//! The integration tests, in one program: a subject a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answer;
mod answer_before_alert;
mod building_blocks;
mod building_blocks_keys;
mod building_blocks_time;
mod by_name;
mod connecting;
mod content_type;
mod contracts_answers;
mod contracts_connecting;
mod contracts_deadlines;
mod contracts_kept;
mod contracts_lost_answers;
mod contracts_rotation;
mod contracts_spare;
mod envelope;
mod envelope_bare;
mod envelope_flat;
mod envelope_hostile;
mod fixtures_support;
mod identity_pem;
mod identity_pem_errors;
mod identity_refused;
mod identity_refused_late;
mod identity_untrusted;
mod inner_failure;
mod proxy;
mod secrets;
mod settings;
mod soundness;
mod spans;
mod support;
mod ticket;
mod verify;
