//! Values of another kind, one facet off, and the same value written otherwise.

use tdam::generate::random::Random;

use super::part::{any_that, leaf, replace};
use crate::equivalence::document::Document;
use crate::equivalence::value::{ValueType, escaped};

/// As they stand in the text: some are no well-formed XML.
const VALUES: &[&str] = &[
    "",
    " ",
    "A",
    "0",
    "-1",
    "1.5",
    "100000000000000000000",
    "0.000000000000000000",
    "1234567890123456789",
    "1.12345",
    "00001.50000000",
    "2024-02-29",
    "2024-02-29Z",
    "2024-02-29T12:00:00",
    "2024-02-29T24:00:00",
    "true",
    "EUR",
    "eur",
    "LV80BANK0000435195001",
    "TRELLV22",
    "TRELLV2",
    "+371-67094222",
    "CRDT",
    "BOOK",
    "2024",
    "12:00:00+02:00",
    "Ā",
    "Rīga, Smilšu iela 1",
    "&amp;",
    "&#65;",
    "&#x10FFFF;",
    "&#x110000;",
    "&#0;",
    "&#;",
    "&#x;",
    "&#xD800;",
    "&#xFFFE;",
    "&lt;",
    "]]>",
    "a]]b",
    "]]",
    "a&gt;]]",
    "&nbsp;",
    "&",
    "& ",
    "&amp",
    "&AMP;",
    "&#65",
    "&#x41;",
    "&#X41;",
    "\t",
    "x\ny",
    "x\ry",
    "\u{85}",
    "\u{2028}",
    "\u{FEFF}",
    "\u{FFFF}",
    "\u{7F}",
    "\u{1F600}",
    "01234567890123456789012345678901234",
    "012345678901234567890123456789012345",
    "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞",
    "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞",
    "ĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀ",
    "ĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀĀ",
];

/// Markup that may occur inside a value, or may not.
const MARKUP: &[&str] = &[
    "<!-- c -->",
    "<!---->",
    "<?pi data?>",
    "<?pi?>",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[&amp;]]>",
    "<x/>",
    "<Nm>x</Nm>",
    "<!-- a -- b -->",
    "<?xml version=\"1.0\"?>",
    "<![CDATA[",
    "<![cdata[x]]>",
    "<![CDATA[]]]]>",
];

pub(super) fn other(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    replace(document, leaf.inner, leaf.inner_end, random.one_of(VALUES))
}

pub(super) fn beyond(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    typed(document, random, |value_type, random| value_type.beyond(random).1)
}

pub(super) fn right(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    typed(document, random, |value_type, random| value_type.right(random))
}

fn typed(
    document: &Document<'_>,
    random: &mut Random,
    make: impl Fn(&ValueType<'_>, &mut Random) -> String,
) -> Option<Vec<u8>> {
    let leaf = any_that(document, random, |element| {
        element.inner < element.end && element.is_leaf && element.type_name.is_some()
    })?;
    let value_type = ValueType::of(document.model, leaf.type_name.as_ref()?)?;
    replace(document, leaf.inner, leaf.inner_end, &escaped(&make(&value_type, random)))
}

pub(super) fn character(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let mut value: Vec<char> = document.inner(leaf).chars().collect();
    let at = random.below(value.len() as u64 + 1) as usize;
    match random.below(3) {
        0 => value.insert(at, random.one_of(&['0', 'A', 'a', '-', ' ', '.', 'Ā', '\u{A0}', '\u{300}'])),
        1 if at < value.len() => drop(value.remove(at)),
        _ => *value.get_mut(at)? = random.one_of(&['0', '9', 'Z', 'z', '+', '€']),
    }
    replace(document, leaf.inner, leaf.inner_end, &String::from_iter(value))
}

pub(super) fn white_space(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let blanks = random.one_of(&[" ", "\n", "\t ", "\r\n", "\r", "&#13;", "&#10;", "&#32;", "\u{A0}"]);
    let at = random.one_of(&[leaf.inner, leaf.inner_end]);
    replace(document, at, at, blanks)
}

pub(super) fn cdata(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let value = document.inner(leaf);
    // The whole value, or from some character on.
    let places: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
    let at = if random.chance(50) { 0 } else { random.one_of(&places) };
    let (before, inside) = value.split_at(at);
    replace(document, leaf.inner, leaf.inner_end, &format!("{before}<![CDATA[{inside}]]>"))
}

pub(super) fn character_reference(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let value = document.inner(leaf);
    let places: Vec<(usize, char)> = value.char_indices().filter(|(_, c)| !matches!(c, '&' | '<')).collect();
    if places.is_empty() || value.contains('&') {
        return None;
    }
    let (at, c) = random.one_of(&places);
    let code = u32::from(c);
    let reference = match random.below(3) {
        0 => format!("&#{code};"),
        1 => format!("&#x{code:X};"),
        _ => format!("&#x000{code:x};"),
    };
    replace(document, leaf.inner + at, leaf.inner + at + c.len_utf8(), &reference)
}

pub(super) fn entity_reference(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let at = random.one_of(&[leaf.inner, leaf.inner_end]);
    let reference =
        random.one_of(&["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&nbsp;", "&unknown;", "&#38;lt;", "&;"]);
    replace(document, at, at, reference)
}

pub(super) fn markup(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let leaf = leaf(document, random)?;
    let at = random.one_of(&[leaf.inner, leaf.inner_end]);
    replace(document, at, at, random.one_of(MARKUP))
}
