//! Where a server listens, and how it lets go.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::net::client::{BOTH, connect, connector, get, read_response};
use ait_emulator::{Authority, End, Leaf, Reply, Response, Script, Server, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

const LONG: Duration = Duration::from_secs(30);

fn answer() -> Reply {
    Reply::Answer(Response::json(200, "{}"))
}

async fn refused(addr: SocketAddr) -> bool {
    let connected = TcpStream::connect(addr).await;
    connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

#[tokio::test]
async fn a_server_listens_where_it_is_told() -> io::Result<()> {
    let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let server = Server::builder().listen(any).http(|_| std::future::ready(answer())).await?;
    let port = server.addr().port();
    assert_eq!(server.addr().ip(), IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    assert_eq!(server.url(), format!("http://127.0.0.1:{port}"));
    server.stop().await;

    // The same port once more, at once, and a taken one with an error that helps.
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = Server::builder().listen(addr).http(|_| std::future::ready(answer())).await?;
    assert_eq!((server.addr(), server.addrs()), (addr, &[addr][..]));
    let mut stream = TcpStream::connect(addr).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "{}");
    let error = Server::builder().listen(addr).raw(|_| async {}).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    let message = error.to_string();
    assert!(message.starts_with(&format!("cannot listen on {addr}: ")), "{message}");
    assert!(message.ends_with("choose another port, or port 0 for any that is free"), "{message}");
    Ok(())
}

#[tokio::test]
async fn the_url_names_the_address_that_localhost_does_not_mean() -> io::Result<()> {
    let authority = Authority::new("Test CA")?;
    let issued = authority.issue(&Leaf::server(&["localhost"]))?;
    for (ip, host) in
        [([127, 0, 0, 1], "localhost"), ([0, 0, 0, 0], "localhost"), ([127, 0, 0, 2], "127.0.0.2")]
    {
        let Ok(server) = Server::builder().tls(&issued).listen((ip, 0).into()).raw(|_| async {}).await else {
            // Not every system has all of 127.0.0.0/8.
            continue;
        };
        assert_eq!(server.url(), format!("https://{host}:{}", server.addr().port()));
    }
    Ok(())
}

#[tokio::test]
async fn a_twin_answers_on_ipv6() -> io::Result<()> {
    let server = Server::builder().dual_stack().http(|_| std::future::ready(answer())).await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "{}");
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_ok();
    assert_eq!(server.addrs().len(), if has_ipv6 { 2 } else { 1 });
    let Some(twin) = server.addrs().get(1).copied() else { return Ok(()) };
    assert_eq!(twin, SocketAddr::from((Ipv6Addr::LOCALHOST, server.addr().port())));
    let mut stream = TcpStream::connect(twin).await?;
    assert_eq!(get(&mut stream, "/").await?.1, "{}");
    assert_eq!(server.connections(), 2);
    server.stop().await;
    assert!(refused(twin).await);
    Ok(())
}

#[tokio::test]
async fn a_twin_is_no_condition() -> io::Result<()> {
    let Ok(taken) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await else { return Ok(()) };
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, taken.local_addr()?.port()));
    let Ok(server) = Server::builder().listen(addr).dual_stack().raw(|_| async {}).await else {
        // Somebody else has the port on IPv4.
        return Ok(());
    };
    assert_eq!(server.addrs(), [addr]);
    let other = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let server = Server::builder().listen(other).dual_stack().raw(|_| async {}).await?;
    assert_eq!(server.addrs().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_drain_lets_requests_finish_and_closes_the_rest() -> io::Result<()> {
    let (go, asked) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (gate, bell) = (Arc::clone(&go), Arc::clone(&asked));
    let authority = Authority::new("Test CA")?;
    let server = Server::builder()
        .tls(&authority.issue(&Leaf::server(&["localhost"]))?)
        .http(move |request| {
            let (gate, bell) = (Arc::clone(&gate), Arc::clone(&bell));
            async move {
                if request.path == "/slow" {
                    bell.add_permits(1);
                    gate.acquire().await.unwrap().forget();
                }
                answer()
            }
        })
        .await?;
    let addr = server.addr();
    let connector = connector(&authority, None, BOTH)?;
    let mut idle = connect(&connector, addr).await?;
    get(&mut idle, "/").await?;
    let mut fresh = connect(&connector, addr).await?;
    let mut busy = connect(&connector, addr).await?;
    busy.write_all(b"POST /slow HTTP/1.1\r\ncontent-length: 0\r\n\r\n").await?;
    asked.acquire().await.unwrap().forget();

    let drained = tokio::spawn(server.drain(LONG));
    // Closed in order, while the request is still in progress.
    assert_eq!(idle.read(&mut [0]).await?, 0);
    assert_eq!(fresh.read(&mut [0]).await?, 0);
    drop((idle, fresh));
    assert!(refused(addr).await);
    assert!(!drained.is_finished());
    go.add_permits(1);
    let (head, body) = read_response(&mut busy).await?;
    assert!(head.contains("connection: close\r\n"), "{head}");
    assert_eq!(body, "{}");
    assert_eq!(busy.read(&mut [0]).await?, 0);
    drop(busy);
    assert_eq!(drained.await.unwrap(), 0);
    Ok(())
}

#[tokio::test]
async fn a_drain_reads_a_request_to_its_end() -> io::Result<()> {
    let server = Server::builder().http(|request| {
        std::future::ready(Reply::Answer(Response::text(200, String::from_utf8_lossy(&request.body))))
    });
    let server = server.await?;
    let mut stream = TcpStream::connect(server.addr()).await?;
    stream.write_all(b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n").await?;
    let mut told = [0; 25];
    stream.read_exact(&mut told).await?;
    let drained = tokio::spawn(server.drain(LONG));
    tokio::task::yield_now().await;
    stream.write_all(b"abc").await?;
    assert_eq!(read_response(&mut stream).await?.1, "abc");
    assert_eq!(stream.read(&mut [0]).await?, 0);
    drop(stream);
    assert_eq!(drained.await.unwrap(), 0);
    Ok(())
}

#[tokio::test]
async fn a_drain_cuts_what_does_not_end() -> io::Result<()> {
    let asked = Arc::new(Semaphore::new(0));
    let bell = Arc::clone(&asked);
    let server = Server::builder()
        .http(move |_| {
            bell.add_permits(1);
            std::future::pending()
        })
        .await?;
    let mut stuck = TcpStream::connect(server.addr()).await?;
    stuck.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    asked.acquire().await.unwrap().forget();
    assert_eq!(server.drain(Duration::from_millis(10)).await, 1);
    assert!(!matches!(stuck.read(&mut [0]).await, Ok(1..)));
    Ok(())
}

#[tokio::test]
async fn a_drain_does_not_wait_for_a_connection_that_hangs() -> io::Result<()> {
    let server = Server::builder()
        .gate(|arrival| match (arrival.stage, arrival.number) {
            (Stage::Accepted, 0) => Script::new().write("<").then(End::Hang),
            _ => Script::new(),
        })
        .http(|_| std::future::ready(Script::new().write("<").then(End::Hang).into()))
        .await?;
    let mut first = TcpStream::connect(server.addr()).await?;
    first.read_u8().await?;
    let mut second = TcpStream::connect(server.addr()).await?;
    second.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    second.read_u8().await?;
    let drained = tokio::time::timeout(LONG, server.drain(LONG * 10)).await;
    assert_eq!(drained.expect("hangs"), 0);
    Ok(())
}
