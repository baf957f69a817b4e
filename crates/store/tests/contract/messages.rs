//! Submissions and messages: a message id belongs to one message for ever.

use std::sync::{Arc, Barrier};
use std::thread;

use payments::MessageId;
use store::{BodyHash, BodyPlace, NewSubmission, StoreError, SubmissionState};

use crate::support::*;

pub fn a_submission_becomes_a_message_with_its_answer(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (first, second) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    assert!(first < second);
    let unanswered = |limit| {
        let all = read(&store, |snapshot| snapshot.unanswered_submissions(limit));
        all.into_iter().map(|submission| submission.id).collect::<Vec<_>>()
    };
    assert_eq!(unanswered(10), [first, second]);
    assert_eq!(unanswered(1), [first]);
    let message = treasury.message(first, "MSG-1", 1);
    let sent = message.clone();
    write(&store, move |tx| tx.insert_message(&sent));
    assert_eq!(unanswered(10), [second]);
    let (by_id, by_message_id, submission) = read(&store, |snapshot| {
        Ok((
            snapshot.message(first)?,
            snapshot.message_by_message_id(treasury.client, "MSG-1")?,
            snapshot.submission(first)?.unwrap(),
        ))
    });
    assert_eq!(by_id.as_ref(), Some(&message));
    assert_eq!(by_message_id.as_ref(), Some(&message));
    assert_eq!(submission.state, SubmissionState::Consumed);
    assert_eq!(submission.received, treasury.submission(1));
    let discarded = store.write_blocking(move |tx| tx.discard_submission(first));
    assert!(matches!(discarded, Err(StoreError::Refused(_))), "an answer is for ever: {discarded:?}");
}

pub fn a_message_id_belongs_to_one_message(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (first, second) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    write(&store, move |tx| tx.insert_message(&treasury.message(first, "MSG-1", 1)));
    // The job learns of it, and may continue in the same transaction.
    let holder = write(&store, move |tx| {
        let result = tx.insert_message(&treasury.message(second, "MSG-1", 2));
        assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}");
        tx.refuse_submission(second, b"DU01")?;
        tx.message_by_message_id(treasury.client, "MSG-1")
    });
    assert_eq!(holder.unwrap().id, first);
    let submission = read(&store, |snapshot| snapshot.submission(second)).unwrap();
    assert_eq!(submission.state, SubmissionState::Refused { problem: b"DU01".to_vec() });
    // Another client has its own.
    let other = write(&store, |tx| tx.insert_client(&client("Ogres novads")));
    let third = treasury.receive(&store, 3);
    write(&store, move |tx| {
        tx.insert_message(&store::Message { client: other, ..treasury.message(third, "MSG-1", 3) })
    });
}

pub fn of_two_at_once_one_wins(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    for round in 0..20_u8 {
        let ids = [treasury.receive(&store, round), treasury.receive(&store, round)];
        let start = Arc::new(Barrier::new(2));
        let message_id = format!("MSG-{round}");
        let send = |id: MessageId| {
            let (store, start, message_id) = (store.clone(), Arc::clone(&start), message_id.clone());
            thread::spawn(move || {
                start.wait();
                store.write_blocking(move |tx| tx.insert_message(&treasury.message(id, &message_id, round)))
            })
        };
        let results = ids.map(send).map(|thread| thread.join().unwrap());
        let won = results.iter().filter(|result| result.is_ok()).count();
        let lost = results.iter().filter(|result| matches!(result, Err(StoreError::Conflict(_)))).count();
        assert_eq!((won, lost), (1, 1), "{results:?}");
    }
}

pub fn the_same_bytes_are_found_again(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let ids = [1, 2].map(|number| treasury.receive(&store, number));
    write(&store, move |tx| tx.insert_message(&treasury.message(ids[0], "MSG-1", 5)));
    write(&store, move |tx| tx.insert_message(&treasury.message(ids[1], "MSG-2", 5)));
    let find = |hash| {
        let found = read(&store, |snapshot| snapshot.message_by_hash(treasury.client, &BodyHash([hash; 32])));
        found.map(|message| message.id)
    };
    assert_eq!(find(5), Some(ids[1]), "the latest");
    assert_eq!(find(6), None);
}

pub fn a_refused_submission_keeps_the_reason(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let id = treasury.receive(&store, 1);
    write(&store, move |tx| tx.refuse_submission(id, b"{\"code\":\"TDAM-1002\"}"));
    drop(store);
    let store = open();
    let submission = read(&store, |snapshot| snapshot.submission(id)).unwrap();
    assert_eq!(submission.state, SubmissionState::Refused { problem: b"{\"code\":\"TDAM-1002\"}".to_vec() });
    assert_eq!(submission.received.body.place, BodyPlace::Forgotten);
    assert_eq!(submission.received.body.hash, BodyHash([1; 32]));
    assert!(matches!(store.open_body(&submission.received.body).err(), Some(StoreError::Missing(_))));
    assert!(read(&store, |snapshot| snapshot.unanswered_submissions(10)).is_empty());
    let consumed = store.write_blocking(move |tx| tx.insert_message(&treasury.message(id, "MSG-1", 1)));
    assert!(matches!(consumed, Err(StoreError::Refused(_))), "{consumed:?}");
}

pub fn the_same_bytes_are_found_while_they_wait_for_an_answer(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let colleague = write(&store, move |tx| tx.insert_online_user(&online_user(treasury.client)));
    let sent_by = |user, number: u8| {
        let submission = NewSubmission { user, ..treasury.submission(number) };
        write(&store, move |tx| tx.insert_submission(&submission))
    };
    let open_of = |user, number| {
        let found = read(&store, |snapshot| snapshot.open_submission_of(user, &BodyHash([number; 32])));
        found.map(|submission| (submission.id, submission.received.body.place))
    };
    let [first, second] = [1, 1].map(|number| sent_by(treasury.user, number));
    let of_colleague = sent_by(colleague, 1);
    let body = || BodyPlace::Inline(vec![1; 3]);
    assert_eq!(open_of(treasury.user, 1), Some((first, body())), "the oldest");
    assert_eq!(open_of(colleague, 1), Some((of_colleague, body())));
    assert_eq!(open_of(treasury.user, 2), None);
    write(&store, move |tx| tx.refuse_submission(first, b"why"));
    assert_eq!(open_of(treasury.user, 1), Some((second, body())));
    write(&store, move |tx| tx.insert_message(&treasury.message(second, "MSG-1", 1)));
    assert_eq!(open_of(treasury.user, 1), None);
}

pub fn what_waits_of_a_client_is_listed(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let [answered, refused, set_aside, first, last] = [1, 2, 3, 4, 5].map(|number| treasury.receive(&store, number));
    let other = write(&store, |tx| tx.insert_client(&client("Cita iestāde")));
    let foreign = NewSubmission { client: other, ..treasury.submission(6) };
    write(&store, move |tx| tx.insert_submission(&foreign));
    write(&store, move |tx| {
        tx.insert_message(&treasury.message(answered, "MSG-1", 1))?;
        tx.refuse_submission(refused, b"why")?;
        tx.set_aside_submission(set_aside, b"set aside")
    });
    let listed = |limit| {
        let open = read(&store, |snapshot| snapshot.open_submissions(treasury.client, limit));
        open.into_iter().map(|submission| submission.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(10), [last, first, set_aside]);
    assert_eq!(listed(2), [last, first], "the newest");
}

pub fn an_outcome_that_somebody_comes_back_for_is_kept(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let [kept, forgotten, answered] = [1, 2, 3].map(|number| treasury.receive(&store, number));
    let keep = |id| write(&store, move |tx| tx.keep_outcome(id));
    let discard = |id| write(&store, move |tx| tx.discard_submission(id));
    let found = |id| read(&store, |snapshot| snapshot.submission(id)).map(|submission| submission.state);
    assert!(keep(kept) && keep(kept), "as often as anybody asks");
    assert!(!discard(kept));
    assert_eq!(found(kept), Some(SubmissionState::Received), "nothing was changed");
    write(&store, move |tx| tx.refuse_submission(kept, b"why"));
    assert_eq!(found(kept), Some(SubmissionState::Refused { problem: b"why".to_vec() }));
    assert!(discard(forgotten));
    assert_eq!(found(forgotten), None);
    assert!(keep(answered));
    write(&store, move |tx| tx.insert_message(&treasury.message(answered, "MSG-1", 3)));
    assert_eq!(found(answered), Some(SubmissionState::Consumed));
    assert_eq!([kept, forgotten, answered].map(keep), [false; 3], "too late");
}

pub fn what_was_left_over_is_claimed(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (left, answered) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    write(&store, move |tx| tx.insert_message(&treasury.message(answered, "MSG-2", 2)));
    drop(store);
    let store = open();
    let _serving = store.lock_for_serving().unwrap();
    let claim = |id| write(&store, move |tx| tx.claim_submission(id));
    assert!(claim(left));
    assert!(claim(left), "one's own again");
    assert!(!claim(answered));
    assert!(!claim(MessageId(4711)));
    // The node that has claimed it may answer it.
    write(&store, move |tx| tx.insert_message(&treasury.message(left, "MSG-1", 1)));
}

pub fn discarded_ids_do_not_come_again(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let first = treasury.receive(&store, 1);
    assert!(write(&store, move |tx| tx.discard_submission(first)));
    drop(store);
    let store = open();
    assert!(treasury.receive(&store, 2) > first);
}

pub fn all_submissions_of_a_client_come_page_by_page(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let other = write(&store, |tx| {
        let client = tx.insert_client(&client("Ogres novads"))?;
        tx.insert_online_user(&online_user(client)).map(|user| (client, user))
    });
    let mut own = Vec::new();
    for number in 1..=5 {
        own.push(treasury.receive(&store, number));
        let foreign = NewSubmission { client: other.0, user: other.1, ..treasury.submission(100 + number) };
        write(&store, move |tx| tx.insert_submission(&foreign));
    }
    let refused = own[1];
    write(&store, move |tx| tx.refuse_submission(refused, b"why"));
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = read(&store, move |tx| tx.submissions_of(treasury.client, after, 2));
        let Some(last) = page.last().copied() else { break };
        after = Some(last);
        pages.push(page);
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    assert_eq!(pages.concat(), own);
}
