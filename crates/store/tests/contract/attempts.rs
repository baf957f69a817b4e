//! Attempts: counted before the work begins, so that nodes do not try work for ever that ends its process.

use store::{BodyHash, StoreError, SubmissionState};

use crate::support::*;

pub fn attempts_are_counted_until_a_submission_is_set_aside(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let id = treasury.receive(&store, 1);
    let submission = |store: &store::Store| read(store, |snapshot| snapshot.submission(id)).unwrap();
    assert_eq!(submission(&store).attempts, 1, "work begins with the row");
    assert_eq!(write(&store, move |tx| tx.count_attempt(id)), 2);
    write(&store, move |tx| tx.uncount_attempt(id));
    assert_eq!(write(&store, move |tx| tx.count_attempt(id)), 2);
    let hash = treasury.submission(1).body.hash;
    let found = |hash: BodyHash| read(&store, |snapshot| snapshot.set_aside_submission_of(treasury.client, &hash));
    assert_eq!(found(hash), None);

    write(&store, move |tx| tx.set_aside_submission(id, b"set aside"));
    let found = found(hash).unwrap();
    assert_eq!((found.id, found.attempts), (id, 2));
    assert_eq!(found.state, SubmissionState::SetAside { problem: b"set aside".to_vec() });
    assert_eq!(found.received, treasury.submission(1), "its body is kept");
    let (unanswered, left_over, set_aside) = read(&store, |snapshot| {
        let unanswered = snapshot.unanswered_submissions(10)?;
        Ok((unanswered, snapshot.left_over_submissions(10)?, snapshot.set_aside_submissions(10)?))
    });
    assert_eq!((unanswered.len(), left_over.len(), set_aside.len()), (0, 0, 1));
    assert!(!write(&store, move |tx| tx.claim_submission(id)), "nobody takes it up");
    let counted = store.write_blocking(move |tx| tx.count_attempt(id));
    assert!(matches!(counted, Err(StoreError::Refused(_))), "{counted:?}");
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

pub fn what_was_set_aside_is_retried_or_refused(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (retried, refused) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    for id in [retried, refused] {
        assert!(!write(&store, move |tx| tx.retry_submission(id)), "it is not set aside");
        write(&store, move |tx| tx.set_aside_submission(id, b"set aside"));
    }
    assert!(write(&store, move |tx| tx.retry_submission(retried)));
    let submission = read(&store, |snapshot| snapshot.submission(retried)).unwrap();
    assert_eq!((submission.state, submission.attempts), (SubmissionState::Received, 0));
    write(&store, move |tx| {
        assert!(tx.retry_submission(refused)?);
        assert!(tx.claim_submission(refused)?);
        tx.refuse_submission(refused, b"refused")
    });
    let submission = read(&store, |snapshot| snapshot.submission(refused)).unwrap();
    assert_eq!(submission.state, SubmissionState::Refused { problem: b"refused".to_vec() });
    assert_eq!(read(&store, |snapshot| snapshot.set_aside_submissions(10)), []);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

pub fn attempts_at_other_work_are_counted_by_its_name(open: Open<'_>) {
    let store = open();
    let _ = Treasury::found(&store);
    let count = |work: &'static str| write(&store, move |tx| tx.count_work_attempt(work)).unwrap();
    assert_eq!((count("lot 1").attempts, count("lot 2").attempts, count("lot 1").attempts), (1, 1, 2));
    write(&store, |tx| tx.set_aside_work("lot 1", at(7)));
    let known = read(&store, |snapshot| snapshot.work_attempts());
    let known: Vec<_> = known.iter().map(|work| (work.work.as_str(), work.attempts, work.set_aside_at)).collect();
    assert_eq!(known, [("lot 1", 2, Some(at(7))), ("lot 2", 1, None)]);
    assert!(write(&store, |tx| tx.clear_work_attempts("lot 1")));
    assert!(!write(&store, |tx| tx.clear_work_attempts("lot 1")));
    assert_eq!(count("lot 1").attempts, 1);
}
