//! The account's policy: which signatures a payment from it needs, by the sum of the day.

use super::card::Levels;

/// Steps of a policy by amount.
pub const POLICY_STEPS_MAX: usize = 8;

/// From an amount on, these signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyStep {
    /// Sums above this many minor units need them.
    pub above_minor: i64,
    /// The levels.
    pub needs: Levels,
}

/// Which signatures payments from an account need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// By growing amounts; each needs all that the one before needs.
    steps: Vec<PolicyStep>,
}

/// Why steps are no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More than [`POLICY_STEPS_MAX`], or none.
    #[error("a policy by amount has from one step to eight")]
    Steps,
    /// Amounts do not grow, or begin below 0.
    #[error("the amounts of a policy grow from step to step")]
    Amounts,
    /// A larger sum would need a signature less, so it would be worth joining payments.
    #[error("a larger sum needs all signatures that a smaller one needs")]
    Levels,
}

impl Policy {
    /// `DirectWithinLimits`: no signature.
    #[must_use]
    pub const fn direct_within_limits() -> Policy {
        Policy { steps: Vec::new() }
    }

    /// `SignInPortal`: these signatures, whatever the amount.
    #[must_use]
    pub fn sign_in_portal(needs: Levels) -> Policy {
        Policy { steps: vec![PolicyStep { above_minor: 0, needs }] }
    }

    /// By amount.
    ///
    /// # Errors
    /// When a larger sum could need less, or there are too many steps.
    pub fn by_amount(steps: Vec<PolicyStep>) -> Result<Policy, PolicyError> {
        if steps.is_empty() || steps.len() > POLICY_STEPS_MAX {
            return Err(PolicyError::Steps);
        }
        if steps[0].above_minor < 0 || steps.windows(2).any(|pair| pair[0].above_minor >= pair[1].above_minor) {
            return Err(PolicyError::Amounts);
        }
        let is_less = |pair: &[PolicyStep]| !pair[1].needs.has_all(pair[0].needs);
        if steps[0].needs.is_empty() || steps.windows(2).any(is_less) {
            return Err(PolicyError::Levels);
        }
        Ok(Policy { steps })
    }

    /// The levels that a sum of the day needs.
    #[must_use]
    pub fn needs(&self, sum_minor: i64) -> Levels {
        let reached = self.steps.iter().take_while(|step| step.above_minor < sum_minor);
        reached.last().map_or(Levels::NONE, |step| step.needs)
    }

    /// Its steps.
    #[must_use]
    pub fn steps(&self) -> &[PolicyStep] {
        &self.steps
    }
}
