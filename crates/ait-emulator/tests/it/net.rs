//! HTTP and TLS: what a server under our control says and shows.

mod client;
mod client_auth;
mod folder;
mod gate;
mod http;
mod issuance;
mod listen;
mod mutual_tls;
mod raw;
mod relay;
mod requests;
mod scripts;
