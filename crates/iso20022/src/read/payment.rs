//! Payment type and remittance information while they are read.

use super::{Arena, Kept, Paths, keep};
use crate::bounds::UNSTRUCTURED_MAX;
use crate::common::{PaymentType, Remittance};

const INSTRUCTION_PRIORITY: u8 = 1;
const SERVICE_LEVEL: u8 = 2;
const LOCAL_INSTRUMENT: u8 = 3;
const CATEGORY_PURPOSE: u8 = 4;

const UNSTRUCTURED: u8 = 1;
const CREDITOR_REFERENCE: u8 = 2;

impl Paths {
    /// `PmtTpInf`.
    pub(crate) fn payment_type(&mut self, root: &str, group: u8) {
        self.below(
            root,
            group,
            &[
                ("InstrPrty", INSTRUCTION_PRIORITY),
                ("SvcLvl/Cd", SERVICE_LEVEL),
                ("LclInstrm/Cd", LOCAL_INSTRUMENT),
                ("CtgyPurp/Cd", CATEGORY_PURPOSE),
            ],
        );
    }

    /// `RmtInf`.
    pub(crate) fn remittance(&mut self, root: &str, group: u8) {
        self.below(root, group, &[("Ustrd", UNSTRUCTURED), ("Strd/CdtrRefInf/Ref", CREDITOR_REFERENCE)]);
    }
}

/// `PmtTpInf` while it is read.
#[derive(Debug, Default)]
pub(crate) struct PaymentTypeDraft<'a>(PaymentType<'a>);

impl<'a> PaymentTypeDraft<'a> {
    #[inline]
    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        let slot = match field {
            INSTRUCTION_PRIORITY => &mut self.0.instruction_priority,
            SERVICE_LEVEL => &mut self.0.service_level,
            LOCAL_INSTRUMENT => &mut self.0.local_instrument,
            CATEGORY_PURPOSE => &mut self.0.category_purpose,
            _ => return,
        };
        keep(slot, arena, text);
    }

    #[inline]
    pub(crate) fn finish(self) -> PaymentType<'a> {
        self.0
    }
}

/// `RmtInf` while it is read.
#[derive(Debug)]
pub(crate) struct RemittanceDraft<'a> {
    unstructured: Kept<'a, &'a str>,
    creditor_reference: Option<&'a str>,
}

impl<'a> RemittanceDraft<'a> {
    #[inline]
    pub(crate) fn new(arena: &'a Arena) -> RemittanceDraft<'a> {
        RemittanceDraft { unstructured: Kept::new(arena, UNSTRUCTURED_MAX), creditor_reference: None }
    }

    #[inline]
    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        match field {
            UNSTRUCTURED => self.unstructured.push_text(text),
            CREDITOR_REFERENCE => keep(&mut self.creditor_reference, arena, text),
            _ => {}
        }
    }

    #[inline]
    pub(crate) fn finish(self) -> Remittance<'a> {
        Remittance { unstructured: self.unstructured.finish(), creditor_reference: self.creditor_reference }
    }
}
