//! The stored form of a payment's details.
#![allow(clippy::unwrap_used, missing_docs)]

use payments::{PaymentRecord, RecordError, Share, Side};
use proptest::prelude::*;

fn example() -> PaymentRecord<'static> {
    PaymentRecord {
        instruction_id: "INSTR-1",
        end_to_end_id: "RĒĶINS-2026/11",
        uetr: "",
        creditor_name: "Rīgas ūdens SIA",
        creditor_iban: "LV33TREL1060000300000",
        creditor_bic: "TRELLV22",
        ultimate_debtor_name: "",
        ultimate_creditor_name: "",
        purpose: "GDDS",
        remittance: "Par novembri",
        creditor_reference: "RF18539007547034",
        shares: vec![
            Share { side: Side::Payer, code: "2221", minor: Some(1_250) },
            Share { side: Side::Payer, code: "2222", minor: Some(-1) },
            Share { side: Side::Payee, code: "F22010010", minor: None },
        ],
        line: 4_711,
    }
}

fn encoded(record: &PaymentRecord<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    record.encode_into(&mut bytes);
    bytes
}

#[test]
fn what_is_written_is_read_back() {
    let record = example();
    assert_eq!(PaymentRecord::decode(&encoded(&record)), Ok(record));
    let empty = PaymentRecord::default();
    assert_eq!(encoded(&empty).len(), 4, "an empty record is version, no texts, no shares, no line");
    assert_eq!(PaymentRecord::decode(&encoded(&empty)), Ok(empty));
}

/// These bytes are in databases: a change here is a new version of the form.
#[test]
fn the_stored_form_does_not_change() {
    let record = PaymentRecord {
        end_to_end_id: "E1",
        remittance: "ā",
        shares: vec![Share { side: Side::Payee, code: "2000", minor: Some(-3) }],
        line: 300,
        ..PaymentRecord::default()
    };
    let stored = b"\x01\x82\x04\x02E1\x02\xc4\x81\x01\x03\x042000\x05\xac\x02";
    assert_eq!(encoded(&record), stored);
    assert_eq!(PaymentRecord::decode(stored), Ok(record));
}

#[test]
fn what_a_later_writer_adds_is_passed_over() {
    let record = PaymentRecord { end_to_end_id: "E1", line: 7, ..PaymentRecord::default() };
    let mut longer = encoded(&record);
    longer.extend_from_slice(b"anything");
    assert_eq!(PaymentRecord::decode(&longer), Ok(record.clone()), "after the line");
    // Bit 11 is the first that this version does not know.
    let another_text = b"\x01\x82\x10\x02E1\x05later\x00\x07";
    assert_eq!(PaymentRecord::decode(another_text), Ok(record), "a text of its own");
}

#[test]
fn every_cut_and_every_other_version_is_an_error() {
    let bytes = encoded(&example());
    for length in 0..bytes.len() {
        assert_eq!(PaymentRecord::decode(&bytes[..length]), Err(RecordError), "cut to {length} bytes");
    }
    for version in (0..=u8::MAX).filter(|version| *version != 1) {
        let mut other = bytes.clone();
        other[0] = version;
        assert_eq!(PaymentRecord::decode(&other), Err(RecordError));
    }
}

#[test]
fn lengths_that_lie_are_errors_and_allocate_nothing() {
    let many_shares = b"\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    assert_eq!(PaymentRecord::decode(many_shares), Err(RecordError));
    let long_text = b"\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    assert_eq!(PaymentRecord::decode(long_text), Err(RecordError));
    let number_of_11_bytes = b"\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    assert_eq!(PaymentRecord::decode(number_of_11_bytes), Err(RecordError));
    let not_utf8 = b"\x01\x01\x01\xff\x00\x00";
    assert_eq!(PaymentRecord::decode(not_utf8), Err(RecordError));
}

#[test]
fn encoding_into_a_buffer_with_room_allocates_nothing() {
    let mut buffer = Vec::with_capacity(1_024);
    let place = buffer.as_ptr();
    for _ in 0..100 {
        buffer.clear();
        example().encode_into(&mut buffer);
    }
    assert_eq!((buffer.as_ptr(), buffer.capacity()), (place, 1_024));
}

fn shares() -> impl Strategy<Value = Vec<(bool, String, Option<i64>)>> {
    prop::collection::vec((any::<bool>(), "\\PC{0,9}", any::<Option<i64>>()), 0..6)
}

proptest! {
    #[test]
    fn any_texts_come_back(texts in prop::array::uniform11("\\PC{0,40}"), shares in shares(), line: u32) {
        let record = PaymentRecord {
            instruction_id: &texts[0],
            end_to_end_id: &texts[1],
            uetr: &texts[2],
            creditor_name: &texts[3],
            creditor_iban: &texts[4],
            creditor_bic: &texts[5],
            ultimate_debtor_name: &texts[6],
            ultimate_creditor_name: &texts[7],
            purpose: &texts[8],
            remittance: &texts[9],
            creditor_reference: &texts[10],
            shares: shares
                .iter()
                .map(|(payee, code, minor)| Share {
                    side: if *payee { Side::Payee } else { Side::Payer },
                    code,
                    minor: *minor,
                })
                .collect(),
            line,
        };
        let bytes = encoded(&record);
        prop_assert_eq!(PaymentRecord::decode(&bytes), Ok(record));
    }

    /// No bytes make it panic; what it does read has one stored form, up to what later writers may add.
    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), known: bool) {
        if known && !bytes.is_empty() {
            bytes[0] = 1;
        }
        if let Ok(record) = PaymentRecord::decode(&bytes) {
            let again = encoded(&record);
            prop_assert_eq!(PaymentRecord::decode(&again), Ok(record.clone()));
        }
    }

    /// Single damaged bytes, which come nearer to a readable record than random ones.
    #[test]
    fn damage_never_panics(place in 0..64_usize, byte: u8) {
        let mut bytes = encoded(&example());
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(record) = PaymentRecord::decode(&bytes) {
            let again = encoded(&record);
            prop_assert_eq!(PaymentRecord::decode(&again), Ok(record.clone()));
        }
    }
}
