//! Lots that take their steps together end as lots that take them one by one: a random history gives the same books, entries,
//! days, stages, events, refusals and statuses, on each store.

use std::fmt::Write as _;

use exchange::{AcceptancePolicy, AccountState, Failure, Settings};
use jiff::ToSpan;
use jiff::civil::Date;
use payments::{MessageId, PaymentRecord, Stage};
use store::{EntryCause, EntryRange, HousePurpose, Reading};

use super::random_histories::Draws;
use super::support::messages::{Block, File, payment};
use super::support::*;

/// Each is a history of its own; a failing one is named.
const SEEDS: u64 = 3;
/// Those that are repeated on PostgreSQL, where it is installed.
const SEEDS_ON_POSTGRESQL: u64 = 1;
const DAYS: usize = 3;

const TEXTS: [&str; 7] = [
    "SIMULATE RETURN AC04",
    "SIMULATE REJECT AM09",
    "SIMULATE DELAY",
    "Invoice",
    "Invoice",
    "Invoice",
    "Not allowed: №",
];

#[tokio::test]
async fn lots_taken_together_end_as_lots_taken_one_by_one() {
    let mut all = String::new();
    for seed in 1..=seeds(SEEDS) {
        let on_sqlite = ends_of(seed, Place::folder, &mut all).await;
        if seed <= seeds(SEEDS_ON_POSTGRESQL) && Place::database().is_some() {
            let on_postgresql = ends_of(seed, || Place::database().unwrap(), &mut all).await;
            assert_eq!(on_sqlite, on_postgresql, "seed {seed}");
        }
    }
    for kind in ["Completed", "Refused", "AwaitingFunds", "Scheduled", "return of", "Settlement", "Execution"] {
        assert!(all.contains(kind), "{kind} never happened");
    }
}

/// The end of a history, whichever way its lots go.
async fn ends_of(seed: u64, place: impl Fn() -> Place, all: &mut String) -> String {
    let mut ends = Vec::new();
    for lots_together_max in [1, 3, 200] {
        let settings = Settings { lots_together_max, ..Settings::default() };
        let treasury = TestExchange::placed(place(), AcceptancePolicy::Partial, settings).await;
        live(seed, &treasury).await;
        treasury.check_invariants().await;
        ends.push(shown(&treasury).await);
    }
    let first = ends.swap_remove(0);
    assert!(ends.iter().all(|end| *end == first), "seed {seed}: {ends:#?}\nand one by one {first}");
    all.push_str(&first);
    first
}

async fn live(seed: u64, treasury: &TestExchange) {
    let mut draws = Draws::of(seed);
    let (mut today, mut number) = (TODAY, 0);
    let operator = treasury.exchange.operator();
    for day in 0..DAYS {
        for _ in 0..4 {
            for _ in 0..=draws.below(8) {
                number += 1;
                let (role, file) = message(&mut draws, &format!("H{number}"), today);
                answered(treasury.submit(role, &file.xml()).await);
            }
            if draws.chance(30) {
                let state = draws.one_of(&[AccountState::Blocked, AccountState::Open, AccountState::Open]);
                let account = draws.one_of(&[1, 2, 3]);
                operator.set_account_state(&treasury_iban(account), state).await.unwrap();
            }
            if draws.chance(40) {
                let account = treasury_iban(draws.one_of(&[2, 3]));
                // To a blocked account nothing comes.
                let open = is_open(treasury, &account).await;
                let minor = i64::try_from(1 + draws.below(60_000)).unwrap();
                if open {
                    treasury.credit(&account, minor).await;
                }
            }
            treasury.exchange.work_now().await.unwrap();
            if draws.chance(60) {
                treasury.clock.advance(jiff::SignedDuration::from_secs(10));
                treasury.exchange.work_now().await.unwrap();
            }
        }
        if day + 1 < DAYS {
            today = operator.advance_business_day().await.unwrap();
        }
    }
    for account in 1..=3 {
        operator.set_account_state(&treasury_iban(account), AccountState::Open).await.unwrap();
    }
    treasury.carry_out().await;
}

async fn is_open(treasury: &TestExchange, iban: &str) -> bool {
    let iban = iban.to_owned();
    let read = treasury.store.read(move |reading| {
        Ok::<_, Failure>(reading.accounts_by_iban(&[&iban])?.remove(0).ledger.state == AccountState::Open)
    });
    read.await.unwrap()
}

/// A message of few payments: most lots have one.
fn message(draws: &mut Draws, id: &str, today: Date) -> (Role, File) {
    let (role, debtors) = draws.one_of(&[(Role::Manager, [1, 2]), (Role::Manager, [1, 1]), (Role::Neighbour, [3, 3])]);
    let mut file = File::new(id, Vec::new());
    file.blocks = (0..=draws.below(2))
        .map(|block| {
            let days = draws.one_of(&[0, 0, 0, 1]);
            let payments = (0..=draws.below(3)).map(|number| {
                let cents = i64::try_from(1 + draws.below(40_000)).unwrap();
                let internal = draws.one_of(&[1, 2, 3]);
                let to = if draws.chance(50) { treasury_iban(internal) } else { ESTONIAN.to_owned() };
                let reference = format!("{id}-{block}-{number}");
                payment(&reference, cents, &to).saying(&format!("{} {reference}", draws.one_of(&TEXTS)))
            });
            let payments = payments.collect();
            let (id, debtor_iban) = (format!("{id}-{block}"), treasury_iban(draws.one_of(&debtors)));
            Block { id, debtor_iban, date: today.checked_add(i64::from(days).days()).unwrap(), payments }
        })
        .collect();
    (role, file)
}

/// All that can be told of a treasury afterwards, without the order in which entries of a day were booked.
async fn shown(treasury: &TestExchange) -> String {
    let read = treasury.store.read(|reading| {
        let mut text = String::new();
        let mut accounts: Vec<_> = (1..=3).map(treasury_iban).collect();
        let house = reading.house_account(HousePurpose::Settlement)?;
        accounts.extend(reading.accounts(&[house])?.into_iter().map(|account| account.iban));
        for iban in accounts {
            let account = reading.accounts_by_iban(&[&iban])?.remove(0).ledger;
            let _ = writeln!(text, "account {iban} {} {} {:?}", account.balance, account.held, account.state);
            let day = |days: i64| TODAY.checked_add(days.days()).unwrap();
            for day in reading.account_days(account.id, day(-1), day(30))? {
                let _ = writeln!(text, "{day:?}");
            }
            let range = EntryRange {
                account: account.id,
                from: day(-1),
                to: day(30),
                last_sequence: i64::MAX,
                after: None,
                credits_only: None,
                limit: 100_000,
            };
            let mut entries = Vec::new();
            reading.entries(&range, &mut |entry| {
                let cause = match entry.cause {
                    EntryCause::Payment { message_id, record, .. } => {
                        format!("{message_id} {}", PaymentRecord::decode(record).unwrap().end_to_end_id)
                    }
                    EntryCause::Incoming { credit, original } => {
                        let returned = original.map(|original| original.message_id.to_owned());
                        format!("return of {returned:?} {} {}", credit.end_to_end_id, credit.remittance)
                    }
                    EntryCause::None => String::new(),
                };
                entries.push(format!("{} {} {:?} {cause}", entry.booking_date, entry.minor, entry.kind));
                Ok(())
            })?;
            entries.sort();
            text += &entries.join("\n");
            text.push('\n');
        }
        lots(reading, &mut text)?;
        Ok::<_, Failure>(text)
    });
    read.await.unwrap()
}

/// Lots with their events, refusals, and what was accepted of them.
fn lots(reading: &mut dyn Reading, text: &mut String) -> Result<(), Failure> {
    let mut messages = std::collections::BTreeSet::new();
    for stage in
        [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched, Stage::Completed, Stage::Refused]
    {
        let lots = reading.lots_in_stage(stage, Date::MAX, None, 100_000)?;
        messages.extend(lots.iter().map(|lot| lot.id.message));
    }
    // Their numbers may have gaps, and others on each store.
    for (number, message) in messages.into_iter().enumerate() {
        let numbered = MessageId(i64::try_from(number).unwrap());
        for mut lot in reading.lots_of(message)? {
            lot.id.message = numbered;
            lot.debtor = exchange::AccountId(0);
            let _ = writeln!(text, "{lot:?}");
        }
        let mut events = reading.events_of(message)?;
        events.sort_by_key(|event| event.lot);
        for mut event in events {
            event.lot.message = numbered;
            let _ = writeln!(text, "{event:?}");
        }
        for mut refusal in reading.refusals_of(message)? {
            refusal.message = numbered;
            let _ = writeln!(text, "{refusal:?}");
        }
    }
    Ok(())
}
