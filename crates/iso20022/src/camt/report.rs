//! The elements of `GrpHdr` and of a report's head, in the order of the schemas.

use money::Decimal;

use super::{Balance, EntryTotal, GroupHeader, Report, ReportAccount, TransactionsSummary};
use crate::common::CreditDebit;
use crate::write::values::BALANCE_TYPES_OLDER;
use crate::write::{Elements, Limits, WriteError, tag};

type Written = Result<(), WriteError>;

/// `Max5NumericText`.
const PAGE_NUMBER_MAX: u32 = 99_999;
/// `CopyDuplicate1Code`.
const COPY_INDICATORS: [&str; 3] = ["CODU", "COPY", "DUPL"];

/// `GrpHdr`.
pub(super) fn write_header(w: &mut Elements<'_>, header: &GroupHeader<'_>) -> Written {
    w.markup("\n<GrpHdr>");
    w.identifier(tag!("MsgId"), header.message_id)?;
    w.created(header.creation_date_time)?;
    w.party_if(tag!("MsgRcpt"), header.recipient.as_ref())?;
    if let Some(pagination) = header.pagination {
        if pagination.page_number > PAGE_NUMBER_MAX {
            return Err(WriteError::value("PgNb", &pagination.page_number.to_string()));
        }
        w.within(tag!("MsgPgntn"), |w| {
            w.count_if(tag!("PgNb"), Some(u64::from(pagination.page_number)))?;
            w.boolean_if(tag!("LastPgInd"), Some(pagination.last_page));
            Ok(())
        })?;
    }
    if let Some(id) = header.original_query_message_id.filter(|_| w.dialect.newer) {
        w.within(tag!("OrgnlBizQry"), |w| w.identifier(tag!("MsgId", "OrgnlBizQry/MsgId"), id))?;
    }
    w.prose_if(tag!("AddtlInf"), header.additional_information, Limits::INFORMATION);
    w.markup("</GrpHdr>");
    Ok(())
}

/// What stands in `Rpt`, `Stmt` or `Ntfctn` up to the entries.
pub(super) fn write_report(w: &mut Elements<'_>, report: &Report<'_>) -> Written {
    w.identifier(tag!("Id"), report.id)?;
    w.sequence_if(tag!("ElctrncSeqNb"), report.electronic_sequence_number)?;
    w.sequence_if(tag!("LglSeqNb"), report.legal_sequence_number)?;
    if !w.dialect.newer || report.creation_date_time.is_some() {
        w.created(report.creation_date_time)?;
    }
    if let Some(period) = report.period {
        w.within(tag!("FrToDt"), |w| {
            w.date_time(tag!("FrDtTm"), period.from)?;
            w.date_time(tag!("ToDtTm"), period.to)
        })?;
    }
    w.listed_if(tag!("CpyDplctInd"), report.copy_duplicate, &COPY_INDICATORS)?;
    write_account(w, &report.account)?;
    report.balances.iter().try_for_each(|balance| write_balance(w, balance))?;
    let Some(summary) = report.transactions_summary.as_ref() else { return Ok(()) };
    write_summary(w, summary)
}

fn write_account(w: &mut Elements<'_>, account: &ReportAccount<'_>) -> Written {
    w.within(tag!("Acct"), |w| {
        w.account_parts(&account.account)?;
        w.prose_if(tag!("Nm"), account.name, Limits::ADDRESS_PART);
        w.party_if(tag!("Ownr"), account.owner.as_ref())?;
        w.agent_if(tag!("Svcr"), account.servicer.as_ref())
    })
}

fn write_balance(w: &mut Elements<'_>, balance: &Balance<'_>) -> Written {
    w.markup("\n<Bal>");
    w.within(tag!("Tp"), |w| {
        w.choice_within(tag!("CdOrPrtry", "Bal/Tp"), balance.balance_type, &BALANCE_TYPES_OLDER)?;
        w.code_within_if(tag!("SubTp"), balance.sub_type)
    })?;
    w.amount(tag!("Amt", "Bal/Amt"), balance.amount)?;
    w.credit_debit(balance.credit_debit);
    w.date_within_if(tag!("Dt"), Some(balance.date))?;
    w.markup("</Bal>");
    Ok(())
}

fn write_summary(w: &mut Elements<'_>, summary: &TransactionsSummary) -> Written {
    w.markup("\n<TxsSummry>");
    if summary.entries.is_some() || summary.net.is_some() {
        w.within(tag!("TtlNtries"), |w| {
            write_total(w, summary.entries.as_ref())?;
            summary.net.map_or(Ok(()), |(net, direction)| write_net(w, net, direction))
        })?;
    }
    if summary.credits.is_some() {
        w.within(tag!("TtlCdtNtries"), |w| write_total(w, summary.credits.as_ref()))?;
    }
    if summary.debits.is_some() {
        w.within(tag!("TtlDbtNtries"), |w| write_total(w, summary.debits.as_ref()))?;
    }
    w.markup("</TxsSummry>");
    Ok(())
}

fn write_total(w: &mut Elements<'_>, total: Option<&EntryTotal>) -> Written {
    let Some(total) = total else { return Ok(()) };
    w.count_if(tag!("NbOfNtries"), Some(total.number))?;
    w.sum_if(tag!("Sum"), Some(total.sum))
}

fn write_net(w: &mut Elements<'_>, net: Decimal, direction: CreditDebit) -> Written {
    if net.is_negative() {
        return Err(WriteError::value("TtlNetNtry", &net.to_string()));
    }
    let amount = if w.dialect.newer { tag!("Amt") } else { tag!("TtlNetNtryAmt") };
    w.within_if_newer(tag!("TtlNetNtry"), |w| {
        w.sum_if(amount, Some(net))?;
        w.credit_debit(direction);
        Ok(())
    })
}
