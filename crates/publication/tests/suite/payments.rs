//! pain.001: the published schema and the checker agree, each in its own words.
use crate::support::{PAYMENTS, checked, findings, full_payment, places, published};
use iso20022::MessageType;
use rulebook::usage::{Because, Narrowing, Restriction, Usage};
use rulebook::{Code, Guideline};

#[test]
fn examples_are_in_order() {
    for message_type in PAYMENTS {
        assert_eq!(checked(message_type, publication::example(message_type)), Some(vec![]), "{message_type}");
        assert_eq!(checked(message_type, &full_payment(message_type)), Some(vec![]), "{message_type}");
    }
}

/// The checker refuses a breach of a published restriction with the code published beside it.
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

/// What programs write for a BIC that they do not have passes wherever a BIC stands; ten characters are none by the schema of
/// ISO 20022 already.
#[test]
fn what_stands_for_no_bic_passes() {
    for message_type in PAYMENTS {
        let schema = published(message_type);
        let message = full_payment(message_type);
        let bic = if message_type.is_newer_generation() { "BICFI" } else { "BIC" };
        let agents = ["CstmrCdtTrfInitn/PmtInf/DbtrAgt", "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/CdtrAgt"];
        for agent in agents.map(|agent| format!("{agent}/FinInstnId/{bic}")) {
            let place = places(&message, &agent)[0];
            let with = |value: &str| format!("{}{value}{}", &message[..place.inner], &message[place.inner_end..]);
            for placeholder in iso20022::bounds::PLACEHOLDER_BICS {
                assert_eq!(findings(&schema, &with(placeholder)), Vec::<String>::new(), "{agent} {placeholder}");
                assert_eq!(checked(message_type, &with(placeholder)), Some(vec![]), "{agent} {placeholder}");
            }
            assert_eq!(checked(message_type, &with("NOTPROVXXX")), None, "{agent}");
            assert!(!findings(&schema, &with("NOTPROVXXX")).is_empty(), "{agent}");
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
            "Prtry" => "<Prtry>URGENT</Prtry>",
            // There is none in the message; it stands behind the service level.
            "LclInstrm" => {
                let at = places(message, &format!("{parent}/SvcLvl"))[0].end;
                let instruments = ["<Cd>INST</Cd>", "<Prtry>INSTANT</Prtry>"];
                return instruments.map(|part| replace(at, at, &format!("<LclInstrm>{part}</LclInstrm>"))).to_vec();
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
        Narrowing::Pattern { name: "TreasuryOrNone", .. } => &["HABALV22", "TRELLV2X"],
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

/// The checker refuses elements that change how a payment is made, anywhere; it accepts those that only inform the
/// parties.
#[test]
fn words_of_the_clients_own() {
    let message = full_payment(MessageType::Pain001V09);
    let level = places(&message, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/PmtTpInf/SvcLvl")[0];
    let with = |more: &str| format!("{}{more}{}", &message[..level.end], &message[level.end..]);
    let outcome = |message: &str| {
        let is_valid = findings(&published(MessageType::Pain001V09), message).is_empty();
        (checked(MessageType::Pain001V09, message), is_valid)
    };
    for second in ["<Cd>URGP</Cd>", "<Prtry>URGENT</Prtry>"] {
        let (found, is_valid) = outcome(&with(&format!("<SvcLvl>{second}</SvcLvl>")));
        assert_eq!((found, is_valid), (Some(vec![Code::ServiceLevelNotOffered]), false), "{second}");
    }
    assert_eq!(outcome(&with("<SvcLvl><Cd>NURG</Cd></SvcLvl>")), (Some(vec![]), true));
    let own = message.replace("<Cd>SUPP</Cd>", "<Prtry>Piegādātājam</Prtry>");
    assert_ne!(own, message);
    assert_eq!(outcome(&own), (Some(vec![]), true));
}

/// A schema cannot count references over several blocks; the checker does, and looks at each.
#[test]
fn one_creditor_reference() {
    let message = publication::example(MessageType::Pain001V09);
    let block = places(message, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/RmtInf/Strd")[0];
    let with = |more: &str| format!("{}{more}{}", &message[..block.end], &message[block.end..]);
    let another = &message[block.start..block.end];
    assert_eq!(checked(MessageType::Pain001V09, &with(another)), Some(vec![Code::RemittanceRepeated]));
    let no_reference = "<Strd><AddtlRmtInf>x</AddtlRmtInf></Strd>";
    assert_eq!(checked(MessageType::Pain001V09, &with(no_reference)), Some(vec![]));
}
