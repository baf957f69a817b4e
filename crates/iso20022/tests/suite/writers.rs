//! Writers against any calls and values: wrong orders of calls, and values that no schema allows.

use crate::support;
use crate::support::values::{leak, list};
use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditDebit, CreditorReference, Party, PaymentType, PostalAddress,
    RegulatoryDetail, Remittance,
};
use iso20022::{DateTime, MessageType, WriteError, camt, camt060, pain001, pain002};
use jiff::civil::date;
use money::{Currency, Decimal};
use proptest::option::of;
use proptest::prelude::*;

fn created() -> Option<DateTime> {
    "2026-11-23T10:00:00+02:00".parse().ok()
}

fn euro(cents: i128) -> Amount {
    Amount { value: Decimal::new(cents, 2), currency: Currency::EUR }
}

fn status_header(message_id: &str) -> pain002::GroupHeader<'_> {
    pain002::GroupHeader { message_id, creation_date_time: created(), ..pain002::GroupHeader::default() }
}

fn status_group(message_id: &str) -> pain002::OriginalGroup<'_> {
    pain002::OriginalGroup { message_id, message_name: "pain.001.001.03", ..pain002::OriginalGroup::default() }
}

#[test]
fn parts_in_another_order_are_refused() {
    let mut report = pain002::Writer::new(MessageType::Pain002V03, Vec::new());
    let out_of_order = |result: Result<(), WriteError>| assert!(matches!(result, Err(WriteError::OutOfOrder { .. })));
    out_of_order(report.original_group(&status_group("M")));
    out_of_order(report.payment_information(&pain002::OriginalPaymentInformation::default()));
    out_of_order(report.transaction(&pain002::TransactionStatus::default()));
    report.group_header(&status_header("R")).unwrap();
    out_of_order(report.group_header(&status_header("R")));
    out_of_order(report.transaction(&pain002::TransactionStatus::default()));
    report.original_group(&status_group("M")).unwrap();
    out_of_order(report.transaction(&pain002::TransactionStatus::default()));
    out_of_order(report.original_group(&status_group("M")));
    support::assert_valid(MessageType::Pain002V03, &report.finish().unwrap());

    let unfinished = camt::Writer::new(MessageType::Camt053V02, Vec::new());
    assert!(matches!(unfinished.finish(), Err(WriteError::OutOfOrder { .. })));
    let mut payments = pain001::Writer::new(MessageType::Pain001V09, Vec::new());
    out_of_order(payments.payment_information(&pain001::PaymentInformation::default()));
    let mut request = camt060::Writer::new(MessageType::Camt060V03, Vec::new());
    out_of_order(request.reporting_request(&camt060::ReportingRequest::default()));
}

#[test]
fn a_failed_call_leaves_nothing_behind() {
    let write = |failing: bool| {
        let mut report = pain002::Writer::new(MessageType::Pain002V03, Vec::new());
        report.group_header(&status_header("R")).unwrap();
        if failing {
            let long = "x".repeat(36);
            assert!(matches!(report.original_group(&status_group(&long)), Err(WriteError::Value { .. })));
            let cancelled = pain002::OriginalGroup { status: Some(pain002::Status::CANC), ..status_group("M") };
            assert!(matches!(report.original_group(&cancelled), Err(WriteError::Value { element: "GrpSts", .. })));
        }
        report.original_group(&status_group("M")).unwrap();
        report.finish().unwrap()
    };
    assert_eq!(write(true), write(false));
}

#[test]
fn balances_are_wanted_or_impossible_by_the_kind_of_report() {
    let account = camt::ReportAccount {
        account: Account { iban: Some("LV07TREL5180453053000"), ..Account::default() },
        ..camt::ReportAccount::default()
    };
    let balance = camt::Balance {
        balance_type: CodeOrProprietary::Code("OPBD"),
        sub_type: None,
        amount: euro(0),
        credit_debit: CreditDebit::Credit,
        date: date(2026, 11, 23),
    };
    for (message_type, without, with) in [
        (MessageType::Camt052V02, true, true),
        (MessageType::Camt053V08, false, true),
        (MessageType::Camt054V08, true, false),
    ] {
        for (balances, allowed) in [(&[][..], without), (&[balance][..], with)] {
            let mut writer = camt::Writer::new(message_type, Vec::new());
            let header = camt::GroupHeader { message_id: "H", creation_date_time: created(), ..Default::default() };
            writer.group_header(&header).unwrap();
            let report =
                camt::Report { id: "1", creation_date_time: created(), account, balances, ..Default::default() };
            assert_eq!(writer.report(&report).is_ok(), allowed, "{message_type} {balances:?}");
        }
    }
}

/// Any text at all: empty, long, with characters that XML cannot carry.
fn any_text() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => any::<String>().prop_map(leak),
        1 => "[ -~]{0,600}".prop_map(leak),
        1 => Just(""),
        1 => Just("\u{0}\u{1f}\u{fffe}\u{ffff}]]>&<\r\n"),
        4 => prop::sample::select(vec!["LV07TREL5180453053000", "TRELLV22", "EUR", "LV", "BOOK", "SCOR"]),
    ]
}

fn any_choice() -> BoxedStrategy<Option<CodeOrProprietary<'static>>> {
    of(prop_oneof![any_text().prop_map(CodeOrProprietary::Code), any_text().prop_map(CodeOrProprietary::Proprietary)])
        .boxed()
}

fn any_party() -> BoxedStrategy<Party<'static>> {
    let address = (of(any_text()), of(any_text()), of(any_text()), list(any_text(), 9), any::<bool>());
    let identified = (of(any_text()), any_choice(), of(any_text()));
    (of(any_text()), address, of(any_text()), of(any_text()), identified, any::<bool>())
        .prop_map(|(name, address, organisation_bic, lei, identified, is_private)| Party {
            name,
            postal_address: PostalAddress {
                department: address.0,
                building_number: address.0,
                building_name: address.1,
                district_name: address.1,
                town_name: address.1,
                country: address.2,
                address_lines: address.3,
                ..PostalAddress::default()
            },
            organisation_bic,
            lei,
            identification: identified.0,
            identification_scheme: identified.1,
            identification_issuer: identified.2,
            is_private,
        })
        .boxed()
}

fn any_amount() -> impl Strategy<Value = Amount> {
    (any::<i64>(), 0_u32..=18)
        .prop_map(|(units, scale)| Amount { value: Decimal::new(i128::from(units), scale), currency: Currency::EUR })
}

fn any_account() -> impl Strategy<Value = Account<'static>> {
    (of(any_text()), of(any_text()), of(any_text())).prop_map(|(iban, other, currency)| Account {
        iban,
        other,
        currency,
    })
}

fn any_agent() -> BoxedStrategy<Agent<'static>> {
    let names = (of(any_text()), of(any_text()), of(any_text()), of(any_text()), of(any_text()));
    names.prop_map(|(bic, clearing_member, lei, name, other)| Agent { bic, clearing_member, lei, name, other }).boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Each call fails or writes something valid; what failed is not there.
    #[test]
    fn a_status_report_is_valid_whatever_it_is_given(
        message_id in any_text(), party in of(any_party()), agent in of(any_agent()), reason in any_text(),
        lines in list(any_text(), 3), text in any_text(), amount in of(any_amount()), account in of(any_account()),
        status in prop::sample::select(vec!["ACTC", "RJCT", "PART", "RCVD", "CANC", "A1"]), number in any::<u64>(),
        year in -9999_i16..=9999,
    ) {
        for message_type in [MessageType::Pain002V03, MessageType::Pain002V10] {
            let status = pain002::Status::new(status);
            let mut report = pain002::Writer::new(message_type, Vec::new());
            let header = pain002::GroupHeader {
                initiating_party: party, debtor_agent: agent, ..status_header(message_id)
            };
            if report.group_header(&header).is_err() {
                report.group_header(&status_header("R")).unwrap();
            }
            let reasons = [pain002::StatusReason {
                originator_name: Some(text),
                reason: Some(CodeOrProprietary::Proprietary(reason)),
                additional_information: lines,
            }];
            let group = pain002::OriginalGroup {
                creation_date_time: Some(text), number_of_transactions: Some(number), status, reasons: &reasons,
                control_sum: amount.map(|amount| amount.value), ..status_group(message_id)
            };
            if report.original_group(&group).is_err() {
                report.original_group(&status_group("M")).unwrap();
            }
            let block = pain002::OriginalPaymentInformation { payment_information_id: "P", status, ..Default::default() };
            if report.payment_information(&block).is_err() {
                report.payment_information(&pain002::OriginalPaymentInformation { status: None, ..block }).unwrap();
            }
            let original = pain002::OriginalTransaction {
                instructed_amount: amount, creditor_name: Some(text), creditor_account: account, creditor_agent: agent,
                requested_execution_date: jiff::civil::Date::new(year, 1, 31).ok(),
                remittance: Remittance { unstructured: lines, creditor_references: &[], ..Remittance::default() }, ..Default::default()
            };
            let transaction = pain002::TransactionStatus {
                status, reasons: &reasons, uetr: Some(text), end_to_end_id: Some(message_id), original: Some(original),
                ..Default::default()
            };
            let _ = report.transaction(&transaction);
            let _ = report.transaction(&pain002::TransactionStatus { uetr: None, status: None, ..transaction });
            support::assert_valid(message_type, &report.finish().unwrap());
        }
    }

    #[test]
    fn a_statement_is_valid_whatever_it_is_given(
        id in any_text(), party in of(any_party()), agent in of(any_agent()), account in any_account(),
        amount in any_amount(), text in any_text(), status in any_text(), lines in list(any_text(), 3), page in any::<u32>(),
    ) {
        for message_type in [MessageType::Camt053V02, MessageType::Camt053V08] {
            let mut writer = camt::Writer::new(message_type, Vec::new());
            let header = camt::GroupHeader {
                message_id: id, creation_date_time: created(), recipient: party,
                pagination: Some(camt::Pagination { page_number: page, last_page: true }),
                additional_information: Some(text), ..Default::default()
            };
            if writer.group_header(&header).is_err() {
                let plain = camt::GroupHeader { message_id: "H", creation_date_time: created(), ..Default::default() };
                writer.group_header(&plain).unwrap();
            }
            let good_balance = camt::Balance {
                balance_type: CodeOrProprietary::Code("OPBD"), sub_type: None, amount: euro(0),
                credit_debit: CreditDebit::Credit, date: date(2026, 11, 23),
            };
            let balance = camt::Balance { balance_type: CodeOrProprietary::Code(status), amount, ..good_balance };
            let report = camt::Report {
                id, creation_date_time: created(), balances: &[balance],
                account: camt::ReportAccount { account, name: Some(text), owner: party, servicer: agent },
                ..Default::default()
            };
            if writer.report(&report).is_err() {
                let known = Account { iban: Some("LV07TREL5180453053000"), ..Account::default() };
                let report = camt::Report {
                    id: "1", balances: &[good_balance],
                    account: camt::ReportAccount { account: known, ..report.account }, ..report
                };
                if writer.report(&report).is_err() {
                    let account = camt::ReportAccount { account: known, ..Default::default() };
                    writer.report(&camt::Report { account, ..report }).unwrap();
                }
            }
            let entry = camt::Entry {
                reference: Some(id), amount, credit_debit: CreditDebit::Debit, reversal: true, status,
                booking_date: None, value_date: None, account_servicer_reference: Some(id),
                transaction_code: Default::default(), batch: None,
            };
            if writer.entry(&entry).is_err() {
                let entry = camt::Entry {
                    reference: None, amount: euro(1), status: "BOOK", account_servicer_reference: None, ..entry
                };
                writer.entry(&entry).unwrap();
            }
            let shares = [camt::ProprietaryAmount { kind: text, amount }];
            let _ = writer.transaction(&camt::TransactionDetails {
                amount: Some(amount), proprietary_amounts: &shares, debtor: party, creditor_account: Some(account),
                creditor_agent: agent, purpose: Some(status), additional_information: Some(text),
                remittance: Remittance { unstructured: lines, creditor_references: &[CreditorReference { reference: id, kind: Some(CodeOrProprietary::Proprietary(text)), issuer: Some(text) }], ..Remittance::default() }, ..Default::default()
            });
            writer.additional_entry_information(text).unwrap();
            support::assert_valid(message_type, &writer.finish().unwrap());
        }
    }

    #[test]
    fn a_payment_message_is_valid_whatever_it_is_given(
        id in any_text(), party in any_party(), agent in any_agent(), account in any_account(), amount in any_amount(),
        codes in (of(any_text()), of(any_text()), of(any_text()), of(any_text())), lines in list(any_text(), 3),
        number in any::<u64>(), year in -9999_i16..=9999,
    ) {
        for message_type in [MessageType::Pain001V03, MessageType::Pain001V09] {
            let mut writer = pain001::Writer::new(message_type, Vec::new());
            let good_header = pain001::GroupHeader {
                message_id: "M", creation_date_time: "2026-11-23T10:00:00", ..Default::default()
            };
            let header = pain001::GroupHeader {
                message_id: id, number_of_transactions: number, control_sum: Some(amount.value),
                initiating_party: party, ..good_header
            };
            if writer.group_header(&header).is_err() {
                writer.group_header(&good_header).unwrap();
            }
            let payment_type = PaymentType {
                instruction_priority: codes.0, service_levels: &[CodeOrProprietary::Proprietary(id)],
                local_instrument: codes.2.map(CodeOrProprietary::Code), category_purpose: codes.3,
            };
            let good_block = pain001::PaymentInformation {
                payment_information_id: "P", payment_method: "TRF",
                requested_execution_date: Some(date(2026, 11, 24)),
                debtor_account: Account { iban: Some("LV07TREL5180453053000"), ..Account::default() },
                ..Default::default()
            };
            let block = pain001::PaymentInformation {
                payment_type, debtor: party, debtor_agent: agent, debtor_account: account, charge_bearer: codes.0,
                charges_account: Some(account), number_of_transactions: Some(number),
                requested_execution_date: jiff::civil::Date::new(year, 1, 31).ok(), ..good_block
            };
            if writer.payment_information(&block).is_err() {
                writer.payment_information(&good_block).unwrap();
            }
            let detail = RegulatoryDetail {
                indicator: codes.1, kind: codes.2, code: codes.3, country: codes.0, amount: Some(amount),
            };
            let details = [detail, RegulatoryDetail { indicator: Some("DEBT"), ..detail }];
            let good_payment = pain001::CreditTransfer {
                end_to_end_id: "E", amount: Some(pain001::RequestedAmount::Instructed(euro(1))), ..Default::default()
            };
            let _ = writer.credit_transfer(&pain001::CreditTransfer {
                end_to_end_id: id, uetr: codes.2, payment_type,
                amount: Some(pain001::RequestedAmount::Instructed(amount)), ultimate_debtor: Some(party),
                creditor_agent: Some(agent), creditor: Some(party), creditor_account: Some(account),
                purpose: codes.3, regulatory_reporting: &details,
                remittance: Remittance { unstructured: lines, creditor_references: &[CreditorReference { reference: id, kind: Some(CodeOrProprietary::Code(id)), issuer: None }], ..Remittance::default() }, ..Default::default()
            });
            let _ = writer.credit_transfer(&pain001::CreditTransfer {
                creditor: Some(party), regulatory_reporting: &details,
                amount: Some(pain001::RequestedAmount::Equivalent { amount, currency_of_transfer: id }), ..good_payment
            });
            writer.credit_transfer(&good_payment).unwrap();
            support::assert_valid(message_type, &writer.finish().unwrap());
        }
    }

    #[test]
    fn a_reporting_request_is_valid_whatever_it_is_given(
        id in any_text(), party in of(any_party()), agent in of(any_agent()), account in of(any_account()),
        amount in any_amount(), status in of(any_text()), choice in any_choice(), year in -9999_i16..=9999,
        times in any::<(bool, bool)>(),
    ) {
        for message_type in [MessageType::Camt060V03, MessageType::Camt060V05] {
            let mut writer = camt060::Writer::new(message_type, Vec::new());
            let good_header =
                camt060::GroupHeader { message_id: "H", creation_date_time: created(), ..Default::default() };
            let header = camt060::GroupHeader { message_id: id, sender: party, ..good_header };
            if writer.group_header(&header).is_err() {
                writer.group_header(&good_header).unwrap();
            }
            let midnight = jiff::civil::Time::midnight();
            let period = camt060::ReportingPeriod {
                from_date: jiff::civil::Date::new(year, 1, 31).ok(), to_date: Some(date(2026, 11, 24)),
                from_time: times.0.then_some(midnight), to_time: times.1.then_some(midnight), query_type: status,
                beyond_years: None,
            };
            let limits = [camt060::FloorLimit { amount, credit_debit: None }];
            let balance_types: Vec<_> = choice.into_iter().collect();
            let wanted = camt060::RequestedTransactionType {
                status, credit_debit: Some(CreditDebit::Debit), floor_limits: &limits,
            };
            let good_request = camt060::ReportingRequest {
                requested_message_name: "camt.053.001.08", account_owner: Some(Party::default()), ..Default::default()
            };
            for request in [
                camt060::ReportingRequest { id: Some(id), account_owner: party, account, ..good_request },
                camt060::ReportingRequest { account_servicer: agent, period: Some(period), ..good_request },
                camt060::ReportingRequest { transaction_type: Some(wanted), ..good_request },
                camt060::ReportingRequest { balance_types: &balance_types, ..good_request },
                camt060::ReportingRequest {
                    sequence: Some(camt060::ReportingSequence::FromTo(id, id)), ..good_request
                },
            ] {
                let _ = writer.reporting_request(&request);
            }
            writer.reporting_request(&good_request).unwrap();
            support::assert_valid(message_type, &writer.finish().unwrap());
        }
    }
}
