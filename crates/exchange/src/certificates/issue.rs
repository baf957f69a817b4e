//! Issues a certificate to an online user: for whom, for how long, and that no more than two overlap.
//!
//! The authority signs before the transaction that lets the certificate in: a key in a module may take its time, and the writer waits
//! for nobody. A signed certificate that the transaction does not let in opens nothing, since the exchange knows certificates by
//! their fingerprints.

use jiff::Timestamp;
use jiff::civil::Date;
use pki::{CertificateRequest, Holder, Issued, PkiError, Reason, Subject, Validity};
use rulebook::calendar::TREASURY_TIME_ZONE;
use rulebook::catalogue::{Code, Fault};
use store::{AuditLine, Certificate, DirectoryRow, Fingerprint, IssuedCertificate, Registration, Writing};

use crate::bounds::CERTIFICATES_OVERLAP_MAX;
use crate::settings::Issuing;
use crate::{Exchange, Failure, local_time};

/// A certificate on its way to an online user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateChain {
    /// The certificate, and the authority's after it (PEM).
    pub pem: String,
    /// When the certificate ends.
    pub not_after: Timestamp,
}

impl Exchange {
    /// The certificate that the house issued, with its chain.
    pub(crate) fn issued_chain(&self, issued: &IssuedCertificate) -> Result<CertificateChain, Failure> {
        let issuing = self.issuing()?;
        // Of an authority that was retired the chain above is not known any more.
        let authority = issuing.of_key(&issued.authority).unwrap_or(&issuing.authority);
        let info = pki::describe(&issued.der).map_err(|error| Failure::unexpected(error))?;
        Ok(CertificateChain { pem: authority.chain_of(&pki::certificate_pem(&issued.der)), not_after: info.not_after })
    }

    /// Signs a certificate for the key of a request.
    pub(super) fn certify(&self, request: &CertificateRequest, registration: &Registration) -> Result<Issued, Failure> {
        self.certify_for(request, &subject(registration), registration.user.registration_valid_until)
    }

    /// Signs a certificate for the key of a request, for somebody registered until this day.
    pub(crate) fn certify_for(
        &self,
        request: &CertificateRequest,
        subject: &Subject,
        until: Date,
    ) -> Result<Issued, Failure> {
        let issuing = self.issuing()?;
        let now = self.now();
        let authority = issuing.in_use(now);
        let validity = validity(&issuing, until, now)?;
        authority.certify(request, subject, validity).map_err(not_issued)
    }

    /// Makes a key and signs a certificate for it.
    pub(super) fn issue_with_key(&self, registration: &Registration) -> Result<Issued, Failure> {
        let issuing = self.issuing()?;
        let now = self.now();
        let authority = issuing.in_use(now);
        let validity = validity(&issuing, registration.user.registration_valid_until, now)?;
        authority.issue_client(&subject(registration), validity).map_err(not_issued)
    }
}

/// Reads a request, or says in the catalogue's words what is wrong with it.
pub(crate) fn read_request(bytes: &[u8]) -> Result<CertificateRequest, Failure> {
    CertificateRequest::read(bytes).map_err(|error| {
        let failure = Failure::new(Code::CertificateRequestInvalid);
        match error {
            PkiError::RequestUnreadable => failure.with_fault(Fault::RequestUnreadable),
            PkiError::RequestSignatureInvalid => failure.with_fault(Fault::RequestSignatureInvalid),
            PkiError::KeyNotAccepted { found } => failure.with_fault(Fault::RequestKeyNotAccepted).with_detail(found),
            PkiError::RequestAlgorithmNotAccepted { found } => {
                failure.with_fault(Fault::RequestAlgorithmNotAccepted).with_detail(found)
            }
            other => failure.with_detail(other.to_string()),
        }
    })
}

/// The subject of an online user's certificate.
pub(super) fn subject(registration: &Registration) -> Subject {
    let Registration { user, client, .. } = registration;
    Subject::new(shortened(&user.name)).of(shortened(&client.name)).held_by(Holder::OnlineUser(user.id.0))
}

/// Names in certificates are short (RFC 5280, appendix A).
pub(crate) fn shortened(name: &str) -> String {
    name.chars().take(pki::NAME_CHARS_MAX).collect::<String>().trim_end().to_owned()
}

/// From now on, and never beyond the last day of the registration. The authority lets nothing outlive itself.
fn validity(issuing: &Issuing, until: Date, now: Timestamp) -> Result<Validity, Failure> {
    if local_time(now).date() > until {
        return Err(Failure::new(Code::RegistrationExpired).with_detail(until.to_string()));
    }
    let validity = Validity::of_days(now, issuing.certificate_days);
    Ok(Validity { not_after: validity.not_after.min(end_of(until)?), ..validity })
}

/// The last second of a day of the Treasury.
fn end_of(day: Date) -> Result<Timestamp, Failure> {
    let last = day.at(23, 59, 59, 0).to_zoned_datetime(TREASURY_TIME_ZONE.clone());
    let last = last.map_err(|error| Failure::unexpected(error))?;
    Ok(last.timestamp())
}

fn not_issued(error: PkiError) -> Failure {
    match error {
        // The authority itself ends before.
        PkiError::ValidityImpossible => Failure::new(Code::CertificatesNotIssued),
        error => Failure::unexpected(error),
    }
}

/// Lets a signed certificate in. The caller has locked the registration and read it since.
pub(super) fn let_in(
    writing: &mut dyn Writing,
    registration: &Registration,
    issued: &Issued,
    request: Option<[u8; 32]>,
    line: &AuditLine,
) -> Result<IssuedCertificate, Failure> {
    let in_force = registration.certificates.iter();
    let in_force = in_force.filter(|one| one.revoked_at.is_none() && one.not_after > line.at).count();
    if in_force >= CERTIFICATES_OVERLAP_MAX {
        return Err(Failure::new(Code::TooManyCertificates).with_detail(in_force.to_string()));
    }
    let (info, der) = (&issued.info, pki::certificate_der(&issued.certificate_pem));
    let der = der.map_err(|error| Failure::unexpected(error))?;
    for compromised in writing.certificates_revoked_for(Reason::KeyCompromise.code())? {
        if pki::have_same_key(&der, &compromised).map_err(|error| Failure::unexpected(error))? {
            return Err(Failure::new(Code::KeyCompromised));
        }
    }
    let certificate = Certificate {
        fingerprint: Fingerprint(info.fingerprint),
        user: registration.user.id,
        serial: info.serial.clone(),
        not_before: info.not_before,
        not_after: info.not_after,
        revoked_at: None,
    };
    writing.insert_certificate(&certificate)?;
    let row = IssuedCertificate {
        fingerprint: certificate.fingerprint,
        serial: info.serial.clone(),
        authority: info.authority_key_identifier.clone(),
        der,
        request,
        issued_at: line.at,
    };
    writing.insert_issued_certificate(&row)?;
    let (user, ends) = (registration.user.id.0, info.not_after);
    let detail =
        format!("{} of online user {user} until {ends} {} {}", row.fingerprint, line.detail, certificate.stated());
    writing.append_audit(&AuditLine { detail, ..line.clone() })?;
    Ok(row)
}
