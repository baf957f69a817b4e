//! The proxy's own errors: problem details as the exchange writes them, with codes and texts of the catalogue.

use hyper::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName};
use protocol::media::{self, Form};
use protocol::{Problem, TextsInBothLanguages, headers, routes, status_of, weights};
use rulebook::catalogue::Arguments;
use rulebook::{Code, Language};

use crate::bounds;

/// Why the proxy itself refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    code: Code,
    value: String,
    given: String,
    expected: String,
    allow: Vec<&'static str>,
    closes: bool,
}

/// A problem as it goes out.
pub(crate) struct Written {
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) language: &'static str,
    pub(crate) body: Vec<u8>,
    /// The methods that pass, where the method is what is wrong.
    pub(crate) allow: Option<String>,
    /// Whether the connection ends with it.
    pub(crate) closes: bool,
}

/// What of a request matters to the writing of a problem.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) request_id: String,
    path: String,
    language: Language,
    form: Form,
}

impl Asked {
    pub(crate) fn of(path: &str, fields: &HeaderMap, made_up_id: impl FnOnce() -> String) -> Asked {
        let given = texts(fields, &HeaderName::from_static(headers::X_REQUEST_ID)).next();
        let form = media::preferred(|| texts(fields, &ACCEPT), &[Form::ProblemJson, Form::ProblemXml]);
        Asked {
            request_id: given.filter(|id| headers::is_sane_request_id(id)).map_or_else(made_up_id, ToOwned::to_owned),
            path: path.to_owned(),
            language: weights::preferred_language(texts(fields, &ACCEPT_LANGUAGE)),
            form: form.unwrap_or(Form::ProblemJson),
        }
    }
}

impl Fault {
    pub(crate) fn new(code: Code) -> Fault {
        let none = String::new;
        Fault { code, value: none(), given: none(), expected: none(), allow: Vec::new(), closes: false }
    }

    pub(crate) fn value(mut self, value: &str) -> Fault {
        self.value = value.to_owned();
        self
    }

    pub(crate) fn given(mut self, given: &str) -> Fault {
        self.given = given.to_owned();
        self
    }

    pub(crate) fn expected(mut self, expected: &str) -> Fault {
        self.expected = expected.to_owned();
        self
    }

    /// The method is wrong; these pass.
    pub(crate) fn allowing(mut self, methods: Vec<&'static str>) -> Fault {
        self.allow = methods;
        self
    }

    /// The connection ends with the answer: the rest of the body is not read.
    pub(crate) fn closing(mut self) -> Fault {
        self.closes = true;
        self
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn write(&self, asked: &Asked) -> Written {
        let (entry, language) = (self.code.entry(), asked.language);
        // Each code of the proxy's own has a status (`protocol::status_of`, and its test).
        let status = status_of(self.code).unwrap_or(502);
        let arguments =
            Arguments { value: &self.value, given: &self.given, expected: &self.expected, ..Arguments::default() };
        let problem = Problem {
            type_uri: routes::catalogue_entry(self.code.id()),
            title: entry.title.in_language(language).to_owned(),
            status,
            detail: Some(entry.text(language, &arguments)),
            instance: Some(asked.path.clone()),
            code: self.code.id().to_owned(),
            remedy: entry.advice(language, &self.value, &self.expected),
            request_id: asked.request_id.clone(),
            texts: TextsInBothLanguages::of(entry),
            ..Problem::default()
        };
        let (media_type, body) = match asked.form {
            Form::ProblemXml => (media::PROBLEM_XML, problem.to_xml()),
            _ => (media::PROBLEM_JSON, problem.to_json()),
        };
        let allow = Some(self.allow.join(", ")).filter(|allow| !allow.is_empty());
        Written { status, media_type, language: language.tag(), body, allow, closes: self.closes }
    }
}

/// The fields of a name, as far as they are text.
fn texts<'a>(fields: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> + use<'a> {
    fields.get_all(name.clone()).iter().filter_map(|field| field.to_str().ok())
}

/// What somebody sent, as far as an error shows it.
pub(crate) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(bounds::SHOWN_CHARS_MAX).collect()
}
