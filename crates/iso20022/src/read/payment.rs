//! Payment type, remittance information and reasons: the parts that readers read, and their targets.

use super::lines::Lines;
use super::part::ReasonPart;
use super::{Leaf, Paths};
use crate::bounds::{
    CREDITOR_REFERENCES_MAX, REASON_LINES_MAX, SERVICE_LEVELS_MAX, STRUCTURED_TEXTS_MAX, UNSTRUCTURED_MAX,
};
use crate::common::{CodeOrProprietary, CreditorReference, PaymentType, Remittance};

const INSTRUCTION_PRIORITY: u8 = 1;
const SERVICE_LEVEL: u8 = 2;
const LOCAL_INSTRUMENT: u8 = 3;
const CATEGORY_PURPOSE: u8 = 4;
const UNSTRUCTURED: u8 = 5;
const CREDITOR_REFERENCE: u8 = 6;
const ORIGINATOR: u8 = 7;
const CODE: u8 = 8;
const PROPRIETARY: u8 = 9;
const LINE: u8 = 10;
const PROPRIETARY_SERVICE_LEVEL: u8 = 11;
const PROPRIETARY_LOCAL_INSTRUMENT: u8 = 12;
const REFERENCE_INFORMATION: u8 = 13;
const REFERENCE_CODE: u8 = 14;
const REFERENCE_PROPRIETARY: u8 = 15;
const REFERENCE_ISSUER: u8 = 16;
const DOCUMENT_NUMBER: u8 = 17;
const ADDITIONAL: u8 = 18;

impl Paths {
    /// `PmtTpInf`.
    pub(crate) fn payment_type(&mut self, root: &str, group: u8) {
        self.below(
            root,
            group,
            &[
                ("InstrPrty", INSTRUCTION_PRIORITY),
                ("SvcLvl/Cd", SERVICE_LEVEL),
                ("SvcLvl/Prtry", PROPRIETARY_SERVICE_LEVEL),
                ("LclInstrm/Cd", LOCAL_INSTRUMENT),
                ("LclInstrm/Prtry", PROPRIETARY_LOCAL_INSTRUMENT),
                ("CtgyPurp/Cd", CATEGORY_PURPOSE),
            ],
        );
    }

    /// `RmtInf`.
    pub(crate) fn remittance(&mut self, root: &str, group: u8) {
        self.element(
            root,
            group,
            &[
                ("Ustrd", UNSTRUCTURED),
                ("Strd/CdtrRefInf", REFERENCE_INFORMATION),
                ("Strd/CdtrRefInf/Tp/CdOrPrtry/Cd", REFERENCE_CODE),
                ("Strd/CdtrRefInf/Tp/CdOrPrtry/Prtry", REFERENCE_PROPRIETARY),
                ("Strd/CdtrRefInf/Tp/Issr", REFERENCE_ISSUER),
                ("Strd/CdtrRefInf/Ref", CREDITOR_REFERENCE),
                ("Strd/RfrdDocInf/Nb", DOCUMENT_NUMBER),
                ("Strd/AddtlRmtInf", ADDITIONAL),
            ],
        );
    }

    /// An element with `Orgtr`, `Rsn` and `AddtlInf`.
    pub(crate) fn reason(&mut self, root: &str, group: u8) {
        self.element(
            root,
            group,
            &[("Orgtr/Nm", ORIGINATOR), ("Rsn/Cd", CODE), ("Rsn/Prtry", PROPRIETARY), ("AddtlInf", LINE)],
        );
    }
}

impl<'a> PaymentType<'a> {
    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            INSTRUCTION_PRIORITY => leaf.keep(&mut self.instruction_priority),
            SERVICE_LEVEL => self.add_service_level(CodeOrProprietary::Code, leaf),
            PROPRIETARY_SERVICE_LEVEL => self.add_service_level(CodeOrProprietary::Proprietary, leaf),
            LOCAL_INSTRUMENT => leaf.keep_code(&mut self.local_instrument),
            PROPRIETARY_LOCAL_INSTRUMENT => leaf.keep_proprietary(&mut self.local_instrument),
            CATEGORY_PURPOSE => leaf.keep(&mut self.category_purpose),
            _ => {}
        }
    }

    fn add_service_level(&mut self, choice: fn(&'a str) -> CodeOrProprietary<'a>, leaf: &Leaf<'_, 'a>) {
        let level = || choice(leaf.kept());
        self.service_levels = leaf.arena.appended(self.service_levels, level, "SvcLvl", SERVICE_LEVELS_MAX);
    }
}

impl<'a> Remittance<'a> {
    /// `Tp` precedes `Ref`, so the type read so far belongs to another reference and ends here.
    #[inline]
    pub(super) fn open(&mut self, field: u8, lines: &mut Lines<'a>) {
        if field == REFERENCE_INFORMATION {
            lines.reference = CreditorReference::default();
        }
    }

    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        match field {
            UNSTRUCTURED | CREDITOR_REFERENCE if leaf.is_blank() => {}
            UNSTRUCTURED => lines.push(&leaf.composed(), "Ustrd", UNSTRUCTURED_MAX),
            REFERENCE_CODE => leaf.keep_code(&mut lines.reference.kind),
            REFERENCE_PROPRIETARY => leaf.keep_proprietary(&mut lines.reference.kind),
            REFERENCE_ISSUER => leaf.keep(&mut lines.reference.issuer),
            CREDITOR_REFERENCE => {
                let (references, typed) = (self.creditor_references, lines.reference);
                let reference = || CreditorReference { reference: leaf.kept(), ..typed };
                self.creditor_references =
                    leaf.arena.appended(references, reference, "CdtrRefInf", CREDITOR_REFERENCES_MAX);
            }
            DOCUMENT_NUMBER => add_text(&mut self.document_numbers, "RfrdDocInf/Nb", leaf),
            ADDITIONAL => add_text(&mut self.additional, "AddtlRmtInf", leaf),
            _ => {}
        }
    }
}

/// A blank text has no meaning.
fn add_text<'a>(texts: &mut &'a [&'a str], element: &'static str, leaf: &Leaf<'_, 'a>) {
    if !leaf.is_blank() {
        *texts = leaf.arena.appended(texts, || leaf.kept(), element, STRUCTURED_TEXTS_MAX);
    }
}

impl<'a> ReasonPart<'_, 'a> {
    pub(super) fn leaf(self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        match field {
            ORIGINATOR => {
                if let Some(originator) = self.originator {
                    leaf.keep(originator);
                }
            }
            CODE => leaf.keep_code(self.reason),
            PROPRIETARY => leaf.keep_proprietary(self.reason),
            LINE => lines.push(&leaf.composed(), "AddtlInf", REASON_LINES_MAX),
            _ => {}
        }
    }
}
