//! Networks from which an online user's requests may come: how wide one may be.

use ipnet::{IpNet, Ipv4Net};

use crate::bounds::{IPV4_PREFIX_BITS_MIN, IPV6_PREFIX_BITS_MIN};

/// A network of IPv4 addresses that is written as IPv6 (`::ffff:192.0.2.0/120`), as a network of IPv4: peers show as IPv4.
#[must_use]
pub fn canonical_network(network: IpNet) -> IpNet {
    const MAPPED_PREFIX_BITS: u8 = 96;
    let IpNet::V6(written) = network else { return network };
    let v4 = written.addr().to_ipv4_mapped().zip(written.prefix_len().checked_sub(MAPPED_PREFIX_BITS));
    v4.and_then(|(address, bits)| Ipv4Net::new(address, bits).ok()).map_or(network, IpNet::V4)
}

/// The least length of the prefix, of a network that has a shorter one: it would let in so much of the Internet that it names no system.
#[must_use]
pub fn too_wide(network: IpNet) -> Option<u8> {
    let network = canonical_network(network);
    let least = match network {
        IpNet::V4(_) => IPV4_PREFIX_BITS_MIN,
        IpNet::V6(_) => IPV6_PREFIX_BITS_MIN,
    };
    (network.prefix_len() < least).then_some(least)
}
