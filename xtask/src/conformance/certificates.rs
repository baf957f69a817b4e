//! Certificates that no exchange gives out: expired ones, and those of another authority.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use crate::attack::failed::Failed;

/// What a case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// Of the exchange's own authority, for a client, ended long ago.
    Expired,
    /// The same for the server's name.
    ExpiredServer,
    /// Of an authority that nobody knows; the authority's certificate is written too, as `authority.pem`.
    OtherAuthority,
}

impl Made {
    pub(super) fn of(name: &str) -> Option<Made> {
        match name {
            "expired" => Some(Made::Expired),
            "expired-server" => Some(Made::ExpiredServer),
            "other-authority" => Some(Made::OtherAuthority),
            _ => None,
        }
    }
}

/// Writes `certificate.pem` and `key.pem` into a folder.
pub(super) fn make(made: Made, pki: &Path, into: &Path) -> Result<(), Failed> {
    fs::create_dir_all(into)?;
    let key = KeyPair::generate()?;
    let names = if made == Made::ExpiredServer { vec!["localhost".to_owned()] } else { Vec::new() };
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, "conformance");
    let chain = match made {
        Made::Expired | Made::ExpiredServer => {
            parameters.not_before = date_time_ymd(2020, 1, 1);
            parameters.not_after = date_time_ymd(2021, 1, 1);
            let issuing = fs::read_to_string(pki.join("issuing.pem"))?;
            let issuer_key = KeyPair::from_pem(&fs::read_to_string(pki.join("issuing.key"))?)?;
            let issuer = Issuer::from_ca_cert_pem(&issuing, issuer_key)?;
            format!("{}{issuing}", parameters.signed_by(&key, &issuer)?.pem())
        }
        Made::OtherAuthority => {
            let mut authority = CertificateParams::new(Vec::new())?;
            authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            authority.distinguished_name.push(DnType::CommonName, "another authority");
            let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
            fs::write(into.join("authority.pem"), authority.pem())?;
            format!("{}{}", parameters.signed_by(&key, &authority)?.pem(), authority.pem())
        }
    };
    fs::write(into.join("certificate.pem"), chain)?;
    fs::write(into.join("key.pem"), key.serialize_pem())?;
    Ok(())
}
