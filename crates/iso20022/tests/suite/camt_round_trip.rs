//! A written camt.052, camt.053 or camt.054 is valid and reads back unchanged.

use crate::support;
use crate::support::values::*;
use iso20022::MessageType;
use iso20022::camt::{
    Balance, BankTransactionCode, Batch, DomainCode, Entry, EntryTotal, GroupHeader, Item, Pagination, Period,
    ProprietaryAmount, Reader, References, Report, ReportAccount, ReturnInformation, TransactionDetails,
    TransactionsSummary, Writer,
};
use iso20022::common::CodeOrProprietary;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const TYPES: [MessageType; 6] = [
    MessageType::Camt052V02,
    MessageType::Camt052V08,
    MessageType::Camt053V02,
    MessageType::Camt053V08,
    MessageType::Camt054V02,
    MessageType::Camt054V08,
];

#[derive(Clone, Debug)]
struct WholeEntry {
    entry: Entry<'static>,
    transactions: Vec<TransactionDetails<'static>>,
    information: Option<Text>,
}

type Message = (GroupHeader<'static>, Vec<(Report<'static>, Vec<WholeEntry>)>);

fn group_header() -> impl Strategy<Value = GroupHeader<'static>> {
    let pagination = (1_u32..=99_999, any::<bool>());
    let pagination = pagination.prop_map(|(page_number, last_page)| Pagination { page_number, last_page });
    (id(), date_time(), of(party()), of(pagination), of(id()), of(text(500))).prop_map(
        |(message_id, created, recipient, pagination, original_query_message_id, additional_information)| GroupHeader {
            message_id,
            creation_date_time: Some(created),
            recipient,
            pagination,
            original_query_message_id,
            additional_information,
        },
    )
}

fn balance() -> impl Strategy<Value = Balance<'static>> {
    let balance_type = prop_oneof![
        one_of(&["OPBD", "ITBD", "CLBD", "CLAV"]).prop_map(CodeOrProprietary::Code),
        id().prop_map(CodeOrProprietary::Proprietary),
    ];
    (balance_type, of(Just("INTM")), amount(), direction(), date()).prop_map(
        |(balance_type, sub_type, amount, credit_debit, date)| Balance {
            balance_type,
            sub_type,
            amount,
            credit_debit,
            date,
        },
    )
}

fn summary() -> impl Strategy<Value = TransactionsSummary> {
    let total = || of((count(), sum()).prop_map(|(number, sum)| EntryTotal { number, sum }));
    (total(), of((unsigned_sum(), direction())), total(), total())
        .prop_map(|(entries, net, credits, debits)| TransactionsSummary { entries, net, credits, debits })
}

fn report() -> BoxedStrategy<Report<'static>> {
    let sequence = || of(0_u64..1_000_000_000_000_000_000);
    let period = (date_time(), date_time()).prop_map(|(from, to)| Period { from, to });
    let account = (account(), of(text(70)), of(party()), of(agent()));
    let account = account.prop_map(|(account, name, owner, servicer)| ReportAccount { account, name, owner, servicer });
    let balances = (balance(), list(balance(), 3)).prop_map(|(first, rest)| -> &'static [Balance<'static>] {
        Box::leak([&[first], rest].concat().into_boxed_slice())
    });
    let head = (id(), sequence(), sequence(), date_time(), of(period), of(one_of(&["COPY", "DUPL", "CODU"])));
    (head, account, balances, of(summary()))
        .prop_map(|(head, account, balances, transactions_summary)| Report {
            id: head.0,
            electronic_sequence_number: head.1,
            legal_sequence_number: head.2,
            creation_date_time: Some(head.3),
            period: head.4,
            copy_duplicate: head.5,
            account,
            balances,
            transactions_summary,
        })
        .boxed()
}

fn transaction_code() -> impl Strategy<Value = BankTransactionCode<'static>> {
    let domain = Just(DomainCode { domain: "PMNT", family: "ICDT", sub_family: "ESCT" });
    let proprietary = prop_oneof![Just((None, None)), (id().prop_map(Some), of(id()))];
    (of(domain), proprietary).prop_map(|(domain, (proprietary, proprietary_issuer))| BankTransactionCode {
        domain,
        proprietary,
        proprietary_issuer,
    })
}

fn batch() -> BoxedStrategy<Batch<'static>> {
    (of(id()), of(id()), of(count()), of(amount()), of(direction()))
        .prop_map(|(message_id, payment_information_id, number_of_transactions, total_amount, credit_debit)| Batch {
            message_id,
            payment_information_id,
            number_of_transactions,
            total_amount,
            credit_debit,
        })
        .boxed()
}

fn entry() -> BoxedStrategy<Entry<'static>> {
    let head = (of(id()), amount(), direction(), any::<bool>(), one_of(&["BOOK", "PDNG", "INFO"]));
    (head, of(date()), of(date()), of(id()), transaction_code(), of(batch()))
        .prop_map(|(head, booking_date, value_date, account_servicer_reference, transaction_code, batch)| Entry {
            reference: head.0,
            amount: head.1,
            credit_debit: head.2,
            reversal: head.3,
            status: head.4,
            booking_date,
            value_date,
            account_servicer_reference,
            transaction_code,
            batch,
        })
        .boxed()
}

fn references() -> BoxedStrategy<References<'static>> {
    (of(id()), of(id()), of(id()), of(id()), of(id()), of(uetr()), of(id()))
        .prop_map(|ids| References {
            message_id: ids.0,
            account_servicer_reference: ids.1,
            payment_information_id: ids.2,
            instruction_id: ids.3,
            end_to_end_id: ids.4,
            uetr: ids.5,
            transaction_id: ids.6,
        })
        .boxed()
}

fn transaction() -> BoxedStrategy<TransactionDetails<'static>> {
    let share = (id(), amount()).prop_map(|(kind, amount)| ProprietaryAmount { kind, amount });
    let amounts = (of(amount()), of(amount()), list(share, 3));
    let parties = (of(party()), of(account()), of(party()), of(party()), of(account()), of(party()));
    let returned = (of(reason()), list(text(105), 2));
    let returned =
        returned.prop_map(|(reason, additional_information)| ReturnInformation { reason, additional_information });
    let rest = (of(one_of(&["SALA", "GOVT"])), remittance(), of(returned), of(text(500)));
    (references(), amounts, parties, of(agent()), of(agent()), rest)
        .prop_map(|(references, amounts, parties, debtor_agent, creditor_agent, rest)| TransactionDetails {
            references,
            amount: amounts.0,
            instructed_amount: amounts.1,
            proprietary_amounts: amounts.2,
            debtor: parties.0,
            debtor_account: parties.1,
            ultimate_debtor: parties.2,
            creditor: parties.3,
            creditor_account: parties.4,
            ultimate_creditor: parties.5,
            debtor_agent,
            creditor_agent,
            purpose: rest.0,
            remittance: rest.1,
            return_information: rest.2,
            additional_information: rest.3,
        })
        .boxed()
}

fn message() -> impl Strategy<Value = Message> {
    let entry = (entry(), vec(transaction(), 0..3), of(text(500)));
    let entry = entry.prop_map(|(entry, transactions, information)| WholeEntry { entry, transactions, information });
    (group_header(), vec((report(), vec(entry, 0..4)), 1..3))
}

/// What a message of this type can say of the values.
fn sayable(message_type: MessageType, (header, reports): &Message) -> Message {
    let newer = message_type.is_newer_generation();
    let party = |party| sayable_party(message_type, party);
    let agent = |agent| sayable_agent(message_type, agent);
    let header = GroupHeader {
        recipient: header.recipient.map(party),
        original_query_message_id: header.original_query_message_id.filter(|_| newer),
        ..*header
    };
    let mut reports = reports.clone();
    for (report, entries) in &mut reports {
        if matches!(message_type, MessageType::Camt054V02 | MessageType::Camt054V08) {
            report.balances = &[];
        }
        report.account.owner = report.account.owner.map(party);
        report.account.servicer = report.account.servicer.map(agent);
        for transaction in entries.iter_mut().flat_map(|entry| &mut entry.transactions) {
            *transaction = TransactionDetails {
                references: References {
                    uetr: transaction.references.uetr.filter(|_| newer),
                    ..transaction.references
                },
                debtor: transaction.debtor.map(party),
                ultimate_debtor: transaction.ultimate_debtor.map(party),
                creditor: transaction.creditor.map(party),
                ultimate_creditor: transaction.ultimate_creditor.map(party),
                debtor_agent: transaction.debtor_agent.map(agent),
                creditor_agent: transaction.creditor_agent.map(agent),
                ..*transaction
            };
        }
    }
    (header, reports)
}

fn written(message_type: MessageType, (header, reports): &Message) -> Vec<u8> {
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(header).unwrap();
    for (report, entries) in reports {
        writer.report(report).unwrap();
        for WholeEntry { entry, transactions, information } in entries {
            writer.entry(entry).unwrap();
            for transaction in transactions {
                writer.transaction(transaction).unwrap();
            }
            if let Some(text) = information {
                writer.additional_entry_information(text).unwrap();
            }
        }
    }
    writer.finish().unwrap()
}

fn assert_reads_as(message_type: MessageType, xml: &[u8], (header, reports): &Message) {
    let shown = String::from_utf8_lossy(xml);
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    assert_eq!(reader.next().unwrap(), Some(Item::GroupHeader(*header)), "{shown}");
    for (report, entries) in reports {
        assert_eq!(reader.next().unwrap(), Some(Item::Report(*report)), "{shown}");
        for WholeEntry { entry, transactions, information } in entries {
            assert_eq!(reader.next().unwrap(), Some(Item::Entry(*entry)), "{shown}");
            for transaction in transactions {
                assert_eq!(reader.next().unwrap(), Some(Item::Transaction(*transaction)), "{shown}");
            }
            let end = Item::EndOfEntry { additional_information: *information };
            assert_eq!(reader.next().unwrap(), Some(end), "{shown}");
        }
        assert_eq!(reader.next().unwrap(), Some(Item::EndOfReport), "{shown}");
    }
    assert_eq!(reader.next().unwrap(), None);
    let findings: Vec<_> = reader.findings().iter().collect();
    assert!(findings.is_empty(), "{findings:#?}\n{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_reads_back_the_same(message in message()) {
        for message_type in TYPES {
            let message = sayable(message_type, &message);
            assert_reads_as(message_type, &written(message_type, &message), &message);
        }
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    for message_type in TYPES {
        for message in support::samples(message(), 25) {
            let message = sayable(message_type, &message);
            support::assert_officially_valid(message_type, &written(message_type, &message));
        }
    }
}

#[test]
fn of_several_batches_of_an_entry_the_first_is_given() {
    let xml = r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>1</Id><Acct><Id><IBAN>LV07TREL5180453053000</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BkTxCd/>
<NtryDtls><Btch><PmtInfId>A</PmtInfId><NbOfTxs>1</NbOfTxs></Btch></NtryDtls>
<NtryDtls><Btch><MsgId>B</MsgId><PmtInfId>B</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>
</Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"#;
    let mut reader = Reader::new(MessageType::Camt054V08, xml.as_bytes(), xsd::Bounds::default());
    let mut batch = None;
    while let Some(item) = reader.next().unwrap() {
        if let Item::Entry(entry) = item {
            let read = entry.batch.unwrap();
            batch = Some((
                read.payment_information_id.map(str::to_owned),
                read.number_of_transactions,
                read.message_id.is_none(),
            ));
        }
    }
    assert_eq!(batch, Some((Some("A".to_owned()), Some(1), true)));
    assert!(reader.findings().is_empty(), "{:?}", reader.findings());
}
