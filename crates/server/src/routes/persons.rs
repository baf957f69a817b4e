//! `/v1/operator/persons`: persons of the Treasury and of clients.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use exchange::{End, Names, Person, Staff};
use jiff::Timestamp;
use protocol::applications::{Named, PersonList, PersonOverview};

use super::query::parameters;
use crate::answer::{self, Answer};
use crate::identity::{Context, IdentifiedPerson};
use crate::outgoing::deliver;
use crate::service::Service;
use crate::shares::TREASURY;

/// `GET`: all of them, by number.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    uri: Uri,
) -> Answer {
    let [] = parameters(&uri, [])?;
    let persons = service.exchange().persons(&staff).await?;
    let names = service.exchange().names(&staff).await?;
    let ends = service.exchange().person_certificates_end(&staff).await?;
    let shown = |person: &Person| shown(person, &names, ends.get(&person.id), &staff);
    let list = PersonList { persons: persons.iter().map(shown).collect() };
    deliver(&service, &context, TREASURY, answer::json(&list)?).await
}

fn shown(person: &Person, names: &Names, certificate: Option<&(Timestamp, End)>, staff: &Staff) -> PersonOverview {
    let record = &person.record;
    let named = |id: exchange::ClientId| Named { id: id.0, name: names.clients.get(&id).cloned().unwrap_or_default() };
    PersonOverview {
        id: person.id.0,
        client: record.client.map(named),
        name: record.name.clone(),
        email: record.email.clone(),
        roles: record.roles.iter().map(|role| role.word().to_owned()).collect(),
        valid_from: record.valid_from.to_string(),
        valid_until: record.valid_until.to_string(),
        ended_at: person.ended_at.map(|at| format!("{at:.0}")),
        certificate_not_after: certificate.map(|(until, _)| format!("{until:.0}")),
        certificate_days_left: certificate.map(|(_, end)| end.days_left),
        is_you: person.id == staff.person().id,
    }
}
