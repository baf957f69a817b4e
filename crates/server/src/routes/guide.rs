//! `/guide`: the guide for interface developers, as pages for people and as Markdown.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use guide::{Page, Support};
use protocol::media::{self, Form};
use protocol::routes;
use rulebook::{Code, Language};
use signatures::digest;

use super::path::TwoNames;
use super::schemas::CACHED;
use crate::answer::{self, Answer};
use crate::context::RequestContext;
use crate::negotiation::Preferred;
use crate::service::Service;

type Context = Extension<Arc<RequestContext>>;

/// Behind the name of a page: the page as it was written.
const MARKDOWN: &str = ".md";

/// `GET`: the contents, in the reader's language.
pub(crate) async fn contents(
    State(service): State<Arc<Service>>,
    Extension(context): Context,
    Preferred(form): Preferred,
    fields: HeaderMap,
) -> Answer {
    let page = guide::page(context.language.tag(), guide::CONTENTS).ok_or(Code::NotFound)?;
    Ok(written(page, context.language, form, &service, &fields))
}

/// `GET`: a page.
pub(crate) async fn page(
    State(service): State<Arc<Service>>,
    TwoNames(language, name): TwoNames,
    Preferred(form): Preferred,
    fields: HeaderMap,
) -> Answer {
    let (name, form) = match name.strip_suffix(MARKDOWN) {
        Some(name) => (name, Form::Markdown),
        None => (name.as_str(), form),
    };
    let page = guide::page(&language, name).ok_or(Code::NotFound)?;
    let language = if language == Language::Latvian.tag() { Language::Latvian } else { Language::English };
    Ok(written(page, language, form, &service, &fields))
}

/// For paths of no route: where the page is that people mean who type `/guide/`, `/guide/lv` or a slash behind the name of a page.
pub(crate) async fn elsewhere(method: Method, target: Uri) -> Answer {
    let is_read = matches!(method, Method::GET | Method::HEAD);
    let place = meant(target.path()).filter(|_| is_read).ok_or(Code::NotFound)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    answer::set(&mut response, "location", &place);
    Ok(response)
}

fn meant(path: &str) -> Option<String> {
    let rest = path.strip_prefix(routes::GUIDE)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.is_empty() {
        return Some(routes::GUIDE.to_owned());
    }
    let rest = rest.strip_prefix('/')?;
    let (language, name) = rest.split_once('/').unwrap_or((rest, guide::CONTENTS));
    let page = guide::page(language, name)?;
    Some(routes::guide_page(page.language, page.name))
}

fn written(page: &Page, language: Language, form: Form, service: &Service, fields: &HeaderMap) -> Response {
    let contact = service.support(language).unwrap_or_default();
    let support = Support { name: &contact.name, email: &contact.email, phone: &contact.phone, page: &contact.page };
    let (text, media_type) = match form {
        Form::Markdown => (page.markdown(&support), media::MARKDOWN_UTF8),
        _ => (page.html(&support), media::HTML_UTF8),
    };
    // Weak: what a client may unpack is the same page (RFC 9110, 8.8.1).
    let tag = format!("W/\"{}\"", hexadecimal(&digest::sha256(text.as_bytes())[..TAG_BYTES]));
    let mut response = Response::new(Body::empty());
    if is_known(fields, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(text);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    answer::set(&mut response, "etag", &tag);
    answer::set(&mut response, "content-security-policy", &guide::security_policy());
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static(CACHED));
    fields.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    fields.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

/// As much of a digest tells the versions of a page apart.
const TAG_BYTES: usize = 12;

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the client names the page that it has, and has this one (RFC 9110, 13.1.2).
fn is_known(fields: &HeaderMap, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    let named = fields.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    named
        .flat_map(|value| value.split(','))
        .any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == opaque)
}
