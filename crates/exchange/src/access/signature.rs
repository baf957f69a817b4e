//! Whether a submission is signed with the key of the caller's certificate, and whether it has to be.

use std::sync::Arc;

use rulebook::catalogue::Code;
use signatures::{Explanation, Fault, Request, explain, verify};

use crate::access::refusals::{Refusal, Refused};
use crate::access::signed_body::SignedBody;
use crate::access::signing_certificate::SigningCertificate;
use crate::{Caller, Exchange, Failure};

impl Exchange {
    /// Verifies the signature of a submission. `None`: it has none, and needs none.
    ///
    /// # Errors
    /// When a signature is missing that is demanded, or one is there that is not by the caller's certificate over this request.
    /// The audit counts the refusal.
    pub async fn signature_of(
        &self,
        caller: &Caller,
        request: Option<&Request>,
        signer: Option<Arc<SigningCertificate>>,
    ) -> Result<Option<SignedBody>, Failure> {
        let Some(request) = request else {
            return if self.demands_signatures(caller) {
                self.inner.measures.signatures.missing();
                Err(self.unsigned(caller, Code::SignatureRequired, &Fault::Missing).await)
            } else {
                self.inner.measures.signatures.unsigned();
                Ok(None)
            };
        };
        let fingerprint = caller.identity().certificate.fingerprint.to_string();
        // A connection whose certificate has no key that signs.
        let unusable = || Fault::Parameter("keyid");
        let verified = signer.ok_or_else(unusable).and_then(|signer| {
            let verified = verify(request, &fingerprint, signer.key(), self.now().as_second())?;
            Ok(SignedBody::new(request, verified, signer))
        });
        match verified {
            Ok(signed) => Ok(Some(signed)),
            Err(fault) => {
                self.inner.measures.signatures.invalid();
                Err(self.unsigned(caller, Code::SignatureInvalid, &fault).await)
            }
        }
    }

    /// Compares the body that arrived with the one that the signature covers.
    ///
    /// # Errors
    /// When it is another one.
    pub(crate) fn check_signed_body(&self, signed: Option<&SignedBody>, body: &[u8; 32]) -> Result<(), Failure> {
        let Some(signed) = signed else { return Ok(()) };
        if signed.sha256 != *body {
            self.inner.measures.signatures.other_body();
            return Err(Failure::new(Code::ContentDigestMismatch));
        }
        self.inner.measures.signatures.verified();
        Ok(())
    }

    /// Says how the signature of a request would be judged. Keeps nothing, and counts as no refusal.
    #[must_use]
    pub fn explain_signature(
        &self,
        caller: &Caller,
        request: &Request,
        signer: Option<&SigningCertificate>,
        body: &[u8; 32],
    ) -> Explanation {
        let fingerprint = caller.identity().certificate.fingerprint.to_string();
        explain(request, &fingerprint, signer.map(SigningCertificate::key), self.now().as_second(), body)
    }

    /// Whether what the caller submits has to be signed.
    #[must_use]
    pub fn demands_signatures(&self, caller: &Caller) -> bool {
        self.inner.settings.signatures_required || caller.identity().user.signature_required
    }

    async fn unsigned(&self, caller: &Caller, code: Code, fault: &Fault) -> Failure {
        let (actor, action, who) = ("channel", "payments.not-signed", Refused::User(caller.user()));
        let (about, trace) = (String::new(), caller.trace());
        self.note_refusal(Refusal { actor, action, code: Some(code), who, about, trace }).await;
        match code {
            Code::SignatureRequired => Failure::new(code),
            _ => Failure::new(code).with_detail(rulebook::check::Excerpt::of(&fault.to_string()).as_str()),
        }
    }
}
