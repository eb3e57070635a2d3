//! What is sent again, and when.

use std::{collections::BTreeSet, time::Duration};

use ait_emulator::{Emulator, Reply, api::callbacks::Message};
use serde_json::{Value, json};

use super::{
    shop::{Shop, WATCHDOG, attempts, minutes, open, seeded, soon, status},
    till::transmission,
};
use crate::control::desk::Desk;

/// The first time, and the seven others.
const SCHEDULE: [u64; 8] = [0, 1, 5, 21, 85, 341, 1365, 5461];
const MINUTE: Duration = Duration::from_secs(60);

/// One webhook, and nothing else.
fn happen(emulator: &Emulator) {
    use ait_emulator::api::brandpay::CustomerChange;
    emulator
        .world(|core, _, _| core.world.brandpay.customer_did("customer-1", CustomerChange::PasswordChanged));
}

fn failures(count: usize) -> impl Iterator<Item = Reply> {
    // Any answer but 200 is a failure, also one of success.
    (0..count).map(|n| match n % 4 {
        0 => status(500),
        1 => status(204),
        2 => Reply::Close,
        _ => status(302),
    })
}

#[tokio::test]
async fn a_webhook_that_is_not_answered_with_200_comes_again_by_the_clock() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    shop.answers(failures(8));
    let start = emulator.now();
    happen(&emulator);
    let (id, at, count) = transmission(&shop.next().await);
    assert_eq!((at.as_str(), count.as_str()), ("2026-01-01T00:00:00+09:00", "0"));
    let mut ids = BTreeSet::from([id]);
    for (n, minute) in SCHEDULE.iter().enumerate().skip(1) {
        let outbox = attempts(&emulator, n).await;
        assert_eq!(outbox[0].due, Some(start.plus(MINUTE * u32::try_from(*minute).unwrap())));
        // A moment before, nothing comes.
        let due = outbox[0].due.unwrap();
        emulator.advance(due.since(emulator.now()) - Duration::from_millis(1));
        assert_eq!(emulator.outbox()[0].attempts.len(), n);
        assert_eq!(shop.rest(), 0);
        emulator.advance(Duration::from_millis(1));
        let (id, at, count) = transmission(&shop.next().await);
        ids.insert(id);
        assert_eq!((at, count), (due.kst_with_zone(), n.to_string()));
    }
    assert_eq!(ids.len(), 1, "the same transmission");
    let outbox = attempts(&emulator, 8).await;
    assert_eq!((minutes(&outbox[0]), outbox[0].due), (SCHEDULE.to_vec(), None), "given up");
    let seen: Vec<_> = outbox[0].attempts.iter().map(|attempt| attempt.status).collect();
    let expected = [Some(500), Some(204), None, Some(302)];
    assert_eq!(seen, [expected, expected].concat());
    assert!(outbox[0].attempts.iter().all(|attempt| attempt.error.is_some() == attempt.status.is_none()));
    emulator.advance(Duration::from_secs(365 * 24 * 3600));
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn time_that_passes_at_once_brings_all_that_was_due_until_it_is_taken() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    shop.answers(failures(5));
    happen(&emulator);
    attempts(&emulator, 1).await;
    emulator.advance(MINUTE * 10_000);
    let outbox = attempts(&emulator, 6).await;
    assert_eq!((minutes(&outbox[0]), outbox[0].due), (SCHEDULE[..6].to_vec(), None));
    assert_eq!(outbox[0].attempts[5].status, Some(200));
    let counts: Vec<_> = (0..6).map(|_| shop.heard_now()).map(|heard| transmission(&heard).2).collect();
    assert_eq!(counts, ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn the_other_callbacks_come_once_unless_a_switch_says_otherwise() {
    for (switch, again) in [("never", 1), ("as_brandpay", 8)] {
        let (emulator, mut shop) = open(&["unlink", "subscription"]).await;
        let desk = Desk { emulator };
        desk.get("PATCH", "/switches", json!({"callback_retries": switch})).await;
        shop.answers((0..100).map(|_| status(400)));
        desk.get("POST", "/users/1/unlink", Value::Null).await;
        desk.get("PUT", "/subscriptions/order-1", json!({"sku": "gold"})).await;
        let outbox = attempts(&desk.emulator, 2).await;
        assert_eq!(
            outbox.iter().filter(|message| message.due.is_some()).count(),
            if again == 1 { 0 } else { 2 }
        );
        desk.emulator.advance(MINUTE * 10_000);
        let outbox = attempts(&desk.emulator, 2 * again).await;
        assert!(outbox.iter().all(|message| minutes(message) == SCHEDULE[..again]), "{switch}");
        assert!(outbox.iter().all(|message| message.due.is_none()));
        assert_eq!(shop.rest(), 2 * again);
        // Any success will do.
        shop.drop_answers();
        shop.answers([status(204), status(299)]);
        desk.get("POST", "/users/2/unlink", Value::Null).await;
        desk.get("PUT", "/subscriptions/order-2", json!({"sku": "gold"})).await;
        let outbox = attempts(&desk.emulator, 2 * again + 2).await;
        assert!(outbox.iter().all(|message| message.due.is_none()), "{switch}");
    }
}

async fn send(desk: &Desk, id: u64) {
    desk.get("POST", &format!("/outbox/{id}/send"), Value::Null).await;
}

#[tokio::test]
async fn one_is_sent_once_more_as_often_as_that_is_asked() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    happen(&desk.emulator);
    attempts(&desk.emulator, 1).await;
    let first = shop.next().await;
    desk.emulator.advance(MINUTE);
    // Also while it is being sent.
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    shop.holds(gate);
    send(&desk, 0).await;
    let second = shop.next().await;
    send(&desk, 0).await;
    send(&desk, 0).await;
    assert_eq!(shop.rest(), 0);
    release.send(()).unwrap();
    let outbox = attempts(&desk.emulator, 4).await;
    assert_eq!(minutes(&outbox[0]), [0, 1, 1, 1]);
    let heard = [first, second, shop.heard_now(), shop.heard_now()];
    let ids: BTreeSet<_> = heard.iter().map(|heard| transmission(heard).0).collect();
    let bodies: BTreeSet<_> = heard.iter().map(|heard| heard.body.clone()).collect();
    assert_eq!((ids.len(), bodies.len(), shop.rest()), (1, 1, 0), "the shop can tell that it is the same");
    assert_eq!(heard.map(|heard| transmission(&heard).2), ["0", "1", "2", "3"]);
    for (path, status, says) in [
        ("/outbox/1/send", 404, "there is no callback 1 in the outbox: GET /_ctl/v1/outbox lists them"),
        ("/outbox/x/send", 404, "there is no callback x in the outbox: GET /_ctl/v1/outbox lists them"),
    ] {
        let told = desk.ask("POST", path, Value::Null).await;
        assert_eq!((told.status, told.error().as_str()), (status, says));
    }
    desk.get("DELETE", "/callbacks/brandpay", Value::Null).await;
    let told = desk.ask("POST", "/outbox/0/send", Value::Null).await;
    assert_eq!(
        (told.status, told.error().as_str()),
        (409, "brandpay has no address: give it one with PUT /_ctl/v1/callbacks/brandpay")
    );
}

#[tokio::test]
async fn asking_changes_the_plan_only_if_it_is_taken() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    shop.answers(failures(3));
    happen(&desk.emulator);
    let planned = attempts(&desk.emulator, 1).await[0].due;
    send(&desk, 0).await;
    assert_eq!(attempts(&desk.emulator, 2).await[0].due, planned, "it failed again");
    desk.emulator.advance(MINUTE);
    let outbox = attempts(&desk.emulator, 3).await;
    assert_eq!(outbox[0].due, Some(outbox[0].at.plus(MINUTE * 5)), "as if nobody had asked");
    desk.emulator.advance(MINUTE * 4);
    let outbox = attempts(&desk.emulator, 4).await;
    assert_eq!((minutes(&outbox[0]), outbox[0].due), (vec![0, 0, 1, 5], None));
    shop.answers(failures(1));
    happen(&desk.emulator);
    attempts(&desk.emulator, 5).await;
    send(&desk, 1).await;
    let outbox = attempts(&desk.emulator, 6).await;
    assert_eq!(outbox[1].due, None, "it was taken: no more tries");
    assert_eq!(shop.rest(), 6);
}

#[tokio::test]
async fn one_transmission_is_never_sent_twice_at_a_time() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let desk = Desk { emulator };
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    shop.holds(gate);
    happen(&desk.emulator);
    let first = shop.next().await;
    // It is due again and again meanwhile.
    send(&desk, 0).await;
    desk.emulator.advance(MINUTE * 10);
    // Another one need not wait for ever.
    happen(&desk.emulator);
    let other = shop.next().await;
    assert_ne!(transmission(&other).0, transmission(&first).0);
    assert_eq!(attempts(&desk.emulator, 1).await[0].attempts.len(), 0);
    assert_eq!(shop.rest(), 0);
    release.send(()).unwrap();
    let again = shop.next().await;
    assert_eq!(transmission(&again), (transmission(&first).0, transmission(&first).1, "1".to_owned()));
    attempts(&desk.emulator, 3).await;
    assert_eq!(shop.rest(), 0);
}

#[tokio::test]
async fn the_next_one_waits_for_the_answer_to_the_one_before() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    shop.holds(gate);
    happen(&emulator);
    shop.next().await;
    happen(&emulator);
    // It would have come by now.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(shop.rest(), 0);
    release.send(()).unwrap();
    shop.next().await;
    attempts(&emulator, 2).await;
}

#[tokio::test]
async fn a_clock_that_goes_brings_them_by_itself() {
    use ait_emulator::engine::Clock;
    let mut shop = Shop::open().await;
    let emulator =
        seeded().clock(Clock::default()).callback(shop.callback("brandpay")).start().await.unwrap();
    shop.answers(failures(1));
    happen(&emulator);
    attempts(&emulator, 1).await;
    shop.next().await;
    // Nobody touches the emulator any more.
    emulator.advance(MINUTE - Duration::from_millis(200));
    assert_eq!(transmission(&shop.next().await).2, "1");
}

#[tokio::test]
async fn they_come_in_order_and_once_they_came_the_last_thousand_are_kept() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    for _ in 0..1005 {
        happen(&emulator);
    }
    let order = |messages: &[Message]| messages.iter().map(|message| message.id).collect::<Vec<_>>();
    let outbox = emulator.outbox();
    assert_eq!(order(&outbox), (0..1005).collect::<Vec<_>>(), "none was sent yet");
    for message in outbox {
        assert_eq!(transmission(&shop.next().await).0, message.transmission, "in order");
    }
    assert_eq!(order(&attempts(&emulator, 1000).await), (5..1005).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_that_is_being_sent_is_finished_and_no_other_is_begun() {
    let (emulator, mut shop) = open(&["brandpay"]).await;
    let (release, gate) = tokio::sync::oneshot::channel::<()>();
    shop.holds(gate);
    happen(&emulator);
    shop.next().await;
    let url = emulator.control_url();
    let port = url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let draining = tokio::spawn(emulator.drain(WATCHDOG));
    let closed = async { while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {} };
    soon("it drains", closed).await;
    assert!(!draining.is_finished());
    release.send(()).unwrap();
    soon("it ends", draining).await.unwrap();
    assert_eq!(shop.rest(), 0);
}
