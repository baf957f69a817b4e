//! The head that both forms of a description share.

use rulebook::catalogue::{Source, Text};
use rulebook::report_request::REPORTS_OFFERED;
use rulebook::usage::Direction;

use super::{Description, Element, words};

/// The facts at the head of the page.
pub(super) fn facts(description: &Description) -> Vec<(&'static str, String)> {
    let message_type = description.message_type;
    let direction = match description.direction {
        Direction::FromClient => words::FROM_CLIENT,
        Direction::ToClient => words::TO_CLIENT,
    };
    vec![
        (description.say(words::DIRECTION), description.say(direction).to_owned()),
        (description.say(words::NAMESPACE), message_type.namespace()),
        (description.say(words::ENCODING), description.say(words::ENCODING_IS).to_owned()),
        (description.say(words::SCHEMA), format!("/v1/schemas/{message_type}")),
    ]
}

/// What must be said before anything else.
pub(super) fn remark(description: &Description) -> Option<&'static str> {
    let name = description.message_type.name();
    let is_report = REPORTS_OFFERED.iter().any(|report| report.name() == name);
    (name.starts_with("camt.05") && !is_report).then(|| description.say(words::NOT_OFFERED))
}

/// How the table is to be read.
pub(super) fn how_to_read(description: &Description) -> &'static str {
    description.say(match description.direction {
        Direction::FromClient => words::HOW_TO_READ_INCOMING,
        Direction::ToClient => words::HOW_TO_READ_OUTGOING,
    })
}

/// What elements are that are left out.
pub(super) fn unused_word(description: &Description) -> Text {
    match description.direction {
        Direction::FromClient => words::NOT_READ,
        Direction::ToClient => words::NOT_WRITTEN,
    }
}

/// How often an element may stand.
pub(super) fn times(element: &Element) -> String {
    if element.iso_occurs == element.occurs {
        return element.occurs.to_string();
    }
    format!("{} → {}", element.iso_occurs, element.occurs)
}

/// Where a rule comes from, and how sure we are of it.
pub(super) fn source(description: &Description, source: Source) -> String {
    let said = source.in_language(description.language);
    format!("{}: {said}", description.say(words::SOURCE))
}
