//! What a signed submission covers, and its verification.
//!
//! A signature covers [`COVERED`] at least, has `created` and `keyid`, and may have `expires`, `alg`, `nonce` and `tag`.
//! `keyid` is the SHA-256 fingerprint of the signer's certificate in hexadecimal. A request may have several signatures, of
//! which the one by the certificate in use counts: so a client that renews its certificate can sign with both.
//!
//! Two requests with the same content and the same address have the same base, so an observer who repeats one within the
//! allowed time gets what the first one got: the exchange takes a message once. A signature says nothing about another
//! request.

use std::fmt;

use crate::base::{Absent, Component, Message, Signature, SignatureInput, signatures_of};
use crate::digest;
use crate::key::{Algorithm, PublicKey};

/// The components that every signature covers.
pub const COVERED: [&str; 4] = ["@method", "@authority", "@target-uri", "content-digest"];
/// How far the signer's clock may run ahead of ours, in seconds.
pub const SKEW_SECONDS_MAX: i64 = 60;
/// How old a signature may be, in seconds.
pub const AGE_SECONDS_MAX: i64 = 300;
/// How many signatures a request may have.
pub const SIGNATURES_MAX: usize = 4;

/// Fields that have a place of their own in a [`Request`].
const KEPT_APART: [&str; 3] = ["content-digest", "signature-input", "signature"];

/// A request as it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// Host and port in lower case, without the port that the scheme has anyway.
    pub authority: String,
    /// Path and query, as they were sent.
    pub path_and_query: String,
    /// `Content-Digest`.
    pub content_digest: Option<String>,
    /// `Signature-Input`.
    pub signature_input: Option<String>,
    /// `Signature`.
    pub signature: Option<String>,
    /// Other fields that a signature may cover, in lower case; values of one name are joined by `, `.
    pub fields: Vec<(String, String)>,
}

impl Request {
    /// The request as far as a signature that covers these components can be verified: without the other fields.
    #[must_use]
    pub fn kept(mut self, covered: &[String]) -> Request {
        self.fields.retain(|(name, _)| covered.contains(name) && !KEPT_APART.contains(&name.as_str()));
        self
    }

    /// An authority as it is signed.
    #[must_use]
    pub fn normal_authority(authority: &str) -> String {
        const PORT_OF_HTTPS: &str = ":443";
        let lower = authority.to_ascii_lowercase();
        lower.strip_suffix(PORT_OF_HTTPS).map_or_else(|| lower.clone(), str::to_owned)
    }
}

impl Message for Request {
    fn component(&self, component: &Component) -> Option<String> {
        if !component.parameters.is_empty() {
            return None;
        }
        let (path, query) = match self.path_and_query.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (self.path_and_query.as_str(), "?".to_owned()),
        };
        match component.name.as_str() {
            "@method" => Some(self.method.clone()),
            "@authority" => Some(self.authority.clone()),
            "@scheme" => Some("https".to_owned()),
            "@target-uri" => Some(format!("https://{}{}", self.authority, self.path_and_query)),
            "@request-target" => Some(self.path_and_query.clone()),
            "@path" => Some(path.to_owned()),
            "@query" => Some(query),
            "content-digest" => self.content_digest.as_deref().map(|value| value.trim().to_owned()),
            name => self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.trim().to_owned()),
        }
    }
}

/// Why a signature is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none.
    Missing,
    /// A field of it cannot be read.
    Malformed(&'static str),
    /// There are more than are looked at.
    TooMany,
    /// None names the certificate in use by its fingerprint; these are named.
    OtherKey(Vec<String>),
    /// It does not cover a component that it has to.
    NotCovered(&'static str),
    /// It covers a component that the request lacks, that the profile does not know, or that occurs twice.
    Absent(String),
    /// A parameter is missing.
    NoParameter(&'static str),
    /// A parameter is of another kind, or has a value that cannot be.
    Parameter(&'static str),
    /// `created` lies ahead, in seconds by our clock.
    TooEarly(i64),
    /// It is so many seconds old.
    TooOld(i64),
    /// `expires` has passed.
    Expired(i64),
    /// The key of the certificate does not sign by this algorithm.
    Algorithm(String),
    /// The signature is not by this key over this base.
    Wrong,
    /// The digest that it covers states no SHA-256.
    NoDigest,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing => f.write_str("Signature, Signature-Input"),
            Fault::Malformed(field) => f.write_str(field),
            Fault::TooMany => write!(f, "Signature: > {SIGNATURES_MAX}"),
            Fault::OtherKey(keys) => write!(f, "keyid={}", keys.join(", ")),
            Fault::NotCovered(name) => write!(f, "\"{name}\""),
            Fault::Absent(name) => write!(f, "\"{name}\""),
            Fault::NoParameter(name) | Fault::Parameter(name) => f.write_str(name),
            Fault::TooEarly(seconds) => write!(f, "created +{seconds} s"),
            Fault::TooOld(seconds) => write!(f, "created -{seconds} s"),
            Fault::Expired(seconds) => write!(f, "expires -{seconds} s"),
            Fault::Algorithm(name) => write!(f, "alg={name}"),
            Fault::Wrong => f.write_str("signature"),
            Fault::NoDigest => write!(f, "Content-Digest: {}", digest::ALGORITHM),
        }
    }
}

/// A signature that was verified. What remains is to compare the digest with the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its label.
    pub label: String,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// `created`, in seconds since 1970.
    pub created: i64,
    /// The SHA-256 of the body that it covers.
    pub sha256: [u8; 32],
    /// The names of the components that it covers.
    pub covered: Vec<String>,
}

/// Verifies that a request is signed with the key of a certificate.
///
/// # Errors
/// When it is not, with the first reason.
pub fn verify(request: &Request, fingerprint: &str, key: &PublicKey, now_seconds: i64) -> Result<Verified, Fault> {
    let signature = own_signature(request, fingerprint)?;
    let created = check_parameters(&signature.input, now_seconds)?;
    verify_over(request, &signature, key, created)
}

/// The same without the time: of evidence, whose time is that of its receipt.
///
/// # Errors
/// When it is not by this key over this request.
pub fn verify_kept(request: &Request, fingerprint: &str, key: &PublicKey) -> Result<Verified, Fault> {
    let signature = own_signature(request, fingerprint)?;
    let created = signature.input.integer("created").ok_or(Fault::NoParameter("created"))?;
    verify_over(request, &signature, key, created)
}

fn verify_over(request: &Request, signature: &Signature, key: &PublicKey, created: i64) -> Result<Verified, Fault> {
    let algorithm = algorithm_of(&signature.input, key)?;
    if let Some(name) = COVERED.into_iter().find(|name| !signature.input.covers(name)) {
        return Err(Fault::NotCovered(name));
    }
    let base = signature.input.base(request).map_err(|Absent(name)| Fault::Absent(name))?;
    let digest = request.content_digest.as_deref().unwrap_or_default();
    let sha256 = digest::sha256_of(digest.trim()).map_err(|_| Fault::Malformed("Content-Digest"))?;
    if !key.verifies(algorithm, base.as_bytes(), &signature.bytes) {
        return Err(Fault::Wrong);
    }
    let sha256 = sha256.ok_or(Fault::NoDigest)?;
    let covered = signature.input.components.iter().map(|component| component.name.clone()).collect();
    Ok(Verified { label: signature.label.clone(), algorithm, created, sha256, covered })
}

/// The signature that names the certificate.
///
/// # Errors
/// When there is none.
pub fn own_signature(request: &Request, fingerprint: &str) -> Result<Signature, Fault> {
    let (Some(inputs), Some(signatures)) = (&request.signature_input, &request.signature) else {
        return Err(Fault::Missing);
    };
    let all = signatures_of(inputs, signatures).map_err(|_| Fault::Malformed("Signature, Signature-Input"))?;
    if all.len() > SIGNATURES_MAX {
        return Err(Fault::TooMany);
    }
    let key_of = |signature: &Signature| signature.input.text("keyid").unwrap_or_default().to_ascii_lowercase();
    let named: Vec<String> = all.iter().map(key_of).collect();
    let own = all.into_iter().find(|signature| key_of(signature) == fingerprint);
    own.ok_or(Fault::OtherKey(named))
}

pub(crate) fn check_parameters(input: &SignatureInput, now_seconds: i64) -> Result<i64, Fault> {
    if !input.has("created") {
        return Err(Fault::NoParameter("created"));
    }
    let created = input.integer("created").ok_or(Fault::Parameter("created"))?;
    let age = now_seconds.saturating_sub(created);
    if age < -SKEW_SECONDS_MAX {
        return Err(Fault::TooEarly(-age));
    }
    if age > AGE_SECONDS_MAX {
        return Err(Fault::TooOld(age));
    }
    if input.has("expires") {
        let expires = input.integer("expires").ok_or(Fault::Parameter("expires"))?;
        if expires < created {
            return Err(Fault::Parameter("expires"));
        }
        if expires < now_seconds {
            return Err(Fault::Expired(now_seconds.saturating_sub(expires)));
        }
    }
    Ok(created)
}

pub(crate) fn algorithm_of(input: &SignatureInput, key: &PublicKey) -> Result<Algorithm, Fault> {
    let usual = key.algorithms().first().copied().ok_or(Fault::Parameter("alg"))?;
    if !input.has("alg") {
        return Ok(usual);
    }
    let name = input.text("alg").ok_or(Fault::Parameter("alg"))?;
    let named = Algorithm::of_name(name).filter(|algorithm| key.algorithms().contains(algorithm));
    named.ok_or_else(|| Fault::Algorithm(name.to_owned()))
}
