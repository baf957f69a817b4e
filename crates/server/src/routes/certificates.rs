//! `/v1/certificates`: the next certificate, asked for with the one in use.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;

use super::enrollment::{chain, shown};
use super::query::parameters;
use crate::answer::{self, Answer};
use crate::body;
use crate::identity::{Context, Identified};
use crate::service::Service;

/// `GET`: for whom the next certificate will be, and what its request must be like.
pub(crate) async fn rules(Identified(caller): Identified, uri: Uri) -> Answer {
    let [] = parameters(&uri, [])?;
    answer::json(&shown(&caller.enrolment_rules()))
}

/// `POST`: a certificate request; the answer is the certificate with its chain.
pub(crate) async fn renew(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let certificate_request = body::take_in_request(&service, &context, Some(&caller), request).await?;
    let exchange = service.exchange().clone();
    let renewed =
        service.carry_through(async move { exchange.renew_certificate(&caller, &certificate_request).await }).await?;
    Ok(chain(renewed))
}
