//! What cases call `$name`: values that the suite gives, and those that answers were asked to leave.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Values by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables(BTreeMap<String, Value>);

impl Variables {
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The value with everything put in its place.
    pub(super) fn filled(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => self.filled_text(text)?,
            Value::Array(elements) => {
                Value::Array(elements.iter().map(|element| self.filled(element)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => Value::Object(self.filled_members(members)?),
            other => other.clone(),
        })
    }

    pub(super) fn filled_members(&self, members: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        members.iter().map(|(name, member)| Ok((name.clone(), self.filled(member)?))).collect()
    }

    /// A text that is one variable becomes its value; otherwise its parts become text.
    fn filled_text(&self, text: &str) -> Result<Value, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            let length =
                after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(after.len());
            let (name, after) = after.split_at(length);
            let value = self.0.get(name).ok_or_else(|| format!("there is no variable `${name}`"))?;
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return Ok(value.clone());
            }
            filled.push_str(before);
            filled.push_str(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::String(filled))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_stand_anywhere_and_unknown_ones_are_errors() {
        let mut variables = Variables::default();
        variables.set("folder", "/tmp/x");
        variables.set("count", 3);
        let filled = variables.filled(&json!({ "a": ["$folder/one.xml", "$count"], "b": "$count of $folder" }));
        assert_eq!(filled, Ok(json!({ "a": ["/tmp/x/one.xml", 3], "b": "3 of /tmp/x" })));
        assert!(variables.filled(&json!("$nothing")).is_err());
    }
}
