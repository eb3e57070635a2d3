//! The client's claims against the server's own record, over TLS, under chaos.
//!
//! `AIT_CHAOS` sets the number of calls, `AIT_CHAOS_SEED` the seed. One false "not sent" or "refused", one write that
//! reaches the server twice, or one call that hangs fails it.

use std::{
    collections::BTreeMap,
    env,
    str::FromStr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{Look, Pay, World, fail_body, identity, success, success_bytes};
use ait_core::{Client, Error, Kind, Outcome};
use ait_emulator::{Authority, Connection, Incoming, Leaf, Response, TlsVersion};
use fastrand::Rng;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
};

const IN_FLIGHT: usize = 64;
/// What a call may take beyond its deadline on a machine that has better things to do.
const GRACE: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_millis(300);

/// What the server knows about the requests with one id.
#[derive(Clone, Copy, Debug, Default)]
struct Truth {
    /// How many of them it saw at least a byte of.
    seen: u32,
    /// How many of those it refused, saying so.
    refused: u32,
    /// A write came again after one that may have worked.
    twice: bool,
}

/// The server's record, by id.
#[derive(Debug)]
struct Record {
    truths: Mutex<Vec<Truth>>,
    /// Bytes of a request that nobody could put an id to. There must be none, or the record proves nothing.
    nameless: AtomicUsize,
    busy: watch::Sender<usize>,
}

impl Record {
    fn new(count: usize) -> Arc<Self> {
        Arc::new(Self {
            truths: Mutex::new(vec![Truth::default(); count]),
            nameless: AtomicUsize::new(0),
            busy: watch::Sender::new(0),
        })
    }

    fn of(&self, id: usize) -> Truth {
        self.truths.lock().unwrap_or_else(PoisonError::into_inner)[id]
    }

    fn note(&self, id: usize, change: impl FnOnce(&mut Truth)) {
        change(&mut self.truths.lock().unwrap_or_else(PoisonError::into_inner)[id]);
    }

    fn saw(&self, id: usize) {
        self.note(id, |truth| {
            truth.twice |= truth.seen > truth.refused;
            truth.seen += 1;
        });
    }

    fn refused(&self, id: usize) {
        self.note(id, |truth| truth.refused += 1);
    }
}

/// Counts a connection as busy until its script ends, however it ends.
struct Busy(Arc<Record>);

impl Busy {
    fn new(record: Arc<Record>) -> Self {
        record.busy.send_modify(|busy| *busy += 1);
        Self(record)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.send_modify(|busy| *busy -= 1);
    }
}

fn is_write(id: usize) -> bool {
    id % 2 == 0
}

/// The server: each connection and each request has a fate of its own.
async fn torment(mut incoming: Incoming, record: Arc<Record>, seed: u64) {
    let _busy = Busy::new(Arc::clone(&record));
    let mut rng = Rng::with_seed(seed ^ incoming.number().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    match rng.u32(..100) {
        0..5 => return,
        5..10 => return incoming.reset(),
        10..12 => {
            // In the middle of the handshake.
            let _ = incoming.tcp().read(&mut [0; 64]).await;
            return;
        }
        12..14 => {
            let _ = incoming.tcp().read(&mut [0; 64]).await;
            return incoming.reset();
        }
        14..15 => tokio::time::sleep(Duration::from_millis(rng.u64(..20))).await,
        _ => {}
    }
    let Ok(mut connection) = incoming.handshake().await else { return };
    match rng.u32(..100) {
        0..4 => connection.close().await,
        4..8 => connection.reset(),
        8..12 => drop(connection),
        _ => while one_request(&mut connection, &record, &mut rng).await == Next::Keep {},
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Keep,
    End,
}

/// Reads a request as far as its fate allows, and notes its id with the first byte it sees.
async fn one_request(connection: &mut Connection, record: &Record, rng: &mut Rng) -> Next {
    // Room for the head at the first reading.
    let mut bytes = Vec::with_capacity(16 * 1024);
    let mut id = None;
    let fate = rng.u32(..100);
    loop {
        let before = bytes.len();
        // A request may be seen by halves, and the end of a connection may come with its last bytes.
        let end = !matches!(connection.read_buf(&mut bytes).await, Ok(1..));
        if bytes.len() > before && id.is_none() {
            id = id_in(&bytes);
            match id {
                Some(id) => record.saw(id),
                None => _ = record.nameless.fetch_add(1, Ordering::SeqCst),
            }
        }
        if end {
            return Next::End;
        }
        if fate < 12 || is_whole(&bytes) {
            break;
        }
    }
    let Some(id) = id else { return Next::End };
    let truth_id = u64::try_from(id).unwrap();
    match fate {
        // At the first bytes, or after the last one.
        0..6 | 12..18 => return Next::End,
        6..12 | 18..24 => {
            let _ = connection.shutdown().await;
            return Next::End;
        }
        24..36 => {
            let whole = success_bytes(truth_id);
            let half = &whole.as_bytes()[..rng.usize(..whole.len())];
            let _ = connection.write_all(half).await;
            let _ = connection.flush().await;
            return Next::End;
        }
        36..39 => {
            // No answer: the client has to give up first.
            while let Ok(1..) = connection.read(&mut [0; 64]).await {}
            return Next::End;
        }
        39..44 => {
            record.refused(id);
            let refusal = Response::json(200, fail_body("NO_MONEY"));
            return answer(connection, &refusal).await;
        }
        44..48 => {
            record.refused(id);
            let mut refusal = Response::json(429, fail_body("4095"));
            // With a wait it is sent again, without one it is not.
            if fate < 46 {
                refusal = refusal.header("retry-after", "0");
            }
            return answer(connection, &refusal).await;
        }
        48..51 => return answer(connection, &Response::html(502, "<h1>sorry</h1>")).await,
        51..53 => return answer(connection, &Response::json(200, r#"{"resultType":"SUC"#)).await,
        53..56 => {
            // A read that failed has done nothing, whatever the code. A write may have.
            if !is_write(id) {
                record.refused(id);
            }
            return answer(connection, &Response::json(500, fail_body("WHO_KNOWS"))).await;
        }
        56..66 => tokio::time::sleep(Duration::from_millis(rng.u64(..8))).await,
        _ => {}
    }
    let next = answer(connection, &success(truth_id)).await;
    // An idle connection that ends just when the next request may come.
    if rng.u32(..6) == 0 { Next::End } else { next }
}

async fn answer(connection: &mut Connection, response: &Response) -> Next {
    if connection.respond(response).await.is_ok() { Next::Keep } else { Next::End }
}

/// The id in the header, or in the body if that is all there is.
fn id_in(bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    let after = |mark: &str| {
        let (_, rest) = text.split_once(mark)?;
        let end = rest.find(|character: char| !character.is_ascii_digit())?;
        rest[..end].parse().ok()
    };
    after("x-toss-user-key: ").or_else(|| after("\"id\":"))
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(&bytes[..head]);
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    bytes.len() >= head + 4 + length.map_or(0, |length| length.parse::<usize>().unwrap())
}

/// How a call ended, as far as the caller knows.
#[derive(Clone, Debug)]
enum Claim {
    Success,
    Failure {
        kind: Kind,
        outcome: Outcome,
        #[allow(dead_code, reason = "for the message of a failed test")]
        text: String,
    },
    /// Dropped on the way: the caller knows nothing.
    Dropped,
}

impl From<Error> for Claim {
    fn from(error: Error) -> Self {
        Self::Failure { kind: error.kind(), outcome: error.outcome(), text: error.to_string() }
    }
}

async fn one_call(clients: [Client; 3], id: usize, seed: u64) -> Claim {
    let mut rng = Rng::with_seed(seed ^ u64::try_from(id).unwrap().wrapping_mul(0xd134_2543_de82_ef95));
    let client = match rng.u32(..100) {
        0..4 => &clients[2],
        4..30 => &clients[1],
        _ => &clients[0],
    };
    let deadline = if rng.u32(..4) == 0 { Duration::from_micros(rng.u64(100..5_000)) } else { LONG };
    let patience = (rng.u32(..12) == 0).then(|| Duration::from_micros(rng.u64(..8_000)));
    let number = u64::try_from(id).unwrap();
    let call = async {
        let result = if is_write(id) {
            let note = if rng.u32(..10) == 0 { "x".repeat(100_000) } else { String::new() };
            client.call(Pay::new(number).note(note)).deadline(deadline).await
        } else {
            client.call(Look::new(number)).deadline(deadline).await
        };
        match result {
            Ok(receipt) => {
                assert_eq!(receipt.id, number, "the answer to another call");
                Claim::Success
            }
            Err(error) => error.into(),
        }
    };
    let watched = tokio::time::timeout(deadline + GRACE, call);
    let hung = |_| panic!("call {id} hangs {GRACE:?} past its deadline of {deadline:?}");
    match patience {
        None => watched.await.unwrap_or_else(hung),
        Some(patience) => tokio::select! {
            biased;
            claim = watched => claim.unwrap_or_else(hung),
            () = tokio::time::sleep(patience) => Claim::Dropped,
        },
    }
}

fn setting<T: FromStr>(name: &str, default: T) -> T {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn chaos(version: TlsVersion, count: usize, seed: u64) {
    let start = Instant::now();
    let world = World::new();
    let record = Record::new(count);
    let server = {
        let record = Arc::clone(&record);
        world.server_in(version).raw_tcp(move |incoming| torment(incoming, Arc::clone(&record), seed))
    };
    let server = server.await.unwrap();
    let foreign = Authority::new("Somebody Else").unwrap();
    let foreign = identity(&foreign.issue(&Leaf::client("stranger")).unwrap());
    let retry = ait_core::RetryPolicy::default();
    let plain = world.builder(&server).retry(retry.clone()).build().unwrap();
    let spare =
        world.builder(&server).retry(retry.clone()).warm_spare(Duration::from_millis(50)).build().unwrap();
    let stranger = world.stranger(server.url()).retry(retry).identity(foreign).build().unwrap();
    let clients = [plain, spare, stranger];

    let next = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (clients, next) = (clients.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let mut claims = Vec::new();
                loop {
                    let id = next.fetch_add(1, Ordering::SeqCst);
                    if id >= count {
                        return claims;
                    }
                    claims.push((id, one_call(clients.clone(), id, seed).await));
                }
            })
        })
        .collect();
    let mut claims = Vec::with_capacity(count);
    for worker in workers {
        claims.extend(worker.await.unwrap());
    }
    // All connections of the client end with it, and the server has then seen all it ever will.
    drop(clients);
    let ended = async { record.busy.subscribe().wait_for(|&busy| busy == 0).await.map(|busy| *busy) };
    tokio::time::timeout(Duration::from_secs(30), ended).await.expect("a connection is left open").unwrap();

    let mut tally: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut false_claims = Vec::new();
    for (id, claim) in &claims {
        let truth = record.of(*id);
        let is_false = match claim {
            Claim::Failure { outcome: Outcome::NotSent, .. } => truth.seen > 0,
            // A read that was refused once has an answer, whatever became of its other attempts.
            Claim::Failure { outcome: Outcome::Refused, .. } if !is_write(*id) => truth.refused == 0,
            Claim::Failure { outcome: Outcome::Refused, .. } => truth.seen > truth.refused,
            Claim::Success => truth.seen == 0,
            _ => false,
        };
        if is_false || (truth.twice && is_write(*id)) {
            false_claims.push(format!("{id}: {claim:?}, but {truth:?}"));
        }
        let label = match claim {
            Claim::Success => "success".to_owned(),
            Claim::Dropped => "dropped".to_owned(),
            Claim::Failure { kind, outcome, .. } => format!("{outcome:?} ({kind:?})"),
        };
        tally.entry(label).or_default()[usize::from(truth.seen > 0)] += 1;
    }
    println!(
        "{version:?}, seed {seed}: {count} calls on {} connections in {:?}",
        server.connections(),
        start.elapsed()
    );
    for (label, [unseen, seen]) in &tally {
        println!("  {label:24} seen by the server {seen:6}, not seen {unseen:6}");
    }
    assert_eq!(record.nameless.load(Ordering::SeqCst), 0, "requests without an id");
    assert!(
        false_claims.is_empty(),
        "{} false claims, seed {seed}:\n{}",
        false_claims.len(),
        false_claims[..false_claims.len().min(20)].join("\n")
    );
    // A chaos in which nothing happens proves nothing.
    for expected in
        ["success", "NotSent (Connect)", "NotSent (Identity)", "Unknown (Transport)", "Refused (Api)"]
    {
        assert!(tally.contains_key(expected), "no `{expected}` among {count} calls");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_claim_is_false() {
    let count: usize = setting("AIT_CHAOS", 20_000);
    let seed = setting("AIT_CHAOS_SEED", fastrand::u64(..));
    chaos(TlsVersion::V1_3, count - count / 2, seed).await;
    chaos(TlsVersion::V1_2, count / 2, seed).await;
}
