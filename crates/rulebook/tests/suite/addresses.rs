//! Addresses in SEPA payments before and after 15 November 2026.
use crate::common::*;
use iso20022::common::{Party, PostalAddress};
use iso20022::pain001::{CreditTransfer, PaymentInformation};
use jiff::civil::date;
use rulebook::{Code, Language};

fn lines<'a>(address_lines: &'a [&'a str]) -> PostalAddress<'a> {
    PostalAddress { address_lines, ..PostalAddress::default() }
}

fn structured() -> PostalAddress<'static> {
    PostalAddress {
        street_name: Some("Smilsu iela"),
        building_number: Some("1"),
        post_code: Some("LV-1919"),
        town_name: Some("Riga"),
        country: Some("LV"),
        ..PostalAddress::default()
    }
}

fn at<'a>(payment: CreditTransfer<'a>, postal_address: PostalAddress<'a>) -> CreditTransfer<'a> {
    CreditTransfer { creditor: Some(Party { name: Some("Muster"), postal_address, ..Party::default() }), ..payment }
}

#[test]
fn no_address_structured_and_hybrid_pass() {
    accepted(sepa());
    accepted(at(sepa(), structured()));
    accepted(at(sepa(), PostalAddress { town_name: Some("Riga"), country: Some("LV"), ..Default::default() }));
    accepted(at(sepa(), PostalAddress { address_lines: &["Smilsu iela 1", "3. stavs"], ..structured() }));
}

#[test]
fn free_lines_alone_are_refused() {
    let finding = refused(at(sepa(), lines(&["Smilsu iela 1", "Riga, LV-1919"])));
    assert_eq!((finding.code, finding.entry().iso_reason), (Code::CreditorAddressUnstructured, Some("BE04")));
    assert_eq!((finding.element, finding.expected.as_str()), ("CdtTrfTxInf/Cdtr/PstlAdr", "TwnNm, Ctry"));
    assert_eq!(
        finding.text(Language::English),
        "CdtTrfTxInf/Cdtr/PstlAdr gives the address in free lines (`Smilsu iela 1`); since 15 November 2026 it also needs TwnNm, Ctry."
    );
    let with_country = PostalAddress { country: Some("LV"), ..lines(&["Smilsu iela 1"]) };
    assert_eq!(refused(at(sepa(), with_country)).expected.as_str(), "TwnNm");
    // Inside the Treasury the rule of SEPA does not hold.
    accepted(at(internal(), lines(&["Smilšu iela 1", "Rīga"])));
}

#[test]
fn incomplete_addresses() {
    let finding = refused(at(sepa(), PostalAddress { country: None, ..structured() }));
    assert_eq!((finding.code, finding.expected.as_str()), (Code::CreditorAddressIncomplete, "Ctry"));
    let finding = refused(at(sepa(), PostalAddress { town_name: None, ..structured() }));
    assert_eq!(finding.text(Language::English), "CdtTrfTxInf/Cdtr/PstlAdr lacks TwnNm.");
    let finding = refused(at(sepa(), PostalAddress { street_name: Some("Smilsu iela"), ..Default::default() }));
    assert_eq!(finding.expected.as_str(), "TwnNm, Ctry");
    // What says nothing is no address.
    accepted(at(sepa(), PostalAddress::default()));
    accepted(at(sepa(), lines(&["", " "])));
}

#[test]
fn lines_and_countries() {
    let long = "A".repeat(71);
    let finding_of = |address_lines: &[&str]| {
        let finding = refused(at(sepa(), PostalAddress { address_lines, ..structured() }));
        assert_eq!(finding.code, Code::CreditorAddressLines);
        (finding.given.as_str().to_owned(), finding.expected.as_str().to_owned())
    };
    assert_eq!(finding_of(&["a", "bb", "c"]), ("3 × 2".to_owned(), "2 × 70".to_owned()));
    assert_eq!(finding_of(&[&long]).0, "1 × 71");
    let finding = refused(at(sepa(), PostalAddress { country: Some("UK"), ..structured() }));
    assert_eq!((finding.code, finding.entry().iso_reason), (Code::CreditorCountryUnknown, Some("BE11")));
}

#[test]
fn before_the_rule_free_lines_pass() {
    let mut message = Message::of(vec![(block(), vec![at(sepa(), lines(&["Smilsu iela 1", "Riga"]))])]);
    for (day, passes) in [(date(2026, 11, 13), true), (date(2026, 11, 14), false), (date(2026, 11, 16), false)] {
        message.context.business_day = day;
        message.context.received_at = day.at(9, 0, 0, 0);
        message.blocks[0].0.requested_execution_date = Some(day);
        assert_eq!(message.check().findings.is_empty(), passes, "{day}");
    }
    // It is the day of execution that counts, not that of receipt.
    message.context.business_day = date(2026, 11, 13);
    assert_eq!(message.check().codes(), [Code::CreditorAddressUnstructured]);
    let mut message = Message::of(vec![(block(), vec![at(sepa(), lines(&["a", "b", "c"]))])]);
    message.context.business_day = date(2026, 11, 13);
    message.context.received_at = date(2026, 11, 13).at(9, 0, 0, 0);
    message.blocks[0].0.requested_execution_date = Some(date(2026, 11, 13));
    assert_eq!(message.check().codes(), [Code::CreditorAddressLines]);
}

#[test]
fn the_payers_address_refuses_sepa_payments_only() {
    let debtor = Party { name: Some("Ministrija"), postal_address: lines(&["Smilšu iela 1"]), ..Party::default() };
    let head = PaymentInformation { debtor, ..block() };
    let outcome = Message::of(vec![(head, vec![internal(), sepa(), sepa()])]).check();
    assert_eq!(outcome.codes(), [Code::DebtorAddressUnstructured; 2]);
    assert!(outcome.heads[0].is_some());
    assert!(outcome.findings.iter().all(|finding| finding.element == "PmtInf/Dbtr/PstlAdr"));
    let passed: Vec<bool> = outcome.payments.iter().map(Option::is_some).collect();
    assert_eq!(passed, [true, false, false]);
}

#[test]
fn ultimate_parties_too() {
    let party = Some(Party { name: Some("Skola"), postal_address: lines(&["iela 1"]), ..Party::default() });
    let finding = refused(CreditTransfer { ultimate_debtor: party, ..sepa() });
    assert_eq!((finding.code, finding.element), (Code::DebtorAddressUnstructured, "CdtTrfTxInf/UltmtDbtr/PstlAdr"));
    let finding = refused(CreditTransfer { ultimate_creditor: party, ..sepa() });
    assert_eq!((finding.code, finding.element), (Code::CreditorAddressUnstructured, "CdtTrfTxInf/UltmtCdtr/PstlAdr"));
    let head = PaymentInformation { ultimate_debtor: party, ..block() };
    assert_eq!(check_block(head).only_finding().element, "PmtInf/UltmtDbtr/PstlAdr");
}

#[test]
fn a_blank_town_is_none() {
    for blank in ["", " ", "\t", "\r\n  "] {
        let address = PostalAddress { town_name: Some(blank), ..structured() };
        let outcome = check_payment(at(sepa(), address));
        assert!(outcome.codes().contains(&Code::CreditorAddressIncomplete), "{blank:?}: {:?}", outcome.codes());
        let address = PostalAddress { town_name: Some(blank), country: Some("DE"), ..lines(&["Hauptstr. 1"]) };
        let outcome = check_payment(at(sepa(), address));
        assert!(outcome.codes().contains(&Code::CreditorAddressUnstructured), "{blank:?}: {:?}", outcome.codes());
    }
    // Another blank is a character that is not allowed.
    let address = PostalAddress { town_name: Some("\u{A0}"), ..structured() };
    assert_eq!(check_payment(at(sepa(), address)).codes(), [Code::CharacterNotAllowed]);
}

/// A block's ultimate debtor concerns the payments that name none of their own.
#[test]
fn the_blocks_ultimate_debtor_refuses_only_payments_without_their_own() {
    let unfit = Some(Party { name: Some("Skola"), postal_address: lines(&["iela 1"]), ..Party::default() });
    let head = PaymentInformation { ultimate_debtor: unfit, ..block() };
    let own = |party| CreditTransfer { ultimate_debtor: Some(party), ..sepa() };
    let named = own(Party { name: Some("Biblioteka"), ..Party::default() });
    // It names somebody by what is not read.
    let unread = own(Party::default());
    let outcome = Message::of(vec![(head, vec![named, unread, sepa(), internal()])]).check();
    assert_eq!(outcome.codes(), [Code::DebtorAddressUnstructured]);
    let passed: Vec<bool> = outcome.payments.iter().map(Option::is_some).collect();
    assert_eq!(passed, [true, true, false, true]);
}
