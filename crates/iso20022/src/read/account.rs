//! Accounts and agents: the parts that readers read, and their targets.

use super::{Leaf, Paths};
use crate::common::{Account, Agent};

const IBAN: u8 = 1;
const OTHER: u8 = 2;
const CURRENCY: u8 = 3;
const BIC: u8 = 4;
const CLEARING_MEMBER: u8 = 5;
const LEI: u8 = 6;
const NAME: u8 = 7;

impl Paths {
    /// An account.
    pub(crate) fn account(&mut self, root: &str, group: u8) {
        self.element(root, group, &[("Id/IBAN", IBAN), ("Id/Othr/Id", OTHER), ("Ccy", CURRENCY)]);
    }

    /// An agent.
    pub(crate) fn agent(&mut self, root: &str, group: u8) {
        self.element(
            root,
            group,
            &[
                (if self.dialect.bicfi { "FinInstnId/BICFI" } else { "FinInstnId/BIC" }, BIC),
                ("FinInstnId/ClrSysMmbId/MmbId", CLEARING_MEMBER),
                ("FinInstnId/Nm", NAME),
                ("FinInstnId/Othr/Id", OTHER),
            ],
        );
        if self.dialect.newer {
            self.below(root, group, &[("FinInstnId/LEI", LEI)]);
        }
    }
}

impl<'a> Account<'a> {
    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            IBAN => leaf.keep(&mut self.iban),
            OTHER => leaf.keep(&mut self.other),
            CURRENCY => leaf.keep(&mut self.currency),
            _ => {}
        }
    }
}

impl<'a> Agent<'a> {
    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            BIC => leaf.keep_bic(&mut self.bic),
            CLEARING_MEMBER => leaf.keep(&mut self.clearing_member),
            LEI => leaf.keep(&mut self.lei),
            NAME => leaf.keep(&mut self.name),
            OTHER => leaf.keep(&mut self.other),
            _ => {}
        }
    }
}
