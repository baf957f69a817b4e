//! How long the certificates and registrations of a new installation hold.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::InstallationError;

/// How long certificates are valid.
pub(crate) const CERTIFICATE_DAYS: u32 = 730;
/// How long registrations of online users and first operators are valid: 3 years (domain: validity of an application).
const REGISTRATION_YEARS: i32 = 3;

/// The last day of what is registered now.
pub(super) fn last_day_of_registration(now: Timestamp) -> Result<Date, InstallationError> {
    let last = exchange::local_time(now).date().checked_add(jiff::Span::new().years(REGISTRATION_YEARS));
    last.map_err(|error| InstallationError::Plan(error.to_string()))
}
