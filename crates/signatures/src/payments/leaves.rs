//! Which values of a pain.001 are signed, in which order.
//!
//! A list here names each field of a struct. It is taken apart without `..`, so a field that the readers learn to read does
//! not compile until somebody decides where it goes; and what its label becomes (see `super`).

use iso20022::DateTime;
use iso20022::common::{
    Account, Agent, Amount, CodeOrProprietary, CreditorReference, Party, PaymentType, PostalAddress, RegulatoryDetail,
    Remittance,
};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use jiff::civil::Date;
use money::{Currency, Decimal};

use super::canonical::Canonical;

/// A value with canonical bytes.
pub(super) trait Leaves {
    /// Appends its bytes.
    fn put(&self, to: &mut Canonical);
}

/// The fields of a struct in this order for ever; behind the semicolon those that are not signed.
macro_rules! leaves {
    ($name:ident { $($field:ident),+ $(,)? $(; $($unsigned:ident),+)? }) => {
        impl Leaves for $name<'_> {
            fn put(&self, to: &mut Canonical) {
                let $name { $($field,)+ $($($unsigned: _,)+)? } = self;
                $($field.put(to);)+
            }
        }
    };
}

leaves!(GroupHeader {
    message_id,
    creation_date_time,
    number_of_transactions,
    control_sum,
    initiating_party;
    // Where it stands in the file says nothing about money.
    position
});

leaves!(PaymentInformation {
    payment_information_id,
    payment_method,
    batch_booking,
    number_of_transactions,
    control_sum,
    payment_type,
    requested_execution_date,
    requested_execution_date_time,
    execution_date_beyond_years,
    debtor,
    debtor_account,
    debtor_agent,
    ultimate_debtor,
    charge_bearer,
    charges_account;
    // The digester counts by itself.
    position, block
});

leaves!(CreditTransfer {
    instruction_id,
    end_to_end_id,
    uetr,
    payment_type,
    amount,
    charge_bearer,
    ultimate_debtor,
    creditor_agent,
    creditor,
    creditor_account,
    ultimate_creditor,
    purpose,
    regulatory_reporting,
    remittance;
    // The digester counts by itself.
    position, block, ordinal
});

leaves!(PaymentType { instruction_priority, service_levels, local_instrument, category_purpose });
leaves!(Account { iban, other, currency });
leaves!(Agent { bic, clearing_member, lei, name, other });
leaves!(Party {
    name,
    postal_address,
    organisation_bic,
    lei,
    identification,
    identification_scheme,
    identification_issuer,
    is_private,
});
leaves!(PostalAddress {
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
leaves!(RegulatoryDetail { indicator, kind, code, country, amount });
leaves!(Remittance { unstructured, creditor_references, document_numbers, additional });
leaves!(CreditorReference { reference, kind, issuer });

impl Leaves for Amount {
    fn put(&self, to: &mut Canonical) {
        let Amount { value, currency } = self;
        value.put(to);
        currency.put(to);
    }
}

impl Leaves for RequestedAmount<'_> {
    fn put(&self, to: &mut Canonical) {
        match self {
            RequestedAmount::Instructed(amount) => {
                to.byte(1);
                amount.put(to);
            }
            RequestedAmount::Equivalent { amount, currency_of_transfer } => {
                to.byte(2);
                amount.put(to);
                currency_of_transfer.put(to);
            }
        }
    }
}

impl Leaves for CodeOrProprietary<'_> {
    fn put(&self, to: &mut Canonical) {
        let (which, text) = match self {
            CodeOrProprietary::Code(text) => (1, text),
            CodeOrProprietary::Proprietary(text) => (2, text),
        };
        to.byte(which);
        text.put(to);
    }
}

impl<T: Leaves> Leaves for Option<T> {
    fn put(&self, to: &mut Canonical) {
        match self {
            None => to.byte(0),
            Some(value) => {
                to.byte(1);
                value.put(to);
            }
        }
    }
}

impl<T: Leaves> Leaves for &[T] {
    fn put(&self, to: &mut Canonical) {
        to.length(self.len());
        self.iter().for_each(|value| value.put(to));
    }
}

impl Leaves for &str {
    fn put(&self, to: &mut Canonical) {
        to.text(self);
    }
}

impl Leaves for bool {
    fn put(&self, to: &mut Canonical) {
        to.byte(u8::from(*self));
    }
}

impl Leaves for u64 {
    fn put(&self, to: &mut Canonical) {
        to.number(*self);
    }
}

impl Leaves for Decimal {
    fn put(&self, to: &mut Canonical) {
        to.decimal(*self);
    }
}

impl Leaves for Currency {
    fn put(&self, to: &mut Canonical) {
        to.currency(*self);
    }
}

impl Leaves for Date {
    fn put(&self, to: &mut Canonical) {
        to.day(*self);
    }
}

impl Leaves for DateTime {
    fn put(&self, to: &mut Canonical) {
        to.moment(*self);
    }
}
