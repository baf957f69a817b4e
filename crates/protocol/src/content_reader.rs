//! How the content of an application is read: its field `kind` says which form the others have.
//!
//! The form reads the fields as they come, so a mistake has its line and column. serde's own readers of such enumerations keep all
//! fields first, and lose the places.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer as _, MapAccess, Visitor};
use serde_json::Value;

use crate::applications::ApplicationContent;

/// The field that says the kind.
const KIND: &str = "kind";

/// Makes the reader, with one line for each kind.
macro_rules! read_kinds {
    ($($word:literal => $kind:ident,)+) => {
        const KINDS: &[&str] = &[$($word),+];

        fn read<'de, A: MapAccess<'de>>(kind: &str, fields: Fields<A>) -> Result<ApplicationContent, A::Error> {
            let fields = MapAccessDeserializer::new(fields);
            match kind {
                $($word => Deserialize::deserialize(fields).map(ApplicationContent::$kind),)+
                other => Err(A::Error::unknown_variant(other, KINDS)),
            }
        }
    };
}

read_kinds! {
    "new-client" => NewClient,
    "new-account" => NewAccount,
    "new-online-user" => NewOnlineUser,
    "change-of-online-user" => ChangeOnlineUser,
    "renewal" => Renewal,
    "new-certificate" => NewCertificate,
    "one-day-limits" => OneDayLimits,
    "signature-card" => SignatureCard,
    "person" => Person,
    "lift-suspension" => LiftSuspension,
    "lift-block" => LiftBlock,
}

impl<'de> Deserialize<'de> for ApplicationContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ApplicationContent, D::Error> {
        deserializer.deserialize_map(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = ApplicationContent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ApplicationContent, A::Error> {
        let mut before = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == KIND {
                let kind: String = map.next_value()?;
                return read(&kind, Fields { before: before.into_iter(), value: None, map });
            }
            before.push((name, map.next_value()?));
        }
        Err(A::Error::missing_field(KIND))
    }
}

/// All fields but the kind: those that stood before it, then the others.
struct Fields<A> {
    before: std::vec::IntoIter<(String, Value)>,
    value: Option<Value>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let name = if let Some((name, value)) = self.before.next() {
            self.value = Some(value);
            name
        } else {
            match self.map.next_key::<String>()? {
                None => return Ok(None),
                Some(name) if name == KIND => return Err(A::Error::duplicate_field(KIND)),
                Some(name) => name,
            }
        };
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// What a reader found wrong, in words that do not depend on our types.
#[must_use]
pub fn complaint(error: &serde_json::Error) -> String {
    error.to_string().replace("expected i64", "expected a whole number")
}
