//! `/v1/payments/cancel`: cancels payments that are not executed yet.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use exchange::{Cancellation, Failure};
use protocol::routes;

use super::query::{invalid, parameters};
use crate::answer::{self, Answer};
use crate::identity::{Connected, Context, Identified};
use crate::service::Service;
use crate::{body, overview, signed};

/// `POST`: all that is named stands in the query; a body is only hashed, since a signature covers it.
pub(crate) async fn cancel(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    Connected(peer): Connected,
    request: Request,
) -> Answer {
    service.exchange().may_submit(&caller).await?;
    let asked = asked(request.uri())?;
    let signed = signed::signed(&request)?;
    let signed = signed::verified(&service, &caller, peer.connection(), signed).await?;
    let sha256 = body::sha256_of(&service, &context, &caller, request).await?;
    let turn = service.shares().turn_to_read(caller.identity().client.id).await?;
    let exchange = service.exchange().clone();
    let cancelled = async move {
        let _turn = turn;
        exchange.cancel(&caller, asked, signed, sha256).await
    };
    let outcome = service.carry_through(cancelled).await?;
    answer::json(&overview::cancellation(&outcome, context.language))
}

fn asked(uri: &Uri) -> Result<Cancellation, Failure> {
    const NAMES: [&str; 5] =
        [routes::MSG_ID, routes::PMT_INF_ID, routes::END_TO_END_ID, routes::INSTR_ID, routes::NUMBER];
    let values = parameters(uri, NAMES)?;
    // An empty value would name everything or nothing.
    if let Some((name, _)) = NAMES.iter().zip(&values).find(|(_, value)| value.as_deref() == Some("")) {
        return Err(invalid(name));
    }
    let [message_id, payment_information_id, end_to_end_id, instruction_id, number] = values;
    let message_id = message_id.ok_or_else(|| invalid(routes::MSG_ID))?;
    let number = number.map(|text| text.parse::<u32>().ok().filter(|number| *number > 0));
    let number = number.map(|number| number.ok_or_else(|| invalid(routes::NUMBER))).transpose()?;
    Ok(Cancellation { message_id, payment_information_id, end_to_end_id, instruction_id, number })
}
