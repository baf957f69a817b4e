//! What operators' requests have in common: a trial, a body in JSON, and the answer of an act.

use std::sync::Arc;

use axum::extract::Request;
use exchange::{Failure, Staff};
use onboarding::State;
use protocol::applications::ActAnswer;
use protocol::content_reader::complaint;
use protocol::object::Object;
use protocol::routes;
use rulebook::Code;
use serde::de::DeserializeOwned;

use crate::answer::{self, Answer};
use crate::context::RequestContext;
use crate::routes::query::invalid;
use crate::service::Service;
use crate::{body, bounds};

/// Characters of a reader's complaint that an answer repeats: it quotes the body.
const COMPLAINT_CHARS_MAX: usize = 200;

/// Who acts, and whether the act is only tried.
pub(super) fn tried(staff: Staff, mode: Option<&str>) -> Result<(Staff, bool), Failure> {
    match mode {
        None => Ok((staff, false)),
        Some(routes::MODE_TEST) => Ok((staff.on_trial(), true)),
        Some(_) => Err(invalid(routes::MODE)),
    }
}

/// The body of a request, read strictly.
pub(super) async fn json_of<T: DeserializeOwned>(
    service: &Service,
    context: &Arc<RequestContext>,
    staff: &Staff,
    request: Request,
) -> Result<T, Failure> {
    let bytes = body::take_in_of_operator(service, context, staff, request, bounds::OPERATOR_REQUEST_BYTES_MAX).await?;
    let read = serde_json::from_slice::<Object<T>>(&bytes).map_err(|error| {
        let complaint: String = complaint(&error).chars().take(COMPLAINT_CHARS_MAX).collect();
        Failure::new(Code::ApplicationUnreadable).with_detail(complaint)
    });
    read.map(|Object(value)| value)
}

/// The answer of an act.
pub(super) fn done(id: i64, state: State, trial: bool) -> Answer {
    answer::json(&ActAnswer { id: Some(id), state: state.word().to_owned(), trial })
}
