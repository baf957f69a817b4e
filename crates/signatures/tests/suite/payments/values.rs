//! Values in which every leaf says something, and every way to change one leaf of them.
//!
//! Structs are taken apart without `..`: a new field does not compile until it is changed here too.

use iso20022::DateTime;
use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditorReference, Party, PaymentType, PostalAddress, RegulatoryDetail,
    Remittance,
};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use money::{Currency, Decimal};

pub(super) type Text = &'static str;

/// Texts live as long as the test.
pub(super) fn leak(text: String) -> Text {
    Box::leak(text.into_boxed_str())
}

fn leak_list<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

/// A value whose leaves can be changed.
pub(super) trait Vary: Sized + Clone + 'static {
    /// A value with every leaf. Texts and numbers count on, so no two of them are the same.
    fn full(next: &mut u32) -> Self;

    /// The value with one leaf changed, in every way that there is, each with the leaf's name.
    fn variants(&self) -> Vec<(String, Self)>;

    /// The value with its texts replaced, in order.
    fn map_texts(&self, _map: &mut dyn FnMut(Text) -> Text) -> Self {
        self.clone()
    }
}

macro_rules! varied {
    ($name:ident { $($field:ident),+ $(,)? $(; $($unsigned:ident),+)? }) => {
        impl Vary for $name<'static> {
            fn full(next: &mut u32) -> Self {
                $name { $($field: Vary::full(next),)+ $($($unsigned: Default::default(),)+)? }
            }

            fn variants(&self) -> Vec<(String, Self)> {
                let $name { $($field,)+ $($($unsigned: _,)+)? } = self;
                let mut found = Vec::new();
                $(for (what, changed) in $field.variants() {
                    let name = format!("{} {what}", stringify!($field));
                    found.push((name, $name { $field: changed, ..*self }));
                })+
                found
            }

            fn map_texts(&self, map: &mut dyn FnMut(Text) -> Text) -> Self {
                let $name { $($field,)+ $($($unsigned,)+)? } = self;
                $name { $($field: $field.map_texts(map),)+ $($($unsigned: *$unsigned,)+)? }
            }
        }
    };
}

varied!(GroupHeader {
    message_id, creation_date_time, number_of_transactions, control_sum, initiating_party;
    position
});
varied!(PaymentInformation {
    payment_information_id, payment_method, batch_booking, number_of_transactions, control_sum, payment_type,
    requested_execution_date, requested_execution_date_time, execution_date_beyond_years, debtor, debtor_account,
    debtor_agent, ultimate_debtor, charge_bearer, charges_account;
    position, block
});
varied!(CreditTransfer {
    instruction_id, end_to_end_id, uetr, payment_type, amount, charge_bearer, ultimate_debtor, creditor_agent, creditor,
    creditor_account, ultimate_creditor, purpose, regulatory_reporting, remittance;
    position, block, ordinal
});
varied!(PaymentType { instruction_priority, service_levels, local_instrument, category_purpose });
varied!(Account { iban, other, currency });
varied!(Agent { bic, clearing_member, lei, name, other });
varied!(Party {
    name,
    postal_address,
    organisation_bic,
    lei,
    identification,
    identification_scheme,
    identification_issuer,
    is_private,
});
varied!(PostalAddress {
    department,
    sub_department,
    street_name,
    building_number,
    building_name,
    floor,
    post_box,
    room,
    post_code,
    town_name,
    town_location_name,
    district_name,
    country_sub_division,
    country,
    address_lines,
});
varied!(RegulatoryDetail { indicator, kind, code, country, amount });
varied!(Remittance { unstructured, creditor_references, document_numbers, additional });
varied!(CreditorReference { reference, kind, issuer });

impl Vary for Text {
    fn full(next: &mut u32) -> Text {
        *next += 1;
        leak(format!("teksts{next}"))
    }

    fn variants(&self) -> Vec<(String, Text)> {
        let mut characters: Vec<char> = self.chars().collect();
        let mut found = vec![("longer".to_owned(), leak(format!("{self}x")))];
        if let Some(last) = characters.pop() {
            let before: String = characters.iter().collect();
            let other = if last == 'Z' { 'A' } else { 'Z' };
            found.push(("shorter".to_owned(), leak(before.clone())));
            found.push(("other".to_owned(), leak(format!("{before}{other}"))));
            found.push(("empty".to_owned(), ""));
        }
        found
    }

    fn map_texts(&self, map: &mut dyn FnMut(Text) -> Text) -> Text {
        map(self)
    }
}

impl<T: Vary> Vary for Option<T> {
    fn full(next: &mut u32) -> Option<T> {
        Some(T::full(next))
    }

    fn variants(&self) -> Vec<(String, Option<T>)> {
        let Some(value) = self else { return vec![("given".to_owned(), Some(T::full(&mut 900)))] };
        let changed = value.variants().into_iter().map(|(what, changed)| (what, Some(changed)));
        changed.chain([("absent".to_owned(), None)]).collect()
    }

    fn map_texts(&self, map: &mut dyn FnMut(Text) -> Text) -> Option<T> {
        self.as_ref().map(|value| value.map_texts(map))
    }
}

impl<T: Vary> Vary for &'static [T] {
    fn full(next: &mut u32) -> &'static [T] {
        leak_list(vec![T::full(next), T::full(next)])
    }

    fn variants(&self) -> Vec<(String, &'static [T])> {
        let mut found = vec![
            ("more".to_owned(), leak_list([*self, leak_list(vec![T::full(&mut 800)])].concat())),
            ("reversed".to_owned(), leak_list(self.iter().rev().cloned().collect())),
        ];
        for (place, value) in self.iter().enumerate() {
            let (before, after) = (&self[..place], &self[place + 1..]);
            let with = |middle: Vec<T>| leak_list([before, &middle, after].concat());
            found.push((format!("{place} removed"), with(Vec::new())));
            found.push((format!("{place} repeated"), with(vec![value.clone(), value.clone()])));
            found.extend(
                value.variants().into_iter().map(|(what, changed)| (format!("{place} {what}"), with(vec![changed]))),
            );
        }
        found
    }

    fn map_texts(&self, map: &mut dyn FnMut(Text) -> Text) -> &'static [T] {
        leak_list(self.iter().map(|value| value.map_texts(map)).collect())
    }
}

/// The same under names.
fn named<T>(variants: impl IntoIterator<Item = (&'static str, T)>) -> Vec<(String, T)> {
    variants.into_iter().map(|(what, value)| (what.to_owned(), value)).collect()
}

impl Vary for bool {
    fn full(_: &mut u32) -> bool {
        true
    }

    fn variants(&self) -> Vec<(String, bool)> {
        named([("other", !self)])
    }
}

impl Vary for u64 {
    fn full(next: &mut u32) -> u64 {
        *next += 1;
        u64::from(*next)
    }

    fn variants(&self) -> Vec<(String, u64)> {
        named([("one more", self + 1), ("a byte to the left", self << 8), ("in the highest byte", self | 1 << 63)])
    }
}

impl Vary for Decimal {
    fn full(next: &mut u32) -> Decimal {
        *next += 1;
        Decimal::new(i128::from(*next) * 100 + 5, 2)
    }

    fn variants(&self) -> Vec<(String, Decimal)> {
        let units = self.units_at_scale(self.scale()).unwrap();
        named([
            ("one more", Decimal::new(units + 1, self.scale())),
            ("a tenth", Decimal::new(units, self.scale() + 1)),
            ("a thousand times", Decimal::new(units * 1000, self.scale())),
            ("with all digits", Decimal::new(units, 18)),
            ("beyond 64 bits", Decimal::new(units + (1 << 70), self.scale())),
            ("negative", Decimal::new(-units, self.scale())),
        ])
    }
}

impl Vary for Currency {
    fn full(_: &mut u32) -> Currency {
        Currency::EUR
    }

    fn variants(&self) -> Vec<(String, Currency)> {
        ["EUS", "USD"].map(|code| (code.to_owned(), Currency::new(code).unwrap())).into()
    }
}

impl Vary for Amount {
    fn full(next: &mut u32) -> Amount {
        Amount { value: Vary::full(next), currency: Vary::full(next) }
    }

    fn variants(&self) -> Vec<(String, Amount)> {
        let Amount { value, currency } = *self;
        let values = value.variants().into_iter().map(|(what, value)| (what, Amount { value, currency }));
        let currencies = currency.variants().into_iter().map(|(what, currency)| (what, Amount { value, currency }));
        values.chain(currencies).collect()
    }
}

impl Vary for RequestedAmount<'static> {
    fn full(next: &mut u32) -> RequestedAmount<'static> {
        RequestedAmount::Instructed(Vary::full(next))
    }

    fn variants(&self) -> Vec<(String, RequestedAmount<'static>)> {
        let equivalent = |amount, text| RequestedAmount::Equivalent { amount, currency_of_transfer: text };
        match *self {
            RequestedAmount::Instructed(amount) => {
                let amounts = amount.variants().into_iter();
                let amounts = amounts.map(|(what, amount)| (what, RequestedAmount::Instructed(amount)));
                let others = ["USD", "GBP", ""].map(|text| (format!("in {text}"), equivalent(amount, text)));
                let changed = amount.variants().into_iter();
                let changed = changed.map(|(what, amount)| (format!("{what} in USD"), equivalent(amount, "USD")));
                amounts.chain(others).chain(changed).collect()
            }
            RequestedAmount::Equivalent { .. } => Vec::new(),
        }
    }
}

impl Vary for CodeOrProprietary<'static> {
    fn full(next: &mut u32) -> CodeOrProprietary<'static> {
        CodeOrProprietary::Code(Vary::full(next))
    }

    fn variants(&self) -> Vec<(String, CodeOrProprietary<'static>)> {
        type Alternative = fn(Text) -> CodeOrProprietary<'static>;
        let (text, same, other): (Text, Alternative, Alternative) = match *self {
            CodeOrProprietary::Code(text) => (text, CodeOrProprietary::Code, CodeOrProprietary::Proprietary),
            CodeOrProprietary::Proprietary(text) => (text, CodeOrProprietary::Proprietary, CodeOrProprietary::Code),
        };
        let texts = text.variants().into_iter().map(|(what, text)| (what, same(text)));
        texts.chain([("of the other kind".to_owned(), other(text))]).collect()
    }

    fn map_texts(&self, map: &mut dyn FnMut(Text) -> Text) -> CodeOrProprietary<'static> {
        match self {
            CodeOrProprietary::Code(text) => CodeOrProprietary::Code(map(text)),
            CodeOrProprietary::Proprietary(text) => CodeOrProprietary::Proprietary(map(text)),
        }
    }
}

impl Vary for Date {
    fn full(_: &mut u32) -> Date {
        date(2026, 12, 15)
    }

    fn variants(&self) -> Vec<(String, Date)> {
        named([
            ("next day", *self + 1.day()),
            ("next month", *self + 1.month()),
            ("next year", *self + 1.year()),
            ("the first of all", date(1, 1, 1)),
        ])
    }
}

impl Vary for DateTime {
    fn full(_: &mut u32) -> DateTime {
        DateTime { local: date(2026, 12, 15).at(9, 30, 0, 0), offset_minutes: Some(120) }
    }

    fn variants(&self) -> Vec<(String, DateTime)> {
        let later = |span| DateTime { local: self.local + span, ..*self };
        let offset = |offset_minutes| DateTime { offset_minutes, ..*self };
        named([
            ("next day", later(1.day())),
            ("next hour", later(1.hour())),
            ("next minute", later(1.minute())),
            ("next second", later(1.second())),
            ("next nanosecond", later(1.nanosecond())),
            ("without offset", offset(None)),
            ("in UTC", offset(Some(0))),
            ("west", offset(Some(-120))),
        ])
    }
}
