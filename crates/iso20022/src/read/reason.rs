//! Reasons while they are read: a code or a house's own, with lines of text (`StsRsnInf`, `RtrInf`).

use super::{Arena, Kept, Paths, SELF, keep};
use crate::bounds::REASON_LINES_MAX;
use crate::common::CodeOrProprietary;

const CODE: u8 = 1;
const PROPRIETARY: u8 = 2;
const LINE: u8 = 3;
const ORIGINATOR: u8 = 4;

impl Paths {
    /// An element with `Orgtr`, `Rsn` and `AddtlInf`.
    pub(crate) fn reason(&mut self, root: &str, group: u8) {
        self.want(root, group, SELF);
        self.below(
            root,
            group,
            &[("Orgtr/Nm", ORIGINATOR), ("Rsn/Cd", CODE), ("Rsn/Prtry", PROPRIETARY), ("AddtlInf", LINE)],
        );
    }
}

/// A reason while it is read.
#[derive(Debug)]
pub(crate) struct ReasonDraft<'a> {
    pub(crate) originator: Option<&'a str>,
    code: Option<&'a str>,
    proprietary: Option<&'a str>,
    lines: Kept<'a, &'a str>,
}

impl<'a> ReasonDraft<'a> {
    pub(crate) fn new(arena: &'a Arena) -> ReasonDraft<'a> {
        ReasonDraft { originator: None, code: None, proprietary: None, lines: Kept::new(arena, REASON_LINES_MAX) }
    }

    pub(crate) fn leaf(&mut self, field: u8, arena: &'a Arena, text: &str) {
        match field {
            ORIGINATOR => keep(&mut self.originator, arena, text),
            CODE => keep(&mut self.code, arena, text),
            PROPRIETARY => keep(&mut self.proprietary, arena, text),
            LINE => self.lines.push_text(text),
            _ => {}
        }
    }

    /// The reason and its lines.
    pub(crate) fn finish(self) -> (Option<CodeOrProprietary<'a>>, &'a [&'a str]) {
        (choice(self.code, self.proprietary), self.lines.finish())
    }
}

/// What was given of a choice between `Cd` and `Prtry`.
pub(crate) fn choice<'a>(code: Option<&'a str>, proprietary: Option<&'a str>) -> Option<CodeOrProprietary<'a>> {
    code.map(CodeOrProprietary::Code).or(proprietary.map(CodeOrProprietary::Proprietary))
}
