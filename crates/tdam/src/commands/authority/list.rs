//! `tdam authority list`: by certificates alone, so no passphrase is needed.

use std::path::Path;

use exchange::server_may_change_on;

use super::files::read;
use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::hexadecimal::hexadecimal;
use crate::terminal::{Exit, Failure, Terminal};

pub(super) async fn run(configuration: &Configuration, terminal: &Terminal) -> Result<Exit, Failure> {
    let authority = &configuration.authority;
    if authority.issuing_certificate.as_os_str().is_empty() {
        terminal.line("This node issues nothing: authority.issuing_certificate names no authority.");
        return Ok(Exit::Done);
    }
    let (_, operator) = open(configuration).await?;
    let shown = read(&configuration.tls.certificate)?;
    let shown = pki::certificate_der(&shown).and_then(|der| pki::describe(&der)).map_err(Failure::service)?;
    let all = [("in use", &authority.issuing_certificate), ("next", &authority.next_certificate)];
    for (what, path) in all.into_iter().filter(|(_, path)| !path.as_os_str().is_empty()) {
        let (info, key) = described(path)?;
        let known = operator.known_authority(key.clone(), what == "in use").await.map_err(Failure::service)?;
        terminal.line(format_args!("{what}: {}, valid until {:.0}", info.subject, info.not_after));
        terminal.line(format_args!("  SHA-256 {}", hexadecimal(&info.fingerprint)));
        match known.published_at {
            Some(at) => terminal.line(format_args!("  published since {at:.0}")),
            None => terminal.line("  not published yet: no service has made a revocation list of it"),
        }
        if let Some(ends) = known.last_certificate_ends {
            terminal.line(format_args!(
                "  its last certificate of an online user or a person ends {ends:.0}; it signs its list until then"
            ));
        }
        if shown.authority_key_identifier == key {
            terminal.line(format_args!("  the server's certificate is of it, until {:.0}", shown.not_after));
        } else if let Some(at) = known.published_at.filter(|_| what == "next") {
            let day = server_may_change_on(at, authority.published_days);
            terminal.line(format_args!("  the server may show a certificate of it from {day} on"));
        }
        if what == "next" {
            match authority.next_issues_from.as_str() {
                "" => terminal.line("  it issues nothing yet: authority.next_issues_from is empty"),
                day => terminal.line(format_args!("  it issues from {day} on")),
            }
        }
    }
    Ok(Exit::Done)
}

fn described(path: &Path) -> Result<(pki::CertificateInfo, Vec<u8>), Failure> {
    let wrong = |error: pki::PkiError| Failure::Usage(format!("{}: {error}", path.display()));
    let der = pki::certificate_der(&read(path)?).map_err(wrong)?;
    let key = pki::authority_key_identifier_of(&der).map_err(wrong)?;
    Ok((pki::describe(&der).map_err(wrong)?, key))
}
