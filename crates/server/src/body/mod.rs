//! From the bytes of a request to a body that the exchange has taken in.
//!
//! The server hands the body on in pieces of [`bounds::CHUNK_BYTES`], each on a thread that may block (hashing,
//! inflating, writing files), while it already reads the next piece. A client that leaves, stalls or sends too much
//! costs one intake, which the server drops and the exchange forgets.

mod arrival;
mod decode;
mod form;
mod lingering_close;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use exchange::{Caller, ClientId, Failure, Received, Staff};
use signatures::digest::Sha256Sum;
use tracing::Span;

use crate::bounds::SIGNATURE_CHECK_BYTES_MAX;
use crate::context::RequestContext;
use crate::quotas::Taker;
use crate::service::Service;
use crate::shares::{Share, ShareExceeded, TREASURY};

use arrival::{ArrivingBody, too_large};
use decode::Decoder;
pub(crate) use lingering_close::lingering_close;

/// Takes in the body of a request.
pub(crate) async fn take_in(
    service: &Service,
    context: &Arc<RequestContext>,
    caller: &Caller,
    request: Request,
    bytes_max: u64,
) -> Result<Received, Failure> {
    let _under_way = service.measures().body();
    let (head, body) = request.into_parts();
    let encoding = form::encoding_of_xml(&head.headers)?;
    let announced = announced_length(&head.headers);
    check_length(announced, bytes_max)?;
    let (quotas, taker) = (service.quotas(), Taker::of(caller));
    // What says that it does not fit is refused unread.
    quotas.has_room_for_body(taker, announced.unwrap_or(1))?;
    let arrived = |bytes| quotas.take_bytes(taker, bytes, announced);
    let (client, shares) = (caller.identity().client.id, service.shares());
    let bytes = shares.arriving_bytes(client)?;
    let decoder = Decoder::new(service.exchange().intake(caller)?, encoding, bytes_max, bytes);
    let arrival = ArrivingBody::new(body, Arc::clone(context), service.limits(), bytes_max, &arrived);
    receive(arrival, decoder, || shares.large_body(client)).await
}

/// Takes in a certificate request: a few kilobytes, of a known caller or of anybody.
pub(crate) async fn take_in_request(
    service: &Service,
    context: &Arc<RequestContext>,
    caller: Option<&Caller>,
    request: Request,
) -> Result<Vec<u8>, Failure> {
    const BYTES_MAX: u64 = exchange::bounds::CERTIFICATE_REQUEST_BYTES_MAX as u64;
    take_into_memory(service, context, caller.map(Taker::of), request, BYTES_MAX).await
}

/// Takes in what an operator sends: JSON, or a file of an application.
pub(crate) async fn take_in_of_operator(
    service: &Service,
    context: &Arc<RequestContext>,
    staff: &Staff,
    request: Request,
    bytes_max: u64,
) -> Result<Vec<u8>, Failure> {
    form::refuse_packed(request.headers())?;
    let _under_way = service.measures().body();
    let _share = service.shares().large_body(TREASURY)?;
    take_into_memory(service, context, Some(Taker::of_operator(staff)), request, bytes_max).await
}

async fn take_into_memory(
    service: &Service,
    context: &Arc<RequestContext>,
    taker: Option<Taker>,
    request: Request,
    bytes_max: u64,
) -> Result<Vec<u8>, Failure> {
    let (head, body) = request.into_parts();
    let announced = announced_length(&head.headers);
    check_length(announced, bytes_max)?;
    let quotas = service.quotas();
    let arrived = |bytes| match taker {
        Some(taker) => quotas.take_bytes(taker, bytes, announced),
        None => Ok(()),
    };
    let mut arrival = ArrivingBody::new(body, Arc::clone(context), service.limits(), bytes_max, &arrived);
    let mut bytes = Vec::new();
    while !arrival.is_complete() {
        bytes.extend_from_slice(&arrival.next_piece().await?);
    }
    Ok(bytes)
}

/// The SHA-256 of a body that nobody keeps.
pub(crate) async fn sha256_of(
    service: &Service,
    context: &Arc<RequestContext>,
    caller: &Caller,
    request: Request,
) -> Result<[u8; 32], Failure> {
    let (head, body) = request.into_parts();
    let announced = announced_length(&head.headers);
    check_length(announced, SIGNATURE_CHECK_BYTES_MAX)?;
    let (quotas, taker) = (service.quotas(), Taker::of(caller));
    let arrived = |bytes| quotas.take_bytes(taker, bytes, announced);
    let mut arrival =
        ArrivingBody::new(body, Arc::clone(context), service.limits(), SIGNATURE_CHECK_BYTES_MAX, &arrived);
    let mut sum = Sha256Sum::default();
    while !arrival.is_complete() {
        sum.add(&arrival.next_piece().await?);
    }
    Ok(sum.end())
}

async fn receive(
    mut arrival: ArrivingBody<'_>,
    mut decoder: Decoder,
    large: impl FnOnce() -> Result<Share<ClientId>, ShareExceeded>,
) -> Result<Received, Failure> {
    let mut piece = arrival.next_piece().await?;
    if arrival.is_complete() && decoder.is_plain() && piece.len() <= exchange::bounds::INLINE_BODY_BYTES_MAX {
        // Stays in memory: no work for another thread.
        decoder.append(&piece)?;
        return decoder.finish();
    }
    let _share = large()?;
    loop {
        let is_last = arrival.is_complete();
        let span = Span::current();
        let work = tokio::task::spawn_blocking(move || span.in_scope(|| decoder.append(&piece).map(|()| decoder)));
        if is_last {
            decoder = joined(work).await?;
            let span = Span::current();
            return joined(tokio::task::spawn_blocking(move || span.in_scope(|| decoder.finish()))).await;
        }
        // The server reads the next piece while it works on the one before; it reports a fault of that piece at once.
        (decoder, piece) = tokio::try_join!(joined(work), arrival.next_piece())?;
    }
}

async fn joined<T>(work: tokio::task::JoinHandle<Result<T, Failure>>) -> Result<T, Failure> {
    work.await
        .unwrap_or_else(|error| Err(Failure::unexpected(format_args!("taking in a body ended abnormally: {error}"))))
}

fn announced_length(fields: &axum::http::HeaderMap) -> Option<u64> {
    fields.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
}

/// A body that says that it is too long need not be read to be refused.
fn check_length(announced: Option<u64>, bytes_max: u64) -> Result<(), Failure> {
    match announced {
        Some(length) if length > bytes_max => Err(too_large(bytes_max)),
        _ => Ok(()),
    }
}
