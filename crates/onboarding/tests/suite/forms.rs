//! Contents and bases as bytes: read back as they were, and nothing else is read.

use ledger::{AccountId, Limits};
use money::Currency;
use onboarding::{
    AcceptancePolicy, AccountBase, AccountKind, ApplicationDigest, ApplicationId, Attachment, Base, BlockedAccount,
    CardInForce, ClientId, Content, Enrolment, Institution, LiftBlock, LiftSuspension, NewCertificate, OneDayLimits,
    OnlineUserId, PersonChange, PersonId, PersonRecord, Registration, RegistrationInForce, Renewal, Role, Roles,
    Signatory, SignatureCard, SuspendedUser, TreasuryAccountPlan, UserChange,
};
use proptest::prelude::*;

use crate::common::*;

fn texts() -> impl Strategy<Value = String> {
    "[a-zāčģž @.]{0,12}"
}

fn limits() -> impl Strategy<Value = Limits> {
    (any::<Option<i64>>(), any::<Option<i64>>()).prop_map(|(per_payment, per_day)| Limits { per_payment, per_day })
}

fn registrations() -> impl Strategy<Value = Registration> {
    (texts(), texts(), any::<u8>(), proptest::collection::vec(any::<i64>(), 0..4), 0..2_000_i64).prop_map(
        |(name, email, host, accounts, days)| {
            let mut of = registration();
            of.name = name;
            of.contact.email = email;
            of.contact.telephone = (host % 2 == 0).then(|| "1".to_owned());
            of.networks.truncate(usize::from(host % 3));
            of.accounts = accounts.into_iter().map(AccountId).collect();
            of.valid_until = day(days).today;
            of
        },
    )
}

fn cards() -> impl Strategy<Value = SignatureCard> {
    let signatory = (any::<i64>(), 1..=3_i64, any::<i64>(), any::<Option<i64>>());
    proptest::collection::vec(signatory, 0..4).prop_map(|list| SignatureCard {
        client: ClientId(4),
        currency: Currency::EUR,
        signatories: list
            .into_iter()
            .map(|(person, level, from_minor, to_minor)| Signatory {
                person: PersonId(person),
                level,
                from_minor,
                to_minor,
            })
            .collect(),
        valid_from: TODAY,
        valid_until: TODAY,
    })
}

fn persons() -> impl Strategy<Value = PersonRecord> {
    (any::<Option<i64>>(), texts(), 0..128_i64).prop_map(|(client, name, roles)| PersonRecord {
        client: client.map(ClientId),
        name,
        email: "a@b.lv".to_owned(),
        roles: Roles::of_bits(roles).unwrap(),
        valid_from: TODAY,
        valid_until: TODAY,
    })
}

fn contents() -> impl Strategy<Value = Content> {
    let user = any::<i64>().prop_map(OnlineUserId);
    prop_oneof![
        (texts(), texts()).prop_map(|(name, registration_number)| Content::NewClient(Institution {
            name,
            registration_number,
            acceptance: AcceptancePolicy::AllOrNothing
        })),
        (texts(), texts(), limits()).prop_map(|(iban, owner_name, limits)| Content::NewAccount(TreasuryAccountPlan {
            client: ClientId(1),
            iban,
            owner_name,
            kind: AccountKind::Bailiff,
            currency: Currency::EUR,
            limits
        })),
        registrations().prop_map(Content::NewOnlineUser),
        (user.clone(), registrations()).prop_map(|(user, to)| Content::ChangeOnlineUser(UserChange { user, to })),
        user.clone().prop_map(|user| Content::Renewal(Renewal { user, valid_until: TODAY })),
        user.prop_map(|user| Content::NewCertificate(NewCertificate { user, enrolment: Enrolment::KeyStore })),
        limits().prop_map(|limits| Content::OneDayLimits(OneDayLimits { account: AccountId(3), day: TODAY, limits })),
        cards().prop_map(Content::SignatureCard),
        any::<i64>().prop_map(|user| Content::LiftSuspension(LiftSuspension { user: OnlineUserId(user) })),
        any::<i64>().prop_map(|id| Content::LiftBlock(LiftBlock { account: AccountId(id) })),
        (any::<Option<i64>>(), proptest::option::of(persons())).prop_map(|(person, record)| Content::Person(
            PersonChange { person: person.map(PersonId), of: None, record }
        )),
    ]
}

fn bases() -> impl Strategy<Value = Base> {
    let by = any::<Option<i64>>().prop_map(|by| by.map(ApplicationId));
    prop_oneof![
        Just(Base::Nothing),
        (by.clone(), registrations())
            .prop_map(|(by, registration)| Base::OnlineUser(RegistrationInForce { by, registration })),
        (by, limits()).prop_map(|(by, limits)| Base::Account(AccountBase {
            client: ClientId(1),
            iban: "LV".to_owned(),
            currency: Currency::EUR,
            limits,
            by
        })),
        cards().prop_map(|card| Base::Card(CardInForce { by: ApplicationId(1), card })),
        persons().prop_map(Base::Person),
        (texts(), any::<i32>()).prop_map(|(name, second)| Base::SuspendedUser(SuspendedUser {
            client: ClientId(1),
            name,
            since: jiff::Timestamp::from_second(second.into()).unwrap(),
        })),
        (texts(), any::<Option<i64>>()).prop_map(|(iban, by)| Base::BlockedAccount(BlockedAccount {
            client: ClientId(1),
            iban,
            lifted_by: by.map(ApplicationId),
        })),
    ]
}

fn files() -> impl Strategy<Value = Vec<Attachment>> {
    proptest::collection::vec((any::<u8>(), any::<u32>()), 0..3).prop_map(|files| {
        let file = |(byte, size): (u8, u32)| Attachment {
            sha256: [byte; 32],
            size: size.into(),
            name: format!("{byte}"),
            ..signed_file()
        };
        files.into_iter().map(file).collect()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(content in contents(), base in bases()) {
        prop_assert_eq!(Content::decode(&content.encode()), Ok(content));
        prop_assert_eq!(Base::decode(&base.encode()), Ok(base));
    }

    /// A reader that took more than one form of a value would let two applications have one meaning and two digests.
    #[test]
    fn nothing_else_is_read(content in contents(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = content.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Content::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
        let mut longer = content.encode();
        longer.push(byte);
        prop_assert!(Content::decode(&longer).is_err());
        prop_assert!(Content::decode(&content.encode()[..at]).is_err());
    }

    /// Equal digests mean equal content, files and base.
    #[test]
    fn a_digest_covers_all_of_it(
        one in (contents(), files(), bases()),
        other in (contents(), files(), bases()),
        mixed in 0..8_u8,
    ) {
        let pick = |bit: u8| mixed & bit != 0;
        let content = if pick(1) { &one.0 } else { &other.0 };
        let files = if pick(2) { &one.1 } else { &other.1 };
        let base = if pick(4) { &one.2 } else { &other.2 };
        let same = (content, files, base) == (&one.0, &one.1, &one.2);
        let digest = ApplicationDigest::of(content, files, base);
        prop_assert_eq!(digest == ApplicationDigest::of(&one.0, &one.1, &one.2), same);
        prop_assert_eq!(ApplicationDigest::parse(&digest.to_string()), Some(digest));
    }
}

#[test]
fn sets_of_roles_are_numbers_of_known_bits() {
    assert_eq!(
        Roles::of_bits(Roles::of(&[Role::Clerk, Role::Auditor]).bits()),
        Some(Roles::of(&[Role::Auditor, Role::Clerk]))
    );
    assert_eq!(Roles::of_bits(128), None);
    assert_eq!(Roles::of_bits(-1), None);
}
