//! An account and an agent while they are read.

use super::{Arena, Paths, SELF, keep};
use crate::common::{Account, Agent};

const IBAN: u8 = 1;
const OTHER: u8 = 2;
const CURRENCY: u8 = 3;

const BIC: u8 = 1;
const CLEARING_MEMBER: u8 = 2;
const NAME: u8 = 3;

impl Paths {
    /// An account.
    pub(crate) fn account(&mut self, root: &str, group: u8) {
        self.want(root, group, SELF);
        self.below(root, group, &[("Id/IBAN", IBAN), ("Id/Othr/Id", OTHER), ("Ccy", CURRENCY)]);
    }

    /// An agent.
    pub(crate) fn agent(&mut self, root: &str, group: u8) {
        self.want(root, group, SELF);
        let bic = if self.dialect.bicfi { "FinInstnId/BICFI" } else { "FinInstnId/BIC" };
        self.below(
            root,
            group,
            &[(bic, BIC), ("FinInstnId/ClrSysMmbId/MmbId", CLEARING_MEMBER), ("FinInstnId/Nm", NAME)],
        );
    }
}

/// An account while it is read.
#[derive(Debug, Default)]
pub(crate) struct AccountDraft<'a> {
    seen: bool,
    account: Account<'a>,
}

impl<'a> AccountDraft<'a> {
    #[inline]
    pub(crate) fn open(&mut self, field: u8) {
        self.seen |= field == SELF;
    }

    #[inline]
    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        let slot = match field {
            IBAN => &mut self.account.iban,
            OTHER => &mut self.account.other,
            CURRENCY => &mut self.account.currency,
            _ => return,
        };
        keep(slot, arena, text);
    }

    /// The account; empty if the element was not there.
    #[inline]
    pub(crate) fn finish(self) -> Account<'a> {
        self.account
    }

    /// The account, if the element was there.
    #[inline]
    pub(crate) fn finish_if_seen(self) -> Option<Account<'a>> {
        self.seen.then_some(self.account)
    }
}

/// An agent while it is read.
#[derive(Debug, Default)]
pub(crate) struct AgentDraft<'a> {
    seen: bool,
    agent: Agent<'a>,
}

impl<'a> AgentDraft<'a> {
    #[inline]
    pub(crate) fn open(&mut self, field: u8) {
        self.seen |= field == SELF;
    }

    #[inline]
    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        let slot = match field {
            BIC => &mut self.agent.bic,
            CLEARING_MEMBER => &mut self.agent.clearing_member,
            NAME => &mut self.agent.name,
            _ => return,
        };
        keep(slot, arena, text);
    }

    /// The agent; empty if the element was not there.
    #[inline]
    pub(crate) fn finish(self) -> Agent<'a> {
        self.agent
    }

    /// The agent, if the element was there.
    #[inline]
    pub(crate) fn finish_if_seen(self) -> Option<Agent<'a>> {
        self.seen.then_some(self.agent)
    }
}
