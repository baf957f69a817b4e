//! `tdam libraries new-key`.

use std::io::Write as _;
use std::path::PathBuf;

use pki::SeparateKey;

use crate::backup::files::{create, write_private};
use crate::configuration::passphrase_from;
use crate::terminal::{Exit, Failure, Terminal};

/// Make a publication key, which signs what the service gives out to everybody.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// A file that does not exist yet; the public key gets the ending `.pem`
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Encrypt it with a passphrase from here: env:NAME, fd:N or prompt
    #[arg(long, value_name = "SOURCE")]
    passphrase_from: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let public = arguments.to.with_extension("pem");
    if public == arguments.to {
        return Err(Failure::Usage("the public key gets the ending .pem: name the private one otherwise".to_owned()));
    }
    let key = SeparateKey::generate().map_err(Failure::service)?;
    let pem = match &arguments.passphrase_from {
        Some(source) => {
            let passphrase = passphrase_from(source, "publication").map_err(Failure::Usage)?;
            key.to_encrypted_pem(&passphrase).map_err(|error| Failure::Usage(error.to_string()))?
        }
        None => key.to_pem(),
    };
    write_private(&arguments.to, pem.as_bytes())?;
    create(&public, false)?.write_all(key.public_pem().as_bytes()).map_err(Failure::output(&public))?;
    terminal.line(format_args!("{} is made. Its public key is in {}.", arguments.to.display(), public.display()));
    terminal.line(
        "Name it in the configuration as publication.key, reload the service, and give the public key to those who verify.",
    );
    Ok(Exit::Done)
}
