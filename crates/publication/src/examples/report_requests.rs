//! camt.060: requests the day's report of the account.

use iso20022::camt060::{GroupHeader, ReportingPeriod, ReportingRequest, RequestedTransactionType, Writer};
use iso20022::common::CreditDebit;
use iso20022::{MessageType, WriteError};
use jiff::civil::Time;

use super::scenario::{self, account, named};

pub(super) fn write(message_type: MessageType) -> Result<Vec<u8>, WriteError> {
    let newer = message_type.is_newer_generation();
    let (report, notification) = if newer {
        (MessageType::Camt052V08, MessageType::Camt054V08)
    } else {
        (MessageType::Camt052V02, MessageType::Camt054V02)
    };
    let request = ReportingRequest {
        id: Some("1"),
        requested_message_name: report.name(),
        account: Some(account(scenario::MUNICIPALITY_IBAN)),
        account_owner: Some(named(scenario::MUNICIPALITY)),
        period: Some(ReportingPeriod {
            from_date: Some(scenario::DAY),
            to_date: Some(scenario::DAY),
            from_time: (!newer).then(Time::midnight),
            to_time: None,
            query_type: Some("ALLL"),
            beyond_years: None,
        }),
        ..ReportingRequest::default()
    };
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(&GroupHeader {
        message_id: scenario::REQUEST_ID,
        creation_date_time: Some(scenario::moment(16, 0)),
        sender: Some(named(scenario::MUNICIPALITY)),
        ..GroupHeader::default()
    })?;
    writer.reporting_request(&request)?;
    writer.reporting_request(&ReportingRequest {
        id: Some("2"),
        requested_message_name: notification.name(),
        transaction_type: Some(RequestedTransactionType {
            status: Some("BOOK"),
            credit_debit: Some(CreditDebit::Credit),
            floor_limits: &[],
        }),
        ..request
    })?;
    writer.finish()
}
