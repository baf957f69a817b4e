//! The guideline's patterns, as schemas read them, mean what the checker's functions mean.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use rulebook::characters::{are_slashes_well_placed, first_outside, identifier_pattern, text_pattern};
use rulebook::{Bic, Guideline, Iban};
use support::findings;
use support::mutate::Random;
use xsd::{Model, Schema};

/// A schema whose only element has this pattern.
fn schema(pattern: &str) -> Schema {
    let table = "xsd-table 1\nnamespace urn:x\nroot A A\n\ntype A\n  V 1..1 V\n\nvalue V xs:string\n";
    let mut model = Model::from_table(table).unwrap();
    model.simple_types[0].facets.patterns.push(pattern.to_owned());
    Schema::from_model(&model).unwrap()
}

fn matches(schema: &Schema, value: &str) -> bool {
    let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;");
    findings(schema, &format!("<A xmlns=\"urn:x\"><V>{escaped}</V></A>")).is_empty()
}

#[test]
fn each_character_is_allowed_by_both_or_by_neither() {
    let letters = Guideline::latvia().national_letters;
    let (text, identifier) = (schema(&text_pattern(letters)), schema(&identifier_pattern()));
    // All that XML allows up to there: Latin, Greek, Cyrillic and beyond, punctuation, the number sign.
    let characters = (0x20..0x2200).chain([0x9, 0xA, 0xD, 0xFFFD, 0x1F600]).filter_map(char::from_u32);
    for character in characters {
        let value = format!("a{character}b");
        assert_eq!(matches(&text, &value), first_outside(&value, letters).is_none(), "{value:?}");
        assert_eq!(matches(&identifier, &value), first_outside(&value, "").is_none(), "{value:?}");
    }
}

#[test]
fn slashes_are_where_both_allow_them() {
    let identifier = schema(&identifier_pattern());
    let mut random = Random::new(3);
    for _ in 0..5_000 {
        let length = 1 + random.below(6);
        let value: String = (0..length).map(|_| random.pick(&['/', '/', 'a', '-', ' ', '_'])).collect();
        let allowed = first_outside(&value, "").is_none() && are_slashes_well_placed(&value);
        assert_eq!(matches(&identifier, &value), allowed, "{value:?}");
    }
}

#[test]
fn accounts_and_banks() {
    let guideline = Guideline::latvia();
    let (own, any) = (schema(&guideline.own_account_pattern()), schema(Iban::PATTERN));
    for account in ["LV07TREL5180453053000", "LV33TREL1060000300000", "LV62HABA0551234567890", "DE89370400440532013000"] {
        let iban = Iban::parse(account).unwrap();
        assert_eq!(matches(&own, account), guideline.is_own_account(&iban), "{account}");
        assert!(matches(&any, account), "{account}");
    }
    assert!(!matches(&own, "LV07TREL518045305300") && !matches(&own, "LV07TREL51804530530000"));
    let bank = schema(&guideline.own_bic_pattern());
    for bic in ["TRELLV22", "TRELLV22XXX", "TRELLV22ABC", "HABALV22", "TRELLV2X"] {
        let is_own = Bic::parse(bic).unwrap().bank() == guideline.bic.bank();
        assert_eq!(matches(&bank, bic), is_own, "{bic}");
    }
}
