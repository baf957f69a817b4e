//! How an operator connects: the folder with the person's certificate, key and `connection.toml`.
//!
//! No folder is taken without being named: what one operator enters another one approves, so a command must say as whom it acts.

use std::path::PathBuf;
use std::time::Duration;

use client::{Client, Operator};

use crate::connection::{Profile, read, warned};
use crate::terminal::{Failure, Terminal, words};

/// As whom, and where.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct OperatorConnection {
    /// The folder with your certificate, key and connection.toml, as a person
    #[arg(long = "as", value_name = "FOLDER", env = "TDAM_OPERATOR", hide_env_values = true, global = true)]
    folder: Option<PathBuf>,
    /// Address of the exchange: https://host:port [default: as connection.toml says]
    #[arg(long, value_name = "URL", global = true)]
    url: Option<String>,
    /// Give up when nothing moves for so many seconds
    #[arg(long, value_name = "SECONDS", global = true, default_value_t = client::bounds::IDLE_TIMEOUT.as_secs(), value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

impl OperatorConnection {
    /// Where a person finds help, as the `connection.toml` says.
    pub(crate) fn support(&self) -> Option<String> {
        Profile::at(self.folder.as_ref()?).ok()?.support()
    }

    /// The operators' side of the exchange.
    pub(crate) fn operator(&self, terminal: &Terminal) -> Result<Operator, Failure> {
        let Some(folder) = &self.folder else {
            return Err(Failure::Usage(terminal.say(words::SAY_AS_WHOM).to_owned()));
        };
        let profile = Profile::at(folder)?;
        let lacks = terminal.say(words::LACKS_KEY);
        let missing = |what: &str| Failure::Usage(format!("{}: {lacks} `{what}`", folder.display()));
        let url = self.url.clone().or(profile.url).ok_or_else(|| missing("url"))?;
        let authority = profile.ca.ok_or_else(|| missing("ca"))?;
        let certificate = profile.cert.ok_or_else(|| missing("cert"))?;
        let key = profile.key.ok_or_else(|| missing("key"))?;
        let told = terminal.clone();
        let client = Client::builder()
            .on_warning(move |warning| told.note(warned(warning, told.language)))
            .url(url)
            .certificate_authority_pem(read(&authority)?)
            .identity_pem(read(&certificate)?, read(&key)?)
            .idle_timeout(Duration::from_secs(self.timeout))
            .user_agent(concat!("tdam/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(client.operator().in_language(terminal.client_language()))
    }
}
