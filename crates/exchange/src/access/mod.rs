//! Who is asking: so far, what the audit says of those that were refused.

pub(crate) mod refusals;
