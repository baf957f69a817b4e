//! What waits in a store, and what ends.

use payments::Stage;

use super::executor::{Executor, plain_statements, values};
use crate::bounds::{LOTS_COUNTED_MAX, LOTS_LOOKED_AT_MAX, NOTICES_COUNTED_MAX, RETURNS_COUNTED_MAX};
use crate::codec::{Coded, date};
use crate::{NoticeState, ReadCheckpoints, ReadGauges, ReadNodes, StageGauge, StoreError, StoreGauges};

plain_statements! {
    const LOTS = ("SELECT count(*) FROM (SELECT 1 AS one FROM lot WHERE stage = $1 LIMIT $2) AS counted");
    /// The lots that are due first are looked at: one that is stuck is among them.
    const OLDEST = ("SELECT min(e.at) FROM (SELECT message, number, stage FROM lot WHERE stage = $1
            ORDER BY execution_date, message, number LIMIT $2) AS due
        JOIN event e ON e.message = due.message AND e.lot = due.number AND e.stage = due.stage");
    const UNANSWERED = ("SELECT count(*), min(received_at) FROM submission WHERE state = 0");
    const SET_ASIDE_SUBMISSIONS = ("SELECT count(*) FROM set_aside");
    const SET_ASIDE_WORK = ("SELECT count(*) FROM work_attempt WHERE set_aside_at IS NOT NULL");
    const RETURNS_WAITING =
        ("SELECT count(*) FROM (SELECT 1 AS one FROM waiting_return WHERE state = 0 LIMIT $1) AS counted");
    const NOTICES =
        ("SELECT count(*), min(made_at) FROM (SELECT made_at FROM notice WHERE state = $1 LIMIT $2) AS counted");
    const BUSINESS_DAY = ("SELECT business_day FROM state");
    const CERTIFICATES = (r#"SELECT max(not_after) FROM certificate WHERE revoked_at IS NULL GROUP BY "user""#);
    const PERSON_CERTIFICATES = ("SELECT max(c.not_after) FROM person_certificate c JOIN person p ON p.id = c.person
        WHERE c.revoked_at IS NULL AND p.ended_at IS NULL GROUP BY c.person");
    const REGISTRATIONS = ("SELECT DISTINCT registration_valid_until FROM online_user");
}

/// Stages that are no end, and whether it says something how long a lot has been there.
const STAGES: [(Stage, bool); 4] =
    [(Stage::Scheduled, false), (Stage::AwaitingFunds, true), (Stage::Held, true), (Stage::Dispatched, true)];

impl<S: Executor + ReadNodes + ReadCheckpoints> ReadGauges for S {
    fn gauges(&mut self) -> Result<StoreGauges, StoreError> {
        let mut gauges = StoreGauges { nodes: self.node_gauge()?, ..StoreGauges::default() };
        for (stage, ages) in STAGES {
            let of_stage = values![stage.code(), LOTS_COUNTED_MAX];
            let count = self.optional(&LOTS, of_stage, |row| row.unsigned())?.unwrap_or_default();
            let first = values![stage.code(), LOTS_LOOKED_AT_MAX];
            let since = match ages && count > 0 {
                true => self.optional(&OLDEST, first, |row| row.timestamp_if_any())?.flatten(),
                false => None,
            };
            gauges.lots.push(StageGauge { stage, count, since });
        }
        let unanswered = |row: &mut crate::codec::Columns<'_>| Ok((row.unsigned()?, row.timestamp_if_any()?));
        (gauges.unanswered, gauges.unanswered_since) =
            self.optional(&UNANSWERED, values![], unanswered)?.unwrap_or_default();
        let mut count = |statement| self.optional(statement, values![], |row| row.unsigned());
        gauges.set_aside_submissions = count(&SET_ASIDE_SUBMISSIONS)?.unwrap_or_default();
        gauges.set_aside_work = count(&SET_ASIDE_WORK)?.unwrap_or_default();
        let counted = values![RETURNS_COUNTED_MAX];
        gauges.returns_waiting = self.optional(&RETURNS_WAITING, counted, |row| row.unsigned())?.unwrap_or_default();
        let mut notices = |state: NoticeState| {
            let counted = values![state.code(), NOTICES_COUNTED_MAX];
            self.optional(&NOTICES, counted, |row| Ok((row.unsigned()?, row.timestamp_if_any()?)))
        };
        (gauges.notices_waiting, gauges.notices_waiting_since) = notices(NoticeState::Waiting)?.unwrap_or_default();
        gauges.notices_refused = notices(NoticeState::Refused)?.unwrap_or_default().0;
        gauges.business_day = self.optional(&BUSINESS_DAY, values![], |row| row.date_if_any())?.flatten();
        gauges.certificates_end = self.list(&CERTIFICATES, values![], |row| row.timestamp())?;
        gauges.person_certificates_end = self.list(&PERSON_CERTIFICATES, values![], |row| row.timestamp())?;
        gauges.registrations_end = self.list(&REGISTRATIONS, values![], |row| date(row.integer()?))?;
        gauges.audit_unconfirmed_since = self.unconfirmed_since()?;
        Ok(gauges)
    }
}
