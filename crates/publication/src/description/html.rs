//! x
pub(super) fn page(d: &super::Description) -> String { super::markdown::page(d) }
