//! The result of a check, and its depth.

use crate::StoreError;
use crate::bounds::PROBLEMS_MAX;

/// What [`Store::check`](crate::Store::check) found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Lines of the audit chain that verified.
    pub audit_lines: i64,
    /// Bodies that were read and compared with their hashes.
    pub bodies_read: u64,
    /// The check did not compare stored data with the audit chain, which is still incomplete: no server of this version
    /// has started since the upgrade.
    pub is_not_cross_checked: bool,
    /// What is wrong, in plain words, with the letter of the invariant where it has one; empty when all is well. At
    /// most [`crate::bounds::PROBLEMS_MAX`].
    pub problems: Vec<String>,
    /// The database has this older version, so its invariants were not checked: that is done once it is migrated.
    pub only_structure_of_version: Option<i64>,
}

/// How closely a check looks at bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// Whether their files are there, in full length.
    Present,
    /// Every byte, against its hash.
    Read,
}

impl CheckReport {
    pub(crate) fn add(&mut self, problem: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// An unreadable part is a finding, and the check continues.
    pub(crate) fn readable<T>(&mut self, what: &str, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Corrupt(text)) => {
                self.add(format!("{what} cannot be read: {text}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
