//! The content of an application as an operator writes it, made into what the exchange decides about.
//!
//! People name accounts by IBAN and leave out what stays; the content has ids, and all of it.

use std::net::IpAddr;

use exchange::{AccountId, ClientId, Exchange, Failure, Limits, OnlineUserId, Staff, TreasuryAccount, content_fault};
use ipnet::IpNet;
use jiff::civil::Date;
use money::{Currency, Decimal, Money};
use onboarding::{
    AcceptancePolicy, AccessMode, AccountKind, Contact, Content, Enrolment, Field, Institution, LiftBlock,
    LiftSuspension, NewCertificate, OneDayLimits, PersonChange, PersonId, PersonRecord, Registration, Renewal, Role,
    Roles, Signatory, SignatureCard, TreasuryAccountPlan, UserChange,
};
use protocol::applications::{
    AccountForm, ApplicationContent, ContactForm, PersonForm, RegistrationForm, SignatoryForm, SignatureCardForm,
    UserChangeForm,
};
use rulebook::Iban;
use rulebook::catalogue::Fault;

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
            acceptance: word(Field::AcceptancePolicy, &form.acceptance, AcceptancePolicy::of_word, || {
                words(AcceptancePolicy::ALL, |policy| policy.word())
            })?,
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
            enrolment: word(Field::Enrolment, &form.enrolment, Enrolment::of_text, || {
                "request, key-store, outside:FINGERPRINT".to_owned()
            })?,
        }),
        ApplicationContent::OneDayLimits(form) => {
            let ledger = account_named(exchange, staff, form.iban).await?.ledger;
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
            Content::LiftBlock(LiftBlock { account: account_named(exchange, staff, form.iban).await?.ledger.id })
        }
    })
}

async fn account_named(exchange: &Exchange, staff: &Staff, iban: String) -> Result<TreasuryAccount, Failure> {
    let account = exchange.accounts_named(staff, vec![iban], Field::Iban).await?.pop();
    account.ok_or_else(|| missing(Field::Iban))
}

fn missing(field: Field) -> Failure {
    content_fault(Fault::FieldMissing, field, "")
}

/// A value of another form; the failure shows an example of a right one.
fn form_wrong(field: Field, text: &str, example: &str) -> Failure {
    // Nothing stands there, so there is nothing to quote.
    let fault = if text.is_empty() { Fault::FieldMissing } else { Fault::FormWrong };
    content_fault(fault, field, text).with_expected(example)
}

/// One of the words of a field; `all` lists them for the failure.
fn word<T>(
    field: Field,
    text: &str,
    of_word: impl Fn(&str) -> Option<T>,
    all: impl Fn() -> String,
) -> Result<T, Failure> {
    let fault = if text.is_empty() { Fault::FieldMissing } else { Fault::WordUnknown };
    of_word(text).ok_or_else(|| content_fault(fault, field, text).with_expected(all()))
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|value| word(*value)).collect::<Vec<_>>().join(", ")
}

/// A day in the one form that there is: `YYYY-MM-DD`.
fn day(field: Field, text: &str) -> Result<Date, Failure> {
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| form_wrong(field, text, "2026-11-30"))
}

fn currency(text: &str) -> Result<Currency, Failure> {
    Currency::new(text).map_err(|_| form_wrong(Field::Currency, text, "EUR"))
}

/// An amount in minor units.
fn amount(field: Field, text: &str, currency: Currency) -> Result<i64, Failure> {
    let money = Decimal::parse(text).ok().and_then(|amount| Money::from_decimal(amount, currency).ok());
    let fault = if text.is_empty() { Fault::FieldMissing } else { Fault::AmountWrong };
    money.map(Money::minor).ok_or_else(|| content_fault(fault, field, text))
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
    let network = network.ok_or_else(|| form_wrong(Field::Networks, text, "192.0.2.0/24, 2001:db8::/32"))?;
    if network == network.trunc() {
        return Ok(network);
    }
    Err(content_fault(Fault::NetworkBits, Field::Networks, text).with_expected(network.trunc().to_string()))
}

fn mode(text: &str) -> Result<AccessMode, Failure> {
    word(Field::Mode, text, AccessMode::of_word, || words(AccessMode::ALL, |mode| mode.word()))
}

fn contact(form: ContactForm) -> Contact {
    Contact { name: form.name, email: form.email, telephone: form.telephone }
}

fn account(form: AccountForm) -> Result<TreasuryAccountPlan, Failure> {
    let currency = currency(&form.currency)?;
    // As people write it, in groups of four, too: the account of another application is found so.
    let iban: String = form.iban.split_whitespace().collect();
    if Iban::parse(&iban).is_err() {
        let fault = if iban.is_empty() { Fault::FieldMissing } else { Fault::IbanWrong };
        return Err(content_fault(fault, Field::Iban, iban));
    }
    Ok(TreasuryAccountPlan {
        client: ClientId(form.client),
        iban,
        owner_name: form.owner_name,
        kind: word(Field::AccountKind, &form.account_kind, AccountKind::of_word, || {
            words(AccountKind::ALL, |kind| kind.word())
        })?,
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
        mode: mode(&form.mode)?,
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
    if let Some(text) = form.mode {
        to.mode = mode(&text)?;
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
    let known = match form.person {
        Some(id) => Some(exchange.person(staff, PersonId(id)).await?),
        None => None,
    };
    let role = |text: &String| word(Field::Roles, text, Role::of_word, || words(Role::ALL, |role| role.word()));
    let roles = |texts: Vec<String>| {
        let roles = texts.iter().map(role).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Failure>(Roles::of(&roles))
    };
    let days = |field, text: Option<String>| text.map(|text| day(field, &text)).transpose();
    let PersonForm { ends, client, name, email, roles: named, valid_from, valid_until, .. } = form;
    let roles = named.map(roles).transpose()?;
    let (from, until) = (days(Field::ValidFrom, valid_from)?, days(Field::ValidUntil, valid_until)?);
    if ends {
        let known = known.ok_or_else(|| missing(Field::Person))?;
        let says_more = client.is_some() || name.is_some() || email.is_some() || roles.is_some();
        if says_more || from.is_some() || until.is_some() {
            return Err(content_fault(Fault::EndWithValues, Field::Person, ""));
        }
        return Ok(PersonChange { person: Some(known.id), of: known.record.client, record: None });
    }
    let Some(known) = known else {
        let record = PersonRecord {
            client: client.map(ClientId),
            name: name.ok_or_else(|| missing(Field::Name))?,
            email: email.ok_or_else(|| missing(Field::Email))?,
            roles: roles.ok_or_else(|| missing(Field::Roles))?,
            valid_from: from.ok_or_else(|| missing(Field::ValidFrom))?,
            valid_until: until.ok_or_else(|| missing(Field::ValidUntil))?,
        };
        return Ok(PersonChange { person: None, of: record.client, record: Some(record) });
    };
    if client.is_some_and(|client| Some(ClientId(client)) != known.record.client) {
        return Err(content_fault(Fault::ClientStays, Field::Client, ""));
    }
    let was = known.record;
    let record = PersonRecord {
        client: was.client,
        name: name.unwrap_or(was.name),
        email: email.unwrap_or(was.email),
        roles: roles.unwrap_or(was.roles),
        valid_from: from.unwrap_or(was.valid_from),
        valid_until: until.unwrap_or(was.valid_until),
    };
    Ok(PersonChange { person: Some(known.id), of: record.client, record: Some(record) })
}
