//! The kind of an element's value, in plain words.

use rulebook::Language;
use rulebook::catalogue::Text;
use xsd::Model;
use xsd::model::{Builtin, Facets, SimpleType, TypeName};

/// Describes the values of a type. `forms` are the guideline's names of patterns that the type has.
pub(super) fn kind(model: &Model, type_name: &TypeName, forms: &[&str], language: Language) -> String {
    let mut facets = Facets::default();
    let mut known = None;
    let mut at = type_name;
    let builtin = loop {
        match at {
            TypeName::Builtin(builtin) => break *builtin,
            TypeName::Named(name) => {
                let Some(step) = model.simple_type(name) else { break Builtin::String };
                known = known.or_else(|| known_type(name));
                tighten(&mut facets, step);
                at = &step.base;
            }
        }
    };
    let say = |text: Text| text.in_language(language);
    let what = match facets.enumeration.as_slice() {
        [] => known.map_or_else(|| base(builtin, &facets, language), |text| say(text).to_owned()),
        [only] => format!("{} {only}", say(ALWAYS)),
        values => format!("{} {}", say(ONE_OF), values.join(", ")),
    };
    let mut words = vec![what];
    words.extend(forms.iter().filter_map(|form| form_words(form)).map(|text| say(text).to_owned()));
    let is_worded = !forms.is_empty() || known.is_some() || !facets.enumeration.is_empty();
    if let Some(pattern) = facets.patterns.first().filter(|_| !is_worded) {
        words.push(format!("{} {pattern}", say(PATTERN)));
    }
    words.join("; ")
}

/// ISO 20022's types whose patterns say less than words do.
fn known_type(name: &str) -> Option<Text> {
    let is_one_of = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    Some(match name {
        _ if is_one_of(&["IBAN2007"]) => text_of("IBAN", "IBAN"),
        _ if is_one_of(&["BIC", "AnyBIC"]) => text_of("BIC, 8 vai 11 zīmes", "BIC, 8 or 11 characters"),
        _ if is_one_of(&["ActiveOrHistoricCurrencyCode", "ActiveCurrencyCode"]) => {
            text_of("valūtas kods (ISO 4217)", "currency code (ISO 4217)")
        }
        _ if is_one_of(&["CountryCode"]) => text_of("valsts kods (ISO 3166)", "country code (ISO 3166)"),
        _ if is_one_of(&["UUIDv4"]) => text_of("UUID, 4. versija", "UUID, version 4"),
        _ if is_one_of(&["Max15NumericText"]) => text_of("1–15 cipari", "1–15 digits"),
        _ if is_one_of(&["Max5NumericText"]) => text_of("1–5 cipari", "1–5 digits"),
        _ => return None,
    })
}

/// Adds what a step demands to what those derived from it do: the narrower counts.
fn tighten(facets: &mut Facets, step: &SimpleType) {
    let least = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
    let greatest = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).max();
    let SimpleType { facets: base, .. } = step;
    facets.length = facets.length.or(base.length);
    facets.min_length = greatest(facets.min_length, base.min_length);
    facets.max_length = least(facets.max_length, base.max_length);
    facets.total_digits = least(facets.total_digits, base.total_digits);
    facets.fraction_digits = least(facets.fraction_digits, base.fraction_digits);
    facets.min_exclusive = facets.min_exclusive.take().or_else(|| base.min_exclusive.clone());
    facets.patterns.extend(base.patterns.iter().cloned());
    if facets.enumeration.is_empty() {
        facets.enumeration.clone_from(&base.enumeration);
    }
}

fn base(builtin: Builtin, facets: &Facets, language: Language) -> String {
    match builtin {
        Builtin::Decimal | Builtin::Integer => number(facets, language),
        Builtin::Boolean => BOOLEAN.in_language(language).to_owned(),
        Builtin::Date => DATE.in_language(language).to_owned(),
        Builtin::DateTime => DATE_TIME.in_language(language).to_owned(),
        Builtin::Time => TIME.in_language(language).to_owned(),
        Builtin::GYear | Builtin::GYearMonth => YEAR.in_language(language).to_owned(),
        _ => text(facets, language),
    }
}

fn text(facets: &Facets, language: Language) -> String {
    let mut words = TEXT.in_language(language).to_owned();
    let bounds = match (facets.length, facets.min_length, facets.max_length) {
        (Some(length), ..) => length.to_string(),
        (_, Some(min), Some(max)) if min == max => max.to_string(),
        (_, min, Some(max)) => format!("{}–{max}", min.unwrap_or_default()),
        _ => return words,
    };
    words.push_str(&format!(", {bounds} {}", CHARACTERS.in_language(language)));
    words
}

fn number(facets: &Facets, language: Language) -> String {
    let mut words = NUMBER.in_language(language).to_owned();
    if let Some(limit) = &facets.min_exclusive {
        words.push_str(&format!(" {} {limit}", ABOVE.in_language(language)));
    }
    if let Some(digits) = facets.total_digits {
        words.push_str(&match language {
            Language::Latvian => format!(", ciparu ne vairāk kā {digits}"),
            Language::English => format!(", up to {digits} digits"),
        });
    }
    if let Some(digits) = facets.fraction_digits.filter(|digits| *digits > 0) {
        words.push_str(&match language {
            Language::Latvian => format!(", aiz komata ne vairāk kā {digits}"),
            Language::English => format!(", up to {digits} after the point"),
        });
    }
    words
}

/// What the guideline's names of patterns mean.
fn form_words(form: &str) -> Option<Text> {
    Some(match form {
        "Identifier" => text_of(
            "pamata zīmes; / ne pirmā, ne pēdējā, ne divas kopā",
            "basic characters; / neither first, last nor doubled",
        ),
        "DomesticText" => text_of("pamata zīmes un latviešu burti", "basic characters and Latvian letters"),
        "TreasuryAccount" => {
            text_of("Valsts kases konts: LVkkTREL un 13 zīmes", "account in the Treasury: LVkkTREL and 13 characters")
        }
        "TreasuryOrNone" => text_of("TRELLV22 vai nekas", "TRELLV22 or none"),
        "Iban" => text_of("IBAN lielajiem burtiem, bez atstarpēm", "IBAN in capital letters, without blanks"),
        _ => return None,
    })
}

const fn text_of(lv: &'static str, en: &'static str) -> Text {
    Text { lv, en }
}

const ONE_OF: Text = text_of("viens no:", "one of:");
const ALWAYS: Text = text_of("vienmēr", "always");
const PATTERN: Text = text_of("paraugs", "pattern");
const TEXT: Text = text_of("teksts", "text");
const CHARACTERS: Text = text_of("zīmes", "characters");
const NUMBER: Text = text_of("skaitlis", "number");
const ABOVE: Text = text_of("lielāks par", "above");
const BOOLEAN: Text = text_of("true vai false", "true or false");
const DATE: Text = text_of("datums, GGGG-MM-DD", "date, YYYY-MM-DD");
const DATE_TIME: Text = text_of("datums un laiks, GGGG-MM-DDTHH:MM:SS", "date and time, YYYY-MM-DDTHH:MM:SS");
const TIME: Text = text_of("laiks, HH:MM:SS", "time, HH:MM:SS");
const YEAR: Text = text_of("gads", "year");
