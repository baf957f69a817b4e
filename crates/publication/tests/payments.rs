//! pain.001: the published schema and the checker agree, each in its own words.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use iso20022::MessageType;
use rulebook::Guideline;
use rulebook::usage::{Because, Narrowing, Restriction, Usage};
use support::mutate::{Random, mutate};
use support::{PAYMENTS, checked, findings, full_payment, places, published};

#[test]
fn examples_are_in_order() {
    for message_type in PAYMENTS {
        assert_eq!(checked(message_type, publication::example(message_type)), Some(vec![]), "{message_type}");
        assert_eq!(checked(message_type, &full_payment(message_type)), Some(vec![]), "{message_type}");
    }
}

/// The published schema refuses nothing that the exchange takes: small changes of many kinds, and several of them.
#[test]
fn what_the_checker_accepts_the_published_schema_accepts() {
    let mut random = Random::new(9_001);
    for message_type in PAYMENTS {
        let schema = published(message_type);
        let seeds = [publication::example(message_type).to_owned(), full_payment(message_type)];
        let (mut accepted, mut refused_by_both) = (0, 0);
        for round in 0..1_500 {
            let mut message = seeds[round % 2].clone();
            for _ in 0..=round % 3 {
                message = mutate(&message, &mut random).map_or(message, |(_, mutant)| mutant);
            }
            if message == seeds[round % 2] {
                continue;
            }
            let by_checker = checked(message_type, &message);
            let by_schema = findings(&schema, &message);
            if by_checker.as_ref().is_some_and(Vec::is_empty) {
                accepted += 1;
                assert!(by_schema.is_empty(), "{message_type}: {by_schema:?}\n{message}");
            } else {
                refused_by_both += usize::from(!by_schema.is_empty());
            }
        }
        assert!(
            accepted > 80 && refused_by_both > 80,
            "{message_type}: {accepted} accepted, {refused_by_both} refused"
        );
    }
}

/// Whoever breaks a published restriction is refused with the code that is published with it.
#[test]
fn what_breaks_a_restriction_is_refused_with_its_code() {
    for message_type in PAYMENTS {
        let schema = published(message_type);
        let usage = Usage::of(message_type, &Guideline::latvia());
        let message = full_payment(message_type);
        for restriction in &usage.restrictions {
            let Because::Refused(codes) = restriction.because else { panic!("{restriction:?}") };
            for broken in broken(&message, restriction, message_type) {
                let found = checked(message_type, &broken);
                let found = found.unwrap_or_else(|| panic!("ISO 20022 refuses it too: {restriction:?}\n{broken}"));
                assert!(codes.iter().any(|code| found.contains(code)), "{restriction:?}: {found:?}\n{broken}");
                assert!(!findings(&schema, &broken).is_empty(), "{restriction:?}\n{broken}");
            }
        }
    }
}

/// The message with the restriction broken, in one way or several.
fn broken(message: &str, restriction: &Restriction, message_type: MessageType) -> Vec<String> {
    let (element, attribute) = match restriction.path.split_once("/@") {
        Some((element, attribute)) => (element, Some(attribute)),
        None => (restriction.path.as_str(), None),
    };
    let (parent, last) = element.rsplit_once('/').unwrap();
    let replace = |from: usize, to: usize, with: &str| format!("{}{with}{}", &message[..from], &message[to..]);
    if restriction.narrowing == Narrowing::NotUsed {
        let instead = match last {
            "Othr" => "<Othr><Id>1234567</Id></Othr>",
            "EqvtAmt" => "<EqvtAmt><Amt Ccy=\"EUR\">12.34</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt>",
            // There is none in the message; it stands behind the service level.
            "Cd" => {
                let before = parent.rsplit_once('/').unwrap().0;
                let at = places(message, &format!("{before}/SvcLvl"))[0].end;
                return vec![replace(at, at, "<LclInstrm><Cd>INST</Cd></LclInstrm>")];
            }
            other => panic!("how is {other} broken?"),
        };
        let place = places(message, parent)[0];
        return vec![replace(place.inner, place.inner_end, instead)];
    }
    let place = *places(message, element).first().unwrap_or_else(|| panic!("{message_type} has no {element}"));
    let whole = &message[place.start..place.end];
    let values: &[&str] = match &restriction.narrowing {
        Narrowing::Mandatory => return vec![replace(place.start, place.end, "")],
        Narrowing::AtMost(_) => return vec![replace(place.end, place.end, whole)],
        Narrowing::Pattern { name: "Identifier", .. } => &["/A", "A/", "A//B", "A_B", "Ā"],
        Narrowing::Pattern { name: "DomesticText", .. } => &["№", "a\nb", "Ö", "a_b"],
        Narrowing::Pattern { name: "TreasuryAccount", .. } => {
            &["DE89370400440532013000", "LV62HABA0551234567890", "LV07TREL518045305300", "LV07TREL518045305300a"]
        }
        Narrowing::Pattern { name: "Treasury", .. } => &["HABALV22", "TRELLV2X"],
        Narrowing::Pattern { name: "Iban", .. } => &["DE8937040044053201300a", "LV62haba0551234567890"],
        Narrowing::Values { .. } if attribute.is_some() => {
            let narrow = whole.replace("\"EUR\"", "\"USD\"");
            return vec![replace(place.start, place.end, &narrow)];
        }
        Narrowing::Values { name: "Transfer", .. } => &["CHK", "TRA"],
        Narrowing::Values { name: "Offered", .. } => &["URGP", "sepa"],
        Narrowing::AboveZero => &["0", "0.00"],
        Narrowing::FractionDigits(_) => &["12.345", "0.001"],
        // ISO 20022 has the same length.
        Narrowing::CharsMax(140) => &[],
        other => panic!("how is {other:?} broken?"),
    };
    values.iter().map(|value| replace(place.inner, place.inner_end, value)).collect()
}
