//! What a letter looks like, whatever the names in it are.

use jiff::civil::date;
use mail::{Letter, MailError, Person};
use onboarding::Ending;

pub fn letter(what: Ending) -> Letter {
    Letter {
        id: "notice-1-7.5".to_owned(),
        to: Person { name: "Anna Bērziņa".to_owned(), email: "anna@example.org".to_owned() },
        what,
        client: "Daugavas novada pašvaldība".to_owned(),
        holder: "Grāmatvedība".to_owned(),
        last_day: date(2026, 12, 31),
        days_left: 30,
        house: ["Valsts kase".to_owned(), "State Treasury".to_owned()],
        support: ["Palīgs, tel. 67000000".to_owned(), "Help desk".to_owned()],
        at: "2026-12-01T08:00:00Z".parse().unwrap(),
    }
}

pub fn house() -> Person {
    Person { name: "Valsts kase".to_owned(), email: "noreply@kase.example".to_owned() }
}

/// Head and body, with what the transfer encodings hide undone.
fn written(letter: &Letter) -> (String, String) {
    let bytes = letter.write(&house()).unwrap().bytes();
    assert!(bytes.is_ascii(), "it passes through servers of 7 bits");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), decoded(body))
}

fn decoded(body: &str) -> String {
    let mut bytes = Vec::new();
    let joined = body.replace("=\r\n", "");
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).collect();
        let code = u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16);
        match code {
            Ok(code) => bytes.push(code),
            Err(_) => bytes.extend([&b"="[..], &digits].concat()),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn fields<'h>(head: &'h str, name: &str) -> Vec<&'h str> {
    head.split("\r\n").filter(|line| line.to_lowercase().starts_with(&format!("{name}: "))).collect()
}

#[test]
fn a_letter_says_in_both_languages_and_both_forms_what_ends_and_what_to_do() {
    let refuses = ["Valsts kase noraidīs", "State Treasury refuses"];
    for (what, lv, en, house) in [
        (Ending::Certificate, "sertifikāts ir derīgs līdz", "is valid until", refuses),
        (Ending::PersonCertificate, "personas sertifikāts", "personal certificate", refuses),
        (Ending::Registration, "pieteikums ir spēkā līdz", "is in force until", refuses),
        (
            Ending::Authority,
            "nākamo sertifikātu izdevēju",
            "next certificate authority",
            ["Valsts kase ir publicējusi", "State Treasury has published"],
        ),
    ] {
        let (head, body) = written(&letter(what));
        assert_eq!(fields(&head, "message-id"), ["Message-ID: <notice-1-7.5@kase.example>"]);
        assert_eq!(fields(&head, "auto-submitted"), ["Auto-Submitted: auto-generated"]);
        assert_eq!(fields(&head, "date"), ["Date: Tue, 01 Dec 2026 08:00:00 +0000"]);
        assert_eq!((fields(&head, "to").len(), fields(&head, "from").len(), fields(&head, "subject").len()), (1, 1, 1));
        assert!(body.contains("text/plain") && body.contains("text/html"), "{body}");
        for text in [lv, en, "2026-12-31", "Daugavas novada pašvaldība", house[0], house[1]] {
            assert!(body.matches(text).count() >= 2, "{text} in text and HTML: {body}");
        }
        for text in
            ["Atlikušo dienu skaits: 30", "Days left: 30", "Palīdzība: Palīgs, tel. 67000000", "Help: Help desk"]
        {
            assert!(body.contains(text), "{text}: {body}");
        }
        assert!(!body.contains('{'), "a value is missing: {body}");
    }
}

#[test]
fn a_line_without_value_is_left_out() {
    let silent = Letter { support: [String::new(), String::new()], ..letter(Ending::Certificate) };
    let (_, body) = written(&silent);
    assert!(!body.contains("Help:") && !body.contains("Palīdzība:"), "{body}");
    assert!(body.contains("Days left: 30"));
}

#[test]
fn no_name_makes_a_field_markup_or_another_value() {
    let hostile = "X\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> {support} \u{202e}& \"q\"";
    let letter = Letter {
        client: hostile.to_owned(),
        holder: hostile.to_owned(),
        to: Person { name: hostile.to_owned(), email: "anna@example.org".to_owned() },
        id: "a>\r\nBcc: b@example.org".to_owned(),
        ..letter(Ending::Registration)
    };
    let (head, body) = written(&letter);
    for forbidden in ["bcc", "cc", "reply-to"] {
        assert_eq!(fields(&head, forbidden), Vec::<&str>::new(), "{head}");
    }
    assert_eq!(fields(&head, "message-id"), ["Message-ID: <aBccbexample.org@kase.example>"]);
    let (plain, html) = body.split_once("text/html").unwrap();
    assert!(!plain.contains("\nBcc:") && !plain.contains('\u{202e}'), "{plain}");
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;") && html.contains("&quot;q&quot;"), "{html}");
    assert_eq!(plain.matches("{support}").count(), 4, "a value is not filled in again: {plain}");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for wrong in
        ["", "anna", "anna@", "anna@example.org\r\nBcc: b@example.org", "a@b@c", "anna@example.org, b@example.org"]
    {
        let mut letter = letter(Ending::Certificate);
        letter.to.email = wrong.to_owned();
        assert_eq!(letter.write(&house()).err(), Some(MailError::Address(wrong.to_owned())), "{wrong:?}");
    }
}
