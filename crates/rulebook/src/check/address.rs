//! Addresses in SEPA payments: free lines alone are out since 15 November 2026 (European Payments Council).
//!
//! Fully structured and hybrid addresses pass: town and country in their own elements, and at most two free lines.

use iso20022::common::{PostalAddress, is_blank};
use jiff::civil::Date;

use super::report::Report;
use super::text::{check_characters, is_longer};
use crate::characters::first_outside;
use crate::rules::element::part_of_address;
use crate::{Code, Country, Guideline};

/// Whose address it is: the codes differ, the rule is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The creditor or the ultimate creditor.
    CreditorSide,
    /// The debtor or the ultimate debtor.
    DebtorSide,
}

struct Codes {
    unstructured: Code,
    incomplete: Code,
    lines: Code,
    country: Code,
}

impl Owner {
    const fn codes(self) -> Codes {
        match self {
            Owner::CreditorSide => Codes {
                unstructured: Code::CreditorAddressUnstructured,
                incomplete: Code::CreditorAddressIncomplete,
                lines: Code::CreditorAddressLines,
                country: Code::CreditorCountryUnknown,
            },
            Owner::DebtorSide => Codes {
                unstructured: Code::DebtorAddressUnstructured,
                incomplete: Code::DebtorAddressIncomplete,
                lines: Code::DebtorAddressLines,
                country: Code::DebtorCountryUnknown,
            },
        }
    }
}

/// The rule for SEPA payments, as it stands on the day on which the payment is executed.
pub(super) fn check_sepa_address(
    address: &PostalAddress<'_>,
    owner: Owner,
    element: &'static str,
    guideline: &Guideline,
    execution_date: Date,
    report: &mut Report<'_>,
) {
    if address.is_empty() {
        return;
    }
    let codes = owner.codes();
    let seen = |part: Option<&'_ str>| part.is_some_and(|part| !is_blank(part));
    if let Some(country) = address.country.filter(|country| Country::new(country).is_none()) {
        report.found(codes.country, element, country, "");
    }
    check_lines(address, codes.lines, element, guideline, report);
    if execution_date < guideline.structured_address_from {
        return;
    }
    let has_town = seen(address.town_name);
    let lacking = match (has_town, seen(address.country)) {
        (true, true) => return,
        (false, true) => "TwnNm",
        (true, false) => "Ctry",
        (false, false) => "TwnNm, Ctry",
    };
    match address.address_lines.first() {
        Some(line) if !has_town => report.found(codes.unstructured, element, line, lacking),
        _ => report.found(codes.incomplete, element, "", lacking),
    }
}

fn check_lines(
    address: &PostalAddress<'_>,
    code: Code,
    element: &'static str,
    guideline: &Guideline,
    report: &mut Report<'_>,
) {
    let (lines_max, chars_max) = (guideline.address_lines_max, guideline.address_line_chars_max);
    let lines = address.address_lines;
    if lines.len() > lines_max || lines.iter().any(|line| is_longer(line, chars_max)) {
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        let found = format_args!("{} × {longest}", lines.len()).to_string();
        let first = lines.first().copied().unwrap_or_default();
        report.measured(code, element, first, format_args!("{lines_max} × {chars_max}"), found);
    }
}

/// Every part of an address has allowed characters.
pub(super) fn check_address_characters(
    address: &PostalAddress<'_>,
    element: &'static str,
    letters: &str,
    report: &mut Report<'_>,
) {
    for (name, part) in address.named_parts() {
        // The name is looked for only where something is wrong.
        if first_outside(part, letters).is_some() {
            check_characters(part, part_of_address(element, name), letters, report);
        }
    }
}
