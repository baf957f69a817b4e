//! Where the proxy listens, who reaches it there, and whether what is configured of that fits together. Pure.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use onboarding::{canonical_network, too_wide};

use crate::bounds;
use crate::setting_error::SettingError;

/// Where the proxy listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Listen {
    /// Address, and beyond loopback the networks that may call.
    Tcp {
        address: SocketAddr,
        networks: Vec<IpNet>,
    },
    Unix {
        path: PathBuf,
        mode: u32,
    },
}

/// What is configured of it.
pub(crate) struct Place<'a> {
    pub(crate) listen: Option<&'a str>,
    pub(crate) socket: Option<&'a Path>,
    pub(crate) socket_mode: Option<&'a str>,
    pub(crate) networks: Option<&'a [String]>,
    pub(crate) names: Option<&'a [String]>,
    pub(crate) beyond_loopback: bool,
}

impl Place<'_> {
    /// Where it is, and the further names of the proxy.
    pub(crate) fn check(self) -> Result<(Listen, Vec<String>), SettingError> {
        let networks = self.networks.into_iter().flatten().map(|text| network(text)).collect::<Result<Vec<_>, _>>()?;
        let names = self.names.into_iter().flatten().map(|text| host_name(text)).collect::<Result<Vec<_>, _>>()?;
        let listen = match self.socket {
            Some(path) => self.at_socket(path)?,
            None => self.at_address(networks)?,
        };
        Ok((listen, names))
    }

    fn at_socket(&self, path: &Path) -> Result<Listen, SettingError> {
        let wrong = |key, what| Err(SettingError::new(key, what));
        if self.listen.is_some() {
            return wrong("socket", "give listen or socket, and not both");
        }
        if self.networks.is_some() {
            return wrong(
                "networks",
                "no machine of a network reaches a socket: remove networks, or give listen and not socket",
            );
        }
        if self.names.is_some() {
            return wrong(
                "names",
                "on a socket the proxy takes every name in Host: remove names, or give listen and not socket",
            );
        }
        if self.beyond_loopback {
            return wrong(
                "socket",
                "only this machine reaches it: remove --beyond-loopback, or give listen and not socket",
            );
        }
        let mode = self.socket_mode.map_or(Ok(bounds::SOCKET_MODE), socket_mode)?;
        Ok(Listen::Unix { path: path.to_owned(), mode })
    }

    fn at_address(&self, networks: Vec<IpNet>) -> Result<Listen, SettingError> {
        if self.socket_mode.is_some() {
            return Err(SettingError::new("socket_mode", "it belongs to socket, which is not given: remove it"));
        }
        let text = self.listen.unwrap_or(bounds::LISTEN);
        let address: SocketAddr = text.parse().map_err(|_| {
            SettingError::new("listen", format!("`{text}` is no address: give IP:PORT, such as {}", bounds::LISTEN))
        })?;
        match (is_loopback(address.ip()), networks.is_empty(), self.beyond_loopback) {
            (true, true, false) => Ok(Listen::Tcp { address, networks }),
            (true, ..) => Err(SettingError::new(
                "networks",
                format!("{address} serves this machine alone: remove networks and --beyond-loopback"),
            )),
            (false, false, true) => Ok(Listen::Tcp { address, networks }),
            (false, no_networks, beyond_loopback) => {
                let missing = match (no_networks, beyond_loopback) {
                    (true, true) => "the key networks is missing",
                    (false, _) => "the option --beyond-loopback is missing",
                    _ => "both are missing",
                };
                Err(SettingError::new(
                    "listen",
                    format!(
                        "{address} is reached from other machines, and what the proxy takes there is neither encrypted nor tied to a \
                         person: each machine that reaches it can pay. Listen on {} or on a socket. If it must be so, say it twice: name \
                         in the file the machines that may call (networks = [\"10.0.0.5/32\"]), and start with --beyond-loopback; {missing}",
                        bounds::LISTEN
                    ),
                ))
            }
        }
    }
}

/// Whether only this machine reaches it.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn network(text: &str) -> Result<IpNet, SettingError> {
    let parsed = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network: IpNet = parsed.map_err(|_| {
        SettingError::new(
            "networks",
            format!("`{text}` is no network: give an address, or one with its length: 10.0.0.0/24"),
        )
    })?;
    if let Some(least) = too_wide(network) {
        let what = format!(
            "`{text}` is everybody, or nearly: name the machines that may call, in networks of /{least} or longer"
        );
        return Err(SettingError::new("networks", what));
    }
    // As callers are compared.
    let network = canonical_network(network);
    let whole = network.trunc();
    if network != whole {
        let what = format!(
            "`{text}` names one machine and a network: is it {whole}, or {}/{}?",
            network.addr(),
            network.max_prefix_len()
        );
        return Err(SettingError::new("networks", what));
    }
    Ok(network)
}

/// A name of the proxy, as `Host` has it, without the port.
fn host_name(text: &str) -> Result<String, SettingError> {
    let wrong = |what: &str| Err(SettingError::new("names", format!("`{text}` {what}")));
    if text.parse::<IpAddr>().is_ok() {
        return wrong("is an address and no name: remove it, and give in listen the address that programs call");
    }
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if text.len() > bounds::NAME_BYTES_MAX || !text.split('.').all(is_part) {
        return wrong(
            "is no name of a machine: give each name by which programs call the proxy, without port, such as proxy.example",
        );
    }
    Ok(text.to_owned())
}

fn socket_mode(text: &str) -> Result<u32, SettingError> {
    let mode = u32::from_str_radix(text.trim_start_matches("0o"), 8).ok().filter(|mode| mode & !0o777 == 0);
    let mode = mode.ok_or_else(|| {
        SettingError::new("socket_mode", format!("`{text}` is no mode: give three octal digits, such as 0600 or 0660"))
    })?;
    if mode & 0o007 != 0 {
        let what = format!("{text} lets every user of this machine pay: give 0600, or 0660 for a group");
        return Err(SettingError::new("socket_mode", what));
    }
    Ok(mode)
}
