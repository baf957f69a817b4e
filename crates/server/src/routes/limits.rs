//! `/v1/operator/limits`: limits of a client's accounts, and those of single days.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use exchange::{ClientId, Limits, ShownLimits};
use money::{Currency, Money};
use protocol::limits::{AccountLimits, DayLimitsOverview, LimitList};
use protocol::routes;

use super::query::{invalid, parameters};
use crate::answer::{self, Answer};
use crate::identity::{Context, IdentifiedPerson};
use crate::outgoing::deliver;
use crate::service::Service;
use crate::shares::TREASURY;

/// `GET`: all accounts of a client, or one account.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    IdentifiedPerson(staff): IdentifiedPerson,
    Context(context): Context,
    uri: Uri,
) -> Answer {
    let exchange = service.exchange();
    let shown = match parameters(&uri, [routes::CLIENT, routes::ACCOUNT])? {
        [Some(client), None] => {
            let client = client.parse().map_err(|_| invalid(routes::CLIENT))?;
            exchange.limits_of_client(&staff, ClientId(client)).await?
        }
        [None, Some(iban)] => exchange.limits_of_account(&staff, iban).await?,
        [_, _] => return Err(invalid(routes::CLIENT).into()),
    };
    let list = LimitList { accounts: shown.iter().map(limits_of).collect() };
    deliver(&service, &context, TREASURY, answer::json(&list)?).await
}

fn limits_of(shown: &ShownLimits) -> AccountLimits {
    let ledger = &shown.account.ledger;
    let (limit_per_payment, limit_per_day) = texts(ledger.limits, ledger.currency);
    let days = shown.days.iter().map(|(day, limits)| {
        let (limit_per_payment, limit_per_day) = texts(limits.limits, ledger.currency);
        DayLimitsOverview { day: day.to_string(), limit_per_payment, limit_per_day, application: limits.by.0 }
    });
    AccountLimits {
        iban: shown.account.iban.clone(),
        currency: ledger.currency.code().to_owned(),
        limit_per_payment,
        limit_per_day,
        days: days.collect(),
    }
}

fn texts(limits: Limits, currency: Currency) -> (Option<String>, Option<String>) {
    let text = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency).to_decimal().to_string());
    (text(limits.per_payment), text(limits.per_day))
}
