//! Who is calling: from the connection's certificate to the exchange's proof, on every request.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use exchange::{Caller, Fingerprint, Presented};
use rulebook::Code;

use crate::answer::{Answer, Refused};
use crate::context::RequestContext;
use crate::service::Service;

/// The other side of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    /// Where it is.
    pub(crate) address: IpAddr,
    /// SHA-256 of the certificate that TLS verified, if it showed one.
    pub(crate) certificate: Option<[u8; 32]>,
}

/// The exchange's proof of who is calling, for handlers.
pub(crate) struct Identified(pub(crate) Caller);

/// Lets a request pass only when the exchange says who it is from. Stands before every route of the listener for
/// clients, unknown ones included.
pub(crate) async fn identify(
    State(service): State<Arc<Service>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let peer = request.extensions().get::<Peer>().copied().ok_or(Code::InternalError)?;
    let fingerprint = peer.certificate.ok_or(Code::NoClientCertificate)?;
    // Held until the answer is made: this is what bounds the requests in flight.
    let _turn = service.load().turn().await?;
    let presented = Presented { fingerprint: Fingerprint(fingerprint), address: peer.address };
    let context = request.extensions().get::<Arc<RequestContext>>().cloned().ok_or(Code::InternalError)?;
    let caller = service.exchange().authorise(&presented, &context.id).await?;
    context.set_online_user(caller.identity().user.id.0);
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

impl<S: Sync> FromRequestParts<S> for Identified {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Identified, Refused> {
        parts.extensions.get::<Caller>().cloned().map(Identified).ok_or(Code::NoClientCertificate.into())
    }
}

/// The request's context, for handlers.
pub(crate) struct Context(pub(crate) Arc<RequestContext>);

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Context, Refused> {
        parts.extensions.get::<Arc<RequestContext>>().cloned().map(Context).ok_or(Code::InternalError.into())
    }
}

/// For routes and methods that do not exist.
pub(crate) async fn no_such_route() -> Answer {
    Err(Code::NotFound.into())
}

/// For methods that a route does not have.
pub(crate) async fn no_such_method() -> Answer {
    Err(Code::MethodNotAllowed.into())
}
