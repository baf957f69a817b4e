//! Evidence of signed submissions: kept with them, read by operators.

mod keep;
pub(crate) mod kept_certificates;
pub(crate) mod read;
