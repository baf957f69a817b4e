//! Credits from outside.

use ledger::CreditId;

use super::executor::{Executor, plain_statements, values};
use crate::codec::{micros, packed_payment};
use crate::{IncomingCredit, StoreError, WriteCredits};

plain_statements! {
    const INSERT = ("INSERT INTO incoming_credit (account, minor, debtor_name, debtor_iban, end_to_end_id,
            remittance, returned, arrived_at, record)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (returned) WHERE returned IS NOT NULL DO NOTHING RETURNING id");
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
}
