//! `tdam authority server-certificate`.

use std::path::PathBuf;

use exchange::server_may_change_on;
use jiff::Timestamp;
use pki::Validity;

use super::files::{named, read};
use crate::backup::files::write_private;
use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::installation::{CERTIFICATE_DAYS, write_public};
use crate::terminal::{Exit, Failure, Terminal};

/// Issue a certificate of the server, for the names that the one in use has
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Where to: FILE.pem and FILE.key, which do not exist yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// A host name or address that it has; may be given several times [default: those of the certificate in use]
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Have the next authority issue it; the service shows it only when that has been published for long enough
    #[arg(long)]
    of_next: bool,
}

pub(super) async fn run(
    arguments: &Arguments,
    configuration: &Configuration,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let issuing = configuration.authority.issuing().map_err(Failure::Usage)?;
    let issuing = issuing.ok_or_else(|| Failure::Usage("the configuration names no issuing authority".to_owned()))?;
    let authority = match (arguments.of_next, &issuing.next) {
        (false, _) => &issuing.authority,
        (true, Some(next)) => &next.authority,
        (true, None) => return Err(Failure::Usage("authority.next_certificate names no next authority".to_owned())),
    };
    let shown = read(&configuration.tls.certificate)?;
    let shown = pki::certificate_der(&shown).and_then(|der| pki::describe(&der)).map_err(Failure::service)?;
    let names = if arguments.names.is_empty() { &shown.server_names } else { &arguments.names };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let validity = Validity::of_days(Timestamp::now(), CERTIFICATE_DAYS);
    let issued = authority.issue_server(&names, validity).map_err(|error| Failure::Usage(error.to_string()))?;
    let (certificate, key) = (arguments.to.with_extension("pem"), arguments.to.with_extension("key"));
    if certificate.exists() {
        return Err(Failure::Usage(format!("{} exists: nothing is ever overwritten", certificate.display())));
    }
    write_private(&key, issued.private_key_pem.unwrap_or_default().as_bytes())?;
    write_public(&certificate, &issued.chain_pem).map_err(Failure::output(&certificate))?;
    terminal.line(format_args!(
        "{} is made for {}, valid until {:.0}.",
        certificate.display(),
        names.join(", "),
        issued.info.not_after
    ));
    terminal.line("Name it in the section [tls], and let the service take it up (SIGHUP):");
    terminal.line(format_args!("  certificate = {:?}", named(&certificate)?));
    terminal.line(format_args!("  key = {:?}", named(&key)?));
    if arguments.of_next {
        let (_, operator) = open(configuration).await?;
        let known =
            operator.known_authority(authority.key_identifier().to_vec(), false).await.map_err(Failure::service)?;
        terminal.line(match known.published_at {
            Some(at) => {
                let day = server_may_change_on(at, issuing.published_days);
                format!("The service takes it from {day} on: until then clients take up the trust bundle.")
            }
            None => "The next authority is not published yet: the service does not take it before.".to_owned(),
        });
    }
    Ok(Exit::Done)
}
