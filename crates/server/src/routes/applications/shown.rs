//! Applications as operators see them.

use exchange::{AccountId, ClientId, Names, ShownApplication};
use money::{Currency, Money};
use onboarding::{Act, Application, Attachment, Base, Contact, Content, PersonId, Registration};
use protocol::applications::{
    AccountForm, ActOverview, ApplicationContent, ApplicationDetail, ApplicationOverview, ChangeOverview, ContactForm,
    FileOverview, InstitutionForm, LiftBlockForm, LiftSuspensionForm, Named, NewCertificateForm, OneDayLimitsForm,
    PersonForm, RegistrationForm, RenewalForm, SignatoryForm, SignatureCardForm, StepOverview, UserChangeForm,
};

/// An application in a list.
pub(super) fn overview(application: &Application, names: &Names) -> ApplicationOverview {
    let parts = application.parts();
    let act = |act: Option<Act>| act.map(|act| shown_act(act, names));
    ApplicationOverview {
        id: parts.id.0,
        kind: parts.content.kind().word().to_owned(),
        state: parts.state.word().to_owned(),
        client: parts.client.map(|client| named_client(client, names)),
        online_user: parts.online_user.map(|user| user.0),
        entered: shown_act(parts.entered, names),
        submitted: act(parts.submitted),
        checked: act(parts.checked),
        approved: act(parts.approved),
    }
}

/// An application with all that a decision about it needs.
pub(super) fn detail(shown: &ShownApplication, names: &Names) -> ApplicationDetail {
    let application = &shown.application;
    let parts = application.parts();
    let steps = shown.steps.iter().map(|step| StepOverview {
        at: format!("{:.0}", step.at),
        by: step.person.map(|person| named_person(person, names)),
        step: step.step.clone(),
        detail: step.detail.clone(),
    });
    let changes = shown.changes.iter().map(|change| ChangeOverview {
        field: change.field.word().to_owned(),
        before: change.before.clone(),
        after: change.after.clone(),
    });
    ApplicationDetail {
        overview: overview(application, names),
        content: content(shown),
        applicant: parts.applicant.map(|person| named_person(person, names)),
        changes: changes.collect(),
        files: parts.attachments.iter().map(|attachment| file(attachment, names)).collect(),
        steps: steps.collect(),
        digest: parts.digest.map(|digest| digest.to_string()),
        needs_two_operators: parts.content.kind().needs_two_operators(),
        needs_signed_file: parts.content.needs_signed_file(),
    }
}

fn named_client(id: ClientId, names: &Names) -> Named {
    Named { id: id.0, name: names.clients.get(&id).cloned().unwrap_or_default() }
}

fn named_person(id: PersonId, names: &Names) -> Named {
    Named { id: id.0, name: names.persons.get(&id).cloned().unwrap_or_default() }
}

fn shown_act(act: Act, names: &Names) -> ActOverview {
    ActOverview { by: named_person(act.by, names), at: format!("{:.0}", act.at) }
}

fn file(attachment: &Attachment, names: &Names) -> FileOverview {
    let verified = attachment.verification.as_ref();
    FileOverview {
        name: attachment.name.clone(),
        kind: attachment.kind.word().to_owned(),
        sha256: attachment.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        size: attachment.size,
        verified: verified.map(|it| shown_act(Act { by: it.by, at: it.at }, names)),
        how: verified.map(|it| it.how.clone()),
    }
}

/// The content in the form in which it could be entered again.
fn content(shown: &ShownApplication) -> ApplicationContent {
    let iban = |account: &AccountId| shown.ibans.get(account).cloned().unwrap_or_default();
    let ibans = |accounts: &[AccountId]| accounts.iter().map(iban).collect::<Vec<_>>();
    match shown.application.content() {
        Content::NewClient(it) => ApplicationContent::NewClient(InstitutionForm {
            name: it.name.clone(),
            registration_number: it.registration_number.clone(),
            acceptance: it.acceptance.word().to_owned(),
        }),
        Content::NewAccount(it) => ApplicationContent::NewAccount(AccountForm {
            client: it.client.0,
            iban: it.iban.clone(),
            owner_name: it.owner_name.clone(),
            account_kind: it.kind.word().to_owned(),
            currency: it.currency.code().to_owned(),
            limit_per_payment: amount_if_any(it.limits.per_payment, it.currency),
            limit_per_day: amount_if_any(it.limits.per_day, it.currency),
        }),
        Content::NewOnlineUser(it) => ApplicationContent::NewOnlineUser(RegistrationForm {
            client: it.client.0,
            name: it.name.clone(),
            mode: it.mode.word().to_owned(),
            contact: contact(&it.contact),
            networks: networks(it),
            accounts: ibans(&it.accounts),
            valid_until: it.valid_until.to_string(),
        }),
        Content::ChangeOnlineUser(it) => ApplicationContent::ChangeOnlineUser(UserChangeForm {
            online_user: it.user.0,
            name: Some(it.to.name.clone()),
            mode: Some(it.to.mode.word().to_owned()),
            contact: Some(contact(&it.to.contact)),
            networks: Some(networks(&it.to)),
            accounts: Some(ibans(&it.to.accounts)),
        }),
        Content::Renewal(it) => {
            ApplicationContent::Renewal(RenewalForm { online_user: it.user.0, valid_until: it.valid_until.to_string() })
        }
        Content::NewCertificate(it) => ApplicationContent::NewCertificate(NewCertificateForm {
            online_user: it.user.0,
            enrolment: it.enrolment.text(),
        }),
        Content::OneDayLimits(it) => {
            let currency = match &shown.base {
                Base::Account(account) => account.currency,
                _ => Currency::EUR,
            };
            ApplicationContent::OneDayLimits(OneDayLimitsForm {
                iban: iban(&it.account),
                day: it.day.to_string(),
                limit_per_payment: amount_if_any(it.limits.per_payment, currency),
                limit_per_day: amount_if_any(it.limits.per_day, currency),
            })
        }
        Content::SignatureCard(it) => {
            let signatories = it.signatories.iter().map(|signatory| SignatoryForm {
                person: signatory.person.0,
                level: signatory.level,
                from: amount(signatory.from_minor, it.currency),
                to: amount_if_any(signatory.to_minor, it.currency),
            });
            ApplicationContent::SignatureCard(SignatureCardForm {
                client: it.client.0,
                currency: it.currency.code().to_owned(),
                signatories: signatories.collect(),
                valid_from: it.valid_from.to_string(),
                valid_until: it.valid_until.to_string(),
            })
        }
        Content::LiftSuspension(it) => {
            ApplicationContent::LiftSuspension(LiftSuspensionForm { online_user: it.user.0 })
        }
        Content::LiftBlock(it) => ApplicationContent::LiftBlock(LiftBlockForm { iban: iban(&it.account) }),
        Content::Person(it) => {
            let person = it.person.map(|person| person.0);
            ApplicationContent::Person(match &it.record {
                None => PersonForm { person, ends: true, ..PersonForm::default() },
                Some(record) => PersonForm {
                    person,
                    ends: false,
                    client: record.client.map(|client| client.0),
                    name: Some(record.name.clone()),
                    email: Some(record.email.clone()),
                    roles: Some(record.roles.iter().map(|role| role.word().to_owned()).collect()),
                    valid_from: Some(record.valid_from.to_string()),
                    valid_until: Some(record.valid_until.to_string()),
                },
            })
        }
    }
}

fn contact(contact: &Contact) -> ContactForm {
    let Contact { name, email, telephone } = contact.clone();
    ContactForm { name, email, telephone }
}

fn networks(registration: &Registration) -> Vec<String> {
    registration.networks.iter().map(ToString::to_string).collect()
}

fn amount(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).to_decimal().to_string()
}

fn amount_if_any(minor: Option<i64>, currency: Currency) -> Option<String> {
    minor.map(|minor| amount(minor, currency))
}
