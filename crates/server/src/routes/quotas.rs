//! `/v1/quotas`: what is left of the quotas.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;

use super::query::parameters;
use crate::answer::{self, Answer};
use crate::identity::Identified;
use crate::quotas::Taker;
use crate::service::Service;

/// `GET`: what is left of the quotas of the online user and of the address, on this node.
pub(crate) async fn left(State(service): State<Arc<Service>>, Identified(caller): Identified, uri: Uri) -> Answer {
    let [] = parameters(&uri, [])?;
    let name = &caller.identity().user.name;
    answer::json(&service.quotas().left(Taker::of(&caller), name))
}
