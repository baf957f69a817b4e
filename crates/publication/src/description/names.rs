//! n
use rulebook::catalogue::Text;
pub(super) struct Name { pub(super) iso: &'static str, pub(super) text: Text }
pub(super) fn of(_: &str) -> Option<&'static Name> { None }
