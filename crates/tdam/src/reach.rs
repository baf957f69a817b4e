//! The URLs by which clients reach the listeners.
//!
//! A client cannot connect to a wildcard address (`0.0.0.0`, `[::]`), and it refuses a server whose certificate lacks
//! the name that it connected to. So the host of a URL is the configured name; else the address, if the certificate has
//! it; else a name that the certificate has.

use std::net::{IpAddr, Ipv6Addr};

/// The host to which every program on this machine can connect.
const LOCAL: &str = "localhost";

/// The hosts of both listeners, as URLs write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hosts {
    secure: String,
    plain: Option<String>,
}

impl Hosts {
    /// For listeners on these addresses, and a certificate with these names.
    pub(crate) fn of(name: Option<&str>, secure: IpAddr, plain: Option<IpAddr>, certificate: &[String]) -> Hosts {
        let secure = secure_host(name, secure.to_canonical(), certificate);
        let plain = plain.map(|plain| in_url(&plain_host(name, plain.to_canonical(), &secure)));
        Hosts { secure: in_url(&secure), plain }
    }

    /// Where clients connect.
    pub(crate) fn secure_url(&self, port: u16) -> String {
        format!("https://{}:{port}", self.secure)
    }

    /// The host of the plain listener, if there is one.
    pub(crate) fn plain(&self) -> Option<&str> {
        self.plain.as_deref()
    }
}

fn secure_host(name: Option<&str>, address: IpAddr, certificate: &[String]) -> String {
    if let Some(name) = name {
        return name.to_owned();
    }
    let has = |host: &str| certificate.iter().any(|name| name.eq_ignore_ascii_case(host));
    let is_address = |name: &&String| name.parse::<IpAddr>().is_ok();
    let is_host_name = |name: &&String| !is_address(name) && !name.contains('*');
    match () {
        () if !address.is_unspecified() && has(&address.to_string()) => address.to_string(),
        () if (address.is_unspecified() || address.is_loopback()) && has(LOCAL) => LOCAL.to_owned(),
        () => {
            let named = certificate.iter().find(is_host_name).or_else(|| certificate.iter().find(is_address));
            let unless_named = if address.is_unspecified() { LOCAL.to_owned() } else { address.to_string() };
            named.cloned().unwrap_or(unless_named)
        }
    }
}

/// Over plain HTTP no client compares names. A name that leads to the machine from outside does not reach a loopback
/// address.
fn plain_host(name: Option<&str>, address: IpAddr, secure: &str) -> String {
    match name {
        _ if address.is_unspecified() => secure.to_owned(),
        Some(name) if !address.is_loopback() => name.to_owned(),
        _ => address.to_string(),
    }
}

/// IPv6 addresses stand in brackets (RFC 3986, 3.2.2).
fn in_url(host: &str) -> String {
    match host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    }
}

/// Whether a text is a host name or an address, and no URL, port or pattern beside it.
pub(crate) fn is_host(text: &str) -> bool {
    const LABEL_BYTES_MAX: usize = 63;
    const NAME_BYTES_MAX: usize = 253;
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    match text.parse::<IpAddr>() {
        Ok(address) => !address.is_unspecified(),
        Err(_) => text.len() <= NAME_BYTES_MAX && text.split('.').all(is_label),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Hosts, is_host};

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_url_has_a_host_that_can_be_reached_and_that_the_certificate_has() {
        let local = ["localhost", "127.0.0.1", "::1"].as_slice();
        let dns = ["*.example", "exchange.example"].as_slice();
        for (name, listens, certificate, expected) in [
            (None, "127.0.0.1", local, "https://127.0.0.1:8443"),
            (None, "::1", local, "https://[::1]:8443"),
            (None, "0.0.0.0", local, "https://localhost:8443"),
            (None, "::", local, "https://localhost:8443"),
            (None, "::ffff:127.0.0.1", local, "https://127.0.0.1:8443"),
            (None, "127.0.0.2", local, "https://localhost:8443"),
            (None, "192.0.2.10", &["localhost", "192.0.2.10"], "https://192.0.2.10:8443"),
            (None, "192.0.2.10", dns, "https://exchange.example:8443"),
            (None, "127.0.0.1", dns, "https://exchange.example:8443"),
            (None, "::", &["2001:db8::1"], "https://[2001:db8::1]:8443"),
            (None, "0.0.0.0", &[], "https://localhost:8443"),
            (Some("tdam.example"), "0.0.0.0", local, "https://tdam.example:8443"),
            (Some("2001:db8::1"), "::", local, "https://[2001:db8::1]:8443"),
        ] {
            let certificate: Vec<String> = certificate.iter().map(|name| (*name).to_owned()).collect();
            let hosts = Hosts::of(name, address(listens), None, &certificate);
            assert_eq!(hosts.secure_url(8443), expected, "{name:?} on {listens} with {certificate:?}");
        }
    }

    #[test]
    fn links_without_tls_lead_to_the_plain_listener() {
        let names = ["localhost".to_owned(), "::1".to_owned()];
        for (name, plain, expected) in [
            (None, "127.0.0.1", "127.0.0.1"),
            (None, "::1", "[::1]"),
            (None, "::", "localhost"),
            (None, "0.0.0.0", "localhost"),
            (None, "192.0.2.10", "192.0.2.10"),
            (Some("tdam.example"), "127.0.0.1", "127.0.0.1"),
            (Some("tdam.example"), "192.0.2.10", "tdam.example"),
            (Some("tdam.example"), "::", "tdam.example"),
        ] {
            let hosts = Hosts::of(name, address("0.0.0.0"), Some(address(plain)), &names);
            assert_eq!(hosts.plain(), Some(expected), "{name:?} on {plain}");
        }
    }

    #[test]
    fn a_name_is_a_host_alone() {
        for host in ["localhost", "tdam.example", "192.0.2.1", "::1", "xn--piemrs-3bb.lv"] {
            assert!(is_host(host), "{host}");
        }
        for other in [
            "",
            "0.0.0.0",
            "::",
            "https://tdam.example",
            "tdam.example:8443",
            "[::1]",
            "*.example",
            "piemērs.lv",
            "a..b",
            "-a",
        ] {
            assert!(!is_host(other), "{other}");
        }
    }
}
