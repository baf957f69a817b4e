//! Identifies the caller on every request: from the connection's certificate to the exchange's proof.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::Extensions;
use axum::http::request::Parts;
use axum::response::Response;
use exchange::{Caller, Failure, Fingerprint, Presented, Staff};
use rulebook::Code;
use tracing::Span;

use crate::answer::{Answer, Refused};
use crate::connections::{CloseOrder, Connections, OpenConnection};
use crate::context::RequestContext;
use crate::outgoing::hold_while_read;
use crate::overview::warning_field;
use crate::quotas::{Charge, Taker};
use crate::service::Service;
use crate::shares::{Place, TREASURY};

/// The other side of a connection.
#[derive(Clone)]
pub(crate) struct Peer {
    connection: Arc<OpenConnection>,
    connections: Arc<Connections>,
}

impl Peer {
    pub(crate) fn new(connection: Arc<OpenConnection>, connections: Arc<Connections>) -> Peer {
        Peer { connection, connections }
    }

    pub(crate) fn connection(&self) -> &Arc<OpenConnection> {
        &self.connection
    }
}

/// A request whose caller is known.
pub(crate) struct IdentifiedRequest {
    caller: Caller,
    peer: Peer,
    /// Held until the answer is complete, unless a handler gives it to work that continues.
    _place: Arc<Place>,
}

/// What handlers may take of it. One value: each that a request carries costs a place in its map.
#[derive(Clone)]
struct InWork {
    caller: Caller,
    place: Arc<Place>,
}

/// The exchange's proof of the caller, for handlers.
pub(crate) struct Identified(pub(crate) Caller);

/// Asks the exchange who a request is from, and gives it its place among the requests in work. Stands before every route of
/// the listener for clients, unknown ones included.
pub(crate) async fn identify(
    service: &Service,
    context: &RequestContext,
    request: &mut Request,
) -> Result<IdentifiedRequest, Refused> {
    let (peer, presented) = presented(request)?;
    let connection = peer.connection();
    let shares = service.shares();
    // Counted before any question to the store, so by the certificate alone.
    let of_certificate = shares.place_of_certificate(presented.fingerprint.0).await?;
    let caller = service.exchange().authorise(&presented, &context.id).await;
    let caller = caller.map_err(|failure| turned_away(failure, connection))?;
    let (client, user) = (caller.identity().client.id, caller.identity().user.id);
    peer.connections.belongs_to(connection, client.0);
    context.set_online_user(user.0);
    Span::current().record("online_user", user.0);
    if let Some(field) = warning_field(&service.exchange().ends_soon(&caller)) {
        context.warn(field);
    }
    let charge = Charge::of(request.method(), request.extensions().get::<MatchedPath>());
    service.quotas().take_request(Taker::of(&caller), charge)?;
    let place = Arc::new(shares.place(of_certificate, client).await?);
    request.extensions_mut().insert(InWork { caller: caller.clone(), place: Arc::clone(&place) });
    Ok(IdentifiedRequest { caller, peer, _place: place })
}

/// The other side of a request's connection, and the certificate that it showed.
fn presented(request: &Request) -> Result<(Peer, Presented), Refused> {
    let peer = request.extensions().get::<Peer>().cloned();
    let peer = peer.ok_or_else(|| Failure::unexpected("a request has no peer"))?;
    let fingerprint = peer.connection().certificate.ok_or(Code::NoClientCertificate)?;
    let presented = Presented { fingerprint: Fingerprint(fingerprint), address: peer.connection().address };
    Ok((peer, presented))
}

fn turned_away(failure: Failure, connection: &OpenConnection) -> Refused {
    if is_final(failure.code) {
        // Nothing else will be answered on it.
        connection.tell(CloseOrder::Close);
    }
    failure.into()
}

/// The exchange's proof of the operator, for handlers.
pub(crate) struct IdentifiedPerson(pub(crate) Staff);

/// Asks the exchange which operator a request is from, and gives it its place among the requests in work, which it has as
/// long as the place is held. Stands before every path of operators, unknown ones included.
pub(crate) async fn identify_person(
    service: &Service,
    context: &RequestContext,
    request: &mut Request,
) -> Result<Place, Refused> {
    let (peer, presented) = presented(request)?;
    let connection = peer.connection();
    let shares = service.shares();
    let of_certificate = shares.place_of_certificate(presented.fingerprint.0).await?;
    let staff = service.exchange().authorise_person(&presented, &context.id).await;
    let staff = staff.map_err(|failure| turned_away(failure, connection))?;
    peer.connections.belongs_to(connection, TREASURY.0);
    let person = staff.person().id.0;
    context.set_person(person);
    Span::current().record("person", person);
    if let Some(field) = warning_field(service.exchange().own_end_soon(&staff).as_slice()) {
        context.warn(field);
    }
    service.quotas().take_request(Taker::of_operator(&staff), Charge::Request)?;
    let place = shares.place(of_certificate, TREASURY).await?;
    request.extensions_mut().insert(staff);
    Ok(place)
}

impl<S: Sync> FromRequestParts<S> for IdentifiedPerson {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IdentifiedPerson, Refused> {
        let staff = parts.extensions.get::<Staff>().cloned();
        Ok(IdentifiedPerson(staff.ok_or(Code::PersonCertificateRequired)?))
    }
}

impl IdentifiedRequest {
    /// The answer, or a refusal when the caller's rights end before.
    pub(crate) async fn answered_by(
        self,
        service: &Service,
        answer: impl Future<Output = Response>,
    ) -> Result<Response, Refused> {
        tokio::select! {
            biased;
            response = answer => self.showing(service, response).await,
            failure = service.exchange().rights_ended(&self.caller) => {
                self.peer.connection().tell(CloseOrder::Close);
                Err(failure.into())
            }
        }
    }
}

impl IdentifiedRequest {
    /// An answer that shows accounts ends when one of them is no longer granted, also while the client reads it.
    async fn showing(self, service: &Service, response: Response) -> Result<Response, Refused> {
        if !self.caller.shows_accounts() {
            return Ok(response);
        }
        let caller = Arc::new(self.caller);
        self.peer.connection().show(&caller);
        // A change before this moment did not find the answer among those that are shown.
        service.exchange().still_shows(&caller).await?;
        Ok(hold_while_read(response, caller))
    }
}

/// Whether a refusal says that this certificate opens nothing from here.
fn is_final(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownCertificate
            | Code::CertificateOfPerson
            | Code::PersonNotRegistered
            | Code::CertificateRevoked
            | Code::CertificateExpired
            | Code::CertificateNotYetValid
            | Code::RegistrationExpired
            | Code::OnlineUserSuspended
            | Code::IpAddressNotAllowed
    )
}

impl<S: Sync> FromRequestParts<S> for Identified {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Identified, Refused> {
        let in_work = parts.extensions.get::<InWork>().ok_or(Code::NoClientCertificate)?;
        Ok(Identified(in_work.caller.clone()))
    }
}

/// The place that the request has among those in work, for handlers.
pub(crate) struct RequestPlace(pub(crate) Arc<Place>);

impl<S: Sync> FromRequestParts<S> for RequestPlace {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<RequestPlace, Refused> {
        let place = parts.extensions.get::<InWork>().map(|in_work| Arc::clone(&in_work.place));
        place.map(RequestPlace).ok_or_else(|| Failure::unexpected("a request has no place in work").into())
    }
}

/// The connection of the request, for handlers.
pub(crate) struct Connected(pub(crate) Peer);

impl<S: Sync> FromRequestParts<S> for Connected {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Connected, Refused> {
        let peer = parts.extensions.get::<Peer>().cloned();
        peer.map(Connected).ok_or_else(|| Failure::unexpected("a request has no peer").into())
    }
}

/// The address that a request comes from, for handlers.
pub(crate) struct From(pub(crate) IpAddr);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<From, Refused> {
        address(&parts.extensions).map(From)
    }
}

/// The address that a request comes from.
pub(crate) fn address_of(request: &Request) -> Result<IpAddr, Refused> {
    address(request.extensions())
}

fn address(extensions: &Extensions) -> Result<IpAddr, Refused> {
    let peer = extensions.get::<Peer>().ok_or_else(|| Failure::unexpected("a request has no peer"))?;
    Ok(peer.connection().address)
}

/// The request's context, for handlers.
pub(crate) struct Context(pub(crate) Arc<RequestContext>);

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Context, Refused> {
        let context = parts.extensions.get::<Arc<RequestContext>>().cloned();
        context.map(Context).ok_or_else(|| Failure::unexpected("a request has no context").into())
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
