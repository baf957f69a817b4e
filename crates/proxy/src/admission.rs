//! Whom the proxy serves. Pure.
//!
//! A browser on the same machine reaches loopback too, and runs the programs of every page that a person opens. Such a page can send
//! a request to the proxy without reading the answer, or, when its own name suddenly leads to 127.0.0.1 (DNS rebinding), read it too. A
//! browser gives itself away: by `Origin`, by `Sec-Fetch-Site`, and by the page's name in `Host`. Programs send none of these.

use std::net::IpAddr;

use hyper::Uri;
use hyper::header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::http::uri::Authority;
use rulebook::Code;

use crate::address::is_loopback;
use crate::faults::{Fault, shown};

/// Says where a request of a browser comes from; `none` when a person typed the address.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const BY_A_PERSON: &str = "none";
const LOCALHOST: &str = "localhost";

/// What the proxy is called by those it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnNames {
    /// On a Unix socket, which no browser reaches: any.
    Any,
    /// Loopback and these names.
    Loopback(Vec<String>),
    /// Besides, each address: a page can be reached under a name that leads elsewhere, but not under an address that does.
    Addresses(Vec<String>),
}

impl OwnNames {
    fn contain(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let address: Option<IpAddr> = bare.parse().ok();
        let (names, any_address) = match self {
            OwnNames::Any => return true,
            OwnNames::Loopback(names) => (names, false),
            OwnNames::Addresses(names) => (names, true),
        };
        match address {
            Some(address) => any_address || is_loopback(address),
            None => host.eq_ignore_ascii_case(LOCALHOST) || names.iter().any(|name| host.eq_ignore_ascii_case(name)),
        }
    }
}

/// Refuses requests of browsers and for other hosts.
pub(crate) fn admit(target: &Uri, fields: &HeaderMap, own: &OwnNames) -> Result<(), Fault> {
    for name in [ORIGIN, SEC_FETCH_SITE] {
        let is_of_a_person = |value: &HeaderValue| name == SEC_FETCH_SITE && value.as_bytes() == BY_A_PERSON.as_bytes();
        if let Some(value) = fields.get_all(&name).iter().find(|value| !is_of_a_person(value)) {
            return Err(foreign(&name, value));
        }
    }
    let mut hosts = fields.get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Fault::new(Code::RequestFraming).value("Host × 2"));
    }
    // HTTP/1.0 needs no `Host`, and every browser sends one.
    if let Some(host) = host {
        let authority = Authority::try_from(host.as_bytes()).ok().filter(|authority| !authority.as_str().contains('@'));
        if !authority.is_some_and(|authority| own.contain(&authority)) {
            return Err(foreign(&HOST, host));
        }
    }
    match target.authority() {
        Some(authority) if !own.contain(authority) => {
            Err(Fault::new(Code::NotForTheProxy).given("Host").value(authority.as_str()))
        }
        _ => Ok(()),
    }
}

fn foreign(name: &HeaderName, value: &HeaderValue) -> Fault {
    let name = match name.as_str() {
        "origin" => "Origin",
        "host" => "Host",
        _ => "Sec-Fetch-Site",
    };
    Fault::new(Code::NotForTheProxy).given(name).value(&shown(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn asked(own: &OwnNames, target: &str, fields: &[(&'static str, &str)]) -> Option<Code> {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        admit(&target.parse().unwrap(), &map, own).err().map(|fault| fault.code())
    }

    #[test]
    fn programs_pass_and_browsers_do_not() {
        let own = OwnNames::Loopback(vec!["proxy.local".to_owned()]);
        let no = Some(Code::NotForTheProxy);
        for (target, fields, expected) in [
            ("/", &[("host", "localhost:8800")][..], None),
            ("/", &[("host", "LOCALHOST")], None),
            ("/", &[("host", "127.0.0.1:8800")], None),
            ("/", &[("host", "127.8.9.1")], None),
            ("/", &[("host", "[::1]:8800")], None),
            ("/", &[("host", "Proxy.local")], None),
            ("/", &[], None),
            ("http://localhost:8800/", &[("host", "localhost:8800")], None),
            ("/", &[("host", "localhost"), ("sec-fetch-site", "none")], None),
            ("/", &[("host", "evil.example")], no),
            ("/", &[("host", "localhost.evil.example")], no),
            ("/", &[("host", "127.0.0.1.evil.example")], no),
            ("/", &[("host", "evil@localhost")], no),
            ("/", &[("host", "")], no),
            ("/", &[("host", "10.0.0.5:8800")], no),
            ("http://evil.example/", &[("host", "localhost")], no),
            ("/", &[("host", "localhost"), ("origin", "https://evil.example")], no),
            ("/", &[("host", "localhost"), ("origin", "null")], no),
            ("/", &[("host", "localhost"), ("origin", "http://localhost:8800")], no),
            ("/", &[("host", "localhost"), ("sec-fetch-site", "cross-site")], no),
            ("/", &[("host", "localhost"), ("sec-fetch-site", "same-origin")], no),
            ("/", &[("host", "localhost"), ("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")], no),
            ("/", &[("host", "localhost"), ("host", "evil.example")], Some(Code::RequestFraming)),
        ] {
            assert_eq!(asked(&own, target, fields), expected, "{target} {fields:?}");
        }
    }

    #[test]
    fn beyond_loopback_addresses_are_names_and_a_socket_has_any_but_browsers_stay_out() {
        let beyond = OwnNames::Addresses(Vec::new());
        assert_eq!(asked(&beyond, "/", &[("host", "10.0.0.5:8800")]), None);
        assert_eq!(asked(&beyond, "/", &[("host", "evil.example")]), Some(Code::NotForTheProxy));
        assert_eq!(asked(&OwnNames::Any, "/", &[("host", "proxy")]), None);
        assert_eq!(asked(&OwnNames::Any, "/", &[("origin", "null")]), Some(Code::NotForTheProxy));
    }
}
