//! Structured fields: what is read, what is refused, and that what is written reads back.

use proptest::prelude::*;
use signatures::signatures_of;
use signatures::structured::{Bare, ITEMS_MAX, Item, Member, dictionary, write_list};

#[test]
fn dictionaries_of_lists_and_bytes_are_read() {
    let members = dictionary("a=(\"x\";req \"y\");n=-5;t=\"q\\\"\",  b=:AQI=:\t, c, a=:AA==:").unwrap();
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"], "the last one counts, in the place of the first");
    let bytes = |bytes: &[u8]| Member::Item(Item { value: Bare::Bytes(bytes.to_vec()), parameters: Vec::new() });
    assert_eq!(members[0].1, bytes(&[0]));
    assert_eq!(members[1].1, bytes(&[1, 2]));
    assert_eq!(dictionary("").unwrap(), []);
}

#[test]
fn what_is_no_dictionary_is_refused() {
    let many = format!("a=({})", "\"x\" ".repeat(ITEMS_MAX + 1));
    let members = (0..=ITEMS_MAX).map(|number| format!("k{number}")).collect::<Vec<_>>().join(",");
    let long = format!("a=\"{}\"", "x".repeat(16 << 10));
    for text in [
        "A=1",
        "a=",
        "a=(",
        "a=(\"x\"",
        "a=(\"x\"\"y\")",
        "a=\"x",
        "a=\"\\x\"",
        "a=\"\u{e9}\"",
        "a=:*:",
        "a=:AA",
        "a=?2",
        "a=1.5",
        "a=1234567890123456",
        "a=1,",
        "a=1 b=2",
        "a=1;",
        "a=1;B",
        "=1",
        ",",
        &many,
        &members,
        &long,
    ] {
        assert!(dictionary(text).is_err(), "{text}");
    }
}

#[test]
fn a_label_has_both_fields_or_none() {
    assert_eq!(signatures_of("a=(\"@method\");created=1", "a=:AA==:").unwrap().len(), 1);
    for (inputs, signatures) in [
        ("a=()", "b=:AA==:"),
        ("a=()", "a=:AA==:, b=:AA==:"),
        ("a=(), b=()", "a=:AA==:"),
        ("a=:AA==:", "a=:AA==:"),
        ("a=(x)", "a=:AA==:"),
        ("a=()", "a=(\"x\")"),
    ] {
        assert!(signatures_of(inputs, signatures).is_err(), "{inputs} {signatures}");
    }
}

fn bare() -> impl Strategy<Value = Bare> {
    prop_oneof![
        (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(Bare::Integer),
        "[ -~]{0,20}".prop_map(Bare::Text),
        "[a-zA-Z*][a-zA-Z0-9:/.]{0,10}".prop_map(Bare::Token),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Bare::Bytes),
        any::<bool>().prop_map(Bare::Flag),
    ]
}

fn parameters() -> impl Strategy<Value = Vec<(String, Bare)>> {
    proptest::collection::btree_map("[a-z*][a-z0-9_.*-]{0,8}", bare(), 0..4).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        items in proptest::collection::vec((bare(), parameters()), 0..5),
        of_all in parameters(),
    ) {
        let items: Vec<Item> = items.into_iter().map(|(value, parameters)| Item { value, parameters }).collect();
        let mut written = "label=".to_owned();
        write_list(&items, &of_all, &mut written);
        let read = dictionary(&written).unwrap();
        prop_assert_eq!(read, vec![("label".to_owned(), Member::List(items, of_all))]);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[ -~]{0,80}") {
        let _ = dictionary(&text);
        let _ = signatures_of(&text, &text);
    }
}
