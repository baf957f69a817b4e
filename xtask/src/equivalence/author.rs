//! Writes messages from the schema alone: every possible element occurs some day, with values up to their limits.
//! Public samples show what banks write; these show what the schema allows beyond that.

use tdam::generate::random::Random;
use xsd::Model;
use xsd::model::{Content, Particle, Term, TypeName};

use super::value::{ValueType, escaped};

/// After so many bytes, only mandatory elements follow.
const BYTES_ENOUGH: usize = 9_000;
/// How often an element stands that may repeat without limit.
const REPEATS_USUAL_MAX: u64 = 3;

/// What an element of a foreign namespace may look like.
const FOREIGN: &[&str] = &[
    "<x:Any xmlns:x=\"urn:x\" a=\"1\"><Nm>text</Nm>mixed<x:B/></x:Any>",
    "<Any xmlns=\"\"><a x=\"1\" y=\"2\"/></Any>",
    "<Any xmlns=\"urn:y\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:y y.xsd\">t</Any>",
    "<Unknown>of the same namespace</Unknown>",
];

/// A valid message of the model's type.
pub(super) fn write(model: &Model, random: &mut Random) -> String {
    // Frequency of optional elements: seldom gives broad documents, often deep ones.
    let generosity = random.one_of(&[6, 15, 30, 45]);
    let mut author = Author { model, random, generosity, out: String::new() };
    author.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let root_type = TypeName::Named(model.root_type.clone());
    author.element(&model.root, &root_type, &format!(" xmlns=\"{}\"", model.target_namespace), 0);
    author.out
}

struct Author<'m> {
    model: &'m Model,
    random: &'m mut Random,
    generosity: u64,
    out: String,
}

impl Author<'_> {
    fn element(&mut self, name: &str, type_name: &TypeName, declaration: &str, depth: usize) {
        self.break_line(depth);
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(declaration);
        let complex = match type_name {
            TypeName::Named(name) => self.model.complex_type(name),
            TypeName::Builtin(_) => None,
        };
        for attribute in complex.iter().flat_map(|complex| &complex.attributes) {
            if attribute.required || self.random.chance(50) {
                let value = self.value(&attribute.type_name);
                self.out.push_str(&format!(" {}=\"{value}\"", attribute.name));
            }
        }
        self.out.push('>');
        match complex.map(|complex| &complex.content) {
            Some(Content::Elements(particle)) => {
                self.particle(particle, depth + 1);
                self.break_line(depth);
            }
            Some(Content::Empty) => {}
            Some(Content::Value(_)) | None => {
                let value = self.value(type_name);
                self.out.push_str(&value);
            }
        }
        self.out.push_str(&format!("</{name}>"));
    }

    fn break_line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(depth));
    }

    fn value(&mut self, type_name: &TypeName) -> String {
        let value_type = ValueType::of(self.model, type_name);
        value_type.map(|value_type| escaped(&value_type.right(self.random))).unwrap_or_default()
    }

    fn particle(&mut self, particle: &Particle, depth: usize) {
        let mut times = u64::from(particle.occurs.min);
        let max = particle.occurs.max.map_or(REPEATS_USUAL_MAX, u64::from).min(times + REPEATS_USUAL_MAX);
        while times < max && self.out.len() < BYTES_ENOUGH && self.random.chance(self.generosity) {
            times += 1;
        }
        for _ in 0..times {
            match &particle.term {
                Term::Element { name, type_name } => self.element(name, type_name, "", depth),
                Term::Sequence(parts) => parts.iter().for_each(|part| self.particle(part, depth)),
                Term::Choice(parts) => {
                    let part = &parts[self.random.below(parts.len() as u64) as usize];
                    self.particle(part, depth);
                }
                Term::Any { .. } => {
                    let foreign = self.random.one_of(FOREIGN);
                    self.out.push_str(foreign);
                }
            }
        }
    }
}
