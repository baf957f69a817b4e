//! Adding refusals.

use payments::Refusal;

use super::connection::owned;
use super::session::Session;
use crate::codec::Coded;
use crate::row_mapping::refusal_columns;
use crate::statement::statements;
use crate::{StoreError, WriteRefusals};

statements! {
    const INSERT: Statement = ("INSERT INTO refusal (message, ", refusal_columns!(), ")
        SELECT message, ", refusal_columns!(), "
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
            $8::bigint[], $9::bigint[])
            WITH ORDINALITY AS r (message, ", refusal_columns!(), ", place) ORDER BY place");
}

impl WriteRefusals for Session<'_> {
    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        let connection = self.changing();
        if refusals.is_empty() {
            return Ok(());
        }
        let number = |of: fn(&Refusal) -> i64| refusals.iter().map(of).collect::<Vec<i64>>();
        let lots: Vec<Option<i64>> = refusals.iter().map(|refusal| refusal.lot.map(i64::from)).collect();
        let codes: Vec<String> = refusals.iter().map(|refusal| refusal.code.clone()).collect();
        let details: Vec<String> = refusals.iter().map(|refusal| refusal.detail.clone()).collect();
        let values = owned![
            number(|refusal| refusal.message.0),
            number(|refusal| i64::from(refusal.first)),
            number(|refusal| i64::from(refusal.last)),
            lots,
            number(|refusal| i64::from(refusal.count)),
            codes,
            details,
            number(|refusal| i64::from(refusal.line)),
            number(|refusal| refusal.stage.code()),
        ];
        connection.execute_later(INSERT, values, |_, _| Ok(()))
    }
}
