//! The elements of `Ntry` and `TxDtls`, in the order of the schemas.

use super::{BankTransactionCode, Batch, Entry, References, ReturnInformation, TransactionDetails};
use crate::common::{CreditDebit, Party};
use crate::write::values::{ENTRY_STATUSES_OLDER, uetr};
use crate::write::{Elements, Limits, Tag, WriteError, tag};

type Written = Result<(), WriteError>;

/// `Ntry` up to its transactions; `NtryDtls` is left open when there is a batch.
pub(super) fn write_entry(w: &mut Elements<'_>, entry: &Entry<'_>) -> Written {
    w.markup("\n<Ntry>");
    w.identifier_if(tag!("NtryRef"), entry.reference)?;
    w.amount(tag!("Amt", "Ntry/Amt"), entry.amount)?;
    w.credit_debit(entry.credit_debit);
    w.boolean_if(tag!("RvslInd"), entry.reversal.then_some(true));
    if w.dialect.newer {
        w.code_within_if(tag!("Sts"), Some(entry.status))?;
    } else {
        w.listed(tag!("Sts"), entry.status, &ENTRY_STATUSES_OLDER)?;
    }
    w.date_within_if(tag!("BookgDt"), entry.booking_date)?;
    w.date_within_if(tag!("ValDt"), entry.value_date)?;
    w.identifier_if(tag!("AcctSvcrRef"), entry.account_servicer_reference)?;
    transaction_code(w, &entry.transaction_code)?;
    let Some(batch) = entry.batch.as_ref() else { return Ok(()) };
    write_batch(w, batch)
}

fn transaction_code(w: &mut Elements<'_>, transaction_code: &BankTransactionCode<'_>) -> Written {
    w.within(tag!("BkTxCd"), |w| {
        if let Some(domain) = &transaction_code.domain {
            w.within(tag!("Domn"), |w| {
                w.code(tag!("Cd", "BkTxCd/Domn/Cd"), domain.domain)?;
                w.within(tag!("Fmly"), |w| {
                    w.code(tag!("Cd", "BkTxCd/Domn/Fmly/Cd"), domain.family)?;
                    w.code(tag!("SubFmlyCd"), domain.sub_family)
                })
            })?;
        }
        let Some(code) = transaction_code.proprietary else { return Ok(()) };
        w.within(tag!("Prtry"), |w| {
            w.identifier(tag!("Cd", "BkTxCd/Prtry/Cd"), code)?;
            w.prose_if(tag!("Issr"), transaction_code.proprietary_issuer, Limits::IDENTIFIER);
            Ok(())
        })
    })
}

fn write_batch(w: &mut Elements<'_>, batch: &Batch<'_>) -> Written {
    w.markup("<NtryDtls>");
    w.within(tag!("Btch"), |w| {
        w.identifier_if(tag!("MsgId", "Btch/MsgId"), batch.message_id)?;
        w.identifier_if(tag!("PmtInfId", "Btch/PmtInfId"), batch.payment_information_id)?;
        w.count_if(tag!("NbOfTxs"), batch.number_of_transactions)?;
        w.amount_if(tag!("TtlAmt"), batch.total_amount)?;
        if let Some(direction) = batch.credit_debit {
            w.credit_debit(direction);
        }
        Ok(())
    })
}

/// `TxDtls`; `direction` is the entry's.
pub(super) fn write_transaction(
    w: &mut Elements<'_>,
    direction: CreditDebit,
    transaction: &TransactionDetails<'_>,
) -> Written {
    w.within(tag!("TxDtls"), |w| {
        references(w, &transaction.references)?;
        amounts(w, direction, transaction)?;
        related_parties(w, transaction)?;
        related_agents(w, transaction)?;
        w.code_within_if(tag!("Purp"), transaction.purpose)?;
        w.remittance(&transaction.remittance)?;
        if let Some(ReturnInformation { reason, additional_information }) = transaction.return_information {
            w.within(tag!("RtrInf"), |w| w.reason(reason, additional_information))?;
        }
        w.prose_if(tag!("AddtlTxInf"), transaction.additional_information, Limits::INFORMATION);
        Ok(())
    })
}

fn references(w: &mut Elements<'_>, references: &References<'_>) -> Written {
    if *references == References::default() {
        return Ok(());
    }
    w.within(tag!("Refs"), |w| {
        w.identifier_if(tag!("MsgId", "Refs/MsgId"), references.message_id)?;
        w.identifier_if(tag!("AcctSvcrRef", "Refs/AcctSvcrRef"), references.account_servicer_reference)?;
        w.identifier_if(tag!("PmtInfId", "Refs/PmtInfId"), references.payment_information_id)?;
        w.identifier_if(tag!("InstrId"), references.instruction_id)?;
        w.identifier_if(tag!("EndToEndId"), references.end_to_end_id)?;
        if let Some(text) = references.uetr.filter(|_| w.dialect.newer) {
            w.text(tag!("UETR"), uetr(text)?);
        }
        w.identifier_if(tag!("TxId"), references.transaction_id)
    })
}

fn amounts(w: &mut Elements<'_>, direction: CreditDebit, transaction: &TransactionDetails<'_>) -> Written {
    let mut share_in_details = transaction.amount;
    if let Some(amount) = transaction.amount.filter(|_| w.dialect.newer) {
        w.amount(tag!("Amt", "TxDtls/Amt"), amount)?;
        w.credit_debit(direction);
        share_in_details = None;
    }
    let instructed = transaction.instructed_amount;
    if share_in_details.is_none() && instructed.is_none() && transaction.proprietary_amounts.is_empty() {
        return Ok(());
    }
    w.within(tag!("AmtDtls"), |w| {
        if let Some(amount) = instructed {
            w.within(tag!("InstdAmt"), |w| w.amount(tag!("Amt", "InstdAmt/Amt"), amount))?;
        }
        if let Some(amount) = share_in_details {
            w.within(tag!("TxAmt"), |w| w.amount(tag!("Amt", "TxAmt/Amt"), amount))?;
        }
        for share in transaction.proprietary_amounts {
            w.within(tag!("PrtryAmt"), |w| {
                w.identifier(tag!("Tp", "PrtryAmt/Tp"), share.kind)?;
                w.amount(tag!("Amt", "PrtryAmt/Amt"), share.amount)
            })?;
        }
        Ok(())
    })
}

fn related_parties(w: &mut Elements<'_>, transaction: &TransactionDetails<'_>) -> Written {
    let TransactionDetails {
        debtor,
        debtor_account,
        ultimate_debtor,
        creditor,
        creditor_account,
        ultimate_creditor,
        ..
    } = transaction;
    let has_party = [debtor, ultimate_debtor, creditor, ultimate_creditor].iter().any(|party| party.is_some());
    if !has_party && debtor_account.is_none() && creditor_account.is_none() {
        return Ok(());
    }
    w.within(tag!("RltdPties"), |w| {
        related_party(w, tag!("Dbtr"), debtor.as_ref())?;
        w.account_if(tag!("DbtrAcct"), debtor_account.as_ref())?;
        related_party(w, tag!("UltmtDbtr"), ultimate_debtor.as_ref())?;
        related_party(w, tag!("Cdtr"), creditor.as_ref())?;
        w.account_if(tag!("CdtrAcct"), creditor_account.as_ref())?;
        related_party(w, tag!("UltmtCdtr"), ultimate_creditor.as_ref())
    })
}

fn related_party(w: &mut Elements<'_>, tag: Tag, party: Option<&Party<'_>>) -> Written {
    let Some(party) = party else { return Ok(()) };
    w.within(tag, |w| w.within_if_newer(tag!("Pty"), |w| w.party_parts(party)))
}

fn related_agents(w: &mut Elements<'_>, transaction: &TransactionDetails<'_>) -> Written {
    if transaction.debtor_agent.is_none() && transaction.creditor_agent.is_none() {
        return Ok(());
    }
    w.within(tag!("RltdAgts"), |w| {
        w.agent_if(tag!("DbtrAgt"), transaction.debtor_agent.as_ref())?;
        w.agent_if(tag!("CdtrAgt"), transaction.creditor_agent.as_ref())
    })
}
