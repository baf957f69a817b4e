//! Walks the schema of ISO 20022 and the narrowed one side by side, and collects the description of each element.

use std::collections::{BTreeMap, BTreeSet};

use iso20022::MessageType;
use rulebook::usage::{Because, Direction, Narrowing, Restriction, Usage};
use rulebook::{Code, Guideline, Language};
use xsd::Model;
use xsd::model::{ComplexType, Content, Occurs, Particle, Term, TypeName};

use super::examples::Examples;
use super::{Description, Element, Line, kinds, names};
use crate::schemas::{iso, model};

impl Description {
    /// The description of a message as this treasury uses it.
    #[must_use]
    pub fn of(message_type: MessageType, language: Language) -> Description {
        let usage = Usage::of(message_type, &Guideline::latvia());
        let Tree { lines, code_lists } = tree(message_type, &usage, language);
        Description {
            message_type,
            language,
            direction: usage.direction,
            purpose: usage.purpose.in_language(language),
            lines,
            rules: rules_of(&usage),
            code_lists,
        }
    }
}

/// The rules of a message, ascending: those of its form and those in words.
fn rules_of(usage: &Usage) -> Vec<Code> {
    let of_form = usage.restrictions.iter().flat_map(refusals).copied();
    let in_words = usage.rules.iter().map(|(code, _)| *code);
    let mut codes: Vec<Code> = of_form.chain(in_words).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn refusals(restriction: &Restriction) -> &'static [Code] {
    match restriction.because {
        Because::Refused(codes) => codes,
        Because::Ours => &[],
    }
}

/// The lines of a description, and what was noticed on the way.
struct Tree {
    lines: Vec<Line>,
    code_lists: BTreeMap<String, Vec<String>>,
}

fn tree(message_type: MessageType, usage: &Usage, language: Language) -> Tree {
    let iso = iso(message_type);
    let ours = model(message_type);
    let mut walk = Walk {
        iso: &iso,
        ours,
        usage,
        language,
        read: Read::of(message_type),
        examples: Examples::of(message_type),
        tree: Tree { lines: Vec::new(), code_lists: BTreeMap::new() },
    };
    let root = (TypeName::Named(iso.root_type.clone()), TypeName::Named(ours.root_type.clone()));
    // `Document` itself has one element, the message; the description begins below it.
    if let Some(message) = parts_of(&iso, &root.0).first() {
        let own = parts_of(ours, &root.1);
        let type_name = own.first().map_or_else(|| message.type_name.clone(), |part| part.type_name.clone());
        walk.parts(&message.type_name, &type_name, &message.name, "", 0);
    }
    walk.tree
}

/// The elements that are read of a client's message; none where the message is ours.
struct Read(BTreeSet<String>);

impl Read {
    fn of(message_type: MessageType) -> Read {
        let mut read = BTreeSet::new();
        for path in iso20022::elements_read(message_type) {
            let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
            read.extend(ends.map(|end| path[..end].to_owned()));
        }
        Read(read)
    }
}

/// An element of a type, with or without groups around it.
struct Part {
    name: String,
    type_name: TypeName,
    occurs: Occurs,
    is_alternative: bool,
}

struct Walk<'w> {
    iso: &'w Model,
    ours: &'w Model,
    usage: &'w Usage,
    language: Language,
    read: Read,
    examples: Examples,
    tree: Tree,
}

impl Walk<'_> {
    fn parts(&mut self, iso: &TypeName, ours: &TypeName, path: &str, number: &str, level: usize) {
        let own = parts_of(self.ours, ours);
        let (mut refused, mut unused, mut shown) = (Vec::new(), Vec::new(), 0);
        for part in parts_of(self.iso, iso) {
            let path = format!("{path}/{}", part.name);
            let Some(here) = own.iter().find(|here| here.name == part.name) else {
                match self.usage.direction {
                    Direction::FromClient => refused.push((part.name, self.codes_of(&path, true))),
                    Direction::ToClient => unused.push(part.name),
                }
                continue;
            };
            let is_demanded = here.occurs.min > 0 && !part.is_alternative;
            let is_used = self.usage.direction == Direction::ToClient || self.read.0.contains(&path);
            if !is_used && !is_demanded {
                unused.push(part.name);
                continue;
            }
            shown += 1;
            let number = if number.is_empty() { shown.to_string() } else { format!("{number}.{shown}") };
            let element = self.element(&part, here, &path, &number, level);
            self.tree.lines.push(Line::Element(Box::new(element)));
            self.parts(&part.type_name, &here.type_name, &path, &number, level + 1);
        }
        if !refused.is_empty() || !unused.is_empty() {
            self.tree.lines.push(Line::LeftOut { level, refused, unused });
        }
    }

    fn element(&mut self, iso: &Part, ours: &Part, path: &str, number: &str, level: usize) -> Element {
        let name = names::of(&iso.name);
        let complex = complex_type(self.ours, &ours.type_name);
        let value_type = match complex {
            None => Some(&ours.type_name),
            Some(ComplexType { content: Content::Value(base), .. }) => Some(base),
            Some(_) => None,
        };
        self.note_code_list(iso, path);
        let attributes = complex.into_iter().flat_map(|complex| &complex.attributes);
        let attributes = attributes.map(|attribute| {
            let path = format!("{path}/@{}", attribute.name);
            (attribute.name.clone(), self.kind(&attribute.type_name, &path))
        });
        let attributes: Vec<(String, String)> = attributes.collect();
        let mut codes = self.codes_of(path, false);
        for (attribute, _) in &attributes {
            codes.extend(self.codes_of(&format!("{path}/@{attribute}"), false));
        }
        codes.sort_unstable();
        codes.dedup();
        Element {
            number: number.to_owned(),
            level,
            tag: iso.name.clone(),
            path: path.to_owned(),
            name: name.map(|name| name.in_language(self.language)),
            iso_name: name.map(|name| name.iso),
            iso_occurs: iso.occurs,
            occurs: ours.occurs,
            is_alternative: ours.is_alternative,
            value: value_type.map(|value_type| self.kind(value_type, path)),
            attributes,
            codes,
            notes: self.notes_of(path),
            example: self.examples.value(path).map(str::to_owned),
        }
    }

    fn kind(&self, type_name: &TypeName, path: &str) -> String {
        let forms = self.restrictions_of(path).filter_map(|restriction| match restriction.narrowing {
            Narrowing::Pattern { name, .. } => Some(name),
            _ => None,
        });
        kinds::kind(self.ours, type_name, &forms.collect::<Vec<_>>(), self.language)
    }

    fn restrictions_of<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s Restriction> {
        self.usage.restrictions.iter().filter(move |restriction| restriction.path == path)
    }

    /// The rules about an element; of an element that is not there, only why.
    fn codes_of(&self, path: &str, is_gone: bool) -> Vec<Code> {
        let of_form = self.restrictions_of(path).flat_map(refusals).copied();
        let in_words = self.usage.rules.iter().filter(|(_, at)| at == path && !is_gone).map(|(code, _)| *code);
        let mut codes: Vec<Code> = of_form.chain(in_words).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    fn notes_of(&self, path: &str) -> Vec<&'static str> {
        let notes = self.usage.notes.iter().filter(|note| note.path == path);
        notes.map(|note| note.text.in_language(self.language)).collect()
    }

    /// ISO 20022 calls its external lists so by the names of their types.
    fn note_code_list(&mut self, part: &Part, path: &str) {
        let TypeName::Named(type_name) = &part.type_name else { return };
        if type_name.starts_with("External") {
            self.tree.code_lists.entry(type_name.clone()).or_default().push(path.to_owned());
        }
    }
}

fn complex_type<'m>(model: &'m Model, type_name: &TypeName) -> Option<&'m ComplexType> {
    match type_name {
        TypeName::Named(name) => model.complex_type(name),
        TypeName::Builtin(_) => None,
    }
}

fn parts_of(model: &Model, type_name: &TypeName) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(ComplexType { content: Content::Elements(particle), .. }) = complex_type(model, type_name) {
        collect(particle, Occurs::ONCE, false, &mut parts);
    }
    parts
}

fn collect(particle: &Particle, around: Occurs, in_choice: bool, parts: &mut Vec<Part>) {
    let occurs = Occurs {
        min: particle.occurs.min.min(around.min),
        max: particle.occurs.max.zip(around.max).map(|(one, other)| one.max(other)),
    };
    match &particle.term {
        Term::Element { name, type_name } => {
            parts.push(Part { name: name.clone(), type_name: type_name.clone(), occurs, is_alternative: in_choice })
        }
        Term::Sequence(inner) => inner.iter().for_each(|part| collect(part, occurs, in_choice, parts)),
        // What is left of a choice after the guideline is no choice any more.
        Term::Choice(inner) => inner.iter().for_each(|part| collect(part, occurs, inner.len() > 1, parts)),
        Term::Any { .. } => {}
    }
}
