//! The context of one request from its first byte to its last: id, language, form of errors, and the counts of its log
//! line.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE};
use axum::http::{HeaderMap, HeaderName};
use protocol::media::{self, Form};
use protocol::{headers, weights};
use rulebook::Language;

use crate::compress::accepts_gzip;

/// One request, as its handlers and its log line know it.
pub(crate) struct RequestContext {
    /// Its id.
    pub(crate) id: String,
    /// The language of texts for people.
    pub(crate) language: Language,
    /// The form that the client wants errors in.
    pub(crate) problem_form: Form,
    /// Whether the client takes compressed answers.
    pub(crate) accepts_gzip: bool,
    /// The path asked for.
    pub(crate) path: String,
    body_bytes: AtomicU64,
    /// 0 until it is known.
    online_user: AtomicI64,
    /// The same of an operator.
    person: AtomicI64,
    /// Set once, if at all.
    warning: OnceLock<String>,
}

impl RequestContext {
    pub(crate) fn of(request: &Request) -> RequestContext {
        let fields = request.headers();
        RequestContext {
            id: request_id(fields),
            language: weights::preferred_language(accept_language_fields(fields)),
            // A client that refuses both forms still gets JSON: an error in the wrong form is better than none.
            problem_form: media::preferred(|| accept_fields(fields), &[Form::ProblemJson, Form::ProblemXml])
                .unwrap_or(Form::ProblemJson),
            accepts_gzip: accepts_gzip(fields),
            path: request.uri().path().to_owned(),
            body_bytes: AtomicU64::new(0),
            online_user: AtomicI64::new(0),
            person: AtomicI64::new(0),
            warning: OnceLock::new(),
        }
    }

    /// So much of the body has arrived.
    pub(crate) fn count_body_bytes(&self, bytes: usize) {
        self.body_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn body_bytes(&self) -> u64 {
        self.body_bytes.load(Ordering::Relaxed)
    }

    /// It is known who asks.
    pub(crate) fn set_online_user(&self, id: i64) {
        self.online_user.store(id, Ordering::Relaxed);
    }

    pub(crate) fn online_user(&self) -> Option<i64> {
        Some(self.online_user.load(Ordering::Relaxed)).filter(|id| *id != 0)
    }

    /// It is known which operator asks.
    pub(crate) fn set_person(&self, id: i64) {
        self.person.store(id, Ordering::Relaxed);
    }

    pub(crate) fn person(&self) -> Option<i64> {
        Some(self.person.load(Ordering::Relaxed)).filter(|id| *id != 0)
    }
}

impl RequestContext {
    /// What the answer warns of, as the header has it.
    pub(crate) fn warn(&self, field: String) {
        // Who asks is known once for a request.
        let _ = self.warning.set(field);
    }

    pub(crate) fn warning(&self) -> Option<&str> {
        self.warning.get().map(String::as_str)
    }
}

/// The `Accept` fields of a request, as far as they are text.
pub(crate) fn accept_fields(fields: &HeaderMap) -> impl Iterator<Item = &str> {
    fields.get_all(ACCEPT).iter().filter_map(|field| field.to_str().ok())
}

fn accept_language_fields(fields: &HeaderMap) -> impl Iterator<Item = &str> {
    fields.get_all(ACCEPT_LANGUAGE).iter().filter_map(|field| field.to_str().ok())
}

/// A header field as text; `None` when it is absent or not printable.
pub(crate) fn text<'a>(fields: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    fields.get(name)?.to_str().ok()
}

fn request_id(fields: &HeaderMap) -> String {
    let given = text(fields, &HeaderName::from_static(headers::X_REQUEST_ID));
    match given.filter(|id| headers::is_sane_request_id(id)) {
        Some(id) => id.to_owned(),
        None => made_up_id(),
    }
}

/// An id that no other request has: the process's start and a count. Ids are for finding log lines, not secret.
fn made_up_id() -> String {
    use std::sync::LazyLock;
    static START: LazyLock<i64> = LazyLock::new(|| jiff::Timestamp::now().as_microsecond());
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:x}", *START, COUNT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_ids_differ_and_are_sane() {
        let (one, other) = (made_up_id(), made_up_id());
        assert_ne!(one, other);
        assert!(headers::is_sane_request_id(&one));
    }
}
