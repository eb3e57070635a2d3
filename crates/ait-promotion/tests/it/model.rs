//! One grant pays at most once, in every way in which it can go; and each known mistake pays twice.

use crate::support::model::{EXPIRED, Model, Server, Settles};
use ait_promotion::{
    GrantState,
    grant::{ExpiredCode, Policy},
};

fn probe_fence() -> Policy {
    Policy::probe_fence(ExpiredCode::new(EXPIRED).unwrap()).questions(u32::MAX)
}

fn park() -> Policy {
    Policy::park().questions(u32::MAX)
}

/// Where probing is safe. Without dates no key is ever seen to be old, and nothing is sent twice.
fn is_safe_to_probe(server: Server) -> bool {
    let Server { dedupes, expires, settles, dates } = server;
    !dates || (expires && settles != Settles::Never) || (dedupes && !expires)
}

/// What is said to be known is true of the server.
#[track_caller]
fn tells_the_truth(found: &crate::support::model::Explored, context: &str) {
    for (at, world) in found.worlds.iter().enumerate() {
        let paid = match &world.stored {
            GrantState::Paid { .. } => Some(1),
            GrantState::Planned { .. } | GrantState::Refused { .. } | GrantState::Failed { .. } => Some(0),
            _ => None,
        };
        assert!(paid.is_none_or(|paid| paid == world.paid()), "{context}: {}", found.story(at));
    }
}

#[test]
fn parking_pays_at_most_once_whatever_the_server_does() {
    for server in Server::all() {
        let found = Model::new(server, park()).explore();
        assert_eq!(found.double_payment(), None, "{server:?}");
        tells_the_truth(&found, &format!("{server:?}"));
        assert!(found.worlds.len() > 3_000, "{server:?}: only {} worlds", found.worlds.len());
        for wanted in ["Paid", "Failed", "Refused", "Doubt", "Accepted"] {
            let is_wanted =
                |world: &crate::support::model::World| format!("{:?}", world.stored).starts_with(wanted);
            assert!(found.worlds.iter().any(is_wanted), "{server:?}: never {wanted}");
        }
    }
}

#[test]
fn parking_always_comes_to_an_end() {
    for server in Server::all() {
        let found = Model { patient: false, ..Model::new(server, Policy::park().questions(2)) }.explore();
        assert_eq!(found.double_payment(), None, "{server:?}");
        tells_the_truth(&found, &format!("{server:?}"));
        // A crash between get-key and the save costs a key, and the model has only so many.
        let stuck = found.stuck(|world| world.stored.is_over() || world.keys() == 2);
        assert!(stuck.is_empty(), "{server:?}: {}", found.story(stuck[0]));
    }
}

#[test]
fn probing_pays_at_most_once_where_it_is_said_to() {
    for server in Server::all() {
        let found = Model::new(server, probe_fence()).explore();
        match found.double_payment() {
            Some(story) => {
                assert!(!is_safe_to_probe(server), "{server:?}: {story}");
            }
            None => {
                assert!(is_safe_to_probe(server), "{server:?}: no double payment found; say that it is safe");
                tells_the_truth(&found, &format!("{server:?}"));
            }
        }
    }
}

#[test]
fn probing_gets_a_grant_out_of_doubt() {
    let server = Server { dedupes: false, expires: true, settles: Settles::InTime, dates: true };
    let found = Model::new(server, probe_fence()).explore();
    let stuck = found.stuck(|world| world.stored.is_over() || world.keys() == 2);
    assert!(stuck.is_empty(), "{}", found.story(stuck[0]));
    let second = found.worlds.iter().find(|world| world.keys() == 2 && world.paid() == 1);
    assert!(second.is_some(), "a second key was never needed: the model shows nothing");
    let dateless = Model::new(Server { dates: false, ..server }, probe_fence()).explore();
    let probes = |world: &&crate::support::model::World| matches!(world.stored, GrantState::Probe { .. });
    assert_eq!(dateless.worlds.iter().find(probes), None, "no date, no probe");
}

/// What a retry says to be known is true of the server. A failure may not be the last word.
#[track_caller]
fn retries_tell_the_truth(found: &crate::support::model::Explored, context: &str) {
    for (at, world) in found.worlds.iter().enumerate() {
        let paid = match &world.stored {
            GrantState::Paid { .. } => Some(1),
            GrantState::Planned { .. } | GrantState::Refused { .. } => Some(0),
            _ => None,
        };
        assert!(paid.is_none_or(|paid| paid == world.paid()), "{context}: {}", found.story(at));
        let may_pay = matches!(world.stored, GrantState::Failed { .. });
        assert!(
            world.paid() == 0 || world.stored.may_have_paid() || may_pay,
            "{context}: {}",
            found.story(at)
        );
    }
}

fn is_retry(world: &crate::support::model::World) -> bool {
    matches!(world.stored, GrantState::Retry { .. } | GrantState::Probe { retry: true, .. })
}

#[test]
fn a_retry_pays_at_most_once_where_probing_does() {
    for server in Server::all() {
        let found = Model::new(server, probe_fence()).retried().explore();
        match found.double_payment() {
            Some(story) => assert!(!is_safe_to_probe(server), "{server:?}: {story}"),
            None => {
                assert!(is_safe_to_probe(server), "{server:?}: no double payment found; say that it is safe");
                retries_tell_the_truth(&found, &format!("{server:?}"));
                assert!(found.worlds.iter().any(is_retry), "{server:?}: never tried again");
            }
        }
    }
}

#[test]
fn a_retry_comes_to_its_end() {
    let server = Server { dedupes: false, expires: true, settles: Settles::InTime, dates: true };
    let found = Model::new(server, probe_fence()).retried().explore();
    let stuck = found.stuck(|world| !is_retry(world) && (world.stored.is_over() || world.keys() == 2));
    assert!(stuck.is_empty(), "{}", found.story(stuck[0]));
    // The two ends it is made for: a failure that was none, and a new key that pays.
    let is_paid = |world: &&crate::support::model::World| {
        world.retries == 0 && world.paid() == 1 && matches!(world.stored, GrantState::Paid { .. })
    };
    for number in [1, 2] {
        let with = |world: &&crate::support::model::World| matches!(&world.stored, GrantState::Paid { attempt } if attempt.number == number);
        assert!(found.worlds.iter().filter(is_paid).any(|world| with(&world)), "never paid by key {number}");
    }
    let impatient = Model { patient: false, ..Model::new(server, probe_fence().questions(2)).retried() };
    let found = impatient.explore();
    assert_eq!(found.double_payment(), None);
    let stuck = found.stuck(|world| world.stored.is_over() || world.keys() == 2);
    assert!(stuck.is_empty(), "{}", found.story(stuck[0]));
}

#[test]
fn without_a_date_a_retry_sends_nothing() {
    let server = Server { dedupes: false, expires: false, settles: Settles::Never, dates: false };
    let found = Model::new(server, probe_fence()).retried().explore();
    assert!(found.worlds.iter().any(is_retry));
    let probes = |world: &&crate::support::model::World| matches!(world.stored, GrantState::Probe { .. });
    assert_eq!(found.worlds.iter().find(probes), None, "no date, no probe");
}

#[test]
fn under_parking_nothing_is_tried_again() {
    let server = Server { dedupes: false, expires: true, settles: Settles::InTime, dates: true };
    let found = Model::new(server, park()).retried().explore();
    assert_eq!(found.double_payment(), None);
    assert!(!found.worlds.iter().any(is_retry));
}
