//! Applications about an online user that is registered already.

use jiff::civil::Date;

use super::registration::Registration;
use super::rules::ContentError;
use crate::OnlineUserId;
use crate::canonical::{canonical_fields, canonical_words};
use crate::field::Field;
use crate::terms::words;

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
}

/// A new certificate for an online user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCertificate {
    /// Whose.
    pub user: OnlineUserId,
    /// In which way the online user gets it.
    pub enrolment: Enrolment,
}

words!(Enrolment { Request = "request", KeyStore = "key-store" });
canonical_words!(Enrolment);
canonical_fields!(UserChange { user, to });
canonical_fields!(Renewal { user, valid_until });
canonical_fields!(NewCertificate { user, enrolment });

impl Renewal {
    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        if self.valid_until < today { Err(ContentError::Over(Field::ValidUntil)) } else { Ok(()) }
    }
}
