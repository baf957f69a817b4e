//! What lies in the folder of a store.

/// The database.
pub(super) const DATABASE_FILE: &str = "tdam.sqlite";
/// The bodies that are not in their rows.
pub(super) const BODY_FOLDER: &str = "bodies";
/// Names the database that a folder belongs to.
pub(super) const IDENTITY_FILE: &str = "tdam.id";

/// `tdam` in ASCII: distinguishes our databases from others.
pub(super) const APPLICATION_ID: i64 = 0x7464_616d;
