//! The JSON schemas of answers and of what operators enter, derived from the types.
//!
//! An answer says what we write; a form says what we read. The two differ: answers grow, so a reader must take unknown members, while
//! a form with an unknown member is refused. A type that is both is described twice, the form under a name of its own.

use std::collections::BTreeSet;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

const ANSWERS: &str = "/components/schemas";
/// Where forms are until it is known which names are free.
const FORMS: &str = "/components/forms";
/// Behind the name of a form that an answer shows too.
const AS_INPUT: &str = "Input";

/// The schemas used so far.
pub(super) struct Schemas {
    answers: SchemaGenerator,
    forms: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Schemas {
        let settings = |path: &'static str| {
            SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = path.into())
        };
        Schemas {
            answers: settings(ANSWERS)
                .for_serialize()
                .with_transform(RecursiveTransform(tidied))
                .with_transform(RecursiveTransform(open))
                .with_transform(RecursiveTransform(without_nulls))
                .into_generator(),
            forms: settings(FORMS).for_deserialize().with_transform(RecursiveTransform(tidied)).into_generator(),
        }
    }

    /// Refers to what we write.
    pub(super) fn answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// Refers to what we read.
    pub(super) fn form<T: JsonSchema>(&mut self) -> Value {
        self.forms.subschema_for::<T>().to_value()
    }

    /// All of them by name; what refers to a form in the document then leads there.
    pub(super) fn described(mut self, document: &mut Value) -> Value {
        let mut all = self.answers.take_definitions(true);
        let taken: BTreeSet<String> = all.keys().cloned().collect();
        let named = |name: &str| if taken.contains(name) { format!("{name}{AS_INPUT}") } else { name.to_owned() };
        for (name, mut schema) in self.forms.take_definitions(true) {
            rename(&mut schema, &named);
            all.insert(named(&name), schema);
        }
        rename(document, &named);
        Value::Object(all)
    }
}

/// Lets references to forms lead to the names that they got.
fn rename(value: &mut Value, named: &impl Fn(&str) -> String) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix(&format!("#{FORMS}/"))
            {
                *reference = format!("#{ANSWERS}/{}", named(name));
            }
            members.values_mut().for_each(|member| rename(member, named));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, named)),
        _ => (),
    }
}

/// Takes out what is true of the Rust type and not of the JSON: defaults that no reader need know, links between doc comments.
fn tidied(schema: &mut Schema) {
    schema.remove("default");
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
    }
}

/// What we write may grow: that we refuse unknown members when we read it is nothing for readers.
fn open(schema: &mut Schema) {
    schema.remove("additionalProperties");
}

/// A member that may be absent is never null: we leave it out.
fn without_nulls(schema: &mut Schema) {
    let required: BTreeSet<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    for (_, property) in properties.iter_mut().filter(|(name, _)| !required.contains(*name)) {
        if let Value::Object(members) = property {
            without_null(members);
        }
    }
}

fn without_null(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            members.remove("anyOf");
            members.extend(only);
        }
    }
}
