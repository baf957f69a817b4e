//! Attributes, and what stands between the elements.

use tdam::generate::random::Random;
use xsd::model::{Attribute, TypeName};

use super::part::{any_that, replace};
use crate::equivalence::document::{Document, Element};
use crate::equivalence::value::{ValueType, escaped};

const INSERTS: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "<!-- c -->",
    "<!---->",
    "<!-- a -- b -->",
    "<!-- a --->",
    "<!--->",
    "<!-- unclosed",
    "<?pi data?>",
    "<?pi?>",
    "<?pi",
    "<? pi?>",
    "<?1?>",
    "<?xml version=\"1.0\"?>",
    "<?XML a?>",
    "<?xml-stylesheet a?>",
    "<?a:b c?>",
    "<![CDATA[]]>",
    "<![CDATA[ ]]>",
    "<![CDATA[\n]]>",
    "<![CDATA[x]]>",
    "<![CDATA[<&]]>",
    "<![INCLUDE[x]]>",
    "x",
    "&#32;",
    "&#10;",
    "&#13;",
    "&#9;",
    "&#x20;",
    "&amp;",
    "&undefined;",
    "&#xD800;",
    "]]>",
    "]]",
    "<",
    ">",
    "&",
    "\u{1}",
    "\u{FFFE}",
    "\u{FFFD}",
    "\u{85}",
    "\u{2028}",
    "\u{A0}",
    "\u{FEFF}",
    "\u{7F}",
    "<x/>",
    "<x></x>",
    "<x / >",
    "<x></ x>",
    "<x></x\n>",
    "<Nm>x</Nm>",
    "<!DOCTYPE a>",
    "<!ELEMENT a ANY>",
    "<-a/>",
    "<1/>",
    "< x/>",
    "<a",
    "</a>",
    "</>",
    "<>",
    "<\u{E9}/>",
    "<a\u{B7}/>",
    "<\u{B7}/>",
    "<\u{D7}/>",
];

const ATTRIBUTES: &[&str] = &[
    " Ccy=\"EUR\"",
    " Ccy='USD'",
    " Ccy=\"eur\"",
    " Ccy=\"\"",
    " Ccy=\" EUR\"",
    " Ccy=\"E&#85;R\"",
    " Ccy=\"EUR\nEUR\"",
    " x=\"1\"",
    " x=\"<\"",
    " x=\">\"",
    " x=\"&lt;\"",
    " x=\"&\"",
    " x=\"&undefined;\"",
    " x=\"'\"",
    " x=1",
    " x",
    " x=",
    " =\"1\"",
    " x=\"1\" x=\"2\"",
    " x=\"1\"y=\"2\"",
    " x = \"1\"",
    " \u{E9}=\"1\"",
    " 1x=\"1\"",
    " xml:lang=\"lv\"",
    " xml:lang=\"\"",
    " xml:space=\"preserve\"",
    " xml:id=\"a\"",
    "  ",
    "\n",
    "\r\n",
    "\t",
    " /",
    " id=\"a\"",
];

const DECLARATIONS: &[&str] = &[
    "",
    "<?xml version=\"1.0\"?>",
    "<?xml version='1.0' encoding='UTF-8'?>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF8\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
    "<?xml version=\"1.0\" standalone=\"no\"?>",
    "<?xml version=\"1.0\" standalone=\"maybe\"?>",
    "<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>",
    "<?xml encoding=\"UTF-8\"?>",
    "<?xml?>",
    "<?xml ?>",
    "<?xml version=\"1.1\"?>",
    "<?xml version=\"2.0\"?>",
    "<?xml version=\"1.\"?>",
    "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
    "<?xml version = \"1.0\" encoding = \"UTF-8\" ?>",
    "<?xml version=\"1.0\" encoding=\"\"?>",
    "<?xml version=\"1.0\" other=\"x\"?>",
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
    "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>",
    "<?XML version=\"1.0\"?>",
    " <?xml version=\"1.0\"?>",
    "\n<?xml version=\"1.0\"?>",
    "<!-- c --><?xml version=\"1.0\"?>",
    "<?xml version=\"1.0\">",
    "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
    "<?xml version=\"1.0\"?><!-- c --><?pi?>",
];

pub(super) fn insert(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any_that(document, random, |_| true)?;
    let at = random.one_of(&[element.inner, element.inner_end, element.start, element.end]);
    replace(document, at, at, random.one_of(INSERTS))
}

pub(super) fn declaration(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let root = document.elements.first()?;
    replace(document, 0, root.start, random.one_of(DECLARATIONS))
}

pub(super) fn outside(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let root = document.elements.first()?;
    let at = random.one_of(&[root.start, root.end, document.text.len()]);
    replace(document, at, at, random.one_of(INSERTS))
}

pub(super) fn add_attribute(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let element = any_that(document, random, |_| true)?;
    replace(document, element.name_end, element.name_end, random.one_of(ATTRIBUTES))
}

/// An element with attributes, and one of them.
fn attribute<'d>(document: &'d Document<'_>, random: &mut Random) -> Option<(&'d Element, (usize, usize))> {
    let element = any_that(document, random, |element| !document.attributes(element).is_empty())?;
    Some((element, random.one_of(&document.attributes(element))))
}

pub(super) fn attribute_beyond(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let (element, (from, to)) = attribute(document, random)?;
    let name = document.text[from..to].split('=').next()?.trim();
    let type_name =
        declared(document, element)?.iter().find(|known| known.name == name).map(|known| &known.type_name)?;
    let value_type = ValueType::of(document.model, type_name)?;
    let value = if random.chance(75) { value_type.beyond(random).1 } else { value_type.right(random) };
    replace(document, from, to, &format!(" {name}=\"{}\"", escaped(&value)))
}

fn declared<'m>(document: &Document<'m>, element: &Element) -> Option<&'m [Attribute]> {
    let Some(TypeName::Named(type_name)) = &element.type_name else { return None };
    Some(&document.model.complex_type(type_name)?.attributes)
}

pub(super) fn drop_attribute(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let (_, (from, to)) = attribute(document, random)?;
    replace(document, from, to, "")
}

pub(super) fn double_attribute(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let (_, (from, to)) = attribute(document, random)?;
    replace(document, to, to, &document.text[from..to])
}

pub(super) fn rename_attribute(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let (_, (from, to)) = attribute(document, random)?;
    let name_end = from + document.text[from..to].find('=')?;
    let name = random.one_of(&[" ccy", " Ccyy", " Cc", " p:Ccy", " xml:Ccy", " xsi:Ccy", " Prtry", " Ccy:"]);
    replace(document, from, name_end, name)
}

pub(super) fn rewrite_attribute(document: &Document<'_>, random: &mut Random) -> Option<Vec<u8>> {
    let (_, (from, to)) = attribute(document, random)?;
    let (name, value) = document.text[from..to].split_once('=')?;
    let value = &value.trim()[1..value.trim().len() - 1];
    let name = name.trim();
    let written = match random.below(9) {
        0 => format!(" {name} = '{value}' "),
        1 => format!("\n\t{name}\n=\n\"{value}\""),
        2 => format!(" {name}=\"{value}\" x=\"\""),
        3 => format!(" {name}=\"{value} \""),
        4 => format!(" {name}=\"\t{value}\""),
        5 => format!(" {name}=\"{value}"),
        6 => format!(" {name}={value}"),
        7 => format!("{name}=\"{value}\""),
        _ => format!(" {name}=\"{}\"", value.chars().map(|c| format!("&#{};", u32::from(c))).collect::<String>()),
    };
    replace(document, from, to, &written)
}
