//! Published code lists: complete where we use them, and every code is found.
use std::collections::BTreeSet;

use rulebook::catalogue::entries;
use rulebook::code_sets::{bank_transaction_families, is_bank_transaction_code};
use rulebook::{CodeSet, Guideline};

#[test]
fn every_code_of_a_set_is_found_and_nothing_else() {
    for set in CodeSet::ALL {
        let codes: Vec<_> = set.codes().iter().map(|listed| listed.code).collect();
        let distinct: BTreeSet<_> = codes.iter().copied().collect();
        assert_eq!(codes, distinct.into_iter().collect::<Vec<_>>(), "{}: sorted, each once", set.name());
        for listed in set.codes() {
            assert_eq!(set.name_of(listed.code), Some(listed.name));
            // Local instruments may be as long as an identifier.
            let longest = if *set == CodeSet::LocalInstrument { 35 } else { 4 };
            assert!((1..=longest).contains(&listed.code.len()), "{} {}", set.name(), listed.code);
            assert!(listed.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()), "{listed:?}");
            assert_eq!(listed.name.trim(), listed.name);
        }
        for nothing in ["", "    ", "XXXX", "acct", "ACCT ", "\u{e9}", "ZZZZZZ"] {
            assert!(!set.contains(nothing), "{} {nothing:?}", set.name());
        }
    }
}

/// Known codes, so that a file mixed up with another one is noticed.
#[test]
fn what_well_known_codes_are_called() {
    for (set, code, name) in [
        (CodeSet::StatusReason, "AM04", "Insufficient funds"),
        (CodeSet::PaymentGroupStatus, "PART", "Partially accepted"),
        (CodeSet::PaymentTransactionStatus, "CANC", "Cancelled"),
        (CodeSet::ReturnReason, "MD07", "End customer deceased"),
        (CodeSet::Purpose, "TAXS", "Tax payment"),
        (CodeSet::CategoryPurpose, "SALA", "Salary payment"),
        (CodeSet::ServiceLevel, "SEPA", "Single Euro Payments Area"),
        (CodeSet::LocalInstrument, "INST", "Instant credit transfer"),
    ] {
        assert_eq!(set.name_of(code), Some(name), "{code}");
    }
    assert!(!CodeSet::PaymentGroupStatus.contains("CANC"), "a payment is cancelled, not a message");
}

/// A client looks the reason of a refusal up in ISO's list.
#[test]
fn every_reason_of_the_catalogue_is_one_of_isos() {
    for entry in entries() {
        if let Some(reason) = entry.iso_reason {
            assert!(CodeSet::StatusReason.contains(reason), "{} {reason}", entry.code);
        }
    }
}

#[test]
fn what_the_guideline_offers_exists() {
    for level in Guideline::latvia().service_levels {
        assert!(CodeSet::ServiceLevel.contains(level), "{level}");
    }
}

#[test]
fn only_combinations_of_domain_family_and_sub_family_that_exist() {
    let families = bank_transaction_families();
    assert!(families.is_sorted_by(|left, right| (left.domain, left.family) < (right.domain, right.family)));
    for family in families {
        assert!(!family.name.is_empty());
        let codes: Vec<_> = family.sub_families().collect();
        assert!(codes.is_sorted_by(|left, right| left < right), "{family:?}");
        for code in codes {
            assert!(
                code.len() == 4 && is_bank_transaction_code(family.domain, family.family, code),
                "{family:?} {code}"
            );
        }
        assert!(!is_bank_transaction_code(family.domain, family.family, ""));
    }
    for (domain, family, sub_family) in [
        ("PMNT", "RCDT", "ESDD"),
        ("PMNT", "OPCL", "ACCO"),
        ("ICDT", "PMNT", "ESCT"),
        ("PMNT", "ICDT", "ESCT BOOK"),
        ("", "", ""),
    ] {
        assert!(!is_bank_transaction_code(domain, family, sub_family), "{domain} {family} {sub_family}");
    }
}
