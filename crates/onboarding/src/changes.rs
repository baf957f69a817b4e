//! Before and after: what an application changes, field by field, for people who decide about it.

use std::fmt::Write as _;

use ledger::Limits;
use money::{Currency, Money};

use crate::content::{
    Institution, OneDayLimits, PersonChange, PersonRecord, Registration, SignatureCard, TreasuryAccountPlan,
};
use crate::field::Field;
use crate::{Base, BlockedAccount, Content, Roles};

/// A field that is one thing before and another one after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// What it is before; `None`: nothing.
    pub before: Option<String>,
    /// What it is after; `None`: nothing.
    pub after: Option<String>,
}

/// Fields with their values.
type Facts = Vec<(Field, String)>;

impl Content {
    /// What changes, in the order of the fields.
    #[must_use]
    pub fn changes(&self, base: &Base) -> Vec<Change> {
        let (before, after) = (before(base, self), after(base, self));
        let value = |facts: &Facts, field| facts.iter().find(|(of, _)| *of == field).map(|(_, value)| value.clone());
        let mut fields: Vec<Field> = before.iter().chain(&after).map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        let changes = fields.into_iter().map(|field| Change {
            field,
            before: value(&before, field),
            after: value(&after, field),
        });
        changes.filter(|change| change.before != change.after).collect()
    }
}

fn before(base: &Base, content: &Content) -> Facts {
    match base {
        Base::Nothing => Vec::new(),
        Base::OnlineUser(it) => registration(&it.registration),
        Base::Account(it) => match content {
            // Whose limits change is part of both sides, and so of none; the day is what is new.
            Content::OneDayLimits(_) => limits(&it.limits, it.currency),
            _ => Vec::new(),
        },
        Base::Card(it) => card(&it.card),
        Base::Person(it) => person(it),
        Base::SuspendedUser(it) => vec![
            (Field::Client, it.client.to_string()),
            (Field::Name, it.name.clone()),
            (Field::Suspended, it.since.to_string()),
        ],
        Base::BlockedAccount(it) => blocked(it, "blocked"),
    }
}

fn after(base: &Base, content: &Content) -> Facts {
    match content {
        Content::NewClient(Institution { name, registration_number, acceptance }) => vec![
            (Field::Name, name.clone()),
            (Field::RegistrationNumber, registration_number.clone()),
            (Field::AcceptancePolicy, acceptance.word().to_owned()),
        ],
        Content::NewAccount(plan) => account(plan),
        Content::NewOnlineUser(it) => registration(it),
        Content::ChangeOnlineUser(it) => registration(&it.to),
        Content::Renewal(it) => with(before(base, content), Field::ValidUntil, it.valid_until.to_string()),
        Content::NewCertificate(it) => with(before(base, content), Field::Enrolment, it.enrolment.text()),
        Content::OneDayLimits(OneDayLimits { day, limits: for_the_day, .. }) => {
            let Base::Account(account) = base else { return vec![(Field::Day, day.to_string())] };
            with(limits(for_the_day, account.currency), Field::Day, day.to_string())
        }
        Content::SignatureCard(it) => card(it),
        Content::Person(PersonChange { record, .. }) => record.as_ref().map(person).unwrap_or_default(),
        // No suspension is what stays when it is taken away.
        Content::LiftSuspension(_) => {
            before(base, content).into_iter().filter(|(field, _)| *field != Field::Suspended).collect()
        }
        Content::LiftBlock(_) => match base {
            Base::BlockedAccount(it) => blocked(it, "open"),
            _ => Vec::new(),
        },
    }
}

fn blocked(account: &BlockedAccount, state: &str) -> Facts {
    vec![
        (Field::Client, account.client.to_string()),
        (Field::Iban, account.iban.clone()),
        (Field::AccountState, state.to_owned()),
    ]
}

fn with(mut facts: Facts, field: Field, value: String) -> Facts {
    facts.retain(|(of, _)| *of != field);
    facts.push((field, value));
    facts
}

fn registration(it: &Registration) -> Facts {
    let mut facts = vec![
        (Field::Client, it.client.to_string()),
        (Field::Name, it.name.clone()),
        (Field::Mode, it.mode.word().to_owned()),
        (Field::ContactName, it.contact.name.clone()),
        (Field::Email, it.contact.email.clone()),
        (Field::Networks, joined(it.networks.iter().map(ToString::to_string))),
        (Field::Accounts, joined(it.accounts.iter().map(|account| account.0.to_string()))),
        (Field::ValidUntil, it.valid_until.to_string()),
    ];
    facts.extend(it.contact.telephone.clone().map(|telephone| (Field::Telephone, telephone)));
    facts
}

fn account(plan: &TreasuryAccountPlan) -> Facts {
    let mut facts = limits(&plan.limits, plan.currency);
    facts.extend([
        (Field::Client, plan.client.to_string()),
        (Field::Iban, plan.iban.clone()),
        (Field::OwnerName, plan.owner_name.clone()),
        (Field::AccountKind, plan.kind.word().to_owned()),
        (Field::Currency, plan.currency.code().to_owned()),
    ]);
    facts
}

fn limits(limits: &Limits, currency: Currency) -> Facts {
    let stated = |field, limit: Option<i64>| limit.map(|minor| (field, Money::new(minor, currency).to_string()));
    let Limits { per_payment, per_day } = *limits;
    stated(Field::LimitPerPayment, per_payment).into_iter().chain(stated(Field::LimitPerDay, per_day)).collect()
}

fn card(card: &SignatureCard) -> Facts {
    let signatories = card.signatories.iter().map(|signatory| {
        let amount = |minor| Money::new(minor, card.currency).to_string();
        let mut text = format!("{} level {} from {}", signatory.person, signatory.level, amount(signatory.from_minor));
        if let Some(to) = signatory.to_minor {
            let _ = write!(text, " to {}", amount(to));
        }
        text
    });
    vec![
        (Field::Client, card.client.to_string()),
        (Field::Currency, card.currency.code().to_owned()),
        (Field::Signatories, signatories.collect::<Vec<_>>().join("; ")),
        (Field::ValidFrom, card.valid_from.to_string()),
        (Field::ValidUntil, card.valid_until.to_string()),
    ]
}

fn person(record: &PersonRecord) -> Facts {
    let mut facts = vec![
        (Field::Name, record.name.clone()),
        (Field::Email, record.email.clone()),
        (Field::Roles, words(record.roles)),
        (Field::ValidFrom, record.valid_from.to_string()),
        (Field::ValidUntil, record.valid_until.to_string()),
    ];
    facts.extend(record.client.map(|client| (Field::Client, client.to_string())));
    facts
}

fn words(roles: Roles) -> String {
    joined(roles.iter().map(|role| role.word().to_owned()))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
