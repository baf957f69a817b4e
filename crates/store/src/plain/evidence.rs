//! Evidence of signed submissions.
//!
//! A row for each signed submission, of about a kilobyte, whatever number of payments it has. It names certificates by their hash and a
//! revocation list by its number, so what many submissions share is stored once.

use payments::MessageId;
use sha2::{Digest as _, Sha256};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Columns, micros};
use crate::{AddEvidence, Fingerprint, KeptEvidence, ReadEvidence, RequestEvidence, StoreError, WriteEvidence};

const HASH_BYTES: usize = 32;

plain_statements! {
    /// The list is the newest one at this moment.
    const INSERT = ("INSERT INTO signature_evidence (submission, received_at, method, authority, target, content_digest, signature_input,
            signature, fields, certificate, issuers, authority_key, list_number)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT max(number) FROM revocation_list WHERE authority = $12))
        ON CONFLICT DO NOTHING");
    const IS_SIGNED = ("SELECT submission FROM signature_evidence WHERE submission = $1");
    const EVIDENCE = ("SELECT e.received_at, e.method, e.authority, e.target, e.content_digest, e.signature_input, e.signature, e.fields,
            e.certificate, e.issuers, e.authority_key, e.list_number, l.der
        FROM signature_evidence e LEFT JOIN revocation_list l ON l.authority = e.authority_key AND l.number = e.list_number
        WHERE e.submission = $1");
    const CERTIFICATE = ("SELECT der FROM evidence_certificate WHERE sha256 = $1");
    const INSERT_CERTIFICATE = ("INSERT INTO evidence_certificate (sha256, der) VALUES ($1, $2) ON CONFLICT DO NOTHING");
}

/// The hashes of authorities as one value.
pub(crate) fn joined(issuers: &[Fingerprint]) -> Vec<u8> {
    issuers.iter().flat_map(|issuer| issuer.0).collect()
}

fn apart(issuers: &[u8]) -> Result<Vec<Fingerprint>, StoreError> {
    let (hashes, rest) = issuers.as_chunks::<HASH_BYTES>();
    if rest.is_empty() {
        Ok(hashes.iter().copied().map(Fingerprint).collect())
    } else {
        Err(StoreError::Corrupt("authorities of evidence are no hashes".to_owned()))
    }
}

/// The request, and the revocation list. A number without a list is damage.
fn read_evidence(row: &mut Columns<'_>) -> Result<(RequestEvidence, Option<Vec<u8>>), StoreError> {
    let request = RequestEvidence {
        received_at: row.timestamp()?,
        method: row.text()?,
        authority: row.text()?,
        target: row.text()?,
        content_digest: row.text()?,
        signature_input: row.text()?,
        signature: row.text()?,
        fields: row.text()?,
        certificate: Fingerprint(row.digest()?),
        issuers: apart(row.bytes_ref()?)?,
        authority_key: row.bytes_ref()?.to_vec(),
    };
    match (row.integer_if_any()?, row.bytes_if_any()?) {
        (Some(number), None) => {
            Err(StoreError::Corrupt(format!("evidence names revocation list {number}, which is not there")))
        }
        (_, list) => Ok((request, list)),
    }
}

fn certificate(session: &mut impl Executor, named: &Fingerprint) -> Result<Vec<u8>, StoreError> {
    let der = session.optional(&CERTIFICATE, values![&named.0], |row| Ok(row.bytes_ref()?.to_vec()))?;
    let der = der.filter(|der| Sha256::digest(der)[..] == named.0);
    der.ok_or_else(|| StoreError::Corrupt(format!("evidence names certificate {named}, which is not there")))
}

impl<S: Executor> AddEvidence for S {
    fn insert_evidence(&mut self, submission: MessageId, evidence: &RequestEvidence) -> Result<(), StoreError> {
        let issuers = joined(&evidence.issuers);
        let values = values![
            submission.0,
            micros(evidence.received_at),
            &evidence.method,
            &evidence.authority,
            &evidence.target,
            &evidence.content_digest,
            &evidence.signature_input,
            &evidence.signature,
            &evidence.fields,
            &evidence.certificate.0,
            issuers.as_slice(),
            evidence.authority_key.as_slice(),
        ];
        match self.change(&INSERT, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict(format!("evidence of submission {}", submission.0))),
        }
    }

    fn is_signed(&mut self, submission: MessageId) -> Result<bool, StoreError> {
        Ok(self.optional(&IS_SIGNED, values![submission.0], |row| row.integer())?.is_some())
    }
}

impl<S: Executor> ReadEvidence for S {
    fn evidence(&mut self, submission: MessageId) -> Result<Option<KeptEvidence>, StoreError> {
        let Some((request, revocation_list)) = self.optional(&EVIDENCE, values![submission.0], read_evidence)? else {
            return Ok(None);
        };
        let leaf = certificate(self, &request.certificate)?;
        let issuers = request.issuers.iter().map(|issuer| certificate(self, issuer)).collect::<Result<_, _>>()?;
        Ok(Some(KeptEvidence { request, certificate: leaf, issuers, revocation_list }))
    }
}

impl<S: Executor> WriteEvidence for S {
    fn insert_evidence_certificate(&mut self, sha256: &Fingerprint, der: &[u8]) -> Result<(), StoreError> {
        self.change(&INSERT_CERTIFICATE, values![&sha256.0, der]).map(drop)
    }
}
