//! Namespaces, prefixes, and the attributes of XML Schema instance.

use tdam::generate::random::Random;
use xsd::model::TypeName;

use super::part::{any, any_that, replace};
use crate::equivalence::document::Document;

const DECLARATIONS: &[&str] = &[
    " xmlns=\"urn:other\"",
    " xmlns=\"\"",
    " xmlns:p=\"urn:p\"",
    " xmlns:p=\"urn:p\" p:x=\"1\"",
    " xmlns:p=\"\"",
    " p:x=\"1\"",
    " xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"",
    " xmlns:xml=\"urn:x\"",
    " xmlns:xmlns=\"urn:x\"",
    " xmlns:p=\"http://www.w3.org/XML/1998/namespace\"",
    " xmlns:p=\"http://www.w3.org/2000/xmlns/\"",
    " xmlns=\"http://www.w3.org/2000/xmlns/\"",
    " xmlns:a=\"urn:p\" xmlns:b=\"urn:p\" a:x=\"1\" b:x=\"2\"",
    " xmlns:a=\"urn:p\" xmlns:a=\"urn:p\"",
    " xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" a:x=\"1\" b:x=\"2\"",
    " xmlns:1=\"urn:p\"",
    " xmlns:a:b=\"urn:p\"",
    " xmlns:=\"urn:p\"",
    " :x=\"1\"",
    " xmlns:p=\"&#117;rn:p\"",
    " xmlns:p='urn:p '",
    " xmlns:p=\"relative\"",
    " xmlns:p=\"urn:\u{101}\"",
];

const ELEMENTS: &[&str] = &[
    "<p:x/>",
    "<p:x xmlns:p=\"urn:y\"/>",
    "<x xmlns:p=\"\"/>",
    "<x xmlns=\"urn:y\"/>",
    "<xml:x/>",
    "<xmlns:x/>",
    "<a:b:c/>",
    "<:a/>",
    "<a:/>",
    "<x xmlns=\"urn:y\"><p:y xmlns:p=\"urn:z\"/></x>",
    "<p:x xmlns:p=\"urn:y\"></p:x>",
    "<p:x xmlns:p=\"urn:y\" xmlns:q=\"urn:y\"></q:x>",
];

pub(super) fn change(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = if random.chance(25) { document.elements.first()? } else { any(document, random)? };
    let namespace = &document.model.target_namespace;
    match random.below(5) {
        0 => replace(document, element.start, element.start, random.one_of(ELEMENTS)),
        // The namespace that it has anyway; and one that is nearly it.
        1 => replace(document, element.name_end, element.name_end, &format!(" xmlns:same='{namespace}'")),
        2 => replace(document, element.name_end, element.name_end, &format!(" xmlns='{namespace} '")),
        _ => replace(document, element.name_end, element.name_end, random.one_of(DECLARATIONS)),
    }
}

/// One element under a prefix of its own, its children as they were.
pub(super) fn prefix_one(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any_that(document, random, |element| element.inner < element.end)?;
    let name = document.name(element);
    if name.contains(':') {
        return None;
    }
    let target = document.model.target_namespace.as_str();
    let namespace = random.one_of(&[target, target, "urn:other", "http://www.w3.org/XML/1998/namespace"]);
    let inside = &document.text[element.name_end..element.inner_end];
    replace(document, element.start, element.end, &format!("<p:{name} xmlns:p=\"{namespace}\"{inside}</p:{name}>"))
}

pub(super) fn prefix_all(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let prefix = random.one_of(&["p", "ns2", "_", "a.b-c", "Document", "AVeryLongPrefixIndeed", "ā", "xmlx"]);
    Some(prefixed(&document.text, prefix).into_bytes())
}

/// The document with a prefix on every tag.
pub(super) fn prefixed(text: &str, prefix: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let behind = at + 1 + usize::from(rest[at + 1..].starts_with('/'));
        out.push_str(&rest[..behind]);
        rest = &rest[behind..];
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != ':').unwrap_or(0);
        if rest.starts_with(char::is_alphabetic) && !rest[..name].contains(':') {
            out.push_str(prefix);
            out.push(':');
        }
    }
    out.push_str(rest);
    out.replacen(" xmlns=", &format!(" xmlns:{prefix}="), 1)
}

/// A prefix on some tags only, whether they belong together or not.
pub(super) fn prefix_some(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let root = document.elements.first()?;
    let element = any(document, random)?;
    let mut text = document.text.clone();
    let twice = !document.is_empty_tag(element) && random.chance(70);
    if twice {
        text.insert_str(element.inner_end + 2, "p:");
    }
    text.insert_str(element.start + 1, "p:");
    let namespace = random.one_of(&[document.model.target_namespace.as_str(), "urn:other"]);
    text.insert_str(root.name_end, &format!(" xmlns:p='{namespace}'"));
    Some(text.into_bytes())
}

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

pub(super) fn instance(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = if random.chance(25) { document.elements.first()? } else { any(document, random)? };
    let attribute = random.one_of(&[
        "xsi:schemaLocation=\"urn:a b.xsd\"",
        "xsi:schemaLocation=\"\"",
        "xsi:schemaLocation=\"urn:a\"",
        "xsi:noNamespaceSchemaLocation=\"b.xsd\"",
        "xsi:nil=\"true\"",
        "xsi:nil=\"false\"",
        "xsi:nil=\"x\"",
        "xsi:nil=\"\"",
        "xsi:other=\"1\"",
        "xsi:type=\"\"",
    ]);
    let declaration = if random.chance(90) { format!(" xmlns:xsi='{XSI}'") } else { String::new() };
    replace(document, element.name_end, element.name_end, &format!("{declaration} {attribute}"))
}

pub(super) fn instance_type(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any_that(document, random, |element| element.type_name.is_some())?;
    let model = document.model;
    let target = model.target_namespace.as_str();
    let schema = "http://www.w3.org/2001/XMLSchema";
    let own = |type_name: &TypeName| match type_name {
        TypeName::Named(name) => (name.clone(), target),
        TypeName::Builtin(builtin) => (builtin.name().to_owned(), schema),
    };
    let (name, namespace) = match random.below(5) {
        0 | 1 => own(element.type_name.as_ref()?),
        2 => {
            // A type of the same base: derived from it, a sibling, or neither.
            let base = |name: &TypeName| match name {
                TypeName::Named(name) => model.simple_type(name).map(|simple| simple.base.clone()),
                TypeName::Builtin(_) => None,
            };
            let declared = element.type_name.as_ref()?;
            let wanted = [Some(declared.clone()), base(declared)];
            let kin: Vec<&str> = model
                .simple_types
                .iter()
                .filter(|simple| wanted.contains(&Some(simple.base.clone())))
                .map(|simple| simple.name.as_str())
                .collect();
            if kin.is_empty() {
                return None;
            }
            (random.one_of(&kin).to_owned(), target)
        }
        3 => {
            let name =
                random.one_of(&["string", "token", "decimal", "anyType", "anySimpleType", "date", "nothing", "ID"]);
            (name.to_owned(), schema)
        }
        _ => {
            let complex = &model.complex_types[random.below(model.complex_types.len() as u64) as usize];
            (complex.name.clone(), random.one_of(&[target, schema, "urn:other"]))
        }
    };
    let blanks = random.one_of(&["", "", "", " ", "\n"]);
    let attribute = format!(" xmlns:xsi='{XSI}' xmlns:t='{namespace}' xsi:type='{blanks}t:{name}{blanks}'");
    replace(document, element.name_end, element.name_end, &attribute)
}
