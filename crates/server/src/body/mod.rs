//! From the bytes of a request to a body that the exchange has taken in.
//!
//! The body is handed on in pieces of [`bounds::CHUNK_BYTES`], each on a thread that may block (hashing, inflating,
//! writing files), while the next piece is already being read. A client that leaves, stalls or sends too much costs
//! one intake that is dropped, and the exchange forgets it.

mod arrival;
mod decode;
mod form;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use exchange::{Caller, Failure, Received};
use rulebook::Code;

use crate::context::RequestContext;
use crate::service::Service;

use arrival::Arrival;
use decode::Decoder;

/// Takes in the body of a request. Of a body that is refused while it still arrives, the rest is read and thrown
/// away for a while, so that clients which send everything before they read get the answer.
pub(crate) async fn take_in(
    service: &Service,
    context: &Arc<RequestContext>,
    caller: &Caller,
    request: Request,
    bytes_max: u64,
) -> Result<Received, Failure> {
    let (head, body) = request.into_parts();
    let encoding = match form::encoding_of_xml(&head.headers).and_then(|encoding| {
        check_length(&head.headers, bytes_max)?;
        Ok(encoding)
    }) {
        Ok(encoding) => encoding,
        Err(failure) => {
            arrival::discard(body, &head.headers);
            return Err(failure);
        }
    };
    let decoder = Decoder::new(service.exchange().intake(caller)?, encoding, bytes_max, service.body_bytes().share());
    let mut arrival = Arrival::new(body, Arc::clone(context), service.limits().body_idle_timeout, bytes_max);
    let outcome = receive(&mut arrival, decoder).await;
    if outcome.is_err() && !arrival.is_complete() {
        arrival.discard_rest(&head.headers);
    }
    outcome
}

async fn receive(arrival: &mut Arrival, mut decoder: Decoder) -> Result<Received, Failure> {
    let first = arrival.next_piece().await?;
    if arrival.is_complete() && decoder.is_plain() {
        decoder.append(&first)?;
        return decoder.finish();
    }
    let mut piece = first;
    loop {
        let is_last = arrival.is_complete();
        let work = tokio::task::spawn_blocking(move || decoder.append(&piece).map(|()| decoder));
        if is_last {
            decoder = joined(work).await?;
            return joined(tokio::task::spawn_blocking(move || decoder.finish())).await;
        }
        // Reading goes on while the piece before is worked on; what that finds wrong is told first.
        let (worked, next) = tokio::join!(joined(work), arrival.next_piece());
        decoder = worked?;
        piece = next?;
    }
}

async fn joined<T>(work: tokio::task::JoinHandle<Result<T, Failure>>) -> Result<T, Failure> {
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "taking in a body ended abnormally");
        Err(Failure::new(Code::InternalError))
    })
}

/// A body that says that it is too long need not be read to be refused.
fn check_length(fields: &axum::http::HeaderMap, bytes_max: u64) -> Result<(), Failure> {
    let announced = fields.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if length > bytes_max => Err(too_large(bytes_max)),
        _ => Ok(()),
    }
}

fn too_large(bytes_max: u64) -> Failure {
    Failure::new(Code::MessageTooLarge).with_detail(bytes_max.to_string())
}
