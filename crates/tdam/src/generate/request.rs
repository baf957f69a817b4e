//! Makes a camt.060 that asks for a report of one account.

use std::io::Write;

use iso20022::camt060::{GroupHeader, ReportingPeriod, ReportingRequest, RequestedTransactionType, Writer};
use iso20022::common::{Account, CreditDebit, Party};
use iso20022::{DateTime, MessageType};
use jiff::civil::{Date, Time};
use rulebook::Iban;

use super::GenerateError;
use super::account_report::is_account_report;

/// A request for a report of one account, complete by its schema.
///
/// ```
/// use iso20022::MessageType;
/// use tdam::generate::ReportRequest;
///
/// let request = ReportRequest {
///     account: "LV68TREL1000000001001".parse().unwrap(),
///     report: MessageType::Camt052V08,
///     from: "2026-11-23".parse().unwrap(),
///     to: "2026-11-23".parse().unwrap(),
///     direction: None,
///     message_id: "REQ-1".to_owned(),
///     created: "2026-11-23T09:00:00".parse().unwrap(),
///     sender: "Daugavas novada pašvaldība".to_owned(),
/// };
/// let xml = request.to_xml().unwrap();
/// assert!(String::from_utf8(xml).unwrap().contains("<ReqdMsgNmId>camt.052.001.08</ReqdMsgNmId>"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRequest {
    /// The account.
    pub account: Iban,
    /// Which report, and so in which generation: camt.052, camt.053 or camt.054.
    pub report: MessageType,
    /// First day, inclusive.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// Only credits, or only debits.
    pub direction: Option<CreditDebit>,
    /// `MsgId`.
    pub message_id: String,
    /// `CreDtTm`.
    pub created: DateTime,
    /// The requester; also written as the account's owner.
    pub sender: String,
}

impl ReportRequest {
    /// The camt.060, of the generation of the requested report.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        if self.report.is_newer_generation() { MessageType::Camt060V05 } else { MessageType::Camt060V03 }
    }

    /// Writes the request.
    ///
    /// # Errors
    /// When the report is none of an account, the period ends before it begins, or the output fails.
    pub fn write<W: Write>(&self, output: W) -> Result<(), GenerateError> {
        let name = self.report.name();
        if !is_account_report(self.report) {
            return Err(GenerateError::Settings(format!("{name} is no report of an account")));
        }
        if self.to < self.from {
            return Err(GenerateError::Settings(format!(
                "the period ends ({}) before it begins ({})",
                self.to, self.from
            )));
        }
        let party = Party { name: Some(&self.sender), ..Party::default() };
        let mut writer = Writer::new(self.message_type(), output);
        writer.group_header(&GroupHeader {
            message_id: &self.message_id,
            creation_date_time: Some(self.created),
            sender: Some(party),
            ..GroupHeader::default()
        })?;
        writer.reporting_request(&ReportingRequest {
            id: Some("1"),
            requested_message_name: name,
            account: Some(Account { iban: Some(self.account.as_str()), ..Account::default() }),
            account_owner: Some(party),
            period: Some(ReportingPeriod {
                from_date: Some(self.from),
                to_date: Some(self.to),
                from_time: Some(Time::midnight()),
                to_time: None,
                query_type: Some("ALLL"),
                beyond_years: None,
            }),
            transaction_type: self.direction.map(|direction| RequestedTransactionType {
                status: Some("BOOK"),
                credit_debit: Some(direction),
                floor_limits: &[],
            }),
            ..ReportingRequest::default()
        })?;
        writer.finish()?;
        Ok(())
    }

    /// The request in memory.
    ///
    /// # Errors
    /// As [`ReportRequest::write`].
    pub fn to_xml(&self) -> Result<Vec<u8>, GenerateError> {
        let mut xml = Vec::new();
        self.write(&mut xml)?;
        Ok(xml)
    }
}
