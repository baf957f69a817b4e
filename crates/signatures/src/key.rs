//! Keys and algorithms: those that X.509 certificates of online users have.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};

/// An algorithm by its name in RFC 9421.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; r and s, 32 bytes each.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384; r and s, 48 bytes each.
    EcdsaP384Sha384,
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    RsaPssSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaV15Sha256,
}

impl Algorithm {
    /// All, by their names.
    pub const ALL: [Algorithm; 4] =
        [Algorithm::EcdsaP256Sha256, Algorithm::EcdsaP384Sha384, Algorithm::RsaPssSha512, Algorithm::RsaV15Sha256];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Algorithm::EcdsaP384Sha384 => "ecdsa-p384-sha384",
            Algorithm::RsaPssSha512 => "rsa-pss-sha512",
            Algorithm::RsaV15Sha256 => "rsa-v1_5-sha256",
        }
    }

    /// The algorithm of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// How many bytes a signature has; `None` where that depends on the key.
    #[must_use]
    pub const fn signature_bytes(self) -> Option<usize> {
        match self {
            Algorithm::EcdsaP256Sha256 => Some(64),
            Algorithm::EcdsaP384Sha384 => Some(96),
            Algorithm::RsaPssSha512 | Algorithm::RsaV15Sha256 => None,
        }
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Algorithm::EcdsaP256Sha256 => &ECDSA_P256_SHA256_FIXED,
            Algorithm::EcdsaP384Sha384 => &ECDSA_P384_SHA384_FIXED,
            Algorithm::RsaPssSha512 => &RSA_PSS_2048_8192_SHA512,
            Algorithm::RsaV15Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        }
    }
}

/// A public key, as the subject's key of a certificate holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// A point on P-256, uncompressed.
    P256(Vec<u8>),
    /// A point on P-384, uncompressed.
    P384(Vec<u8>),
    /// The DER of an `RSAPublicKey`, from 2048 to 8192 bits.
    Rsa(Vec<u8>),
}

impl PublicKey {
    /// The algorithms that such a key signs by; the first one when nothing is said.
    #[must_use]
    pub fn algorithms(&self) -> &'static [Algorithm] {
        match self {
            PublicKey::P256(_) => &[Algorithm::EcdsaP256Sha256],
            PublicKey::P384(_) => &[Algorithm::EcdsaP384Sha384],
            PublicKey::Rsa(_) => &[Algorithm::RsaPssSha512, Algorithm::RsaV15Sha256],
        }
    }

    /// Whether the signature over the bytes is by this key.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, bytes: &[u8], signature: &[u8]) -> bool {
        let (PublicKey::P256(key) | PublicKey::P384(key) | PublicKey::Rsa(key)) = self;
        self.algorithms().contains(&algorithm)
            && UnparsedPublicKey::new(algorithm.verification(), key).verify(bytes, signature).is_ok()
    }
}
