//! Writes a camt.052, camt.053 or camt.054, part by part, in the schema's order of calls.
//!
//! The elements of an entry and of its transactions are in `entry`, those of a report's head in `report`.

use std::io::Write;

use super::names::{Names, names};
use super::{Entry, GroupHeader, Report, TransactionDetails, entry, report};
use crate::MessageType;
use crate::common::CreditDebit;
use crate::write::{Elements, Limits, NOTHING, WriteError, Xml, tag};

const HEADER: &str = "GrpHdr";
const REPORT: &str = "the head of a report";
const ENTRY: &str = "Ntry";
const TRANSACTION: &str = "TxDtls";
const ENTRY_INFORMATION: &str = "AddtlNtryInf";
/// The parts of a report.
const IN_REPORT: [&str; 4] = [REPORT, ENTRY, TRANSACTION, ENTRY_INFORMATION];

/// A report being written: header, then reports with their entries, each entry with its transactions.
///
/// Every value is checked against the schema: what it would refuse is an error where mending would change the meaning
/// (identifiers, amounts, codes), and is cut or left out where it would not (names, free text). A failed call leaves the
/// output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
    names: Names,
    /// The elements that the last written entry leaves open.
    open: Open,
    /// Direction of the last entry: its transactions have the same (.08).
    direction: CreditDebit,
}

/// The open elements of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Entry,
    /// `NtryDtls` of an entry.
    Details,
}

impl Open {
    /// The end tags of the open elements.
    fn closing(self) -> &'static str {
        match self {
            Open::Nothing => "",
            Open::Entry => "</Ntry>",
            Open::Details => "</NtryDtls></Ntry>",
        }
    }
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
        let xml = Xml::begin(message_type, names.message, output);
        Writer { xml, names, open: Open::Nothing, direction: CreditDebit::Credit }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.xml.part(HEADER, &[NOTHING], |w| report::write_header(w, header))
    }

    /// Begins a report, statement or notification and ends the one before.
    ///
    /// # Errors
    /// When there is no header yet, or a value breaks the schema; a camt.053 must have balances, a camt.054 cannot.
    pub fn report(&mut self, report: &Report<'_>) -> Result<(), WriteError> {
        let (names, open, ends_another) = (self.names, self.open, self.xml.last() != HEADER);
        self.xml.part(REPORT, &[HEADER, REPORT, ENTRY, TRANSACTION, ENTRY_INFORMATION], |w| {
            names.check_balances(report.balances)?;
            w.markup(open.closing());
            if ends_another {
                named(w, "\n</", names.report);
            }
            named(w, "\n<", names.report);
            report::write_report(w, report)
        })?;
        self.open = Open::Nothing;
        Ok(())
    }

    /// Begins an entry of the report begun last and ends the one before.
    ///
    /// # Errors
    /// When there is no report yet, or a value breaks the schema.
    pub fn entry(&mut self, entry: &Entry<'_>) -> Result<(), WriteError> {
        let open = self.open;
        self.xml.part(ENTRY, &IN_REPORT, |w| {
            w.markup(open.closing());
            entry::write_entry(w, entry)
        })?;
        self.open = if entry.batch.is_some() { Open::Details } else { Open::Entry };
        self.direction = entry.credit_debit;
        Ok(())
    }

    /// Writes a `TxDtls` of the entry begun last.
    ///
    /// # Errors
    /// When there is no entry, or a value breaks the schema.
    pub fn transaction(&mut self, transaction: &TransactionDetails<'_>) -> Result<(), WriteError> {
        let (open, direction) = (self.open, self.direction);
        self.xml.part(TRANSACTION, &[ENTRY, TRANSACTION], |w| {
            if open == Open::Entry {
                w.markup("<NtryDtls>");
            }
            entry::write_transaction(w, direction, transaction)
        })?;
        self.open = Open::Details;
        Ok(())
    }

    /// Writes `AddtlNtryInf`, the last thing of an entry: a text for people, cut at 500 characters.
    ///
    /// # Errors
    /// When there is no entry.
    pub fn additional_entry_information(&mut self, text: &str) -> Result<(), WriteError> {
        let open = self.open;
        self.xml.part(ENTRY_INFORMATION, &[ENTRY, TRANSACTION], |w| {
            if open == Open::Details {
                w.markup("</NtryDtls>");
            }
            w.prose_if(tag!("AddtlNtryInf"), Some(text), Limits::INFORMATION);
            Ok(())
        })?;
        self.open = Open::Entry;
        Ok(())
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no report yet, or the output fails.
    pub fn finish(self) -> Result<W, WriteError> {
        let Names { message, report, .. } = self.names;
        self.xml.finish(&IN_REPORT, &[self.open.closing(), "\n</", report, "></", message, ">"])
    }
}

/// A tag whose name is known only when the program runs.
fn named(w: &mut Elements<'_>, open: &str, name: &str) {
    w.markup(open);
    w.markup(name);
    w.markup(">");
}
