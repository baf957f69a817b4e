//! Forms to fill in, one a kind. Most fit a sandbox, so that a newcomer can send one as it is. A renewal waits for its time, a card for
//! persons of the client, and what two operators lift must have been laid on.

use clap::ValueEnum;
use exchange::{Clock as _, SystemClock, local_time};
use jiff::Span;

/// What is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    NewClient,
    NewAccount,
    NewOnlineUser,
    ChangeOfOnlineUser,
    Renewal,
    NewCertificate,
    OneDayLimits,
    SignatureCard,
    Person,
    LiftSuspension,
    LiftBlock,
}

/// How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum State {
    Draft,
    Submitted,
    Checked,
    Approved,
    InForce,
    Replaced,
    Expired,
    Rejected,
    Withdrawn,
    Overtaken,
}

impl Kind {
    /// As the exchange calls it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Kind::NewClient => "new-client",
            Kind::NewAccount => "new-account",
            Kind::NewOnlineUser => "new-online-user",
            Kind::ChangeOfOnlineUser => "change-of-online-user",
            Kind::Renewal => "renewal",
            Kind::NewCertificate => "new-certificate",
            Kind::OneDayLimits => "one-day-limits",
            Kind::SignatureCard => "signature-card",
            Kind::Person => "person",
            Kind::LiftSuspension => "lift-suspension",
            Kind::LiftBlock => "lift-block",
        }
    }
}

impl State {
    /// As the exchange calls it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::Checked => "checked",
            State::Approved => "approved",
            State::InForce => "in-force",
            State::Replaced => "replaced",
            State::Expired => "expired",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
            State::Overtaken => "overtaken",
        }
    }
}

/// Stand for days in the forms.
const TODAY: &str = "TODAY";
const IN_THREE_YEARS: &str = "IN-THREE-YEARS";

/// The form of a kind, with days that are possible today.
pub(super) fn form(kind: Kind) -> String {
    let today = local_time(SystemClock.now()).date();
    let last = today.saturating_add(Span::new().years(i32::from(onboarding::bounds::REGISTRATION_YEARS_MAX)));
    text(kind).replace(TODAY, &today.to_string()).replace(IN_THREE_YEARS, &last.to_string())
}

const fn text(kind: Kind) -> &'static str {
    match kind {
        Kind::NewClient => {
            r#"{
  "kind": "new-client",
  "name": "Ogres novads",
  "registration_number": "90000024455",
  "acceptance": "partial"
}"#
        }
        Kind::NewAccount => {
            r#"{
  "kind": "new-account",
  "client": 1,
  "iban": "LV07TREL5180453053000",
  "owner_name": "Daugavas novada pašvaldība",
  "account_kind": "donation",
  "currency": "EUR",
  "limit_per_payment": "1000.00",
  "limit_per_day": "5000.00"
}"#
        }
        Kind::NewOnlineUser => {
            r#"{
  "kind": "new-online-user",
  "client": 1,
  "name": "Daugava lietvedība",
  "mode": "manage",
  "contact": {
    "name": "Līga Ozola",
    "email": "liga.ozola@daugava.example.lv",
    "telephone": "+371 60000001"
  },
  "networks": ["127.0.0.0/8", "::1/128"],
  "accounts": ["LV68TREL1000000001001"],
  "valid_until": "IN-THREE-YEARS"
}"#
        }
        Kind::ChangeOfOnlineUser => {
            r#"{
  "kind": "change-of-online-user",
  "online_user": 2,
  "mode": "manage",
  "contact": {
    "name": "Līga Ozola",
    "email": "liga.ozola@daugava.example.lv"
  },
  "accounts": ["LV68TREL1000000001001", "LV41TREL1000000001002"]
}"#
        }
        Kind::Renewal => {
            r#"{
  "kind": "renewal",
  "online_user": 1,
  "valid_until": "IN-THREE-YEARS"
}"#
        }
        Kind::NewCertificate => {
            r#"{
  "kind": "new-certificate",
  "online_user": 1,
  "enrolment": "request"
}"#
        }
        Kind::OneDayLimits => {
            r#"{
  "kind": "one-day-limits",
  "iban": "LV68TREL1000000001001",
  "day": "TODAY",
  "limit_per_payment": "250000.00",
  "limit_per_day": "1000000.00"
}"#
        }
        Kind::LiftSuspension => {
            r#"{
  "kind": "lift-suspension",
  "online_user": 1
}"#
        }
        Kind::LiftBlock => {
            r#"{
  "kind": "lift-block",
  "iban": "LV68TREL1000000001001"
}"#
        }
        Kind::SignatureCard => {
            r#"{
  "kind": "signature-card",
  "client": 1,
  "currency": "EUR",
  "signatories": [
    { "person": 3, "level": 1, "from": "0.00", "to": "10000.00" },
    { "person": 4, "level": 2, "from": "0.00" }
  ],
  "valid_from": "TODAY",
  "valid_until": "IN-THREE-YEARS"
}"#
        }
        Kind::Person => {
            r#"{
  "kind": "person",
  "name": "Maija Liepa",
  "email": "maija.liepa@kase.example.lv",
  "roles": ["clerk"],
  "valid_from": "TODAY",
  "valid_until": "IN-THREE-YEARS"
}"#
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::applications::ApplicationContent;

    use super::*;

    #[test]
    fn each_form_is_read_as_it_is_printed_and_every_kind_and_state_has_its_word() {
        for kind in Kind::value_variants() {
            let read: ApplicationContent = serde_json::from_str(&form(*kind)).expect("a form that is read");
            let again = serde_json::json!(read);
            assert_eq!(again["kind"], kind.word());
        }
        let kinds: Vec<&str> = onboarding::Kind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(Kind::value_variants().iter().map(|kind| kind.word()).collect::<Vec<_>>(), kinds);
        let states: Vec<&str> = onboarding::State::ALL.iter().map(|state| state.word()).collect();
        assert_eq!(State::value_variants().iter().map(|state| state.word()).collect::<Vec<_>>(), states);
    }
}
