//! After an upgrade: adopts the directory as it is then into the audit chain, whose earlier lines state no digests.
//!
//! From then on the check compares every row of it with the last line about it. Earlier changes that bypassed the audit
//! chain are adopted with the rest.

use store::{AuditLine, DirectoryRow, HouseAccount, HousePurpose, Reading, StoreError, TreasuryAccount};

use super::chore::{Chore, Doing, Round};
use crate::bounds::ROWS_ADOPTED_AT_A_TIME;
use crate::{Exchange, Failure};

const ACTION: &str = "directory.adopted";
const ACTOR: &str = "upgrade";

/// Done once in the life of a process.
#[derive(Default)]
pub(super) struct AdoptDirectory {
    is_done: bool,
}

impl Chore for AdoptDirectory {
    fn name(&self) -> &'static str {
        "adopt directory"
    }

    fn is_wanted(&self, _: &Round) -> bool {
        !self.is_done
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            exchange.adopt_directory().await?;
            self.is_done = true;
            Ok(false)
        })
    }
}

impl Exchange {
    /// Writes the lines, once for a database that has none.
    async fn adopt_directory(&self) -> Result<(), Failure> {
        let is_complete = self.inner.store.read(|reading| reading.audit_is_complete().map_err(Failure::from));
        if is_complete.await? {
            return Ok(());
        }
        let line = self.audit_line(ACTOR, ACTION, "");
        self.inner
            .store
            .write(move |writing| {
                // Before the house is prepared there is nothing to adopt.
                let day = match writing.business_day() {
                    Err(StoreError::Missing(_)) => return Ok(()),
                    day => day?,
                };
                if writing.audit_is_complete()? {
                    return Ok(());
                }
                let rows = rows(writing)?;
                for (place, some) in rows.chunks(ROWS_ADOPTED_AT_A_TIME).enumerate() {
                    let day = if place == 0 { format!("business day {day} ") } else { String::new() };
                    let detail = format!("{day}{}", some.join(" "));
                    writing.append_audit(&AuditLine { detail, ..line.clone() })?;
                }
                Ok(writing.mark_audit_complete()?)
            })
            .await
    }
}

/// All that is in the directory, each row as a line states it.
fn rows<R: Reading + ?Sized>(reading: &mut R) -> Result<Vec<String>, StoreError> {
    let mut rows = Vec::new();
    for purpose in [HousePurpose::Settlement, HousePurpose::Opening] {
        let account = reading.house_account(purpose)?;
        rows.push(HouseAccount { purpose, account }.stated());
        rows.extend(reading.accounts(&[account])?.iter().map(TreasuryAccount::stated));
    }
    for client in reading.clients()? {
        rows.push(client.stated());
        rows.extend(reading.accounts_of(client.id)?.iter().map(TreasuryAccount::stated));
        for user in reading.online_users(client.id)? {
            rows.push(user.stated());
            rows.extend(reading.certificates(user.id)?.iter().map(DirectoryRow::stated));
        }
    }
    Ok(rows)
}
