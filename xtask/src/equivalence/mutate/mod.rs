//! One small change to a valid message, which may or may not make it wrong; the same seed makes the same change.

mod bytes;
mod elements;
mod markup;
mod namespaces;
mod part;
mod values;

use tdam::generate::random::Random;

use super::document::Document;

/// Changes a document in one way; `None` where the way does not apply to it.
type Change = fn(&Document<'_>, &mut Random) -> Option<Vec<u8>>;

/// All ways, each as often as another.
const WAYS: &[(&str, Change)] = &[
    ("as it was", |document, _| Some(document.text.clone().into_bytes())),
    ("element dropped", elements::drop),
    ("element doubled", elements::double),
    ("elements swapped", elements::swap),
    ("element renamed as another", elements::rename),
    ("element renamed by a letter", elements::misspell),
    ("another element inserted", elements::insert_another),
    ("element moved to the end", elements::move_to_end),
    ("element emptied", elements::empty),
    ("children dropped", elements::drop_children),
    ("element wrapped", elements::wrap),
    ("value of another kind", values::other),
    ("value one facet off", values::beyond),
    ("value one facet off", values::beyond),
    ("value right at its limits", values::right),
    ("character of a value", values::character),
    ("white space in a value", values::white_space),
    ("CDATA for a value", values::cdata),
    ("character reference", values::character_reference),
    ("entity reference", values::entity_reference),
    ("markup in a value", values::markup),
    ("attribute added", markup::add_attribute),
    ("attribute value one facet off", markup::attribute_beyond),
    ("attribute dropped", markup::drop_attribute),
    ("attribute doubled", markup::double_attribute),
    ("attribute renamed", markup::rename_attribute),
    ("attribute written otherwise", markup::rewrite_attribute),
    ("something between elements", markup::insert),
    ("XML declaration", markup::declaration),
    ("something outside the root", markup::outside),
    ("namespace changed", namespaces::change),
    ("prefix on one element", namespaces::prefix_one),
    ("prefix on all elements", namespaces::prefix_all),
    ("prefix on some tags", namespaces::prefix_some),
    ("xsi attribute", namespaces::instance),
    ("xsi:type", namespaces::instance_type),
    ("byte", bytes::one),
    ("bytes cut off", bytes::cut),
    ("bytes doubled", bytes::double),
    ("byte order mark, encoding", bytes::encoding),
];

/// A mutant, and how it was made.
pub(super) struct Mutant {
    pub(super) document: Vec<u8>,
    pub(super) ways: Vec<&'static str>,
}

/// The mutant of this number: ways take turns, so that none is left to chance.
pub(super) fn mutant(original: Document<'_>, number: u64, random: &mut Random) -> Mutant {
    let mut ways = Vec::new();
    let mut original = original;
    if random.chance(35) {
        let (way, dressed) = dress(&original, random);
        ways.push(way);
        original = Document::new(original.model, dressed);
    }
    let mut turn = (number % WAYS.len() as u64) as usize;
    loop {
        let (way, change) = WAYS[turn];
        // A way that depends on luck gets a few tries.
        if let Some(document) = (0..4).find_map(|_| change(&original, random)) {
            ways.push(way);
            return Mutant { document, ways };
        }
        turn = (turn + 1) % WAYS.len();
    }
}

/// Writes the same message in another way: the change then meets other paths of the reader.
fn dress(document: &Document<'_>, random: &mut Random) -> (&'static str, String) {
    let text = &document.text;
    match random.below(5) {
        0 => ("all CR LF", text.replace('\n', "\r\n")),
        1 => ("no line ends", text.replace('\n', "").replace(">  ", ">")),
        2 => ("comments everywhere", text.replace("</", "<!-- - --></").replace("\n  ", "\n<!--x--> <?p?>")),
        3 => ("blanks in tags", text.replace("</Nm>", "</Nm >").replace("<Id>", "<Id\n>").replace("<Cd>", "<Cd >")),
        _ => ("prefixes", namespaces::prefixed(text, "ns2")),
    }
}
