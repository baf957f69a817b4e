//! The version of all rights, which the database's triggers count.

use super::executor::{Executor, plain_statements, values};
use crate::{ReadRights, Rights, RightsVersion, StoreError, WriteRights};

plain_statements! {
    const RIGHTS = ("SELECT r.version, s.business_day FROM rights_count r CROSS JOIN state s");
}

impl<S: Executor> ReadRights for S {
    fn rights(&mut self) -> Result<Rights, StoreError> {
        let read = self.optional(&RIGHTS, values![], |row| {
            Ok(Rights { version: RightsVersion(row.integer()?), business_day: row.date_if_any()? })
        });
        read?.ok_or(StoreError::Missing("rights"))
    }
}

impl<S: Executor> WriteRights for S {
    fn has_changed_rights(&self) -> bool {
        self.rights_are_changed()
    }
}
