//! `/v1/signature-check`: is my signature right, and if not, what is different?

use std::sync::Arc;

use axum::extract::{Request, State};
use exchange::{Caller, SigningCertificate};
use protocol::{SignatureCheck, SignatureStep};
use rulebook::Code;
use signatures::{Algorithm, Explanation, Fault, Taken, digest};

use super::query::parameters;
use crate::answer::{self, Answer};
use crate::context::RequestContext;
use crate::identity::{Connected, Context, Identified};
use crate::service::Service;
use crate::{body, signed};

/// The step that is no part of a signature: whether the body is packed.
const ENCODING: &str = "encoding";

/// `POST`: how the signature over this request is judged. Nothing is kept, and nothing is executed.
pub(crate) async fn check(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    Connected(peer): Connected,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let encoding = signed::encoding(request.headers());
    let (as_signed, signer) = (signed::as_signed(&request), signed::signer(&service, peer.connection()));
    let sha256 = body::sha256_of(&service, &context, &caller, request).await?;
    let explanation = service.exchange().explain_signature(&caller, &as_signed, signer.as_deref(), &sha256);
    answer::json(&shown(&service, &caller, &context, explanation, signer.as_deref(), encoding, &sha256))
}

fn shown(
    service: &Service,
    caller: &Caller,
    context: &RequestContext,
    explanation: Explanation,
    signer: Option<&SigningCertificate>,
    encoding: Option<String>,
    sha256: &[u8; 32],
) -> SignatureCheck {
    let code = code(&explanation, encoding.as_deref());
    let Explanation { taken, base, now_seconds, .. } = explanation;
    let of_encoding = encoding.map(|encoding| SignatureStep {
        step: ENCODING.to_owned(),
        passed: false,
        detail: format!("Content-Encoding: {encoding}"),
    });
    let of_signature = taken.into_iter().map(|Taken { step, passed, detail }| SignatureStep {
        step: step.name().to_owned(),
        passed,
        detail,
    });
    SignatureCheck {
        accepted: code.is_none(),
        required: service.exchange().demands_signatures(caller),
        code: code.map(|code| code.id().to_owned()),
        text: code.map(|code| code.entry().explanation.in_language(context.language).to_owned()),
        steps: of_encoding.into_iter().chain(of_signature).collect(),
        signature_base: base,
        content_digest: digest::field(sha256),
        keyid: caller.identity().certificate.fingerprint.to_string(),
        algorithms: signer
            .map(|signer| signer.key().algorithms().iter().copied().map(Algorithm::name).map(str::to_owned).collect())
            .unwrap_or_default(),
        server_time: now_seconds,
    }
}

/// What a submission that is signed so is refused with, in the order in which a submission is judged.
fn code(explanation: &Explanation, encoding: Option<&str>) -> Option<Code> {
    match (&explanation.fault, explanation.digest_matches) {
        (Some(Fault::Missing), _) => Some(Code::SignatureRequired),
        (_, _) if encoding.is_some() => Some(Code::SignedContentEncoded),
        (Some(_), _) => Some(Code::SignatureInvalid),
        (None, Some(true)) => None,
        (None, _) => Some(Code::ContentDigestMismatch),
    }
}
