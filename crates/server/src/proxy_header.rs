//! The header by which a TCP proxy says who connects: PROXY protocol, version 2 (haproxy.org, `proxy-protocol.txt`).
//!
//! Only configured proxies are believed, and of them a header is demanded: without it every client would come from the
//! proxy's address. Version 1 is refused, since its lines have no length in front. A connection of the proxy itself
//! (`LOCAL`, its health check) counts as one from the proxy's address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The signature, version with command, family, and the length of what follows.
pub const FIXED_BYTES: usize = 16;
/// Bytes after the fixed part: two addresses and what proxies add to them. More is refused.
pub const VARIABLE_BYTES_MAX: usize = 2_048;

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
const VERSION_1: &[u8] = b"PROXY ";
const VERSION_2: u8 = 0x20;
const LOCAL: u8 = 0;
const PROXY: u8 = 1;
const TCP_OVER_IPV4: u8 = 0x11;
const TCP_OVER_IPV6: u8 = 0x21;
/// Two addresses and two ports.
const IPV4_BYTES: usize = 12;
const IPV6_BYTES: usize = 36;
/// Type and length of what a proxy adds.
const TLV_HEAD_BYTES: usize = 3;

/// Why a header is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyHeaderError {
    /// The connection does not begin with a header.
    Missing,
    /// It begins with a header of version 1.
    Version1,
    /// The version is not 2, or the command is neither `LOCAL` nor `PROXY`.
    Command(u8),
    /// The connection that the proxy tells of is not TCP over IPv4 or IPv6.
    Family(u8),
    /// So many bytes follow the fixed part: more than are read.
    TooLong(usize),
    /// The addresses, or what follows them, are cut off.
    Truncated,
}

impl fmt::Display for ProxyHeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProxyHeaderError::Missing => f.write_str("no PROXY header of version 2"),
            ProxyHeaderError::Version1 => f.write_str("a PROXY header of version 1, which is not taken"),
            ProxyHeaderError::Command(byte) => write!(f, "a PROXY header with version and command {byte:#04x}"),
            ProxyHeaderError::Family(byte) => write!(f, "a PROXY header about a connection of family {byte:#04x}"),
            ProxyHeaderError::TooLong(bytes) => {
                write!(f, "a PROXY header of {bytes} bytes; {VARIABLE_BYTES_MAX} are taken")
            }
            ProxyHeaderError::Truncated => f.write_str("a PROXY header that ends too early"),
        }
    }
}

impl std::error::Error for ProxyHeaderError {}

/// The fixed part of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    command: u8,
    family: u8,
    /// How many bytes follow, at most [`VARIABLE_BYTES_MAX`].
    pub length: usize,
}

impl Fixed {
    /// Reads the first bytes of a connection.
    ///
    /// # Errors
    /// When they begin no header that is taken.
    pub fn parse(bytes: &[u8; FIXED_BYTES]) -> Result<Fixed, ProxyHeaderError> {
        let (signature, rest) = bytes.split_at(SIGNATURE.len());
        if bytes.starts_with(VERSION_1) {
            return Err(ProxyHeaderError::Version1);
        }
        if signature != SIGNATURE {
            return Err(ProxyHeaderError::Missing);
        }
        let &[version, family, high, low] = rest else { return Err(ProxyHeaderError::Truncated) };
        let command = version ^ VERSION_2;
        if command != LOCAL && command != PROXY {
            return Err(ProxyHeaderError::Command(version));
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > VARIABLE_BYTES_MAX {
            return Err(ProxyHeaderError::TooLong(length));
        }
        Ok(Fixed { command, family, length })
    }

    /// Whose connection it is, by the rest of the header; `None`: the proxy's own.
    ///
    /// # Errors
    /// When the rest tells of no TCP connection, or is cut off.
    pub fn source(self, rest: &[u8]) -> Result<Option<SocketAddr>, ProxyHeaderError> {
        if self.command == LOCAL {
            return Ok(None);
        }
        let (source, added) = match self.family {
            TCP_OVER_IPV4 => {
                let (addresses, added) = rest.split_at_checked(IPV4_BYTES).ok_or(ProxyHeaderError::Truncated)?;
                let (source, ports) = (octets::<4>(addresses)?, octets::<2>(addresses.get(8..).unwrap_or_default())?);
                (SocketAddr::new(IpAddr::V4(Ipv4Addr::from(source)), u16::from_be_bytes(ports)), added)
            }
            TCP_OVER_IPV6 => {
                let (addresses, added) = rest.split_at_checked(IPV6_BYTES).ok_or(ProxyHeaderError::Truncated)?;
                let (source, ports) = (octets::<16>(addresses)?, octets::<2>(addresses.get(32..).unwrap_or_default())?);
                (SocketAddr::new(IpAddr::V6(Ipv6Addr::from(source)), u16::from_be_bytes(ports)), added)
            }
            family => return Err(ProxyHeaderError::Family(family)),
        };
        is_whole(added)?;
        Ok(Some(source))
    }
}

fn octets<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ProxyHeaderError> {
    bytes.first_chunk().copied().ok_or(ProxyHeaderError::Truncated)
}

/// Whether what a proxy added ends where it says.
fn is_whole(mut added: &[u8]) -> Result<(), ProxyHeaderError> {
    while !added.is_empty() {
        let &[_, high, low] = &octets::<TLV_HEAD_BYTES>(added)?;
        let length = TLV_HEAD_BYTES + usize::from(u16::from_be_bytes([high, low]));
        added = added.get(length..).ok_or(ProxyHeaderError::Truncated)?;
    }
    Ok(())
}
