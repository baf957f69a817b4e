//! Parties: the parts that readers read, and their targets. Readers leave out blank parts.

use super::lines::Lines;
use super::{Leaf, Paths};
use crate::bounds::ADDRESS_LINES_MAX;
use crate::common::Party;

const NAME: u8 = 1;
const DEPARTMENT: u8 = 3;
const SUB_DEPARTMENT: u8 = 4;
const STREET_NAME: u8 = 5;
const BUILDING_NUMBER: u8 = 6;
const BUILDING_NAME: u8 = 7;
const FLOOR: u8 = 8;
const POST_BOX: u8 = 9;
const ROOM: u8 = 10;
const POST_CODE: u8 = 11;
const TOWN_NAME: u8 = 12;
const TOWN_LOCATION_NAME: u8 = 13;
const DISTRICT_NAME: u8 = 14;
const COUNTRY_SUB_DIVISION: u8 = 15;
const COUNTRY: u8 = 16;
const ADDRESS_LINE: u8 = 17;
const ORGANISATION_BIC: u8 = 18;
const LEI: u8 = 19;
const PRIVATE: u8 = 20;
const IDENTIFICATION: u8 = 21;
const SCHEME_CODE: u8 = 22;
const SCHEME_PROPRIETARY: u8 = 23;
const ISSUER: u8 = 24;
/// A part that the reader does not keep, but that shows that the element names a party.
const NOTICED: u8 = 25;

impl Paths {
    /// A party whose parts stand directly below `root`.
    pub(crate) fn party(&mut self, root: &str, group: u8) {
        self.element(root, group, &[]);
        self.party_parts(root, group);
    }

    /// `Party40Choice`: the parts stand below `Pty`; or the party is an agent, whose name and BIC are taken.
    pub(crate) fn party_or_agent(&mut self, root: &str, group: u8) {
        let agent = [("Agt/FinInstnId/BICFI", ORGANISATION_BIC), ("Agt/FinInstnId/Nm", NAME)];
        self.element(root, group, &agent);
        self.party_parts(&format!("{root}/Pty"), group);
    }

    fn party_parts(&mut self, root: &str, group: u8) {
        self.below(
            root,
            group,
            &[
                ("Nm", NAME),
                ("PstlAdr/Dept", DEPARTMENT),
                ("PstlAdr/SubDept", SUB_DEPARTMENT),
                ("PstlAdr/StrtNm", STREET_NAME),
                ("PstlAdr/BldgNb", BUILDING_NUMBER),
                ("PstlAdr/PstCd", POST_CODE),
                ("PstlAdr/TwnNm", TOWN_NAME),
                ("PstlAdr/CtrySubDvsn", COUNTRY_SUB_DIVISION),
                ("PstlAdr/Ctry", COUNTRY),
                ("PstlAdr/AdrLine", ADDRESS_LINE),
                (if self.dialect.any_bic { "Id/OrgId/AnyBIC" } else { "Id/OrgId/BICOrBEI" }, ORGANISATION_BIC),
                ("Id/PrvtId", PRIVATE),
            ],
        );
        for kind in ["Id/OrgId/Othr", "Id/PrvtId/Othr"] {
            self.below(
                &format!("{root}/{kind}"),
                group,
                &[
                    ("Id", IDENTIFICATION),
                    ("SchmeNm/Cd", SCHEME_CODE),
                    ("SchmeNm/Prtry", SCHEME_PROPRIETARY),
                    ("Issr", ISSUER),
                ],
            );
        }
        for part in ["CtryOfRes", "CtctDtls/Nm", "CtctDtls/PhneNb", "CtctDtls/MobNb", "CtctDtls/EmailAdr"] {
            self.noticed(root, group, part, NOTICED);
        }
        for part in ["BirthDt", "PrvcOfBirth", "CityOfBirth", "CtryOfBirth"] {
            self.noticed(root, group, &format!("Id/PrvtId/DtAndPlcOfBirth/{part}"), NOTICED);
        }
        if self.dialect.newer {
            self.below(
                root,
                group,
                &[
                    ("PstlAdr/BldgNm", BUILDING_NAME),
                    ("PstlAdr/Flr", FLOOR),
                    ("PstlAdr/PstBx", POST_BOX),
                    ("PstlAdr/Room", ROOM),
                    ("PstlAdr/TwnLctnNm", TOWN_LOCATION_NAME),
                    ("PstlAdr/DstrctNm", DISTRICT_NAME),
                    ("Id/OrgId/LEI", LEI),
                ],
            );
        }
    }
}

impl<'a> Party<'a> {
    #[inline]
    pub(super) fn open(&mut self, field: u8) {
        if field == PRIVATE {
            self.is_private = true;
        }
    }

    #[inline]
    pub(super) fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        if leaf.is_blank() {
            return lines.pass(field);
        }
        let address = &mut self.postal_address;
        let slot = match field {
            NAME => &mut self.name,
            DEPARTMENT => &mut address.department,
            SUB_DEPARTMENT => &mut address.sub_department,
            STREET_NAME => &mut address.street_name,
            BUILDING_NUMBER => &mut address.building_number,
            BUILDING_NAME => &mut address.building_name,
            FLOOR => &mut address.floor,
            POST_BOX => &mut address.post_box,
            ROOM => &mut address.room,
            POST_CODE => &mut address.post_code,
            TOWN_NAME => &mut address.town_name,
            TOWN_LOCATION_NAME => &mut address.town_location_name,
            DISTRICT_NAME => &mut address.district_name,
            COUNTRY_SUB_DIVISION => &mut address.country_sub_division,
            COUNTRY => &mut address.country,
            ADDRESS_LINE => return lines.push(&leaf.composed(), "AdrLine", ADDRESS_LINES_MAX),
            ORGANISATION_BIC => return leaf.keep_bic(&mut self.organisation_bic),
            LEI => &mut self.lei,
            _ => return self.identification_leaf(field, leaf, lines),
        };
        leaf.keep(slot);
    }

    /// Of several identifications the first is kept, with its scheme and its issuer, which follow it.
    fn identification_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        if field == IDENTIFICATION {
            lines.keeps_identification = self.identification.is_none();
        }
        if !lines.keeps_identification {
            return;
        }
        match field {
            IDENTIFICATION => leaf.keep(&mut self.identification),
            SCHEME_CODE => leaf.keep_code(&mut self.identification_scheme),
            SCHEME_PROPRIETARY => leaf.keep_proprietary(&mut self.identification_scheme),
            ISSUER => leaf.keep(&mut self.identification_issuer),
            _ => {}
        }
    }
}

impl Lines<'_> {
    /// Passes over a text without content. A scheme and an issuer that follow an identification without content are not those of
    /// the one before it.
    #[inline]
    fn pass(&mut self, field: u8) {
        self.keeps_identification &= field != IDENTIFICATION;
    }
}

/// A party that exists only if one of its parts has content: an empty element names no party, and neither does a
/// placeholder for a BIC. An element with only ignored parts (a date of birth, a country) still names a party.
#[inline]
pub(super) fn optional_leaf<'a>(slot: &mut Option<Party<'a>>, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
    if leaf.is_blank() || (field == ORGANISATION_BIC && leaf.is_placeholder_bic()) {
        return lines.pass(field);
    }
    let party = slot.get_or_insert_default();
    party.is_private |= lines.is_private;
    party.leaf(field, leaf, lines);
}

#[inline]
pub(super) fn optional_open(field: u8, lines: &mut Lines<'_>) {
    lines.is_private |= field == PRIVATE;
}
