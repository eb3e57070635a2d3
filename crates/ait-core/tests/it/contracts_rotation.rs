//! Rotation: a new leaf for new connections, and no harm to the calls under way.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::support::{Look, Pay, World, contracts::AMPLE, identity, success, within};
use ait_core::{Identity, Kind};
use ait_emulator::{Leaf, Server};
use tokio::sync::{Notify, mpsc};

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    name: String,
    resumed: bool,
}

/// A server that tells who came, and answers a write once it may.
async fn guest_book(world: &World, release: Arc<Notify>) -> (Server, mpsc::UnboundedReceiver<Seen>) {
    let (write, book) = mpsc::unbounded_channel();
    let server = world.server().raw(move |mut connection| {
        let (write, release) = (write.clone(), Arc::clone(&release));
        async move {
            while let Ok(Some(request)) = connection.read_request().await {
                let name = connection.peer_common_name().unwrap().to_owned();
                write.send(Seen { name, resumed: connection.resumed() }).unwrap();
                if request.path == "/pay" {
                    release.notified().await;
                }
                connection.respond(&success(1)).await.unwrap();
            }
        }
    });
    (server.await.unwrap(), book)
}

fn seen(name: &str, resumed: bool) -> Seen {
    Seen { name: name.to_owned(), resumed }
}

#[tokio::test]
async fn rotation_lets_a_call_in_flight_finish_and_the_next_one_shows_the_new_leaf() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, Arc::clone(&release)).await;
    let client = world.client(&server);
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", false));

    let in_flight = tokio::spawn({
        let client = client.clone();
        async move { client.call(Pay::new(2)).await }
    });
    assert_eq!(within(book.recv()).await.unwrap(), seen("old-app", true), "sessions resume as a rule");
    client.rotate(world.another("new-app")).unwrap();
    assert_eq!(client.identity().unwrap().subject(), "new-app");
    release.notify_one();
    within(in_flight).await.unwrap().unwrap();

    release.notify_one();
    within(client.call(Pay::new(3))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("new-app", false));
}

#[tokio::test]
async fn rotation_leaves_kept_connections_and_spares_of_the_old_leaf_alone() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, Arc::clone(&release)).await;
    let client = world.builder(&server).warm_spare(AMPLE).build().unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", false));
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("old-app", true));
    within(server.until_connections(3)).await;

    client.clone().rotate(world.another("new-app")).unwrap();
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap(), seen("new-app", false));
    release.notify_one();
    within(client.call(Pay::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap().name, "new-app");
}

#[tokio::test]
async fn rotation_to_an_expired_leaf_keeps_the_old_one() {
    let world = World::new();
    let release = Arc::new(Notify::new());
    let (server, mut book) = guest_book(&world, release).await;
    let client = world.client(&server);
    let expired = expires_at_once(&world).await;
    let error = client.rotate(expired).unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    assert!(error.to_string().contains("`short-lived` expired on "), "{error}");
    assert_eq!(client.identity().unwrap().subject(), "old-app");
    within(client.call(Look::new(1))).await.unwrap();
    assert_eq!(book.recv().await.unwrap().name, "old-app");
}

/// An identity that was good when it was made. The clock is the subject here, so this waits for it.
async fn expires_at_once(world: &World) -> Identity {
    let now = SystemTime::now();
    let leaf = Leaf::client("short-lived").valid(now - Duration::from_secs(60), now + Duration::from_secs(2));
    let identity = identity(&world.authority.issue(&leaf).unwrap());
    while SystemTime::now() <= identity.not_after() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    identity
}
