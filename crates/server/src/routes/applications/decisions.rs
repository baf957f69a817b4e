//! What operators decide about an application: each act is a `POST`, and `mode=test` only tries it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use exchange::{Exchange, Failure, Staff};
use onboarding::{ApplicationDigest, ApplicationId, State as ApplicationState};
use protocol::applications::{ApprovalForm, RejectionForm, VerificationForm};
use protocol::routes;
use rulebook::Code;

use super::asked::{done, json_of, tried};
use crate::answer::Answer;
use crate::identity::{Context, IdentifiedPerson};
use crate::routes::path::Number;
use crate::routes::query::parameters;
use crate::service::Service;

/// `POST`: who verified the signature of a file, and how.
pub(crate) async fn verify(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    request: Request,
) -> Answer {
    let (staff, trial) = asked(request.uri(), staff)?;
    let VerificationForm { file, how } = json_of(&service, &context, &staff, request).await?;
    let exchange = service.exchange().clone();
    let verified = async move { exchange.verify_signature(&staff, ApplicationId(id), file, how).await };
    done(id, service.carry_through(verified).await?, trial)
}

/// `POST`: the draft is complete.
pub(crate) async fn submit(service: State<Arc<Service>>, person: IdentifiedPerson, id: Number, uri: Uri) -> Answer {
    let act = |exchange: Exchange, staff: Staff, id| async move { exchange.submit_application(&staff, id).await };
    without_body(service, person, id, uri, act).await
}

/// `POST`: the operator has checked it.
pub(crate) async fn check(service: State<Arc<Service>>, person: IdentifiedPerson, id: Number, uri: Uri) -> Answer {
    let act = |exchange: Exchange, staff: Staff, id| async move { exchange.check_application(&staff, id).await };
    without_body(service, person, id, uri, act).await
}

/// `POST`: who entered it takes it back.
pub(crate) async fn withdraw(service: State<Arc<Service>>, person: IdentifiedPerson, id: Number, uri: Uri) -> Answer {
    let act = |exchange: Exchange, staff: Staff, id| async move { exchange.withdraw_application(&staff, id).await };
    without_body(service, person, id, uri, act).await
}

/// `POST`: the operator approves what has the digest that he saw.
pub(crate) async fn approve(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    request: Request,
) -> Answer {
    let (staff, trial) = asked(request.uri(), staff)?;
    let form: ApprovalForm = json_of(&service, &context, &staff, request).await?;
    let unreadable = || Failure::new(Code::ApplicationUnreadable).with_detail("digest");
    let seen = ApplicationDigest::parse(&form.digest).ok_or_else(unreadable)?;
    let exchange = service.exchange().clone();
    let approved = async move { exchange.approve_application(&staff, ApplicationId(id), seen).await };
    done(id, service.carry_through(approved).await?, trial)
}

/// `POST`: the operator refuses it.
pub(crate) async fn reject(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    request: Request,
) -> Answer {
    let (staff, trial) = asked(request.uri(), staff)?;
    let RejectionForm { reason } = json_of(&service, &context, &staff, request).await?;
    let exchange = service.exchange().clone();
    let rejected = async move { exchange.reject_application(&staff, ApplicationId(id), reason).await };
    done(id, service.carry_through(rejected).await?, trial)
}

fn asked(uri: &Uri, staff: Staff) -> Result<(Staff, bool), Failure> {
    let [mode] = parameters(uri, [routes::MODE])?;
    tried(staff, mode.as_deref())
}

/// An act of which everything stands in the path.
async fn without_body<F>(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Number(id): Number,
    uri: Uri,
    act: impl FnOnce(Exchange, Staff, ApplicationId) -> F,
) -> Answer
where
    F: Future<Output = Result<ApplicationState, Failure>> + Send + 'static,
{
    let (staff, trial) = asked(&uri, staff)?;
    let acting = act(service.exchange().clone(), staff, ApplicationId(id));
    done(id, service.carry_through(acting).await?, trial)
}
