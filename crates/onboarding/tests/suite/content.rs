//! Rules of contents.

use jiff::civil::date;
use onboarding::{
    AcceptancePolicy, AccountKind, ClientId, Contact, Content, ContentError, Field, Institution, PersonChange,
    PersonId, PersonRecord, Registration, Role, Roles, Signatory, SignatureCard, TreasuryAccountPlan,
};

use crate::common::*;

fn broken(change: impl FnOnce(&mut Registration)) -> Option<ContentError> {
    let mut registration = registration();
    change(&mut registration);
    Content::NewOnlineUser(registration).check(TODAY).err()
}

#[test]
fn an_online_user_needs_a_contact_an_email_and_a_network() {
    assert_eq!(broken(|_| {}), None);
    assert_eq!(broken(|user| user.networks.clear()), Some(ContentError::Missing(Field::Networks)));
    assert_eq!(broken(|user| user.contact = Contact::default()), Some(ContentError::Missing(Field::ContactName)));
    assert_eq!(broken(|user| user.name = " ".to_owned()), Some(ContentError::Missing(Field::Name)));
    for email in
        ["", "anna", "anna@", "@example.lv", "anna@example", "an na@example.lv", "anna@exa\u{7}mple.lv", "a@b..lv"]
    {
        assert!(broken(|user| user.contact.email = email.to_owned()).is_some(), "{email}");
    }
    for (network, least) in [("0.0.0.0/0", 8), ("10.0.0.0/7", 8), ("::/0", 16), ("2000::/3", 16), ("::ffff:0:0/96", 8)]
    {
        let network: ipnet::IpNet = network.parse().unwrap();
        assert_eq!(broken(|user| user.networks.push(network)), Some(ContentError::TooWide(network, least)));
    }
    for network in ["10.0.0.0/8", "2001::/16", "::ffff:10.0.0.0/104"] {
        assert_eq!(broken(|user| user.networks.push(network.parse().unwrap())), None, "{network}");
    }
    let twice = broken(|user| user.accounts = vec![ledger::AccountId(1); 2]);
    assert_eq!(twice, Some(ContentError::Repeated(Field::Accounts)));
}

/// A name that somebody reads as another one, or that ends a line: in a letter, a table, a certificate.
#[test]
fn what_nobody_sees_is_in_no_name() {
    let unseen = [
        "\u{0}",
        "\r\nBcc: x@example.lv",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\u{a0}",
    ];
    for mark in unseen {
        let name = format!("Daugava{mark}lietvedība");
        let email = format!("liga{mark}@example.lv");
        let refused = |field| Some(ContentError::Malformed(field));
        assert_eq!(broken(|user| user.name.clone_from(&name)), refused(Field::Name), "{mark:?}");
        assert_eq!(broken(|user| user.contact.name.clone_from(&name)), refused(Field::ContactName), "{mark:?}");
        assert_eq!(broken(|user| user.contact.email.clone_from(&email)), refused(Field::Email), "{mark:?}");
        let telephone = Some(format!("+371{mark}6"));
        assert_eq!(broken(|user| user.contact.telephone = telephone), refused(Field::Telephone), "{mark:?}");
        let record = PersonRecord {
            client: None,
            name: name.clone(),
            email: "janis@example.lv".to_owned(),
            roles: Roles::of(&[Role::Clerk]),
            valid_from: TODAY,
            valid_until: TODAY,
        };
        let person = Content::Person(PersonChange { person: None, of: None, record: Some(record) });
        assert_eq!(person.check(TODAY), Err(ContentError::Malformed(Field::Name)), "{mark:?}");
        let client = |name: &str, registration_number: &str| {
            let (name, registration_number) = (name.to_owned(), registration_number.to_owned());
            Content::NewClient(Institution { name, registration_number, acceptance: AcceptancePolicy::Partial })
                .check(TODAY)
        };
        assert_eq!(client(&name, "1"), Err(ContentError::Malformed(Field::Name)), "{mark:?}");
        assert_eq!(client("Ogre", &format!("1{mark}2")), Err(ContentError::Malformed(Field::RegistrationNumber)));
    }
    // Letters of other languages are seen.
    assert_eq!(broken(|user| user.name = "Ķekavas \u{201e}Dārziņš\u{201d} – Łódź, Õ, Ё".to_owned()), None);
}

#[test]
fn a_registration_holds_for_three_years_at_most() {
    assert_eq!(broken(|user| user.valid_until = date(2029, 11, 30)), None);
    let late = Some(ContentError::TooFarAhead(Field::ValidUntil, date(2029, 11, 30)));
    assert_eq!(broken(|user| user.valid_until = date(2029, 12, 1)), late);
    assert_eq!(broken(|user| user.valid_until = date(2026, 11, 29)), Some(ContentError::Over(Field::ValidUntil)));
}

#[test]
fn an_account_needs_an_iban_that_checks() {
    let plan = |iban: &str, per_day| {
        Content::NewAccount(TreasuryAccountPlan {
            client: ClientId(1),
            iban: iban.to_owned(),
            owner_name: "Daugavas novads".to_owned(),
            kind: AccountKind::Donation,
            currency: money::Currency::EUR,
            limits: ledger::Limits { per_payment: None, per_day },
        })
    };
    assert_eq!(plan("LV07TREL5180453053000", None).check(TODAY), Ok(()));
    let malformed = Err(ContentError::Malformed(Field::Iban));
    assert_eq!(plan("LV91TREL1060000100000", None).check(TODAY), malformed);
    assert_eq!(plan("LV07 TREL 5180 4530 5300 0", None).check(TODAY), malformed);
    let negative = plan("LV07TREL5180453053000", Some(-1)).check(TODAY);
    assert_eq!(negative, Err(ContentError::Amount(Field::LimitPerDay)));
}

#[test]
fn nobody_is_of_a_client_and_an_operator() {
    let person = |client, roles: &[Role]| {
        let record = PersonRecord {
            client,
            name: "Jānis".to_owned(),
            email: "janis@example.lv".to_owned(),
            roles: Roles::of(roles),
            valid_from: TODAY,
            valid_until: TODAY,
        };
        Content::Person(PersonChange { person: None, of: client, record: Some(record) }).check(TODAY)
    };
    assert_eq!(person(None, &[Role::Clerk]), Ok(()));
    assert_eq!(person(Some(ClientId(1)), &[Role::Signatory]), Ok(()));
    assert_eq!(person(Some(ClientId(1)), &[Role::Signatory, Role::Approver]), Err(ContentError::RolesMixed));
    assert_eq!(person(None, &[Role::Viewer]), Err(ContentError::RolesMixed));
    assert_eq!(person(None, &[]), Err(ContentError::Missing(Field::Roles)));
}

#[test]
fn a_card_has_levels_one_to_three_and_bands_that_begin_before_they_end() {
    let card = |level, from_minor, to_minor| {
        let signatories = vec![Signatory { person: PersonId(1), level, from_minor, to_minor }];
        let (client, currency) = (ClientId(1), money::Currency::EUR);
        Content::SignatureCard(SignatureCard { client, currency, signatories, valid_from: TODAY, valid_until: TODAY })
            .check(TODAY)
    };
    assert_eq!(card(3, 0, None), Ok(()));
    assert_eq!(card(4, 0, None), Err(ContentError::Malformed(Field::Signatories)));
    assert_eq!(card(0, 0, None), Err(ContentError::Malformed(Field::Signatories)));
    assert_eq!(card(1, 10, Some(9)), Err(ContentError::Amount(Field::Signatories)));
}
