//! The life of a payment order, as pure decisions.
