//! A certificate that the other side does not take: said every time, in words that help, and never as a doubt about
//! the money.

use std::time::{Duration, SystemTime};

use crate::support::{
    BOTH, BareLook, BarePay, Count, Look, Pay, World, counting, fail_body, identity, within,
};
use ait_core::{Error, Identity, Kind, Outcome};
use ait_emulator::{Authority, Leaf, Reply, Response, Server, TlsVersion};

/// How often each refusal is provoked. In TLS 1.3 it races with the request.
const ROUNDS: usize = 50;
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[track_caller]
fn assert_refused(error: &Error, cause: &str, ours: &str) {
    assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
    assert_eq!(error.attempts(), 1, "it would be refused again: {error}");
    assert!(error.is_safe_to_resend());
    let text = error.to_string();
    let expected = format!("the server refused our identity: {cause} ({ours}); not sent");
    assert!(text.ends_with(&expected), "`{text}` does not end in `{expected}`");
}

/// Provokes the refusal of an identity, as a write and as a read, with and without a warm spare.
async fn refuses(world: &World, requests: &Count, server: &Server, identity: &Identity, cause: &str) {
    let ours = format!(
        "certificate `{}`, serial {}, valid until {}",
        identity.subject(),
        identity.serial(),
        date(identity.not_after())
    );
    for spare in [false, true] {
        let builder = world.stranger(server.url()).identity(identity.clone());
        let client = if spare { builder.warm_spare(MINUTE) } else { builder }.build().unwrap();
        for round in 0..ROUNDS {
            let error = if round % 2 == 0 {
                within(client.call(Pay::new(1))).await.unwrap_err()
            } else {
                within(client.call(Look::new(1))).await.unwrap_err()
            };
            assert_refused(&error, cause, &ours);
        }
    }
    assert_eq!(requests.get(), 0);
    assert_eq!(server.connections(), 2 * u64::try_from(ROUNDS).unwrap(), "one attempt a call, and no spare");
}

/// A moment as the messages write it: RFC 3339, in seconds.
fn date(moment: SystemTime) -> String {
    let seconds = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (days, of_day) = (i64::try_from(seconds / 86_400).unwrap(), seconds % 86_400);
    // Howard Hinnant's days to civil.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

#[tokio::test]
async fn no_certificate() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        for spare in [false, true] {
            let builder = world.stranger(server.url());
            let client = if spare { builder.warm_spare(MINUTE) } else { builder }.build().unwrap();
            for round in 0..ROUNDS {
                let error = if round % 2 == 0 {
                    within(client.call(BarePay)).await.unwrap_err()
                } else {
                    within(client.call(BareLook)).await.unwrap_err()
                };
                assert_refused(&error, "it demands a certificate and got none", "no certificate was given");
            }
        }
        assert_eq!(requests.get(), 0);
    }
}

#[tokio::test]
async fn no_certificate_on_a_host_that_demands_one_fails_before_anything_is_opened() {
    let (world, requests) = (World::new(), Count::default());
    let server = counting(&world, TlsVersion::V1_3, &requests).await;
    let error = within(world.stranger(server.url()).build().unwrap().call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Config, Outcome::NotSent));
    assert!(error.to_string().contains("Builder::identity"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_foreign_issuer() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let foreign = Authority::new("Somebody Else").unwrap();
        let stranger = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
        refuses(&world, &requests, &server, &stranger, "it does not know the issuer of the certificate")
            .await;
    }
}

#[tokio::test]
async fn a_foreign_issuer_of_the_same_name() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let foreign = Authority::new("Test CA").unwrap();
        let stranger = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
        let client = world.stranger(server.url()).identity(stranger).build().unwrap();
        for _ in 0..ROUNDS {
            let error = within(client.call(Pay::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
        }
        assert_eq!(requests.get(), 0);
    }
}

#[tokio::test]
async fn a_certificate_that_is_for_servers() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let misused = identity(&world.authority.issue(&Leaf::server(&["a-server"])).unwrap());
        refuses(&world, &requests, &server, &misused, "it does not take this kind of certificate").await;
    }
}

/// Ahead by less than what we forgive a clock, and more than what the server does.
#[tokio::test]
async fn a_certificate_that_is_not_valid_yet() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let now = SystemTime::now();
        let early = Leaf::client("early-bird").valid(now + 3 * MINUTE, now + DAY);
        let early = identity(&world.authority.issue(&early).unwrap());
        let cause = "the certificate has expired or is not valid yet by its clock";
        refuses(&world, &requests, &server, &early, cause).await;
    }
}

/// The clock is the subject: the certificate expires between the set-up and the call.
#[tokio::test]
async fn a_certificate_that_expired_after_the_client_was_built() {
    for version in BOTH {
        let (world, requests) = (World::new(), Count::default());
        let server = counting(&world, version, &requests).await;
        let now = SystemTime::now();
        let leaf = Leaf::client("short-lived").valid(now - DAY, now + Duration::from_secs(2));
        let short_lived = identity(&world.authority.issue(&leaf).unwrap());
        let client = world.stranger(server.url()).identity(short_lived.clone()).build().unwrap();
        // Certificates are valid to the end of their last second.
        while SystemTime::now() <= short_lived.not_after() + Duration::from_secs(1) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for round in 0..ROUNDS {
            let error = if round % 2 == 0 {
                within(client.call(Pay::new(1))).await.unwrap_err()
            } else {
                within(client.call(Look::new(1))).await.unwrap_err()
            };
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::NotSent), "{error}");
            assert_eq!(error.attempts(), 1);
            assert!(error.to_string().contains("the certificate has expired"), "{error}");
            assert!(error.to_string().contains(&date(short_lived.not_after())), "{error}");
        }
        assert_eq!(requests.get(), 0);
    }
}

#[tokio::test]
async fn a_certificate_page_of_a_gateway_is_a_refusal() {
    let pages = [
        "<html><head><title>400 No required SSL certificate was sent</title></head></html>",
        "<html><head><title>400 The SSL certificate error</title></head></html>",
    ];
    for page in pages {
        for status in [400, 495, 496] {
            let (world, requests) = (World::new(), Count::default());
            let count = requests.clone();
            let server = world.server().http(move |_| {
                count.one();
                async move { Reply::Answer(Response::html(status, page)) }
            });
            let server = server.await.unwrap();
            let client = world.client(&server);
            let error = within(client.call(Pay::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (Kind::Identity, Outcome::Refused), "{error}");
            assert_eq!((error.attempts(), error.settled_by()), (1, None));
            let error = within(client.call(Look::new(1))).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (Kind::Identity, 1), "{error}");
            assert_eq!(requests.get(), 2, "it would be refused again");
        }
    }
}

#[tokio::test]
async fn an_envelope_that_speaks_of_a_certificate_is_an_answer_of_the_api() {
    let world = World::new();
    let server = world.server().http(|_| async {
        let body = fail_body("CLIENT CERTIFICATE");
        Reply::Answer(Response::json(400, body))
    });
    let server = server.await.unwrap();
    let error = within(world.client(&server).call(Pay::new(1))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (Kind::Api, Outcome::Unknown), "{error}");
}
