//! Codes to enrol with.
use pki::EnrolmentSecret;

#[test]
fn a_code_is_read_back_however_people_write_it() {
    let code = EnrolmentSecret::generate().unwrap();
    let written = code.to_string();
    assert_eq!(written.matches('-').count(), 8, "{written}");
    let plain = written.replace('-', "");
    for text in [&written, &plain, &written.to_uppercase(), &written.replace('-', " "), &format!(" {plain} ")] {
        let read: EnrolmentSecret = text.parse().unwrap();
        assert_eq!((read.hash(), read.selector()), (code.hash(), code.selector()), "{text:?}");
    }
    assert!(plain.starts_with(code.selector()) && plain.len() == 34, "40 bits find it, 130 are secret");
    assert_eq!(code.password(), plain);
}

#[test]
fn what_is_no_code_is_refused() {
    let written = EnrolmentSecret::generate().unwrap().to_string();
    let ambiguous = format!("0{}", &written[1..]);
    for text in ["", "-", &written[1..], &format!("{written}a"), &ambiguous, &"ā".repeat(17), &"a".repeat(10_000)] {
        assert!(text.parse::<EnrolmentSecret>().is_err(), "{text:.60}");
    }
}

#[test]
fn codes_differ_and_stay_out_of_logs() {
    let (one, other) = (EnrolmentSecret::generate().unwrap(), EnrolmentSecret::generate().unwrap());
    assert_ne!(one.hash(), other.hash());
    assert!(!format!("{one:?}").contains(one.password()), "{one:?}");
}
