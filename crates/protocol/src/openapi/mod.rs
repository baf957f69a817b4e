//! The description of the interface in OpenAPI 3.1: what `/v1/openapi.json` answers, and `docs/reference/openapi.json`.
//!
//! Nothing is written twice. The routes are those of [`ROUTES`], which the server's router is made of; the schemas are derived from the
//! types that server and clients read and write, with their doc comments; problems and their statuses are the catalogue's. Only what a
//! route takes besides its path stands here ([`operations`]). A test of the server holds its answers against the description.
//!
//! The document does not name a server: each listener gives the same text, and a relative address is that of the listener asked.

mod codes;
mod fields;
mod operations;
mod problems;
mod schemas;

use std::collections::BTreeMap;

use rulebook::Code;
use serde_json::{Map, Value, json};

use crate::media::{self, Form};
use crate::routes::{Listeners, Method, ROUTES, Route};
use fields::Parameter;
use operations::{Body, Operation};
use schemas::Schemas;

/// The version of the specification that the description keeps.
const SPECIFICATION: &str = "3.1.1";

/// The security scheme of online users.
const OF_CLIENT: &str = "onlineUserCertificate";
/// That of operators.
const OF_OPERATOR: &str = "personCertificate";
/// That of those who enrol.
const BY_CODE: &str = "enrolmentCode";

/// The whole description.
#[must_use]
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for path in distinct_paths() {
        let mut item = Map::new();
        let parameters = fields::of_path(path);
        if !parameters.is_empty() {
            item.insert("parameters".to_owned(), parameters.iter().map(Parameter::described).collect());
        }
        for method in [Method::Get, Method::Post] {
            let routes: Vec<&Route> =
                ROUTES.iter().filter(|route| route.path == path && route.method == method).collect();
            if !routes.is_empty() {
                item.insert(method.name().to_ascii_lowercase(), operation(&routes, &mut schemas));
            }
        }
        paths.insert(path.to_owned(), Value::Object(item));
    }
    let problem = schemas.answer::<crate::Problem>();
    let mut document = json!({
        "openapi": SPECIFICATION,
        "info": {
            "title": "Online data exchange",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The listener that gave this description." }],
        "tags": operations::TAGS.map(|(name, description)| json!({ "name": name, "description": description })),
        "paths": paths,
        "components": {
            "headers": fields::headers(),
            "securitySchemes": security_schemes(),
            "responses": problems::responses(&problem),
        },
    });
    document["components"]["schemas"] = schemas.described(&mut document);
    document
}

const ABOUT: &str = "Bulk payments (pain.001) with their status (pain.002), and account reports and notifications (camt.060, camt.052, \
camt.054), over TLS 1.2 or 1.3 with a client certificate.\n\nMessages are ISO 20022 XML in UTF-8; `/v1/schemas` gives their schemas. \
Each error is a problem (RFC 9457) with a code of the catalogue, which `/v1/errors` gives. What answers GET answers HEAD too. A query \
parameter that a route does not have is refused.\n\nJSON only ever grows: readers pass over members that they do not know. \
`x-listeners` says where a route is: `clients` (TLS, client certificate), `plain` (no TLS, public), `enrolment` (TLS, no client \
certificate). Texts are in Latvian or English, as `Accept-Language` asks.";

/// Each path once, in the order of the table.
fn distinct_paths() -> Vec<&'static str> {
    let mut paths: Vec<&str> = Vec::new();
    for route in &ROUTES {
        if !paths.contains(&route.path) {
            paths.push(route.path);
        }
    }
    paths
}

/// What one method does on one path: the routes differ only in a query parameter.
fn operation(routes: &[&Route], schemas: &mut Schemas) -> Value {
    let [route, ..] = routes else { return Value::Null };
    let operation = Operation::of(route.method, route.path);
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "x-listeners": listeners(route.listeners),
        "security": security(route),
    });
    if let Some(details) = operation.details {
        described["description"] = details.into();
    }
    let parameters = operation.query.iter().chain(fields::OF_EVERY_REQUEST).chain(operation.fields);
    described["parameters"] = parameters.map(Parameter::described).collect();
    let by_status = problems::by_status(routes, &operation);
    described["responses"] = responses(routes, &operation, &by_status, schemas);
    described["x-problem-codes"] = problems::codes(&by_status);
    if let Some(body) = request_body(operation.body, schemas) {
        described["requestBody"] = body;
    }
    described
}

fn listeners(listeners: Listeners) -> Value {
    match listeners {
        Listeners::Clients => json!(["clients"]),
        Listeners::Plain => json!(["plain"]),
        Listeners::Both => json!(["clients", "plain"]),
        Listeners::Enrollment => json!(["enrolment"]),
        Listeners::Everywhere => json!(["clients", "plain", "enrolment"]),
    }
}

/// Who may ask. Of a route that is public somewhere, nobody need show anything there.
fn security(route: &Route) -> Value {
    let by = |scheme: &str| json!({ scheme: [] });
    match route.listeners {
        Listeners::Clients if route.is_for_operators() => json!([by(OF_OPERATOR)]),
        Listeners::Clients => json!([by(OF_CLIENT)]),
        Listeners::Enrollment => json!([by(BY_CODE)]),
        Listeners::Plain => json!([]),
        Listeners::Both | Listeners::Everywhere => json!([{}, by(OF_CLIENT)]),
    }
}

fn security_schemes() -> Value {
    json!({
        OF_CLIENT: { "type": "mutualTLS", "description": "The certificate of an online user, which is an information system of a client." },
        OF_OPERATOR: { "type": "mutualTLS", "description": "The certificate of a person. It opens the paths of operators, and no others." },
        BY_CODE: { "type": "http", "scheme": "bearer", "description": "The code with which a contact person enrols once." },
    })
}

fn request_body(body: Body, schemas: &mut Schemas) -> Option<Value> {
    let described =
        |content: Value, description: &str| json!({ "required": true, "description": description, "content": content });
    Some(match body {
        Body::None => return None,
        Body::Message(messages) => {
            let xml = json!({ "schema": { "type": "string" } });
            described(json!({ media::XML: xml, media::TEXT_XML: xml }), messages)
        }
        Body::Json(form) => described(
            json!({ media::JSON: { "schema": form(schemas) } }),
            "Read strictly: an unknown member is a mistake.",
        ),
        Body::CertificateRequest => {
            let request = json!({ "schema": { "type": "string" } });
            described(json!({ media::CERTIFICATE_REQUEST: request }), "A certificate request (PKCS #10), PEM or DER.")
        }
        Body::File => described(json!({ media::OCTETS: {} }), "The bytes of the file."),
        Body::Anything => described(json!({ media::XML: {}, media::OCTETS: {} }), "What is to be signed."),
    })
}

fn responses(
    routes: &[&Route],
    operation: &Operation,
    problems: &BTreeMap<u16, Vec<Code>>,
    schemas: &mut Schemas,
) -> Value {
    let mut responses = Map::new();
    let mut content = Map::new();
    for form in routes.iter().flat_map(|route| route.forms) {
        content.insert(form.media_type().to_owned(), written(*form, operation, schemas));
    }
    let success = |description: &str, content: &Map<String, Value>, headers: &'static [&'static str]| json!({ "description": description, "content": content, "headers": fields::of_answer(routes, headers) });
    responses.insert("200".to_owned(), success(operation.answer, &content, operation.headers));
    if let Some((status, description, headers)) = operation.other_answer {
        let content = if status == operations::NOT_MODIFIED { Map::new() } else { content };
        responses.insert(status.to_string(), success(description, &content, headers));
    }
    for (status, codes) in problems {
        responses.entry(status.to_string()).or_insert_with(|| problems::response(*status, codes));
    }
    Value::Object(responses)
}

/// What an answer in this form looks like.
fn written(form: Form, operation: &Operation, schemas: &mut Schemas) -> Value {
    match (form, operation.json) {
        (Form::Json, Some(schema)) => json!({ "schema": schema(schemas) }),
        // A message, a certificate or a file: other standards say what it looks like.
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_described_once_and_every_reference_leads_somewhere() {
        let document = document();
        let mut ids = Vec::new();
        for route in &ROUTES {
            let described = &document["paths"][route.path][route.method.name().to_ascii_lowercase()];
            let id = described["operationId"].as_str().unwrap_or_default().to_owned();
            assert!(!id.is_empty(), "{route:?} is not described");
            if route.parameter.is_none() {
                assert!(!ids.contains(&id), "{id} is the id of two operations");
                ids.push(id);
            }
        }
        let text = document.to_string();
        let references: Vec<&str> =
            text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(references.len() > ROUTES.len());
        for reference in references {
            assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
        }
        assert!(!text.contains("[`"), "a doc comment's link is no link here");
    }

    #[test]
    fn what_is_named_is_used() {
        let document = document();
        let text = document.to_string();
        for kind in ["headers", "schemas", "responses"] {
            for name in document["components"][kind].as_object().into_iter().flat_map(Map::keys) {
                let reference = format!("\"#/components/{kind}/{name}\"");
                assert!(text.contains(&reference), "{reference} is used nowhere");
            }
        }
    }
}
