//! Bounds that are known not to hold, each with the reason. They are printed as broken and fail nothing; one that holds fails
//! the chore until it is struck from here.

/// A bound that does not hold.
pub(super) struct Known {
    /// The scenario's name.
    pub(super) scenario: &'static str,
    /// How the bound's text begins.
    pub(super) bound: &'static str,
    /// Why it does not hold, and the necessary change.
    pub(super) why: &'static str,
}

pub(super) const KNOWN: &[Known] = &[];
