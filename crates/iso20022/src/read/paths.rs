//! Builds the selection of a reader: which paths of the schema it wants, under which tags.

use std::sync::OnceLock;

use xsd::Selection;

use crate::MessageType;
use crate::dialect::Dialect;
use crate::schemas::schema;

/// The field that is the element itself: its start and end.
pub(crate) const SELF: u8 = 0;

/// The tag of an element that is a group itself.
pub(crate) const fn item(group: u8) -> u16 {
    tag(group, SELF)
}

/// The tag of a field in a group. Groups begin at 1, because tag 0 selects nothing.
const fn tag(group: u8, field: u8) -> u16 {
    u16::from_be_bytes([group, field])
}

/// The group of a tag.
#[inline]
pub(super) const fn group(tag: u16) -> u8 {
    tag.to_be_bytes()[0]
}

/// The field of a tag.
#[inline]
pub(super) const fn field(tag: u16) -> u8 {
    tag.to_be_bytes()[1]
}

/// Paths being collected.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) message_type: MessageType,
    /// Names by which the generation of the message differs.
    pub(crate) dialect: Dialect,
    wanted: Vec<(String, u16)>,
    /// Elements whose presence matters, but not their content.
    noticed: Vec<(String, u16)>,
}

impl Paths {
    fn of(message_type: MessageType, collect: fn(&mut Paths)) -> Paths {
        let mut paths =
            Paths { message_type, dialect: Dialect::of(message_type), wanted: Vec::new(), noticed: Vec::new() };
        collect(&mut paths);
        paths
    }

    /// Wants an element itself and parts below it.
    pub(crate) fn element(&mut self, root: &str, group: u8, parts: &[(&str, u8)]) {
        self.wanted.push((root.to_owned(), tag(group, SELF)));
        self.below(root, group, parts);
    }

    /// Wants a date that the newer generation offers as a choice of `Dt` and `DtTm`.
    pub(crate) fn date_choice(&mut self, path: &str, group: u8, field: u8) {
        if self.dialect.newer {
            self.below(path, group, &[("Dt", field), ("DtTm", field)]);
        } else {
            self.wanted.push((path.to_owned(), tag(group, field)));
        }
    }

    /// Watches for a part below an element without using its content.
    pub(crate) fn noticed(&mut self, root: &str, group: u8, part: &str, field: u8) {
        self.noticed.push((format!("{root}/{part}"), tag(group, field)));
    }

    /// Wants parts below an element.
    pub(crate) fn below(&mut self, root: &str, group: u8, parts: &[(&str, u8)]) {
        for (path, field) in parts {
            self.wanted.push((format!("{root}/{path}"), tag(group, *field)));
        }
    }
}

/// The selection of a message's reader; `collect` adds its paths, once for each message.
///
/// # Panics
/// When the schema lacks a path: the committed tables and the paths of the readers belong together (a test selects all).
pub(crate) fn selection(message_type: MessageType, collect: fn(&mut Paths)) -> &'static Selection {
    static SELECTIONS: [OnceLock<Selection>; MessageType::ALL.len()] =
        [const { OnceLock::new() }; MessageType::ALL.len()];
    SELECTIONS[message_type as usize].get_or_init(|| {
        let paths = Paths::of(message_type, collect);
        let wanted: Vec<(&str, u16)> =
            paths.wanted.iter().chain(&paths.noticed).map(|(path, tag)| (path.as_str(), *tag)).collect();
        match Selection::new(schema(message_type), &wanted) {
            Ok(selection) => selection,
            Err(error) => panic!("the reader and the table of {message_type} differ: {error}"),
        }
    })
}

/// The paths that the reader of a message looks at, below its `Document`.
pub(crate) fn elements(message_type: MessageType, collect: fn(&mut Paths)) -> Vec<String> {
    Paths::of(message_type, collect).wanted.into_iter().map(|(path, _)| path).collect()
}
