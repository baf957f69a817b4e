//! The part of a document that a change is made to.

use tdam::generate::random::Random;

use crate::equivalence::document::{Document, Element};

/// Replaces a part of the text.
pub(super) fn replace(document: &Document<'_>, from: usize, to: usize, with: &str) -> Option<Vec<u8>> {
    let text = &document.text;
    Some([&text[..from], with, &text[to..]].concat().into_bytes())
}

/// Any element but the root.
pub(super) fn any<'d>(document: &'d Document<'_>, random: &mut Random) -> Option<&'d Element> {
    let inner = document.elements.get(1..).filter(|elements| !elements.is_empty())?;
    Some(&inner[random.below(inner.len() as u64) as usize])
}

/// Any element of a kind.
pub(super) fn any_that<'d>(
    document: &'d Document<'_>,
    random: &mut Random,
    is: impl Fn(&Element) -> bool,
) -> Option<&'d Element> {
    let those: Vec<&Element> = document.elements.iter().skip(1).filter(|element| is(element)).collect();
    if those.is_empty() { None } else { Some(random.one_of(&those)) }
}

pub(super) fn leaf<'d>(document: &'d Document<'_>, random: &mut Random) -> Option<&'d Element> {
    any_that(document, random, |element| element.is_leaf && element.inner < element.end)
}
