//! Certificates that the house issues: codes to enrol with, what was issued, why something was revoked, revocation lists.

use jiff::Timestamp;
use jiff::civil::Date;
use onboarding::ApplicationId;

use super::directory::{Certificate, Client, Fingerprint, OnlineUser, OnlineUserId};

/// What an enrolment code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnrolmentKind {
    /// A certificate for the key of a request.
    Request,
    /// A key store with a new key, encrypted with AES-256.
    KeyStore,
    /// The same with triple DES, for programs that read nothing newer.
    KeyStoreTripleDes,
}

/// A code that a contact person enrols with, as the store knows it: it cannot give the code back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// The part by which it is found.
    pub selector: String,
    /// SHA-256 of the whole code.
    pub hash: [u8; 32],
    /// Whose certificate it is for.
    pub user: OnlineUserId,
    /// The registration that it is bound to, by its last day.
    pub registration_valid_until: Date,
    /// What it is good for.
    pub kind: EnrolmentKind,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it can be used.
    pub valid_until: Timestamp,
    /// How many wrong codes with this selector are still borne.
    pub tries_left: u32,
    /// When a later code or an operator took its place.
    pub withdrawn_at: Option<Timestamp>,
    /// The certificate that it was used for.
    pub certificate: Option<Fingerprint>,
}

/// A certificate that the house issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Its serial number, hexadecimal; no other certificate has it.
    pub serial: String,
    /// The identifier of the key that signed it.
    pub authority: Vec<u8>,
    /// The certificate.
    pub der: Vec<u8>,
    /// SHA-256 of the request; `None` when the house made the key.
    pub request: Option<[u8; 32]>,
    /// When it was issued.
    pub issued_at: Timestamp,
}

/// A certificate that another house's authority issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// The identifier of the key that signed it.
    pub authority: Vec<u8>,
    /// Its serial number, hexadecimal; the authority has given it to no other one.
    pub serial: String,
    /// The application that let it in.
    pub application: ApplicationId,
}

/// A certificate that is revoked and would be valid otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// When it was revoked.
    pub revoked_at: Timestamp,
    /// The number of the reason (RFC 5280, 5.3.1), if somebody gave one.
    pub reason: Option<u8>,
}

/// A signed revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    /// The identifier of the key that signed it.
    pub authority: Vec<u8>,
    /// Its number; those of an authority only grow.
    pub number: u64,
    /// When it was made.
    pub this_update: Timestamp,
    /// Until when it is valid.
    pub next_update: Timestamp,
    /// SHA-256 over what it lists, by which it is known whether there is something new.
    pub content: [u8; 32],
    /// The list (DER).
    pub der: Vec<u8>,
}

/// All that is needed to issue a certificate to an online user, in one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The online user.
    pub user: OnlineUser,
    /// Its client.
    pub client: Client,
    /// Its certificates, newest first.
    pub certificates: Vec<Certificate>,
}
