//! TLS and HTTP/1.1, as far as it takes to be a server that can be told to misbehave.

mod authority;
mod builder;
mod close;
mod connection;
mod der;
mod incoming;
mod issued;
mod leaf;
mod relay;
mod reply;
mod request;
mod response;
mod server;
mod stream;
mod tls;

pub use self::{
    authority::Authority,
    builder::ServerBuilder,
    connection::Connection,
    incoming::Incoming,
    issued::Issued,
    leaf::{KeyKind, Leaf},
    relay::Relay,
    reply::Reply,
    request::Request,
    response::Response,
    server::Server,
    tls::TlsVersion,
};
