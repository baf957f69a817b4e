//! Bounds of applications.

/// Years for which a registration of an online user holds at most, from the day of its application.
pub const REGISTRATION_YEARS_MAX: i16 = 3;
/// Days before its end from which a registration can be renewed.
pub const RENEWAL_DAYS_AHEAD_MAX: i32 = 90;
/// Days after which an approval that has not taken effect lapses.
pub const APPROVAL_DAYS_MAX: i32 = 14;
/// Days after its submission after which nobody can approve an application any more.
pub const SUBMITTED_DAYS_MAX: i32 = 90;
/// Days ahead of which limits for one day can be applied for.
pub const ONE_DAY_LIMITS_DAYS_AHEAD_MAX: i32 = APPROVAL_DAYS_MAX;
/// Years for which a specimen-signature card or a person's registration holds at most.
pub const PERSON_YEARS_MAX: i16 = 10;
/// Files of an application.
pub const ATTACHMENTS_MAX: usize = 8;
/// Bytes of a file of an application.
pub const ATTACHMENT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Characters of a name, of a person, a client or a file.
pub const NAME_CHARACTERS_MAX: usize = 140;
/// Characters of a registration number.
pub const REGISTRATION_NUMBER_CHARACTERS_MAX: usize = 35;
/// Characters of an e-mail address (RFC 5321, 4.5.3.1.3).
pub const EMAIL_CHARACTERS_MAX: usize = 254;
/// Characters of a telephone number.
pub const TELEPHONE_CHARACTERS_MAX: usize = 32;
/// Characters of a reason, or of how a signature was verified.
pub const REASON_CHARACTERS_MAX: usize = 500;
/// Networks of an online user.
pub const NETWORKS_MAX: usize = 32;
/// The shortest prefix of a network of IPv4 addresses of an online user: as wide as the widest block that a house has for itself.
pub const IPV4_PREFIX_BITS_MIN: u8 = 8;
/// The same of IPv6 addresses.
pub const IPV6_PREFIX_BITS_MIN: u8 = 16;
/// Accounts that an online user is granted.
pub const GRANTS_MAX: usize = 1_000;
/// Signatories of a card.
pub const SIGNATORIES_MAX: usize = 100;
/// The highest level of a signatory.
pub const SIGNATURE_LEVEL_MAX: i64 = 3;
