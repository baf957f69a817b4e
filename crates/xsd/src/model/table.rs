//! The readable table text: one element per line, made to be committed, reviewed and compared.
//!
//! ```text
//! xsd-table 1
//! namespace urn:iso:std:iso:20022:tech:xsd:pain.001.001.09
//! root Document Document
//!
//! type Document
//!   CstmrCdtTrfInitn 1..1 CustomerCreditTransferInitiationV09
//!
//! type AmountType4Choice
//!   (choice) 1..1
//!     InstdAmt 1..1 ActiveOrHistoricCurrencyAndAmount
//!     EqvtAmt 1..1 EquivalentAmount2
//!
//! type ActiveOrHistoricCurrencyAndAmount
//!   @Ccy required ActiveOrHistoricCurrencyCode
//!   value ActiveOrHistoricCurrencyAndAmount_SimpleType
//!
//! value ActiveOrHistoricCurrencyCode xs:string
//!   pattern [A-Z]{3,3}
//! ```
//!
//! Two blanks of indentation per level. A type's lines are its attributes (`@name`), then `value TYPE`, or
//! its elements; the lines directly below a type are a sequence, unless the only one is a `(choice)`, `(sequence)` or `(any)`.
//! A facet's value is the rest of its line; in double quotes with `\n \r \t \" \\` where it is
//! empty, begins or ends with a blank or a quote, or holds a control character.

use super::{
    AnyNamespace, Attribute, Builtin, ComplexType, Content, Facets, Model, Occurs, Particle, Process, SimpleType, Term,
    TypeName,
};
use crate::SchemaError;
use std::fmt::Write as _;

const HEAD: &str = "xsd-table 1";

impl Model {
    /// The readable table text. [`Model::from_table`] reads it back to an equal model.
    pub fn to_table(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{HEAD}");
        let _ = writeln!(out, "namespace {}", quoted(&self.target_namespace));
        let _ = writeln!(out, "root {} {}", self.root, self.root_type);
        for complex in &self.complex_types {
            let _ = writeln!(out, "\ntype {}", complex.name);
            for attribute in &complex.attributes {
                let use_ = if attribute.required { "required" } else { "optional" };
                let _ = writeln!(out, "  @{} {use_} {}", attribute.name, attribute.type_name);
            }
            match &complex.content {
                Content::Empty => {}
                Content::Value(type_name) => {
                    let _ = writeln!(out, "  value {type_name}");
                }
                Content::Elements(Particle { occurs: Occurs::ONCE, term: Term::Sequence(parts) })
                    if !reads_as_single(parts) =>
                {
                    for part in parts {
                        write_particle(&mut out, part, 1);
                    }
                }
                Content::Elements(particle) => write_particle(&mut out, particle, 1),
            }
        }
        for simple in &self.simple_types {
            let _ = writeln!(out, "\nvalue {} {}", simple.name, simple.base);
            write_facets(&mut out, &simple.facets);
        }
        out
    }

    /// Reads a table text.
    ///
    /// # Errors
    /// [`SchemaError::Table`] with the line that is not understood.
    pub fn from_table(text: &str) -> Result<Model, SchemaError> {
        let lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(index, line)| Line::new(index + 1, line))
            .collect::<Result<Vec<_>, _>>()?;
        Reader { lines, at: 0 }.model()
    }
}

/// A sequence whose only part is a group would read back as that group: it is written out in full.
/// The same holds for an empty sequence, which would read back as empty content.
fn reads_as_single(parts: &[Particle]) -> bool {
    match parts {
        [] => true,
        [only] => !matches!(only.term, Term::Element { .. }),
        _ => false,
    }
}

fn write_particle(out: &mut String, particle: &Particle, level: usize) {
    for _ in 0..level {
        out.push_str("  ");
    }
    let occurs = particle.occurs;
    match &particle.term {
        Term::Element { name, type_name } => {
            let _ = writeln!(out, "{name} {occurs} {type_name}");
        }
        Term::Sequence(parts) | Term::Choice(parts) => {
            let word = if matches!(particle.term, Term::Choice(_)) { "(choice)" } else { "(sequence)" };
            let _ = writeln!(out, "{word} {occurs}");
            for part in parts {
                write_particle(out, part, level + 1);
            }
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
            let _ = writeln!(out, "(any) {occurs} {namespace} {process}");
        }
    }
}

fn write_facets(out: &mut String, facets: &Facets) {
    for (word, value) in facets.list() {
        let _ = writeln!(out, "  {word} {}", quoted(&value));
    }
}

fn quoted(value: &str) -> String {
    let plain = !value.is_empty()
        && !value.starts_with([' ', '"'])
        && !value.ends_with(' ')
        && !value.contains(char::is_control)
        // str::lines and trim treat these as line or blank
        && !value.starts_with(char::is_whitespace)
        && !value.ends_with(char::is_whitespace);
    if plain {
        return value.to_owned();
    }
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else {
        return Some(value.to_owned());
    };
    let inner = inner.strip_suffix('"')?;
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '"' => '"',
                '\\' => '\\',
                _ => return None,
            }),
            '"' => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

struct Line<'t> {
    number: usize,
    level: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn new(number: usize, line: &'t str) -> Result<Self, SchemaError> {
        let text = line.trim_start_matches(' ');
        let blanks = line.len() - text.len();
        if !blanks.is_multiple_of(2) {
            return Err(SchemaError::Table { line: number, reason: "indentation is two blanks per level".to_owned() });
        }
        Ok(Line { number, level: blanks / 2, text })
    }

    fn error(&self, reason: impl Into<String>) -> SchemaError {
        SchemaError::Table { line: self.number, reason: reason.into() }
    }

    /// Exactly `N` words.
    fn words<const N: usize>(&self) -> Result<[&'t str; N], SchemaError> {
        let words: Vec<&str> = self.text.split(' ').collect();
        words.try_into().map_err(|_| self.error(format!("{N} words expected")))
    }

    /// The first word and the rest of the line.
    fn word_and_rest(&self) -> Result<(&'t str, &'t str), SchemaError> {
        self.text.split_once(' ').ok_or_else(|| self.error("a word and a value expected"))
    }

    fn occurs(&self, word: &str) -> Result<Occurs, SchemaError> {
        let read = || {
            let (min, max) = word.split_once("..")?;
            let min = min.parse().ok()?;
            let max = match max {
                "n" => None,
                max => Some(max.parse().ok()?),
            };
            (max.is_none_or(|max| min <= max)).then_some(Occurs { min, max })
        };
        read().ok_or_else(|| self.error(format!("`{word}` is no multiplicity like 0..1 or 1..n")))
    }

    fn type_name(&self, word: &str) -> Result<TypeName, SchemaError> {
        match word.strip_prefix("xs:") {
            Some(name) => Builtin::from_name(name)
                .map(TypeName::Builtin)
                .ok_or_else(|| self.error(format!("`{word}` is not a supported type"))),
            None => Ok(TypeName::Named(word.to_owned())),
        }
    }
}

struct Reader<'t> {
    lines: Vec<Line<'t>>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn model(mut self) -> Result<Model, SchemaError> {
        let ends = SchemaError::Table {
            line: 1,
            reason: format!("a table begins with `{HEAD}`, `namespace …`, `root NAME TYPE`"),
        };
        let [head, namespace, root, ..] = self.lines.as_slice() else {
            return Err(ends);
        };
        if head.text != HEAD || head.level != 0 {
            return Err(ends);
        }
        let ("namespace", target_namespace) = namespace.word_and_rest()? else {
            return Err(namespace.error("`namespace …` expected"));
        };
        let target_namespace =
            unquoted(target_namespace).ok_or_else(|| namespace.error("the quoted value is wrong"))?;
        let ["root", root_name, root_type] = root.words::<3>()? else {
            return Err(root.error("`root NAME TYPE` expected"));
        };
        let mut model = Model {
            target_namespace,
            root: root_name.to_owned(),
            root_type: root_type.to_owned(),
            complex_types: Vec::new(),
            simple_types: Vec::new(),
        };
        self.at = 3;
        while self.at < self.lines.len() {
            let line = &self.lines[self.at];
            if line.level != 0 {
                return Err(line.error("`type` or `value` without indentation expected"));
            }
            let (word, _) = line.word_and_rest()?;
            match word {
                "type" => {
                    let [_, name] = line.words::<2>()?;
                    let name = name.to_owned();
                    self.at += 1;
                    let complex = self.complex_type(name)?;
                    model.complex_types.push(complex);
                }
                "value" => {
                    let [_, name, base] = line.words::<3>()?;
                    let name = name.to_owned();
                    let base = line.type_name(base)?;
                    self.at += 1;
                    let facets = self.facets()?;
                    model.simple_types.push(SimpleType { name, base, facets });
                }
                _ => return Err(line.error("`type` or `value` expected")),
            }
        }
        Ok(model)
    }

    fn complex_type(&mut self, name: String) -> Result<ComplexType, SchemaError> {
        let mut attributes = Vec::new();
        while let Some(line) = self.at_level(1) {
            let Some(attribute) = line.text.strip_prefix('@') else {
                break;
            };
            let [_, use_, type_name] = line.words::<3>()?;
            attributes.push(Attribute {
                name: attribute.split(' ').next().unwrap_or_default().to_owned(),
                type_name: line.type_name(type_name)?,
                required: match use_ {
                    "required" => true,
                    "optional" => false,
                    _ => return Err(line.error("`required` or `optional` expected")),
                },
            });
            self.at += 1;
        }
        if let Some(line) = self.at_level(1)
            && line.text.starts_with("value ")
            && line.text.split(' ').count() == 2
        {
            let [_, type_name] = line.words::<2>()?;
            let content = Content::Value(line.type_name(type_name)?);
            self.at += 1;
            return Ok(ComplexType { name, content, attributes });
        }
        let mut parts = self.particles(1)?;
        let content = match parts.as_slice() {
            [] => Content::Empty,
            [only] if !matches!(only.term, Term::Element { .. }) => Content::Elements(parts.remove(0)),
            _ => Content::Elements(Particle { occurs: Occurs::ONCE, term: Term::Sequence(parts) }),
        };
        Ok(ComplexType { name, content, attributes })
    }

    /// The line at hand, if it has this level; deeper ones are an error of the caller's loop.
    fn at_level(&self, level: usize) -> Option<&Line<'t>> {
        self.lines.get(self.at).filter(|line| line.level == level)
    }

    fn particles(&mut self, level: usize) -> Result<Vec<Particle>, SchemaError> {
        let mut parts = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            if line.level < level {
                break;
            }
            if line.level > level {
                return Err(line.error("too much indentation"));
            }
            if level > crate::bounds::NESTING_MAX {
                return Err(line.error("too deep"));
            }
            let particle = match line.text.split(' ').next() {
                Some(word @ ("(choice)" | "(sequence)")) => {
                    let [_, occurs] = line.words::<2>()?;
                    let occurs = line.occurs(occurs)?;
                    let is_choice = word == "(choice)";
                    self.at += 1;
                    let inner = self.particles(level + 1)?;
                    let term = if is_choice { Term::Choice(inner) } else { Term::Sequence(inner) };
                    Particle { occurs, term }
                }
                Some("(any)") => {
                    let [_, occurs, namespace, process] = line.words::<4>()?;
                    let particle = Particle {
                        occurs: line.occurs(occurs)?,
                        term: Term::Any {
                            namespace: match namespace {
                                "##any" => AnyNamespace::Any,
                                "##other" => AnyNamespace::Other,
                                _ => return Err(line.error("`##any` or `##other` expected")),
                            },
                            process: match process {
                                "lax" => Process::Lax,
                                "skip" => Process::Skip,
                                _ => return Err(line.error("`lax` or `skip` expected")),
                            },
                        },
                    };
                    self.at += 1;
                    particle
                }
                _ => {
                    let [name, occurs, type_name] = line.words::<3>()?;
                    let particle = Particle {
                        occurs: line.occurs(occurs)?,
                        term: Term::Element { name: name.to_owned(), type_name: line.type_name(type_name)? },
                    };
                    self.at += 1;
                    particle
                }
            };
            parts.push(particle);
        }
        Ok(parts)
    }

    fn facets(&mut self) -> Result<Facets, SchemaError> {
        let mut facets = Facets::default();
        while let Some(line) = self.lines.get(self.at) {
            if line.level == 0 {
                break;
            }
            if line.level > 1 {
                return Err(line.error("too much indentation"));
            }
            let (word, rest) = line.word_and_rest()?;
            let value = unquoted(rest).ok_or_else(|| line.error("the quoted value is wrong"))?;
            let once = facets.set(word, &value).map_err(|reason| line.error(reason))?;
            if !once {
                return Err(line.error(format!("`{word}` stands twice")));
            }
            self.at += 1;
        }
        Ok(facets)
    }
}
