//! The attributes of the start tag last returned.

use super::input::Input;
use super::namespaces::{NamespaceId, Namespaces};

/// Where an attribute's parts are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeSlot {
    /// Qualified name, absolute.
    pub(crate) start: u64,
    pub(crate) local: u64,
    pub(crate) end: u64,
    pub(crate) value: ValueSlot,
    pub(crate) namespace: NamespaceId,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ValueSlot {
    /// As it stands in the window, absolute.
    Window(u64, u64),
    /// Normalised, in `AttributeSlots::scratch`.
    Scratch(usize, usize),
}

/// The attributes of one tag.
#[derive(Debug, Default)]
pub(crate) struct AttributeSlots {
    pub(crate) slots: Vec<AttributeSlot>,
    /// Values that had to be normalised.
    pub(crate) scratch: String,
}

impl AttributeSlots {
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.scratch.clear();
    }
}

/// Attributes of one element, without its namespace declarations.
#[derive(Clone, Copy)]
pub struct Attributes<'a> {
    slots: &'a [AttributeSlot],
    scratch: &'a str,
    text: &'a str,
    base: u64,
    namespaces: &'a Namespaces,
}

/// One attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Prefix as written, empty if none.
    pub prefix: &'a str,
    /// Name without prefix.
    pub local_name: &'a str,
    /// Namespace, empty if none.
    pub namespace: &'a str,
    /// Value, normalised as XML demands: references replaced, tabs and line ends made blanks.
    pub value: &'a str,
}

impl<'a> Attributes<'a> {
    pub(crate) fn new(slots: &'a AttributeSlots, input: &'a Input<'_>, namespaces: &'a Namespaces) -> Self {
        Attributes {
            slots: &slots.slots,
            scratch: &slots.scratch,
            text: input.text(),
            base: input.offset(0),
            namespaces,
        }
    }

    fn window(&self, start: u64, end: u64) -> &'a str {
        self.text.get((start - self.base) as usize..(end - self.base) as usize).unwrap_or_default()
    }

    pub(crate) fn at(&self, slot: &AttributeSlot) -> Attribute<'a> {
        Attribute {
            prefix: if slot.local > slot.start { self.window(slot.start, slot.local - 1) } else { "" },
            local_name: self.window(slot.local, slot.end),
            namespace: self.namespaces.uri(slot.namespace),
            value: match slot.value {
                ValueSlot::Window(start, end) => self.window(start, end),
                ValueSlot::Scratch(start, end) => &self.scratch[start..end],
            },
        }
    }

    /// The value of the attribute of this name that is in no namespace.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.slots
            .iter()
            .filter(|slot| slot.namespace == NamespaceId::NONE)
            .map(|slot| self.at(slot))
            .find(|attribute| attribute.local_name == name)
            .map(|attribute| attribute.value)
    }

    /// All of them, in document order.
    pub fn iter(&self) -> impl Iterator<Item = Attribute<'a>> + '_ {
        self.slots.iter().map(|slot| self.at(slot))
    }

    pub(crate) fn slots(&self) -> &'a [AttributeSlot] {
        self.slots
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl std::fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
