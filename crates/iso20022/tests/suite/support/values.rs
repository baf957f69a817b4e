//! Strategies for the values of messages. Texts are leaked: they live as long as the test.

use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditDebit, CreditorReference, Party, PaymentType, PostalAddress,
    Remittance,
};
use iso20022::{DateTime, MessageType};
use jiff::civil;
use money::{Currency, Decimal};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

pub type Text = &'static str;

pub fn leak(text: String) -> Text {
    Box::leak(text.into_boxed_str())
}

pub fn list<T: Clone + std::fmt::Debug + 'static>(
    item: impl Strategy<Value = T>,
    max: usize,
) -> impl Strategy<Value = &'static [T]> {
    vec(item, 0..=max).prop_map(|items| -> &'static [T] { Box::leak(items.into_boxed_slice()) })
}

/// Text with markup, Latvian letters, blanks at the ends, line ends and characters beyond the basic plane.
pub fn text(chars_max: usize) -> impl Strategy<Value = Text> {
    let character = prop_oneof![
        8 => prop::char::range('a', 'z'),
        4 => prop::char::range('A', 'Z'),
        4 => prop::char::range('0', '9'),
        4 => prop::sample::select("  /-?:().,'+<>&\"]]\t\n\r€āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ\u{fffd}😀".chars().collect::<Vec<_>>()),
    ];
    // What is blank says nothing, and readers of parties leave it out.
    let seen = |text: String| if text.trim().is_empty() { "x".to_owned() } else { text };
    vec(character, 1..=chars_max).prop_map(move |characters| leak(seen(characters.into_iter().collect())))
}

pub fn id() -> impl Strategy<Value = Text> {
    text(35)
}

pub fn one_of(codes: &'static [Text]) -> impl Strategy<Value = Text> {
    prop::sample::select(codes)
}

pub fn country() -> impl Strategy<Value = Text> {
    one_of(&["LV", "EE", "LT", "DE"])
}

pub fn iban() -> impl Strategy<Value = Text> {
    one_of(&["LV07TREL5180453053000", "LV33TREL1060000300000", "EE382200221020145685"])
}

pub fn bic() -> impl Strategy<Value = Text> {
    one_of(&["TRELLV22", "HABALV22", "UNLALV2XXXX"])
}

pub fn uetr() -> impl Strategy<Value = Text> {
    one_of(&["8a562c67-ca16-48ba-b074-65581be6f001", "00000000-0000-4000-8000-000000000000"])
}

pub fn currency() -> impl Strategy<Value = Currency> {
    one_of(&["EUR", "USD", "JPY", "KWD"]).prop_map(|code| Currency::new(code).unwrap())
}

pub fn amount() -> impl Strategy<Value = Amount> {
    ((0_i64..1_000_000_000_000_000_000), 0_u32..=5, currency())
        .prop_map(|(units, scale, currency)| Amount { value: Decimal::new(i128::from(units), scale), currency })
}

pub fn sum() -> impl Strategy<Value = Decimal> {
    ((-999_999_999_999_999_999_i64..1_000_000_000_000_000_000), 0_u32..=17)
        .prop_map(|(units, scale)| Decimal::new(i128::from(units), scale))
}

pub fn unsigned_sum() -> impl Strategy<Value = Decimal> {
    sum().prop_map(|sum| if sum.is_negative() { Decimal::ZERO } else { sum })
}

pub fn count() -> impl Strategy<Value = u64> {
    0..1_000_000_000_000_000_u64
}

pub fn date() -> impl Strategy<Value = civil::Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| civil::date(year, month, day))
}

pub fn time() -> impl Strategy<Value = civil::Time> {
    (0_i8..24, 0_i8..60, 0_i8..60, prop_oneof![Just(0_i32), 0..1_000_000_000])
        .prop_map(|(hour, minute, second, nanosecond)| civil::time(hour, minute, second, nanosecond))
}

pub fn date_time() -> impl Strategy<Value = DateTime> {
    (date(), time(), of(-840_i16..=840))
        .prop_map(|(date, time, offset_minutes)| DateTime { local: date.to_datetime(time), offset_minutes })
}

pub fn direction() -> impl Strategy<Value = CreditDebit> {
    prop_oneof![Just(CreditDebit::Credit), Just(CreditDebit::Debit)]
}

/// A code of a published list, or a house's own.
pub fn reason() -> impl Strategy<Value = CodeOrProprietary<'static>> {
    prop_oneof![
        one_of(&["AC03", "AM04", "NARR"]).prop_map(CodeOrProprietary::Code),
        id().prop_map(CodeOrProprietary::Proprietary)
    ]
}

pub fn account() -> BoxedStrategy<Account<'static>> {
    let currency = || of(one_of(&["EUR", "USD"]));
    prop_oneof![
        (iban(), currency()).prop_map(|(iban, currency)| Account { iban: Some(iban), other: None, currency }),
        (text(34), currency()).prop_map(|(other, currency)| Account { iban: None, other: Some(other), currency }),
    ]
    .boxed()
}

pub fn lei() -> impl Strategy<Value = Text> {
    one_of(&["529900T8BM49AURSDO55", "00000000000000000000"])
}

pub fn agent() -> BoxedStrategy<Agent<'static>> {
    (of(bic()), of(id()), of(lei()), of(text(140)), of(id()))
        .prop_map(|(bic, clearing_member, lei, name, other)| Agent { bic, clearing_member, lei, name, other })
        .boxed()
}

fn address() -> impl Strategy<Value = PostalAddress<'static>> {
    let departments = (of(text(70)), of(text(70)));
    let building = (of(text(70)), of(text(16)), of(text(35)), of(text(70)), of(text(16)), of(text(70)));
    let town = (of(text(16)), of(text(35)), of(text(35)), of(text(35)), of(text(35)), of(country()));
    (departments, building, town, list(text(70), 7)).prop_map(|(departments, building, town, address_lines)| {
        PostalAddress {
            department: departments.0,
            sub_department: departments.1,
            street_name: building.0,
            building_number: building.1,
            building_name: building.2,
            floor: building.3,
            post_box: building.4,
            room: building.5,
            post_code: town.0,
            town_name: town.1,
            town_location_name: town.2,
            district_name: town.3,
            country_sub_division: town.4,
            country: town.5,
            address_lines,
        }
    })
}

/// An identification with its scheme and issuer.
fn identification() -> impl Strategy<Value = Party<'static>> {
    let scheme = of(prop_oneof![
        one_of(&["TXID", "NIDN"]).prop_map(CodeOrProprietary::Code),
        id().prop_map(CodeOrProprietary::Proprietary),
    ]);
    of((id(), scheme, of(id()))).prop_map(|given| {
        let Some((id, identification_scheme, identification_issuer)) = given else { return Party::default() };
        Party { identification: Some(id), identification_scheme, identification_issuer, ..Party::default() }
    })
}

pub fn party() -> BoxedStrategy<Party<'static>> {
    let address = prop_oneof![Just(PostalAddress::default()), address()];
    let kind = prop_oneof![
        (of(bic()), of(lei())).prop_map(|(organisation_bic, lei)| Party { organisation_bic, lei, ..Party::default() }),
        Just(Party { is_private: true, ..Party::default() }),
    ];
    (of(text(140)), address, identification(), kind)
        .prop_map(|(name, postal_address, identified, kind)| Party {
            name,
            postal_address,
            organisation_bic: kind.organisation_bic,
            lei: kind.lei,
            is_private: kind.is_private,
            ..identified
        })
        .boxed()
}

/// What a message of this type can say of a party: the older generation lacks some elements.
pub fn sayable_party(message_type: MessageType, party: Party<'static>) -> Party<'static> {
    if message_type.is_newer_generation() {
        return party;
    }
    let postal_address = PostalAddress {
        building_name: None,
        floor: None,
        post_box: None,
        room: None,
        town_location_name: None,
        district_name: None,
        ..party.postal_address
    };
    // A LEI stands among the other identifications there, when there is none.
    if let (Some(lei), None, false) = (party.lei, party.identification, party.is_private) {
        let scheme = Some(CodeOrProprietary::Code("LEIX"));
        return Party {
            lei: None,
            identification: Some(lei),
            identification_scheme: scheme,
            identification_issuer: None,
            postal_address,
            ..party
        };
    }
    Party { lei: None, postal_address, ..party }
}

/// What a message of this type can say of an agent.
pub fn sayable_agent(message_type: MessageType, agent: Agent<'static>) -> Agent<'static> {
    Agent { lei: agent.lei.filter(|_| message_type.is_newer_generation()), ..agent }
}

pub fn remittance() -> BoxedStrategy<Remittance<'static>> {
    (list(text(140), 3), list(creditor_reference(), 3), list(id(), 3), list(text(140), 7))
        .prop_map(|(unstructured, creditor_references, document_numbers, additional)| Remittance {
            unstructured,
            creditor_references,
            document_numbers,
            additional,
        })
        .boxed()
}

fn creditor_reference() -> impl Strategy<Value = CreditorReference<'static>> {
    let kind = choice(one_of(&["SCOR", "PUOR", "RADM", "RPIN", "FXDR", "DISP"]));
    (id(), of((kind, of(id())))).prop_map(|(reference, typed)| {
        let (kind, issuer) = typed.map_or((None, None), |(kind, issuer)| (Some(kind), issuer));
        CreditorReference { reference, kind, issuer }
    })
}

pub fn payment_type() -> BoxedStrategy<PaymentType<'static>> {
    let level = choice(one_of(&["SEPA", "URGP"]));
    (of(one_of(&["NORM", "HIGH"])), list(level, 3), of(choice(id())), of(one_of(&["SALA", "TAXS"])))
        .prop_map(|(instruction_priority, service_levels, local_instrument, category_purpose)| PaymentType {
            instruction_priority,
            service_levels,
            local_instrument,
            category_purpose,
        })
        .boxed()
}

fn choice(code: impl Strategy<Value = Text>) -> impl Strategy<Value = CodeOrProprietary<'static>> {
    prop_oneof![code.prop_map(CodeOrProprietary::Code), id().prop_map(CodeOrProprietary::Proprietary)]
}

/// What a message of this type can say of how to pay.
pub fn sayable_payment_type(message_type: MessageType, payment_type: PaymentType<'static>) -> PaymentType<'static> {
    let levels = payment_type.service_levels;
    let service_levels = if message_type.is_newer_generation() { levels } else { &levels[..levels.len().min(1)] };
    PaymentType { service_levels, ..payment_type }
}
