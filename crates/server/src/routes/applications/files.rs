//! Files of an application: attached as they are, and given back as they are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::Response;
use onboarding::{ApplicationId, FileKind, State as ApplicationState};
use protocol::{media, routes};

use super::asked::{done, tried};
use crate::answer::Answer;
use crate::identity::{Context, IdentifiedPerson};
use crate::outgoing::deliver;
use crate::routes::path::NumberAndName;
use crate::routes::query::{invalid, parameters};
use crate::service::Service;
use crate::shares::TREASURY;
use crate::{body, bounds};

/// `POST`: the bytes of a file; `kind` says whether the institution signed it.
pub(crate) async fn attach(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    NumberAndName(id, name): NumberAndName,
    request: Request,
) -> Answer {
    let [mode, kind] = parameters(request.uri(), [routes::MODE, routes::KIND])?;
    let (staff, trial) = tried(staff, mode.as_deref())?;
    let kind = kind.as_deref().and_then(FileKind::of_word).ok_or_else(|| invalid(routes::KIND))?;
    let bytes_max = bounds::APPLICATION_FILE_BYTES_MAX;
    let bytes = body::take_in_of_operator(&service, &context, &staff, request, bytes_max).await?;
    let exchange = service.exchange().clone();
    let attached = async move { exchange.attach_file(&staff, ApplicationId(id), kind, name, bytes).await };
    service.carry_through(attached).await?;
    done(id, ApplicationState::Draft, trial)
}

/// `GET`: the bytes of a file.
pub(crate) async fn give_back(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    NumberAndName(id, name): NumberAndName,
    uri: Uri,
) -> Answer {
    let [] = parameters(&uri, [])?;
    let bytes = service.exchange().application_file(&staff, ApplicationId(id), name).await?;
    let mut response = Response::new(Body::from(bytes));
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media::OCTETS));
    // Somebody outside made the file: no program shows it by itself, and none guesses what it is.
    fields.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    fields.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    deliver(&service, &context, TREASURY, response).await
}
