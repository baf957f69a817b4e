//! Which parts of a document a reader wants to see.
//!
//! Wanted paths become a tree beside the schema's types: for each wanted element one row with an entry for
//! every element its type knows. The validator carries its place in the tree along, so that an element that is
//! not wanted costs one look-up, and a subtree in which nothing is wanted none.

use crate::automaton::TypeContent;
use crate::error::SchemaError;
use crate::schema::Schema;

/// Number of a wanted element; 0 for none.
pub(crate) type NodeId = u32;

/// Paths below the root element, each with a tag chosen by the caller.
#[derive(Debug)]
pub struct Selection {
    nodes: Vec<Node>,
    /// Rows of children, by slot.
    children: Vec<NodeId>,
    paths: usize,
    /// The namespace of the schema that it was made for.
    target_namespace: String,
    states: usize,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    tag: u16,
    /// Where its row begins; `u32::MAX` if nothing below it is wanted.
    row: u32,
    type_id: u32,
}

const NO_ROW: u32 = u32::MAX;
const NONE: Node = Node { tag: 0, row: NO_ROW, type_id: 0 };

impl Selection {
    /// The root element.
    pub(crate) const ROOT: NodeId = 1;

    /// Paths like `CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt`, below the root element. The path of an
    /// element with children gives [`crate::Event::Open`] and [`crate::Event::Close`], that of a leaf gives
    /// [`crate::Event::Leaf`]. The empty path is the root element itself. Tag 0 selects nothing. A path that
    /// stands twice has the last tag.
    ///
    /// # Errors
    /// [`SchemaError::UnknownPath`] if the schema has no such path.
    pub fn new(schema: &Schema, wanted: &[(&str, u16)]) -> Result<Selection, SchemaError> {
        let mut selection = Selection::nothing(schema);
        for &(path, tag) in wanted {
            let mut node = Selection::ROOT;
            for step in path.split('/').filter(|_| !path.is_empty()) {
                node = selection
                    .step(schema, node, step)
                    .ok_or_else(|| SchemaError::UnknownPath { path: path.to_owned(), step: step.to_owned() })?;
            }
            selection.nodes[node as usize].tag = tag;
            selection.paths += 1;
        }
        Ok(selection)
    }

    /// Nothing: validation only.
    pub fn nothing(schema: &Schema) -> Selection {
        Selection {
            nodes: vec![NONE, Node { type_id: schema.root_type, ..NONE }],
            children: Vec::new(),
            paths: 0,
            target_namespace: schema.target_namespace().to_owned(),
            states: schema.states.len(),
        }
    }

    /// The child called `name`, made if the schema has it.
    fn step(&mut self, schema: &Schema, node: NodeId, name: &str) -> Option<NodeId> {
        let type_ = &schema.types[self.nodes[node as usize].type_id as usize];
        let TypeContent::Elements(start) = type_.content else {
            return None;
        };
        let slot = schema.slot_named(start, type_, name)?;
        if self.nodes[node as usize].row == NO_ROW {
            self.nodes[node as usize].row = self.children.len() as u32;
            self.children.resize(self.children.len() + type_.slots.len(), 0);
        }
        let place = self.nodes[node as usize].row as usize + slot as usize;
        if self.children[place] == 0 {
            self.children[place] = self.nodes.len() as NodeId;
            self.nodes.push(Node { type_id: type_.slots[slot as usize], ..NONE });
        }
        Some(self.children[place])
    }

    /// Place below `node` for the element with this slot.
    #[inline]
    pub(crate) fn child(&self, node: NodeId, slot: u16) -> NodeId {
        let row = self.nodes[node as usize].row;
        if row == NO_ROW {
            return 0;
        }
        self.children[row as usize + slot as usize]
    }

    #[inline]
    pub(crate) fn tag(&self, node: NodeId) -> u16 {
        self.nodes[node as usize].tag
    }

    /// Whether it was made for a schema like this one.
    pub(crate) fn fits(&self, schema: &Schema) -> bool {
        self.target_namespace == schema.target_namespace() && self.states == schema.states.len()
    }

    /// Number of paths it was made of.
    pub fn len(&self) -> usize {
        self.paths
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.paths == 0
    }
}
