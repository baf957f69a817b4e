//! Elements that are missing, too many, elsewhere, or called otherwise.

use tdam::generate::random::Random;

use super::part::{any, any_that, replace};
use crate::equivalence::document::Document;

pub(super) fn drop(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    replace(document, element.start, element.end, "")
}

pub(super) fn double(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    let times = random.one_of(&[1, 1, 1, 2, 5, 10]);
    replace(document, element.end, element.end, &document.whole(element).repeat(times))
}

pub(super) fn swap(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    let mut behind =
        document.elements.iter().filter(|other| other.parent == element.parent && other.start >= element.end);
    let next = behind.next()?;
    let between = &document.text[element.end..next.start];
    replace(document, element.start, next.end, &[document.whole(next), between, document.whole(element)].concat())
}

pub(super) fn rename(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let name = document.name(any(document, random)?).to_owned();
    renamed(document, random, &name)
}

pub(super) fn misspell(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let name = document.name(any(document, random)?);
    let misspelt = match random.below(4) {
        0 => format!("{name}s"),
        1 => name[..name.len() - 1].to_owned(),
        2 => name.to_lowercase(),
        _ => format!("{name}{}", random.one_of(&["AVeryLongTailOfAName", "\u{B7}", "é", "-", ".", "1"])),
    };
    renamed(document, random, &misspelt)
}

/// Some element of the same name or any, called `name`.
fn renamed(document: &Document<'_>, random: &mut Random, name: &str) -> Option<Vec<u8>> {
    let element = any_that(document, random, |element| element.inner < element.end)?;
    let inside = &document.text[element.name_end..element.inner_end];
    replace(document, element.start, element.end, &format!("<{name}{inside}</{name}>"))
}

pub(super) fn insert_another(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let other = document.whole(any(document, random)?);
    let element = any(document, random)?;
    let at = random.one_of(&[element.start, element.end, element.inner_end.max(element.inner)]);
    replace(document, at, at, other)
}

pub(super) fn move_to_end(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    let end = document.elements.get(element.parent?)?.inner_end;
    let moved = [&document.text[element.end..end], document.whole(element)].concat();
    replace(document, element.start, end, &moved)
}

pub(super) fn empty(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    if document.is_empty_tag(element) {
        let name = document.name(element);
        replace(document, element.inner - 2, element.inner, &format!("></{name}>"))
    } else {
        let blank = random.one_of(&["", " ", "\n"]);
        replace(document, element.inner - 1, element.end, &format!("{blank}/>"))
    }
}

pub(super) fn drop_children(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any_that(document, random, |element| !element.is_leaf)?;
    let left = random.one_of(&["", " ", "\n", "text"]);
    replace(document, element.inner, element.inner_end, left)
}

pub(super) fn wrap(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any(document, random)?;
    let name = document.name(element);
    let (before, behind) = (format!("<{name}>"), format!("</{name}>"));
    replace(document, element.start, element.end, &[&before, document.whole(element), &behind].concat())
}
