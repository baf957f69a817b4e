//! Kinds of payment, derived from the data; accounts, banks, amounts and currencies.
use crate::common::*;
use iso20022::common::CodeOrProprietary::{Code as Coded, Proprietary};
use iso20022::common::{Account, Agent, Party, PaymentType};
use iso20022::pain001::{CreditTransfer, PaymentInformation, RequestedAmount};
use jiff::civil::date;
use money::{Currency, Money};
use rulebook::{Code, Iban, Language, Route, UltimateDebtor};

#[test]
fn a_treasury_account_is_paid_internally() {
    let checked = accepted(internal());
    assert_eq!(checked.route, Route::Internal);
    assert_eq!(checked.amount, Money::new(10_000, Currency::EUR));
    assert_eq!(checked.creditor_iban, Iban::parse(TREASURY_PAYEE).unwrap());
    assert_eq!(checked.execution_date, date(2026, 11, 23));
    assert_eq!(checked.ultimate_debtor, UltimateDebtor::None);
}

#[test]
fn euro_to_a_sepa_country_goes_by_sepa() {
    for iban in [
        GERMAN_PAYEE,
        "LV80BANK0000435195001",
        "CH9300762011623852957",
        "GB29NWBK60161331926819",
        "MD24AG000225100013104168",
    ] {
        assert_eq!(accepted(to_account(sepa(), iban)).route, Route::Sepa, "{iban}");
    }
}

#[test]
fn anything_else_is_foreign_and_not_offered_yet() {
    let finding = refused(to_account(sepa(), "AE070331234567890123456"));
    assert_eq!((finding.code, finding.value.as_str()), (Code::ForeignPaymentNotOffered, "EUR, AE"));
    let dollars = CreditTransfer { amount: Some(RequestedAmount::Instructed(amount("5", "USD"))), ..sepa() };
    assert_eq!(refused(dollars).value.as_str(), "USD, DE");
    let account = Account { other: Some("0123456789"), ..Account::default() };
    let abroad = CreditTransfer { creditor_account: Some(account), ..sepa() };
    assert_eq!(refused(abroad).element, "CdtTrfTxInf/CdtrAcct/Id");
    // Moldova's banks take part since 5 October 2025.
    let mut message = Message::of(vec![(block(), vec![to_account(sepa(), "MD24AG000225100013104168")])]);
    message.context.business_day = date(2025, 10, 3);
    message.context.received_at = date(2025, 10, 3).at(9, 0, 0, 0);
    message.blocks[0].0.requested_execution_date = Some(date(2025, 10, 3));
    assert_eq!(message.check().only_finding().code, Code::ForeignPaymentNotOffered);
}

#[test]
fn payees_accounts() {
    for (account, code) in [
        (None, Code::CreditorAccountMissing),
        (Some("DE8937040044053201300"), Code::CreditorIbanStructure),
        (Some("XX89370400440532013000"), Code::CreditorIbanStructure),
        (Some("DE89370400440532013001"), Code::CreditorIbanCheckDigits),
        (Some("LV91TREL1060000100000"), Code::CreditorIbanCheckDigits),
    ] {
        let account = Account { iban: account, ..Account::default() };
        let finding = refused(CreditTransfer { creditor_account: Some(account), ..sepa() });
        assert_eq!(finding.code, code);
        assert_eq!(finding.entry().iso_reason, Some("AC03"));
    }
    assert_eq!(refused(CreditTransfer { creditor_account: None, ..sepa() }).code, Code::CreditorAccountMissing);
    let finding = refused(to_account(sepa(), "DE8937040044053201300"));
    assert_eq!(
        finding.text(Language::English),
        "The payee's IBAN `DE8937040044053201300` does not have the structure of an IBAN, DE2!n18!n (n digits, a letters, c both)."
    );
    // A country without IBANs has no structure of its own; the text names the IBAN nevertheless.
    let finding = refused(to_account(sepa(), "XX89370400440532013000"));
    assert_eq!(finding.expected.as_str(), "2!a2!n30c");
    for language in Language::ALL {
        assert!(finding.text(language).contains("XX89370400440532013000"), "{}", finding.text(language));
    }
    assert_eq!(refused(to_account(internal(), PAYER)).code, Code::CreditorIsDebtor);
    let mut message = Message::of(vec![(block(), vec![to_account(internal(), PAYER)])]);
    message.guideline.refuses_payment_to_itself = false;
    assert_eq!(message.check().findings, []);
}

#[test]
fn payees_banks() {
    let at =
        |bic, payment| CreditTransfer { creditor_agent: Some(Agent { bic: Some(bic), ..Agent::default() }), ..payment };
    accepted(at("COBADEFFXXX", sepa()));
    accepted(at("TRELLV22", internal()));
    accepted(CreditTransfer { creditor_agent: Some(Agent::default()), ..sepa() });
    // A bank on Réunion issues French IBANs.
    accepted(at("BNPARERXXXX", to_account(sepa(), "FR1420041010050500013M02606")));
    for (payment, code) in [
        (at("COBADEF", sepa()), Code::CreditorBicForm),
        (at("HABALV22", sepa()), Code::CreditorBicCountry),
        (at("HABALV22", internal()), Code::CreditorBicNotTreasury),
    ] {
        let finding = refused(payment);
        assert_eq!((finding.code, finding.entry().iso_reason), (code, Some("RC04")));
    }
}

#[test]
fn payers_account_and_bank() {
    let from = |iban| PaymentInformation { debtor_account: Account { iban, ..Account::default() }, ..block() };
    for (iban, code) in [
        (None, Code::DebtorIbanMissing),
        (Some("LV91TREL1060000100000"), Code::DebtorIbanInvalid),
        (Some("LV80BANK0000435195001"), Code::DebtorAccountNotTreasury),
        (Some(GERMAN_PAYEE), Code::DebtorAccountNotTreasury),
    ] {
        let finding = refused_block(from(iban));
        assert_eq!((finding.code, finding.entry().iso_reason), (code, Some("AC02")));
    }
    let with = |bic| PaymentInformation { debtor_agent: Agent { bic, ..Agent::default() }, ..block() };
    for bic in [None, Some("TRELLV22XXX")] {
        let outcome = check_block(with(bic));
        assert_eq!(outcome.findings, []);
        assert_eq!(outcome.heads[0].unwrap().debtor_iban.as_str(), PAYER);
    }
    for bic in ["HABALV22", "TREL"] {
        let finding = refused_block(with(Some(bic)));
        assert_eq!((finding.code, finding.expected.as_str()), (Code::DebtorAgentNotTreasury, "TRELLV22"));
    }
}

#[test]
fn amounts() {
    let of = |value: &str| CreditTransfer { amount: euro(value), ..sepa() };
    assert_eq!(accepted(of("0.01")).amount.minor(), 1);
    assert_eq!(accepted(of("12.500")).amount.minor(), 1_250, "zeros at the end are harmless");
    assert_eq!(accepted(of("999999999.99")).amount.minor(), 99_999_999_999);
    for (value, code, iso) in [
        ("0", Code::AmountNotPositive, "AM01"),
        ("0.00", Code::AmountNotPositive, "AM01"),
        ("-1", Code::AmountNotPositive, "AM01"),
        ("0.001", Code::AmountDecimals, "AM12"),
        ("1000000000.00", Code::AmountAboveSepaMaximum, "AM02"),
        ("999999999999999999", Code::AmountAboveSepaMaximum, "AM02"),
    ] {
        let finding = refused(of(value));
        assert_eq!((finding.code, finding.entry().iso_reason), (code, Some(iso)), "{value}");
    }
    // SEPA's maximum is not the Treasury's.
    accepted(CreditTransfer { amount: euro("1000000000.00"), ..internal() });
    assert_eq!(refused(CreditTransfer { amount: None, ..sepa() }).code, Code::AmountMissing);
    let equivalent = RequestedAmount::Equivalent { amount: amount("5", "EUR"), currency_of_transfer: "USD" };
    let equivalent = CreditTransfer { amount: Some(equivalent), ..sepa() };
    assert_eq!(refused(equivalent).code, Code::EquivalentAmountNotOffered);
    let dollars = CreditTransfer { amount: Some(RequestedAmount::Instructed(amount("5", "USD"))), ..internal() };
    let finding = refused(dollars);
    assert_eq!((finding.code, finding.entry().iso_reason), (Code::CurrencyNotAllowed, Some("AM03")));
}

#[test]
fn charges_are_shared() {
    let with = |bearer| CreditTransfer { charge_bearer: Some(bearer), ..sepa() };
    accepted(with("SLEV"));
    accepted(with("SHAR"));
    assert_eq!(refused(with("DEBT")).element, "CdtTrfTxInf/ChrgBr");
    accepted(CreditTransfer { charge_bearer: Some("DEBT"), ..internal() });
    // The block's bearer holds for payments that state none.
    let head = PaymentInformation { charge_bearer: Some("CRED"), ..block() };
    let outcome = Message::of(vec![(head, vec![internal(), with("SLEV"), sepa()])]).check();
    let passed: Vec<bool> = outcome.payments.iter().map(Option::is_some).collect();
    assert_eq!(passed, [true, true, false]);
    assert_eq!(
        (outcome.only_finding().code, outcome.only_finding().element),
        (Code::ChargesNotShared, "PmtInf/ChrgBr")
    );
}

#[test]
fn payment_types() {
    let levels = |service_levels| PaymentType { service_levels, ..PaymentType::default() };
    accepted(CreditTransfer { payment_type: levels(&[Coded("SEPA")]), ..sepa() });
    accepted(CreditTransfer { payment_type: levels(&[Coded("NURG"), Coded("SEPA")]), ..internal() });
    for (refused_levels, element) in [
        (&[Coded("URGP")][..], "CdtTrfTxInf/PmtTpInf/SvcLvl/Cd"),
        (&[Coded("SEPA"), Coded("URGP")], "CdtTrfTxInf/PmtTpInf/SvcLvl/Cd"),
        (&[Coded("SEPA"), Proprietary("URGP")], "CdtTrfTxInf/PmtTpInf/SvcLvl/Prtry"),
        // Not even an offered one: a client's own words mean what the client thinks.
        (&[Proprietary("SEPA")], "CdtTrfTxInf/PmtTpInf/SvcLvl/Prtry"),
    ] {
        let finding = refused(CreditTransfer { payment_type: levels(refused_levels), ..sepa() });
        assert_eq!((finding.code, finding.element), (Code::ServiceLevelNotOffered, element), "{refused_levels:?}");
        assert_eq!(finding.expected.as_str(), "SEPA, NURG");
        let finding = refused_block(PaymentInformation { payment_type: levels(refused_levels), ..block() });
        assert_eq!(finding.element, element.replace("CdtTrfTxInf", "PmtInf"));
    }
    for instrument in [Coded("INST"), Proprietary("INST")] {
        let instant = PaymentType { local_instrument: Some(instrument), ..PaymentType::default() };
        let finding = refused(CreditTransfer { payment_type: instant, ..sepa() });
        assert_eq!((finding.code, finding.value.as_str()), (Code::LocalInstrumentNotOffered, "INST"));
        let finding = refused_block(PaymentInformation { payment_type: instant, ..block() });
        assert_eq!(finding.element, "PmtInf/PmtTpInf/LclInstrm");
    }
    let purpose = |category_purpose| PaymentType { category_purpose, ..PaymentType::default() };
    accepted(CreditTransfer { payment_type: purpose(Some("SALA")), purpose: Some("TAXS"), ..sepa() });
    let finding = refused(CreditTransfer { payment_type: purpose(Some("TAXI")), ..internal() });
    assert_eq!((finding.code, finding.value.as_str()), (Code::CategoryPurposeUnknown, "TAXI"));
    assert_eq!(
        refused_block(PaymentInformation { payment_type: purpose(Some("sala")), ..block() }).element,
        "PmtInf/PmtTpInf/CtgyPurp/Cd"
    );
    let finding = refused(CreditTransfer { purpose: Some("XXXX"), ..sepa() });
    assert_eq!(
        (finding.code, finding.element, finding.value.as_str()),
        (Code::PurposeUnknown, "CdtTrfTxInf/Purp/Cd", "XXXX")
    );
    for method in ["CHK", "TRA"] {
        let finding = refused_block(PaymentInformation { payment_method: method, ..block() });
        assert_eq!((finding.code, finding.value.as_str()), (Code::PaymentMethodNotTransfer, method));
    }
}

#[test]
fn sepa_needs_the_payees_name() {
    for creditor in [None, Some(Party::default()), Some(Party { name: Some(" "), ..Party::default() })] {
        assert_eq!(refused(CreditTransfer { creditor, ..sepa() }).code, Code::CreditorNameMissing);
    }
    accepted(CreditTransfer { creditor: None, ..internal() });
}

#[test]
fn on_whose_behalf_the_payments_own_statement_rules() {
    let ministry = Party { name: Some("Ministrija"), ..Party::default() };
    let school = Party { name: Some("Skola"), ..Party::default() };
    let head = PaymentInformation { ultimate_debtor: Some(ministry), ..block() };
    let own = CreditTransfer { ultimate_debtor: Some(school), ..sepa() };
    let outcome = Message::of(vec![
        (head, vec![sepa(), own]),
        (PaymentInformation { payment_information_id: "B", ..block() }, vec![sepa()]),
    ])
    .check();
    assert_eq!(outcome.findings, []);
    let ultimate: Vec<_> = outcome.payments.iter().map(|checked| checked.unwrap().ultimate_debtor).collect();
    assert_eq!(ultimate, [UltimateDebtor::OfBlock, UltimateDebtor::OfPayment(school), UltimateDebtor::None]);
}

#[test]
fn several_mistakes_are_all_found() {
    let payment =
        CreditTransfer { amount: euro("0"), end_to_end_id: "//", creditor: None, ..to_account(sepa(), "DE00") };
    assert_eq!(
        check_payment(payment).codes(),
        [Code::IdentifierSlashes, Code::AmountNotPositive, Code::CreditorIbanStructure]
    );
}
