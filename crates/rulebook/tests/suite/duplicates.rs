//! Identifiers that occur twice in a message.
use crate::common::*;
use iso20022::pain001::{CreditTransfer, PaymentInformation};
use proptest::prelude::*;
use rulebook::{Code, Language, Scope};

fn numbered(id: &str) -> CreditTransfer<'_> {
    CreditTransfer { end_to_end_id: id, ..sepa() }
}

#[test]
fn the_second_occurrence_is_refused_also_in_another_block() {
    let other = PaymentInformation { payment_information_id: "OTHER", ..block() };
    let payments = vec![numbered("R-1"), numbered("R-2")];
    let outcome = Message::of(vec![(block(), payments), (other, vec![numbered("R-3"), numbered("R-1")])]).check();
    let finding = outcome.only_finding();
    assert_eq!(finding.code, Code::EndToEndIdRepeated);
    assert_eq!(finding.scope, Scope::CreditTransfer { block: 1, ordinal: 3 });
    assert_eq!(finding.entry().iso_reason, Some("DU04"));
    assert_eq!(finding.text(Language::English), "EndToEndId `R-1` occurred before in this message.");
    assert_eq!(outcome.payments.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false]);
}

#[test]
fn not_provided_may_be_repeated() {
    let outcome = Message::of(vec![(block(), vec![sepa(), sepa(), internal()])]).check();
    assert_eq!(outcome.findings, []);
    // But it is no word for an InstrId.
    let payment = CreditTransfer { instruction_id: Some("NOTPROVIDED"), ..sepa() };
    let outcome = Message::of(vec![(block(), vec![payment, payment])]).check();
    assert_eq!(outcome.codes(), [Code::InstructionIdRepeated]);
}

#[test]
fn instruction_ids_are_apart_from_end_to_end_ids() {
    let first = CreditTransfer { instruction_id: Some("A"), ..numbered("B") };
    let second = CreditTransfer { instruction_id: Some("B"), ..numbered("A") };
    let third = CreditTransfer { instruction_id: Some("A"), ..numbered("C") };
    let outcome = Message::of(vec![(block(), vec![first, second, third])]).check();
    assert_eq!(outcome.only_finding().code, Code::InstructionIdRepeated);
    assert_eq!(outcome.only_finding().entry().iso_reason, Some("DU05"));
}

#[test]
fn a_repeated_block_is_refused() {
    let outcome = Message::of(vec![(block(), vec![sepa()]), (block(), vec![sepa()])]).check();
    let finding = outcome.only_finding();
    assert_eq!(
        (finding.code, finding.scope),
        (Code::PaymentInformationIdRepeated, Scope::PaymentInformation { block: 1 })
    );
    assert_eq!(finding.entry().iso_reason, Some("DU02"));
    assert_eq!((outcome.heads[1], outcome.payments[1]), (None, None));
}

#[test]
fn many_identifiers_whatever_the_header_announces() {
    let ids: Vec<String> = (0..30_000).map(|number| format!("REK-{number:031}")).collect();
    for announced in [0, 1, 20_000, 30_000, u64::MAX] {
        let mut message = Message::of(vec![(block(), ids.iter().map(|id| numbered(id)).collect())]);
        message.group.number_of_transactions = announced;
        message.blocks[0].1.push(CreditTransfer { ordinal: 30_000, ..numbered(&ids[29_999]) });
        message.blocks[0].1.push(CreditTransfer { ordinal: 30_001, ..numbered(&ids[0]) });
        let outcome = message.check();
        let repeated = outcome.findings.iter().filter(|finding| finding.code == Code::EndToEndIdRepeated);
        let scopes: Vec<Scope> = repeated.map(|finding| finding.scope).collect();
        let scope = |ordinal| Scope::CreditTransfer { block: 0, ordinal };
        assert_eq!(scopes, [scope(30_000), scope(30_001)], "announced: {announced}");
    }
}

proptest! {
    #[test]
    fn as_a_set_of_texts_would_say(ids in prop::collection::vec("[ab]{1,6}", 1..300), key: u64) {
        let mut message = Message::of(vec![(block(), ids.iter().map(|id| numbered(id)).collect())]);
        message.context.hash_key = key;
        let mut seen = std::collections::HashSet::new();
        let fresh: Vec<bool> = ids.iter().map(|id| seen.insert(id)).collect();
        let accepted: Vec<bool> = message.check().payments.iter().map(Option::is_some).collect();
        prop_assert_eq!(accepted, fresh);
    }
}
