//! The fields of applications, by name: in reasons, and where before and after are shown.

use std::fmt;

use crate::terms::words;

/// A field of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "their words say it")]
pub enum Field {
    Client,
    OnlineUser,
    Person,
    Name,
    RegistrationNumber,
    AcceptancePolicy,
    Iban,
    OwnerName,
    AccountKind,
    Currency,
    LimitPerPayment,
    LimitPerDay,
    Day,
    Mode,
    ContactName,
    Email,
    Telephone,
    Networks,
    Accounts,
    Roles,
    Signatories,
    Enrolment,
    Suspended,
    AccountState,
    ValidFrom,
    ValidUntil,
    FileName,
    File,
    Reason,
    How,
}

words!(Field {
    Client = "client",
    OnlineUser = "online_user",
    Person = "person",
    Name = "name",
    RegistrationNumber = "registration_number",
    AcceptancePolicy = "acceptance",
    Iban = "iban",
    OwnerName = "owner_name",
    AccountKind = "account_kind",
    Currency = "currency",
    LimitPerPayment = "limit_per_payment",
    LimitPerDay = "limit_per_day",
    Day = "day",
    Mode = "mode",
    ContactName = "contact_name",
    Email = "email",
    Telephone = "telephone",
    Networks = "networks",
    Accounts = "accounts",
    Roles = "roles",
    Signatories = "signatories",
    Enrolment = "enrolment",
    Suspended = "suspended",
    AccountState = "account_state",
    ValidFrom = "valid_from",
    ValidUntil = "valid_until",
    FileName = "file_name",
    File = "file",
    Reason = "reason",
    How = "how",
});

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
