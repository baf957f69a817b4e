//! The published schemas, made once.

use std::sync::LazyLock;

use iso20022::MessageType;
use rulebook::usage::{Because, Direction, Restriction, Usage};
use rulebook::{Guideline, Language};
use xsd::Model;
use xsd::model::{Component, Documentation};

use crate::narrow::{Narrowed, narrowed};

/// A schema and its document.
struct Published {
    narrowed: Narrowed,
    xsd: String,
}

static PUBLISHED: LazyLock<Vec<(MessageType, Published)>> = LazyLock::new(|| {
    let guideline = Guideline::latvia();
    MessageType::ALL.map(|message_type| (message_type, publish(message_type, &guideline))).into()
});

/// The schema of a message as this treasury publishes it: ISO 20022's, narrowed.
#[must_use]
pub fn model(message_type: MessageType) -> &'static Model {
    &of(message_type).narrowed.model
}

/// The same as a schema document, with the rules as documentation.
#[must_use]
pub fn xsd(message_type: MessageType) -> &'static str {
    &of(message_type).xsd
}

/// ISO 20022's schema of a message as a document, from the table that messages are checked by.
#[must_use]
pub fn iso_xsd(message_type: MessageType) -> String {
    iso(message_type).to_xsd()
}

/// ISO 20022's schema of a message.
pub(crate) fn iso(message_type: MessageType) -> Model {
    match Model::from_table(iso20022::table(message_type)) {
        Ok(model) => model,
        // The tables are part of the program; a test reads each of them.
        Err(error) => panic!("the table of {message_type} is not read: {error}"),
    }
}

fn of(message_type: MessageType) -> &'static Published {
    let found = PUBLISHED.iter().find(|(known, _)| *known == message_type);
    // All twelve are made.
    &found.expect("each message is published").1
}

fn publish(message_type: MessageType, guideline: &Guideline) -> Published {
    let usage = Usage::of(message_type, guideline);
    match narrowed(&iso(message_type), &usage) {
        Ok(narrowed) => Published { xsd: document(&narrowed, &usage, guideline), narrowed },
        // So is the usage guideline, and a test publishes each message.
        Err(error) => panic!("the usage guideline does not fit {message_type}: {error}"),
    }
}

fn document(narrowed: &Narrowed, usage: &Usage, guideline: &Guideline) -> String {
    narrowed.model.to_documented_xsd(&|component| match component {
        Component::Schema => head(usage, guideline),
        component => {
            narrowed.reasons(component).into_iter().flat_map(|index| reasons(&usage.restrictions[index])).collect()
        }
    })
}

fn head(usage: &Usage, guideline: &Guideline) -> Vec<Documentation> {
    let name = guideline.name;
    let (lv, en) = match usage.direction {
        Direction::FromClient => (
            format!(
                "{name}: {} lietošanas vadlīnijas. Šī shēma ir šaurāka par ISO 20022 shēmu: kas tai atbilst, atbilst arī ISO 20022. \
                 Noteikumi, ko shēma nevar izteikt, ir formāta aprakstā.",
                usage.message_type
            ),
            format!(
                "{name}: usage guideline of {}. This schema is narrower than ISO 20022's: what is valid by it is valid by ISO 20022's \
                 too. Rules that a schema cannot express are in the format description.",
                usage.message_type
            ),
        ),
        Direction::ToClient => (
            format!(
                "{name}: {}, kā to rakstām mēs. Elementu, kuru šajā shēmā nav, mūsu ziņojumos nav.",
                usage.message_type
            ),
            format!(
                "{name}: {} as we write it. Our messages have no elements that this schema does not have.",
                usage.message_type
            ),
        ),
    };
    vec![
        Documentation { language: Language::Latvian.tag(), text: lv },
        Documentation { language: Language::English.tag(), text: en },
    ]
}

/// Why an element is narrower; nothing where our own messages are simply made so.
fn reasons(restriction: &Restriction) -> Vec<Documentation> {
    let Because::Refused(codes) = restriction.because else { return Vec::new() };
    Language::ALL
        .map(|language| {
            let texts = codes.iter().map(|code| format!("{code}: {}.", code.entry().title.in_language(language)));
            Documentation { language: language.tag(), text: texts.collect::<Vec<_>>().join(" ") }
        })
        .into()
}
