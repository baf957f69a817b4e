//! The exchange's address and the caller's certificate: from the command line, the environment, or a `connection.toml`.
//!
//! A `connection.toml` lies beside the certificates it names; `tdam sandbox` writes one for each online user. The
//! command line and the environment take precedence over the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::{Client, Retries, Warning};
use rulebook::Language;
use rulebook::catalogue::{Arguments, Code};
use serde::Deserialize;

use crate::terminal::{Failure, Terminal};

/// Name of the file in a folder given by `--profile`.
const FILE_NAME: &str = "connection.toml";
/// Used when nothing is named and it is there: the sandbox's accounting system.
const SANDBOX_PROFILE: &str = "tdam-sandbox/users/daugava-accounting";
/// Longest `connection.toml` that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// How to reach the exchange.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// A connection.toml, or the folder that holds one [default: the sandbox's, when ./tdam-sandbox is there]
    #[arg(long, value_name = "DIR|FILE", env = "TDAM_PROFILE", hide_env_values = true)]
    profile: Option<PathBuf>,
    /// Address of the exchange: https://host:port
    #[arg(long, value_name = "URL", env = "TDAM_URL", hide_env_values = true)]
    url: Option<String>,
    /// Certificate of the authority that signed the server's certificate (PEM)
    #[arg(long, value_name = "FILE", env = "TDAM_CA", hide_env_values = true)]
    ca: Option<PathBuf>,
    /// Certificate of the online user (PEM)
    #[arg(long, value_name = "FILE", env = "TDAM_CERT", hide_env_values = true)]
    cert: Option<PathBuf>,
    /// Private key of the online user (PEM)
    #[arg(long, value_name = "FILE", env = "TDAM_KEY", hide_env_values = true)]
    key: Option<PathBuf>,
    /// Give up after this many attempts; lost connections are retried, which is safe with the same bytes
    #[arg(long, value_name = "N", default_value_t = client::bounds::ATTEMPTS_MAX, value_parser = clap::value_parser!(u32).range(1..=100))]
    attempts: u32,
    /// Give up when nothing moves for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = client::bounds::IDLE_TIMEOUT.as_secs(), value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// The content of a `connection.toml`. Paths are relative to the file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) url: Option<String>,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    support: Option<String>,
}

impl Connection {
    /// Where a person finds help, as the `connection.toml` says.
    pub(crate) fn support(&self) -> Option<String> {
        self.profile().ok()?.support()
    }

    /// The client that these settings describe.
    pub(crate) fn client(&self, terminal: &Terminal) -> Result<Client, Failure> {
        self.client_that_signs(false, terminal)
    }

    /// The same, which signs submissions or does not.
    pub(crate) fn client_that_signs(&self, signs: bool, terminal: &Terminal) -> Result<Client, Failure> {
        let profile = self.profile()?;
        let Some(url) = self.url.clone().or(profile.url) else {
            return Err(Failure::Usage(format!(
                "no exchange is named: give --profile (a folder with {FILE_NAME}) or --url, --ca, --cert and --key; \
                 `tdam sandbox` makes an exchange to try, whose profile is found in the folder in which it was started"
            )));
        };
        let Some(authority) = self.ca.clone().or(profile.ca) else {
            return Err(Failure::Usage("no certificate authority: give --ca, or --profile".to_owned()));
        };
        let told = terminal.clone();
        let mut builder = Client::builder()
            .on_warning(move |warning| told.note(warned(warning, told.language)))
            .url(url)
            .certificate_authority_pem(read(&authority)?)
            .idle_timeout(Duration::from_secs(self.timeout))
            .sign_submissions(signs)
            .retries(Retries::default().attempts_max(self.attempts))
            .user_agent(concat!("tdam/", env!("CARGO_PKG_VERSION")));
        match (self.cert.clone().or(profile.cert), self.key.clone().or(profile.key)) {
            (Some(certificate), Some(key)) => builder = builder.identity_pem(read(&certificate)?, read(&key)?),
            // Allowed: the exchange then says what it says to strangers, which is worth seeing once.
            (None, None) => {}
            (Some(_), None) => return Err(Failure::Usage("--cert needs --key beside it".to_owned())),
            (None, Some(_)) => return Err(Failure::Usage("--key needs --cert beside it".to_owned())),
        }
        Ok(builder.build()?)
    }

    fn profile(&self) -> Result<Profile, Failure> {
        let path = match &self.profile {
            Some(path) => return Profile::at(path),
            // A connection that is described in full by options needs no file, not even the sandbox's.
            None if self.url.is_some() => return Ok(Profile::default()),
            None => {
                let path = Path::new(SANDBOX_PROFILE).join(FILE_NAME);
                if !path.is_file() {
                    return Ok(Profile::default());
                }
                path
            }
        };
        Profile::read(&path)
    }
}

impl Profile {
    /// What lies in a folder, or the file itself.
    pub(crate) fn at(path: &Path) -> Result<Profile, Failure> {
        if path.is_dir() { Profile::read(&path.join(FILE_NAME)) } else { Profile::read(path) }
    }

    /// Where a person finds help.
    pub(crate) fn support(self) -> Option<String> {
        self.support.filter(|support| !support.is_empty())
    }

    fn read(path: &Path) -> Result<Profile, Failure> {
        let length = fs::metadata(path).map_err(Failure::input(path))?.len();
        if length > FILE_BYTES_MAX {
            return Err(Failure::Usage(format!(
                "{}: {length} bytes is too long for a connection file",
                path.display()
            )));
        }
        let text = fs::read_to_string(path).map_err(Failure::input(path))?;
        let mut profile: Profile =
            toml::from_str(&text).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        for named in [&mut profile.ca, &mut profile.cert, &mut profile.key].into_iter().flatten() {
            *named = folder.join(&*named);
        }
        Ok(profile)
    }
}

/// What the exchange warns of, in the catalogue's words where they are known here.
pub(crate) fn warned(warning: &Warning, language: Language) -> String {
    let Some(entry) = Code::ALL.iter().find(|code| code.id() == warning.code).map(|code| code.entry()) else {
        return warning.to_string();
    };
    let (value, given) = (warning.ends.clone().unwrap_or_default(), warning.days_left.map(|days| days.to_string()));
    let given = given.unwrap_or_default();
    let arguments = Arguments { value: &value, given: &given, ..Arguments::default() };
    format!("{} {} {}", warning.code, entry.text(language, &arguments), entry.remedy.in_language(language))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(Failure::input(path))
}
