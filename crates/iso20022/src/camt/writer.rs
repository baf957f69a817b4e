//! Writes a camt.052, camt.053 or camt.054, part by part: what one calls in which order.
//!
//! The elements of an entry and of its transactions are in `entry`.

use std::io::Write;

use super::names::{Names, names};
use super::{Balance, Entry, EntryTotal, GroupHeader, Report, TransactionDetails, TransactionsSummary, entry};
use crate::common::{CodeOrProprietary, CreditDebit};
use crate::dialect::Dialect;
use crate::write::values::{self, code, date, date_time, identifier, listed, prose};
use crate::write::xml::push;
use crate::write::{self, Limits, WriteError, Xml, amount_element, leaf};
use crate::{DateTime, MessageType};

/// `BalanceType12Code`, which .02 lists in the schema.
const BALANCE_TYPES_V02: [&str; 10] = ["XPCD", "OPAV", "ITAV", "CLAV", "FWAV", "CLBD", "ITBD", "OPBD", "PRCD", "INFO"];
/// `Max5NumericText`.
const PAGE_NUMBER_MAX: u32 = 99_999;

/// What was written last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    GroupHeader,
    Report,
    Entry,
    Transaction,
    EntryInformation,
}

impl Last {
    fn name(self) -> &'static str {
        match self {
            Last::Nothing => "the beginning",
            Last::GroupHeader => "GrpHdr",
            Last::Report => "the head of a report",
            Last::Entry => "Ntry",
            Last::Transaction => "TxDtls",
            Last::EntryInformation => "AddtlNtryInf",
        }
    }
}

/// A report being written: header, then reports with their entries, each entry with its transactions.
///
/// Every value is checked against the schema: what it would refuse is an error where mending would change the meaning
/// (identifiers, amounts, codes), and is cut or left out where it would not (names, free text). A failed call leaves the
/// output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
    dialect: Dialect,
    names: Names,
    last: Last,
    /// Whether `NtryDtls` of the last entry is open.
    details_open: bool,
    /// Direction of the last entry: its transactions have the same (.08).
    direction: CreditDebit,
}

impl<W: Write> Writer<W> {
    /// Begins a report of this type.
    ///
    /// # Panics
    /// When the type is no camt.052, camt.053 or camt.054: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        let Some(names) = names(message_type) else {
            panic!("{message_type} is no account report");
        };
        let mut xml = Xml::begin(message_type, output);
        tag(&mut xml.buffer, "<", names.message);
        Writer {
            xml,
            dialect: Dialect::of(message_type),
            names,
            last: Last::Nothing,
            details_open: false,
            direction: CreditDebit::Credit,
        }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.expect("GrpHdr", &[Last::Nothing])?;
        let dialect = self.dialect;
        self.xml.part(|out| {
            push(out, "\n<GrpHdr>");
            leaf!(out, "MsgId", identifier("MsgId", header.message_id)?);
            created(out, header.creation_date_time.ok_or(WriteError::Missing { element: "CreDtTm" })?)?;
            if let Some(party) = &header.recipient {
                push(out, "<MsgRcpt>");
                write::party(out, dialect, party)?;
                push(out, "</MsgRcpt>");
            }
            if let Some(pagination) = header.pagination {
                if pagination.page_number > PAGE_NUMBER_MAX {
                    return Err(WriteError::value("PgNb", &pagination.page_number.to_string()));
                }
                push(out, "<MsgPgntn><PgNb>");
                values::count(out, "PgNb", u64::from(pagination.page_number))?;
                push(out, "</PgNb><LastPgInd>");
                values::boolean(out, pagination.last_page);
                push(out, "</LastPgInd></MsgPgntn>");
            }
            if let Some(id) = header.original_query_message_id.filter(|_| dialect.newer) {
                push(out, "<OrgnlBizQry>");
                leaf!(out, "MsgId", identifier("OrgnlBizQry/MsgId", id)?);
                push(out, "</OrgnlBizQry>");
            }
            if let Some(text) = prose(header.additional_information, Limits::INFORMATION) {
                leaf!(out, "AddtlInf", text);
            }
            push(out, "</GrpHdr>");
            Ok(())
        })?;
        self.last = Last::GroupHeader;
        Ok(())
    }

    /// Begins a report, statement or notification and ends the one before.
    ///
    /// # Errors
    /// When there is no header yet, or a value breaks the schema; a camt.053 must have balances, a camt.054 cannot.
    pub fn report(&mut self, report: &Report<'_>) -> Result<(), WriteError> {
        self.expect_header("a report")?;
        let (dialect, names, last, details_open) = (self.dialect, self.names, self.last, self.details_open);
        match names.balances_min {
            None if !report.balances.is_empty() => {
                return Err(WriteError::value("Bal", "a notification has no balances"));
            }
            Some(min) if report.balances.len() < min => return Err(WriteError::Missing { element: "Bal" }),
            _ => {}
        }
        self.xml.part(|out| {
            close_entry(out, last, details_open);
            if last != Last::GroupHeader {
                tag(out, "\n</", names.report);
            }
            tag(out, "\n<", names.report);
            leaf!(out, "Id", identifier("Id", report.id)?);
            if let Some(number) = report.electronic_sequence_number {
                push(out, "<ElctrncSeqNb>");
                values::sequence(out, "ElctrncSeqNb", number)?;
                push(out, "</ElctrncSeqNb>");
            }
            if let Some(number) = report.legal_sequence_number {
                push(out, "<LglSeqNb>");
                values::sequence(out, "LglSeqNb", number)?;
                push(out, "</LglSeqNb>");
            }
            match report.creation_date_time {
                Some(time) => created(out, time)?,
                None if dialect.newer => {}
                None => return Err(WriteError::Missing { element: "CreDtTm" }),
            }
            if let Some(period) = report.period {
                push(out, "<FrToDt><FrDtTm>");
                date_time(out, "FrDtTm", period.from)?;
                push(out, "</FrDtTm><ToDtTm>");
                date_time(out, "ToDtTm", period.to)?;
                push(out, "</ToDtTm></FrToDt>");
            }
            if let Some(indicator) = report.copy_duplicate {
                leaf!(out, "CpyDplctInd", listed("CpyDplctInd", indicator, &["CODU", "COPY", "DUPL"])?);
            }
            push(out, "<Acct>");
            write::account(out, &report.account.account)?;
            if let Some(name) = prose(report.account.name, Limits::ADDRESS_PART) {
                leaf!(out, "Nm", name);
            }
            if let Some(owner) = &report.account.owner {
                push(out, "<Ownr>");
                write::party(out, dialect, owner)?;
                push(out, "</Ownr>");
            }
            if let Some(servicer) = &report.account.servicer {
                push(out, "<Svcr>");
                write::agent(out, dialect, servicer)?;
                push(out, "</Svcr>");
            }
            push(out, "</Acct>");
            for balance in report.balances {
                write_balance(out, dialect, balance)?;
            }
            if let Some(summary) = &report.transactions_summary {
                write_summary(out, dialect, summary)?;
            }
            Ok(())
        })?;
        self.last = Last::Report;
        self.details_open = false;
        Ok(())
    }

    /// Begins an entry of the report begun last and ends the one before.
    ///
    /// # Errors
    /// When there is no report yet, or a value breaks the schema.
    pub fn entry(&mut self, entry: &Entry<'_>) -> Result<(), WriteError> {
        self.expect_report("Ntry")?;
        let (dialect, last, details_open) = (self.dialect, self.last, self.details_open);
        self.xml.part(|out| {
            close_entry(out, last, details_open);
            entry::write_entry(out, dialect, entry)
        })?;
        self.last = Last::Entry;
        self.details_open = entry.batch.is_some();
        self.direction = entry.credit_debit;
        Ok(())
    }

    /// Writes a `TxDtls` of the entry begun last.
    ///
    /// # Errors
    /// When there is no entry, or a value breaks the schema.
    pub fn transaction(&mut self, transaction: &TransactionDetails<'_>) -> Result<(), WriteError> {
        self.expect("TxDtls", &[Last::Entry, Last::Transaction])?;
        let (dialect, direction, details_open) = (self.dialect, self.direction, self.details_open);
        self.xml.part(|out| {
            if !details_open {
                push(out, "<NtryDtls>");
            }
            entry::write_transaction(out, dialect, direction, transaction)
        })?;
        self.last = Last::Transaction;
        self.details_open = true;
        Ok(())
    }

    /// Writes `AddtlNtryInf`, the last thing of an entry: a text for people, cut at 500 characters.
    ///
    /// # Errors
    /// When there is no entry.
    pub fn additional_entry_information(&mut self, text: &str) -> Result<(), WriteError> {
        self.expect("AddtlNtryInf", &[Last::Entry, Last::Transaction])?;
        let details_open = self.details_open;
        self.xml.part(|out| {
            if let Some(text) = prose(Some(text), Limits::INFORMATION) {
                if details_open {
                    push(out, "</NtryDtls>");
                }
                leaf!(out, "AddtlNtryInf", text);
            } else if details_open {
                push(out, "</NtryDtls>");
            }
            Ok(())
        })?;
        self.last = Last::EntryInformation;
        self.details_open = false;
        Ok(())
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no report yet, or the output fails.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.expect_report("the end")?;
        let out = &mut self.xml.buffer;
        close_entry(out, self.last, self.details_open);
        tag(out, "\n</", self.names.report);
        tag(out, "</", self.names.message);
        self.xml.finish()
    }

    fn expect_header(&self, part: &'static str) -> Result<(), WriteError> {
        if self.last == Last::Nothing { self.expect(part, &[Last::GroupHeader]) } else { Ok(()) }
    }

    fn expect_report(&self, part: &'static str) -> Result<(), WriteError> {
        if matches!(self.last, Last::Nothing | Last::GroupHeader) {
            return self.expect(part, &[Last::Report]);
        }
        Ok(())
    }

    fn expect(&self, part: &'static str, after: &[Last]) -> Result<(), WriteError> {
        if after.contains(&self.last) {
            return Ok(());
        }
        Err(WriteError::OutOfOrder { part, after: self.last.name() })
    }
}

fn tag(out: &mut Vec<u8>, open: &str, name: &str) {
    push(out, open);
    push(out, name);
    push(out, ">");
}

fn close_entry(out: &mut Vec<u8>, last: Last, details_open: bool) {
    if details_open {
        push(out, "</NtryDtls>");
    }
    if matches!(last, Last::Entry | Last::Transaction | Last::EntryInformation) {
        push(out, "</Ntry>");
    }
}

fn created(out: &mut Vec<u8>, time: DateTime) -> Result<(), WriteError> {
    push(out, "<CreDtTm>");
    date_time(out, "CreDtTm", time)?;
    push(out, "</CreDtTm>");
    Ok(())
}

fn write_balance(out: &mut Vec<u8>, dialect: Dialect, balance: &Balance<'_>) -> Result<(), WriteError> {
    push(out, "\n<Bal><Tp><CdOrPrtry>");
    match balance.balance_type {
        CodeOrProprietary::Code(text) if dialect.newer => leaf!(out, "Cd", code("Bal/Tp/Cd", text)?),
        CodeOrProprietary::Code(text) => leaf!(out, "Cd", listed("Bal/Tp/Cd", text, &BALANCE_TYPES_V02)?),
        CodeOrProprietary::Proprietary(text) => leaf!(out, "Prtry", identifier("Bal/Tp/Prtry", text)?),
    }
    push(out, "</CdOrPrtry>");
    if let Some(sub_type) = balance.sub_type {
        push(out, "<SubTp>");
        leaf!(out, "Cd", code("Bal/Tp/SubTp/Cd", sub_type)?);
        push(out, "</SubTp>");
    }
    push(out, "</Tp>");
    amount_element(out, "Bal/Amt", "<Amt Ccy=\"", balance.amount, "</Amt>")?;
    leaf!(out, "CdtDbtInd", balance.credit_debit.code());
    push(out, "<Dt><Dt>");
    date(out, "Bal/Dt", balance.date)?;
    push(out, "</Dt></Dt></Bal>");
    Ok(())
}

fn write_summary(out: &mut Vec<u8>, dialect: Dialect, summary: &TransactionsSummary) -> Result<(), WriteError> {
    push(out, "\n<TxsSummry>");
    if summary.entries.is_some() || summary.net.is_some() {
        push(out, "<TtlNtries>");
        if let Some(total) = &summary.entries {
            write_total(out, total)?;
        }
        if let Some((net, direction)) = summary.net {
            push(out, if dialect.newer { "<TtlNetNtry><Amt>" } else { "<TtlNetNtryAmt>" });
            if net.is_negative() {
                return Err(WriteError::value("TtlNetNtry", &net.to_string()));
            }
            values::number(out, "TtlNetNtry", net)?;
            push(out, if dialect.newer { "</Amt>" } else { "</TtlNetNtryAmt>" });
            leaf!(out, "CdtDbtInd", direction.code());
            push(out, if dialect.newer { "</TtlNetNtry>" } else { "" });
        }
        push(out, "</TtlNtries>");
    }
    if let Some(total) = &summary.credits {
        push(out, "<TtlCdtNtries>");
        write_total(out, total)?;
        push(out, "</TtlCdtNtries>");
    }
    if let Some(total) = &summary.debits {
        push(out, "<TtlDbtNtries>");
        write_total(out, total)?;
        push(out, "</TtlDbtNtries>");
    }
    push(out, "</TxsSummry>");
    Ok(())
}

fn write_total(out: &mut Vec<u8>, total: &EntryTotal) -> Result<(), WriteError> {
    push(out, "<NbOfNtries>");
    values::count(out, "NbOfNtries", total.number)?;
    push(out, "</NbOfNtries><Sum>");
    values::number(out, "Sum", total.sum)?;
    push(out, "</Sum>");
    Ok(())
}
