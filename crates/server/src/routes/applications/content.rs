//! The content of an application as an operator writes it, made into what the exchange decides about.
//!
//! People name accounts by IBAN and leave out what stays; the content has ids, and all of it.

use std::net::IpAddr;

use exchange::{AccountId, ClientId, Exchange, Failure, Limits, OnlineUserId, Staff};
use ipnet::IpNet;
use jiff::civil::Date;
use money::{Currency, Decimal, Money};
use onboarding::{
    AcceptancePolicy, AccessMode, AccountKind, Contact, Content, ContentError, Enrolment, Field, Institution,
    LiftBlock, LiftSuspension, NewCertificate, OneDayLimits, PersonChange, PersonId, PersonRecord, Refusal,
    Registration, Renewal, Role, Roles, Signatory, SignatureCard, TreasuryAccountPlan, UserChange,
};
use protocol::applications::{
    AccountForm, ApplicationContent, ContactForm, PersonForm, RegistrationForm, SignatoryForm, SignatureCardForm,
    UserChangeForm,
};

/// The content that a form stands for.
pub(super) async fn content_of(
    exchange: &Exchange,
    staff: &Staff,
    form: ApplicationContent,
) -> Result<Content, Failure> {
    Ok(match form {
        ApplicationContent::NewClient(form) => Content::NewClient(Institution {
            name: form.name,
            registration_number: form.registration_number,
            acceptance: word(Field::AcceptancePolicy, &form.acceptance, AcceptancePolicy::of_word)?,
        }),
        ApplicationContent::NewAccount(form) => Content::NewAccount(account(form)?),
        ApplicationContent::NewOnlineUser(form) => Content::NewOnlineUser(registration(exchange, staff, form).await?),
        ApplicationContent::ChangeOnlineUser(form) => Content::ChangeOnlineUser(change(exchange, staff, form).await?),
        ApplicationContent::Renewal(form) => Content::Renewal(Renewal {
            user: OnlineUserId(form.online_user),
            valid_until: day(Field::ValidUntil, &form.valid_until)?,
        }),
        ApplicationContent::NewCertificate(form) => Content::NewCertificate(NewCertificate {
            user: OnlineUserId(form.online_user),
            enrolment: word(Field::Enrolment, &form.enrolment, Enrolment::of_word)?,
        }),
        ApplicationContent::OneDayLimits(form) => {
            let account = exchange.accounts_named(staff, vec![form.iban], Field::Iban).await?.pop();
            let ledger = account.ok_or(Refusal::from(ContentError::Missing(Field::Iban)))?.ledger;
            Content::OneDayLimits(OneDayLimits {
                account: ledger.id,
                day: day(Field::Day, &form.day)?,
                limits: limits(form.limit_per_payment, form.limit_per_day, ledger.currency)?,
            })
        }
        ApplicationContent::SignatureCard(form) => Content::SignatureCard(card(form)?),
        ApplicationContent::Person(form) => Content::Person(person(exchange, staff, form).await?),
        ApplicationContent::LiftSuspension(form) => {
            Content::LiftSuspension(LiftSuspension { user: OnlineUserId(form.online_user) })
        }
        ApplicationContent::LiftBlock(form) => {
            let account = exchange.accounts_named(staff, vec![form.iban], Field::Iban).await?.pop();
            let account = account.ok_or(Refusal::from(ContentError::Missing(Field::Iban)))?.ledger.id;
            Content::LiftBlock(LiftBlock { account })
        }
    })
}

fn malformed(field: Field) -> Failure {
    Refusal::from(ContentError::Malformed(field)).into()
}

fn word<T>(field: Field, text: &str, of_word: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    of_word(text).ok_or_else(|| malformed(field))
}

/// A day in the one form that there is: `YYYY-MM-DD`.
fn day(field: Field, text: &str) -> Result<Date, Failure> {
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| malformed(field))
}

fn currency(text: &str) -> Result<Currency, Failure> {
    Currency::new(text).map_err(|_| malformed(Field::Currency))
}

/// An amount in minor units.
fn amount(field: Field, text: &str, currency: Currency) -> Result<i64, Failure> {
    let money = Decimal::parse(text).ok().and_then(|amount| Money::from_decimal(amount, currency).ok());
    money.map(Money::minor).ok_or_else(|| Refusal::from(ContentError::Amount(field)).into())
}

fn limits(per_payment: Option<String>, per_day: Option<String>, currency: Currency) -> Result<Limits, Failure> {
    let limit = |field, text: Option<String>| text.map(|text| amount(field, &text, currency)).transpose();
    Ok(Limits {
        per_payment: limit(Field::LimitPerPayment, per_payment)?,
        per_day: limit(Field::LimitPerDay, per_day)?,
    })
}

/// A network, or an address alone. Bits behind the prefix would only look as if they meant something.
fn network(text: &str) -> Result<IpNet, Failure> {
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    network.filter(|network| *network == network.trunc()).ok_or_else(|| malformed(Field::Networks))
}

fn contact(form: ContactForm) -> Contact {
    Contact { name: form.name, email: form.email, telephone: form.telephone }
}

fn account(form: AccountForm) -> Result<TreasuryAccountPlan, Failure> {
    let currency = currency(&form.currency)?;
    Ok(TreasuryAccountPlan {
        client: ClientId(form.client),
        iban: form.iban,
        owner_name: form.owner_name,
        kind: word(Field::AccountKind, &form.account_kind, AccountKind::of_word)?,
        currency,
        limits: limits(form.limit_per_payment, form.limit_per_day, currency)?,
    })
}

async fn accounts(exchange: &Exchange, staff: &Staff, ibans: Vec<String>) -> Result<Vec<AccountId>, Failure> {
    let found = exchange.accounts_named(staff, ibans, Field::Accounts).await?;
    Ok(found.into_iter().map(|account| account.ledger.id).collect())
}

async fn registration(exchange: &Exchange, staff: &Staff, form: RegistrationForm) -> Result<Registration, Failure> {
    Ok(Registration {
        client: ClientId(form.client),
        name: form.name,
        mode: word(Field::Mode, &form.mode, AccessMode::of_word)?,
        contact: contact(form.contact),
        networks: form.networks.iter().map(|text| network(text)).collect::<Result<_, _>>()?,
        accounts: accounts(exchange, staff, form.accounts).await?,
        valid_until: day(Field::ValidUntil, &form.valid_until)?,
    })
}

async fn change(exchange: &Exchange, staff: &Staff, form: UserChangeForm) -> Result<UserChange, Failure> {
    let user = OnlineUserId(form.online_user);
    let mut to = exchange.registration(staff, user).await?;
    if let Some(name) = form.name {
        to.name = name;
    }
    if let Some(mode) = form.mode {
        to.mode = word(Field::Mode, &mode, AccessMode::of_word)?;
    }
    if let Some(form) = form.contact {
        to.contact = contact(form);
    }
    if let Some(networks) = form.networks {
        to.networks = networks.iter().map(|text| network(text)).collect::<Result<_, _>>()?;
    }
    if let Some(ibans) = form.accounts {
        to.accounts = accounts(exchange, staff, ibans).await?;
    }
    Ok(UserChange { user, to })
}

fn card(form: SignatureCardForm) -> Result<SignatureCard, Failure> {
    let currency = currency(&form.currency)?;
    let signatory = |SignatoryForm { person, level, from, to }: SignatoryForm| {
        let amount = |text: &str| amount(Field::Signatories, text, currency);
        let (from_minor, to_minor) = (amount(&from)?, to.as_deref().map(amount).transpose()?);
        Ok(Signatory { person: PersonId(person), level, from_minor, to_minor })
    };
    Ok(SignatureCard {
        client: ClientId(form.client),
        currency,
        signatories: form.signatories.into_iter().map(signatory).collect::<Result<_, Failure>>()?,
        valid_from: day(Field::ValidFrom, &form.valid_from)?,
        valid_until: day(Field::ValidUntil, &form.valid_until)?,
    })
}

async fn person(exchange: &Exchange, staff: &Staff, form: PersonForm) -> Result<PersonChange, Failure> {
    let missing = |field| Failure::from(Refusal::from(ContentError::Missing(field)));
    let known = match form.person {
        Some(id) => Some(exchange.person(staff, PersonId(id)).await?),
        None => None,
    };
    let roles = |words: Vec<String>| {
        let roles = words.iter().map(|text| word(Field::Roles, text, Role::of_word)).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Failure>(Roles::of(&roles))
    };
    let days = |field, text: Option<String>| text.map(|text| day(field, &text)).transpose();
    let PersonForm { ends, client, name, email, roles: words, valid_from, valid_until, .. } = form;
    let words = words.map(roles).transpose()?;
    let (from, until) = (days(Field::ValidFrom, valid_from)?, days(Field::ValidUntil, valid_until)?);
    if ends {
        let known = known.ok_or_else(|| missing(Field::Person))?;
        let says_more = client.is_some() || name.is_some() || email.is_some() || words.is_some();
        if says_more || from.is_some() || until.is_some() {
            return Err(malformed(Field::Person));
        }
        return Ok(PersonChange { person: Some(known.id), of: known.record.client, record: None });
    }
    let Some(known) = known else {
        let record = PersonRecord {
            client: client.map(ClientId),
            name: name.ok_or_else(|| missing(Field::Name))?,
            email: email.ok_or_else(|| missing(Field::Email))?,
            roles: words.ok_or_else(|| missing(Field::Roles))?,
            valid_from: from.ok_or_else(|| missing(Field::ValidFrom))?,
            valid_until: until.ok_or_else(|| missing(Field::ValidUntil))?,
        };
        return Ok(PersonChange { person: None, of: record.client, record: Some(record) });
    };
    if client.is_some_and(|client| Some(ClientId(client)) != known.record.client) {
        return Err(malformed(Field::Client));
    }
    let was = known.record;
    let record = PersonRecord {
        client: was.client,
        name: name.unwrap_or(was.name),
        email: email.unwrap_or(was.email),
        roles: words.unwrap_or(was.roles),
        valid_from: from.unwrap_or(was.valid_from),
        valid_until: until.unwrap_or(was.valid_until),
    };
    Ok(PersonChange { person: Some(known.id), of: record.client, record: Some(record) })
}
