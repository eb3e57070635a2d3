//! Opening the port.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};

/// How often a free port is looked for that is free on `::1` too.
const TRIES: usize = 8;

/// Where a server listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listen {
    pub(crate) addr: SocketAddr,
    pub(crate) dual_stack: bool,
}

impl Default for Listen {
    fn default() -> Self {
        Self { addr: (Ipv4Addr::LOCALHOST, 0).into(), dual_stack: false }
    }
}

/// One listener, or two on the same port.
pub(crate) struct Listeners(Vec<TcpListener>);

impl Listeners {
    pub(crate) async fn open(listen: Listen) -> io::Result<Self> {
        let twin = listen.dual_stack && listen.addr.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST);
        if !twin {
            return Ok(Self(vec![bind(listen.addr).await?]));
        }
        for _ in 1..TRIES {
            let first = bind(listen.addr).await?;
            let port = first.local_addr()?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(second) => return Ok(Self(vec![first, second])),
                // Another free port may be free on both.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && listen.addr.port() == 0 => {}
                // The port is taken there, or there is no IPv6.
                Err(_) => return Ok(Self(vec![first])),
            }
        }
        Ok(Self(vec![bind(listen.addr).await?]))
    }

    pub(crate) fn addrs(&self) -> io::Result<Vec<SocketAddr>> {
        self.0.iter().map(TcpListener::local_addr).collect()
    }

    /// The next connection on any of them.
    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        let (tcp, _) = std::future::poll_fn(|cx| {
            let mut polls = self.0.iter().map(|listener| listener.poll_accept(cx));
            polls.find(std::task::Poll::is_ready).unwrap_or(std::task::Poll::Pending)
        })
        .await?;
        Ok(tcp)
    }
}

async fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(addr).await.map_err(|error| {
        let next = match error.kind() {
            io::ErrorKind::AddrInUse => ": choose another port, or port 0 for any that is free",
            io::ErrorKind::PermissionDenied => ": choose a port from 1024",
            io::ErrorKind::AddrNotAvailable => ": this machine does not have the address",
            _ => "",
        };
        io::Error::new(error.kind(), format!("cannot listen on {addr}: {error}{next}"))
    })
}
