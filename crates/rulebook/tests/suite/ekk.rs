//! Classification of payments: EKK of both sides, shares, AMK.
use crate::common::*;
use iso20022::common::RegulatoryDetail;
use iso20022::pain001::CreditTransfer;
use proptest::prelude::*;
use rulebook::classification::{AmkError, EkkKind, is_classified_for_bailiff};
use rulebook::{Amk, Code, Ekk, Finding, Guideline};

#[test]
fn codes() {
    for (text, kind) in [
        ("2221", EkkKind::Expenditure),
        ("0000", EkkKind::Expenditure),
        ("21391", EkkKind::Revenue),
        ("F22010010", EkkKind::Financing),
    ] {
        let ekk = Ekk::parse(text).unwrap();
        assert_eq!((ekk.kind(), ekk.as_str()), (kind, text));
    }
    for text in ["", "222", "222100", "22a1", "f22010010", "F2201001", "F220100100", "2221 ", "２２２１", "F2201001a"]
    {
        assert!(Ekk::parse(text).is_err(), "{text}");
    }
    assert_eq!(Amk::parse("046", "DE").unwrap().to_string(), "046 DE");
    assert_eq!(Amk::parse("46", "DE"), Err(AmkError::Code));
    assert_eq!(Amk::parse("+46", "DE"), Err(AmkError::Code));
    assert_eq!(Amk::parse("046", "ZZ"), Err(AmkError::Country));
}

fn classified<'a>(details: &'a [RegulatoryDetail<'a>]) -> CreditTransfer<'a> {
    CreditTransfer { regulatory_reporting: details, ..internal() }
}

#[test]
fn a_sepa_payment_needs_no_codes() {
    accepted(sepa());
    accepted(CreditTransfer { regulatory_reporting: &[ekk("DEBT", "2221", None)], ..sepa() });
}

#[test]
fn an_internal_payment_needs_both_sides() {
    let finding = refused(classified(&[ekk("DEBT", "2221", None)]));
    assert_eq!((finding.code, finding.entry().iso_reason), (Code::EkkPayeeSideMissing, Some("RR05")));
    assert_eq!(finding.expected.as_str(), "CRED");
    let finding = refused(classified(&[ekk("CRED", "21391", None)]));
    assert_eq!((finding.code, finding.expected.as_str()), (Code::EkkPayerSideMissing, "DEBT"));
    let texts = rulebook::Language::ALL.map(|language| finding.text(language));
    assert_eq!(
        texts,
        [
            "Maksājumā starp Valsts kases kontiem trūkst maksātāja puses EKK (DbtCdtRptgInd = DEBT).",
            "A payment between accounts of the Treasury needs codes of both sides; that of the payer (DbtCdtRptgInd = DEBT) is missing.",
        ]
    );
    assert_eq!(check_payment(classified(&[])).codes(), [Code::EkkPayerSideMissing, Code::EkkPayeeSideMissing]);
    accepted(classified(&[ekk("BOTH", "2221", None)]));

    let mut message = Message::of(vec![(block(), vec![classified(&[])])]);
    message.guideline = Guideline { internal_needs_both_sides: false, ..Guideline::latvia() };
    assert_eq!(message.check().findings, []);
}

#[test]
fn shares_of_a_side_add_up_to_the_payment() {
    let payee = ekk("CRED", "21391", None);
    accepted(classified(&[ekk("DEBT", "2221", Some("60")), ekk("DEBT", "2222", Some("40.00")), payee]));
    accepted(classified(&[ekk("DEBT", "2221", Some("100")), payee]));
    let differing = [ekk("DEBT", "2221", Some("60")), ekk("DEBT", "2222", Some("39.99")), payee];
    let finding = refused(classified(&differing));
    assert_eq!(finding.code, Code::EkkSharesDiffer);
    let parts = (finding.value.as_str(), finding.expected.as_str(), finding.given.as_str());
    assert_eq!(parts, ("99.99", "100.00", "DEBT"), "the side is a value too");
    let finding_of = |details: &[RegulatoryDetail<'_>]| -> Finding { refused(classified(details)) };
    assert_eq!(finding_of(&[ekk("DEBT", "2221", Some("99")), payee]).code, Code::EkkSharesDiffer);
    // Shares said of both sides count on both.
    let both = [ekk("BOTH", "2221", Some("50")), ekk("DEBT", "2222", Some("50")), ekk("CRED", "21391", Some("50"))];
    accepted(classified(&both));
}

#[test]
fn wrong_details() {
    let payee = ekk("CRED", "21391", None);
    let payer = ekk("DEBT", "2221", None);
    let one_share_lacking = [ekk("DEBT", "2221", Some("100")), ekk("DEBT", "2222", None), payee];
    let finding = refused(classified(&one_share_lacking));
    let parts = (finding.value.as_str(), finding.given.as_str());
    assert_eq!((finding.code, parts), (Code::EkkShareMissing, ("2222", "DEBT")));
    assert_eq!(refused(classified(&[ekk("DEBT", "22", None), payee])).code, Code::EkkForm);
    assert_eq!(refused(classified(&[RegulatoryDetail { code: None, ..payer }, payee])).code, Code::EkkForm);
    let sideless = RegulatoryDetail { indicator: None, ..payer };
    assert_eq!(refused(classified(&[payer, payee, sideless])).code, Code::EkkSideMissing);
    let dollars = RegulatoryDetail { amount: Some(amount("100", "USD")), ..payer };
    assert_eq!(refused(classified(&[dollars, payee])).code, Code::EkkShareInvalid);
    let nothing = [ekk("DEBT", "2221", Some("100")), ekk("DEBT", "2222", Some("0")), payee];
    assert_eq!(refused(classified(&nothing)).code, Code::EkkShareInvalid);
}

#[test]
fn external_payment_codes() {
    let amk = RegulatoryDetail { kind: Some("AMK"), code: Some("046"), country: Some("DE"), ..Default::default() };
    let with =
        |details: &'static [RegulatoryDetail<'static>]| CreditTransfer { regulatory_reporting: details, ..sepa() };
    accepted(with(vec![amk].leak()));
    assert_eq!(refused(with(vec![RegulatoryDetail { code: Some("46"), ..amk }].leak())).code, Code::AmkForm);
    assert_eq!(refused(with(vec![RegulatoryDetail { country: Some("XX"), ..amk }].leak())).code, Code::AmkCountry);
    assert_eq!(refused(with(vec![RegulatoryDetail { country: None, ..amk }].leak())).code, Code::AmkCountry);
    // Reporting of another kind is left to whom it concerns.
    accepted(with(vec![RegulatoryDetail { kind: Some("TAX"), code: Some("?"), ..amk }].leak()));
}

#[test]
fn what_a_bailiffs_account_takes() {
    let bailiff = Guideline::latvia().bailiff_code;
    let deposit = ekk("CRED", "F22010010", None);
    assert!(is_classified_for_bailiff(&[ekk("DEBT", "2221", None), deposit], bailiff));
    assert!(!is_classified_for_bailiff(&[ekk("DEBT", "F22010010", None)], bailiff));
    assert!(!is_classified_for_bailiff(&[deposit, ekk("CRED", "21391", None)], bailiff));
    assert!(!is_classified_for_bailiff(&[], bailiff));
}

proptest! {
    #[test]
    fn shares_pass_exactly_when_they_add_up(cents in prop::collection::vec(1_i64..10_000, 1..12), off in -2_i64..3) {
        let total: i64 = cents.iter().sum();
        prop_assume!(total + off > 0);
        let decimal = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let mut details: Vec<_> = cents.iter().map(|cents| ekk("DEBT", "2221", Some(&decimal(*cents)))).collect();
        details.push(ekk("CRED", "21391", None));
        let payment = CreditTransfer { amount: euro(&decimal(total + off)), ..classified(&details) };
        let expected: &[Code] = if off == 0 { &[] } else { &[Code::EkkSharesDiffer] };
        prop_assert_eq!(check_payment(payment).codes(), expected);
    }
}
