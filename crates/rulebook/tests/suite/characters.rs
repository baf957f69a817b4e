//! Character sets and lengths of texts and identifiers.
use crate::common::*;
use iso20022::common::{CodeOrProprietary, CreditorReference, Party, PostalAddress, Remittance};
use iso20022::pain001::{CreditTransfer, PaymentInformation};
use proptest::prelude::*;
use rulebook::characters::{first_outside, is_basic};
use rulebook::{Code, Guideline, Language};

const LATVIAN: &str = "AĀBCČDEĒFGĢHIĪJKĶLĻMNŅOŌPRŖSŠTUŪVZŽaābcčdeēfgģhiījkķlļmnņoōprŗsštuūvzž";

fn named<'a>(payment: CreditTransfer<'a>, name: &'a str) -> CreditTransfer<'a> {
    CreditTransfer { creditor: Some(Party { name: Some(name), ..Party::default() }), ..payment }
}

#[test]
fn latvian_letters_within_latvia_only() {
    accepted(named(internal(), LATVIAN));
    accepted(named(to_account(sepa(), "LV80BANK0000435195001"), "Šķūņu iela"));
    let finding = refused(named(sepa(), "Jānis Bērziņš"));
    assert_eq!((finding.code, finding.element), (Code::CharacterNotAllowed, "CdtTrfTxInf/Cdtr/Nm"));
    assert_eq!(finding.entry().iso_reason, Some("RR10"));
    assert_eq!(
        finding.text(Language::English),
        "CdtTrfTxInf/Cdtr/Nm has characters that are not allowed: ā (U+0101), ē (U+0113), ņ (U+0146), š (U+0161) in `Jānis Bērziņš`."
    );
}

const REFERENCE_PROPRIETARY: &str = "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Prtry";
const REFERENCE_ISSUER: &str = "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Tp/Issr";

fn referring<'a>(creditor_references: &'a [CreditorReference<'a>]) -> Remittance<'a> {
    Remittance { creditor_references, ..Remittance::default() }
}

#[test]
fn all_characters_are_named_and_where_there_are_too_many_that_more_follow() {
    let bad = "_&;!@#%=<>[]{}|~^";
    let several = refused(named(sepa(), &bad[..16]));
    let shown = |count| several.expected.as_str().split(", ").count() == count;
    assert!(shown(16) && several.expected.as_str().ends_with("~ (U+007E)"), "{several:?}");
    let more = refused(named(sepa(), bad));
    let expected = more.expected.as_str();
    assert!(expected.starts_with(several.expected.as_str()) && expected.ends_with(", …"), "{expected}");
    for language in Language::ALL {
        assert!(more.text(language).contains(expected), "{}", more.text(language));
    }
}

#[test]
fn every_text_of_a_payment_is_looked_at() {
    let address = PostalAddress { town_name: Some("Köln"), country: Some("DE"), ..Default::default() };
    let party = |name, postal_address| Some(Party { name: Some(name), postal_address, ..Party::default() });
    let nowhere = PostalAddress::default();
    let place = PostalAddress { town_name: Some("Koeln"), ..address };
    let free = PostalAddress { address_lines: &["Domstrasse 1", "c_o"], ..place };
    let street = PostalAddress { street_name: Some("Straße"), ..place };
    let known = CreditorReference::untyped("A1");
    let proprietary = [CreditorReference { kind: Some(CodeOrProprietary::Proprietary("a_b")), ..known }];
    let issued = [CreditorReference { issuer: Some("a_b"), ..known }];
    for (payment, element) in [
        (CreditTransfer { creditor: party("Muster & Co", nowhere), ..sepa() }, "CdtTrfTxInf/Cdtr/Nm"),
        (CreditTransfer { creditor: party("Muster", address), ..sepa() }, "CdtTrfTxInf/Cdtr/PstlAdr/TwnNm"),
        (CreditTransfer { creditor: party("Muster", free), ..sepa() }, "CdtTrfTxInf/Cdtr/PstlAdr/AdrLine"),
        (
            CreditTransfer { ultimate_creditor: party("Muster", street), ..sepa() },
            "CdtTrfTxInf/UltmtCdtr/PstlAdr/StrtNm",
        ),
        (CreditTransfer { remittance: referring(&proprietary), ..sepa() }, REFERENCE_PROPRIETARY),
        (CreditTransfer { remittance: referring(&issued), ..sepa() }, REFERENCE_ISSUER),
        (CreditTransfer { ultimate_debtor: party("a_b", nowhere), ..sepa() }, "CdtTrfTxInf/UltmtDbtr/Nm"),
        (CreditTransfer { ultimate_creditor: party("a@b", nowhere), ..sepa() }, "CdtTrfTxInf/UltmtCdtr/Nm"),
        (
            CreditTransfer {
                remittance: Remittance {
                    unstructured: &["line\nbreak"],
                    creditor_references: &[],
                    ..Remittance::default()
                },
                ..sepa()
            },
            "CdtTrfTxInf/RmtInf/Ustrd",
        ),
        (
            CreditTransfer {
                remittance: Remittance {
                    unstructured: &[],
                    creditor_references: &[CreditorReference::untyped("A*1")],
                    ..Remittance::default()
                },
                ..sepa()
            },
            "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Ref",
        ),
        (CreditTransfer { end_to_end_id: "Ā-1", ..internal() }, "CdtTrfTxInf/PmtId/EndToEndId"),
        (CreditTransfer { instruction_id: Some("Ā-1"), ..internal() }, "CdtTrfTxInf/PmtId/InstrId"),
    ] {
        let finding = refused(payment);
        assert_eq!((finding.code, finding.element), (Code::CharacterNotAllowed, element));
    }
    let finding = refused(CreditTransfer {
        remittance: Remittance { unstructured: &["line\nbreak"], creditor_references: &[], ..Remittance::default() },
        ..sepa()
    });
    assert_eq!(finding.value.as_str(), "line␣break", "a control character is shown, not passed on");
    assert_eq!(finding.expected.as_str(), "U+000A");
}

#[test]
fn slashes_of_identifiers() {
    for id in ["/A", "A/", "A//B", "/", "//"] {
        assert_eq!(refused(CreditTransfer { end_to_end_id: id, ..sepa() }).code, Code::IdentifierSlashes, "{id}");
        assert_eq!(refused(CreditTransfer { instruction_id: Some(id), ..sepa() }).code, Code::IdentifierSlashes);
        assert_eq!(
            refused_block(PaymentInformation { payment_information_id: id, ..block() }).code,
            Code::IdentifierSlashes
        );
        let mut message = Message::of(vec![(block(), vec![sepa()])]);
        message.group.message_id = id;
        assert_eq!(message.check().only_finding().element, "GrpHdr/MsgId");
    }
    accepted(CreditTransfer { end_to_end_id: "2026/11/A/B", ..sepa() });
    // In a text they may stand anywhere.
    accepted(CreditTransfer {
        remittance: Remittance { unstructured: &["//2026/"], creditor_references: &[], ..Remittance::default() },
        ..sepa()
    });
}

fn with_texts<'a>(unstructured: &'a [&'a str]) -> CreditTransfer<'a> {
    CreditTransfer {
        remittance: Remittance { unstructured, creditor_references: &[], ..Remittance::default() },
        ..internal()
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    let of_70 = "Ā".repeat(70);
    let of_71 = "A".repeat(71);
    accepted(named(to_account(sepa(), "LV80BANK0000435195001"), &of_70));
    accepted(named(internal(), &of_71));
    let finding = refused(named(sepa(), &of_71));
    assert_eq!((finding.code, finding.expected.as_str()), (Code::NameTooLong, "70"));
    assert_eq!(finding.value.as_str().chars().count(), 71, "70 characters and the ellipsis");

    let (of_140, of_141) = ("Ā".repeat(140), "A".repeat(141));
    let (fits, too_long) = ([of_140.as_str()], [of_141.as_str()]);
    accepted(with_texts(&fits));
    assert_eq!(refused(with_texts(&too_long)).code, Code::RemittanceTooLong);
    assert_eq!(refused(with_texts(&["one", "two"])).code, Code::RemittanceRepeated);
    accepted(with_texts(&[]));
}

#[test]
fn names_in_the_head_of_a_block_refuse_its_sepa_payments_only() {
    let long = "A".repeat(71);
    let head = PaymentInformation {
        debtor: Party { name: Some(&long), ..Party::default() },
        ultimate_debtor: Some(Party { name: Some("Valsts ieņēmumu dienests"), ..Party::default() }),
        ..block()
    };
    let outcome = Message::of(vec![(head, vec![internal(), sepa()])]).check();
    assert_eq!((outcome.only_finding().code, outcome.only_finding().element), (Code::NameTooLong, "PmtInf/Dbtr/Nm"));
    assert!(outcome.payments[0].is_some() && outcome.payments[1].is_none());
}

#[test]
fn creditor_references() {
    fn with(references: &[&'static str]) -> CreditTransfer<'static> {
        let references: Vec<_> = references.iter().copied().map(CreditorReference::untyped).collect();
        CreditTransfer {
            remittance: Remittance {
                unstructured: &[],
                creditor_references: references.leak(),
                ..Remittance::default()
            },
            ..sepa()
        }
    }
    accepted(with(&["RF18539007547034"]));
    accepted(with(&["1234561"]));
    let finding = refused(with(&["RF19539007547034"]));
    assert_eq!((finding.code, finding.entry().iso_reason), (Code::CreditorReferenceInvalid, Some("RR07")));
    let finding = refused(with(&["1234561", "RF18539007547034"]));
    assert_eq!((finding.code, finding.value.as_str()), (Code::RemittanceRepeated, "2"));
    assert_eq!(
        finding.text(Language::Latvian),
        "CdtTrfTxInf/RmtInf/Strd/CdtrRefInf/Ref: elementu skaits maksājumā ir 2, atļauts ne vairāk kā 1."
    );
    let both = [Code::RemittanceRepeated, Code::CreditorReferenceInvalid];
    assert_eq!(check_payment(with(&["1234561", "RF19539007547034"])).codes(), both, "each is checked");
}

/// A reference of a type other than ISO 11649 may begin with `RF`.
#[test]
fn check_digits_are_those_of_creditor_references_only() {
    let typed = |kind, issuer| {
        let reference = CreditorReference { reference: "RF19539007547034", kind: Some(kind), issuer };
        let creditor_references = vec![reference].leak();
        CreditTransfer {
            remittance: Remittance { unstructured: &[], creditor_references, ..Remittance::default() },
            ..sepa()
        }
    };
    refused(typed(CodeOrProprietary::Code("SCOR"), None));
    accepted(typed(CodeOrProprietary::Code("PUOR"), Some("Liepaja")));
    accepted(typed(CodeOrProprietary::Proprietary("RF-ORDER"), None));
    for payment in
        [typed(CodeOrProprietary::Proprietary("A*1"), None), typed(CodeOrProprietary::Code("PUOR"), Some("A*1"))]
    {
        let code = refused(payment).code;
        assert_eq!(code, Code::CharacterNotAllowed);
    }
}

proptest! {
    #[test]
    fn the_table_and_the_definition_agree(text in "\\PC{0,20}") {
        let letters = Guideline::latvia().national_letters;
        let marks = "/-?:().,'+ ";
        let allowed = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
        prop_assert_eq!(first_outside(&text, ""), text.chars().find(|c| !allowed(*c)));
        prop_assert_eq!(first_outside(&text, letters), text.chars().find(|c| !allowed(*c) && !letters.contains(*c)));
        prop_assert!(text.chars().all(|c| is_basic(c) == allowed(c)));
    }
}

#[test]
fn identifications_of_ultimate_parties_have_allowed_characters() {
    let party = |id, scheme, issuer| {
        let identification_scheme = Some(CodeOrProprietary::Proprietary(scheme));
        let identification = Some(id);
        Some(Party { identification, identification_scheme, identification_issuer: Some(issuer), ..Party::default() })
    };
    let fitting = party("900-1", "PK", "VID");
    accepted(CreditTransfer { ultimate_debtor: fitting, ultimate_creditor: fitting, ..sepa() });
    for unfit in [party("A&B", "PK", "VID"), party("A", "<b>", "VID"), party("A", "PK", "\u{202E}")] {
        let finding = refused(CreditTransfer { ultimate_debtor: unfit, ..sepa() });
        assert_eq!((finding.code, finding.element), (Code::CharacterNotAllowed, "CdtTrfTxInf/UltmtDbtr/Id"));
        let finding = refused(CreditTransfer { ultimate_creditor: unfit, ..internal() });
        assert_eq!(finding.element, "CdtTrfTxInf/UltmtCdtr/Id");
        let finding = refused_block(PaymentInformation { ultimate_debtor: unfit, ..block() });
        assert_eq!(finding.element, "PmtInf/UltmtDbtr/Id");
    }
    let letters = party("Rīga-1", "PK", "VID");
    accepted(CreditTransfer { ultimate_debtor: letters, ..internal() });
    refused(CreditTransfer { ultimate_debtor: letters, ..sepa() });
}

#[test]
fn structured_remittance_beside_a_text() {
    let structured = [
        (Remittance { document_numbers: &["INV-1"], ..Remittance::default() }, "RfrdDocInf/Nb"),
        (Remittance { additional: &["More"], ..Remittance::default() }, "AddtlRmtInf"),
    ];
    for (remittance, element) in structured {
        accepted(CreditTransfer { remittance, ..sepa() });
        let both = Remittance { unstructured: &["Text"], ..remittance };
        let finding = refused(CreditTransfer { remittance: both, ..sepa() });
        assert_eq!((finding.code, finding.entry().iso_reason), (Code::RemittanceTextAndReference, Some("CH17")));
        assert_eq!(finding.element, format!("CdtTrfTxInf/RmtInf/Strd/{element}"));
        accepted(CreditTransfer { remittance: both, ..internal() });
    }
    for remittance in [
        Remittance { document_numbers: &["A&B"], ..Remittance::default() },
        Remittance { additional: &["A&B"], ..Remittance::default() },
    ] {
        assert_eq!(refused(CreditTransfer { remittance, ..sepa() }).code, Code::CharacterNotAllowed);
    }
    let remittance = Remittance { additional: &["1", "2", "3", "4"], ..Remittance::default() };
    let finding = refused(CreditTransfer { remittance, ..sepa() });
    assert_eq!((finding.code, finding.expected.as_str()), (Code::RemittanceRepeated, "3"));
    assert_eq!(
        finding.text(Language::English),
        "CdtTrfTxInf/RmtInf/Strd/AddtlRmtInf: the payment has 4 of these elements, allowed are 3 at most."
    );
}
