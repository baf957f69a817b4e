//! The format description of a message: its elements with number, name, multiplicity, kind of value, rules and example,
//! then the rules, the code lists and a complete message. Markdown and HTML show the same description.
//!
//! ISO 20022 has far more elements than our programs read or write. A description lists the others in one line at the
//! end of their parent, so that a reader sees the important ones first, and still sees that the list is complete.

mod examples;
mod head;
mod html;
mod kinds;
mod markdown;
mod names;
mod tree;
mod words;

use std::collections::BTreeMap;

use iso20022::MessageType;
use rulebook::usage::Direction;
use rulebook::{Code, Language, rules};
use xsd::model::Occurs;

/// The format description of a message in one language.
#[derive(Debug)]
pub struct Description {
    /// The message.
    pub message_type: MessageType,
    /// The language of its texts.
    pub language: Language,
    /// Who sends the message.
    pub direction: Direction,
    /// What it is for.
    pub purpose: &'static str,
    /// Its elements, in order.
    pub lines: Vec<Line>,
    /// The rules that it must keep.
    pub rules: Vec<Code>,
    /// ISO 20022's external code lists, and the elements that take a code of them.
    pub code_lists: BTreeMap<String, Vec<String>>,
}

/// A line of the tree of elements.
#[derive(Debug)]
pub enum Line {
    /// An element.
    Element(Box<Element>),
    /// The elements of the parent that a reader can forget.
    LeftOut {
        /// How deep the parent's elements stand.
        level: usize,
        /// Those that refuse a message, and why.
        refused: Vec<(String, Vec<Code>)>,
        /// Those that are not read (where the message is the client's) or not written (where it is ours).
        unused: Vec<String>,
    },
}

/// An element of a message.
#[derive(Debug)]
pub struct Element {
    /// Its number in this description: `2.14.3`.
    pub number: String,
    /// How deep it stands, from 0.
    pub level: usize,
    /// Its name in the message.
    pub tag: String,
    /// Where it stands below `Document`.
    pub path: String,
    /// What it is called.
    pub name: Option<String>,
    /// ISO 20022's name of it in full.
    pub iso_name: Option<&'static str>,
    /// How often it may stand by ISO 20022.
    pub iso_occurs: Occurs,
    /// How often it may stand here.
    pub occurs: Occurs,
    /// It is one of several of which one stands.
    pub is_alternative: bool,
    /// What its value is; `None` where it has elements.
    pub value: Option<String>,
    /// Its attributes, and what their values are.
    pub attributes: Vec<(String, String)>,
    /// The rules about it.
    pub codes: Vec<Code>,
    /// What else to know.
    pub notes: Vec<&'static str>,
    /// A value of it in the example.
    pub example: Option<String>,
}

impl Description {
    /// Its elements without those that are left out.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.lines.iter().filter_map(|line| match line {
            Line::Element(element) => Some(&**element),
            Line::LeftOut { .. } => None,
        })
    }

    fn say(&self, text: rulebook::catalogue::Text) -> &'static str {
        text.in_language(self.language)
    }
}

/// What a rule refuses: a message, a block, a payment.
fn refuses(code: Code, language: Language) -> String {
    let Some(rule) = rules::Rule::of(code) else { return String::new() };
    let levels = rule.levels.iter().map(|level| words::level(*level).in_language(language));
    levels.collect::<Vec<_>>().join(", ")
}
