//! Bounds of one decision.

/// Payments of one message: the most that one admission decides on. A submission of a million has room to spare.
pub const MESSAGE_PAYMENTS_MAX: usize = 4_000_000;

/// Payments executed or settled by one step, so that a large lot never keeps others waiting for long.
pub const STEP_PAYMENTS_MAX: usize = 100_000;
