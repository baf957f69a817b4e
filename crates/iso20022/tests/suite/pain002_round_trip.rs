//! A written pain.002 is valid and reads back unchanged.

use crate::support;
use crate::support::values::*;
use iso20022::MessageType;
use iso20022::pain002::{
    GroupHeader, Item, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Reader, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus, Writer,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const GENERATIONS: [MessageType; 2] = [MessageType::Pain002V03, MessageType::Pain002V10];

type Block = (OriginalPaymentInformation<'static>, Vec<TransactionStatus<'static>>);
type Message = (GroupHeader<'static>, OriginalGroup<'static>, Vec<Block>);

fn transaction_status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::ACTC,
        Status::RJCT,
        Status::PDNG,
        Status::ACCP,
        Status::ACSP,
        Status::ACSC,
        Status::ACWC,
    ])
}

fn group_status() -> impl Strategy<Value = Status> {
    prop_oneof![transaction_status(), Just(Status::RCVD), Just(Status::PART)]
}

fn reasons() -> impl Strategy<Value = &'static [StatusReason<'static>]> {
    let reason = (of(text(140)), of(reason()), list(text(105), 3));
    let reason = reason.prop_map(|(originator_name, reason, additional_information)| StatusReason {
        originator_name,
        reason,
        additional_information,
    });
    list(reason, 3)
}

fn totals() -> impl Strategy<Value = &'static [TransactionsPerStatus]> {
    let total = (count(), transaction_status(), of(sum()));
    list(
        total.prop_map(|(number_of_transactions, status, control_sum)| TransactionsPerStatus {
            number_of_transactions,
            status,
            control_sum,
        }),
        3,
    )
}

fn group_header() -> impl Strategy<Value = GroupHeader<'static>> {
    (id(), date_time(), of(party()), of(agent()), of(agent())).prop_map(
        |(message_id, created, initiating_party, forwarding_agent, debtor_agent)| GroupHeader {
            message_id,
            creation_date_time: Some(created),
            initiating_party,
            forwarding_agent,
            debtor_agent,
        },
    )
}

fn original_group() -> impl Strategy<Value = OriginalGroup<'static>> {
    let original = (id(), id(), of(date_time()), of(count()), of(sum()));
    (original, of(group_status()), reasons(), totals()).prop_map(
        |(original, status, reasons, transactions_per_status)| OriginalGroup {
            message_id: original.0,
            message_name: original.1,
            creation_date_time: original.2.map(|created| leak(created.to_string())),
            number_of_transactions: original.3,
            control_sum: original.4,
            status,
            reasons,
            transactions_per_status,
        },
    )
}

fn block() -> impl Strategy<Value = OriginalPaymentInformation<'static>> {
    (id(), of(count()), of(sum()), of(group_status()), reasons(), totals()).prop_map(
        |(payment_information_id, number_of_transactions, control_sum, status, reasons, transactions_per_status)| {
            OriginalPaymentInformation {
                payment_information_id,
                number_of_transactions,
                control_sum,
                status,
                reasons,
                transactions_per_status,
            }
        },
    )
}

fn original_transaction() -> impl Strategy<Value = OriginalTransaction<'static>> {
    let parties = (of(text(140)), of(account()), of(agent()), of(text(140)), of(account()));
    (of(amount()), of(date()), remittance(), parties).prop_map(|(amount, date, remittance, parties)| {
        OriginalTransaction {
            instructed_amount: amount,
            requested_execution_date: date,
            remittance,
            debtor_name: parties.0,
            debtor_account: parties.1,
            creditor_agent: parties.2,
            creditor_name: parties.3,
            creditor_account: parties.4,
        }
    })
}

fn transaction() -> impl Strategy<Value = TransactionStatus<'static>> {
    let ids = (of(id()), of(id()), of(id()), of(uetr()), of(id()));
    (ids, of(transaction_status()), reasons(), of(date_time()), of(original_transaction())).prop_map(
        |(ids, status, reasons, acceptance_date_time, original)| TransactionStatus {
            status_id: ids.0,
            instruction_id: ids.1,
            end_to_end_id: ids.2,
            uetr: ids.3,
            status,
            reasons,
            acceptance_date_time,
            account_servicer_reference: ids.4,
            original,
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    (group_header(), original_group(), vec((block(), vec(transaction(), 0..4)), 0..4))
}

/// What a message of this type can say of the values.
fn sayable(message_type: MessageType, (header, group, blocks): &Message) -> Message {
    let agent = |agent| sayable_agent(message_type, agent);
    let header = GroupHeader {
        initiating_party: header.initiating_party.map(|party| sayable_party(message_type, party)),
        forwarding_agent: header.forwarding_agent.map(agent),
        debtor_agent: header.debtor_agent.map(agent),
        ..*header
    };
    let transaction = |transaction: &TransactionStatus<'static>| TransactionStatus {
        uetr: transaction.uetr.filter(|_| message_type.is_newer_generation()),
        original: transaction
            .original
            .map(|original| OriginalTransaction { creditor_agent: original.creditor_agent.map(agent), ..original }),
        ..*transaction
    };
    let blocks = blocks.iter().map(|(block, transactions)| (*block, transactions.iter().map(transaction).collect()));
    (header, *group, blocks.collect())
}

fn written(message_type: MessageType, (header, group, blocks): &Message) -> Vec<u8> {
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(header).unwrap();
    writer.original_group(group).unwrap();
    for (block, transactions) in blocks {
        writer.payment_information(block).unwrap();
        for transaction in transactions {
            writer.transaction(transaction).unwrap();
        }
    }
    writer.finish().unwrap()
}

fn assert_reads_as(message_type: MessageType, xml: &[u8], (header, group, blocks): &Message) {
    let shown = String::from_utf8_lossy(xml);
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    assert_eq!(reader.next().unwrap(), Some(Item::GroupHeader(*header)), "{shown}");
    assert_eq!(reader.next().unwrap(), Some(Item::OriginalGroup(*group)), "{shown}");
    for (block, transactions) in blocks {
        assert_eq!(reader.next().unwrap(), Some(Item::PaymentInformation(*block)), "{shown}");
        for transaction in transactions {
            assert_eq!(reader.next().unwrap(), Some(Item::Transaction(*transaction)), "{shown}");
        }
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
