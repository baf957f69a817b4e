//! A party while it is read.

use super::{Arena, Kept, Paths, SELF, keep};
use crate::bounds::ADDRESS_LINES_MAX;
use crate::common::Party;

const NAME: u8 = 1;
const ADDRESS: u8 = 2;
const STREET_NAME: u8 = 3;
const BUILDING_NUMBER: u8 = 4;
const POST_CODE: u8 = 5;
const TOWN_NAME: u8 = 6;
const COUNTRY: u8 = 7;
const ADDRESS_LINE: u8 = 8;
const ORGANISATION_BIC: u8 = 9;
const ORGANISATION_ID: u8 = 10;
const PRIVATE: u8 = 11;
const PRIVATE_ID: u8 = 12;

impl Paths {
    /// A party whose parts stand directly below `root`.
    pub(crate) fn party(&mut self, root: &str, group: u8) {
        self.want(root, group, SELF);
        self.party_parts(root, group);
    }

    /// `Party40Choice`: the parts stand below `Pty`; or the party is an agent, whose name and BIC are taken.
    pub(crate) fn party_or_agent(&mut self, root: &str, group: u8) {
        self.want(root, group, SELF);
        self.party_parts(&format!("{root}/Pty"), group);
        self.below(root, group, &[("Agt/FinInstnId/BICFI", ORGANISATION_BIC), ("Agt/FinInstnId/Nm", NAME)]);
    }

    fn party_parts(&mut self, root: &str, group: u8) {
        self.below(
            root,
            group,
            &[
                ("Nm", NAME),
                ("PstlAdr", ADDRESS),
                ("PstlAdr/StrtNm", STREET_NAME),
                ("PstlAdr/BldgNb", BUILDING_NUMBER),
                ("PstlAdr/PstCd", POST_CODE),
                ("PstlAdr/TwnNm", TOWN_NAME),
                ("PstlAdr/Ctry", COUNTRY),
                ("PstlAdr/AdrLine", ADDRESS_LINE),
                (if self.dialect.any_bic { "Id/OrgId/AnyBIC" } else { "Id/OrgId/BICOrBEI" }, ORGANISATION_BIC),
                ("Id/OrgId/Othr/Id", ORGANISATION_ID),
                ("Id/PrvtId", PRIVATE),
                ("Id/PrvtId/Othr/Id", PRIVATE_ID),
            ],
        );
    }
}

/// A party while it is read.
#[derive(Debug)]
pub(crate) struct PartyDraft<'a> {
    seen: bool,
    party: Party<'a>,
    address_lines: Kept<'a, &'a str>,
}

impl<'a> PartyDraft<'a> {
    #[inline]
    pub(crate) fn new(arena: &'a Arena) -> PartyDraft<'a> {
        PartyDraft { seen: false, party: Party::default(), address_lines: Kept::new(arena, ADDRESS_LINES_MAX) }
    }

    #[inline]
    pub(crate) fn open(&mut self, field: u8) {
        match field {
            SELF => self.seen = true,
            ADDRESS => self.party.postal_address.present = true,
            PRIVATE => self.party.is_private = true,
            _ => {}
        }
    }

    #[inline]
    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        let party = &mut self.party;
        let slot = match field {
            NAME => &mut party.name,
            STREET_NAME => &mut party.postal_address.street_name,
            BUILDING_NUMBER => &mut party.postal_address.building_number,
            POST_CODE => &mut party.postal_address.post_code,
            TOWN_NAME => &mut party.postal_address.town_name,
            COUNTRY => &mut party.postal_address.country,
            ADDRESS_LINE => return self.address_lines.push_text(text),
            ORGANISATION_BIC => &mut party.organisation_bic,
            ORGANISATION_ID | PRIVATE_ID => &mut party.identification,
            _ => return,
        };
        keep(slot, arena, text);
    }

    /// The party; empty if the element was not there.
    #[inline]
    pub(crate) fn finish(mut self) -> Party<'a> {
        self.party.postal_address.address_lines = self.address_lines.finish();
        self.party
    }

    /// The party, if the element was there.
    #[inline]
    pub(crate) fn finish_if_seen(self) -> Option<Party<'a>> {
        self.seen.then(|| self.finish())
    }
}
