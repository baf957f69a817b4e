//! Holds answers against the OpenAPI description, more strictly than JSON Schema would: a member that is not described is a mistake too.

use protocol::routes::Route;
use serde_json::{Map, Value};

use super::Answer;

/// Header fields that HTTP and its transport set, and that say nothing of ours.
const OF_HTTP: [&str; 9] = [
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "date",
    "vary",
    "cache-control",
    "connection",
    "x-content-type-options",
];

/// The description, as a server gave it.
pub struct Description(pub Value);

impl Description {
    /// What it says of a route.
    pub fn operation(&self, route: &Route) -> &Value {
        let operation = &self.0["paths"][route.path][route.method.name().to_ascii_lowercase()];
        assert!(operation.is_object(), "{} {} is not described", route.method.name(), route.path);
        operation
    }

    /// Asserts that an answer is one of those described: its status, its form, its fields, and each member of its JSON.
    #[track_caller]
    pub fn holds(&self, route: &Route, answer: &Answer) {
        let said = format!("{} {}: {answer:?}", route.method.name(), route.path);
        let operation = self.operation(route);
        let response = &operation["responses"][answer.status.as_str()];
        assert!(response.is_object(), "the status is not described: {said}");
        let shared = response["$ref"].as_str().map_or(response, |reference| self.referred(reference));
        let media_type = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        let content = &shared["content"][media_type];
        assert!(content.is_object(), "the form {media_type} is not described: {said}");
        for name in answer.headers.keys().map(|name| name.as_str()).filter(|name| !OF_HTTP.contains(name)) {
            let is_described =
                shared["headers"].as_object().unwrap().keys().any(|known| known.eq_ignore_ascii_case(name));
            assert!(is_described, "the field {name} is not described: {said}");
        }
        if media_type.ends_with("json") {
            let value = answer.json();
            if let Err(fault) = self.fits(&content["schema"], &value, "") {
                panic!("{fault}: {said}");
            }
            if let Some(code) = value["code"].as_str().filter(|_| media_type.contains("problem")) {
                let codes = operation["x-problem-codes"][answer.status.as_str()].as_array().unwrap();
                assert!(codes.iter().any(|known| known == code), "{code} is not described: {said}");
            }
        }
    }

    fn referred(&self, reference: &str) -> &Value {
        let referred = reference.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer));
        referred.unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    fn fits(&self, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
        let mut known = Map::new();
        self.fits_all(schema, value, place, &mut known)?;
        let is_open = schema == &serde_json::json!({ "type": "object" });
        for name in value.as_object().into_iter().flat_map(Map::keys).filter(|_| !is_open) {
            if !known.contains_key(name) {
                return Err(format!("{place}/{name} is not described"));
            }
        }
        Ok(())
    }

    /// Gathers the members that the schema knows, through what it refers to.
    fn fits_all(
        &self,
        schema: &Value,
        value: &Value,
        place: &str,
        known: &mut Map<String, Value>,
    ) -> Result<(), String> {
        for (keyword, rule) in schema.as_object().into_iter().flatten() {
            match keyword.as_str() {
                "$ref" => self.fits_all(self.referred(rule.as_str().unwrap()), value, place, known)?,
                "allOf" => {
                    rule.as_array().unwrap().iter().try_for_each(|one| self.fits_all(one, value, place, known))?
                }
                "oneOf" | "anyOf" => {
                    let mut faults = Vec::new();
                    let mut fitting = Vec::new();
                    for choice in rule.as_array().unwrap() {
                        let mut members = Map::new();
                        match self.fits_all(choice, value, place, &mut members) {
                            Ok(()) => fitting.push(members),
                            Err(fault) => faults.push(fault),
                        }
                    }
                    if fitting.is_empty() || (keyword == "oneOf" && fitting.len() > 1) {
                        return Err(format!("{place}: {} of {keyword} fit: {faults:?}", fitting.len()));
                    }
                    known.extend(fitting.into_iter().flatten());
                }
                "type" => {
                    is_of_type(rule, value).then_some(()).ok_or_else(|| format!("{place} is no {rule}: {value}"))?
                }
                "const" if rule != value => return Err(format!("{place} is not {rule}: {value}")),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    return Err(format!("{place} is none of {rule}: {value}"));
                }
                "required" => {
                    let mut missing =
                        rule.as_array().unwrap().iter().filter(|name| value.get(name.as_str().unwrap()).is_none());
                    if let Some(name) = missing.next() {
                        return Err(format!("{place}/{name} is missing"));
                    }
                }
                "properties" => {
                    for (name, schema) in rule.as_object().unwrap() {
                        known.insert(name.clone(), Value::Null);
                        if let Some(member) = value.get(name) {
                            self.fits(schema, member, &format!("{place}/{name}"))?;
                        }
                    }
                }
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.fits(rule, item, &format!("{place}/{number}"))?;
                    }
                }
                "minimum" if value.as_i64() < rule.as_i64() => return Err(format!("{place} is below {rule}: {value}")),
                "maximum" if value.as_i64() > rule.as_i64() => return Err(format!("{place} is above {rule}: {value}")),
                "const" | "enum" | "minimum" | "maximum" | "description" | "format" | "title" => (),
                keyword => return Err(format!("{place}: no test knows what {keyword} means")),
            }
        }
        Ok(())
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is_of = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        name => panic!("no test knows the type {name}"),
    };
    rule.as_array().map_or_else(|| is_of(rule), |names| names.iter().any(is_of))
}
