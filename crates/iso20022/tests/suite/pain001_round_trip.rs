//! A written pain.001 is valid and reads back unchanged.

use crate::support;
use crate::support::values::*;
use iso20022::MessageType;
use iso20022::common::{Agent, Party, Position, RegulatoryDetail};
use iso20022::pain001::{CreditTransfer, GroupHeader, Item, PaymentInformation, Reader, RequestedAmount, Writer};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const GENERATIONS: [MessageType; 2] = [MessageType::Pain001V03, MessageType::Pain001V09];

type Block = (PaymentInformation<'static>, Vec<CreditTransfer<'static>>);
type Message = (GroupHeader<'static>, Vec<Block>);

fn group_header() -> impl Strategy<Value = GroupHeader<'static>> {
    (id(), date_time(), count(), of(sum()), party()).prop_map(|(message_id, created, number, control_sum, party)| {
        GroupHeader {
            position: Position::default(),
            message_id,
            creation_date_time: leak(created.to_string()),
            number_of_transactions: number,
            control_sum,
            initiating_party: party,
        }
    })
}

fn payment_information() -> impl Strategy<Value = PaymentInformation<'static>> {
    let charge_bearer = of(one_of(&["DEBT", "CRED", "SHAR", "SLEV"]));
    let head =
        (id(), one_of(&["TRF", "CHK", "TRA"]), of(any::<bool>()), of(count()), of(sum()), payment_type(), date());
    let parties = (party(), account(), agent(), of(party()), charge_bearer, of(account()));
    (head, parties).prop_map(|(head, parties)| PaymentInformation {
        position: Position::default(),
        block: 0,
        payment_information_id: head.0,
        payment_method: head.1,
        batch_booking: head.2,
        number_of_transactions: head.3,
        control_sum: head.4,
        payment_type: head.5,
        requested_execution_date: Some(head.6),
        requested_execution_date_time: None,
        execution_date_beyond_years: None,
        debtor: parties.0,
        debtor_account: parties.1,
        debtor_agent: parties.2,
        ultimate_debtor: parties.3,
        charge_bearer: parties.4,
        charges_account: parties.5,
    })
}

fn requested_amount() -> impl Strategy<Value = RequestedAmount<'static>> {
    prop_oneof![
        amount().prop_map(RequestedAmount::Instructed),
        (amount(), one_of(&["USD", "SEK"]))
            .prop_map(|(amount, currency_of_transfer)| RequestedAmount::Equivalent { amount, currency_of_transfer }),
    ]
}

fn regulatory_detail() -> impl Strategy<Value = RegulatoryDetail<'static>> {
    (of(one_of(&["DEBT", "CRED", "BOTH"])), of(id()), of(text(10)), of(country()), of(amount())).prop_map(
        |(indicator, kind, code, country, amount)| RegulatoryDetail { indicator, kind, code, country, amount },
    )
}

fn credit_transfer() -> impl Strategy<Value = CreditTransfer<'static>> {
    let identity = (of(id()), id(), payment_type(), requested_amount(), of(one_of(&["SHAR", "SLEV"])));
    let parties = (of(party()), of(agent()), of(party()), of(account()), of(party()));
    let purpose = of(one_of(&["SALA", "GOVT"]));
    (identity, parties, purpose, list(regulatory_detail(), 6), remittance(), of(uetr())).prop_map(
        |(identity, parties, purpose, regulatory_reporting, remittance, uetr)| CreditTransfer {
            position: Position::default(),
            block: 0,
            ordinal: 0,
            instruction_id: identity.0,
            end_to_end_id: identity.1,
            uetr,
            payment_type: identity.2,
            amount: Some(identity.3),
            charge_bearer: identity.4,
            ultimate_debtor: parties.0,
            creditor_agent: parties.1,
            creditor: parties.2,
            creditor_account: parties.3,
            ultimate_creditor: parties.4,
            purpose,
            regulatory_reporting,
            remittance,
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    (group_header(), vec((payment_information(), vec(credit_transfer(), 1..4)), 1..4))
}

/// What a message of this type can say of the values.
fn sayable(message_type: MessageType, (header, blocks): &Message) -> Message {
    let newer = message_type.is_newer_generation();
    let party = |party| sayable_party(message_type, party);
    // An element that says nothing is no party.
    let optional = |stated: Option<Party<'static>>| {
        stated.map(party).filter(|party| Party { is_private: false, ..*party } != Party::default())
    };
    let agent = |agent| sayable_agent(message_type, agent);
    let header = GroupHeader { initiating_party: party(header.initiating_party), ..*header };
    let payment = |payment: &CreditTransfer<'static>| CreditTransfer {
        uetr: payment.uetr.filter(|_| newer),
        payment_type: sayable_payment_type(message_type, payment.payment_type),
        ultimate_debtor: optional(payment.ultimate_debtor),
        creditor_agent: payment.creditor_agent.map(agent),
        creditor: payment.creditor.map(party),
        ultimate_creditor: optional(payment.ultimate_creditor),
        ..*payment
    };
    let block = |(block, payments): &Block| {
        let mut debtor_agent = agent(block.debtor_agent);
        if debtor_agent == Agent::default() {
            debtor_agent.other = Some("NOTPROVIDED");
        }
        let head = PaymentInformation {
            payment_type: sayable_payment_type(message_type, block.payment_type),
            debtor: party(block.debtor),
            debtor_agent,
            ultimate_debtor: optional(block.ultimate_debtor),
            ..*block
        };
        (head, payments.iter().map(payment).collect())
    };
    (header, blocks.iter().map(block).collect())
}

fn written(message_type: MessageType, (header, blocks): &Message) -> Vec<u8> {
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(header).unwrap();
    for (block, payments) in blocks {
        writer.payment_information(block).unwrap();
        for payment in payments {
            writer.credit_transfer(payment).unwrap();
        }
    }
    writer.finish().unwrap()
}

/// Reads the message and compares it part by part.
fn assert_reads_as(message_type: MessageType, xml: &[u8], (header, blocks): &Message) {
    let shown = String::from_utf8_lossy(xml);
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let Some(Item::GroupHeader(read)) = reader.next().unwrap() else { panic!("no header:\n{shown}") };
    assert_eq!(read.position, Position { line: 3, column: 1 });
    assert_eq!(GroupHeader { position: Position::default(), ..read }, *header, "{shown}");
    let mut ordinal = 0;
    for (index, (block, payments)) in (0..).zip(blocks) {
        let Some(Item::PaymentInformation(read)) = reader.next().unwrap() else { panic!("no block:\n{shown}") };
        assert_eq!(read, PaymentInformation { position: read.position, block: index, ..*block }, "{shown}");
        for payment in payments {
            let Some(Item::CreditTransfer(read)) = reader.next().unwrap() else { panic!("no payment:\n{shown}") };
            let expected = CreditTransfer { position: read.position, block: index, ordinal, ..*payment };
            assert_eq!(read, expected, "{shown}");
            ordinal += 1;
        }
        assert_eq!(reader.next().unwrap(), Some(Item::EndOfPaymentInformation { block: index }));
    }
    assert_eq!(reader.next().unwrap(), None);
    assert_eq!(reader.next().unwrap(), None, "the end stays the end");
    let findings: Vec<_> = reader.findings().iter().collect();
    assert!(findings.is_empty(), "{findings:#?}\n{shown}");
    assert_eq!(reader.omitted(), 0);
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
