//! Reads a schema document into a [`Model`].
//!
//! Strict on purpose: the reader refuses by name every element and attribute of XML Schema that it does not understand,
//! because a half-understood schema accepts what it should not.

use std::cell::RefCell;
use std::collections::HashSet;

use super::{
    AnyNamespace, Attribute, Builtin, ComplexType, Content, Facets, Model, Occurs, Particle, Process, SimpleType, Term,
    TypeName, XSD_URI,
};
use crate::bounds::NESTING_MAX;
use crate::error::{Position, SchemaError};
use crate::token::{Token, Tokenizer};

/// Reads ISO 20022's subset of XML Schema and refuses, naming it, what is outside.
///
/// Types come in reading order: the root's type first, then each where it is first used. Types that
/// nothing uses follow at the end.
///
/// # Errors
/// The document is no well-formed XML, no schema, or uses something that is not supported.
pub fn read_xsd(xsd: &[u8]) -> Result<Model, SchemaError> {
    let schema = read_tree(xsd)?;
    schema.expect("schema")?;
    let target_namespace = schema.required("targetNamespace")?.to_owned();
    schema.only(&["targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "id"])?;
    if schema.get("elementFormDefault") != Some("qualified") {
        return Err(schema.unsupported("elementFormDefault other than qualified"));
    }
    if !matches!(schema.get("attributeFormDefault"), None | Some("unqualified")) {
        return Err(schema.unsupported("attributeFormDefault other than unqualified"));
    }
    let mut root = None;
    let mut complex_types = Vec::new();
    let mut simple_types = Vec::new();
    let context = Context { target_namespace: &target_namespace, fixed: RefCell::default() };
    for child in schema.content() {
        match child.name.as_str() {
            "element" => {
                if root.is_some() {
                    return Err(child.unsupported("a second global element"));
                }
                child.only(&["name", "type", "id"])?;
                child.no_content()?;
                let TypeName::Named(root_type) = context.type_of(child, "type")? else {
                    return Err(child.unsupported("a root element with a value"));
                };
                root = Some((child.required("name")?.to_owned(), root_type));
            }
            "complexType" => complex_types.push(context.complex_type(child)?),
            "simpleType" => simple_types.push(context.simple_type(child)?),
            _ => return Err(child.unsupported_element()),
        }
    }
    let (root, root_type) = root.ok_or_else(|| schema.invalid("there is no global element"))?;
    simple_types.extend(context.fixed.take());
    Ok(Model { target_namespace, root, root_type, complex_types, simple_types }.in_reading_order())
}

impl Model {
    /// Orders types by first use, depth first from the root; those that nothing uses follow at the end.
    #[must_use]
    pub fn in_reading_order(mut self) -> Model {
        let order = self.types_in_use();
        let place = |name: &str| order.iter().position(|known| known == name).unwrap_or(usize::MAX);
        self.complex_types.sort_by_key(|t| place(&t.name));
        self.simple_types.sort_by_key(|t| place(&t.name));
        self
    }

    /// Leaves out the types that nothing uses.
    #[must_use]
    pub fn without_unused_types(mut self) -> Model {
        let used: HashSet<String> = self.types_in_use().into_iter().collect();
        self.complex_types.retain(|t| used.contains(&t.name));
        self.simple_types.retain(|t| used.contains(&t.name));
        self
    }

    /// Names of the types that the root leads to, by first use.
    fn types_in_use(&self) -> Vec<String> {
        let mut order: Vec<String> = Vec::new();
        let mut pending = vec![self.root_type.clone()];
        while let Some(name) = pending.pop() {
            if order.contains(&name) {
                continue;
            }
            let mut uses = Vec::new();
            if let Some(complex) = self.complex_type(&name) {
                let attribute_types = complex.attributes.iter().map(|a| &a.type_name);
                uses.extend(attribute_types.filter_map(named));
                match &complex.content {
                    Content::Empty => {}
                    Content::Value(base) => uses.extend(named(base)),
                    Content::Elements(particle) => collect(particle, &mut uses),
                }
            } else if let Some(simple) = self.simple_type(&name) {
                uses.extend(named(&simple.base));
            }
            order.push(name);
            pending.extend(uses.into_iter().rev());
        }
        order
    }
}

fn named(type_name: &TypeName) -> Option<String> {
    match type_name {
        TypeName::Named(name) => Some(name.clone()),
        TypeName::Builtin(_) => None,
    }
}

fn collect(particle: &Particle, uses: &mut Vec<String>) {
    match &particle.term {
        Term::Element { type_name, .. } => uses.extend(named(type_name)),
        Term::Sequence(parts) | Term::Choice(parts) => {
            parts.iter().for_each(|part| collect(part, uses));
        }
        Term::Any { .. } => {}
    }
}

struct Context<'a> {
    target_namespace: &'a str,
    /// Types made for attributes with a fixed value: that of the attribute, narrowed to the value.
    fixed: RefCell<Vec<SimpleType>>,
}

impl Context<'_> {
    /// The type that an attribute names.
    fn type_of(&self, node: &Node, attribute: &str) -> Result<TypeName, SchemaError> {
        node.required(attribute)?;
        let Some((_, namespace, local)) = node.types.iter().find(|(name, ..)| name == attribute) else {
            return Err(node.invalid(format!("`{attribute}` names no type")));
        };
        if namespace == self.target_namespace {
            Ok(TypeName::Named(local.clone()))
        } else if namespace == XSD_URI {
            Builtin::from_name(local)
                .map(TypeName::Builtin)
                .ok_or_else(|| node.unsupported(&format!("type xs:{local}")))
        } else {
            Err(node.unsupported(&format!("type `{local}` of another namespace")))
        }
    }

    fn complex_type(&self, node: &Node) -> Result<ComplexType, SchemaError> {
        node.only(&["name", "id"])?;
        let name = node.required("name")?.to_owned();
        let mut content = Content::Empty;
        let mut attributes = Vec::new();
        let mut has_content = false;
        for child in node.content() {
            match child.name.as_str() {
                "sequence" | "choice" if !has_content && attributes.is_empty() => {
                    content = Content::Elements(self.particle(child, 0)?);
                    has_content = true;
                }
                "simpleContent" if !has_content && attributes.is_empty() => {
                    child.only(&["id"])?;
                    let [extension] = child.content().collect::<Vec<_>>()[..] else {
                        return Err(child.invalid("simpleContent holds one extension"));
                    };
                    extension.expect("extension")?;
                    extension.only(&["base", "id"])?;
                    content = Content::Value(self.type_of(extension, "base")?);
                    has_content = true;
                    for attribute in extension.content() {
                        attributes.extend(self.attribute(attribute, &name)?);
                    }
                }
                "attribute" => attributes.extend(self.attribute(child, &name)?),
                _ => return Err(child.unsupported_element()),
            }
        }
        Ok(ComplexType { name, content, attributes })
    }

    /// `None` if it may not stand, as if it were not declared.
    fn attribute(&self, node: &Node, of: &str) -> Result<Option<Attribute>, SchemaError> {
        node.expect("attribute")?;
        node.only(&["name", "type", "use", "fixed", "id"])?;
        node.no_content()?;
        let required = match node.get("use") {
            Some("required") => true,
            None | Some("optional") => false,
            Some("prohibited") => return Ok(None),
            Some(_) => return Err(node.invalid("use is none of required, optional, prohibited")),
        };
        let name = node.required("name")?.to_owned();
        let mut type_name = self.type_of(node, "type")?;
        if let Some(value) = node.get("fixed") {
            let facets = Facets { enumeration: vec![value.to_owned()], ..Facets::default() };
            // `@` is in no name of a schema.
            let fixed = SimpleType { name: format!("{of}@{name}"), base: type_name, facets };
            type_name = TypeName::Named(fixed.name.clone());
            self.fixed.borrow_mut().push(fixed);
        }
        Ok(Some(Attribute { name, type_name, required }))
    }

    fn particle(&self, node: &Node, depth: usize) -> Result<Particle, SchemaError> {
        if depth > NESTING_MAX {
            return Err(node.unsupported("groups nested so deeply"));
        }
        let occurs = node.occurs()?;
        let term = match node.name.as_str() {
            "element" => {
                node.only(&["name", "type", "minOccurs", "maxOccurs", "id"])?;
                node.no_content()?;
                Term::Element { name: node.required("name")?.to_owned(), type_name: self.type_of(node, "type")? }
            }
            "sequence" | "choice" => {
                node.only(&["minOccurs", "maxOccurs", "id"])?;
                let parts = node.content().map(|child| self.particle(child, depth + 1)).collect::<Result<_, _>>()?;
                if node.name == "sequence" { Term::Sequence(parts) } else { Term::Choice(parts) }
            }
            "any" => {
                node.only(&["namespace", "processContents", "minOccurs", "maxOccurs", "id"])?;
                node.no_content()?;
                Term::Any {
                    namespace: match node.get("namespace") {
                        None | Some("##any") => AnyNamespace::Any,
                        Some("##other") => AnyNamespace::Other,
                        Some(_) => return Err(node.unsupported("a list of namespaces")),
                    },
                    process: match node.get("processContents") {
                        Some("lax") => Process::Lax,
                        Some("skip") => Process::Skip,
                        _ => return Err(node.unsupported("a strict wildcard")),
                    },
                }
            }
            _ => return Err(node.unsupported_element()),
        };
        Ok(Particle { occurs, term })
    }

    fn simple_type(&self, node: &Node) -> Result<SimpleType, SchemaError> {
        node.only(&["name", "id"])?;
        let [restriction] = node.content().collect::<Vec<_>>()[..] else {
            return Err(node.invalid("simpleType holds one restriction"));
        };
        restriction.expect("restriction")?;
        restriction.only(&["base", "id"])?;
        let mut facets = Facets::default();
        for facet in restriction.content() {
            // A fixed facet also binds types derived further, which would be wrong if they changed it.
            facet.only(&["value", "fixed", "id"])?;
            facet.no_content()?;
            let value = facet.required("value")?;
            let once = facets.set(&facet.name, value).map_err(|reason| facet.unsupported(&reason))?;
            if !once {
                return Err(facet.invalid("the facet stands twice"));
            }
        }
        Ok(SimpleType { name: node.required("name")?.to_owned(), base: self.type_of(restriction, "base")?, facets })
    }
}

/// An element of the schema document.
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    /// Attributes that name a type: attribute, namespace, local name.
    types: Vec<(String, String, String)>,
    children: Vec<Node>,
    position: Position,
}

impl Node {
    fn get(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.iter().find(|(known, _)| known == name);
        attribute.map(|(_, value)| value.as_str())
    }

    fn required(&self, name: &str) -> Result<&str, SchemaError> {
        self.get(name).ok_or_else(|| self.invalid(format!("`{}` needs `{name}`", self.name)))
    }

    fn only(&self, allowed: &[&str]) -> Result<(), SchemaError> {
        match self.attributes.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(self.unsupported(&format!("attribute `{name}` of `{}`", self.name))),
            None => Ok(()),
        }
    }

    fn expect(&self, name: &str) -> Result<(), SchemaError> {
        if self.name == name { Ok(()) } else { Err(self.unsupported_element()) }
    }

    /// Children that mean something.
    fn content(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter(|child| child.name != "annotation")
    }

    fn no_content(&self) -> Result<(), SchemaError> {
        match self.content().next() {
            Some(child) => Err(child.unsupported(&format!("`{}` inside `{}`", child.name, self.name))),
            None => Ok(()),
        }
    }

    fn occurs(&self) -> Result<Occurs, SchemaError> {
        let number = |name: &str| match self.get(name) {
            None => Ok(1),
            Some(text) => text.trim().parse::<u32>().map_err(|_| self.invalid(format!("`{name}` is not a number"))),
        };
        let min = number("minOccurs")?;
        let max = match self.get("maxOccurs") {
            Some("unbounded") => None,
            _ => Some(number("maxOccurs")?),
        };
        if max.is_some_and(|max| max < min) {
            return Err(self.invalid("maxOccurs is below minOccurs"));
        }
        Ok(Occurs { min, max })
    }

    fn unsupported(&self, what: &str) -> SchemaError {
        SchemaError::Unsupported { what: what.to_owned(), position: self.position }
    }

    fn unsupported_element(&self) -> SchemaError {
        self.unsupported(&format!("`{}` here", self.name))
    }

    fn invalid(&self, reason: impl Into<String>) -> SchemaError {
        SchemaError::Invalid { reason: reason.into(), position: self.position }
    }
}

/// The whole document; what annotations hold is left out.
fn read_tree(xsd: &[u8]) -> Result<Node, SchemaError> {
    let mut tokenizer = Tokenizer::new(xsd);
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    loop {
        let started = match tokenizer.next()? {
            Token::Start { name, attributes } => {
                let foreign = name.namespace() != XSD_URI;
                let attributes: Vec<(String, String)> = attributes
                    .iter()
                    .filter(|attribute| attribute.namespace.is_empty())
                    .map(|attribute| (attribute.local_name.into(), attribute.value.into()))
                    .collect();
                Some((name.local().to_owned(), foreign, attributes))
            }
            Token::End { .. } => {
                if let Some(node) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => root = Some(node),
                    }
                }
                None
            }
            Token::EndOfDocument => break,
            _ => None,
        };
        let Some((name, foreign, attributes)) = started else {
            continue;
        };
        let position = tokenizer.position();
        let in_annotation = open.iter().any(|node| node.name == "annotation");
        if foreign && !in_annotation {
            return Err(SchemaError::Unsupported {
                what: format!("element `{name}` outside the namespace of XML Schema"),
                position,
            });
        }
        let mut types = Vec::new();
        for (attribute, value) in &attributes {
            if !matches!(attribute.as_str(), "type" | "base") || in_annotation {
                continue;
            }
            let value = value.trim();
            let (prefix, local) = value.split_once(':').unwrap_or(("", value));
            let namespace = tokenizer.namespace_of(prefix).unwrap_or_default();
            types.push((attribute.clone(), namespace.to_owned(), local.to_owned()));
        }
        open.push(Node { name, attributes, types, children: Vec::new(), position });
    }
    root.ok_or(SchemaError::Xml(crate::ReadError::Empty))
}
