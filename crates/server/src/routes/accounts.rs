//! `/v1/accounts`: the accounts that the caller may see.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use protocol::AccountList;

use super::query::parameters;
use crate::answer::{self, Answer};
use crate::identity::Identified;
use crate::overview;
use crate::service::Service;

/// `GET`: the accounts that the online user may see, with their balances now.
pub(crate) async fn list(State(service): State<Arc<Service>>, Identified(caller): Identified, uri: Uri) -> Answer {
    let [] = parameters(&uri, [])?;
    let accounts = service.exchange().accounts(&caller).await?;
    answer::json(&AccountList { accounts: accounts.iter().map(overview::account).collect() })
}
