//! Properties of any bytes as the first of a connection from a proxy. A fuzz target searches for bytes that break them; an ordinary test
//! of `server` checks them for the seeds and for small changes of each.

use server::proxy_header::{FIXED_BYTES, Fixed, ProxyHeaderError, VARIABLE_BYTES_MAX};

/// The parser takes a header as a whole or refuses it, and reads nothing behind it.
pub fn no_header_breaks_a_property(input: &[u8]) {
    let Some((fixed, rest)) = input.split_first_chunk::<FIXED_BYTES>() else { return };
    let Ok(header) = Fixed::parse(fixed) else { return };
    assert!(header.length <= VARIABLE_BYTES_MAX, "{header:?}");
    let Some(rest) = rest.get(..header.length) else { return };
    let Ok(Some(source)) = header.source(rest) else { return };
    assert_eq!(fixed[12], 0x21, "only a proxied connection has a source");
    // The source stands in the bytes as they are, and not in what the proxy added.
    let (address, port, addresses) = match source {
        std::net::SocketAddr::V4(v4) => (v4.ip().octets().to_vec(), v4.port(), 12),
        std::net::SocketAddr::V6(v6) => (v6.ip().octets().to_vec(), v6.port(), 36),
    };
    assert!(rest.starts_with(&address));
    assert_eq!(rest[2 * address.len()..][..2], port.to_be_bytes());
    // A header that is cut anywhere tells of nobody, unless it is cut between two things that the proxy added.
    for end in 0..rest.len() {
        let cut = header.source(&rest[..end]);
        if end < addresses {
            assert_eq!(cut, Err(ProxyHeaderError::Truncated), "{end} of {}", rest.len());
        } else {
            assert!(cut == Ok(Some(source)) || cut == Err(ProxyHeaderError::Truncated), "{cut:?}");
        }
    }
    assert_ne!(header.source(&rest[..rest.len() - 1]), Ok(Some(source)), "the last byte counts");
}
