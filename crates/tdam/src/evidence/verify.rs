//! Verifies evidence, at the moment that it is of: nothing is asked but the file, the body and the authorities to trust.

use jiff::Timestamp;
use pki::Holder;
use serde::Serialize;
use signatures::{Fault, Verified, digest};

use super::file::EvidenceFile;
use crate::hexadecimal::hexadecimal;

/// What one look at the evidence found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What was looked at: `signature`, `body`, `certificate`, `names`.
    pub(crate) look: &'static str,
    /// `None`: it could not be looked at.
    pub(crate) holds: Option<bool>,
    /// What was found.
    pub(crate) detail: String,
}

impl Finding {
    fn holds(look: &'static str, detail: String) -> Finding {
        Finding { look, holds: Some(true), detail }
    }

    fn fails(look: &'static str, detail: impl ToString) -> Finding {
        Finding { look, holds: Some(false), detail: detail.to_string() }
    }
}

/// Looks at everything, also when something is wrong.
pub(crate) fn verify(file: &EvidenceFile, body: Option<&[u8; 32]>, authorities: &[Vec<u8>]) -> Vec<Finding> {
    let moment = file.received_at.parse::<Timestamp>();
    let certificate = pki::certificate_der(&file.certificate);
    let (moment, certificate) = match (moment, certificate) {
        (Ok(moment), Ok(certificate)) => (moment, certificate),
        (Err(error), _) => return vec![Finding::fails("moment", error)],
        (_, Err(error)) => return vec![Finding::fails("certificate", error)],
    };
    let verified = signature(file, &certificate, moment);
    let signed = match &verified {
        Ok(Verified { algorithm, .. }) => {
            let request = &file.request;
            let what = format!("{} https://{}{}", request.method, request.authority, request.target);
            Finding::holds("signature", format!("{what}, {}", algorithm.name()))
        }
        Err(fault) => Finding::fails("signature", said(fault)),
    };
    let of_certificate = of_certificate(file, &certificate, authorities, moment);
    vec![signed, of_body(file, body, verified.ok().as_ref()), of_certificate, of_names()]
}

/// What stands in the file and under no signature: somebody could write another client over evidence that holds.
fn of_names() -> Finding {
    let detail = "number, MsgId, client and online user stand in this file alone: the body has the MsgId, the certificate \
                  the names";
    Finding { look: "names", holds: None, detail: detail.to_owned() }
}

/// Within the bounds of the profile, by the moment at which the request arrived: so nobody moves that moment far from the one that was
/// signed.
fn signature(file: &EvidenceFile, certificate: &[u8], moment: Timestamp) -> Result<Verified, Fault> {
    let key = pki::subject_key(certificate).map_err(|_| Fault::Parameter("keyid"))?;
    let fingerprint = hexadecimal(&pki::fingerprint(certificate));
    signatures::verify(&file.signed_request(), &fingerprint, &key, moment.as_second())
}

fn said(fault: &Fault) -> String {
    match fault {
        Fault::Wrong => "it is not by the key of the certificate over this request".to_owned(),
        Fault::OtherKey(_) => format!("it names another certificate ({fault})"),
        fault => fault.to_string(),
    }
}

fn of_body(file: &EvidenceFile, body: Option<&[u8; 32]>, verified: Option<&Verified>) -> Finding {
    const LOOK: &str = "body";
    let stated = digest::sha256_of(&file.request.content_digest).ok().flatten();
    let Some(signed) = verified.map(|verified| verified.sha256).or(stated) else {
        return Finding::fails(LOOK, "the signed digest states no SHA-256");
    };
    let signed = hexadecimal(&signed);
    if signed != file.body_sha256 {
        return Finding::fails(LOOK, format!("SHA-256 {signed} is signed, and {} was received", file.body_sha256));
    }
    match body.map(|sha256| hexadecimal(sha256)) {
        None => Finding { look: LOOK, holds: None, detail: format!("SHA-256 {signed}: give --body to compare") },
        Some(sha256) if sha256 == signed => Finding::holds(LOOK, format!("SHA-256 {signed}")),
        Some(other) => Finding::fails(LOOK, format!("SHA-256 {signed} is signed, and the file has {other}")),
    }
}

fn of_certificate(file: &EvidenceFile, der: &[u8], authorities: &[Vec<u8>], moment: Timestamp) -> Finding {
    const LOOK: &str = "certificate";
    let issuers: Result<Vec<_>, _> = file.issuers.iter().map(|pem| pki::certificate_der(pem)).collect();
    let list = file.revocation_list.as_deref().map(pki::revocation_list_der).transpose();
    let (issuers, list, info) = match (issuers, list, pki::describe(der)) {
        (Ok(issuers), Ok(list), Ok(info)) => (issuers, list, info),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => return Finding::fails(LOOK, error),
    };
    match pki::trusted_at(der, &issuers, authorities, list.as_deref(), moment) {
        Ok(()) => match info.holder {
            Some(holder @ Holder::Person(_)) => Finding::fails(
                LOOK,
                format!("{}: it is a person's ({}), who submits nothing", info.subject, holder.urn()),
            ),
            holder => {
                let number = holder.map(|holder| format!(", {}", holder.urn())).unwrap_or_default();
                Finding::holds(LOOK, format!("{}{number}, trusted and not revoked at {moment:.0}", info.subject))
            }
        },
        Err(fault) => Finding::fails(LOOK, format!("{}: {fault}", info.subject)),
    }
}
