//! Attributes against their declarations, and those of XML Schema itself.

use super::Validator;
use super::path::Tail;
use crate::finding::Rule;
use crate::model::TypeName;
use crate::token::Attribute;
use crate::tokenizer::namespaces::{INSTANCE_URI, NamespaceId};
use crate::values::normalise;

/// Something wrong: rule, attribute, value, what was expected.
type Problem = (Rule, String, String, String);

impl Validator<'_> {
    /// Examines the attributes of the start tag last read, of an element of this type; false if something is wrong.
    pub(super) fn check_attributes(&mut self, type_id: u32, at: u64, tail: Tail<'_>) -> bool {
        let type_ = &self.schema.types[type_id as usize];
        if self.tokens.slots.slots.is_empty() && !type_.has_required_attribute {
            return true;
        }
        let declared = self.schema.attributes_of(type_);
        let mut problems: Vec<Problem> = Vec::new();
        let attributes = self.tokens.attributes();
        for slot in attributes.slots() {
            let attribute = attributes.at(slot);
            let name = attribute.local_name;
            match slot.namespace {
                NamespaceId::NONE => {
                    let Some(declaration) = declared.iter().find(|known| known.name == name) else {
                        problems.push(unexpected(&attribute, declared.iter().map(|d| &*d.name)));
                        continue;
                    };
                    let value_type = &self.schema.values[declaration.value as usize];
                    let value = normalise(attribute.value, value_type.white_space);
                    if !value_type.accepts(&value) {
                        value_type.explain(&value, |rule, expected| {
                            problems.push((rule, name.to_owned(), value.to_string(), expected));
                        });
                    }
                }
                NamespaceId::INSTANCE => {
                    problems.extend(self.instance_attribute(&attribute, Some(type_id)));
                }
                _ => problems.push(unexpected(&attribute, declared.iter().map(|d| &*d.name))),
            }
        }
        for declaration in declared.iter().filter(|declaration| declaration.required) {
            if attributes.get(&declaration.name).is_none() {
                let name = declaration.name.clone();
                problems.push((Rule::MissingAttribute, String::new(), String::new(), name));
            }
        }
        let valid = problems.is_empty();
        self.note(problems, at, tail);
        valid
    }

    /// Examines the attributes of an element that the schema does not know, in a lax wildcard.
    pub(super) fn check_lax_attributes(&mut self, at: u64, tail: Tail<'_>) {
        let attributes = self.tokens.attributes();
        let problems = attributes
            .slots()
            .iter()
            .filter(|slot| slot.namespace == NamespaceId::INSTANCE)
            .filter_map(|slot| self.instance_attribute(&attributes.at(slot), None))
            .collect();
        self.note(problems, at, tail);
    }

    fn note(&mut self, problems: Vec<Problem>, at: u64, tail: Tail<'_>) {
        for (rule, name, value, expected) in problems {
            let tail = match rule {
                Rule::MissingAttribute => tail,
                _ => tail.with_attribute(&name),
            };
            self.report(at, tail, rule, &value, expected);
        }
    }

    /// The type that the value of `xsi:type` names.
    fn type_named(&self, attribute: &Attribute<'_>) -> Option<TypeName> {
        let value = attribute.value.trim_matches([' ', '\t', '\n', '\r']);
        let (prefix, local) = value.split_once(':').unwrap_or(("", value));
        self.schema.type_named(self.tokens.namespace_of(prefix)?, local)
    }

    /// The values that the start tag last read asks for by `xsi:type`, if they are those of a narrower type.
    pub(super) fn narrowed_value(&self, type_id: u32) -> Option<u32> {
        let attributes = self.tokens.attributes();
        let mut instance = attributes.slots().iter().filter(|slot| slot.namespace == NamespaceId::INSTANCE);
        let slot = instance.find(|slot| attributes.at(slot).local_name == "type")?;
        let named = self.type_named(&attributes.at(slot))?;
        self.schema.narrowed(&self.schema.types[type_id as usize], &named)
    }

    /// An attribute of XML Schema instance, on an element of this type (`None`: not known to the schema).
    fn instance_attribute(&self, attribute: &Attribute<'_>, type_id: Option<u32>) -> Option<Problem> {
        let name = attribute.local_name;
        let problem =
            |rule, expected: &str| Some((rule, format!("xsi:{name}"), attribute.value.to_owned(), expected.to_owned()));
        match name {
            "schemaLocation" | "noNamespaceSchemaLocation" => None,
            "nil" => match (attribute.value.trim(), type_id) {
                ("true" | "false" | "1" | "0", None) => None,
                ("true" | "false" | "1" | "0", Some(_)) => {
                    problem(Rule::NotNillable, "no xsi:nil, the element is not nillable")
                }
                _ => problem(Rule::SchemaInstanceAttribute, "true or false"),
            },
            "type" => {
                let declared = type_id.map(|id| &self.schema.types[id as usize]);
                let named = self.type_named(attribute);
                match (declared, &named) {
                    (Some(type_), Some(named))
                        if type_.type_name == *named || self.schema.narrowed(type_, named).is_some() =>
                    {
                        None
                    }
                    (Some(type_), _) => {
                        problem(Rule::TypeSubstitution, &format!("the declared type {}", local_name(&type_.type_name)))
                    }
                    (None, _) => problem(Rule::TypeSubstitution, "no xsi:type"),
                }
            }
            _ if type_id.is_none() => None,
            _ => problem(Rule::UnexpectedAttribute, &format!("one that {INSTANCE_URI} defines")),
        }
    }
}

fn local_name(type_name: &TypeName) -> &str {
    match type_name {
        TypeName::Named(name) => name,
        TypeName::Builtin(builtin) => builtin.name(),
    }
}

fn unexpected<'d>(attribute: &Attribute<'_>, declared: impl Iterator<Item = &'d str>) -> Problem {
    let name = if attribute.prefix.is_empty() {
        attribute.local_name.to_owned()
    } else {
        format!("{}:{}", attribute.prefix, attribute.local_name)
    };
    let declared: Vec<&str> = declared.collect();
    let expected = if declared.is_empty() { "no attribute".to_owned() } else { declared.join(", ") };
    (Rule::UnexpectedAttribute, name, attribute.value.to_owned(), expected)
}
