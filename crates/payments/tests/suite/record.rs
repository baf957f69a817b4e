//! The stored form of a payment's details.
use payments::{PartyRecord, PaymentRecord, RecordError, Share, Side};
use proptest::prelude::*;

fn example() -> PaymentRecord<'static> {
    PaymentRecord {
        instruction_id: "INSTR-1",
        end_to_end_id: "RĒĶINS-2026/11",
        uetr: "",
        creditor_name: "Rīgas ūdens SIA",
        creditor_iban: "LV33TREL1060000300000",
        creditor_bic: "TRELLV22",
        ultimate_debtor: PartyRecord { private_id: "010190-12345", scheme_code: "NIDN", ..PartyRecord::default() },
        ultimate_creditor: PartyRecord { name: "Fonds", lei: "529900T8BM49AURSDO55", ..PartyRecord::default() },
        purpose: "GDDS",
        remittance: "Par novembri",
        creditor_reference: "RF18539007547034",
        reference_code: "SCOR",
        reference_proprietary: "",
        reference_issuer: "ISO",
        document_numbers: "INV-1\nINV-2",
        additional_remittance: "Par novembri",
        return_reason: "",
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

/// What earlier versions wrote has no texts under the bits that came later.
#[test]
fn a_record_of_before_is_read() {
    let before = b"\x01\xca\x0f\x02E1\x05Name1\x05Fonds\x05Skola\x04GDDS\x01r\x07RF18539\x00\x07";
    let record = PaymentRecord {
        end_to_end_id: "E1",
        creditor_name: "Name1",
        ultimate_debtor: PartyRecord { name: "Fonds", ..PartyRecord::default() },
        ultimate_creditor: PartyRecord { name: "Skola", ..PartyRecord::default() },
        purpose: "GDDS",
        remittance: "r",
        creditor_reference: "RF18539",
        line: 7,
        ..PaymentRecord::default()
    };
    assert_eq!(PaymentRecord::decode(before), Ok(record));
}

#[test]
fn what_the_first_version_stored_is_the_same_payment() {
    let party = |name| PartyRecord { name, organisation_id: "90000000222", issuer: "VID", ..PartyRecord::default() };
    let sent = PaymentRecord {
        end_to_end_id: "E1",
        ultimate_debtor: party("Fonds"),
        ultimate_creditor: party("Skola"),
        creditor_reference: "123",
        reference_code: "PUOR",
        document_numbers: "INV-1",
        additional_remittance: "More",
        line: 7,
        ..PaymentRecord::default()
    };
    let second = PaymentRecord { document_numbers: "", additional_remittance: "", ..sent.clone() };
    let named = |name| PartyRecord { name, ..PartyRecord::default() };
    let first = PaymentRecord {
        ultimate_debtor: named("Fonds"),
        ultimate_creditor: named("Skola"),
        reference_code: "",
        ..second.clone()
    };
    let hidden = PaymentRecord { ultimate_debtor: PartyRecord::default(), ..first.clone() };
    let blank = PaymentRecord { ultimate_debtor: named(" "), creditor_name: " ", ..first.clone() };
    let blank_beside_a_type = PaymentRecord { ultimate_debtor: named(" "), ..second.clone() };
    for stored in [&sent, &second, &first, &hidden, &blank, &blank_beside_a_type] {
        assert!(sent.is_stored_as(stored), "{stored:?}");
    }
    for other in [
        PaymentRecord { end_to_end_id: "E2", ..first.clone() },
        PaymentRecord { ultimate_debtor: named("Cits"), ..first.clone() },
        PaymentRecord { ultimate_creditor: PartyRecord::default(), ..first.clone() },
        PaymentRecord { reference_code: "SCOR", ..sent.clone() },
        PaymentRecord { document_numbers: "INV-2", ..sent.clone() },
        PaymentRecord { ultimate_creditor: party("Cits"), ..sent.clone() },
        PaymentRecord { ultimate_debtor: PartyRecord::default(), ..second.clone() },
    ] {
        assert!(!sent.is_stored_as(&other), "{other:?}");
    }
}

#[test]
fn what_a_later_writer_adds_is_passed_over() {
    let record = PaymentRecord { end_to_end_id: "E1", line: 7, ..PaymentRecord::default() };
    let mut longer = encoded(&record);
    longer.extend_from_slice(b"anything");
    assert_eq!(PaymentRecord::decode(&longer), Ok(record.clone()), "after the line");
    // Bit 31 is the first that this version does not know.
    let another_text = b"\x01\x82\x80\x80\x80\x08\x02E1\x05later\x00\x07";
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

fn party<'a>(name: &'a str, rest: &'a [String]) -> PartyRecord<'a> {
    PartyRecord {
        name,
        organisation_bic: &rest[0],
        lei: &rest[1],
        organisation_id: &rest[2],
        private_id: &rest[3],
        scheme_code: &rest[4],
        scheme_proprietary: &rest[5],
        issuer: &rest[6],
    }
}

proptest! {
    #[test]
    fn any_texts_come_back(texts in prop::array::uniform31("\\PC{0,40}"), shares in shares(), line: u32) {
        let record = PaymentRecord {
            instruction_id: &texts[0],
            end_to_end_id: &texts[1],
            uetr: &texts[2],
            creditor_name: &texts[3],
            creditor_iban: &texts[4],
            creditor_bic: &texts[5],
            ultimate_debtor: party(&texts[6], &texts[11..18]),
            ultimate_creditor: party(&texts[7], &texts[18..25]),
            purpose: &texts[8],
            remittance: &texts[9],
            creditor_reference: &texts[10],
            reference_code: &texts[25],
            reference_proprietary: &texts[26],
            reference_issuer: &texts[27],
            return_reason: &texts[28],
            document_numbers: &texts[29],
            additional_remittance: &texts[30],
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
