//! Settings of a client for its accounting system.

use exchange::{AcceptancePolicy, EndToEndIdUniqueness, Preferences, Settings};
use jiff::SignedDuration;
use rulebook::Code;

use super::support::messages::{File, payment};
use super::support::*;

/// Small messages are decided on in memory, large ones staged.
fn both_sizes() -> [Settings; 2] {
    [Settings::default(), Settings { small_message_payments_max: 1, stage_chunk_payments: 2, ..Settings::default() }]
}

async fn set(treasury: &TestExchange, preferences: Preferences) {
    treasury.exchange.operator().set_preferences(treasury.ministry, preferences).await.unwrap();
}

#[tokio::test]
async fn a_status_report_names_every_payment_where_the_client_wants_it() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        let file = |id: &str| {
            let of = |name: &str| format!("{id}-{name}");
            let payments = vec![
                payment(&of("A"), 1_00, ESTONIAN),
                payment(&of("B"), 2_00, "EE382200221020145686"),
                payment(&of("C"), 3_00, &municipality_account()),
            ];
            let mut file = File::new(id, payments);
            let mut other = file.blocks[0].clone();
            (other.id, other.debtor_iban) = (of("OTHER"), municipality_account());
            other.payments = vec![payment(&of("D"), 4_00, ESTONIAN)];
            file.blocks.push(other);
            file.xml()
        };
        let answer = treasury.answer(&file("MSG-1")).await;
        assert_eq!(texts(&answer, "OrgnlEndToEndId"), ["MSG-1-B"], "refused payments alone, by default");
        set(&treasury, Preferences { lists_every_payment: true, ..Preferences::default() }).await;
        let answer = treasury.answer(&file("MSG-2")).await;
        assert_eq!(texts(&answer, "OrgnlEndToEndId"), ["MSG-2-A", "MSG-2-B", "MSG-2-C", "MSG-2-D"]);
        assert_eq!(texts(&answer, "TxSts"), ["ACCP", "RJCT", "ACCP", "RJCT"]);
        let status = treasury.status("MSG-2").await;
        for element in ["OrgnlEndToEndId", "TxSts", "AddtlInf"] {
            assert_eq!(texts(&status, element), texts(&answer, element), "{element}");
        }
        treasury.carry_out().await;
        assert_eq!(texts(&treasury.status("MSG-2").await, "TxSts"), ["ACSC", "RJCT", "ACSC", "RJCT"]);
        // The setting of the moment counts, for earlier messages too.
        assert_eq!(texts(&treasury.status("MSG-1").await, "TxSts").len(), 4);
        let refused = file("MSG-3").replace("<CtrlSum>10.00</CtrlSum>", "<CtrlSum>10.01</CtrlSum>");
        let answer = treasury.answer(&refused).await;
        assert_eq!(texts(&answer, "TxSts"), ["RJCT"; 4]);
        let reasons: Vec<_> = texts(&answer, "TxInfAndSts").iter().map(|payment| texts(payment, "Cd")[0]).collect();
        // A payment without a fault of its own has the reason of the message or its block.
        assert_eq!(reasons, ["AM16", "AC03", "AM16", "NARR"], "{answer}");
        assert_eq!(treasury.status("MSG-3").await, answer);
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn every_payment_of_a_refused_block_and_beyond_the_funds_has_its_reason() {
    for settings in both_sizes() {
        for older in [false, true] {
            let treasury = TestExchange::with(AcceptancePolicy::Partial, settings.clone()).await;
            set(&treasury, Preferences { lists_every_payment: true, ..Preferences::default() }).await;
            treasury.answer(&File::new("MSG-0", vec![payment("0", 1_00, ESTONIAN)]).xml()).await;
            let amounts = [1_00, OPENING + 1, OPENING + 2, 1_00];
            let payments = amounts.iter().enumerate();
            let payments = payments.map(|(number, cents)| payment(&format!("A{number}"), *cents, ESTONIAN)).collect();
            let mut file = File::new("MSG-1", payments);
            let mut known = file.blocks[0].clone();
            known.id = "MSG-0-B1".to_owned();
            known.payments = vec![payment("B0", 1_00, ESTONIAN), payment("B1", 1_00, GERMAN)];
            file.blocks.push(known);
            let file = if older { file.older() } else { file };
            let answer = treasury.answer(&file.xml()).await;
            assert_eq!(texts(&answer, "TxSts"), ["ACCP", "RJCT", "RJCT", "RJCT", "RJCT", "RJCT"], "{answer}");
            let payments = texts(&answer, "TxInfAndSts");
            for (payment, code) in payments[1..].iter().zip(["4012", "4012", "4012", "4022", "4022"]) {
                assert!(texts(payment, "AddtlInf").concat().contains(code), "{code}: {payment}");
            }
            assert_eq!(texts(&treasury.status("MSG-1").await, "TxInfAndSts"), payments);
        }
    }
}

#[tokio::test]
async fn as_many_payments_are_named_as_the_bound_allows() {
    for settings in both_sizes() {
        let treasury =
            TestExchange::with(AcceptancePolicy::Partial, Settings { refusals_named_max: 3, ..settings }).await;
        set(&treasury, Preferences { lists_every_payment: true, ..Preferences::default() }).await;
        let file = |id: &str, bad: &[usize]| {
            let mut file = File::of_many(id, 6, ESTONIAN);
            bad.iter().for_each(|bad| file.blocks[0].payments[*bad].creditor_iban = "EE382200221020145686".to_owned());
            file.xml()
        };
        for (id, bad, named) in [
            ("NONE", &[][..], &[("0", "ACCP"), ("1", "ACCP"), ("2", "ACCP")][..]),
            ("ONE", &[4], &[("0", "ACCP"), ("1", "ACCP"), ("4", "RJCT")]),
            ("FOUR", &[1, 2, 3, 4], &[("1", "RJCT"), ("2", "RJCT"), ("3", "RJCT")]),
        ] {
            let answer = treasury.answer(&file(id, bad)).await;
            let statuses = texts(&answer, "TxSts").into_iter();
            let said: Vec<_> = texts(&answer, "OrgnlEndToEndId").into_iter().zip(statuses).collect();
            let named: Vec<_> = named.iter().map(|(number, status)| (format!("{id}-{number}"), *status)).collect();
            let named: Vec<_> = named.iter().map(|(name, status)| (name.as_str(), *status)).collect();
            assert_eq!(said, named);
            assert_eq!(texts(&treasury.status(id).await, "TxInfAndSts"), texts(&answer, "TxInfAndSts"));
        }
    }
}

/// A message of one payment with this `EndToEndId`, and no `InstrId`.
fn one(message_id: &str, end_to_end_id: &str) -> String {
    let payment = payment(end_to_end_id, 1_00, ESTONIAN).saying(message_id);
    File::new(message_id, vec![payment]).xml().replace(&format!("<InstrId>I-{end_to_end_id}</InstrId>"), "")
}

#[tokio::test]
async fn an_end_to_end_id_is_unique_for_as_long_as_the_client_says() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        let used = |answer: &str| answer.contains(Code::EndToEndIdUsed.id());
        treasury.answer(&one("MSG-1", "CONSTANT")).await;
        assert!(used(&treasury.answer(&one("MSG-2", "CONSTANT")).await), "for ever, by default");
        let of = |end_to_end_ids| Preferences { end_to_end_ids, ..Preferences::default() };
        set(&treasury, of(EndToEndIdUniqueness::WithinMessage)).await;
        assert_eq!(group_status(&treasury.answer(&one("MSG-3", "CONSTANT")).await), "ACCP");
        let twice = vec![payment("TWICE", 1_00, ESTONIAN), payment("TWICE", 2_00, ESTONIAN)];
        let answer = treasury.answer(&File::new("MSG-4", twice).xml()).await;
        assert!(answer.contains(Code::EndToEndIdRepeated.id()), "within the message it still is: {answer}");
        // Messages sent under another setting count when the setting changes.
        set(&treasury, of(EndToEndIdUniqueness::Days(2))).await;
        assert!(used(&treasury.answer(&one("MSG-5", "CONSTANT")).await));
        // The machine's clock says nothing: days are business days of receipt.
        treasury.clock.advance(SignedDuration::from_hours(72));
        assert!(used(&treasury.answer(&one("MSG-5A", "CONSTANT")).await), "the same business day");
        let next_day = async || treasury.exchange.operator().advance_business_day().await.unwrap();
        next_day().await;
        let answer = treasury.answer(&one("MSG-6", "CONSTANT")).await;
        assert!(used(&answer), "the second day");
        let told = texts(&answer, "AddtlInf").join(" ");
        assert!(told.contains(&TODAY.to_string()), "the reason names the business day of the earlier message: {told}");
        next_day().await;
        assert_eq!(group_status(&treasury.answer(&one("MSG-7", "CONSTANT")).await), "ACCP", "the third day");
        assert!(used(&treasury.answer(&one("MSG-8", "CONSTANT")).await), "and again");
        set(&treasury, of(EndToEndIdUniqueness::ForEver)).await;
        assert!(used(&treasury.answer(&one("MSG-9", "CONSTANT")).await));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn a_payment_that_was_refused_or_came_back_leaves_its_identifiers_free() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        let saying = |message_id: &str, what: &str| {
            let payments = vec![payment("A", 1_00, GERMAN).saying(what), payment(message_id, 1_00, ESTONIAN)];
            File::new(message_id, payments).xml()
        };
        for (number, what) in ["SIMULATE RETURN", "SIMULATE REJECT AC04", "Invoice"].into_iter().enumerate() {
            let answer = treasury.answer(&saying(&format!("MSG-{number}"), what)).await;
            assert_eq!(group_status(&answer), "ACCP", "{what}: {answer}");
            treasury.carry_out().await;
            treasury.check_invariants().await;
        }
        let again = treasury.answer(&saying("MSG-9", "Invoice")).await;
        assert!(again.contains(Code::EndToEndIdUsed.id()), "the last one was paid: {again}");
    }
}
