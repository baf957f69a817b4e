//! The same payment in another message.

use super::support::messages::{File, payment};
use super::support::*;

async fn codes_of_second(treasury: &TestExchange, first: File, second: File) -> Vec<String> {
    assert_eq!(group_status(&treasury.answer(&first.xml()).await), "ACCP");
    let answer = treasury.answer(&second.xml()).await;
    treasury.check_invariants().await;
    texts(&answer, "StsRsnInf").iter().map(|reason| texts(reason, "Cd")[0].to_owned()).collect()
}

#[tokio::test]
async fn an_end_to_end_id_is_used_once() {
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let first = File::of_many("X", 40, ESTONIAN);
        let mut second = File::of_many("Y", 40, GERMAN);
        second.blocks[0].payments[33].end_to_end_id = first.blocks[0].payments[7].end_to_end_id.clone();
        let codes = codes_of_second(&treasury, first, second).await;
        // The builder makes InstrId of EndToEndId, so both are known.
        assert_eq!(codes, ["DU04", "DU05"]);
    }
}

#[tokio::test]
async fn the_same_content_on_the_same_day_is_a_duplicate() {
    let treasury = TestExchange::new().await;
    let first = File::new("X", vec![payment("A", 10_00, ESTONIAN).saying("Rent")]);
    let second = File::new("Y", vec![payment("B", 10_00, ESTONIAN).saying("Rent"), payment("C", 1_00, GERMAN)]);
    assert_eq!(codes_of_second(&treasury, first, second).await, ["AM05"]);
}

#[tokio::test]
async fn equal_payments_of_one_message_are_all_found_when_they_come_again() {
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let equal = |name: &str| {
            let payments = (0..90).map(|number| payment(&format!("{name}{number}"), 10_00, ESTONIAN).saying("Rent"));
            File::new(name, payments.collect())
        };
        let codes = codes_of_second(&treasury, equal("X"), equal("Y")).await;
        assert_eq!(codes.iter().filter(|code| *code == "AM05").count(), 90, "{codes:?}");
    }
}

#[tokio::test]
async fn a_block_id_is_used_once() {
    let treasury = TestExchange::new().await;
    let first = File::new("X", vec![payment("A", 10_00, ESTONIAN)]);
    let mut second = File::new("Y", vec![payment("B", 11_00, ESTONIAN)]);
    second.blocks[0].id = first.blocks[0].id.clone();
    let codes = codes_of_second(&treasury, first, second).await;
    assert!(codes.contains(&"DU02".to_owned()), "{codes:?}");
}

#[tokio::test]
async fn refused_payments_do_not_count() {
    let treasury = TestExchange::new().await;
    let refused = File::new("X", vec![payment("A", OPENING + 1, ESTONIAN)]);
    assert_eq!(group_status(&treasury.answer(&refused.xml()).await), "RJCT");
    let again = File::new("Y", vec![payment("A", 10_00, ESTONIAN)]);
    assert_eq!(group_status(&treasury.answer(&again.xml()).await), "ACCP");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn identifiers_of_other_clients_do_not_matter() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("X", vec![payment("A", 10_00, ESTONIAN)]).xml()).await;
    treasury.credit(&municipality_account(), 10_00).await;
    let file = File::new("X", vec![payment("A", 10_00, ESTONIAN)]).from(&municipality_account());
    let (answer, _) = answered(treasury.submit(Role::Neighbour, &file.xml()).await);
    assert_eq!(group_status(&answer), "ACCP");
}

#[tokio::test]
async fn two_large_messages_at_once_with_the_same_payments_are_accepted_once() {
    let treasury = TestExchange::with_small_chunks().await;
    let first = File::of_many("X", 150, ESTONIAN);
    let mut second = first.clone();
    second.message_id = "Y".to_owned();
    second.blocks[0].id = "Y-B1".to_owned();
    let (first, second) = (first.xml(), second.xml());
    let (left, right) = tokio::join!(treasury.submit(Role::Manager, &first), treasury.submit(Role::Manager, &second));
    let (left, right) = (answered(left).0, answered(right).0);
    let mut statuses = [group_status(&left), group_status(&right)];
    statuses.sort_unstable();
    assert_eq!(statuses, ["ACCP", "RJCT"]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 150_00));
    treasury.check_invariants().await;
}

/// Chunks of a message in these tests.
const CHUNKS: u64 = 12;

/// The same payments in a message and blocks with other ids.
fn under_another_name(first: &File, name: &str) -> File {
    let mut second = first.clone();
    second.message_id = name.to_owned();
    for block in &mut second.blocks {
        block.id = format!("{name}-{}", block.id);
    }
    second
}

/// For how many answers of the database the store has waited.
fn answers_so_far(treasury: &TestExchange) -> u64 {
    let counters = treasury.store.counters();
    counters.answers + counters.read_answers
}

/// Answers of the database for a message that arrives now, and how many payments it names as known.
async fn answers_for(treasury: &TestExchange, file: &File) -> (u64, usize) {
    let before = answers_so_far(treasury);
    let answer = treasury.answer(&file.xml()).await;
    let answers = answers_so_far(treasury) - before;
    (answers, texts(&answer, "Cd").iter().filter(|code| **code == "DU04").count())
}

#[tokio::test]
async fn known_payments_cost_as_many_answers_of_the_database_as_new_ones() {
    let Some(treasury) = TestExchange::on_postgresql().await else { return };
    let payments = CHUNKS as usize * 64;
    let first = File::of_many("X", payments, ESTONIAN);
    // Statements are prepared once a connection.
    answers_for(&treasury, &File::of_many("W", payments, GERMAN)).await;
    let (new, none) = answers_for(&treasury, &first).await;
    let (known, all) = answers_for(&treasury, &under_another_name(&first, "Y")).await;
    assert_eq!((none, all), (0, payments));
    // A chunk asks for its earlier payments and for the name of their message, and its refusals are written. How many
    // chunks share an answer, and how often rights are confirmed meanwhile, is the machine's: the bound is far from both,
    // and from an answer for each payment.
    assert!(known < new + payments as u64 / 4, "{new} answers for new payments, {known} for known ones");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn payments_that_become_known_meanwhile_are_read_back_together() {
    let Some(treasury) = TestExchange::on_postgresql().await else { return };
    let payments = CHUNKS as usize * 64;
    let long = File::of_many("Y", 8 * payments, ESTONIAN);
    let mut first = under_another_name(&long, "X");
    first.blocks[0].payments.truncate(payments);
    let (before, jobs) = (answers_so_far(&treasury), treasury.store.counters().jobs);
    let (long, first) = (long.xml(), first.xml());
    let second = async {
        // The first chunks of the long one are checked by then.
        while treasury.store.counters().jobs < jobs + CHUNKS {
            tokio::time::sleep(crate::BETWEEN_LOOKS).await;
        }
        treasury.answer(&first).await
    };
    let (long, first) = tokio::join!(treasury.answer(&long), second);
    assert_eq!(group_status(&first), "ACCP");
    assert_eq!(texts(&long, "Cd").iter().filter(|code| **code == "DU04").count(), payments);
    let answers = answers_so_far(&treasury) - before;
    // Less than one a payment, of which the long message has eight times as many.
    assert!(answers < 9 * CHUNKS * 64 / 4, "{answers} answers");
    treasury.check_invariants().await;
}

/// A message of one payment of 55.00 with this remittance.
fn with_remittance(name: &str, remittance: &str) -> String {
    let file = File::new(name, vec![payment(name, 55_00, ESTONIAN)]).xml();
    file.replace(&format!("<Ustrd>Invoice {name}</Ustrd>"), remittance)
}

/// Each of them is accepted once, whichever came in between, and a second time it is a duplicate.
#[tokio::test]
async fn different_invoices_are_different_payments() {
    let typed = |issuer: &str| {
        format!(
            "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>PUOR</Cd></CdOrPrtry><Issr>{issuer}</Issr></Tp><Ref>1</Ref></CdtrRefInf></Strd>"
        )
    };
    let cases = [
        "<Strd><RfrdDocInf><Nb>INV-1</Nb></RfrdDocInf></Strd>".to_owned(),
        "<Strd><RfrdDocInf><Nb>INV-2</Nb></RfrdDocInf></Strd>".to_owned(),
        "<Strd><RfrdDocInf><Nb>INV-1</Nb></RfrdDocInf><RfrdDocInf><Nb>INV-2</Nb></RfrdDocInf></Strd>".to_owned(),
        "<Strd><AddtlRmtInf>INV-1</AddtlRmtInf></Strd>".to_owned(),
        "<Strd><AddtlRmtInf>INV-2</AddtlRmtInf></Strd>".to_owned(),
        typed("A"),
        typed("B"),
        // Last: it says less than the others, so they would not follow it.
        "<Strd><CdtrRefInf><Ref>1</Ref></CdtrRefInf></Strd>".to_owned(),
    ];
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        for (number, remittance) in cases.iter().enumerate() {
            let answer = treasury.answer(&with_remittance(&format!("X{number}"), remittance)).await;
            assert_eq!(group_status(&answer), "ACCP", "{remittance}: {answer}");
        }
        for (number, remittance) in cases.iter().enumerate() {
            let answer = treasury.answer(&with_remittance(&format!("Y{number}"), remittance)).await;
            assert_eq!(group_status(&answer), "RJCT", "{remittance}");
            assert_eq!(
                texts(&answer, "Cd").iter().filter(|code| **code == "AM05").count(),
                1,
                "{remittance}: {answer}"
            );
        }
        treasury.check_invariants().await;
    }
}

/// A payment that names no document is found again although others of its message, alike but for their documents, came after it.
#[tokio::test]
async fn a_plain_payment_is_not_hidden_by_others_with_documents() {
    let remittance = |number: usize| match number {
        0 => "<Ustrd>Rent</Ustrd>".to_owned(),
        number => format!("<Ustrd>Rent</Ustrd><Strd><RfrdDocInf><Nb>INV-{number}</Nb></RfrdDocInf></Strd>"),
    };
    let payee = municipality_account();
    let message = |name: &str, numbers: std::ops::Range<usize>| {
        let named = |number: usize| format!("{name}-{number}");
        let payments = numbers.clone().map(|number| payment(&named(number), 55_00, &payee)).collect();
        let xml = File::new(name, payments).xml();
        numbers.fold(xml, |xml, number| {
            xml.replace(&format!("<Ustrd>Invoice {}</Ustrd>", named(number)), &remittance(number))
        })
    };
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let answer = treasury.answer(&message("A", 0..15)).await;
        assert_eq!(group_status(&answer), "ACCP", "{answer}");
        let answer = treasury.answer(&message("B", 0..1)).await;
        assert_eq!((group_status(&answer), texts(&answer, "Cd").contains(&"AM05")), ("RJCT", true), "{answer}");
        let answer = treasury.answer(&message("C", 0..15)).await;
        let named = texts(&answer, "Cd").into_iter().filter(|code| *code == "AM05").count();
        assert_eq!((group_status(&answer), named), ("RJCT", 15), "{answer}");
        treasury.check_invariants().await;
    }
}
