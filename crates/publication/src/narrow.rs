//! Applies a usage guideline to a schema.
//!
//! Every step only narrows: it makes an element mandatory, lets it occur less often, or removes an optional one; it
//! derives a type of values from the type that it narrows. If a type is narrower in one place and not in another, the
//! step copies it, so that the other place keeps ISO 20022's.

use std::collections::{BTreeMap, BTreeSet};

use rulebook::usage::{Narrowing, Usage};
use xsd::Model;
use xsd::model::{Attribute, ComplexType, Component, Content, Facets, Particle, SimpleType, Term, TypeName};

/// A schema after the guideline was applied.
#[derive(Debug)]
pub struct Narrowed {
    /// The schema.
    pub model: Model,
    /// By type and element (or `@attribute`): which restrictions of the usage made it so.
    reasons: BTreeMap<(String, String), BTreeSet<usize>>,
}

impl Narrowed {
    /// The restrictions, as places in the usage's list, that a component keeps.
    #[must_use]
    pub fn reasons(&self, component: Component<'_>) -> Vec<usize> {
        let key = match component {
            Component::Element { of, name } => (of.to_owned(), name.to_owned()),
            Component::Attribute { of, name } => (of.to_owned(), format!("@{name}")),
            Component::Schema | Component::Value(_) => return Vec::new(),
        };
        self.reasons.get(&key).into_iter().flatten().copied().collect()
    }
}

/// The guideline asks for what would not narrow this schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NarrowError {
    /// An element of the guideline is not one of the schema.
    #[error("{0}: the schema has no such element")]
    Unknown(String),
    /// The schema demands an element that the guideline does not have.
    #[error("{0}: the schema demands this element")]
    Demanded(String),
    /// A choice was left without alternatives.
    #[error("{0}: nothing is left to choose")]
    NothingLeft(String),
    /// A value of the guideline is none by the schema.
    #[error("{path}: the schema does not allow the value {value}")]
    Value {
        /// The element.
        path: String,
        /// The value.
        value: String,
    },
}

/// Narrows a schema by a usage guideline.
///
/// # Errors
/// When the guideline does not fit the schema.
pub fn narrowed(iso: &Model, usage: &Usage) -> Result<Narrowed, NarrowError> {
    let demand = Demand::of(usage);
    let mut work = TypeBuilder { iso, complex: Vec::new(), simple: Vec::new(), reasons: BTreeMap::new() };
    let root = work.narrow(&TypeName::Named(iso.root_type.clone()), &demand, &mut Vec::new())?;
    let TypeName::Named(root_type) = root else {
        return Err(NarrowError::Unknown(iso.root.clone()));
    };
    // The root's type keeps its name, changed or not.
    let mut model = Model { root_type, ..iso.clone() };
    model.complex_types.retain(|complex| complex.name != iso.root_type);
    model.complex_types.extend(work.complex.into_iter().map(|made| made.made));
    model.simple_types.extend(work.simple);
    Ok(Narrowed { model: model.without_unused_types().in_reading_order(), reasons: work.reasons })
}

/// What the guideline demands of an element and of its parts.
#[derive(Debug, Default)]
struct Demand<'u> {
    here: Vec<(usize, &'u Narrowing)>,
    /// It always stands where its parent does.
    always: bool,
    /// It has no other parts than those listed.
    only_listed: bool,
    parts: BTreeMap<&'u str, Demand<'u>>,
}

impl<'u> Demand<'u> {
    fn of(usage: &'u Usage) -> Demand<'u> {
        let mut root = Demand::default();
        for (index, restriction) in usage.restrictions.iter().enumerate() {
            let at = restriction.path.split('/').fold(&mut root, |at, step| at.parts.entry(step).or_default());
            at.here.push((index, &restriction.narrowing));
        }
        for path in &usage.written {
            let mut at = &mut root;
            for step in path.split('/') {
                at.only_listed = true;
                at = at.parts.entry(step.trim_end_matches('!')).or_default();
                at.always |= step.ends_with('!');
            }
        }
        root
    }

    fn is_nothing(&self) -> bool {
        self.here.is_empty() && self.parts.is_empty()
    }

    fn has(&self, narrowing: &Narrowing) -> bool {
        self.here.iter().any(|(_, known)| *known == narrowing)
    }

    fn at_most(&self) -> Option<u32> {
        let limits = self.here.iter().filter_map(|(_, narrowing)| match narrowing {
            Narrowing::AtMost(limit) => Some(*limit),
            _ => None,
        });
        limits.min()
    }
}

/// A complex type that was made, and what from.
struct NarrowedType {
    from: String,
    made: ComplexType,
}

struct TypeBuilder<'m> {
    iso: &'m Model,
    complex: Vec<NarrowedType>,
    simple: Vec<SimpleType>,
    reasons: BTreeMap<(String, String), BTreeSet<usize>>,
}

/// Which restrictions concern which part of the type being made.
type Found = Vec<(String, usize)>;

impl TypeBuilder<'_> {
    fn narrow(
        &mut self,
        type_name: &TypeName,
        demand: &Demand<'_>,
        trail: &mut Vec<String>,
    ) -> Result<TypeName, NarrowError> {
        if demand.is_nothing() {
            return Ok(type_name.clone());
        }
        let TypeName::Named(name) = type_name else { return self.value(type_name, demand, trail) };
        let Some(complex) = self.iso.complex_type(name) else { return self.value(type_name, demand, trail) };
        known(complex, demand, trail)?;
        let mut found = Found::new();
        let content = match &complex.content {
            Content::Empty => Content::Empty,
            Content::Value(base) => Content::Value(self.value(base, demand, trail)?),
            Content::Elements(particle) => {
                let narrowed = self.particle(particle, demand, false, trail, &mut found)?;
                narrowed.map_or(Content::Empty, Content::Elements)
            }
        };
        let mut attributes = Vec::with_capacity(complex.attributes.len());
        for attribute in &complex.attributes {
            attributes.push(self.attribute(attribute, demand, trail, &mut found)?);
        }
        Ok(TypeName::Named(self.keep(complex, content, attributes, trail, found)))
    }

    fn attribute(
        &mut self,
        attribute: &Attribute,
        demand: &Demand<'_>,
        trail: &mut Vec<String>,
        found: &mut Found,
    ) -> Result<Attribute, NarrowError> {
        let step = format!("@{}", attribute.name);
        let Some(demand) = demand.parts.get(step.as_str()) else { return Ok(attribute.clone()) };
        found.extend(demand.here.iter().map(|(index, _)| (step.clone(), *index)));
        trail.push(step);
        let type_name = self.value(&attribute.type_name, demand, trail);
        trail.pop();
        Ok(Attribute { type_name: type_name?, ..attribute.clone() })
    }

    /// A part of a content model; `None` when it goes.
    fn particle(
        &mut self,
        particle: &Particle,
        demand: &Demand<'_>,
        in_choice: bool,
        trail: &mut Vec<String>,
        found: &mut Found,
    ) -> Result<Option<Particle>, NarrowError> {
        let Particle { mut occurs, ref term } = *particle;
        let may_go = in_choice || occurs.min == 0;
        let term = match term {
            Term::Element { name, type_name } => {
                let part = demand.parts.get(name.as_str());
                let goes = part.map_or(demand.only_listed, |part| part.has(&Narrowing::NotUsed));
                if goes {
                    let demanded = || NarrowError::Demanded(path(trail, name));
                    return if may_go { Ok(None) } else { Err(demanded()) };
                }
                let Some(part) = part else { return Ok(Some(particle.clone())) };
                if !in_choice && (part.always || part.has(&Narrowing::Mandatory)) {
                    occurs.min = occurs.min.max(1);
                }
                if let Some(limit) = part.at_most() {
                    occurs.max = Some(occurs.max.map_or(limit, |max| max.min(limit)));
                }
                found.extend(part.here.iter().map(|(index, _)| (name.clone(), *index)));
                trail.push(name.clone());
                let type_name = self.narrow(type_name, part, trail);
                trail.pop();
                Term::Element { name: name.clone(), type_name: type_name? }
            }
            Term::Sequence(parts) | Term::Choice(parts) => {
                let is_choice = matches!(term, Term::Choice(_));
                let mut left = Vec::with_capacity(parts.len());
                for part in parts {
                    left.extend(self.particle(part, demand, is_choice, trail, found)?);
                }
                match (left.is_empty(), is_choice) {
                    (true, true) if !may_go => return Err(NarrowError::NothingLeft(path(trail, "(choice)"))),
                    (true, _) => return Ok(None),
                    (false, true) => Term::Choice(left),
                    (false, false) => Term::Sequence(left),
                }
            }
            Term::Any { .. } if demand.only_listed && may_go => return Ok(None),
            Term::Any { .. } => term.clone(),
        };
        Ok(Some(Particle { occurs, term }))
    }

    /// Keeps a type unless it is what it was, or was made before; gives its name.
    fn keep(
        &mut self,
        from: &ComplexType,
        content: Content,
        attributes: Vec<Attribute>,
        trail: &[String],
        found: Found,
    ) -> String {
        let made = ComplexType { name: from.name.clone(), content, attributes };
        let is_same = |known: &NarrowedType| {
            known.from == from.name && known.made.content == made.content && known.made.attributes == made.attributes
        };
        let name = if made == *from {
            from.name.clone()
        } else if let Some(known) = self.complex.iter().find(|known| is_same(known)) {
            known.made.name.clone()
        } else {
            let name = self.free_name(&from.name, trail);
            self.complex
                .push(NarrowedType { from: from.name.clone(), made: ComplexType { name: name.clone(), ..made } });
            name
        };
        for (part, index) in found {
            self.reasons.entry((name.clone(), part)).or_default().insert(index);
        }
        name
    }

    /// `CashAccount38__DbtrAcct`: the type and the element that it is for, with the elements around it where needed.
    fn free_name(&self, from: &str, trail: &[String]) -> String {
        let taken = |name: &String| self.complex.iter().any(|known| known.made.name == *name);
        let mut names = (1..=trail.len()).map(|steps| format!("{from}__{}", trail[trail.len() - steps..].join("_")));
        // The root has no element around it, and the whole path is another for each other type.
        names.find(|name| !taken(name)).unwrap_or_else(|| from.to_owned())
    }

    /// A type of values derived as demanded.
    fn value(&mut self, base: &TypeName, demand: &Demand<'_>, trail: &[String]) -> Result<TypeName, NarrowError> {
        let mut facets = Facets::default();
        let mut name = "Amount";
        for (_, narrowing) in &demand.here {
            match narrowing {
                Narrowing::Pattern { name: called, pattern } => {
                    facets.patterns.push(pattern.clone());
                    name = called;
                }
                Narrowing::Values { name: called, values } => {
                    if let Some(value) = values.iter().find(|value| !self.allows(base, value)) {
                        return Err(NarrowError::Value { path: trail.join("/"), value: value.clone() });
                    }
                    facets.enumeration.clone_from(values);
                    name = called;
                }
                Narrowing::CharsMax(chars) => {
                    let limit = *chars as u64;
                    facets.max_length =
                        Some(limit).filter(|limit| self.least(base, |facets| facets.max_length) > *limit);
                }
                Narrowing::FractionDigits(digits) => {
                    let limit = u64::from(*digits);
                    let known = self.least(base, |facets| facets.fraction_digits);
                    facets.fraction_digits = Some(limit).filter(|limit| known > *limit);
                }
                Narrowing::AboveZero => facets.min_exclusive = Some("0".to_owned()),
                Narrowing::Mandatory | Narrowing::NotUsed | Narrowing::AtMost(_) => {}
            }
        }
        if facets == Facets::default() {
            return Ok(base.clone());
        }
        let called = match base {
            TypeName::Named(base) => base.trim_end_matches("_SimpleType"),
            TypeName::Builtin(builtin) => builtin.name(),
        };
        let mut made = SimpleType { name: format!("{called}__{name}"), base: base.clone(), facets };
        while let Some(known) = self.simple.iter().find(|known| known.name == made.name) {
            if *known == made {
                return Ok(TypeName::Named(made.name));
            }
            made.name.push('_');
        }
        let name = made.name.clone();
        self.simple.push(made);
        Ok(TypeName::Named(name))
    }

    /// Whether a list of values that the type has allows this one.
    fn allows(&self, type_name: &TypeName, value: &str) -> bool {
        let lists = |facets: &Facets| !facets.enumeration.is_empty();
        self.steps(type_name)
            .filter(|step| lists(&step.facets))
            .all(|step| step.facets.enumeration.iter().any(|v| v == value))
    }

    fn least(&self, type_name: &TypeName, facet: impl Fn(&Facets) -> Option<u64>) -> u64 {
        self.steps(type_name).filter_map(|step| facet(&step.facets)).min().unwrap_or(u64::MAX)
    }

    /// The type and the types that it is derived from.
    fn steps<'s>(&'s self, type_name: &TypeName) -> impl Iterator<Item = &'s SimpleType> {
        let find = |name: &TypeName| match name {
            TypeName::Named(name) => self.iso.simple_type(name),
            TypeName::Builtin(_) => None,
        };
        std::iter::successors(find(type_name), move |step| find(&step.base))
    }
}

/// Every part that the guideline speaks of is one of the type.
fn known(complex: &ComplexType, demand: &Demand<'_>, trail: &[String]) -> Result<(), NarrowError> {
    let mut names = BTreeSet::new();
    if let Content::Elements(particle) = &complex.content {
        element_names(particle, &mut names);
    }
    let is_known = |part: &str| match part.strip_prefix('@') {
        Some(attribute) => complex.attributes.iter().any(|known| known.name == attribute),
        None => names.contains(part),
    };
    match demand.parts.keys().find(|part| !is_known(part)) {
        Some(part) => Err(NarrowError::Unknown(path(trail, part))),
        None => Ok(()),
    }
}

fn element_names<'p>(particle: &'p Particle, names: &mut BTreeSet<&'p str>) {
    match &particle.term {
        Term::Element { name, .. } => drop(names.insert(name)),
        Term::Sequence(parts) | Term::Choice(parts) => parts.iter().for_each(|part| element_names(part, names)),
        Term::Any { .. } => {}
    }
}

fn path(trail: &[String], last: &str) -> String {
    trail.iter().map(String::as_str).chain([last]).collect::<Vec<_>>().join("/")
}
