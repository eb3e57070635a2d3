//! TLS and HTTP/1.1, as far as it takes to be a server that can be told to misbehave.

mod authority;
mod body;
mod builder;
mod client_auth;
mod close;
mod connection;
mod der;
mod folder;
mod gate;
mod incoming;
mod issued;
mod leaf;
mod listen;
mod rejected;
mod relay;
mod reply;
mod request;
mod response;
mod script;
mod serve;
mod server;
mod stream;
mod tls;

pub(crate) use self::folder::make as make_folder;
pub(crate) use self::issued::put_back;
pub use self::{
    authority::Authority,
    builder::ServerBuilder,
    client_auth::{ClientAuth, ClientCertificate, Verdict},
    connection::Connection,
    gate::{Arrival, Stage},
    incoming::Incoming,
    issued::Issued,
    leaf::{KeyKind, Leaf},
    relay::Relay,
    reply::Reply,
    request::Request,
    response::Response,
    script::{End, Script},
    server::Server,
    tls::TlsVersion,
};
