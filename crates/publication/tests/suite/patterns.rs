//! The guideline's patterns, as schemas read them, mean what the checker's functions mean.
use rulebook::characters::{are_slashes_well_placed, first_outside, identifier_pattern, text_pattern};
use rulebook::{Bic, Guideline, Iban};
use xsd::{Bounds, Event, Model, Schema, Selection, Validator};

/// A schema whose elements have this pattern.
fn schema(pattern: &str) -> Schema {
    let table = "xsd-table 1\nnamespace urn:x\nroot A A\n\ntype A\n  V 1..n V\n\nvalue V xs:string\n";
    let mut model = Model::from_table(table).unwrap();
    model.simple_types[0].facets.patterns.push(pattern.to_owned());
    Schema::from_model(&model).unwrap()
}

/// For each value whether it has the pattern; all in one document.
fn matching(schema: &Schema, values: &[String]) -> Vec<bool> {
    let mut document = String::from("<A xmlns=\"urn:x\">");
    for value in values {
        let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;");
        document.push_str(&format!("<V>{escaped}</V>"));
    }
    document.push_str("</A>");
    let nothing = Selection::new(schema, &[]).unwrap();
    let bounds = Bounds::default().with_findings_max(values.len());
    let mut validator = Validator::new(schema, &nothing, document.as_bytes(), bounds);
    while !matches!(validator.next().unwrap(), Event::End) {}
    let mut matching = vec![true; values.len()];
    for finding in validator.findings().iter() {
        let ordinal = finding.path.strip_prefix("/A/V[").unwrap().strip_suffix(']').unwrap();
        matching[ordinal.parse::<usize>().unwrap() - 1] = false;
    }
    matching
}

fn matches(schema: &Schema, value: &str) -> bool {
    matching(schema, &[value.to_owned()])[0]
}

#[test]
fn each_character_is_allowed_by_both_or_by_neither() {
    let letters = Guideline::latvia().national_letters;
    // All that XML allows up to there: Latin, Greek, Cyrillic and beyond, punctuation, the number sign.
    let characters = (0x20..0x2200).chain([0x9, 0xA, 0xD, 0xFFFD, 0x1F600]).filter_map(char::from_u32);
    let values: Vec<String> = characters.map(|character| format!("a{character}b")).collect();
    let in_texts = matching(&schema(&text_pattern(letters)), &values);
    let in_identifiers = matching(&schema(&identifier_pattern()), &values);
    for (at, value) in values.iter().enumerate() {
        assert_eq!(in_texts[at], first_outside(value, letters).is_none(), "{value:?}");
        assert_eq!(in_identifiers[at], first_outside(value, "").is_none(), "{value:?}");
    }
}

#[test]
fn slashes_are_where_both_allow_them() {
    // Every text of one to six of these; the schema has no empty identifier.
    let mut values = Vec::new();
    let mut of_last_length = vec![String::new()];
    for _ in 0..6 {
        let longer = |text: &String| ['/', 'a', '-', ' ', '_'].map(|character| format!("{text}{character}"));
        of_last_length = of_last_length.iter().flat_map(longer).collect();
        values.extend_from_slice(&of_last_length);
    }
    for (value, matches) in values.iter().zip(matching(&schema(&identifier_pattern()), &values)) {
        assert_eq!(matches, first_outside(value, "").is_none() && are_slashes_well_placed(value), "{value:?}");
    }
}

#[test]
fn accounts_and_banks() {
    let guideline = Guideline::latvia();
    let (own, any) = (schema(&guideline.own_account_pattern()), schema(Iban::PATTERN));
    for account in ["LV07TREL5180453053000", "LV33TREL1060000300000", "LV62HABA0551234567890", "DE89370400440532013000"]
    {
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
