//! A schema compiled into tables, once; shared by reference by any number of readers.

use std::collections::HashMap;

use crate::automaton::{self, State, StateId, Transition, TypeContent};
use crate::bounds::SCHEMA_STATES_MAX;
use crate::error::SchemaError;
use crate::model::{Builtin, ComplexType, Content, Model, TypeName, XSD_URI};
use crate::tokenizer::name::is_ncname;
use crate::values::ValueType;

/// Compiled tables of one schema.
///
/// ```
/// let schema = xsd::Schema::from_table(
///     "xsd-table 1\nnamespace urn:example\nroot Note Note\n\ntype Note\n  Line 1..n xs:string\n",
/// )?;
/// assert_eq!(schema.root(), "Note");
/// # Ok::<(), xsd::SchemaError>(())
/// ```
#[derive(Debug)]
pub struct Schema {
    target_namespace: String,
    root: String,
    pub(crate) root_type: u32,
    pub(crate) types: Vec<Type>,
    pub(crate) states: Vec<State>,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) values: Vec<ValueType>,
    pub(crate) attributes: Vec<AttributeDeclaration>,
    pub(crate) names: Vec<String>,
    /// Types of values that narrow another one: what `xsi:type` may name.
    derived: Vec<Derived>,
}

/// A type of values, and the one that it narrows.
#[derive(Debug)]
struct Derived {
    type_name: TypeName,
    base: TypeName,
    value: u32,
}

/// What an element may hold.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) type_name: TypeName,
    /// A type of values without attributes.
    pub(crate) is_simple: bool,
    pub(crate) content: TypeContent,
    /// `attributes[first..first + count]`.
    pub(crate) first_attribute: u32,
    pub(crate) attribute_count: u32,
    pub(crate) has_required_attribute: bool,
    /// How many states the content model has.
    pub(crate) states: u32,
    /// Neither elements nor text may stand.
    pub(crate) is_empty: bool,
    /// Type of each element, by slot; empty for values.
    pub(crate) slots: Vec<u32>,
    /// Elements of one name may stand apart from each other.
    pub(crate) scattered: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct AttributeDeclaration {
    pub(crate) name: String,
    pub(crate) value: u32,
    pub(crate) required: bool,
}

impl Schema {
    /// From the readable table text ([`Model::to_table`]).
    ///
    /// # Errors
    /// The text is not understood, or what it says cannot be compiled.
    pub fn from_table(text: &str) -> Result<Schema, SchemaError> {
        Schema::from_model(&Model::from_table(text)?)
    }

    /// From an uncompiled schema.
    ///
    /// # Errors
    /// Types that are not defined or defined twice, content models that are not deterministic, patterns and
    /// facets that are not supported.
    pub fn from_model(model: &Model) -> Result<Schema, SchemaError> {
        Compiler::new(model)?.compile()
    }

    /// Namespace of all elements.
    pub fn target_namespace(&self) -> &str {
        &self.target_namespace
    }

    /// Name of the root element, for ISO 20022 `Document`.
    pub fn root(&self) -> &str {
        &self.root
    }

    pub(crate) fn transitions_of(&self, state: StateId) -> &[Transition] {
        let state = &self.states[state as usize];
        &self.transitions[state.first as usize..(state.first + state.count) as usize]
    }

    pub(crate) fn attributes_of(&self, type_: &Type) -> &[AttributeDeclaration] {
        let first = type_.first_attribute as usize;
        &self.attributes[first..first + type_.attribute_count as usize]
    }

    /// Number of the element of this name among the elements of a type.
    pub(crate) fn slot_named(&self, start: StateId, type_: &Type, name: &str) -> Option<u16> {
        // every slot has a position, hence a transition from some state of the type
        let last = start + type_.states;
        (start..last)
            .flat_map(|state| self.transitions_of(state))
            .find(|transition| self.name_of(transition) == name)
            .map(|transition| transition.slot)
    }

    /// The type that a name in a namespace stands for, defined or not.
    pub(crate) fn type_named(&self, namespace: &str, local: &str) -> Option<TypeName> {
        match namespace {
            XSD_URI => Builtin::from_name(local).map(TypeName::Builtin),
            _ if namespace == self.target_namespace => Some(TypeName::Named(local.to_owned())),
            _ => None,
        }
    }

    /// The values of a type that narrows the declared one, in one step or several.
    pub(crate) fn narrowed(&self, declared: &Type, type_name: &TypeName) -> Option<u32> {
        let find = |wanted: &TypeName| self.derived.iter().find(|derived| derived.type_name == *wanted);
        let named = find(type_name).filter(|_| declared.is_simple)?;
        let mut step = named;
        while step.base != declared.type_name {
            step = find(&step.base)?;
        }
        Some(named.value)
    }

    pub(crate) fn name_of(&self, transition: &Transition) -> &str {
        &self.names[transition.name as usize]
    }
}

struct Compiler<'m> {
    model: &'m Model,
    complex: HashMap<&'m str, &'m ComplexType>,
    /// Numbers of types met so far; those in `pending` are not compiled yet.
    type_ids: HashMap<TypeName, u32>,
    pending: Vec<TypeName>,
    value_ids: HashMap<TypeName, u32>,
    name_ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl automaton::Numbers for Compiler<'_> {
    fn name(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.name_ids.get(name) {
            return id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.name_ids.insert(name.to_owned(), id);
        id
    }

    fn type_id(&mut self, type_name: &TypeName) -> Result<u32, SchemaError> {
        if let Some(&id) = self.type_ids.get(type_name) {
            return Ok(id);
        }
        let id = self.pending.len() as u32;
        self.pending.push(type_name.clone());
        self.type_ids.insert(type_name.clone(), id);
        Ok(id)
    }
}

impl<'m> Compiler<'m> {
    fn new(model: &'m Model) -> Result<Self, SchemaError> {
        let mut complex = HashMap::new();
        for complex_type in &model.complex_types {
            let known = complex.insert(complex_type.name.as_str(), complex_type);
            if known.is_some() || model.simple_type(&complex_type.name).is_some() {
                return Err(definition(&complex_type.name, "the type is defined twice"));
            }
        }
        let mut simple: Vec<&str> = model.simple_types.iter().map(|t| t.name.as_str()).collect();
        simple.sort_unstable();
        if let Some(pair) = simple.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(definition(pair[0], "the type is defined twice"));
        }
        Ok(Compiler {
            model,
            complex,
            type_ids: HashMap::new(),
            pending: Vec::new(),
            value_ids: HashMap::new(),
            name_ids: HashMap::new(),
            names: Vec::new(),
        })
    }

    fn compile(mut self) -> Result<Schema, SchemaError> {
        let model = self.model;
        if !is_ncname(&model.root) {
            return Err(definition(&model.root, "the root element needs a name"));
        }
        let mut schema = Schema {
            target_namespace: model.target_namespace.clone(),
            root: model.root.clone(),
            root_type: 0,
            types: Vec::new(),
            states: Vec::new(),
            transitions: Vec::new(),
            values: Vec::new(),
            attributes: Vec::new(),
            names: Vec::new(),
            derived: Vec::new(),
        };
        let root_type = TypeName::Named(model.root_type.clone());
        schema.root_type = automaton::Numbers::type_id(&mut self, &root_type)?;
        while let Some(type_name) = self.pending.get(schema.types.len()).cloned() {
            let compiled = self.compile_type(&type_name, &mut schema)?;
            schema.types.push(compiled);
            let patterns: usize = schema.values.iter().map(ValueType::pattern_states).sum();
            if schema.states.len() + patterns > SCHEMA_STATES_MAX {
                return Err(definition(&type_name.to_string(), "the schema needs too many states"));
            }
        }
        if !matches!(schema.types[schema.root_type as usize].content, TypeContent::Elements(_)) {
            return Err(definition(&model.root, "the root element must hold elements"));
        }
        let named = model.simple_types.iter().map(|t| (TypeName::Named(t.name.clone()), t.base.clone()));
        let builtin = Builtin::derived().map(|(t, base)| (TypeName::Builtin(t), TypeName::Builtin(base)));
        for (type_name, base) in named.chain(builtin) {
            let value = self.value_type(&type_name, &mut schema)?;
            schema.derived.push(Derived { type_name, base, value });
        }
        schema.names = self.names;
        for transition in &mut schema.transitions {
            let type_ = &schema.types[transition.type_id as usize];
            transition.content = type_.content;
            transition.is_plain = !type_.has_required_attribute && !type_.is_empty;
        }
        Ok(schema)
    }

    fn compile_type(&mut self, type_name: &TypeName, schema: &mut Schema) -> Result<Type, SchemaError> {
        let mut compiled = Type {
            type_name: type_name.clone(),
            is_simple: false,
            content: TypeContent::Value(0),
            first_attribute: schema.attributes.len() as u32,
            attribute_count: 0,
            has_required_attribute: false,
            states: 0,
            is_empty: false,
            slots: Vec::new(),
            scattered: false,
        };
        let complex = match type_name {
            TypeName::Named(name) => self.complex.get(name.as_str()).copied(),
            TypeName::Builtin(_) => None,
        };
        let Some(complex) = complex else {
            compiled.content = TypeContent::Value(self.value_type(type_name, schema)?);
            compiled.is_simple = true;
            return Ok(compiled);
        };
        for attribute in &complex.attributes {
            let known = &schema.attributes[compiled.first_attribute as usize..];
            if known.iter().any(|known| known.name == attribute.name) {
                return Err(definition(&complex.name, "an attribute stands twice"));
            }
            let value = self.value_type(&attribute.type_name, schema)?;
            schema.attributes.push(AttributeDeclaration {
                name: attribute.name.clone(),
                value,
                required: attribute.required,
            });
            compiled.attribute_count += 1;
            compiled.has_required_attribute |= attribute.required;
        }
        match &complex.content {
            Content::Value(base) => {
                compiled.content = TypeContent::Value(self.value_type(base, schema)?);
            }
            Content::Empty => {
                compiled.states = 1;
                compiled.is_empty = true;
                compiled.content = TypeContent::Elements(schema.states.len() as u32);
                schema.states.push(State { first: 0, count: 0, accepts: true, distance: 0, any: None });
            }
            Content::Elements(particle) => {
                let start = schema.states.len() as StateId;
                let automaton =
                    automaton::compile(&complex.name, particle, start, schema.transitions.len() as u32, self)?;
                compiled.content = TypeContent::Elements(start);
                compiled.states = automaton.states.len() as u32;
                compiled.scattered = automaton.scattered;
                for (_, slot_type) in &automaton.slots {
                    let id = automaton::Numbers::type_id(self, slot_type)?;
                    compiled.slots.push(id);
                }
                schema.states.extend(automaton.states);
                schema.transitions.extend(automaton.transitions);
            }
        }
        Ok(compiled)
    }

    fn value_type(&mut self, type_name: &TypeName, schema: &mut Schema) -> Result<u32, SchemaError> {
        if let Some(&id) = self.value_ids.get(type_name) {
            return Ok(id);
        }
        let id = schema.values.len() as u32;
        schema.values.push(ValueType::compile(self.model, type_name)?);
        self.value_ids.insert(type_name.clone(), id);
        Ok(id)
    }
}

fn definition(name: &str, reason: &str) -> SchemaError {
    SchemaError::Definition { name: name.to_owned(), reason: reason.to_owned() }
}
