//! `/v1/operator/applications`: operators enter applications and look at them.

mod asked;
pub(crate) mod codes;
mod content;
pub(crate) mod decisions;
pub(crate) mod files;
mod shown;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use exchange::{ApplicationFilter, ClientId};
use onboarding::{ApplicationId, Kind, PersonId, State as ApplicationState};
use protocol::applications::{ActAnswer, ApplicationContent, ApplicationList};
use protocol::routes;

use super::path::Number;
use super::query::{invalid, parameters};
use crate::answer::{self, Answer};
use crate::identity::{Context, IdentifiedPerson};
use crate::outgoing::deliver;
use crate::service::Service;
use crate::shares::TREASURY;

use asked::{json_of, tried};

/// `GET`: applications, newest first; the next page begins before the last one of this.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    uri: Uri,
) -> Answer {
    let names = [routes::STATE, routes::KIND, routes::CLIENT, routes::BEFORE];
    let [state, kind, client, before] = parameters(&uri, names)?;
    let number = |text: Option<String>, name| text.map(|text| text.parse().map_err(|_| invalid(name))).transpose();
    let filter = ApplicationFilter {
        state: word(state, routes::STATE, ApplicationState::of_word)?,
        kind: word(kind, routes::KIND, Kind::of_word)?,
        client: number(client, routes::CLIENT)?.map(ClientId),
        before: number(before, routes::BEFORE)?.map(ApplicationId),
    };
    let exchange = service.exchange();
    let found = exchange.applications(&staff, filter).await?;
    let names = exchange.names(&staff).await?;
    // A full page may have a next one; an empty page ends the list.
    let is_full = u32::try_from(found.len()) == Ok(exchange::bounds::APPLICATIONS_SHOWN_MAX);
    let list = ApplicationList {
        before: found.last().map(|last| last.id().0).filter(|_| is_full),
        applications: found.iter().map(|application| shown::overview(application, &names)).collect(),
    };
    deliver(&service, &context, TREASURY, answer::json(&list)?).await
}

fn word<T>(
    text: Option<String>,
    name: &str,
    of_word: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, exchange::Failure> {
    text.map(|text| of_word(&text).ok_or_else(|| invalid(name))).transpose()
}

/// `GET`: an application with before and after, files, steps and its digest.
pub(crate) async fn show(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    uri: Uri,
) -> Answer {
    let [] = parameters(&uri, [])?;
    let exchange = service.exchange();
    let found = exchange.application(&staff, ApplicationId(id)).await?;
    let names = exchange.names(&staff).await?;
    deliver(&service, &context, TREASURY, answer::json(&shown::detail(&found, &names))?).await
}

/// `POST`: the content of a new application, which becomes a draft.
pub(crate) async fn enter(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    request: Request,
) -> Answer {
    let [mode, applicant] = parameters(request.uri(), [routes::MODE, routes::APPLICANT])?;
    let applicant = applicant.map(|text| text.parse().map_err(|_| invalid(routes::APPLICANT))).transpose()?;
    let (staff, trial) = tried(staff, mode.as_deref())?;
    let form: ApplicationContent = json_of(&service, &context, &staff, request).await?;
    let exchange = service.exchange().clone();
    let content = content::content_of(&exchange, &staff, form).await?;
    let applicant = applicant.map(PersonId);
    let entered = async move { exchange.enter_application(&staff, content, applicant).await };
    let id = service.carry_through(entered).await?;
    answer::json(&ActAnswer {
        id: Some(id.0).filter(|_| !trial),
        state: ApplicationState::Draft.word().to_owned(),
        trial,
    })
}

/// `POST`: another content of a draft.
pub(crate) async fn rewrite(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    request: Request,
) -> Answer {
    let [mode] = parameters(request.uri(), [routes::MODE])?;
    let (staff, trial) = tried(staff, mode.as_deref())?;
    let form: ApplicationContent = json_of(&service, &context, &staff, request).await?;
    let exchange = service.exchange().clone();
    let content = content::content_of(&exchange, &staff, form).await?;
    let rewritten = async move { exchange.rewrite_application(&staff, ApplicationId(id), content).await };
    service.carry_through(rewritten).await?;
    asked::done(id, ApplicationState::Draft, trial)
}
