//! The certificates that an application in force allows: of an online user by a code, shown once, to the operator who asks; of a
//! person for the request that the person brings.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use exchange::{CodeForContact, EnrolmentKind};
use onboarding::{ApplicationId, Contact};
use protocol::applications::{ContactForm, EnrolmentCodeAnswer};
use protocol::routes;

use crate::answer::{self, Answer};
use crate::body;
use crate::identity::{Context, IdentifiedPerson};
use crate::routes::enrollment::chain;
use crate::routes::path::Number;
use crate::routes::query::{invalid, parameters};
use crate::service::Service;

/// `POST`: makes the code. Asked for again, it makes another one, and the one before opens nothing.
pub(crate) async fn make(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Number(id): Number,
    uri: Uri,
) -> Answer {
    let [kind] = parameters(&uri, [routes::KIND])?;
    let kind = match kind.as_deref() {
        None => None,
        Some("request") => Some(EnrolmentKind::Request),
        Some("key-store") => Some(EnrolmentKind::KeyStore),
        Some("key-store-triple-des") => Some(EnrolmentKind::KeyStoreTripleDes),
        Some(_) => return Err(invalid(routes::KIND).into()),
    };
    let exchange = service.exchange().clone();
    let made = async move { exchange.make_code_of_application(&staff, ApplicationId(id), kind).await };
    let CodeForContact { code, contact } = service.carry_through(made).await?;
    let Contact { name, email, telephone } = contact;
    answer::json(&EnrolmentCodeAnswer {
        code: code.code.to_string(),
        valid_until: format!("{:.0}", code.valid_until),
        client: code.client,
        online_user: code.online_user,
        contact: (!name.is_empty()).then_some(ContactForm { name, email, telephone }),
    })
}

/// `POST`: a certificate request of a person, and the answer is the certificate with its chain; or the certificate of another house's
/// authority that the application names, and the answer is the certificate.
pub(crate) async fn certify(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    Number(id): Number,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let bytes_max = exchange::bounds::CERTIFICATE_REQUEST_BYTES_MAX as u64;
    let request = body::take_in_of_operator(&service, &context, &staff, request, bytes_max).await?;
    let exchange = service.exchange().clone();
    let certified = async move { exchange.certify_by_application(&staff, ApplicationId(id), &request).await };
    Ok(chain(service.carry_through(certified).await?))
}
