//! What may or must stand in a state of a content model, in words.

use super::Validator;
use crate::automaton::StateId;

/// Most names in one list of what was expected.
const NAMES_SHOWN_MAX: usize = 12;

impl Validator<'_> {
    /// Names of the elements that may stand in a state.
    pub(super) fn allowed(&self, state: StateId) -> String {
        let transitions = self.schema.transitions_of(state);
        let names: Vec<&str> = transitions.iter().map(|t| self.schema.name_of(t)).collect();
        let accepts = self.schema.states[state as usize].accepts;
        match (names.is_empty(), accepts) {
            (true, _) if self.schema.states[state as usize].any.is_some() => "any element".to_owned(),
            (true, _) => "no further element".to_owned(),
            (false, true) => format!("{} or no further element", names_list(&names)),
            (false, false) => names_list(&names),
        }
    }

    /// Names of the elements of which one must stand before the parent may end.
    pub(super) fn missing(&self, state: StateId) -> String {
        let nearest = self.schema.states[state as usize].distance;
        let names: Vec<&str> = self
            .schema
            .transitions_of(state)
            .iter()
            .filter(|t| self.schema.states[t.target as usize].distance < nearest)
            .map(|t| self.schema.name_of(t))
            .collect();
        if names.is_empty() {
            return "an element".to_owned();
        }
        names_list(&names)
    }
}

pub(super) fn names_list(names: &[&str]) -> String {
    let shown = names.len().min(NAMES_SHOWN_MAX);
    let mut list = match names {
        [] => return "an element".to_owned(),
        [only] => return (*only).to_owned(),
        _ => format!("one of {}", names[..shown].join(", ")),
    };
    if shown < names.len() {
        list.push_str(", …");
    }
    list
}
