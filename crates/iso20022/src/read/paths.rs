//! Builds the selection of a reader: which paths of the schema it wants, under which tags.

use xsd::{Schema, Selection};

use crate::dialect::Dialect;

/// The field that is the element itself: its start and end.
pub(crate) const SELF: u8 = 0;

/// The tag of a field in a group. Groups begin at 1, because tag 0 selects nothing.
pub(crate) const fn tag(group: u8, field: u8) -> u16 {
    u16::from_be_bytes([group, field])
}

/// The group of a tag.
#[inline]
pub(crate) const fn group(tag: u16) -> u8 {
    tag.to_be_bytes()[0]
}

/// The field of a tag.
#[inline]
pub(crate) const fn field(tag: u16) -> u8 {
    tag.to_be_bytes()[1]
}

/// Paths being collected.
#[derive(Debug)]
pub(crate) struct Paths {
    /// Names by which the generation of the message differs.
    pub(crate) dialect: Dialect,
    wanted: Vec<(String, u16)>,
}

impl Paths {
    pub(crate) fn new(dialect: Dialect) -> Paths {
        Paths { dialect, wanted: Vec::new() }
    }

    /// Wants one path.
    pub(crate) fn want(&mut self, path: &str, group: u8, field: u8) {
        self.wanted.push((path.to_owned(), tag(group, field)));
    }

    /// Wants paths below a root.
    pub(crate) fn below(&mut self, root: &str, group: u8, paths: &[(&str, u8)]) {
        for (path, field) in paths {
            self.wanted.push((format!("{root}/{path}"), tag(group, *field)));
        }
    }

    /// The paths themselves.
    pub(crate) fn into_paths(self) -> Vec<String> {
        self.wanted.into_iter().map(|(path, _)| path).collect()
    }

    /// The selection.
    ///
    /// # Panics
    /// When the schema lacks a path: the committed tables and the paths of the readers belong together (a test selects all).
    pub(crate) fn select(self, schema: &Schema) -> Selection {
        let wanted: Vec<(&str, u16)> = self.wanted.iter().map(|(path, tag)| (path.as_str(), *tag)).collect();
        match Selection::new(schema, &wanted) {
            Ok(selection) => selection,
            Err(error) => panic!("the reader and the table of {} differ: {error}", schema.target_namespace()),
        }
    }
}
