//! Many transactions at once, through two openings of one store: no other transaction changes the rows on which one
//! decides.

use std::thread;

use jiff::ToSpan;
use ledger::{CreditId, EntrySource, Limits};
use store::{EntryRange, Store, StoreError};

use crate::support::*;

const WRITERS: usize = 6;
const ROUNDS: usize = 12;

/// Runs the same on several threads, every other one through the second opening; returns what they returned.
fn at_once<T: Send + 'static>(
    stores: [&Store; 2],
    job: impl Fn(&Store, usize) -> T + Send + Clone + 'static,
) -> Vec<T> {
    let start = |number: usize| {
        let (store, job) = (stores[number % 2].clone(), job.clone());
        thread::spawn(move || (0..ROUNDS).map(|round| job(&store, number * ROUNDS + round)).collect::<Vec<T>>())
    };
    let threads: Vec<_> = (0..WRITERS).map(start).collect();
    threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
}

pub fn balances_do_not_overwrite_each_other(open: Open<'_>) {
    let (store, other) = (open(), open());
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 1_000_000, MONDAY);
    // Half of them to and half of them fro, each naming the accounts in its own order.
    at_once([&store, &other], move |store, number| {
        let (from, to) = (treasury.payer, treasury.settlement);
        let (from, to, minor) = if number % 2 == 0 { (from, to, 3) } else { (to, from, 1) };
        write(store, move |tx| {
            let mut book = tx.book(&[from, to], &[MONDAY])?;
            let journal = transfer(from, to, minor, EntrySource::Incoming { id: CreditId(number as i64) }, MONDAY);
            book.book(&journal).map_err(|error| StoreError::Refused(error.to_string()))?;
            book.reserve_limit(from, MONDAY, minor).map_err(|error| StoreError::Refused(error.to_string()))?;
            tx.append_entries(&journal)?;
            tx.save_book(&book)
        });
    });
    let half = (WRITERS * ROUNDS / 2) as i64;
    let (balances, used) = write(&store, move |tx| {
        let book = tx.book(&[treasury.payer, treasury.settlement], &[MONDAY])?;
        let used: Vec<i64> = book.daily_use().map(|(_, _, used)| used.minor).collect();
        Ok((book.accounts().map(|account| account.balance).collect::<Vec<_>>(), used))
    });
    assert_eq!(balances, [2 * half, 1_000_000 - 2 * half], "by id: the house's, the payer's");
    assert_eq!(used, [half, 3 * half]);
    // The test uses limits without lots, which the check reports; nothing else is wrong.
    let mut problems = store.check().unwrap().problems;
    problems.retain(|problem| !problem.contains("of its limit"));
    assert_eq!(problems, Vec::<String>::new());
}

pub fn a_change_of_an_account_rests_on_what_was_read(open: Open<'_>) {
    let (store, other) = (open(), open());
    let treasury = Treasury::found(&store);
    at_once([&store, &other], move |store, _| {
        write(store, move |tx| {
            let mut account = tx.accounts(&[treasury.payer])?.remove(0).ledger;
            let before = account.limits.per_day.unwrap_or(0);
            account.limits = Limits { per_payment: None, per_day: Some(before + 1) };
            tx.update_account(&account)
        });
    });
    let account = read(&store, |snapshot| snapshot.accounts(&[treasury.payer])).remove(0).ledger;
    assert_eq!(account.limits.per_day, Some((WRITERS * ROUNDS) as i64));
}

/// Each counts the client's active messages, and activates one more if no other did so before it.
pub fn decisions_about_one_client_see_each_other(open: Open<'_>) {
    let (store, other) = (open(), open());
    let treasury = Treasury::found(&store);
    let numbers = at_once([&store, &other], move |store, number| {
        let submission = treasury.submission(number as u8);
        write(store, move |tx| {
            let message = tx.insert_submission(&submission)?;
            let before = tx.activations(treasury.client)?;
            tx.activate(message, treasury.client)?;
            assert_eq!(tx.activations(treasury.client)?, before + 1);
            Ok(before)
        })
    });
    let mut numbers: Vec<i64> = numbers;
    numbers.sort_unstable();
    assert_eq!(numbers, (0..(WRITERS * ROUNDS) as i64).collect::<Vec<_>>(), "no two saw the same");
}

/// Sequences grow in the order of commits: a reader that continues from the last one it saw has seen all before it; and
/// bookings of a day have smaller sequences than those of the next.
pub fn a_reader_of_sequences_misses_nothing(open: Open<'_>) {
    let (store, other) = (open(), open());
    let treasury = Treasury::found(&store);
    let total = 2 * (WRITERS * ROUNDS) as i64;
    let reader = {
        let store = other.clone();
        thread::spawn(move || {
            let (mut seen, mut last_date) = (0, MONDAY);
            while seen < total {
                let (from, to) = (MONDAY, MONDAY.checked_add(1000.days()).unwrap());
                // Both sides of each journal, by account; put together they are the sequences one after another.
                let mut found = Vec::new();
                read(&store, |snapshot| {
                    for account in [treasury.settlement, treasury.payer] {
                        let last_sequence = i64::MAX;
                        let (after, credits_only, limit) = (None, None, u32::MAX);
                        let range = EntryRange { account, from, to, last_sequence, after, credits_only, limit };
                        snapshot.entries(&range, &mut |entry| {
                            found.push((entry.sequence, entry.booking_date));
                            Ok(())
                        })?;
                    }
                    assert_eq!(snapshot.last_sequence()?, found.len() as i64);
                    Ok(())
                });
                found.sort_unstable();
                for (sequence, date) in found.into_iter().skip(seen as usize) {
                    assert_eq!(sequence, seen + 1);
                    assert!(date >= last_date, "booked on {date} after something was booked on {last_date}");
                    (seen, last_date) = (sequence, date);
                }
            }
            last_date
        })
    };
    at_once([&store, &other], move |store, number| {
        write(store, move |tx| {
            if number % 5 == 0 {
                let next = tx.business_day()?.checked_add(1.day()).unwrap();
                tx.set_business_day(next)?;
            }
            let book = tx.book(&[treasury.payer, treasury.settlement], &[])?;
            let (from, to) = (treasury.settlement, treasury.payer);
            tx.append_entries(&transfer(from, to, 1, EntrySource::Opening, book.business_day))
        });
    });
    assert!(reader.join().unwrap() > MONDAY);
}

/// A transaction that fixes sums and the newest sequence fixes those that belong together.
pub fn sums_and_the_last_sequence_agree(open: Open<'_>) {
    let (store, other) = (open(), open());
    let treasury = Treasury::found(&store);
    let fixed = at_once([&store, &other], move |store, number| {
        write(store, move |tx| {
            if number % 2 == 0 {
                let journal = transfer(treasury.settlement, treasury.payer, 1, EntrySource::Opening, MONDAY);
                tx.append_entries(&journal)?;
            }
            let days = tx.account_days(treasury.payer, MONDAY, MONDAY)?;
            Ok((days.first().map_or(0, |day| day.credit_count as i64), tx.last_sequence()?))
        })
    });
    for (credits, last_sequence) in fixed {
        assert_eq!(credits * 2, last_sequence);
    }
}
