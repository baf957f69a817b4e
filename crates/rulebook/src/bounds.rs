//! Every bound of this crate.

/// How many characters of a value a finding repeats at most; the rest is cut off with `…`.
pub const EXCERPT_CHARS_MAX: usize = 70;

/// How many characters that are not allowed in a text a finding names; with their numbers they fit [`PLACE_CHARS_MAX`]. Where
/// there are more, an ellipsis says so.
pub const CHARACTERS_SHOWN_MAX: usize = 16;

/// How many characters of a place in a message, or of what was expected there, a text repeats at most.
pub const PLACE_CHARS_MAX: usize = 240;

/// The length of the longest IBAN that ISO 13616 allows.
pub const IBAN_LENGTH_MAX: usize = 34;

/// Maximum number of identifiers for which the duplicate check reserves room because the message states them
/// (`NbOfTxs`); beyond it the room grows with the identifiers it reads.
pub const IDENTIFIERS_RESERVED_MAX: usize = 1_000_000;

/// How many business days a search for the next one may go: no calendar has as many holidays in a row.
pub const HOLIDAYS_IN_A_ROW_MAX: usize = 30;
