//! A document cut into its elements, each with the type that the schema gives it: where mutations take hold.

use xsd::Model;
use xsd::model::{Content, Particle, Term, TypeName};

/// An element in a text.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// At its `<`.
    pub(super) start: usize,
    /// Behind its name.
    pub(super) name_end: usize,
    /// Behind its start tag.
    pub(super) inner: usize,
    /// Before its end tag.
    pub(super) inner_end: usize,
    pub(super) end: usize,
    pub(super) parent: Option<usize>,
    pub(super) is_leaf: bool,
    /// `None` where the schema does not know it.
    pub(super) type_name: Option<TypeName>,
}

/// A message that can be mutated.
#[derive(Debug)]
pub(super) struct Document<'m> {
    pub(super) model: &'m Model,
    pub(super) text: String,
    /// In document order; the root comes first.
    pub(super) elements: Vec<Element>,
}

impl<'m> Document<'m> {
    /// Cuts a well-formed text; CDATA sections, comments and instructions are passed over.
    pub(super) fn new(model: &'m Model, text: String) -> Document<'m> {
        let elements = elements(model, &text);
        Document { model, text, elements }
    }

    pub(super) fn name(&self, element: &Element) -> &str {
        &self.text[element.start + 1..element.name_end]
    }

    pub(super) fn inner(&self, element: &Element) -> &str {
        &self.text[element.inner..element.inner_end]
    }

    pub(super) fn whole(&self, element: &Element) -> &str {
        &self.text[element.start..element.end]
    }

    pub(super) fn is_empty_tag(&self, element: &Element) -> bool {
        element.inner == element.end
    }

    /// The attributes of an element, each with the blank before it: places, from and to.
    pub(super) fn attributes(&self, element: &Element) -> Vec<(usize, usize)> {
        let tag = self.text[element.name_end..element.inner].trim_end_matches(['>', '/']);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(equals) = tag[at..].find('=') {
            let value = tag[at + equals + 1..].trim_start();
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
            let opens = tag.len() - value.len();
            let Some(length) = value[1..].find(quote) else { break };
            let end = opens + length + 2;
            found.push((element.name_end + at, element.name_end + end));
            at = end;
        }
        found
    }
}

fn elements(model: &Model, text: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        let passed = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((_, ends)) = passed.iter().find(|(begins, _)| rest.starts_with(begins)) {
            at = start + rest.find(ends).map_or(rest.len(), |end| end + ends.len());
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        at = start + close + 1;
        if rest.starts_with("</") {
            if let Some(index) = open.pop() {
                elements[index].inner_end = start;
                elements[index].end = at;
            }
            continue;
        }
        let name_end = start + rest.find(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace()).unwrap_or(close);
        let parent = open.last().copied();
        let local = text[start + 1..name_end].rsplit(':').next().unwrap_or_default();
        let type_name = match parent {
            None => (local == model.root).then(|| TypeName::Named(model.root_type.clone())),
            Some(parent) => elements[parent].type_name.as_ref().and_then(|of| child_type(model, of, local)).cloned(),
        };
        if let Some(parent) = parent {
            elements[parent].is_leaf = false;
        }
        if !rest[..close].ends_with('/') {
            open.push(elements.len());
        }
        elements.push(Element { start, name_end, inner: at, inner_end: at, end: at, parent, is_leaf: true, type_name });
    }
    elements
}

/// The type of the element of this name among the elements of a type.
fn child_type<'m>(model: &'m Model, parent: &TypeName, name: &str) -> Option<&'m TypeName> {
    fn find<'m>(particle: &'m Particle, wanted: &str) -> Option<&'m TypeName> {
        match &particle.term {
            Term::Element { name, type_name } => (name == wanted).then_some(type_name),
            Term::Sequence(parts) | Term::Choice(parts) => parts.iter().find_map(|part| find(part, wanted)),
            Term::Any { .. } => None,
        }
    }
    let TypeName::Named(parent) = parent else { return None };
    match &model.complex_type(parent)?.content {
        Content::Elements(particle) => find(particle, name),
        Content::Value(_) | Content::Empty => None,
    }
}
