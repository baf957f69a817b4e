//! Credits from outside, and returns that wait.

use std::collections::HashMap;

use ledger::CreditId;
use payments::PaymentId;

use super::executor::{Executor, Value, plain_statements, values};
use crate::codec::{Coded, Columns, micros, packed_payment, unpacked_payment};
use crate::{IncomingCredit, NewWaitingReturn, ReadCredits, ReturnState, StoreError, WaitingReturn, WriteCredits};

/// A return that waits, as [`read_waiting`] reads it.
macro_rules! waiting_columns {
    () => {
        "r.payment, p.lot, a.iban, p.minor, a.currency, r.reason, r.arrived_at"
    };
}

plain_statements! {
    const INSERT = ("INSERT INTO incoming_credit (account, minor, debtor_name, debtor_iban, end_to_end_id,
            remittance, returned, arrived_at, record)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (returned) WHERE returned IS NOT NULL DO NOTHING RETURNING id");
    const BOOKED_BACK = (
        sqlite: ["SELECT returned FROM incoming_credit WHERE returned IS NOT NULL
            AND returned IN (SELECT value FROM json_each($1))"],
        postgres: ["SELECT returned FROM incoming_credit WHERE returned IS NOT NULL AND returned = ANY($1)"],
    );
    const WAITED = (
        sqlite: ["SELECT payment, state FROM waiting_return WHERE payment IN (SELECT value FROM json_each($1))"],
        postgres: ["SELECT payment, state FROM waiting_return WHERE payment = ANY($1)"],
    );
    const WAITING = ("SELECT ", waiting_columns!(), " FROM waiting_return r
        JOIN payment p ON p.id = r.payment JOIN account a ON a.id = r.account
        WHERE r.state = 0 ORDER BY r.account, r.payment LIMIT $1");
    /// Steps from account to account, so the cost grows with the accounts that returns wait for, and not with the returns.
    const BOOKABLE = ("WITH RECURSIVE known (account) AS (
            SELECT min(account) FROM waiting_return WHERE state = 0
            UNION ALL
            SELECT (SELECT min(account) FROM waiting_return WHERE state = 0 AND account > known.account) FROM known
            WHERE known.account IS NOT NULL)
        SELECT ", waiting_columns!(), " FROM known JOIN account a ON a.id = known.account AND a.state = 0
        JOIN waiting_return r ON r.account = a.id AND r.state = 0 JOIN payment p ON p.id = r.payment LIMIT $1");
    const INSERT_WAITING = ("INSERT INTO waiting_return (payment, account, reason, arrived_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (payment) DO NOTHING RETURNING payment");
    const END_WAITING = ("UPDATE waiting_return SET state = $2 WHERE payment = $1 AND state = 0");
}

fn read_waiting(row: &mut Columns<'_>) -> Result<WaitingReturn, StoreError> {
    Ok(WaitingReturn {
        payment: unpacked_payment(row.integer()?)?,
        lot: row.small()?,
        iban: row.text()?,
        minor: row.integer()?,
        currency: row.currency()?,
        reason: row.text()?,
        arrived_at: row.timestamp()?,
    })
}

impl<S: Executor> ReadCredits for S {
    fn returns_of(&mut self, payments: &[PaymentId]) -> Result<HashMap<PaymentId, ReturnState>, StoreError> {
        let ids = payments.iter().map(|payment| packed_payment(*payment)).collect::<Result<Vec<i64>, _>>()?;
        let mut states = HashMap::new();
        let mut note = |payment: i64, state| unpacked_payment(payment).map(|payment| states.insert(payment, state));
        self.read(&WAITED, &[Value::Integers(&ids)], &mut |row| note(row.integer()?, row.code()?).map(drop))?;
        // A node of an earlier version books a return without a look at its row.
        self.read(&BOOKED_BACK, &[Value::Integers(&ids)], &mut |row| {
            note(row.integer()?, ReturnState::BookedBack).map(drop)
        })?;
        Ok(states)
    }

    fn waiting_returns(&mut self, limit: u32) -> Result<Vec<WaitingReturn>, StoreError> {
        self.list(&WAITING, values![limit], read_waiting)
    }

    fn bookable_returns(&mut self, limit: u32) -> Result<Vec<WaitingReturn>, StoreError> {
        self.list(&BOOKABLE, values![limit], read_waiting)
    }
}

impl<S: Executor> WriteCredits for S {
    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<CreditId, StoreError> {
        self.announce();
        let values = values![
            credit.account.0,
            credit.minor,
            &credit.debtor_name,
            &credit.debtor_iban,
            &credit.end_to_end_id,
            &credit.remittance,
            credit.returned.map(packed_payment).transpose()?,
            micros(credit.arrived_at),
            credit.record.as_deref(),
        ];
        let inserted = self.change_one(&INSERT, values)?;
        inserted.map(CreditId).ok_or_else(|| StoreError::Conflict("the return of a payment".to_owned()))
    }

    fn insert_waiting_return(&mut self, waiting: &NewWaitingReturn) -> Result<bool, StoreError> {
        let NewWaitingReturn { payment, account, reason, arrived_at } = waiting;
        let values = values![packed_payment(*payment)?, account.0, reason, micros(*arrived_at)];
        Ok(self.change_one(&INSERT_WAITING, values)?.is_some())
    }

    fn end_waiting_return(&mut self, payment: PaymentId, end: ReturnState) -> Result<bool, StoreError> {
        Ok(self.change(&END_WAITING, values![packed_payment(payment)?, end.code()])? == 1)
    }
}
