//! The elements of `Ntry` and `TxDtls`, in the order of the schemas.

use super::{BankTransactionCode, Batch, Entry, References, ReturnInformation, TransactionDetails};
use crate::common::{Account, Agent, CodeOrProprietary, CreditDebit, Party};
use crate::dialect::Dialect;
use crate::write::values::{self, code, date, identifier, listed, prose};
use crate::write::xml::push;
use crate::write::{self, Limits, WriteError, amount_element, leaf};

/// `EntryStatus2Code`, which .02 lists in the schema.
const ENTRY_STATUSES_V02: [&str; 3] = ["BOOK", "PDNG", "INFO"];

/// `Ntry` up to its transactions; `NtryDtls` is left open when there is a batch.
pub(super) fn write_entry(out: &mut Vec<u8>, dialect: Dialect, entry: &Entry<'_>) -> Result<(), WriteError> {
    push(out, "\n<Ntry>");
    if let Some(reference) = entry.reference {
        leaf!(out, "NtryRef", identifier("NtryRef", reference)?);
    }
    amount_element(out, "Ntry/Amt", "<Amt Ccy=\"", entry.amount, "</Amt>")?;
    leaf!(out, "CdtDbtInd", entry.credit_debit.code());
    if entry.reversal {
        push(out, "<RvslInd>true</RvslInd>");
    }
    if dialect.newer {
        push(out, "<Sts>");
        leaf!(out, "Cd", code("Ntry/Sts/Cd", entry.status)?);
        push(out, "</Sts>");
    } else {
        leaf!(out, "Sts", listed("Ntry/Sts", entry.status, &ENTRY_STATUSES_V02)?);
    }
    if let Some(day) = entry.booking_date {
        push(out, "<BookgDt><Dt>");
        date(out, "BookgDt", day)?;
        push(out, "</Dt></BookgDt>");
    }
    if let Some(day) = entry.value_date {
        push(out, "<ValDt><Dt>");
        date(out, "ValDt", day)?;
        push(out, "</Dt></ValDt>");
    }
    if let Some(reference) = entry.account_servicer_reference {
        leaf!(out, "AcctSvcrRef", identifier("AcctSvcrRef", reference)?);
    }
    transaction_code(out, &entry.transaction_code)?;
    if let Some(batch) = &entry.batch {
        write_batch(out, batch)?;
    }
    Ok(())
}

fn transaction_code(out: &mut Vec<u8>, transaction_code: &BankTransactionCode<'_>) -> Result<(), WriteError> {
    push(out, "<BkTxCd>");
    if let Some(domain) = &transaction_code.domain {
        push(out, "<Domn>");
        leaf!(out, "Cd", code("BkTxCd/Domn/Cd", domain.domain)?);
        push(out, "<Fmly>");
        leaf!(out, "Cd", code("BkTxCd/Domn/Fmly/Cd", domain.family)?);
        leaf!(out, "SubFmlyCd", code("BkTxCd/Domn/Fmly/SubFmlyCd", domain.sub_family)?);
        push(out, "</Fmly></Domn>");
    }
    if let Some(text) = transaction_code.proprietary {
        push(out, "<Prtry>");
        leaf!(out, "Cd", identifier("BkTxCd/Prtry/Cd", text)?);
        if let Some(issuer) = prose(transaction_code.proprietary_issuer, Limits::IDENTIFIER) {
            leaf!(out, "Issr", issuer);
        }
        push(out, "</Prtry>");
    }
    push(out, "</BkTxCd>");
    Ok(())
}

fn write_batch(out: &mut Vec<u8>, batch: &Batch<'_>) -> Result<(), WriteError> {
    push(out, "<NtryDtls><Btch>");
    if let Some(id) = batch.message_id {
        leaf!(out, "MsgId", identifier("Btch/MsgId", id)?);
    }
    if let Some(id) = batch.payment_information_id {
        leaf!(out, "PmtInfId", identifier("Btch/PmtInfId", id)?);
    }
    if let Some(number) = batch.number_of_transactions {
        push(out, "<NbOfTxs>");
        values::count(out, "Btch/NbOfTxs", number)?;
        push(out, "</NbOfTxs>");
    }
    if let Some(amount) = batch.total_amount {
        amount_element(out, "Btch/TtlAmt", "<TtlAmt Ccy=\"", amount, "</TtlAmt>")?;
    }
    if let Some(direction) = batch.credit_debit {
        leaf!(out, "CdtDbtInd", direction.code());
    }
    push(out, "</Btch>");
    Ok(())
}

/// `TxDtls`; `direction` is the entry's.
pub(super) fn write_transaction(
    out: &mut Vec<u8>,
    dialect: Dialect,
    direction: CreditDebit,
    transaction: &TransactionDetails<'_>,
) -> Result<(), WriteError> {
    push(out, "<TxDtls>");
    references(out, dialect, &transaction.references)?;
    amounts(out, dialect, direction, transaction)?;
    related_parties(out, dialect, transaction)?;
    if transaction.debtor_agent.is_some() || transaction.creditor_agent.is_some() {
        push(out, "<RltdAgts>");
        related_agent(out, dialect, "<DbtrAgt>", transaction.debtor_agent.as_ref(), "</DbtrAgt>")?;
        related_agent(out, dialect, "<CdtrAgt>", transaction.creditor_agent.as_ref(), "</CdtrAgt>")?;
        push(out, "</RltdAgts>");
    }
    if let Some(purpose) = transaction.purpose {
        push(out, "<Purp>");
        leaf!(out, "Cd", code("Purp/Cd", purpose)?);
        push(out, "</Purp>");
    }
    write::remittance(out, &transaction.remittance)?;
    if let Some(information) = &transaction.return_information {
        return_information(out, information)?;
    }
    if let Some(text) = prose(transaction.additional_information, Limits::INFORMATION) {
        leaf!(out, "AddtlTxInf", text);
    }
    push(out, "</TxDtls>");
    Ok(())
}

fn references(out: &mut Vec<u8>, dialect: Dialect, references: &References<'_>) -> Result<(), WriteError> {
    if *references == References::default() {
        return Ok(());
    }
    push(out, "<Refs>");
    if let Some(id) = references.message_id {
        leaf!(out, "MsgId", identifier("Refs/MsgId", id)?);
    }
    if let Some(id) = references.account_servicer_reference {
        leaf!(out, "AcctSvcrRef", identifier("Refs/AcctSvcrRef", id)?);
    }
    if let Some(id) = references.payment_information_id {
        leaf!(out, "PmtInfId", identifier("Refs/PmtInfId", id)?);
    }
    if let Some(id) = references.instruction_id {
        leaf!(out, "InstrId", identifier("Refs/InstrId", id)?);
    }
    if let Some(id) = references.end_to_end_id {
        leaf!(out, "EndToEndId", identifier("Refs/EndToEndId", id)?);
    }
    if let Some(uetr) = references.uetr.filter(|_| dialect.newer) {
        leaf!(out, "UETR", values::uetr(uetr)?);
    }
    if let Some(id) = references.transaction_id {
        leaf!(out, "TxId", identifier("Refs/TxId", id)?);
    }
    push(out, "</Refs>");
    Ok(())
}

fn amounts(
    out: &mut Vec<u8>,
    dialect: Dialect,
    direction: CreditDebit,
    transaction: &TransactionDetails<'_>,
) -> Result<(), WriteError> {
    let mut share_in_details = transaction.amount;
    if let Some(amount) = transaction.amount.filter(|_| dialect.newer) {
        amount_element(out, "TxDtls/Amt", "<Amt Ccy=\"", amount, "</Amt>")?;
        leaf!(out, "CdtDbtInd", direction.code());
        share_in_details = None;
    }
    let instructed = transaction.instructed_amount;
    if share_in_details.is_none() && instructed.is_none() && transaction.proprietary_amounts.is_empty() {
        return Ok(());
    }
    push(out, "<AmtDtls>");
    if let Some(amount) = instructed {
        amount_element(out, "InstdAmt", "<InstdAmt><Amt Ccy=\"", amount, "</Amt></InstdAmt>")?;
    }
    if let Some(amount) = share_in_details {
        amount_element(out, "TxAmt", "<TxAmt><Amt Ccy=\"", amount, "</Amt></TxAmt>")?;
    }
    for share in transaction.proprietary_amounts {
        push(out, "<PrtryAmt>");
        leaf!(out, "Tp", identifier("PrtryAmt/Tp", share.kind)?);
        amount_element(out, "PrtryAmt/Amt", "<Amt Ccy=\"", share.amount, "</Amt></PrtryAmt>")?;
    }
    push(out, "</AmtDtls>");
    Ok(())
}

fn related_parties(
    out: &mut Vec<u8>,
    dialect: Dialect,
    transaction: &TransactionDetails<'_>,
) -> Result<(), WriteError> {
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
    push(out, "<RltdPties>");
    related_party(out, dialect, "<Dbtr>", debtor.as_ref(), "</Dbtr>")?;
    related_account(out, "<DbtrAcct>", debtor_account.as_ref(), "</DbtrAcct>")?;
    related_party(out, dialect, "<UltmtDbtr>", ultimate_debtor.as_ref(), "</UltmtDbtr>")?;
    related_party(out, dialect, "<Cdtr>", creditor.as_ref(), "</Cdtr>")?;
    related_account(out, "<CdtrAcct>", creditor_account.as_ref(), "</CdtrAcct>")?;
    related_party(out, dialect, "<UltmtCdtr>", ultimate_creditor.as_ref(), "</UltmtCdtr>")?;
    push(out, "</RltdPties>");
    Ok(())
}

fn related_party(
    out: &mut Vec<u8>,
    dialect: Dialect,
    open: &str,
    party: Option<&Party<'_>>,
    close: &str,
) -> Result<(), WriteError> {
    let Some(party) = party else {
        return Ok(());
    };
    push(out, open);
    push(out, if dialect.newer { "<Pty>" } else { "" });
    write::party(out, dialect, party)?;
    push(out, if dialect.newer { "</Pty>" } else { "" });
    push(out, close);
    Ok(())
}

fn related_account(
    out: &mut Vec<u8>,
    open: &str,
    account: Option<&Account<'_>>,
    close: &str,
) -> Result<(), WriteError> {
    let Some(account) = account else {
        return Ok(());
    };
    push(out, open);
    write::account(out, account)?;
    push(out, close);
    Ok(())
}

fn related_agent(
    out: &mut Vec<u8>,
    dialect: Dialect,
    open: &str,
    agent: Option<&Agent<'_>>,
    close: &str,
) -> Result<(), WriteError> {
    let Some(agent) = agent else {
        return Ok(());
    };
    push(out, open);
    write::agent(out, dialect, agent)?;
    push(out, close);
    Ok(())
}

fn return_information(out: &mut Vec<u8>, information: &ReturnInformation<'_>) -> Result<(), WriteError> {
    push(out, "<RtrInf>");
    match information.reason {
        Some(CodeOrProprietary::Code(text)) => {
            push(out, "<Rsn>");
            leaf!(out, "Cd", code("RtrInf/Rsn/Cd", text)?);
            push(out, "</Rsn>");
        }
        Some(CodeOrProprietary::Proprietary(text)) => {
            push(out, "<Rsn>");
            leaf!(out, "Prtry", identifier("RtrInf/Rsn/Prtry", text)?);
            push(out, "</Rsn>");
        }
        None => {}
    }
    for line in information.additional_information {
        if let Some(line) = prose(Some(line), Limits::REASON_LINE) {
            leaf!(out, "AddtlInf", line);
        }
    }
    push(out, "</RtrInf>");
    Ok(())
}
