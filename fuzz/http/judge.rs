//! Allowed answers: a documented status, a problem of the catalogue, a message valid by its schema.

use iso20022::{MessageType, schema};
use protocol::{Problem, media, status_of};
use rulebook::Code;
use xsd::{Bounds, Peek, Selection, Validator, peek_root};

use super::answers::Answer;

/// A refusal before the bytes form a request has no body and ends the connection (docs/interface-developers/errors.md).
const UNREADABLE: [u16; 3] = [400, 414, 431];

/// Judges an HTTP/1.1 answer; returns its status.
pub(super) fn answer(answer: &Answer) -> u16 {
    let request_id = answer.field("x-request-id");
    if request_id.is_none() {
        let is_refused = UNREADABLE.contains(&answer.status) && answer.body.as_ref().is_none_or(Vec::is_empty);
        assert!(is_refused, "no request id: {answer:?}");
        return answer.status;
    }
    let media_type = answer.field("content-type").unwrap_or_default();
    match answer.status {
        200 | 202 => assert!(matches!(media_type, media::XML_UTF8 | media::JSON), "{answer:?}"),
        status => {
            let is_documented = Code::ALL.iter().any(|code| status_of(*code) == Some(status));
            assert!(is_documented, "{answer:?}");
            assert!(matches!(media_type, media::PROBLEM_JSON | media::PROBLEM_XML), "{answer:?}");
        }
    }
    if let Some(bytes) = &answer.body {
        let is_right = body(bytes).map_or(answer.status < 300, |problem| problem == answer.status);
        assert!(is_right, "{answer:?}");
    }
    answer.status
}

/// Judges a whole body; returns the status that a problem says.
pub(super) fn body(bytes: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(bytes).expect("bodies are UTF-8");
    match text.bytes().next()? {
        b'{' => json(text),
        b'<' => xml(text),
        _ => panic!("neither JSON nor XML: {text}"),
    }
}

fn json(text: &str) -> Option<u16> {
    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    // The catalogue's entries, too, have a code; only a problem says whose request it answers.
    value.get("request_id")?;
    let problem: Problem = serde_json::from_str(text).expect("a problem");
    let texts = [&problem.texts.lv, &problem.texts.en];
    assert!(texts.iter().all(|texts| !texts.title.is_empty() && !texts.remedy.is_empty()), "{text}");
    check(&problem.code, problem.status);
    Some(problem.status)
}

fn xml(text: &str) -> Option<u16> {
    let Peek::Root { namespace, .. } = peek_root(text.as_bytes()) else { panic!("no root: {text}") };
    if let Some(message_type) = MessageType::from_namespace(&namespace) {
        let schema = schema(message_type);
        let nothing = Selection::nothing(schema);
        let validator = Validator::new(schema, &nothing, text.as_bytes(), Bounds::default());
        let findings = validator.finish().expect("well-formed");
        assert!(findings.is_empty(), "{findings:?}: {text}");
    }
    let within = |name: &str| text.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>"));
    if !text.contains("<problem xmlns=") {
        return None;
    }
    let (code, _) = within("code").expect("a code");
    let status = within("status").and_then(|(status, _)| status.parse().ok()).expect("a status");
    check(code, status);
    Some(status)
}

fn check(code: &str, status: u16) {
    let known: Code = code.parse().unwrap_or_else(|_| panic!("{code} is not in the catalogue"));
    assert_eq!(status_of(known).unwrap_or(422), status, "{code}");
    // A client can do nothing about these; bytes that lead to one have found a fault of ours.
    assert!(!matches!(known, Code::InternalError | Code::Unavailable), "{code}");
}
