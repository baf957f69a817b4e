//! The form of an answer: decided here for every route, by the one table of them, before a handler runs.

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use exchange::Failure;
use protocol::media::{self, Form};
use protocol::routes::Route;
use rulebook::Code;

use crate::answer::Refused;
use crate::context::accept_fields;

/// The form that a request prefers, for handlers that have a choice.
pub(crate) struct Preferred(pub(crate) Form);

/// Chooses the form of the answer. The server refuses a request that takes none of them before it reads anything of its body.
pub(crate) fn negotiate(request: &mut Request) -> Result<(), Refused> {
    let path = request.extensions().get::<MatchedPath>();
    let query = request.uri().query().unwrap_or_default();
    let route = path.and_then(|path| Route::of(request.method().as_str(), path.as_str(), query));
    if let Some(route) = route {
        let accept = || accept_fields(request.headers());
        let form = media::preferred(accept, route.forms).ok_or_else(|| not_acceptable(request.headers(), route))?;
        request.extensions_mut().insert(form);
    }
    Ok(())
}

fn not_acceptable(fields: &HeaderMap, route: &Route) -> Failure {
    let offered: Vec<&str> = route.forms.iter().map(|form| form.media_type()).collect();
    let accept: Vec<&str> = accept_fields(fields).collect();
    Failure::new(Code::NotAcceptable).with_detail(accept.join(", ")).with_expected(offered.join(", "))
}

impl<S: Sync> FromRequestParts<S> for Preferred {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Preferred, Refused> {
        let form = parts.extensions.get::<Form>().copied();
        form.map(Preferred).ok_or_else(|| Failure::unexpected("a request has no form of its answer").into())
    }
}
