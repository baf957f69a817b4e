//! What is configured: the keys of the file, what options put in their place, and whether all of it fits together.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::address::{Listen, Place};
use crate::bounds;
use crate::setting_error::SettingError;

/// The keys of the configuration file. Paths are relative to the file. A `connection.toml` is such a file too.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// Address of the exchange: `https://host:port`.
    pub url: Option<String>,
    /// Certificates of the authorities that sign the server's certificate, PEM.
    pub ca: Option<PathBuf>,
    /// The online user's certificate, PEM.
    pub cert: Option<PathBuf>,
    /// Its private key, PEM.
    pub key: Option<PathBuf>,
    /// Both in one PKCS #12 file.
    pub key_store: Option<PathBuf>,
    /// File with the password of `key_store`.
    pub password_file: Option<PathBuf>,
    /// Environment variable with the password of `key_store`.
    pub password_env: Option<String>,
    /// Whether submissions are signed.
    pub sign: Option<bool>,
    /// Address and port to listen on.
    pub listen: Option<String>,
    /// Unix socket to listen on instead.
    pub socket: Option<PathBuf>,
    /// Its mode, octal: `0600`.
    pub socket_mode: Option<String>,
    /// Beyond loopback: networks whose machines are served.
    pub networks: Option<Vec<String>>,
    /// Further names of the proxy, as `Host` may have them.
    pub names: Option<Vec<String>>,
    /// How long nothing may move towards the exchange.
    pub timeout_seconds: Option<u64>,
    /// How long a request may take in all, repetitions included.
    pub call_timeout_seconds: Option<u64>,
    /// How often a request is tried.
    pub attempts: Option<u32>,
    /// So many days before its end the certificate is renewed; 0: never.
    pub renew_days_ahead: Option<u32>,
    /// Folder for messages that are being sent.
    pub spool: Option<PathBuf>,
    /// Longest message.
    pub body_bytes_max: Option<u64>,
    /// Connections at once.
    pub connections_max: Option<usize>,
    /// Time for requests under way when the proxy stops.
    pub stop_timeout_seconds: Option<u64>,
    /// Where people find help; the proxy does not use it.
    pub support: Option<String>,
}

/// Where the identity is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdentityFiles {
    Pem { certificate: PathBuf, key: PathBuf },
    KeyStore { file: PathBuf, password: Password },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Password {
    File(PathBuf),
    Variable(String),
}

/// Choices that fit together. Whether the files are there is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    pub(crate) url: String,
    pub(crate) authority: PathBuf,
    pub(crate) identity: IdentityFiles,
    pub(crate) signs: bool,
    pub(crate) listen: Listen,
    pub(crate) names: Vec<String>,
    pub(crate) timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) attempts: u32,
    pub(crate) renew_days_ahead: u32,
    pub(crate) spool: Option<PathBuf>,
    pub(crate) body_bytes_max: u64,
    pub(crate) connections_max: usize,
    pub(crate) stop_timeout: Duration,
}

impl Choices {
    /// Reads the text of a configuration file that lies in `folder`.
    ///
    /// # Errors
    /// The text is no TOML, or has a key that there is not.
    pub fn of_toml(text: &str, folder: &Path) -> Result<Choices, SettingError> {
        let mut choices: Choices = toml::from_str(text).map_err(|error| SettingError::new("file", error))?;
        let paths = [
            &mut choices.ca,
            &mut choices.cert,
            &mut choices.key,
            &mut choices.key_store,
            &mut choices.password_file,
            &mut choices.socket,
            &mut choices.spool,
        ];
        for path in paths.into_iter().flatten() {
            *path = folder.join(&*path);
        }
        Ok(choices)
    }

    /// The same with options in the place of keys. An option for one form of the identity or of the address takes the place of the
    /// other form in the file.
    #[must_use]
    pub fn with(self, options: Choices) -> Choices {
        let file = self;
        let (names_pem, names_store) = (options.cert.is_some() || options.key.is_some(), options.key_store.is_some());
        let (names_tcp, names_socket) = (options.listen.is_some(), options.socket.is_some());
        let unless = |hidden: bool, path: Option<PathBuf>| path.filter(|_| !hidden);
        Choices {
            url: options.url.or(file.url),
            ca: options.ca.or(file.ca),
            cert: options.cert.or(unless(names_store, file.cert)),
            key: options.key.or(unless(names_store, file.key)),
            key_store: options.key_store.or(unless(names_pem, file.key_store)),
            password_file: options.password_file.or(unless(names_pem, file.password_file)),
            password_env: options.password_env.or(file.password_env.filter(|_| !names_pem)),
            sign: options.sign.or(file.sign),
            listen: options.listen.or(file.listen.filter(|_| !names_socket)),
            socket: options.socket.or(unless(names_tcp, file.socket)),
            socket_mode: options.socket_mode.or(file.socket_mode.filter(|_| !names_tcp)),
            networks: options.networks.or(file.networks),
            names: options.names.or(file.names),
            timeout_seconds: options.timeout_seconds.or(file.timeout_seconds),
            call_timeout_seconds: options.call_timeout_seconds.or(file.call_timeout_seconds),
            attempts: options.attempts.or(file.attempts),
            renew_days_ahead: options.renew_days_ahead.or(file.renew_days_ahead),
            spool: options.spool.or(file.spool),
            body_bytes_max: options.body_bytes_max.or(file.body_bytes_max),
            connections_max: options.connections_max.or(file.connections_max),
            stop_timeout_seconds: options.stop_timeout_seconds.or(file.stop_timeout_seconds),
            support: options.support.or(file.support),
        }
    }

    /// Checks that the choices fit together. `beyond_loopback` is the second consent to an address beyond this machine; the first
    /// is the list of networks.
    ///
    /// # Errors
    /// Names the key, and says what to do.
    pub fn check(self, beyond_loopback: bool) -> Result<Sources, SettingError> {
        let url = self.url.clone().ok_or_else(|| {
            SettingError::new("url", "the exchange is not named: give its address, https://host:port")
        })?;
        let authority = self.ca.clone().ok_or_else(|| {
            SettingError::new(
                "ca",
                "give the PEM file with the authorities of the exchange, which it publishes at /ca.pem",
            )
        })?;
        let seconds = |key, given: Option<u64>, default: Duration| {
            within(key, given.unwrap_or(default.as_secs()), 1..=bounds::SECONDS_MAX).map(Duration::from_secs)
        };
        let place = Place {
            listen: self.listen.as_deref(),
            socket: self.socket.as_deref(),
            socket_mode: self.socket_mode.as_deref(),
            networks: self.networks.as_deref(),
            names: self.names.as_deref(),
            beyond_loopback,
        };
        let (listen, names) = place.check()?;
        Ok(Sources {
            url,
            authority,
            identity: self.identity()?,
            signs: self.sign.unwrap_or(true),
            listen,
            names,
            timeout: seconds("timeout_seconds", self.timeout_seconds, client::bounds::IDLE_TIMEOUT)?,
            call_timeout: seconds("call_timeout_seconds", self.call_timeout_seconds, client::bounds::CALL_TIMEOUT)?,
            attempts: within(
                "attempts",
                self.attempts.unwrap_or(client::bounds::ATTEMPTS_MAX),
                1..=bounds::ATTEMPTS_MAX,
            )?,
            renew_days_ahead: within(
                "renew_days_ahead",
                self.renew_days_ahead.unwrap_or(bounds::RENEW_DAYS_AHEAD),
                0..=bounds::RENEW_DAYS_AHEAD_MAX,
            )?,
            spool: self.spool,
            body_bytes_max: within(
                "body_bytes_max",
                self.body_bytes_max.unwrap_or(bounds::BODY_BYTES_MAX),
                1..=u64::MAX,
            )?,
            connections_max: within(
                "connections_max",
                self.connections_max.unwrap_or(bounds::CONNECTIONS_MAX),
                1..=bounds::CONNECTIONS_MAX * 16,
            )?,
            stop_timeout: seconds("stop_timeout_seconds", self.stop_timeout_seconds, bounds::STOP_TIMEOUT)?,
        })
    }

    fn identity(&self) -> Result<IdentityFiles, SettingError> {
        match (&self.cert, &self.key, &self.key_store) {
            (Some(_) | None, Some(_), Some(_)) | (Some(_), None, Some(_)) => {
                Err(SettingError::new("key_store", "give either key_store, or cert and key, and not both"))
            }
            (Some(certificate), Some(key), None) if certificate == key && self.renew_days_ahead != Some(0) => {
                Err(SettingError::new(
                    "key",
                    "it is the file of cert too, and a renewal writes each of both anew: give two files, or set renew_days_ahead = 0",
                ))
            }
            (Some(certificate), Some(key), None) => match (&self.password_file, &self.password_env) {
                (None, None) => Ok(IdentityFiles::Pem { certificate: certificate.clone(), key: key.clone() }),
                _ => Err(SettingError::new(
                    "password_file",
                    "a password belongs to key_store; a PEM key is not encrypted here: remove password_file and password_env",
                )),
            },
            (Some(_), None, None) => Err(SettingError::new("key", "cert needs its private key beside it: give key")),
            (None, Some(_), None) => Err(SettingError::new("cert", "key needs its certificate beside it: give cert")),
            (None, None, None) => Err(SettingError::new(
                "cert",
                "the online user's certificate is not named: give cert and key (PEM), or key_store (PKCS #12)",
            )),
            (None, None, Some(file)) => {
                let password = match (&self.password_file, &self.password_env) {
                    (Some(path), None) => Password::File(path.clone()),
                    (None, Some(name)) => Password::Variable(name.clone()),
                    (Some(_), Some(_)) => {
                        return Err(SettingError::new(
                            "password_file",
                            "give password_file or password_env, and not both",
                        ));
                    }
                    (None, None) => {
                        let what = "key_store needs its password: give password_file, or password_env with the name of a variable";
                        return Err(SettingError::new("password_file", what));
                    }
                };
                Ok(IdentityFiles::KeyStore { file: file.clone(), password })
            }
        }
    }
}

fn within<T: PartialOrd + std::fmt::Display + Copy>(
    key: &'static str,
    given: T,
    allowed: std::ops::RangeInclusive<T>,
) -> Result<T, SettingError> {
    if allowed.contains(&given) {
        return Ok(given);
    }
    Err(SettingError::new(key, format!("{given} is not possible: give {} to {}", allowed.start(), allowed.end())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const SOUND: &str = "url = 'https://localhost:8443'\nca = 'ca.pem'\ncert = 'c.pem'\nkey = 'k.pem'\n";
    const SEEN: &str = "listen = '10.0.0.5:8800'\nnetworks = ['10.0.0.0/24']\n";

    fn checked(more: &str, beyond: bool) -> Result<Sources, SettingError> {
        Choices::of_toml(&format!("{SOUND}{more}"), Path::new("/etc/tdam")).unwrap().check(beyond)
    }

    #[test]
    fn defaults_are_this_machine_alone_signing_and_renewal() {
        let sources = checked("", false).unwrap();
        let address = bounds::LISTEN.parse().unwrap();
        assert_eq!(sources.listen, Listen::Tcp { address, networks: Vec::new() });
        assert!(sources.signs && sources.renew_days_ahead == bounds::RENEW_DAYS_AHEAD);
        assert_eq!(sources.authority, Path::new("/etc/tdam/ca.pem"));
        let unix = checked("socket = 'p.sock'", false).unwrap();
        assert_eq!(unix.listen, Listen::Unix { path: "/etc/tdam/p.sock".into(), mode: 0o600 });
    }

    #[test]
    fn beyond_loopback_it_listens_only_when_told_twice() {
        assert!(checked(SEEN, true).is_ok());
        for (more, beyond, says) in [
            ("listen = '10.0.0.5:8800'", false, "both are missing"),
            ("listen = '0.0.0.0:8800'", true, "the key networks is missing"),
            ("listen = '[::]:8800'", true, "the key networks is missing"),
            (SEEN, false, "the option --beyond-loopback is missing"),
            ("networks = ['10.0.0.0/24']", false, "remove networks"),
            ("listen = '127.0.0.1:1'", true, "remove networks"),
            ("listen = '10.0.0.5:8800'\nnetworks = ['0.0.0.0/0']", true, "is everybody"),
            ("listen = '10.0.0.5:8800'\nnetworks = ['128.0.0.0/1']", true, "is everybody"),
            ("listen = '10.0.0.5:8800'\nnetworks = ['::ffff:0.0.0.0/96']", true, "is everybody"),
            ("listen = '10.0.0.5:8800'\nnetworks = ['10.0.0.5/24']", true, "is it 10.0.0.0/24"),
            ("listen = '10.0.0.5:8800'\nnetworks = ['nonsense']", true, "is no network"),
        ] {
            let error = checked(more, beyond).unwrap_err().to_string();
            assert!(error.contains(says), "{more}: {error}");
        }
    }

    #[test]
    fn each_error_names_its_key() {
        for (more, key) in [
            ("key_store = 'a.p12'", "key_store"),
            ("password_file = 'p'", "password_file"),
            ("listen = 'localhost'", "listen"),
            ("listen = '127.0.0.1:1'\nsocket = 's'", "socket"),
            ("socket_mode = '0600'", "socket_mode"),
            ("socket = 's'\nsocket_mode = '0666'", "socket_mode"),
            ("socket = 's'\nsocket_mode = 'rw'", "socket_mode"),
            ("socket = 's'\nnetworks = ['10.0.0.0/24']", "networks"),
            ("socket = 's'\nnames = ['proxy.example']", "names"),
            ("names = ['*']", "names"),
            ("names = ['*.example']", "names"),
            ("names = ['proxy.example', '']", "names"),
            ("names = ['proxy.example:8800']", "names"),
            ("names = ['http://proxy.example']", "names"),
            ("names = ['10.0.0.5']", "names"),
            ("names = ['::1']", "names"),
            ("attempts = 0", "attempts"),
            ("timeout_seconds = 0", "timeout_seconds"),
            ("call_timeout_seconds = 100000", "call_timeout_seconds"),
            ("renew_days_ahead = 1001", "renew_days_ahead"),
            ("body_bytes_max = 0", "body_bytes_max"),
            ("connections_max = 0", "connections_max"),
        ] {
            let error = checked(more, false).unwrap_err();
            assert_eq!(error.key(), key, "{more}: {error}");
        }
        assert_eq!(checked("socket = 's'", true).unwrap_err().key(), "socket");
        assert_eq!(checked("names = ['proxy.example', 'PROXY', 'a_b-c']", false).unwrap().names.len(), 3);
        let unknown = Choices::of_toml("adress = 'x'", Path::new("")).unwrap_err().to_string();
        assert!(unknown.contains("adress") && unknown.contains("renew_days_ahead"), "{unknown}");
        for (text, key) in [("", "url"), ("url = 'u'", "ca"), ("url = 'u'\nca = 'c'", "cert")] {
            assert_eq!(Choices::of_toml(text, Path::new("")).unwrap().check(false).unwrap_err().key(), key);
        }
    }

    #[test]
    fn a_certificate_and_its_key_in_one_file_are_not_renewed() {
        let one = "url = 'u'\nca = 'c'\ncert = 'both.pem'\nkey = 'both.pem'\n";
        let check = |text: &str| Choices::of_toml(text, Path::new("")).unwrap().check(false);
        let error = check(one).unwrap_err();
        assert!(error.key() == "key" && error.to_string().contains("renew_days_ahead = 0"), "{error}");
        assert!(check(&format!("{one}renew_days_ahead = 0")).is_ok());
    }

    #[test]
    fn an_option_takes_the_place_of_the_other_form_in_the_file() {
        let file = Choices::of_toml(SOUND, Path::new("")).unwrap();
        let options = Choices {
            key_store: Some("a.p12".into()),
            password_env: Some("PASSWORD".to_owned()),
            socket: Some("s".into()),
            ..Choices::default()
        };
        let sources = Choices { listen: Some("127.0.0.1:9".to_owned()), ..file }.with(options).check(false).unwrap();
        let password = Password::Variable("PASSWORD".to_owned());
        assert_eq!(sources.identity, IdentityFiles::KeyStore { file: "a.p12".into(), password });
        assert_eq!(sources.listen, Listen::Unix { path: "s".into(), mode: 0o600 });
    }
}
