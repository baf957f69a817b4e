//! The signature base (RFC 9421, 2.5): the bytes that are signed.

use std::fmt::Write as _;

use crate::structured::{Bare, Item, Malformed, Member, Parameters, dictionary_of_distinct, write_item, write_list};

/// A component that a signature covers: a field of the message in lower case, or a part of it that begins with `@`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its parameters; the profile has none.
    pub parameters: Parameters,
}

impl Component {
    /// One without parameters.
    #[must_use]
    pub fn named(name: &str) -> Component {
        Component { name: name.to_owned(), parameters: Vec::new() }
    }

    fn item(&self) -> Item {
        Item { value: Bare::Text(self.name.clone()), parameters: self.parameters.clone() }
    }
}

/// A message that gives its components.
pub trait Message {
    /// The value of a component; `None` when the message has none.
    fn component(&self, component: &Component) -> Option<String>;
}

/// What a signature covers, and its parameters, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureInput {
    /// The components.
    pub components: Vec<Component>,
    /// `created`, `expires`, `keyid`, `alg`, `nonce`, `tag`, and others.
    pub parameters: Parameters,
}

/// A signature of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name by which its two fields belong together.
    pub label: String,
    /// What it covers.
    pub input: SignatureInput,
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// A component of which the message has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent(pub String);

impl SignatureInput {
    /// A whole number among the parameters.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.parameter(name)? {
            Bare::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A text among the parameters.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.parameter(name)? {
            Bare::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is such a parameter, of whatever kind.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    fn parameter(&self, name: &str) -> Option<&Bare> {
        self.parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Whether it covers a component, without parameters.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        self.components.iter().any(|component| component.name == name && component.parameters.is_empty())
    }

    /// The value of `@signature-params`, which is also the value of its member of `Signature-Input`.
    #[must_use]
    pub fn written(&self) -> String {
        let items: Vec<Item> = self.components.iter().map(Component::item).collect();
        let mut written = String::new();
        write_list(&items, &self.parameters, &mut written);
        written
    }

    /// The bytes that are signed.
    ///
    /// # Errors
    /// When the message lacks a component, or a component occurs twice or has more than one line.
    pub fn base(&self, message: &dyn Message) -> Result<String, Absent> {
        let mut base = String::new();
        for (place, component) in self.components.iter().enumerate() {
            let absent = || Absent(component.name.clone());
            let is_repeated = self.components.iter().take(place).any(|other| other == component);
            let value = message.component(component).filter(|value| !is_repeated && !value.contains(['\n', '\r']));
            write_item(&component.item(), &mut base);
            let _ = writeln!(base, ": {}", value.ok_or_else(absent)?);
        }
        let _ = write!(base, "\"@signature-params\": {}", self.written());
        Ok(base)
    }
}

/// The signatures of a message by its two fields.
///
/// # Errors
/// When a field is malformed, has a label twice, or lacks a label that the other has.
pub fn signatures_of(inputs: &str, signatures: &str) -> Result<Vec<Signature>, Malformed> {
    let malformed = Malformed { after: 0 };
    let mut values = dictionary_of_distinct(signatures)?;
    let mut found = Vec::new();
    for (label, member) in dictionary_of_distinct(inputs)? {
        let Member::List(items, parameters) = member else { return Err(malformed) };
        let place = values.iter().position(|(name, _)| *name == label).ok_or(malformed)?;
        let Member::Item(Item { value: Bare::Bytes(bytes), .. }) = values.swap_remove(place).1 else {
            return Err(malformed);
        };
        let component = |Item { value, parameters }| match value {
            Bare::Text(name) => Ok(Component { name, parameters }),
            _ => Err(malformed),
        };
        let components = items.into_iter().map(component).collect::<Result<_, _>>()?;
        found.push(Signature { label, input: SignatureInput { components, parameters }, bytes });
    }
    if values.is_empty() { Ok(found) } else { Err(malformed) }
}
