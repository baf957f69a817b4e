//! Checking a database at rest. PostgreSQL's own structure is the affair of its own tools (`pg_amcheck`, checksums).

use super::audit;
use super::connection::Connection;
use super::options::WHOLE_TABLES;
use crate::chain::verify;
use crate::check::{counts_of_faults, report};
use crate::{CheckReport, StoreError};

/// Within a snapshot.
pub(super) fn check(connection: &Connection) -> Result<CheckReport, StoreError> {
    const BODIES: &str = "SELECT body_file FROM submission s WHERE body_file IS NOT NULL AND size <>
        (SELECT coalesce(sum(length(bytes)), 0) FROM body_chunk c WHERE c.body = s.body_file) ORDER BY body_file";
    const TAIL: &str = "SELECT count(*) FROM tail
        WHERE audit_sequence <> (SELECT coalesce(max(sequence), 0) FROM audit)
           OR audit_hash <> coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), decode(repeat('00', 32), 'hex'))";
    connection.batch(WHOLE_TABLES)?;
    let count = |sql: &str| {
        let mut count = 0;
        connection.all(sql, &mut |row| {
            count = row.integer()?;
            Ok(())
        })?;
        Ok(count)
    };
    let mut faults = counts_of_faults("tail", count)?;
    if count(TAIL)? != 0 {
        faults.push("the audit chain does not end where the next line would be added".to_owned());
    }
    let chain = verify(|from, limit| audit::audit(connection, from, limit))?;
    let mut cut = Vec::new();
    connection.all(BODIES, &mut |row| {
        cut.push(format!("body {} is not whole", row.text()?));
        Ok(())
    })?;
    Ok(report(chain, [faults, cut]))
}
