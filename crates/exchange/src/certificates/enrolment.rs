//! First enrolment: a code and a certificate request come in, a chain goes out.
//!
//! The same request with the same code gets the same certificate again, however often and on whichever node: an answer may be lost
//! after the certificate was let in.

use pki::CertificateRequest;
use rulebook::catalogue::Code;
use store::{EnrolmentKind, IssuedCertificate, Writing};

use super::enrolment_code::{Opened, Stranger, actor_of, opened_again, use_up};
use super::issue::{CertificateChain, let_in, read_request};
use super::rules::{EnrolmentRules, rules};
use crate::access::refusals::trace;
use crate::{Exchange, Failure};

impl Exchange {
    /// What a code opens: for whom the certificate will be, and what the request must be like.
    ///
    /// # Errors
    /// When the code is wrong, used up or out of time, or this node issues no certificates.
    pub async fn enrolment_rules(&self, code: &str, stranger: &Stranger) -> Result<EnrolmentRules, Failure> {
        self.issuing()?;
        let Opened { code, registration } = self.open_code(code, stranger).await?;
        Ok(EnrolmentRules {
            kind: code.kind,
            code_valid_until: Some(code.valid_until),
            code_tries_left: Some(code.tries_left),
            ..rules(&registration)
        })
    }

    /// Issues the certificate for a request that came with a code.
    ///
    /// # Errors
    /// When the code is wrong, used for another request, or out of time; the request is not accepted; or this node issues no
    /// certificates.
    pub async fn enrol(&self, code: &str, request: &[u8], stranger: &Stranger) -> Result<CertificateChain, Failure> {
        self.issuing()?;
        let opened = self.open_code(code, stranger).await?;
        if opened.code.kind != EnrolmentKind::Request {
            return Err(self.refuse_code(Code::PickUpCodeOfOtherKind, &opened.code.selector, stranger).await);
        }
        let request = read_request(request)?;
        if opened.code.certificate.is_some() {
            return self.issued_before(&opened, &request, stranger).await;
        }
        let issued = self.certify(&request, &opened.registration)?;
        let detail = trace(stranger.address, &stranger.request_id);
        let line = self.audit_line(&actor_of(&opened), "certificate.issued", detail);
        let digest = request.digest();
        let before = opened.clone();
        let let_in = self.inner.store.write_with_reserve(move |writing| {
            let now = opened_again(writing, &before, line.at)?;
            if now.code.certificate.is_some() {
                return for_same_request(writing, &now, &digest);
            }
            let row = let_in(writing, &now.registration, &issued, Some(digest), &line)?;
            use_up(writing, &now, &row.fingerprint)?;
            Ok(Some(row))
        });
        match let_in.await? {
            Some(issued) => self.issued_chain(&issued),
            None => Err(self.refuse_code(Code::PickUpCodeUsed, &opened.code.selector, stranger).await),
        }
    }

    async fn issued_before(
        &self,
        opened: &Opened,
        request: &CertificateRequest,
        stranger: &Stranger,
    ) -> Result<CertificateChain, Failure> {
        let (before, digest) = (opened.clone(), request.digest());
        let found = self.inner.store.read(move |reading| match before.code.certificate {
            Some(certificate) => Ok(reading.issued_certificate(&certificate)?),
            None => Ok::<_, Failure>(None),
        });
        match found.await?.filter(|issued| issued.request == Some(digest)) {
            Some(issued) => self.issued_chain(&issued),
            None => Err(self.refuse_code(Code::PickUpCodeUsed, &opened.code.selector, stranger).await),
        }
    }
}

fn for_same_request(
    writing: &mut dyn Writing,
    opened: &Opened,
    request: &[u8; 32],
) -> Result<Option<IssuedCertificate>, Failure> {
    let Some(certificate) = opened.code.certificate else { return Ok(None) };
    Ok(writing.issued_certificate(&certificate)?.filter(|issued| issued.request.as_ref() == Some(request)))
}
