//! Evidence of signed submissions.

use payments::MessageId;
use sha2::{Digest as _, Sha256};
use store::{Fingerprint, KeptEvidence, ReadAhead, RequestEvidence, RevocationList, Store, StoreError};

use crate::support::*;

const AUTHORITY: [u8; 20] = [9; 20];

fn der(byte: u8) -> (Fingerprint, Vec<u8>) {
    let der = vec![byte; 300];
    (Fingerprint(Sha256::digest(&der).into()), der)
}

fn signed(number: u8) -> RequestEvidence {
    RequestEvidence {
        received_at: at(i64::from(number)),
        method: "POST".to_owned(),
        authority: "maksājumi.example:8443".to_owned(),
        target: format!("/v1/payments?number={number}"),
        content_digest: "sha-256=:AA==:".to_owned(),
        signature_input: "sig1=(\"@method\");created=1".to_owned(),
        signature: "sig1=:AA==:".to_owned(),
        fields: "content-type: application/xml\n".to_owned(),
        certificate: der(1).0,
        issuers: vec![der(2).0, der(3).0],
        authority_key: AUTHORITY.to_vec(),
    }
}

fn keep_certificates(store: &Store) {
    for _ in 0..2 {
        write(store, |tx| {
            for byte in 1..=3 {
                let (sha256, der) = der(byte);
                tx.insert_evidence_certificate(&sha256, &der)?;
            }
            Ok(())
        });
    }
}

fn publish(store: &Store, number: u8) {
    let list = RevocationList {
        authority: AUTHORITY.to_vec(),
        number: number.into(),
        this_update: at(1),
        next_update: at(100),
        content: [number; 32],
        der: vec![number; 50],
    };
    assert!(write(store, move |tx| tx.insert_revocation_list(&list)));
}

fn kept(number: u8, list: Option<u8>) -> KeptEvidence {
    KeptEvidence {
        request: signed(number),
        certificate: der(1).1,
        issuers: vec![der(2).1, der(3).1],
        revocation_list: list.map(|list| vec![list; 50]),
    }
}

fn evidence(store: &Store, id: MessageId) -> Option<KeptEvidence> {
    read(store, move |snapshot| snapshot.evidence(id))
}

fn take(store: &Store, treasury: Treasury, number: u8) -> MessageId {
    let (submission, evidence) = (treasury.submission(number), signed(number));
    write(store, move |tx| {
        let id = tx.insert_submission(&submission)?;
        assert!(!tx.is_signed(id)?);
        tx.insert_evidence(id, &evidence)?;
        assert!(tx.is_signed(id)?);
        Ok(id)
    })
}

pub fn evidence_names_the_list_of_its_moment_and_certificates_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    keep_certificates(&store);
    let before_any_list = take(&store, treasury, 1);
    publish(&store, 7);
    publish(&store, 8);
    let then = take(&store, treasury, 2);
    publish(&store, 9);
    assert_eq!(evidence(&store, before_any_list), Some(kept(1, None)));
    drop(store);
    let store = open();
    assert_eq!(evidence(&store, then), Some(kept(2, Some(8))), "not the list of today");
    assert_eq!(evidence(&store, treasury.receive(&store, 3)), None);
    let twice = store.write_blocking(move |tx| tx.insert_evidence(then, &signed(3)));
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    assert_eq!(evidence(&store, then), Some(kept(2, Some(8))));
}

pub fn evidence_goes_with_a_submission_that_becomes_no_message(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    keep_certificates(&store);
    let (discarded, refused) = (take(&store, treasury, 1), take(&store, treasury, 2));
    assert!(write(&store, move |tx| tx.discard_submission(discarded)));
    write(&store, move |tx| tx.refuse_submission(refused, b"no"));
    assert_eq!((evidence(&store, discarded), evidence(&store, refused)), (None, None));
}

pub fn evidence_stays_with_a_message(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    keep_certificates(&store);
    let id = take(&store, treasury, 1);
    write(&store, move |tx| tx.insert_message(&treasury.message(id, "MSG-1", 1)));
    let gone = store.write_blocking(move |tx| tx.discard_submission(id));
    assert!(matches!(gone, Err(StoreError::Refused(_))), "{gone:?}");
    assert_eq!(evidence(&store, id), Some(kept(1, None)));
}

/// Two signed and one unsigned between them, and a signed one that fails.
pub fn decisions_made_together_keep_evidence(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    keep_certificates(&store);
    publish(&store, 4);
    publish(&store, 5);
    let decide = |number: u8| {
        let ahead = ReadAhead {
            certificate: treasury.certificate,
            client: treasury.client,
            message_id: format!("MSG-{number}"),
            debtor_ibans: Vec::new(),
            creditor_ibans: Vec::new(),
            dates: Vec::new(),
            keys: Vec::new(),
            payment_information_ids: Vec::new(),
            payments: 0,
        };
        store.decide_for(treasury.client, ahead, move |tx| {
            let id = tx.insert_submission(&treasury.submission(number))?;
            if number != 2 {
                tx.insert_evidence(id, &signed(number))?;
            }
            assert_eq!(tx.is_signed(id)?, number != 2);
            tx.insert_message(&treasury.message(id, &format!("MSG-{number}"), number))?;
            if number == 4 { Err(StoreError::Refused("not this one".to_owned())) } else { Ok(id) }
        })
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (first, second, third, fourth) =
        runtime.block_on(async { tokio::join!(decide(1), decide(2), decide(3), decide(4)) });
    assert!(matches!(fourth, Err(StoreError::Refused(_))), "{fourth:?}");
    assert_eq!(evidence(&store, first.unwrap()), Some(kept(1, Some(5))));
    assert_eq!(evidence(&store, second.unwrap()), None);
    assert_eq!(evidence(&store, third.unwrap()), Some(kept(3, Some(5))));
}
