//! A newer program migrates the schema while nodes of the previous version keep serving from it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use ledger::{DailyUse, Growth, Limits};
use payments::{Event, Lot, LotId, MessageId, Stage};
use store::{DuplicateKey, Message, PaymentRow, PostgresOptions, Store, StoreError};

use crate::fresh;
use crate::previous::{GRANTS, Order, Previous, SCHEMA, SHAPE, TAKE_BACK};
use crate::support::{MONDAY, Treasury, at, write};

/// Payments of the message that waits to be decided on, each a lot of its own.
const PAYMENTS: u32 = 240;
const MINOR: i64 = 100;

/// A schema of the previous version, made by its owner and served by `clerk`; and the message's payments.
struct Upgrade {
    owner: Previous,
    options: PostgresOptions,
    treasury: Treasury,
    message: MessageId,
}

impl Upgrade {
    fn prepare() -> Option<Upgrade> {
        let (cluster, options) = fresh()?;
        let options = PostgresOptions { url: cluster.clerk_url(), owner_url: Some(cluster.url()), ..options };
        let store = Store::open_postgres(options.clone()).unwrap();
        let treasury = Treasury::found(&store);
        treasury.fund(&store, treasury.payer, 2 * MINOR * i64::from(PAYMENTS), MONDAY);
        let message = treasury.receive(&store, 1);
        write(&store, move |tx| {
            tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, PAYMENTS)])?;
            let row = |place| PaymentRow {
                ordinal: place,
                block: 0,
                lot: Some(place),
                minor: MINOR,
                creditor: None,
                record: b"",
            };
            tx.stage_payments(message, &(0..PAYMENTS).map(row).collect::<Vec<_>>())?;
            let key = |ordinal| DuplicateKey { hash: i64::from(ordinal), ordinal };
            tx.stage_duplicate_keys(message, &mut (0..PAYMENTS).map(key).collect::<Vec<_>>())?;
            tx.insert_message(&Message { payments: PAYMENTS, ..treasury.message(message, "MSG-1", 1) })?;
            tx.activate(message, treasury.client)
        });
        drop(store);
        let owner = Previous::connect(&cluster.url(), &options);
        owner.run(TAKE_BACK);
        Some(Upgrade { owner, options, treasury, message })
    }

    fn order(&self, place: u32) -> Order {
        let lot = LotId { message: self.message, number: place };
        Order { lot, debtor: self.treasury.payer, date: MONDAY, minor: MINOR }
    }

    /// What a node of this version does with one of the payments.
    fn accept(&self, store: &Store, place: u32) {
        let (treasury, order) = (self.treasury, self.order(place));
        write(store, move |tx| {
            let mut book = tx.book(&[order.debtor], &[order.date])?;
            let limits = book.account(order.debtor).unwrap().limits;
            let refused = |error: ledger::BookError| StoreError::Refused(error.to_string());
            book.reserve_limit(order.debtor, order.date, order.minor).map_err(refused)?;
            book.hold(order.debtor, order.minor).map_err(refused)?;
            let lot = treasury.lot(order.lot.message, place, place, place);
            tx.insert_lots(&[Lot { stage: Stage::Held, limit_per_payment: limits.per_payment, ..lot }])?;
            tx.append_events(&[Event {
                lot: order.lot,
                stage: Stage::Held,
                at: at(1),
                business_day: MONDAY,
                actor: "a node of this version".to_owned(),
                reason: None,
            }])?;
            tx.save_book(&book)
        });
    }

    fn limit(&self, store: &Store, limits: Limits) {
        let payer = self.treasury.payer;
        write(store, move |tx| {
            let mut account = tx.accounts(&[payer])?.remove(0).ledger;
            account.limits = limits;
            tx.update_account(&account)
        });
    }

    fn used(&self, store: &Store) -> DailyUse {
        let payer = self.treasury.payer;
        write(store, move |tx| {
            let book = tx.book(&[payer], &[MONDAY])?;
            Ok(book.daily_use().next().unwrap().2)
        })
    }
}

fn problems(store: &Store) -> Vec<String> {
    store.check().unwrap().problems
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    // Ends a test that hangs; it measures nothing.
    let watchdog = Instant::now() + Duration::from_secs(300);
    while !holds() {
        assert!(Instant::now() < watchdog, "{what}");
    }
}

/// A node of the previous version that works on some of the payments: half of them at once, the others on request.
fn serve(
    upgrade: &Upgrade,
    places: Vec<u32>,
    accepted: &Arc<AtomicUsize>,
) -> (mpsc::Sender<()>, thread::JoinHandle<()>) {
    let (go_on, told) = mpsc::channel();
    let (options, accepted) = (upgrade.options.clone(), Arc::clone(accepted));
    let orders: Vec<Order> = places.into_iter().map(|place| upgrade.order(place)).collect();
    let node = Previous::connect(&options.url, &options);
    let serving = thread::spawn(move || {
        for (number, order) in orders.iter().enumerate() {
            if number == orders.len() / 2 {
                told.recv().unwrap();
            }
            node.accept(*order).unwrap();
            if number % 3 == 0 {
                node.refuse(*order).unwrap();
            }
            accepted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (go_on, serving)
}

#[test]
fn nodes_of_the_previous_version_serve_on_while_the_first_new_one_migrates() {
    let Some(upgrade) = Upgrade::prepare() else { return };
    let accepted = Arc::new(AtomicUsize::new(0));
    let share = |of: u32| (0..PAYMENTS).filter(|place| place % 3 == of).collect::<Vec<u32>>();
    let nodes = [0, 1].map(|of| serve(&upgrade, share(of), &accepted));
    eventually("the old nodes work", || accepted.load(Ordering::SeqCst) > 5);
    let store = Store::open_postgres(upgrade.options.clone()).unwrap();

    // Old and new ones work on the same account, of which the limit changes.
    let mut ours = share(2).into_iter();
    upgrade.limit(&store, Limits { per_payment: Some(MINOR), per_day: Some(MINOR * i64::from(PAYMENTS)) });
    ours.by_ref().take(20).for_each(|place| upgrade.accept(&store, place));
    assert!(upgrade.used(&store).growth.is_some());
    nodes.iter().for_each(|(go_on, _)| go_on.send(()).unwrap());
    ours.for_each(|place| upgrade.accept(&store, place));
    upgrade.limit(&store, Limits { per_payment: None, per_day: Some(1) });
    for (_, serving) in nodes {
        serving.join().unwrap();
    }
    assert_eq!(accepted.load(Ordering::SeqCst), share(0).len() + share(1).len());

    let lots = store.read_blocking(|snapshot| snapshot.lots_of(upgrade.message)).unwrap();
    assert_eq!(lots.len(), PAYMENTS as usize);
    for lot in lots {
        let ours = lot.id.number % 3 == 2;
        assert_eq!(lot.limit_per_payment, ours.then_some(MINOR), "{lot:?}");
    }
    assert_eq!(problems(&store), Vec::<String>::new());
    // The check compares payments accepted under a known limit with it.
    upgrade.owner.run("UPDATE lot SET limit_per_payment = limit_per_payment - 1");
    let found = problems(&store);
    assert_eq!(found.len(), share(2).len(), "{found:#?}");
    assert!(found.iter().all(|problem| problem.starts_with("c: payment ")), "{found:#?}");
}

#[test]
fn a_use_that_an_old_node_let_grow_is_not_held_against_the_limit_of_another_decision() {
    let Some(upgrade) = Upgrade::prepare() else { return };
    let old = Previous::connect(&upgrade.options.url, &upgrade.options);
    let store = Store::open_postgres(upgrade.options.clone()).unwrap();
    upgrade.limit(&store, Limits { per_payment: None, per_day: Some(MINOR) });
    upgrade.accept(&store, 0);
    let growth = Some(Growth { to: MINOR, limit: MINOR });
    assert_eq!(upgrade.used(&store), DailyUse { minor: MINOR, growth });
    upgrade.limit(&store, Limits { per_payment: None, per_day: Some(10 * MINOR) });
    (1..PAYMENTS).for_each(|place| old.accept(upgrade.order(place)).unwrap());
    assert_eq!(upgrade.used(&store), DailyUse { minor: MINOR * i64::from(PAYMENTS), growth });
    assert_eq!(problems(&store), Vec::<String>::new());
}

/// A check of a large database may take an hour, in which no migration can change its tables; no other transaction
/// waits for that.
#[test]
fn who_waits_behind_a_migration_does_not_wait_for_what_it_waits_for() {
    let Some(upgrade) = Upgrade::prepare() else { return };
    upgrade.owner.run("BEGIN");
    upgrade.owner.text("SELECT count(*)::text FROM lot");
    let watch = Previous::connect(upgrade.options.owner_url.as_ref().unwrap(), &upgrade.options);
    let options = upgrade.options.clone();
    let opening = thread::spawn(move || Store::open_postgres(options).unwrap());
    let waits = format!(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'
            AND relation = '{}.lot'::regclass)::text",
        upgrade.options.schema
    );
    eventually("the migration waits for the table", || watch.text(&waits) == "true");
    let impatient = PostgresOptions { lock_timeout: Duration::from_secs(8), ..upgrade.options.clone() };
    let old = Previous::connect(&impatient.url, &impatient);
    (0..PAYMENTS).for_each(|place| old.accept(upgrade.order(place)).unwrap());
    assert!(!opening.is_finished(), "the table is still read");
    upgrade.owner.run("COMMIT");
    assert_eq!(problems(&opening.join().unwrap()), Vec::<String>::new());
}

/// The tests' previous version equals what that version made.
#[test]
fn the_schema_of_the_previous_version_is_what_it_made_and_its_rights_follow() {
    let Some(upgrade) = Upgrade::prepare() else { return };
    let Some((cluster, options)) = fresh() else { return };
    let schema = &options.schema;
    let made = Previous::unprepared(&cluster.url(), &options);
    made.run(&format!("CREATE SCHEMA {schema}; CREATE TABLE schema_version (version BIGINT NOT NULL); {SCHEMA}"));
    made.run(&format!("INSERT INTO schema_version VALUES (1); {}", GRANTS.replace("{schema}", schema)));
    assert_eq!(upgrade.owner.text(SHAPE), made.text(SHAPE));

    let serving = PostgresOptions { url: cluster.clerk_url(), ..options };
    let without_owner = Store::open_postgres(serving.clone()).unwrap_err();
    assert!(matches!(&without_owner, StoreError::Refused(text) if text.contains("owner")), "{without_owner}");
    drop(Store::open_postgres(PostgresOptions { owner_url: Some(cluster.url()), ..serving.clone() }).unwrap());
    // Once it is migrated, the owner is not needed.
    let store = Store::open_postgres(serving).unwrap();
    let treasury = Treasury::found(&store);
    write(&store, move |tx| {
        let mut account = tx.accounts(&[treasury.payer])?.remove(0).ledger;
        account.limits.per_day = Some(500);
        tx.update_account(&account)?;
        let mut book = tx.book(&[treasury.payer], &[MONDAY])?;
        book.reserve_limit(treasury.payer, MONDAY, 400).unwrap();
        tx.save_book(&book)
    });
    let granted = made.text("SELECT grown_to || ' of ' || limit_per_day FROM daily_use");
    assert_eq!(granted, "400 of 500");
}
