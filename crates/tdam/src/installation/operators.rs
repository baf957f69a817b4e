//! The first two operators of an installation: registered without an application, each with a certificate of a person.

use std::path::{Path, PathBuf};

use exchange::{Exchange, Fingerprint, Operator, PersonCertificate};
use jiff::Timestamp;
use onboarding::{PersonRecord, Role, Roles};
use pki::{CertificateAuthority, Holder, Subject, Validity};
use rulebook::Language;

use super::error::InstallationError;
use super::folder::{ConnectionFile, Folder, Usage, create_folder, write_private, write_public};
use super::plan::OperatorPlan;
use super::validity::{CERTIFICATE_DAYS, last_day_of_registration};

/// Registers the first operators of an installation that has none; returns the folders that they connect with.
///
/// # Errors
/// When two operators were registered before, a plan breaks a rule, or a file cannot be written.
pub(crate) async fn first_operators(
    folder: &Folder,
    exchange: &Exchange,
    authority: &CertificateAuthority,
    plans: &[OperatorPlan],
    url: &str,
    support: &str,
) -> Result<Vec<PathBuf>, InstallationError> {
    let (operator, now) = (exchange.operator(), Timestamp::now());
    let house = exchange.house_name(Language::Latvian).to_owned();
    for plan in plans {
        let connection = ConnectionFile { url, name: &plan.name, usage: Usage::Operator, support };
        make(folder, &operator, authority, plan, &house, &connection, now).await?;
    }
    Ok(plans.iter().map(|plan| folder.operator(&plan.folder)).collect())
}

/// Registers an operator, and writes what the operator connects with.
async fn make(
    folder: &Folder,
    operator: &Operator,
    authority: &CertificateAuthority,
    plan: &OperatorPlan,
    house: &str,
    connection: &ConnectionFile<'_>,
    now: Timestamp,
) -> Result<(), InstallationError> {
    let roles: Vec<Role> = plan.roles.iter().copied().map(Role::from).collect();
    let record = PersonRecord {
        client: None,
        name: plan.name.clone(),
        email: plan.email.clone(),
        roles: Roles::of(&roles),
        valid_from: exchange::local_time(now).date(),
        valid_until: last_day_of_registration(now)?,
    };
    let person = operator.insert_first_operator(record).await?;
    let subject = Subject::new(plan.name.as_str()).of(house).held_by(Holder::Person(person.0));
    let issued = authority.issue_client(&subject, Validity::of_days(now, CERTIFICATE_DAYS))?;
    let certificate = PersonCertificate {
        fingerprint: Fingerprint(issued.info.fingerprint),
        person,
        serial: issued.info.serial.clone(),
        not_before: issued.info.not_before,
        not_after: issued.info.not_after,
        revoked_at: None,
        authority: Some(issued.info.authority_key_identifier.clone()),
    };
    operator.insert_person_certificate(certificate).await?;
    let place = folder.operator(&plan.folder);
    let at = |path: &Path, source| InstallationError::File { path: path.to_path_buf(), source };
    create_folder(&place).map_err(|error| at(&place, error))?;
    let key = place.join("key.pem");
    write_private(&key, issued.private_key_pem.as_deref().unwrap_or_default()).map_err(|error| at(&key, error))?;
    for (path, text) in
        [(place.join("certificate.pem"), issued.chain_pem), (folder.connection(&place), connection.text())]
    {
        write_public(&path, &text).map_err(|error| at(&path, error))?;
    }
    Ok(())
}
