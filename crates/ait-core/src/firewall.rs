//! The addresses a firewall has to let through.
//!
//! Source: the firewall tables of the official API reference ("통신 방화벽 확인하기"). The outbound table there spells the
//! host names with a dash before `toss.im`; the names of [`Host`](crate::Host) are the ones that exist.

use std::net::{IpAddr, Ipv4Addr};

/// The port of every address, in both directions.
pub const PORT: u16 = 443;

/// From your servers to Toss: host name and the addresses behind it.
pub const OUTBOUND: &[(&str, &[IpAddr])] = &[
    ("apps-in-toss-api.toss.im", &[ip(117, 52, 3, 192), ip(211, 115, 96, 192), ip(106, 249, 5, 192)]),
    ("pay-apps-in-toss-api.toss.im", &[ip(117, 52, 3, 195), ip(211, 115, 96, 195), ip(106, 249, 5, 195)]),
];

/// From Toss to your servers, for callbacks: 3 addresses and 3 ranges of 8, 27 in all.
pub const INBOUND: &[IpAddr; 27] = &inbound();

const fn inbound() -> [IpAddr; 27] {
    let networks: [(u8, u8, u8); 3] = [(117, 52, 3), (211, 115, 96), (106, 249, 5)];
    let hosts: [u8; 9] = [11, 80, 81, 82, 83, 84, 85, 86, 87];
    let mut all = [ip(0, 0, 0, 0); 27];
    let mut at = 0;
    while at < all.len() {
        let (a, b, c) = networks[at / hosts.len()];
        all[at] = ip(a, b, c, hosts[at % hosts.len()]);
        at += 1;
    }
    all
}

const fn ip(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}
