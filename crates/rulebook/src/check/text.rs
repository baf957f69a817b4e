//! Characters and lengths of texts and identifiers.

use iso20022::common::{CodeOrProprietary, CreditorReference, Remittance};

use super::report::Report;
use crate::bounds::CHARACTERS_SHOWN_MAX;
use crate::characters::{Shown, are_slashes_well_placed, first_outside, outside};
use crate::identification::has_right_check_digits;
use crate::rules::element::{
    ADDITIONAL_REMITTANCE, CREDITOR_REFERENCE, DOCUMENT_NUMBER, REFERENCE_ISSUER, REFERENCE_PROPRIETARY, REMITTANCE,
};
use crate::{Code, Guideline};

/// Says that more follow.
const MORE: &str = "…";

/// A text may have the basic characters and `letters`.
pub(super) fn check_characters(text: &str, element: &'static str, letters: &str, report: &mut Report<'_>) {
    if first_outside(text, letters).is_none() {
        return;
    }
    // All of them at once: who corrects one at a time sends the file as often.
    let mut others = outside(text, letters);
    let mut shown: Vec<String> =
        others.by_ref().take(CHARACTERS_SHOWN_MAX).map(|other| Shown(other).to_string()).collect();
    if others.next().is_some() {
        shown.push(MORE.to_owned());
    }
    report.found(Code::CharacterNotAllowed, element, text, shown.join(", "));
}

/// An identifier has basic characters only, and its slashes stand apart and inside.
pub(super) fn check_identifier(identifier: &str, element: &'static str, report: &mut Report<'_>) {
    check_characters(identifier, element, "", report);
    if !are_slashes_well_placed(identifier) {
        report.found(Code::IdentifierSlashes, element, identifier, "");
    }
}

/// A text has at most `chars_max` characters. Counting is left out where the bytes are few enough.
pub(super) fn is_longer(text: &str, chars_max: usize) -> bool {
    text.len() > chars_max && text.chars().count() > chars_max
}

/// SEPA narrows names.
pub(super) fn check_sepa_name(
    name: Option<&str>,
    element: &'static str,
    guideline: &Guideline,
    report: &mut Report<'_>,
) {
    let chars_max = guideline.sepa_name_chars_max;
    if let Some(name) = name.filter(|name| is_longer(name, chars_max)) {
        report.measured(Code::NameTooLong, element, name, chars_max, name.chars().count());
    }
}

/// Type of a reference in the form of ISO 11649, or in the payee's own.
const STRUCTURED_REFERENCE: &str = "SCOR";

fn proprietary(kind: Option<CodeOrProprietary<'_>>) -> Option<&str> {
    match kind {
        Some(CodeOrProprietary::Proprietary(text)) => Some(text),
        _ => None,
    }
}

/// One free text of 140 characters; one creditor reference, with right check digits; further lines as one block holds them.
pub(super) fn check_remittance(
    remittance: &Remittance<'_>,
    guideline: &Guideline,
    letters: &str,
    report: &mut Report<'_>,
) {
    if remittance.unstructured.len() > 1 {
        report.found(Code::RemittanceRepeated, REMITTANCE, remittance.unstructured.len(), 1);
    }
    let chars_max = guideline.remittance_chars_max;
    for text in remittance.unstructured {
        check_characters(text, REMITTANCE, letters, report);
        if is_longer(text, chars_max) {
            report.measured(Code::RemittanceTooLong, REMITTANCE, text, chars_max, text.chars().count());
        }
    }
    for number in remittance.document_numbers {
        check_characters(number, DOCUMENT_NUMBER, letters, report);
    }
    for line in remittance.additional {
        check_characters(line, ADDITIONAL_REMITTANCE, letters, report);
    }
    let (lines, lines_max) = (remittance.additional.len(), Remittance::ADDITIONAL_MAX);
    if lines > lines_max {
        // A statement has one structured block, and these are as many as it holds.
        report.found(Code::RemittanceRepeated, ADDITIONAL_REMITTANCE, lines, lines_max);
    }
    let references = remittance.creditor_references;
    if references.len() > 1 {
        report.found(Code::RemittanceRepeated, CREDITOR_REFERENCE, references.len(), 1);
    }
    for reference in references {
        let CreditorReference { reference, kind, issuer } = *reference;
        let texts = [
            (CREDITOR_REFERENCE, Some(reference)),
            (REFERENCE_PROPRIETARY, proprietary(kind)),
            (REFERENCE_ISSUER, issuer),
        ];
        for (element, text) in texts {
            check_characters(text.unwrap_or_default(), element, "", report);
        }
        // A house's own reference, or one of another document, may begin with RF without being one of ISO 11649.
        let is_creditor_reference = matches!(kind, None | Some(CodeOrProprietary::Code(STRUCTURED_REFERENCE)));
        if is_creditor_reference && has_right_check_digits(reference) == Some(false) {
            report.found(Code::CreditorReferenceInvalid, CREDITOR_REFERENCE, reference, "");
        }
    }
}

/// The scheme carries free text or structured remittance, never both: one of them would be lost on the way.
pub(super) fn check_sepa_remittance(remittance: &Remittance<'_>, report: &mut Report<'_>) {
    if remittance.unstructured.is_empty() {
        return;
    }
    let reference = remittance.creditor_references.first().map(|reference| (CREDITOR_REFERENCE, reference.reference));
    let number = remittance.document_numbers.first().map(|number| (DOCUMENT_NUMBER, *number));
    let line = remittance.additional.first().map(|line| (ADDITIONAL_REMITTANCE, *line));
    if let Some((element, value)) = reference.or(number).or(line) {
        report.found(Code::RemittanceTextAndReference, element, value, "");
    }
}
