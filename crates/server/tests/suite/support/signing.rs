//! Signed requests, right ones and those that somebody changed.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, RSA_PKCS1_SHA256, RSA_PSS_SHA512, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::Issued;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use signatures::{Algorithm, Request, SignatureInput, digest, profile, signatures_of};

use super::{Answer, World};

pub const PAYMENTS: &str = "/v1/payments";
pub const CHECK: &str = "/v1/signature-check";

/// How a request is to be signed.
#[derive(Clone)]
pub struct Signing {
    pub algorithm: Algorithm,
    pub label: String,
    pub components: Vec<String>,
    pub created: Option<i64>,
    pub expires: Option<i64>,
    pub keyid: String,
    pub names_algorithm: bool,
    /// An ECDSA signature as OpenSSL writes it.
    pub is_der: bool,
    /// Further fields, which are sent and can be covered.
    pub fields: Vec<(String, String)>,
}

/// A request about to be sent, with its fields.
#[derive(Clone)]
pub struct Signed {
    pub request: Request,
    pub body: String,
}

/// The fingerprint of a certificate, as signatures name it.
pub fn keyid(issued: &Issued) -> String {
    issued.info.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Signing {
    /// As the profile says, by a P-256 key, at this second plus so many.
    pub fn usual(issued: &Issued, seconds: i64) -> Signing {
        Signing {
            algorithm: Algorithm::EcdsaP256Sha256,
            label: "sig1".to_owned(),
            components: profile::COVERED.map(str::to_owned).into(),
            created: Some(jiff::Timestamp::now().as_second() + seconds),
            expires: None,
            keyid: keyid(issued),
            names_algorithm: false,
            is_der: false,
            fields: Vec::new(),
        }
    }

    fn input(&self) -> String {
        let components: Vec<String> = self.components.iter().map(|name| format!("\"{name}\"")).collect();
        let mut input = format!("({})", components.join(" "));
        if let Some(created) = self.created {
            input += &format!(";created={created}");
        }
        if let Some(expires) = self.expires {
            input += &format!(";expires={expires}");
        }
        input += &format!(";keyid=\"{}\"", self.keyid);
        if self.names_algorithm {
            input += &format!(";alg=\"{}\"", self.algorithm.name());
        }
        input
    }

    fn by(&self, issued: &Issued, base: &[u8]) -> Vec<u8> {
        let pem = issued.private_key_pem.as_deref().unwrap().as_bytes();
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem).unwrap();
        let random = SystemRandom::new();
        let ecdsa = |algorithm: &'static EcdsaSigningAlgorithm| {
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, key.secret_pkcs8_der()).unwrap();
            pair.sign(&random, base).unwrap().as_ref().to_vec()
        };
        let rsa = |pss: bool| {
            let pair = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
            let mut signature = vec![0; pair.public_modulus_len()];
            if pss {
                pair.sign(&RSA_PSS_SHA512, &random, base, &mut signature).unwrap();
            } else {
                pair.sign(&RSA_PKCS1_SHA256, &random, base, &mut signature).unwrap();
            }
            signature
        };
        match self.algorithm {
            Algorithm::EcdsaP256Sha256 if self.is_der => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING),
            Algorithm::EcdsaP256Sha256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::EcdsaP384Sha384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::RsaPssSha512 => rsa(true),
            Algorithm::RsaV15Sha256 => rsa(false),
        }
    }

    /// Signs a request with the key of a certificate. What the request lacks is signed as if it were empty.
    pub fn sign(&self, world: &World, issued: &Issued, path: &str, body: &str) -> Signed {
        let mut request = Request {
            method: "POST".to_owned(),
            authority: format!("localhost:{}", world.addresses.secure.port()),
            path_and_query: path.to_owned(),
            content_digest: Some(digest::field(&digest::sha256(body.as_bytes()))),
            signature_input: None,
            signature: None,
            fields: self.fields.clone(),
        };
        let input = self.input();
        let read: SignatureInput = signatures_of(&format!("s={input}"), "s=:AA==:").unwrap().remove(0).input;
        let base = read.base(&request).unwrap_or_default();
        let signature = STANDARD.encode(self.by(issued, base.as_bytes()));
        request.signature_input = Some(format!("{}={input}", self.label));
        request.signature = Some(format!("{}=:{signature}:", self.label));
        Signed { request, body: body.to_owned() }
    }
}

impl Signed {
    /// Signed as the profile says, at this second plus so many.
    pub fn by(world: &World, issued: &Issued, path: &str, body: &str, seconds: i64) -> Signed {
        Signing::usual(issued, seconds).sign(world, issued, path, body)
    }

    /// With the signatures of another one beside its own.
    pub fn and(mut self, other: &Signed) -> Signed {
        let both =
            |one: &Option<String>, other: &Option<String>| Some(format!("{}, {}", one.as_ref()?, other.as_ref()?));
        self.request.signature_input = both(&self.request.signature_input, &other.request.signature_input);
        self.request.signature = both(&self.request.signature, &other.request.signature);
        self
    }

    pub async fn send(&self, world: &World, issued: &Issued, path: &str) -> Answer {
        self.send_with(world, issued, path, &[]).await
    }

    pub async fn send_with(&self, world: &World, issued: &Issued, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut request = world.client(issued).post(world.url(path)).header("content-type", "application/xml");
        let Request { content_digest, signature_input, signature, fields, .. } = &self.request;
        for (name, value) in
            [("content-digest", content_digest), ("signature-input", signature_input), ("signature", signature)]
        {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let own = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.chain(more.iter().copied()) {
            request = request.header(name, value);
        }
        Answer::of(request.body(self.body.clone()).send().await.unwrap()).await
    }
}
