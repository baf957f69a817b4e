//! Payment type, remittance information and reasons: which of their parts are read, and where they go.

use super::part::{Lines, ReasonPart};
use super::{Leaf, Paths};
use crate::bounds::{CREDITOR_REFERENCES_MAX, REASON_LINES_MAX, SERVICE_LEVELS_MAX, UNSTRUCTURED_MAX};
use crate::common::{CodeOrProprietary, PaymentType, Remittance};

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
        self.element(root, group, &[("Ustrd", UNSTRUCTURED), ("Strd/CdtrRefInf/Ref", CREDITOR_REFERENCE)]);
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
        self.service_levels = leaf.arena.appended(self.service_levels, level, SERVICE_LEVELS_MAX);
    }
}

impl<'a> Remittance<'a> {
    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        match field {
            UNSTRUCTURED => lines.push(&leaf.composed(), UNSTRUCTURED_MAX),
            CREDITOR_REFERENCE => {
                let references = self.creditor_references;
                self.creditor_references = leaf.arena.appended(references, || leaf.kept(), CREDITOR_REFERENCES_MAX);
            }
            _ => {}
        }
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
            LINE => lines.push(&leaf.composed(), REASON_LINES_MAX),
            _ => {}
        }
    }
}
