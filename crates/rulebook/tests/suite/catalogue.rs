//! The catalogue and the table of rules: complete, consistent, in two languages.
use std::collections::{BTreeMap, BTreeSet};

use rulebook::catalogue::{Arguments, Entry, Group, UnknownCode, UnknownLanguage, entries, explain_schema_finding};
use rulebook::rules::RULES;
use rulebook::{Code, Language};

fn texts(entry: &Entry) -> Vec<rulebook::catalogue::Text> {
    let mut texts = vec![entry.title, entry.explanation, entry.remedy];
    texts.extend(entry.detail);
    texts.extend(entry.shorter_detail);
    texts
}

#[test]
fn every_code_has_exactly_one_entry_and_a_unique_id() {
    let codes: Vec<Code> = entries().map(|entry| entry.code).collect();
    assert_eq!(codes, Code::ALL, "in the order of the codes");
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len());
    for code in Code::ALL {
        assert_eq!(code.entry().code, *code);
        assert_eq!(code.id(), format!("TDAM-{:04}", code.number()));
        assert_eq!(code.id().parse(), Ok(*code));
        assert_eq!(Code::from_number(code.number()), Some(*code));
    }
}

#[test]
fn what_is_no_code() {
    for text in ["", "TDAM-", "TDAM-1", "TDAM-9999", "TDAM-+1001", "TDAM-01001", "tdam-1001", "1001"] {
        assert_eq!(text.parse::<Code>(), Err(UnknownCode), "{text}");
    }
}

#[test]
fn texts_are_sentences_in_both_languages() {
    for entry in entries() {
        let id = entry.code;
        for text in texts(entry) {
            for language in Language::ALL {
                let text = text.in_language(language);
                assert!(!text.trim().is_empty() && text.trim() == text, "{id}: {text:?}");
                assert!(!text.contains("  "), "{id}: {text:?}");
            }
            assert_ne!(text.lv, text.en, "{id}");
        }
        for text in [entry.explanation, entry.remedy].into_iter().chain(entry.detail) {
            for text in [text.lv, text.en] {
                assert!(text.ends_with('.') && !text.ends_with(".."), "{id}: {text:?}");
            }
        }
        assert!(!entry.title.lv.ends_with('.') && !entry.title.en.ends_with('.'), "{id}");
        assert!(!entry.title.lv.contains('{') && !entry.explanation.lv.contains('{'), "{id}: only details have values");
        assert!(!entry.source.document.is_empty());
    }
}

/// A remedy says how to correct something: a bare verb and noun ("Correct the name.") does not help.
#[test]
fn remedies_say_how() {
    const WORDS_MIN: usize = 4;
    for entry in entries().filter(|entry| entry.remedy.en != "Nothing needs to be done.") {
        let (id, remedy) = (entry.code, entry.remedy);
        for text in [remedy.lv, remedy.en] {
            assert!(text.split_whitespace().count() >= WORDS_MIN, "{id}: {text}");
        }
        // A new message with old identifications counts as the old one, or is refused.
        if remedy.en.contains("in a new message") {
            assert!(remedy.en.contains("MsgId") && remedy.lv.contains("MsgId"), "{id}: {}", remedy.en);
        }
    }
}

#[test]
fn latvian_is_written_with_its_letters() {
    for entry in entries() {
        let latvian: String = texts(entry).iter().map(|text| text.lv).collect();
        assert!(latvian.chars().any(|letter| "āčēģīķļņšūž".contains(letter)), "{}: {latvian}", entry.code);
        let english: String = texts(entry).iter().map(|text| text.en).collect();
        assert!(!english.chars().any(|letter| "āčēģīķļņšūž„”".contains(letter)), "{}: {english}", entry.code);
    }
}

#[test]
fn details_have_the_same_placeholders_in_both_languages() {
    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }
    for entry in entries() {
        let Some(detail) = entry.detail else { continue };
        let (lv, en) = (placeholders(detail.lv), placeholders(detail.en));
        assert_eq!(lv, en, "{}", entry.code);
        assert!(
            lv.iter().all(|name| ["element", "value", "expected", "given"].contains(name)),
            "{}: {lv:?}",
            entry.code
        );
    }
}

#[test]
fn reason_codes_are_four_characters_and_only_where_a_pain_002_is_sent() {
    for entry in entries() {
        let group = entry.code.group();
        match entry.iso_reason {
            Some(reason) => {
                assert!(
                    reason.len() == 4 && reason.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                );
                let in_status_reports = [Group::Guideline, Group::Accounts, Group::Duplicates, Group::Settlement];
                assert!(in_status_reports.contains(&group), "{}", entry.code);
            }
            None => assert!(group != Group::Guideline && group != Group::Settlement, "{}", entry.code),
        }
    }
}

#[test]
fn rules_and_guideline_codes_are_the_same() {
    let of_rules: BTreeSet<Code> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(of_rules.len(), RULES.len(), "a code is one rule's");
    let expected: BTreeSet<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|code| code.group() == Group::Guideline)
        .chain([Code::PaymentInformationIdRepeated, Code::EndToEndIdRepeated, Code::InstructionIdRepeated])
        .collect();
    assert_eq!(of_rules, expected);
    assert!(RULES.is_sorted_by_key(|rule| rule.code));
    for rule in RULES {
        assert!(!rule.elements.is_empty() && !rule.levels.is_empty(), "{}", rule.id());
        assert!(rule.entry().iso_reason.is_some(), "{}", rule.id());
    }
}

#[test]
fn details_are_filled_and_fall_back_to_the_explanation() {
    let entry = Code::GroupControlSumWrong.entry();
    let arguments = Arguments { value: "10.00", expected: "12.50", ..Arguments::default() };
    assert_eq!(
        entry.text(Language::Latvian, &arguments),
        "GrpHdr/CtrlSum ir 10.00, bet ziņojuma maksājumu kopsumma ir 12.50."
    );
    let without = Arguments { value: "10.00", ..Arguments::default() };
    assert_eq!(entry.text(Language::English, &without), entry.explanation.en);
    // Values are bounded, cannot smuggle in control characters, and are not read as templates.
    let long = "x".repeat(100_000);
    let arguments = Arguments { value: &long, expected: "a\n{value}\u{1b}", ..Arguments::default() };
    let text = entry.text(Language::English, &arguments);
    assert!(
        text.contains(&format!("{}…", "x".repeat(70))) && text.contains("a␣{value}[U+001B]") && text.len() < 400,
        "{text}"
    );
}

#[test]
fn schema_rules_are_explained() {
    let arguments = Arguments {
        element: "/Document/CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN",
        value: "LV07 TREL",
        expected: "[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}",
        ..Arguments::default()
    };
    assert_eq!(Code::for_schema_rule("pattern"), Code::ValuePattern);
    assert_eq!(
        explain_schema_finding("pattern", &arguments, Language::English),
        "/Document/CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN: the value `LV07 TREL` does not have the form \
         [A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}."
    );
    // Every rule that the schema layer names today has an explanation of its own.
    for rule in [
        "unknown-root",
        "unexpected-element",
        "missing-element",
        "wrong-namespace",
        "unexpected-attribute",
        "missing-attribute",
        "unexpected-text",
        "pattern",
        "length",
        "min-length",
        "max-length",
        "enumeration",
        "fraction-digits",
        "total-digits",
        "min-inclusive",
        "max-inclusive",
        "min-exclusive",
        "max-exclusive",
        "not-a-decimal",
        "not-an-integer",
        "not-a-date",
        "not-a-date-time",
        "not-a-time",
        "not-a-year",
        "not-a-year-month",
        "not-a-boolean",
        "not-base64",
        "not-nillable",
        "type-substitution",
        "schema-instance-attribute",
    ] {
        assert_ne!(Code::for_schema_rule(rule), Code::SchemaViolation, "{rule}");
    }
    assert_eq!(Code::for_schema_rule("something-new"), Code::SchemaViolation);
    assert_eq!(
        explain_schema_finding("not-a-date", &arguments, Language::Latvian),
        "/Document/CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN: vērtība „LV07 TREL” nav derīgs datums vai laiks."
    );
}

#[test]
fn what_the_schema_expects_is_said_in_latvian_too() {
    let said = |rule, value, expected| {
        let arguments = Arguments { element: "/Document/A", value, expected, ..Arguments::default() };
        explain_schema_finding(rule, &arguments, Language::Latvian)
    };
    for (rule, value, expected, text) in [
        (
            "max-length",
            "abcd",
            "at most 3 characters, not 4",
            "vērtības „abcd” garums nav pareizs, jābūt: ne vairāk kā 3 zīmes, nevis 4.",
        ),
        (
            "min-length",
            "",
            "at least 1 characters, not 0",
            "vērtības „(tukšs)” garums nav pareizs, jābūt: vismaz 1 zīmes, nevis 0.",
        ),
        (
            "fraction-digits",
            "1.234567",
            "at most 5 fraction digits, not 6",
            "skaitlim „1.234567” ir pārāk daudz ciparu, atļauts: ne vairāk kā 5 cipari aiz punkta, nevis 6.",
        ),
        ("enumeration", "X", "one of TRF, CHK", "vērtība „X” nav atļauto vidū, jābūt: viens no šiem: TRF, CHK."),
        ("missing-element", "", "one of IBAN, Othr", "trūkst elementa: viens no šiem: IBAN, Othr."),
        (
            "unexpected-element",
            "Nm",
            "no further element",
            "elements „Nm” šajā vietā nav atļauts; gaidīts: neviens cits elements.",
        ),
        (
            "unexpected-element",
            "Nm",
            "Cdtr or no further element",
            "elements „Nm” šajā vietā nav atļauts; gaidīts: Cdtr vai neviens cits elements.",
        ),
        ("pattern", "lv", "`[A-Z]{2,2}`", "vērtība „lv” neatbilst formātam `[A-Z]{2,2}`."),
    ] {
        assert_eq!(said(rule, value, expected), format!("/Document/A: {text}"));
    }
}

#[test]
fn reasons_of_other_banks_are_explained() {
    for (reason, code) in [
        ("AC04", Code::PayeeAccountClosed),
        ("AC06", Code::PayeeAccountBlocked),
        ("AC03", Code::PayeeAccountInvalid),
        ("MS03", Code::PayeeBankGaveNoReason),
        ("NARR", Code::PayeeBankReason),
        ("XT99", Code::PayeeBankReason),
    ] {
        assert_eq!(Code::for_settlement_reason(reason), code);
    }
}

#[test]
fn languages() {
    assert_eq!("lv-LV".parse(), Ok(Language::Latvian));
    assert_eq!("EN".parse(), Ok(Language::English));
    assert_eq!("de".parse::<Language>(), Err(UnknownLanguage));
    assert_eq!(Language::default().tag(), "lv");
}

/// The whole catalogue as one reads it. A change of a text shows in review; a change of a code's meaning must not pass.
#[test]
fn titles() {
    let mut groups: BTreeMap<Group, String> = BTreeMap::new();
    for entry in entries() {
        let line = format!("{} {} {}\n", entry.code, entry.iso_reason.unwrap_or("----"), entry.title.en);
        *groups.entry(entry.code.group()).or_default() += &line;
    }
    let all: Vec<String> = groups.into_values().collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_remedy_of_characters_names_what_may_stand_in_the_place_of_each() {
    let entry = Code::CharacterNotAllowed.entry();
    let found = "& (U+0026), _ (U+005F), é (U+00E9), 😀 (U+1F600), U+FE0F, U+00A0, Ж (U+0416)";
    for language in Language::ALL {
        let advice = entry.advice(language, "", found);
        let replacements = advice.strip_prefix(entry.remedy.in_language(language)).unwrap().trim();
        // Only the writer knows a replacement for a letter of another script.
        assert_eq!(replacements, "& → +; _ → -; é → e; 😀 → \"\"; U+FE0F → \"\"; U+00A0 → (blank).");
        assert_eq!(entry.advice(language, "", "Ж (U+0416)"), entry.remedy.in_language(language));
    }
}

#[test]
fn the_remedy_of_a_used_message_id_asks_for_that_message() {
    for code in [Code::MessageIdUsed, Code::MessageOfAnotherUser] {
        for language in Language::ALL {
            let advice = code.entry().advice(language, "A/1 B+2", "ACCP");
            assert!(advice.contains("GET /v1/payments?msg_id=A%2F1%20B%2B2") && !advice.contains('…'), "{advice}");
            assert_eq!(code.entry().advice(language, "", ""), code.entry().remedy.in_language(language));
        }
    }
}

#[test]
fn the_values_of_a_text_can_be_read_back() {
    for entry in entries().filter(|entry| entry.detail.is_some()) {
        let arguments = Arguments { element: "PmtInf/Dbtr/Nm", value: "7.00 EUR", expected: "5.00 EUR", given: "3" };
        let text = entry.text(Language::English, &arguments);
        let read = entry.values_in(&text).unwrap_or_else(|| panic!("{}: {text}", entry.code));
        assert_eq!(entry.text(Language::Latvian, &read), entry.text(Language::Latvian, &arguments));
        assert!(entry.values_in(entry.explanation.en).is_none(), "{}", entry.code);
    }
}

/// The sentences of earlier versions, whose stored reasons have fewer values.
#[test]
fn a_reason_that_lacks_a_newer_value_keeps_its_sentence() {
    let side = Arguments { value: "99.99", expected: "100.00", ..Arguments::default() };
    let account = Arguments { value: "LV97TREL0000000000001", expected: "F22010010", ..Arguments::default() };
    let id = Arguments { value: "ALGAS-1", ..Arguments::default() };
    for (code, arguments, latvian, english) in [
        (
            Code::PaymentInformationIdUsed,
            id,
            "PmtInfId „ALGAS-1” jau bija agrākā ziņojumā.",
            "PmtInfId `ALGAS-1` was in an earlier message already.",
        ),
        (
            Code::InstructionIdUsed,
            id,
            "InstrId „ALGAS-1” jau bija agrākā ziņojumā.",
            "InstrId `ALGAS-1` was in an earlier message already.",
        ),
        (
            Code::EkkSharesDiffer,
            side,
            "EKK summas kopā ir 99.99, bet maksājuma summa ir 100.00.",
            "The shares add up to 99.99, but the payment's amount is 100.00.",
        ),
        (
            Code::EkkShareMissing,
            Arguments { value: "2222", ..Arguments::default() },
            "EKK „2222” trūkst summas.",
            "The EKK `2222` lacks its share.",
        ),
        (
            Code::BailiffCodeRequired,
            account,
            "Saņēmēja konts LV97TREL0000000000001 ir tiesu izpildītāja konts; saņēmēja puses EKK jābūt F22010010.",
            "The payee's account LV97TREL0000000000001 is a bailiff's; the payee's side's code must be F22010010.",
        ),
        (
            Code::RemittanceRepeated,
            Arguments { value: "2", expected: "1", ..Arguments::default() },
            "Elements maksājumā norādīts 2 reizes; drīkst būt 1.",
            "The payment has the element 2 times; only 1 is allowed.",
        ),
    ] {
        let entry = code.entry();
        let texts = Language::ALL.map(|language| entry.text(language, &arguments));
        assert_eq!(texts, [latvian, english]);
        let read = entry.values_in(english).unwrap();
        assert_eq!(
            [read.element, read.value, read.expected, read.given],
            [arguments.element, arguments.value, arguments.expected, arguments.given],
            "{code}"
        );
        let newer = Arguments { element: "NEWER-1", given: "NEWER-2", ..arguments };
        let newer =
            Arguments { expected: if arguments.expected.is_empty() { "NEWER-3" } else { arguments.expected }, ..newer };
        for language in Language::ALL {
            let text = entry.text(language, &newer);
            assert!(text.contains(arguments.value) && text.contains("NEWER-"), "{text}");
            assert_eq!(entry.text(language, &Arguments::default()), entry.explanation.in_language(language));
        }
    }
}
