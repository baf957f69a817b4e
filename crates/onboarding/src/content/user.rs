//! Applications about an online user that is registered already.

use jiff::civil::Date;

use super::registration::Registration;
use super::rules::ContentError;
use crate::OnlineUserId;
use crate::canonical::{Canonical, Reader, Unreadable, canonical_fields};
use crate::field::Field;

/// An online user as it shall be. Its client and its last day stay: another institution's system is another online user,
/// and a longer registration needs a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChange {
    /// Which.
    pub user: OnlineUserId,
    /// What it shall be.
    pub to: Registration,
}

/// A registration for further years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// Whose.
    pub user: OnlineUserId,
    /// Its new last day.
    pub valid_until: Date,
}

/// In which way the Treasury gives an online user a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Enrolment {
    /// The client makes the key and sends a certificate request; the key never leaves it.
    Request,
    /// The exchange makes the key and hands it out once, as PKCS#12.
    KeyStore,
    /// The client has a certificate of another house's authority, by the SHA-256 of its DER.
    Outside([u8; 32]),
}

/// A new certificate for an online user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCertificate {
    /// Whose.
    pub user: OnlineUserId,
    /// In which way the online user gets it.
    pub enrolment: Enrolment,
}

/// What precedes the fingerprint of a certificate of another house's authority.
const OUTSIDE: &str = "outside:";

impl Enrolment {
    /// As interfaces and stored applications have it; never another one.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Enrolment::Request => "request".to_owned(),
            Enrolment::KeyStore => "key-store".to_owned(),
            Enrolment::Outside(fingerprint) => {
                let digits: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{OUTSIDE}{digits}")
            }
        }
    }

    /// The one with this text: of the ways to write a fingerprint only ours counts, 64 digits and small letters.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Enrolment> {
        match text {
            "request" => Some(Enrolment::Request),
            "key-store" => Some(Enrolment::KeyStore),
            _ => fingerprint(text.strip_prefix(OUTSIDE)?).map(Enrolment::Outside),
        }
    }
}

fn fingerprint(digits: &str) -> Option<[u8; 32]> {
    let is_ours = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let mut bytes = [0; 32];
    if !is_ours || !rest.is_empty() || pairs.len() != bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

impl Canonical for Enrolment {
    fn put(&self, to: &mut Vec<u8>) {
        self.text().put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<Enrolment, Unreadable> {
        Enrolment::of_text(&String::take(from)?).ok_or(from.no("way to a certificate"))
    }
}

canonical_fields!(UserChange { user, to });
canonical_fields!(Renewal { user, valid_until });
canonical_fields!(NewCertificate { user, enrolment });

impl Renewal {
    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        if self.valid_until < today { Err(ContentError::Over(Field::ValidUntil)) } else { Ok(()) }
    }
}
