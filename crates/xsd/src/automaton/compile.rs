//! From a content model to states.

use super::{AnyTransition, State, StateId, Transition, TypeContent};
use crate::bounds::{NESTING_MAX, STATES_MAX};
use crate::error::SchemaError;
use crate::model::{AnyNamespace, Particle, Process, Term, TypeName};
use crate::tokenizer::name::{MASKS, key};

/// The automaton of one type, its states numbered from `base`.
pub(crate) struct Compiled {
    pub(crate) states: Vec<State>,
    pub(crate) transitions: Vec<Transition>,
    /// Name and type of each slot.
    pub(crate) slots: Vec<(String, TypeName)>,
    /// Whether elements of one name may stand apart from each other.
    pub(crate) scattered: bool,
}

/// Gives names and types their numbers.
pub(crate) trait Numbers {
    fn name(&mut self, name: &str) -> u32;
    fn type_id(&mut self, type_name: &TypeName) -> Result<u32, SchemaError>;
}

/// Compiles the content model of the type called `type_name`.
pub(crate) fn compile(
    type_name: &str,
    particle: &Particle,
    base_state: StateId,
    base_transition: u32,
    numbers: &mut impl Numbers,
) -> Result<Compiled, SchemaError> {
    let mut builder = Builder {
        type_name,
        positions: Vec::new(),
        sources: 0,
        slots: Vec::new(),
        slot_sources: Vec::new(),
        scattered: false,
    };
    let fragment = builder.particle(particle, false, 0)?;
    let mut states = Vec::new();
    let mut transitions = Vec::new();
    for index in 0..=builder.positions.len() {
        let (follow, accepts) = match index.checked_sub(1) {
            None => (&fragment.first, fragment.nullable),
            Some(position) => (&builder.positions[position].follow, fragment.last.contains(&position)),
        };
        let first = base_transition + transitions.len() as u32;
        let (elements, any) = builder.transitions(follow, base_state, numbers)?;
        states.push(State {
            first,
            count: elements.len() as u32,
            accepts,
            distance: if accepts { 0 } else { u32::MAX },
            any,
        });
        transitions.extend(elements);
    }
    measure(&mut states, &transitions, base_state, base_transition);
    Ok(Compiled { states, transitions, slots: builder.slots, scattered: builder.scattered })
}

/// Shortest way to an accepting state, by relaxation until nothing changes.
fn measure(states: &mut [State], transitions: &[Transition], base: StateId, base_transition: u32) {
    loop {
        let mut changed = false;
        for index in (0..states.len()).rev() {
            let state = &states[index];
            let first = (state.first - base_transition) as usize;
            let elements = transitions[first..first + state.count as usize].iter().map(|transition| transition.target);
            let best = elements
                .chain(state.any.map(|any| any.target))
                .map(|target| states[(target - base) as usize].distance.saturating_add(1))
                .min()
                .unwrap_or(u32::MAX);
            if best < states[index].distance {
                states[index].distance = best;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

#[derive(Debug, Clone)]
struct Position {
    term: PositionTerm,
    /// Particle that this is a copy of: counted repeats are unrolled.
    source: usize,
    follow: Vec<usize>,
}

#[derive(Debug, Clone)]
enum PositionTerm {
    Element { slot: u16, repeats: bool },
    Any(AnyNamespace, Process),
}

/// Part of a model under construction.
#[derive(Debug, Clone, Default)]
struct Fragment {
    nullable: bool,
    first: Vec<usize>,
    last: Vec<usize>,
}

struct Builder<'m> {
    type_name: &'m str,
    positions: Vec<Position>,
    sources: usize,
    slots: Vec<(String, TypeName)>,
    /// Particle that each slot was made for.
    slot_sources: Vec<usize>,
    scattered: bool,
}

impl Builder<'_> {
    fn error(&self, reason: impl Into<String>) -> SchemaError {
        SchemaError::Definition { name: self.type_name.to_owned(), reason: reason.into() }
    }

    fn particle(&mut self, particle: &Particle, group_repeats: bool, depth: usize) -> Result<Fragment, SchemaError> {
        if depth > NESTING_MAX {
            return Err(self.error("groups are nested too deeply"));
        }
        let occurs = particle.occurs;
        let repeats = group_repeats || occurs.repeats();
        if occurs.repeats() && !matches!(particle.term, Term::Element { .. }) {
            self.scattered = true;
        }
        // Copies of one particle share their sources.
        let sources = self.sources;
        let mut fragment = Fragment { nullable: true, ..Fragment::default() };
        let mut sources_after = sources;
        for copy in 0..occurs.min {
            self.sources = sources;
            let inner = self.term(&particle.term, repeats, depth)?;
            sources_after = self.sources;
            if occurs.max.is_none() && copy + 1 == occurs.min {
                self.connect(&inner.last, &inner.first);
            }
            fragment = self.concatenate(fragment, inner);
        }
        match occurs.max {
            None if occurs.min == 0 => {
                let mut inner = self.term(&particle.term, repeats, depth)?;
                sources_after = self.sources;
                self.connect(&inner.last, &inner.first);
                inner.nullable = true;
                fragment = inner;
            }
            None => {}
            Some(max) => {
                // (a (a (a)?)?)?, from the inside: a repeat that stands is always the next copy
                let mut copies = Vec::new();
                for _ in occurs.min..max {
                    self.sources = sources;
                    copies.push(self.term(&particle.term, repeats, depth)?);
                    sources_after = self.sources;
                }
                let mut optional = Fragment { nullable: true, ..Fragment::default() };
                for copy in copies.into_iter().rev() {
                    optional = self.concatenate(copy, optional);
                    optional.nullable = true;
                }
                fragment = self.concatenate(fragment, optional);
            }
        }
        self.sources = sources_after;
        Ok(fragment)
    }

    fn term(&mut self, term: &Term, repeats: bool, depth: usize) -> Result<Fragment, SchemaError> {
        match term {
            Term::Element { name, type_name } => {
                let slot = self.slot(name, type_name)?;
                self.position(PositionTerm::Element { slot, repeats })
            }
            Term::Any { namespace, process } => self.position(PositionTerm::Any(*namespace, *process)),
            Term::Sequence(parts) => {
                let mut all = Fragment { nullable: true, ..Fragment::default() };
                for part in parts {
                    let part = self.particle(part, repeats, depth + 1)?;
                    all = self.concatenate(all, part);
                }
                Ok(all)
            }
            Term::Choice(parts) => {
                let mut all = Fragment::default();
                for part in parts {
                    let part = self.particle(part, repeats, depth + 1)?;
                    all.nullable |= part.nullable;
                    all.first.extend(part.first);
                    all.last.extend(part.last);
                }
                Ok(all)
            }
        }
    }

    fn position(&mut self, term: PositionTerm) -> Result<Fragment, SchemaError> {
        if self.positions.len() >= STATES_MAX {
            return Err(self.error(format!("it needs more than {STATES_MAX} states")));
        }
        let position = self.positions.len();
        self.positions.push(Position { term, source: self.sources, follow: Vec::new() });
        self.sources += 1;
        Ok(Fragment { nullable: false, first: vec![position], last: vec![position] })
    }

    /// An element's number in its parent's type; one name has one type there.
    fn slot(&mut self, name: &str, type_name: &TypeName) -> Result<u16, SchemaError> {
        let index = match self.slots.iter().position(|(known, _)| known == name) {
            Some(index) if self.slots[index].1 == *type_name => {
                // unrolled copies of one particle follow each other; two particles need not
                self.scattered |= self.slot_sources[index] != self.sources;
                index
            }
            Some(_) => {
                return Err(self.error(format!("element `{name}` stands there with two types")));
            }
            None => {
                self.slots.push((name.to_owned(), type_name.clone()));
                self.slot_sources.push(self.sources);
                self.slots.len() - 1
            }
        };
        u16::try_from(index).map_err(|_| self.error("it has too many elements"))
    }

    fn connect(&mut self, from: &[usize], to: &[usize]) {
        for &position in from {
            for &next in to {
                if !self.positions[position].follow.contains(&next) {
                    self.positions[position].follow.push(next);
                }
            }
        }
    }

    fn concatenate(&mut self, left: Fragment, right: Fragment) -> Fragment {
        self.connect(&left.last, &right.first);
        let mut first = left.first;
        if left.nullable {
            first.extend(&right.first);
        }
        let mut last = right.last;
        if right.nullable {
            last.extend(&left.last);
        }
        Fragment { nullable: left.nullable && right.nullable, first, last }
    }

    fn transitions(
        &self,
        follow: &[usize],
        base: StateId,
        numbers: &mut impl Numbers,
    ) -> Result<(Vec<Transition>, Option<AnyTransition>), SchemaError> {
        let mut follow = follow.to_vec();
        follow.sort_unstable();
        let mut elements: Vec<(usize, Transition)> = Vec::new();
        let mut any: Option<(usize, AnyTransition)> = None;
        for position in follow {
            let Position { term, source, .. } = &self.positions[position];
            let target = base + 1 + position as u32;
            match term {
                PositionTerm::Element { slot, repeats } => {
                    let (name, type_name) = &self.slots[*slot as usize];
                    // Of several copies of one particle the first is meant: it leaves the most repeats.
                    match elements.iter().find(|(_, known)| known.slot == *slot) {
                        Some((known, _)) if known == source => continue,
                        Some(_) => {
                            return Err(self.error(format!("not deterministic: `{name}` may be meant in two ways")));
                        }
                        None => {}
                    }
                    elements.push((
                        *source,
                        Transition {
                            key: key(name.as_bytes()),
                            length: name.len() as u32,
                            mask: MASKS.get(name.len()).copied().unwrap_or(0),
                            content: TypeContent::Value(0),
                            is_plain: false,
                            target,
                            type_id: numbers.type_id(type_name)?,
                            name: numbers.name(name),
                            slot: *slot,
                            repeats: *repeats,
                        },
                    ));
                }
                PositionTerm::Any(namespace, process) => {
                    match any {
                        Some((known, _)) if known == *source => continue,
                        Some(_) => {
                            return Err(self.error("not deterministic: two wildcards meet"));
                        }
                        None => {}
                    }
                    any = Some((*source, AnyTransition { namespace: *namespace, process: *process, target }));
                }
            }
        }
        if let Some((_, wildcard)) = &any
            && wildcard.namespace == AnyNamespace::Any
            && !elements.is_empty()
        {
            return Err(self.error("not deterministic: a wildcard meets an element"));
        }
        Ok((elements.into_iter().map(|(_, element)| element).collect(), any.map(|(_, wildcard)| wildcard)))
    }
}
