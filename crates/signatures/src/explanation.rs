//! Says step by step how a signed request was judged, for those who build the signing: what the verifier computed, and where the request
//! differs. It goes on after a fault, as far as something is left to look at.

use crate::base::{Absent, Signature, signatures_of};
use crate::digest;
use crate::key::{Algorithm, PublicKey};
use crate::profile::{COVERED, Fault, Request, algorithm_of, check_parameters, own_signature};

/// A step of the judgement, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The fields can be read.
    Fields,
    /// One signature names the certificate in use.
    Key,
    /// It covers what it has to.
    Covered,
    /// `created` and `expires` fit the time.
    Time,
    /// The key signs by the algorithm.
    Algorithm,
    /// The request has all components that the signature covers.
    Base,
    /// The signature is by the key over the base.
    Signature,
    /// The digest is that of the body.
    Digest,
}

impl Step {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Step::Fields => "fields",
            Step::Key => "key",
            Step::Covered => "covered",
            Step::Time => "time",
            Step::Algorithm => "algorithm",
            Step::Base => "base",
            Step::Signature => "signature",
            Step::Digest => "digest",
        }
    }
}

/// What a step found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The step.
    pub step: Step,
    /// Whether the request passed it.
    pub passed: bool,
    /// What was found.
    pub detail: String,
}

/// How a request was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The steps that could be taken.
    pub taken: Vec<Taken>,
    /// The bytes that the verifier takes for signed.
    pub base: Option<String>,
    /// The first fault of the signature; a wrong digest of the body is none.
    pub fault: Option<Fault>,
    /// Whether the digest is that of the body; `None` when the request states none that can be read.
    pub digest_matches: Option<bool>,
    /// The time that `created` and `expires` were compared with, in seconds since 1970.
    pub now_seconds: i64,
}

impl Explanation {
    fn passed(&mut self, step: Step, detail: String) {
        self.taken.push(Taken { step, passed: true, detail });
    }

    fn failed(&mut self, step: Step, fault: Fault) {
        self.failed_because(step, fault.to_string(), fault);
    }

    fn failed_because(&mut self, step: Step, detail: String, fault: Fault) {
        self.taken.push(Taken { step, passed: false, detail });
        self.fault.get_or_insert(fault);
    }

    fn take(&mut self, step: Step, outcome: Result<String, Fault>) {
        match outcome {
            Ok(detail) => self.passed(step, detail),
            Err(fault) => self.failed(step, fault),
        }
    }
}

/// Judges a request and the SHA-256 of its body. The verdict is that of [`crate::verify`].
#[must_use]
pub fn explain(
    request: &Request,
    fingerprint: &str,
    key: Option<&PublicKey>,
    now_seconds: i64,
    body: &[u8; 32],
) -> Explanation {
    let mut explanation = Explanation { now_seconds, ..Explanation::default() };
    if let Some(signature) = look_for(request, fingerprint, &mut explanation) {
        judge(request, &signature, key, now_seconds, &mut explanation);
    }
    compare(request, body, &mut explanation);
    explanation
}

fn look_for(request: &Request, fingerprint: &str, explanation: &mut Explanation) -> Option<Signature> {
    let (Some(inputs), Some(signatures)) = (&request.signature_input, &request.signature) else {
        explanation.failed(Step::Fields, Fault::Missing);
        return None;
    };
    let Ok(all) = signatures_of(inputs, signatures) else {
        explanation.failed(Step::Fields, Fault::Malformed("Signature, Signature-Input"));
        return None;
    };
    let labels: Vec<&str> = all.iter().map(|signature| signature.label.as_str()).collect();
    explanation.passed(Step::Fields, labels.join(", "));
    match own_signature(request, fingerprint) {
        Ok(own) => {
            explanation.passed(Step::Key, format!("{}: keyid={fingerprint}", own.label));
            Some(own)
        }
        Err(fault) => {
            let detail = format!("{fault}; keyid={fingerprint} expected");
            explanation.failed_because(Step::Key, detail, fault);
            None
        }
    }
}

fn judge(
    request: &Request,
    signature: &Signature,
    key: Option<&PublicKey>,
    now_seconds: i64,
    explanation: &mut Explanation,
) {
    let input = &signature.input;
    let uncovered: Vec<&'static str> = COVERED.into_iter().filter(|name| !input.covers(name)).collect();
    match uncovered.first() {
        None => explanation.passed(Step::Covered, COVERED.join(" ")),
        Some(first) => {
            explanation.failed_because(Step::Covered, format!("-{}", uncovered.join(" -")), Fault::NotCovered(first));
        }
    }
    let time = check_parameters(input, now_seconds);
    explanation.take(Step::Time, time.map(|created| format!("created={created}, now={now_seconds}")));
    let algorithm = key.ok_or(Fault::Parameter("keyid")).and_then(|key| algorithm_of(input, key));
    explanation.take(Step::Algorithm, algorithm.clone().map(|algorithm| algorithm.name().to_owned()));
    match input.base(request) {
        Ok(base) => {
            explanation.passed(Step::Base, format!("{} bytes", base.len()));
            if let (Some(key), Ok(algorithm)) = (key, algorithm) {
                verify_over(&base, signature, key, algorithm, explanation);
            }
            explanation.base = Some(base);
        }
        Err(Absent(name)) => explanation.failed(Step::Base, Fault::Absent(name)),
    }
}

fn verify_over(
    base: &str,
    signature: &Signature,
    key: &PublicKey,
    algorithm: Algorithm,
    explanation: &mut Explanation,
) {
    const DER_SEQUENCE: u8 = 0x30;
    let length = signature.bytes.len();
    if key.verifies(algorithm, base.as_bytes(), &signature.bytes) {
        return explanation.passed(Step::Signature, format!("{length} bytes"));
    }
    let detail = match algorithm.signature_bytes() {
        Some(wanted) if length != wanted && signature.bytes.first() == Some(&DER_SEQUENCE) => {
            format!("{length} bytes, and {wanted} expected: r and s one after the other, no DER")
        }
        Some(wanted) if length != wanted => format!("{length} bytes, and {wanted} expected"),
        _ => format!("{length} bytes, not by the key over the base"),
    };
    explanation.failed_because(Step::Signature, detail, Fault::Wrong);
}

fn compare(request: &Request, body: &[u8; 32], explanation: &mut Explanation) {
    let computed = digest::field(body);
    let Some(given) = request.content_digest.as_deref().map(str::trim) else {
        return explanation.failed_because(Step::Digest, format!("-; {computed} expected"), Fault::NoDigest);
    };
    match digest::sha256_of(given) {
        Err(_) => explanation.failed(Step::Digest, Fault::Malformed("Content-Digest")),
        Ok(None) => explanation.failed_because(Step::Digest, format!("{given}; {computed} expected"), Fault::NoDigest),
        Ok(Some(stated)) => {
            let matches = stated == *body;
            explanation.digest_matches = Some(matches);
            let detail = if matches { computed } else { format!("{given}; {computed} expected") };
            explanation.taken.push(Taken { step: Step::Digest, passed: matches, detail });
        }
    }
}
