//! IBANs by country, their check digits, BICs and creditor references.
use proptest::prelude::*;
use rulebook::identification::{BicError, IbanError, has_right_check_digits};
use rulebook::{Bic, Country, Guideline, Iban};

/// The registry's own example for each country.
const EXAMPLES: &[&str] = &[
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AL47212110090000000235698741",
    "AT611904300234573201",
    "AZ21NABZ00000000137010001944",
    "BA391290079401028494",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "BH67BMAG00001299123456",
    "BI4210000100010000332045181",
    "BR1800360305000010009795493C1",
    "BY13NBRB3600900000002Z00AB00",
    "CH9300762011623852957",
    "CR05015202001026284066",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DJ2100010000000154000100186",
    "DK5000400440116243",
    "DO28BAGR00000001212453611324",
    "EE382200221020145685",
    "EG380019000500000000263180002",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FK88SC123456789012",
    "FO6264600001631634",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GE29NB0000000101904917",
    "GI75NWBK000000007099453",
    "GL8964710001000206",
    "GR1601101250000000012300695",
    "GT82TRAJ01020000001210029690",
    "HN88CABF00000000000250005469",
    "HR1210010051863000160",
    "HU42117730161111101800000000",
    "IE29AIBK93115212345678",
    "IL620108000000099999999",
    "IQ98NBIQ850123456789012",
    "IS140159260076545510730339",
    "IT60X0542811101000000123456",
    "JO94CBJO0010000000000131000302",
    "KW81CBKU0000000000001234560101",
    "KZ86125KZT5004100100",
    "LB62099900000001001901229114",
    "LC55HEMM000100010012001200023015",
    "LI21088100002324013AA",
    "LT121000011101001000",
    "LU280019400644750000",
    "LV80BANK0000435195001",
    "LY83002048000020100120361",
    "MC5811222000010123456789030",
    "MD24AG000225100013104168",
    "ME25505000012345678951",
    "MK07250120000058984",
    "MN121234123456789123",
    "MR1300020001010000123456753",
    "MT84MALT011000012345MTLCAST001S",
    "MU17BOMM0101101030300200000MUR",
    "NI45BAPR00000013000003558124",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "OM810180000001299123456",
    "PK36SCBL0000001123456702",
    "PL61109010140000071219812874",
    "PS92PALS000000000400123456702",
    "PT50000201231234567890154",
    "QA58DOHB00001234567890ABCDEFG",
    "RO49AAAA1B31007593840000",
    "RS35260005601001611379",
    "RU0304452522540817810538091310419",
    "SA0380000000608010167519",
    "SC18SSCB11010000000000001497USD",
    "SD8811123456789012",
    "SE4550000000058398257466",
    "SI56263300012039086",
    "SK3112000000198742637541",
    "SM86U0322509800000000270100",
    "SO211000001001000100141",
    "ST23000100010051845310146",
    "SV62CENR00000000000000700025",
    "TL380080012345678910157",
    "TN5910006035183598478831",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
    "VA59001123000012345678",
    "VG96VPVG0000012345678901",
    "XK051212012345678906",
    "YE15CBYE0001018861234567891234",
];

#[test]
fn every_country_of_the_registry_has_an_example_that_passes() {
    let mut countries = Vec::new();
    for example in EXAMPLES {
        let iban = Iban::parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
        assert_eq!(iban.as_str(), *example);
        assert_eq!(iban.country().code(), &example[..2], "the country is in the table of countries");
        countries.push(iban.country());
    }
    let of_the_file = include_str!("../../data/iban-structures.tsv").lines().filter(|line| !line.starts_with('#'));
    assert!(of_the_file.map(|line| Country::new(&line[..2]).unwrap()).eq(countries));
}

#[test]
fn treasury_accounts() {
    let latvia = Guideline::latvia();
    for account in ["LV07TREL5180453053000", "LV33TREL1060000300000"] {
        let iban = Iban::parse(account).unwrap();
        assert!(latvia.is_own_account(&iban), "{account}");
        assert_eq!(iban.bank_code(), "TREL");
    }
    assert_eq!(Iban::parse("LV91TREL1060000100000"), Err(IbanError::CheckDigits));
    let elsewhere = Iban::with_check_digits("LV", "HABA0551000000001").unwrap();
    assert!(!latvia.is_own_account(&elsewhere));
    // Another country's bank may have the same four letters.
    let namesake = Iban::with_check_digits("RO", "TREL0000000000000000").unwrap();
    assert!(!latvia.is_own_account(&namesake));
}

#[test]
fn what_is_no_iban() {
    for (text, error) in [
        ("", IbanError::Country),
        ("L", IbanError::Country),
        ("lv07TREL5180453053000", IbanError::Country),
        ("US07TREL5180453053000", IbanError::Country),
        ("ĻV07TREL5180453053000", IbanError::Country),
        ("LV07TREL518045305300", IbanError::Length { expected: 21 }),
        ("LV07 TREL 5180 4530 5300 0", IbanError::Length { expected: 21 }),
        ("LV07TREL51804530530000", IbanError::Length { expected: 21 }),
        ("LV0ATREL5180453053000", IbanError::Character { place: 4 }),
        ("LV07TR3L5180453053000", IbanError::Character { place: 7 }),
        ("LV07TRELt180453053000", IbanError::Character { place: 9 }),
        ("LV07TREL51804530530 0", IbanError::Character { place: 20 }),
        ("LV70TREL5180453053000", IbanError::CheckDigits),
        ("LV07TREL5180435053000", IbanError::CheckDigits),
    ] {
        assert_eq!(Iban::parse(text), Err(error), "{text}");
    }
}

#[test]
fn check_digits_that_are_never_computed_are_refused() {
    // 97 and 00, 98 and 01, 02 and 99 leave the same remainder; only 02 to 98 are ever computed.
    for (computed, never) in [("97", "00"), ("98", "01"), ("02", "99")] {
        let found = (0..10_000).find_map(|account| {
            let iban = Iban::with_check_digits("LV", &format!("TREL{account:013}")).unwrap();
            (&iban.as_str()[2..4] == computed).then_some(iban)
        });
        let twin = found.unwrap().as_str().replacen(computed, never, 1);
        assert_eq!(Iban::parse(&twin), Err(IbanError::CheckDigits), "{twin}");
    }
}

#[test]
fn forms_for_machines_and_people() {
    let iban = Iban::parse("LV07TREL5180453053000").unwrap();
    assert_eq!(iban.to_string(), "LV07TREL5180453053000");
    assert_eq!(iban.printed(), "LV07 TREL 5180 4530 5300 0");
    assert_eq!(Iban::structure_of_country(Country::LV).unwrap(), "LV2!n4!a13!c");
    assert_eq!(Iban::structure_of_country(Country::new("US").unwrap()), None);
}

#[test]
fn bics() {
    for (text, short) in [
        ("TRELLV22", "TRELLV22"),
        ("TRELLV22XXX", "TRELLV22"),
        ("HABALV22001", "HABALV22001"),
        ("E097AEXXXXX", "E097AEXX"),
        ("NCBVXKPR", "NCBVXKPR"),
    ] {
        assert_eq!(Bic::parse(text).unwrap().as_str(), short);
    }
    assert_eq!(Bic::parse("TRELLV22"), Bic::parse("TRELLV22XXX"));
    assert_eq!(Bic::parse("HABALV22001").unwrap().bank(), "HABALV22");
    assert_eq!(Bic::parse("HABALV22").unwrap().country(), Country::LV);
    for (text, error) in [
        ("", BicError::Length),
        ("TRELLV2", BicError::Length),
        ("TRELLV22XX", BicError::Length),
        ("trellv22", BicError::Characters),
        ("TRELLV2 ", BicError::Characters),
        ("TRELZZ22", BicError::Country),
        ("TREL1V22", BicError::Country),
    ] {
        assert_eq!(Bic::parse(text), Err(error), "{text}");
    }
}

#[test]
fn creditor_references() {
    for (reference, verdict) in [
        ("RF18539007547034", Some(true)),
        ("RF18000000000539007547034", Some(true)),
        ("RF19539007547034", Some(false)),
        ("RF1853900754703x", Some(false)),
        ("RF18", Some(false)),
        ("RFA8539007547034", Some(false)),
        ("RF180000000000000539007547034", Some(false)),
        ("4539007547034", None),
        ("R", None),
    ] {
        assert_eq!(has_right_check_digits(reference), verdict, "{reference}");
    }
}

proptest! {
    #[test]
    fn computed_check_digits_pass_and_no_single_mistake_does(
        account in "TREL[0-9A-Z]{13}", place in 4_usize..21, letter in "[A-Z]", digit in "[0-9]",
    ) {
        let iban = Iban::with_check_digits("LV", &account).unwrap();
        prop_assert_eq!(Iban::parse(iban.as_str()), Ok(iban));
        let mut mistyped = iban.as_str().to_owned();
        // A letter for a digit may pass: 8 and C differ by a multiple of 97 in some places.
        let other = if mistyped.as_bytes()[place].is_ascii_digit() { digit } else { letter };
        mistyped.replace_range(place..=place, &other);
        prop_assert_eq!(Iban::parse(&mistyped).is_ok(), mistyped == iban.as_str());
    }

    #[test]
    fn neighbouring_digits_exchanged_never_pass(account in "TREL[0-9]{13}", place in 8_usize..20) {
        let iban = Iban::with_check_digits("LV", &account).unwrap();
        let mut exchanged = iban.as_str().as_bytes().to_vec();
        exchanged.swap(place, place + 1);
        let exchanged = String::from_utf8(exchanged).unwrap();
        prop_assert_eq!(Iban::parse(&exchanged).is_ok(), exchanged == iban.as_str());
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
        let _ = (Iban::parse(&text), Bic::parse(&text), has_right_check_digits(&text));
    }
}

#[test]
fn a_countrys_structure_is_given_as_a_pattern() {
    let pattern = |country: &str, start| Iban::pattern_of_country(Country::new(country).unwrap(), start);
    assert_eq!(pattern("LV", "TREL").as_deref(), Some("LV[0-9]{2}TREL[0-9A-Z]{13}"));
    assert_eq!(pattern("LV", "TREL1").as_deref(), Some("LV[0-9]{2}TREL1[0-9A-Z]{12}"));
    assert_eq!(pattern("DE", "").as_deref(), Some("DE[0-9]{2}[0-9]{18}"));
    assert_eq!(pattern("MT", "").as_deref(), Some("MT[0-9]{2}[A-Z]{4}[0-9]{5}[0-9A-Z]{18}"));
    assert_eq!(pattern("US", ""), None, "it has no IBANs");
}
