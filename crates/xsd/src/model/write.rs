//! Writes a model as a schema document that other validators read.
//!
//! What [`super::read_xsd`] reads, this writes: reading the document back gives an equal model. Documentation of
//! elements and types comes from the caller, since a model has none.

use super::{AnyNamespace, ComplexType, Content, Model, Occurs, Particle, Process, SimpleType, Term};
use std::fmt::Write as _;

/// A part of a schema that can be documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component<'m> {
    /// The schema as a whole.
    Schema,
    /// An element of a complex type.
    Element {
        /// The type that it stands in.
        of: &'m str,
        /// Its name.
        name: &'m str,
    },
    /// An attribute of a complex type.
    Attribute {
        /// The type that it stands in.
        of: &'m str,
        /// Its name.
        name: &'m str,
    },
    /// A type of values.
    Value(&'m str),
}

/// A text for people, `xs:documentation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documentation {
    /// Its language (BCP 47).
    pub language: &'static str,
    /// The text.
    pub text: String,
}

impl Model {
    /// The schema document.
    pub fn to_xsd(&self) -> String {
        self.to_documented_xsd(&|_| Vec::new())
    }

    /// The schema document with documentation of its components.
    pub fn to_documented_xsd(&self, documentation: &dyn Fn(Component<'_>) -> Vec<Documentation>) -> String {
        let mut xsd = Document { text: String::new(), documentation };
        xsd.line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        let namespace = escaped(&self.target_namespace);
        xsd.line(
            0,
            &format!(
                "<xs:schema xmlns=\"{namespace}\" xmlns:xs=\"{}\" elementFormDefault=\"qualified\" \
                 targetNamespace=\"{namespace}\">",
                super::XSD_URI
            ),
        );
        xsd.annotation(1, Component::Schema);
        let (root, root_type) = (escaped(&self.root), escaped(&self.root_type));
        xsd.line(1, &format!("<xs:element name=\"{root}\" type=\"{root_type}\"/>"));
        self.complex_types.iter().for_each(|complex| xsd.complex_type(complex));
        self.simple_types.iter().for_each(|simple| xsd.simple_type(simple));
        xsd.line(0, "</xs:schema>");
        xsd.text
    }
}

struct Document<'d> {
    text: String,
    documentation: &'d dyn Fn(Component<'_>) -> Vec<Documentation>,
}

impl Document<'_> {
    fn line(&mut self, level: usize, markup: &str) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
        self.text.push_str(markup);
        self.text.push('\n');
    }

    /// Writes the documentation; false when there is none.
    fn annotation(&mut self, level: usize, component: Component<'_>) -> bool {
        let texts = (self.documentation)(component);
        if texts.is_empty() {
            return false;
        }
        self.line(level, "<xs:annotation>");
        for Documentation { language, text } in texts {
            let text = escaped(&text);
            self.line(level + 1, &format!("<xs:documentation xml:lang=\"{language}\">{text}</xs:documentation>"));
        }
        self.line(level, "</xs:annotation>");
        true
    }

    /// An element of the schema that holds an annotation or nothing.
    fn leaf(&mut self, level: usize, name: &str, attributes: &str, component: Component<'_>) {
        let before = self.text.len();
        self.line(level, &format!("<xs:{name}{attributes}>"));
        if self.annotation(level + 1, component) {
            self.line(level, &format!("</xs:{name}>"));
        } else {
            self.text.truncate(before);
            self.line(level, &format!("<xs:{name}{attributes}/>"));
        }
    }

    fn complex_type(&mut self, complex: &ComplexType) {
        self.line(1, &format!("<xs:complexType name=\"{}\">", escaped(&complex.name)));
        match &complex.content {
            Content::Empty => self.attributes(2, complex),
            Content::Value(base) => {
                self.line(2, "<xs:simpleContent>");
                self.line(3, &format!("<xs:extension base=\"{}\">", escaped(&base.to_string())));
                self.attributes(4, complex);
                self.line(3, "</xs:extension>");
                self.line(2, "</xs:simpleContent>");
            }
            Content::Elements(particle) => {
                match &particle.term {
                    Term::Sequence(_) | Term::Choice(_) => self.particle(2, &complex.name, particle),
                    // A type's content is a group.
                    Term::Element { .. } | Term::Any { .. } => {
                        self.line(2, "<xs:sequence>");
                        self.particle(3, &complex.name, particle);
                        self.line(2, "</xs:sequence>");
                    }
                }
                self.attributes(2, complex);
            }
        }
        self.line(1, "</xs:complexType>");
    }

    fn attributes(&mut self, level: usize, complex: &ComplexType) {
        for attribute in &complex.attributes {
            let (name, type_name) = (escaped(&attribute.name), escaped(&attribute.type_name.to_string()));
            let use_ = if attribute.required { " use=\"required\"" } else { "" };
            let component = Component::Attribute { of: &complex.name, name: &attribute.name };
            self.leaf(level, "attribute", &format!(" name=\"{name}\" type=\"{type_name}\"{use_}"), component);
        }
    }

    fn particle(&mut self, level: usize, of: &str, particle: &Particle) {
        let occurs = occurs(particle.occurs);
        match &particle.term {
            Term::Element { name, type_name } => {
                let type_name = escaped(&type_name.to_string());
                let attributes = format!(" name=\"{}\" type=\"{type_name}\"{occurs}", escaped(name));
                self.leaf(level, "element", &attributes, Component::Element { of, name });
            }
            Term::Sequence(parts) | Term::Choice(parts) => {
                let group = if matches!(particle.term, Term::Choice(_)) { "choice" } else { "sequence" };
                self.line(level, &format!("<xs:{group}{occurs}>"));
                parts.iter().for_each(|part| self.particle(level + 1, of, part));
                self.line(level, &format!("</xs:{group}>"));
            }
            Term::Any { namespace, process } => {
                let namespace = match namespace {
                    AnyNamespace::Any => "##any",
                    AnyNamespace::Other => "##other",
                };
                let process = match process {
                    Process::Lax => "lax",
                    Process::Skip => "skip",
                };
                let markup = format!("<xs:any namespace=\"{namespace}\" processContents=\"{process}\"{occurs}/>");
                self.line(level, &markup);
            }
        }
    }

    fn simple_type(&mut self, simple: &SimpleType) {
        self.line(1, &format!("<xs:simpleType name=\"{}\">", escaped(&simple.name)));
        self.annotation(2, Component::Value(&simple.name));
        self.line(2, &format!("<xs:restriction base=\"{}\">", escaped(&simple.base.to_string())));
        for (facet, value) in simple.facets.list() {
            self.line(3, &format!("<xs:{facet} value=\"{}\"/>", escaped(&value)));
        }
        self.line(2, "</xs:restriction>");
        self.line(1, "</xs:simpleType>");
    }
}

/// What differs from once.
fn occurs(occurs: Occurs) -> String {
    let mut attributes = String::new();
    // Writing to a String cannot fail.
    if occurs.min != 1 {
        let _ = write!(attributes, " minOccurs=\"{}\"", occurs.min);
    }
    if occurs.max != Some(1) {
        // Writing to a String cannot fail.
        let _ = match occurs.max {
            Some(max) => write!(attributes, " maxOccurs=\"{max}\""),
            None => write!(attributes, " maxOccurs=\"unbounded\""),
        };
    }
    attributes
}

/// Text as it stands in a document, between tags or in double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // White space in an attribute would be read back as blanks.
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    escaped
}
