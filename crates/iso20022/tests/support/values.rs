//! Strategies for the values of messages. Texts are leaked: they live as long as the test.

use iso20022::DateTime;
use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, PaymentType, PostalAddress, Remittance,
};
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
    vec(character, 1..=chars_max).prop_map(|characters| leak(characters.into_iter().collect()))
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

pub fn agent() -> BoxedStrategy<Agent<'static>> {
    (of(bic()), of(id()), of(text(140)))
        .prop_map(|(bic, clearing_member, name)| Agent { bic, clearing_member, name })
        .boxed()
}

fn address() -> impl Strategy<Value = PostalAddress<'static>> {
    let parts = (of(text(70)), of(text(16)), of(text(16)), of(text(35)), of(country()), list(text(70), 7));
    parts.prop_map(|(street_name, building_number, post_code, town_name, country, address_lines)| PostalAddress {
        present: true,
        street_name,
        building_number,
        post_code,
        town_name,
        country,
        address_lines,
    })
}

pub fn party() -> BoxedStrategy<Party<'static>> {
    let address = prop_oneof![Just(PostalAddress::default()), address()];
    let identification = prop_oneof![
        (of(bic()), of(id())).prop_map(|(bic, id)| (bic, id, false)),
        id().prop_map(|id| (None, Some(id), true)),
    ];
    (of(text(140)), address, identification)
        .prop_map(|(name, postal_address, (organisation_bic, identification, is_private))| Party {
            name,
            postal_address,
            organisation_bic,
            identification,
            is_private,
        })
        .boxed()
}

pub fn remittance() -> BoxedStrategy<Remittance<'static>> {
    (list(text(140), 3), of(id()))
        .prop_map(|(unstructured, creditor_reference)| Remittance { unstructured, creditor_reference })
        .boxed()
}

pub fn payment_type() -> BoxedStrategy<PaymentType<'static>> {
    (of(one_of(&["NORM", "HIGH"])), of(one_of(&["SEPA", "URGP"])), of(id()), of(one_of(&["SALA", "TAXS"])))
        .prop_map(|(instruction_priority, service_level, local_instrument, category_purpose)| PaymentType {
            instruction_priority,
            service_level,
            local_instrument,
            category_purpose,
        })
        .boxed()
}
