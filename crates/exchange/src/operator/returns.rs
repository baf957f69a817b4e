//! Returns that wait because the account takes no part in payments: the operator lists them, opens the account, or pays the
//! money by hand and notes it.

use payments::PaymentId;
use rulebook::catalogue::Code;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Reading, ReturnState};

use crate::bounds::WAITING_RETURNS_SHOWN_MAX;
use crate::settlement::port::PaymentReference;
use crate::{Failure, Operator};

/// A return that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownReturn {
    /// The payment's name at the settlement system.
    pub payment: String,
    /// The payer's account.
    pub iban: String,
    /// Amount with currency.
    pub amount: String,
    /// ISO 20022 code of the reason.
    pub reason: String,
    /// Since when it waits (RFC 3339).
    pub since: String,
}

impl Operator {
    /// Returns that wait, up to a bound.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn waiting_returns(&self) -> Result<Vec<ShownReturn>, Failure> {
        let read = |reading: &mut dyn Reading| Ok::<_, Failure>(reading.waiting_returns(WAITING_RETURNS_SHOWN_MAX)?);
        let waiting = self.exchange().inner.store.read(read).await?.into_iter().map(|waiting| ShownReturn {
            payment: PaymentReference { lot: waiting.lot(), ordinal: waiting.payment.ordinal }.to_string(),
            iban: waiting.iban,
            amount: money::Money::new(waiting.minor, waiting.currency).to_string(),
            reason: waiting.reason,
            since: waiting.arrived_at.to_string(),
        });
        Ok(waiting.collect())
    }

    /// Notes that the operator has paid a return to the client by hand: the exchange will never book it.
    ///
    /// # Errors
    /// When no return of this payment waits.
    pub async fn note_return_paid_by_hand(&self, payment: &str) -> Result<(), Failure> {
        let nothing = || Failure::new(Code::NotFound).with_detail(payment);
        let reference: PaymentReference = payment.parse().map_err(|_| nothing())?;
        let id = PaymentId { message: reference.lot.message, ordinal: reference.ordinal };
        let (line, payment) = (self.line("return.paid-by-hand", ""), payment.to_owned());
        self.write(move |writing| {
            let is_of_lot = |known: &store::StoredPayment<'_>| known.lot == Some(reference.lot.number);
            let mut minor = None;
            writing.payments_of(&[id], &mut |_, known| {
                minor = Some(known.minor).filter(|_| is_of_lot(&known));
                Ok(())
            })?;
            let (Some(minor), Some(lot)) = (minor, writing.lot(reference.lot)?) else {
                return Err(Failure::new(Code::NotFound).with_detail(&payment));
            };
            if !writing.end_waiting_return(id, ReturnState::PaidByHand)? {
                return Err(Failure::new(Code::NotFound).with_detail(&payment));
            }
            let detail = format!("{id} account {} minor units {minor}", lot.debtor.0);
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }
}
