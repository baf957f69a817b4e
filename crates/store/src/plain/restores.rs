//! Marks of restores.

use jiff::Timestamp;

use super::executor::{Executor, plain_statements, values};
use crate::codec::micros;
use crate::{Fingerprint, ReadRestores, RestoreMark, StoreError, WriteRestores};

plain_statements! {
    const UNSETTLED = ("SELECT at, as_of FROM restore_mark WHERE settled_at IS NULL ORDER BY id DESC LIMIT 1");
    /// Revocation lists name the certificates of persons too.
    const WITH_SERIAL = ("SELECT fingerprint FROM certificate WHERE serial = $1
        UNION SELECT fingerprint FROM person_certificate WHERE serial = $1 ORDER BY fingerprint");
    const MARK = ("INSERT INTO restore_mark (id, at, as_of) SELECT coalesce(max(id), 0) + 1, $1, $2 FROM restore_mark");
    const SETTLE = ("UPDATE restore_mark SET settled_at = $1 WHERE settled_at IS NULL");
    const WITHDRAW = ("UPDATE enrolment_code SET withdrawn_at = $1 WHERE withdrawn_at IS NULL AND certificate IS NULL");
}

impl<S: Executor> ReadRestores for S {
    fn unsettled_restore(&mut self) -> Result<Option<RestoreMark>, StoreError> {
        self.optional(&UNSETTLED, values![], |row| Ok(RestoreMark { at: row.timestamp()?, as_of: row.timestamp()? }))
    }

    fn certificates_with_serial(&mut self, serial: &str) -> Result<Vec<Fingerprint>, StoreError> {
        self.list(&WITH_SERIAL, values![serial], |row| Ok(Fingerprint(row.digest()?)))
    }
}

impl<S: Executor> WriteRestores for S {
    fn mark_restored(&mut self, at: Timestamp, as_of: Timestamp) -> Result<bool, StoreError> {
        if self.unsettled_restore()?.is_some() {
            return Ok(false);
        }
        self.change(&MARK, values![micros(at), micros(as_of)]).map(|_| true)
    }

    fn settle_restores(&mut self, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(&SETTLE, values![micros(at)])? > 0)
    }

    fn withdraw_enrolment_codes(&mut self, at: Timestamp) -> Result<u64, StoreError> {
        self.change(&WITHDRAW, values![micros(at)])
    }
}
