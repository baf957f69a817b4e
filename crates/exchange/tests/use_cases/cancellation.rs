//! Cancellation by the client: until a payment is executed or handed over, once, and only of what the client may pay from.

use std::fs;
use std::sync::Arc;

use exchange::{
    AcceptancePolicy, Cancellation, CancellationOutcome, Failure, Grants, NotCancelled, RefusalStage, Settings,
    UserChange,
};
use jiff::civil::{Date, date};
use payments::{ExecutionItem, Occasion, Refusal, Stage, execute_internal};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::{self, File, payment};
use super::support::settlement_files::FileSettlement;
use super::support::*;

const TOMORROW: Date = date(2026, 11, 24);

fn all(message_id: &str) -> Cancellation {
    Cancellation { message_id: message_id.to_owned(), ..Cancellation::default() }
}

fn block(message_id: &str, id: &str) -> Cancellation {
    Cancellation { payment_information_id: Some(id.to_owned()), ..all(message_id) }
}

fn one(message_id: &str, end_to_end_id: &str) -> Cancellation {
    Cancellation { end_to_end_id: Some(end_to_end_id.to_owned()), ..all(message_id) }
}

fn number(message_id: &str, number: u32) -> Cancellation {
    Cancellation { number: Some(number), ..all(message_id) }
}

async fn cancel_as(treasury: &TestExchange, role: Role, asked: Cancellation) -> Result<CancellationOutcome, Failure> {
    let caller = treasury.caller(role).await;
    treasury.exchange.cancel(&caller, asked, None, [0; 32]).await
}

async fn cancel(treasury: &TestExchange, asked: Cancellation) -> CancellationOutcome {
    cancel_as(treasury, Role::Manager, asked).await.unwrap()
}

async fn code(treasury: &TestExchange, asked: Cancellation) -> Code {
    cancel_as(treasury, Role::Manager, asked).await.unwrap_err().code
}

/// Named, cancelled, of these before, refused otherwise, not cancelled.
fn counts(outcome: &CancellationOutcome) -> [u64; 5] {
    let CancellationOutcome { payments, cancelled, cancelled_before, refused, not_cancelled, .. } = *outcome;
    assert_eq!(payments, cancelled + refused + not_cancelled);
    [payments, cancelled, cancelled_before, refused, not_cancelled]
}

/// Places from 0, how many, and why.
fn reasons(outcome: &CancellationOutcome) -> Vec<(u32, u32, u32, Code)> {
    let reason = |kept: &NotCancelled| (kept.first, kept.last, kept.count, kept.reason.code);
    outcome.reasons.iter().map(reason).collect()
}

/// A message with a block for each account and day, each of these payments.
fn of_blocks(message_id: &str, blocks: &[(&str, Date, Vec<messages::Payment>)]) -> File {
    let mut file = File::new(message_id, Vec::new());
    let empty = file.blocks.remove(0);
    let numbered = blocks.iter().enumerate();
    file.blocks = numbered
        .map(|(number, (iban, date, payments))| messages::Block {
            id: format!("{message_id}-B{}", number + 1),
            debtor_iban: (*iban).to_owned(),
            date: *date,
            payments: payments.clone(),
        })
        .collect();
    assert!(empty.payments.is_empty());
    file
}

/// All refusals of the ministry's messages.
pub async fn refusals(treasury: &TestExchange) -> Vec<Refusal> {
    let ministry = treasury.ministry;
    let stored = treasury.store.read(move |reading| {
        let submissions = reading.submissions_of(ministry, None, 10_000)?;
        let mut all = Vec::new();
        for id in submissions {
            all.extend(reading.refusals_of(id)?);
        }
        Ok::<_, Failure>(all)
    });
    stored.await.unwrap()
}

async fn audited(treasury: &TestExchange) -> Vec<String> {
    let lines = treasury.audit_lines().await.into_iter().filter(|line| line.action == "payments.cancelled");
    lines.map(|line| line.detail).collect()
}

#[tokio::test]
async fn a_message_of_a_later_day_is_cancelled_once_and_never_executed() {
    for is_older in [false, true] {
        let treasury = TestExchange::new().await;
        let payments = vec![
            payment("A", 10_00, &municipality_account()),
            payment("B", 20_00, ESTONIAN),
            payment("C", 30_00, ESTONIAN).saying("Not allowed: №"),
            payment("D", 40_00, &municipality_account()),
        ];
        let file = File::new("MSG-1", payments).on(TOMORROW);
        let file = if is_older { file.older() } else { file };
        treasury.answer(&file.xml()).await;
        let first = cancel(&treasury, all("MSG-1")).await;
        assert_eq!((counts(&first), first.reasons.len()), ([4, 3, 0, 1, 0], 0));
        let again = cancel(&treasury, all("MSG-1")).await;
        assert_eq!(again, CancellationOutcome { cancelled_before: 3, ..first });
        treasury.check_invariants().await;

        let status = treasury.status("MSG-1").await;
        assert_eq!(group_status(&status), "RJCT");
        assert_eq!(texts(&status, "TxSts"), ["RJCT"; 4]);
        assert_eq!(status.matches("<Cd>DS02</Cd>").count(), 3, "{status}");
        let caller = treasury.caller(Role::Manager).await;
        let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
        let shown: Vec<_> = overview.refused.iter().map(|it| (it.first, it.reasons[0].code, it.stage)).collect();
        let cancelled = |place| (place, Code::CancelledByClient, RefusalStage::Execution);
        let by_check = (2, Code::CharacterNotAllowed, RefusalStage::Admission);
        assert_eq!(shown, [cancelled(0), cancelled(1), by_check, cancelled(3)]);

        treasury.exchange.operator().set_business_day(TOMORROW).await.unwrap();
        treasury.carry_out().await;
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
        let lines = audited(&treasury).await;
        assert_eq!(lines.len(), 1, "a repetition leaves no line: {lines:?}");
        assert!(lines[0].starts_with("message 1 cancelled 3 lots 0,1 address 127.0.0.1"), "{lines:?}");
        treasury.check_invariants().await;

        // They are no earlier payments of anything.
        let payments = vec![payment("A", 10_00, &municipality_account()), payment("B", 20_00, ESTONIAN)];
        let again = treasury.answer(&File::new("MSG-2", payments).on(TOMORROW).xml()).await;
        assert_eq!(group_status(&again), "ACCP", "{again}");
    }
}

#[tokio::test]
async fn a_block_is_cancelled_and_the_others_go_on() {
    let treasury = TestExchange::new().await;
    let account = ministry_account();
    let to = municipality_account();
    let file = of_blocks(
        "MSG-1",
        &[
            (&account, TODAY, vec![payment("A", 1_00, &to), payment("B", 2_00, ESTONIAN)]),
            (&account, TODAY, vec![payment("C", 4_00, &to), payment("D", 8_00, ESTONIAN)]),
        ],
    );
    treasury.answer(&file.xml()).await;
    assert_eq!(treasury.balance(&account).await, (OPENING, 15_00));
    let outcome = cancel(&treasury, block("MSG-1", "MSG-1-B2")).await;
    assert_eq!(counts(&outcome), [2, 2, 0, 0, 0]);
    assert_eq!(treasury.balance(&account).await, (OPENING, 3_00), "its holds are released");
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&account).await, (OPENING - 3_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!((group_status(&status), texts(&status, "PmtInfSts")), ("PART", vec!["ACSC", "RJCT"]));
    assert_eq!(texts(&status, "OrgnlEndToEndId"), ["C", "D"]);
    assert_eq!(code(&treasury, block("MSG-1", "MSG-1-B3")).await, Code::NotFound);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_batch_is_cancelled_in_one_row() {
    let treasury = TestExchange::with_small_chunks().await;
    treasury.answer(&File::of_many("MSG-1", 300, ESTONIAN).xml()).await;
    let outcome = cancel(&treasury, all("MSG-1")).await;
    assert_eq!(counts(&outcome), [300, 300, 0, 0, 0]);
    let rows: Vec<_> = refusals(&treasury).await.iter().map(|it| (it.first, it.last, it.count, it.lot)).collect();
    assert_eq!(rows, [(0, 299, 300, Some(0))]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn one_payment_in_the_middle_of_a_held_lot_is_not_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let clearing = Arc::new(FileSettlement::in_folder(folder.path()));
    let settings = Settings { execute_chunk_payments: 3, ..Settings::default() };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await.settled_by(clearing.clone());
    let payments = (1..=7).map(|number| payment(&format!("P-{number}"), number * 1_00, ESTONIAN)).collect();
    treasury.answer(&File::new("MSG-1", payments).xml()).await;

    let outcome = cancel(&treasury, one("MSG-1", "P-4")).await;
    assert_eq!((counts(&outcome), outcome.reasons.len()), ([1, 1, 0, 0, 0], 0));
    let last = Cancellation { instruction_id: Some("I-P-7".to_owned()), ..all("MSG-1") };
    assert_eq!(counts(&cancel(&treasury, last).await), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&cancel(&treasury, number("MSG-1", 4)).await), [1, 1, 1, 0, 0], "it was cancelled before");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 17_00));
    let status = treasury.status("MSG-1").await;
    assert_eq!((group_status(&status), texts(&status, "OrgnlEndToEndId")), ("PART", vec!["P-4", "P-7"]));
    treasury.check_invariants().await;

    treasury.exchange.work_now().await.unwrap();
    let came: Vec<String> = clearing.cleared().into_iter().map(|payment| payment.end_to_end_id).collect();
    assert_eq!(came, ["P-1", "P-2", "P-3", "P-5", "P-6"]);
    let file = fs::read_dir(clearing.outgoing()).unwrap().next().unwrap().unwrap().path();
    let before = fs::read_to_string(&file).unwrap();
    assert!(before.contains("<NbOfTxs>5</NbOfTxs>") && before.contains(">17.00</TtlIntrBkSttlmAmt>"), "{before}");
    let late = cancel_as(&treasury, Role::Manager, all("MSG-1")).await.unwrap();
    assert_eq!((counts(&late), reasons(&late)), ([7, 2, 2, 0, 5], vec![(0, 6, 5, Code::CancellationTooLate)]));
    assert_eq!(code(&treasury, one("MSG-1", "P-1")).await, Code::CancellationTooLate);

    // The next process hands the same over again, also when some of it is rejected by then.
    clearing.answer("1.xml", &[(&clearing.reference_of("P-1"), "ACSC"), (&clearing.reference_of("P-2"), "RJCT AC04")]);
    treasury.exchange.work_now().await.unwrap();
    let references = ["P-3", "P-5", "P-6"].map(|id| clearing.reference_of(id));
    fs::remove_file(&file).unwrap();
    let treasury = treasury.restart();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    clearing.answer("2.xml", &references.each_ref().map(|reference| (reference.as_str(), "ACSC")));
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 15_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!(texts(&status, "OrgnlEndToEndId"), ["P-2", "P-4", "P-7"]);
    treasury.check_invariants().await;
}

/// As the executor does it, but only so many payments.
async fn execute_first(treasury: &TestExchange, payments: u32) {
    let work = move |writing: &mut dyn store::Writing| {
        let lot = writing.lots_in_stage(Stage::Held, TODAY, None, 1)?.remove(0);
        let mut items = Vec::new();
        writing.payments(lot.id.message, Some(lot.id.number), lot.first, payments, &mut |payment| {
            let store::StoredPayment { ordinal, minor, creditor, .. } = payment;
            items.push(ExecutionItem { ordinal, minor, creditor, line: 0 });
            Ok(())
        })?;
        let accounts: Vec<_> = items.iter().filter_map(|item| item.creditor).chain([lot.debtor]).collect();
        let mut book = writing.book(&accounts, &[lot.execution_date])?;
        let occasion = Occasion { at: MORNING.parse().unwrap(), actor: "executor" };
        let step = execute_internal(&lot, &items, &mut book, occasion).unwrap();
        writing.update_lot(&step.lot)?;
        writing.append_journals(&[&step.journal.unwrap()])?;
        Ok::<_, Failure>(writing.save_book(&book)?)
    };
    treasury.store.write(work).await.unwrap();
}

#[tokio::test]
async fn of_a_partly_executed_lot_the_rest_is_cancelled() {
    let treasury = TestExchange::new().await;
    let to = municipality_account();
    let payments = (1..=6).map(|number| payment(&format!("P-{number}"), number * 1_00, &to)).collect();
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    execute_first(&treasury, 2).await;
    assert_eq!(code(&treasury, number("MSG-1", 2)).await, Code::CancellationTooLate);
    assert_eq!(counts(&cancel(&treasury, number("MSG-1", 4)).await), [1, 1, 0, 0, 0]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 14_00));
    treasury.check_invariants().await;

    let rest = cancel(&treasury, all("MSG-1")).await;
    assert_eq!((counts(&rest), reasons(&rest)), ([6, 4, 1, 0, 2], vec![(0, 1, 2, Code::CancellationTooLate)]));
    let again = cancel(&treasury, all("MSG-1")).await;
    assert_eq!(again, CancellationOutcome { cancelled_before: 4, ..rest });
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!((group_status(&status), texts(&status, "OrgnlEndToEndId").len()), ("PART", 4));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn cancelled_payments_are_skipped_where_the_rest_of_a_lot_is_executed() {
    let treasury = TestExchange::new().await;
    let to = municipality_account();
    let payments = (1..=5).map(|number| payment(&format!("P-{number}"), number * 1_00, &to)).collect();
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    for place in [1, 3, 5] {
        assert_eq!(counts(&cancel(&treasury, number("MSG-1", place)).await), [1, 1, 0, 0, 0]);
    }
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&to).await, (6_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!(texts(&status, "OrgnlEndToEndId"), ["P-1", "P-3", "P-5"]);
    assert_eq!(code(&treasury, number("MSG-1", 2)).await, Code::CancellationTooLate);
    // The last open payment ends its lot.
    let payments = (1..=2).map(|number| payment(&format!("Q-{number}"), number * 1_00, &to)).collect();
    treasury.answer(&File::new("MSG-2", payments).xml()).await;
    for id in ["Q-2", "Q-1"] {
        cancel(&treasury, one("MSG-2", id)).await;
    }
    assert_eq!(group_status(&treasury.status("MSG-2").await), "RJCT");
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 6_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_is_left_needs_only_its_own_funds() {
    let treasury = TestExchange::new().await;
    let second = ministry_second_account();
    let payments = vec![payment("A", 400_00, &municipality_account()), payment("B", 300_00, &municipality_account())];
    treasury.answer(&File::new("MSG-1", payments).from(&second).on(TOMORROW).xml()).await;
    treasury.exchange.operator().set_business_day(TOMORROW).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACCP", "it waits for funds");
    assert_eq!(counts(&cancel(&treasury, one("MSG-1", "B")).await), [1, 1, 0, 0, 0]);
    treasury.check_invariants().await;
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&second).await, (100_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_is_executed_stays_and_is_named_and_the_rest_is_cancelled() {
    let treasury = TestExchange::new().await;
    let account = ministry_account();
    let file = of_blocks(
        "MSG-1",
        &[
            (&account, TODAY, vec![payment("A", 1_00, &municipality_account()), payment("B", 2_00, ESTONIAN)]),
            (&account, TOMORROW, vec![payment("C", 4_00, ESTONIAN)]),
        ],
    );
    treasury.answer(&file.xml()).await;
    treasury.exchange.work_now().await.unwrap();
    let first = cancel(&treasury, all("MSG-1")).await;
    let too_late = |place| (place, place, 1, Code::CancellationTooLate);
    assert_eq!((counts(&first), reasons(&first)), ([3, 1, 0, 0, 2], vec![too_late(0), too_late(1)]));
    assert!(first.reasons.iter().all(|kept| kept.payment_information_id == "MSG-1-B1"));
    treasury.carry_out().await;
    let again = cancel(&treasury, all("MSG-1")).await;
    assert_eq!(again, CancellationOutcome { cancelled_before: 1, ..first });
    for late in [block("MSG-1", "MSG-1-B1"), one("MSG-1", "B"), number("MSG-1", 1)] {
        assert_eq!(code(&treasury, late).await, Code::CancellationTooLate);
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_payment_is_named_so_that_it_is_the_only_one() {
    let treasury = TestExchange::new().await;
    let account = ministry_account();
    let file = of_blocks(
        "MSG-1",
        &[
            (&account, TOMORROW, vec![payment("NOTPROVIDED", 1_00, ESTONIAN), payment("A", 2_00, ESTONIAN)]),
            (&account, TOMORROW, vec![payment("NOTPROVIDED", 4_00, GERMAN)]),
        ],
    );
    let xml = file.xml().replacen("I-NOTPROVIDED", "I-1", 1).replacen("I-NOTPROVIDED", "I-2", 1);
    assert_eq!(group_status(&treasury.answer(&xml).await), "ACCP");
    assert_eq!(code(&treasury, one("MSG-1", "NOTPROVIDED")).await, Code::SeveralPaymentsNamed);
    for nothing in [
        one("MSG-1", "B"),
        one("MSG-2", "A"),
        number("MSG-1", 4),
        number("MSG-1", u32::MAX),
        Cancellation { number: Some(1), ..one("MSG-1", "A") },
        Cancellation { number: Some(1), ..block("MSG-1", "MSG-1-B2") },
    ] {
        assert_eq!(code(&treasury, nothing.clone()).await, Code::NotFound, "{nothing:?}");
    }
    assert_eq!(refusals(&treasury).await, []);
    let in_block = Cancellation { end_to_end_id: Some("NOTPROVIDED".to_owned()), ..block("MSG-1", "MSG-1-B2") };
    assert_eq!(counts(&cancel(&treasury, in_block).await), [1, 1, 0, 0, 0]);
    let rows: Vec<u32> = refusals(&treasury).await.iter().map(|refusal| refusal.first).collect();
    assert_eq!(rows, [2]);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn only_who_may_pay_from_the_account_cancels() {
    let treasury = TestExchange::new().await;
    let (first, second) = (ministry_account(), ministry_second_account());
    let file = of_blocks(
        "MSG-1",
        &[
            (&first, TOMORROW, vec![payment("A", 1_00, ESTONIAN)]),
            (&second, TOMORROW, vec![payment("B", 2_00, ESTONIAN)]),
        ],
    );
    treasury.answer(&file.xml()).await;
    let refused = |role| {
        let treasury = &treasury;
        async move { cancel_as(treasury, role, all("MSG-1")).await.unwrap_err().code }
    };
    assert_eq!(refused(Role::Viewer).await, Code::ViewUserMayNotPay);
    assert_eq!(refused(Role::Neighbour).await, Code::NotFound, "another client's message is unknown");

    let operator = treasury.exchange.operator();
    let change = async |role: Role, change: UserChange| {
        let user = treasury.caller(role).await.identity().user.id;
        assert!(operator.change_online_user(user, change).await.unwrap());
    };
    let withdrawal = UserChange::Withdraw(Grants::These(vec![second.clone()]));
    change(Role::Manager, withdrawal.clone()).await;
    change(Role::OtherManager, withdrawal).await;
    assert_eq!(refused(Role::OtherManager).await, Code::NotFound, "it has not sent it");
    let failure = cancel_as(&treasury, Role::Manager, one("MSG-1", "B")).await.unwrap_err();
    assert_eq!((failure.code, failure.detail), (Code::AccountNotGranted, second.clone()));
    let partly = cancel(&treasury, all("MSG-1")).await;
    assert_eq!((counts(&partly), reasons(&partly)), ([2, 1, 0, 0, 1], vec![(1, 1, 1, Code::AccountNotGranted)]));
    change(Role::OtherManager, UserChange::Grant(Grants::All)).await;
    let other = cancel_as(&treasury, Role::OtherManager, all("MSG-1")).await.unwrap();
    assert_eq!(counts(&other), [2, 2, 1, 0, 0], "a colleague with all accounts cancels the rest");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn an_operator_cancels_for_the_client() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 1_00, ESTONIAN), payment("B", 2_00, &municipality_account())];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    let operator = treasury.exchange.operator().acting_as("uid 1000");
    let neighbour = treasury.caller(Role::Neighbour).await.identity().client.id;
    let foreign = operator.cancel(neighbour, all("MSG-1")).await.unwrap_err();
    assert_eq!((foreign.code, foreign.detail.as_str()), (Code::NotFound, "MSG-1"));
    let outcome = operator.cancel(treasury.ministry, one("MSG-1", "B")).await.unwrap();
    assert_eq!(counts(&outcome), [1, 1, 0, 0, 0]);
    treasury.carry_out().await;
    assert_eq!(operator.cancel(treasury.ministry, all("MSG-1")).await.map(|it| counts(&it)), Ok([2, 1, 1, 0, 1]));
    let lines = treasury.audit_lines().await;
    let line = lines.iter().find(|line| line.action == "payments.cancelled").unwrap();
    // The export of the client finds the line by its number.
    let detail = format!("message 1 cancelled 1 lots 1 number 2 client {}", treasury.ministry.0);
    assert_eq!((line.actor.as_str(), line.detail.as_str()), ("operator uid 1000", detail.as_str()));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 1_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_was_refused_or_is_not_judged_is_not_cancelled() {
    let treasury = TestExchange::with_small_chunks().await;
    let refused = File::new("MSG-1", vec![payment("A", 2 * OPENING, ESTONIAN)]);
    assert_eq!(group_status(&treasury.answer(&refused.xml()).await), "RJCT");
    assert_eq!(code(&treasury, all("MSG-1")).await, Code::CancellationTooLate);
    left_over(&treasury, &File::of_many("MSG-2", 300, ESTONIAN).xml()).await;
    assert_eq!(code(&treasury, all("MSG-2")).await, Code::MessageInProgress);

    let demand = UserChange::RequireSignature(true);
    treasury.answer(&File::new("MSG-3", vec![payment("B", 1_00, ESTONIAN)]).on(TOMORROW).xml()).await;
    let caller = treasury.caller(Role::Manager).await;
    assert!(treasury.exchange.operator().change_online_user(caller.identity().user.id, demand).await.unwrap());
    let unsigned = treasury.exchange.cancel(&caller, all("MSG-3"), None, [0; 32]).await;
    assert_eq!(unsigned.unwrap_err().code, Code::SignatureRequired);
    assert_eq!(audited(&treasury).await, Vec::<String>::new());
}

/// Execution and hand-over go on while clients cancel: each payment is executed or cancelled, and what the answer says is true.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_with_execution_has_one_winner_for_each_payment() {
    const MESSAGES: usize = 6;
    const PAYMENTS: i64 = 12;
    let settings = Settings { execute_chunk_payments: 2, lots_together_max: 2, ..Settings::default() };
    let treasury = Arc::new(TestExchange::with(AcceptancePolicy::Partial, settings).await);
    for message in 0..MESSAGES {
        let payments = (0..PAYMENTS).map(|number| {
            let to = if number % 3 == 0 { ESTONIAN.to_owned() } else { municipality_account() };
            payment(&format!("P-{message}-{number}"), 1_00, &to)
        });
        treasury.answer(&File::new(&format!("MSG-{message}"), payments.collect()).xml()).await;
    }
    let working = {
        let treasury = Arc::clone(&treasury);
        tokio::spawn(async move { treasury.exchange.work_now().await.unwrap() })
    };
    let cancelling: Vec<_> = (0..MESSAGES)
        .rev()
        .map(|message| {
            let treasury = Arc::clone(&treasury);
            tokio::spawn(async move {
                let id = format!("MSG-{message}");
                let asked = if message % 2 == 0 { all(&id) } else { number(&id, 12) };
                match cancel_as(&treasury, Role::Manager, asked).await {
                    Ok(outcome) => outcome.cancelled,
                    Err(failure) => {
                        assert_eq!(failure.code, Code::CancellationTooLate);
                        0
                    }
                }
            })
        })
        .collect();
    let mut cancelled = 0;
    for answer in cancelling {
        cancelled += answer.await.unwrap();
    }
    working.await.unwrap();
    treasury.check_invariants().await;
    treasury.carry_out().await;
    let paid = MESSAGES as i64 * PAYMENTS - i64::try_from(cancelled).unwrap();
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - paid * 1_00, 0));
    let rows: u32 = refusals(&treasury).await.iter().map(|refusal| refusal.count).sum();
    assert_eq!(u64::from(rows), cancelled);
    treasury.check_invariants().await;
}
