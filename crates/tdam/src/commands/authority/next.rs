//! `tdam authority next`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pki::{CertificateAuthority, KeyInFile, Subject, Validity};

use super::files::{authority, key_text, named};
use crate::backup::files::write_private;
use crate::configuration::Configuration;
use crate::hexadecimal::hexadecimal;
use crate::installation::{AUTHORITY_DAYS, ROOT_DAYS, authority_mark, write_public};
use crate::terminal::{Exit, Failure, Terminal};

/// Make the next issuing authority: a certificate and a key, under the root that there is or under a new one
#[derive(clap::Args, Debug)]
#[command(group(clap::ArgGroup::new("root").required(true).args(["root_key", "new_root"])))]
pub(super) struct Arguments {
    /// Where to: FILE.pem and FILE.key, which do not exist yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The root's private key, under which it is made; the root's certificate is the first one in tls.client_authority
    #[arg(long, value_name = "FILE")]
    root_key: Option<PathBuf>,
    /// Where the passphrase of the root's key comes from: env:NAME, fd:N or prompt
    #[arg(long, value_name = "SOURCE", default_value = "", hide_default_value = true)]
    root_passphrase_from: String,
    /// Make a new root too: its key goes into this file, its certificate into FILE.pem after the authority's
    #[arg(long, value_name = "FILE")]
    new_root: Option<PathBuf>,
    /// Encrypt the new keys with a passphrase from here: env:NAME, fd:N or prompt
    #[arg(long, value_name = "SOURCE")]
    passphrase_from: Option<String>,
    /// How it is called [default: tdam authority, and letters drawn at random]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// For how many days it is valid, and not longer than its root
    #[arg(long, value_name = "N", default_value_t = AUTHORITY_DAYS)]
    days: u32,
}

pub(super) fn run(arguments: &Arguments, configuration: &Configuration, terminal: &Terminal) -> Result<Exit, Failure> {
    let now = Timestamp::now();
    let (certificate, key_file) = (arguments.to.with_extension("pem"), arguments.to.with_extension("key"));
    let encrypted_from = arguments.passphrase_from.as_deref();
    let mark = authority_mark().map_err(Failure::service)?;
    let (root, above) = match (&arguments.new_root, &arguments.root_key) {
        (Some(to), _) => {
            let key = KeyInFile::generate().map_err(Failure::service)?;
            write_private(to, key_text(&key, encrypted_from)?.as_bytes())?;
            let subject = Subject::new(format!("tdam root {mark}"));
            let root = CertificateAuthority::create_root(&subject, Validity::of_days(now, ROOT_DAYS), Box::new(key));
            let root = root.map_err(Failure::service)?;
            let above = root.certificate_pem().to_owned();
            (root, above)
        }
        (None, Some(key)) => {
            let trusted = &configuration.tls.client_authority;
            (authority(trusted, key, &arguments.root_passphrase_from)?, String::new())
        }
        // The command line demands one.
        (None, None) => return Err(Failure::Usage("name --root-key or --new-root".to_owned())),
    };
    let key = KeyInFile::generate().map_err(Failure::service)?;
    let text = key_text(&key, encrypted_from)?;
    let subject = Subject::new(arguments.name.clone().unwrap_or_else(|| format!("tdam authority {mark}")));
    let next = root
        .create_issuing(&subject, Validity::of_days(now, arguments.days), Box::new(key))
        .map_err(Failure::service)?;
    write_private(&key_file, text.as_bytes())?;
    write_new(&certificate, &format!("{}{above}", next.certificate_pem()))?;
    terminal.line(format_args!("{} is made, valid until {:.0}.", next.info().subject, next.info().not_after));
    for der in pki::certificates_der(&format!("{}{above}", next.certificate_pem())).map_err(Failure::service)? {
        let info = pki::describe(&der).map_err(Failure::service)?;
        terminal.line(format_args!("  SHA-256 {}  {}", hexadecimal(&info.fingerprint), info.subject));
    }
    terminal.line("Tell clients these fingerprints another way. Then name the authority on every node, in the section [authority]:");
    terminal.line(format_args!("  next_certificate = {:?}", named(&certificate)?));
    terminal.line(format_args!("  next_key = {:?}", named(&key_file)?));
    if let Some(source) = encrypted_from {
        terminal.line(format_args!("  next_passphrase_from = {source:?}"));
    }
    terminal.line("and let the service take it up (SIGHUP): from then on it is published. `tdam authority list` shows what comes next.");
    Ok(Exit::Done)
}

/// A file for everybody, which does not exist yet.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Usage(format!("{} exists: nothing is ever overwritten", path.display())));
    }
    write_public(path, text).map_err(Failure::output(path))
}
