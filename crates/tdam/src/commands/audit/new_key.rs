//! `tdam audit new-key`.

use std::path::PathBuf;

use audit::AuditKey;
use pki::SeparateKey;

use crate::backup::files::write_private;
use crate::configuration::passphrase_from;
use crate::terminal::{Exit, Failure, Terminal};

/// Where to, and how it is encrypted.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// A file that does not exist yet; the public key gets the ending `.pub`
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Encrypt it with a passphrase from here: env:NAME, fd:N or prompt
    #[arg(long, value_name = "SOURCE")]
    passphrase_from: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let key = SeparateKey::generate().map_err(Failure::service)?;
    let public = AuditKey::from_pkcs8(key.pkcs8()).map_err(Failure::service)?.public();
    let pem = match &arguments.passphrase_from {
        Some(source) => {
            let passphrase = passphrase_from(source, "audit").map_err(Failure::Usage)?;
            key.to_encrypted_pem(&passphrase).map_err(|error| Failure::Usage(error.to_string()))?
        }
        None => key.to_pem(),
    };
    write_private(&arguments.to, pem.as_bytes())?;
    write_private(&arguments.to.with_extension("pub"), format!("{public}\n").as_bytes())?;
    terminal.line(format_args!("{} is made. Its public key:", arguments.to.display()));
    terminal.line(public);
    terminal.line(
        "Name it in the configuration as audit.key, restart the service, and give the public key to those who verify.",
    );
    Ok(Exit::Done)
}
