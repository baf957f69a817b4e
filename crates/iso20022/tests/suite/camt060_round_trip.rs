//! A written camt.060 is valid and reads back unchanged.

use crate::support;
use crate::support::values::*;
use iso20022::MessageType;
use iso20022::camt060::{
    FloorLimit, GroupHeader, Item, Reader, ReportingPeriod, ReportingRequest, ReportingSequence,
    RequestedTransactionType, Writer,
};
use iso20022::common::{CodeOrProprietary, Position};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const GENERATIONS: [MessageType; 2] = [MessageType::Camt060V03, MessageType::Camt060V05];

type Message = (GroupHeader<'static>, Vec<ReportingRequest<'static>>);

fn group_header() -> impl Strategy<Value = GroupHeader<'static>> {
    (id(), date_time(), of(party())).prop_map(|(message_id, created, sender)| GroupHeader {
        position: Position::default(),
        message_id,
        creation_date_time: Some(created),
        sender,
    })
}

fn period() -> impl Strategy<Value = ReportingPeriod<'static>> {
    (date(), of(date()), time(), of(time()), one_of(&["ALLL", "CHNG", "MODF"])).prop_map(
        |(from_date, to_date, from_time, to_time, query_type)| ReportingPeriod {
            from_date: Some(from_date),
            to_date,
            from_time: Some(from_time),
            to_time,
            query_type: Some(query_type),
            beyond_years: None,
        },
    )
}

fn sequence() -> impl Strategy<Value = ReportingSequence<'static>> {
    prop_oneof![
        id().prop_map(ReportingSequence::From),
        id().prop_map(ReportingSequence::To),
        (id(), id()).prop_map(|(from, to)| ReportingSequence::FromTo(from, to)),
        id().prop_map(ReportingSequence::Equal),
        id().prop_map(ReportingSequence::NotEqual),
    ]
}

fn transaction_type() -> impl Strategy<Value = RequestedTransactionType<'static>> {
    let limit = (amount(), of(direction())).prop_map(|(amount, credit_debit)| FloorLimit { amount, credit_debit });
    (one_of(&["BOOK", "PDNG", "INFO"]), direction(), list(limit, 2)).prop_map(|(status, direction, floor_limits)| {
        RequestedTransactionType { status: Some(status), credit_debit: Some(direction), floor_limits }
    })
}

fn request() -> impl Strategy<Value = ReportingRequest<'static>> {
    let balance_type = prop_oneof![
        one_of(&["OPBD", "CLBD", "CLAV"]).prop_map(CodeOrProprietary::Code),
        id().prop_map(CodeOrProprietary::Proprietary),
    ];
    let who = (of(id()), one_of(&["camt.053.001.02", "camt.052.001.08"]), of(account()), party(), of(agent()));
    (who, of(period()), of(sequence()), of(transaction_type()), list(balance_type, 3)).prop_map(
        |(who, period, sequence, transaction_type, balance_types)| ReportingRequest {
            position: Position::default(),
            ordinal: 0,
            id: who.0,
            requested_message_name: who.1,
            account: who.2,
            account_owner: Some(who.3),
            account_servicer: who.4,
            period,
            sequence,
            transaction_type,
            balance_types,
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    (group_header(), vec(request(), 1..4))
}

/// What a message of this type can say of the values.
fn sayable(message_type: MessageType, (header, requests): &Message) -> Message {
    let party = |party| sayable_party(message_type, party);
    let request = |request: &ReportingRequest<'static>| ReportingRequest {
        account_owner: request.account_owner.map(party),
        account_servicer: request.account_servicer.map(|agent| sayable_agent(message_type, agent)),
        sequence: request.sequence.filter(|_| message_type.is_newer_generation()),
        ..*request
    };
    (GroupHeader { sender: header.sender.map(party), ..*header }, requests.iter().map(request).collect())
}

fn written(message_type: MessageType, (header, requests): &Message) -> Vec<u8> {
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(header).unwrap();
    for request in requests {
        writer.reporting_request(request).unwrap();
    }
    writer.finish().unwrap()
}

fn assert_reads_as(message_type: MessageType, xml: &[u8], (header, requests): &Message) {
    let shown = String::from_utf8_lossy(xml);
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let Some(Item::GroupHeader(read)) = reader.next().unwrap() else { panic!("no header:\n{shown}") };
    assert_eq!(read, GroupHeader { position: read.position, ..*header }, "{shown}");
    for (ordinal, request) in (0..).zip(requests) {
        let Some(Item::ReportingRequest(read)) = reader.next().unwrap() else { panic!("no request:\n{shown}") };
        let expected = ReportingRequest { position: read.position, ordinal, ..*request };
        assert_eq!(read, expected, "{shown}");
    }
    assert_eq!(reader.next().unwrap(), None);
    let findings: Vec<_> = reader.findings().iter().collect();
    assert!(findings.is_empty(), "{findings:#?}\n{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back_the_same(message in message()) {
        for message_type in GENERATIONS {
            let said = sayable(message_type, &message);
            assert_reads_as(message_type, &written(message_type, &message), &said);
        }
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    for message_type in GENERATIONS {
        for message in support::samples(message(), 40) {
            support::assert_officially_valid(message_type, &written(message_type, &message));
        }
    }
}
