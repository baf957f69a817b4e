//! A payment as its file calls it, for status reports to name.

use crate::check::pieces::PaymentLabel;

/// A payment as the answer names it.
#[derive(Clone, Debug)]
pub(crate) struct PaymentInFile {
    pub(crate) ordinal: u32,
    pub(crate) block: u32,
    /// The number of its lot, if it got into one.
    pub(crate) lot: Option<u32>,
    pub(crate) line: u32,
    pub(crate) named: PaymentLabel,
}
