//! The settlement system as a port: a clearing house that exchanges files, which answers in any order, more than once, late, and
//! sometimes what cannot be true. Processes end between any two steps.

mod histories;

use std::fs;
use std::sync::Arc;

use exchange::{AcceptancePolicy, AccountState, Alarm, Failure, Settings};
use rulebook::Code;
use tempfile::TempDir;

use super::support::messages::{File, payment};
use super::support::settlement_files::FileSettlement;
use super::support::*;

/// Payments that are booked in one transaction: so few that lots take several.
const AT_A_TIME: u32 = 3;

/// A treasury whose payments to other banks go to a clearing house, and the clearing house's folder.
async fn treasury() -> (TestExchange, Arc<FileSettlement>, TempDir) {
    treasury_with(Settings { execute_chunk_payments: AT_A_TIME, ..Settings::default() }).await
}

async fn treasury_with(settings: Settings) -> (TestExchange, Arc<FileSettlement>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clearing = Arc::new(FileSettlement::in_folder(folder.path()));
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
    (treasury.settled_by(clearing.clone()), clearing, folder)
}

async fn work(treasury: &TestExchange) {
    treasury.exchange.work_now().await.unwrap();
    treasury.check_invariants().await;
}

async fn lines(treasury: &TestExchange, action: &str) -> Vec<String> {
    let lines = treasury.audit_lines().await.into_iter().filter(|line| line.action == action);
    lines.map(|line| line.detail).collect()
}

/// What a client sees of all that can be told apart: balance and hold of the payer, and the statuses of a message.
async fn seen(treasury: &TestExchange, message_id: &str) -> ((i64, i64), String) {
    let statuses = texts(&treasury.status(message_id).await, "DtldSts").join(" ");
    (treasury.balance(&ministry_account()).await, statuses)
}

fn of_payments(message_id: &str, count: i64) -> File {
    let payments = (1..=count).map(|number| payment(&format!("{message_id}-{number}"), number * 1_00, ESTONIAN));
    File::new(message_id, payments.collect())
}

#[tokio::test]
async fn a_lot_is_handed_over_whole_and_a_repetition_changes_nothing() {
    let (treasury, clearing, _folder) = treasury().await;
    let mut file = of_payments("MSG-1", 7);
    file.blocks[0].payments.insert(2, payment("INTERNAL", 5_00, &municipality_account()));
    file.blocks[0].payments.insert(4, payment("REFUSED", 9_00, ESTONIAN).saying("Not allowed: №"));
    treasury.answer(&file.xml()).await;
    work(&treasury).await;
    let came = clearing.cleared();
    let ids: Vec<&str> = came.iter().map(|payment| payment.end_to_end_id.as_str()).collect();
    assert_eq!(ids, (1..=7).map(|number| format!("MSG-1-{number}")).collect::<Vec<_>>());
    assert_eq!(came.iter().map(|payment| payment.cents).sum::<i64>(), 28_00);

    // Some are settled when the next process hands the lot over again, and it is the same.
    clearing.answer("1.xml", &[(&came[0].reference, "ACSC"), (&came[1].reference, "RJCT AC04")]);
    work(&treasury).await;
    let file = fs::read_dir(clearing.outgoing()).unwrap().next().unwrap().unwrap().path();
    let before = fs::read(&file).unwrap();
    // The clearing house has lost it, say: what comes then is what came before.
    fs::remove_file(&file).unwrap();
    let treasury = treasury.restart();
    work(&treasury).await;
    assert_eq!(String::from_utf8(fs::read(&file).unwrap()), String::from_utf8(before));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 6_00, 25_00));
}

#[tokio::test]
async fn answers_come_in_any_order_in_any_pieces_and_more_than_once() {
    let (treasury, clearing, _folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 8).xml()).await;
    work(&treasury).await;
    let reference = |number: usize| clearing.reference_of(&format!("MSG-1-{number}"));
    // The last ones first: nothing can be booked, and nothing is lost.
    clearing.answer("a.xml", &[(&reference(8), "ACSC"), (&reference(7), "RJCT AC04")]);
    clearing.answer("b.xml", &[(&reference(5), "ACSC"), (&reference(5), "ACSC")]);
    work(&treasury).await;
    assert_eq!(seen(&treasury, "MSG-1").await, ((OPENING, 36_00), "ACSP ACSP".to_owned()));
    assert_eq!(clearing.unconfirmed(), ["a.xml", "b.xml"]);
    let treasury = treasury.restart();
    work(&treasury).await;
    clearing.answer("c.xml", &[(&reference(2), "ACSC"), (&reference(1), "ACSC"), (&reference(3), "PDNG")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 33_00));
    assert_eq!(clearing.unconfirmed(), ["a.xml", "b.xml"], "what is booked is confirmed, what waits is not");
    // Once more what was said, and what was still to come.
    clearing.answer("d.xml", &[(&reference(1), "ACSC"), (&reference(4), "ACSC"), (&reference(3), "ACSC")]);
    clearing.answer("e.xml", &[(&reference(7), "RJCT AC04"), (&reference(6), "ACSC")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 29_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!((group_status(&status), texts(&status, "OrgnlEndToEndId")), ("PART", vec!["MSG-1-7"]));
    // A week later they say it all again.
    clearing.answer("f.xml", &[(&reference(1), "ACSC"), (&reference(3), "PDNG"), (&reference(7), "RJCT AC04")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 29_00, 0));
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
    assert!(!treasury.exchange.health().stands(Alarm::SettlementAnswersRefused));
}

#[tokio::test]
async fn an_answer_that_cannot_be_true_books_nothing_and_everybody_can_see_it() {
    let (treasury, clearing, _folder) = treasury().await;
    let mut file = of_payments("MSG-1", 4);
    file.blocks[0].payments.push(payment("INTERNAL", 5_00, &municipality_account()));
    file.blocks[0].payments.push(payment("TOO-MUCH", 2 * OPENING, ESTONIAN));
    treasury.answer(&file.xml()).await;
    let later = of_payments("MSG-2", 1).on(jiff::civil::date(2026, 11, 25));
    treasury.answer(&later.xml()).await;
    work(&treasury).await;
    let all: Vec<String> = (1..=4).map(|number| clearing.reference_of(&format!("MSG-1-{number}"))).collect();
    clearing.answer("0.xml", &[(&all[0], "ACSC"), (&all[1], "RJCT AC04")]);
    work(&treasury).await;
    let (message, _) = all[0].split_once('-').unwrap();
    let message: i64 = message.parse().unwrap();
    let before = seen(&treasury, "MSG-1").await;
    let lies: Vec<(String, &str, &str)> = vec![
        (all[0].clone(), "RJCT AC04", "settled already"),
        (all[1].clone(), "ACSC", "rejected already (AC04)"),
        (all[1].clone(), "RJCT AC06", "rejected already (AC04)"),
        (all[1].clone(), "RTRN AC04", "rejected already (AC04)"),
        ("GARBAGE".to_owned(), "ACSC", "no payment is called so"),
        (format!("{}-0-0", message + 1_000), "ACSC", "there is no such lot"),
        (format!("{message}-77-0"), "ACSC", "there is no such lot"),
        (format!("{}-4000000000", all[0].rsplit_once('-').unwrap().0), "ACSC", "no such payment"),
        (format!("{}-4", all[0].rsplit_once('-').unwrap().0), "ACSC", "no such payment"),
        (format!("{}-5", all[0].rsplit_once('-').unwrap().0), "ACSC", "refused before its lot was handed over"),
        (format!("{}-0-0", message + 1), "ACSC", "not handed over"),
        (format!("0{}", all[2]), "ACSC", "no payment is called so"),
    ];
    for (number, (payment, lie, why)) in lies.iter().enumerate() {
        let name = format!("lie-{number}.xml");
        clearing.answer(&name, &[(payment, lie)]);
        work(&treasury).await;
        assert_eq!(seen(&treasury, "MSG-1").await, before, "{payment} {lie}: nothing is booked");
        assert!(treasury.exchange.health().stands(Alarm::SettlementAnswersRefused), "{payment} {lie}");
        let told = lines(&treasury, "settlement.answers-refused").await;
        assert_eq!(told.len(), number + 1, "one line for each: {told:#?}");
        assert!(told[number].contains(&name) && told[number].contains(why), "{payment} {lie}: {told:#?}");
    }
    assert_eq!(treasury.exchange.health().conditions().len(), 2, "and starting");
    assert_eq!(clearing.unconfirmed().len(), lies.len(), "they stay where somebody can look at them");

    // The truth beside a lie is booked, in the same file too; and again after a restart, which finds the lies once more.
    clearing.answer("mixed.xml", &[(&all[2], "ACSC"), (&all[0], "RJCT AC04"), (&all[3], "RJCT MS03")]);
    let treasury = treasury.restart();
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 4_00 - 5_00, 0));
    assert!(treasury.exchange.health().stands(Alarm::SettlementAnswersRefused));
    // The clearing house takes them back.
    for name in clearing.unconfirmed() {
        fs::remove_file(clearing.incoming().join(name)).unwrap();
    }
    work(&treasury).await;
    assert!(!treasury.exchange.health().stands(Alarm::SettlementAnswersRefused));
}

#[tokio::test]
async fn of_two_answers_that_wait_and_contradict_the_first_stands() {
    let (treasury, clearing, _folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 2).xml()).await;
    work(&treasury).await;
    let [first, second] = [1, 2].map(|number| clearing.reference_of(&format!("MSG-1-{number}")));
    clearing.answer("1.xml", &[(&second, "ACSC")]);
    clearing.answer("2.xml", &[(&second, "RJCT AC04")]);
    work(&treasury).await;
    assert!(treasury.exchange.health().stands(Alarm::SettlementAnswersRefused));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 3_00), "nothing is booked yet");
    clearing.answer("3.xml", &[(&first, "ACSC")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 0));
    assert_eq!(clearing.unconfirmed(), ["2.xml"]);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_keeps_no_other_waiting() {
    let (treasury, clearing, _folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 2).xml()).await;
    work(&treasury).await;
    clearing.put("0.xml", "<Document>");
    clearing.answer(
        "1.xml",
        &[1, 2]
            .map(|number| clearing.reference_of(&format!("MSG-1-{number}")))
            .each_ref()
            .map(|reference| (reference.as_str(), "ACSC")),
    );
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 0));
    assert!(treasury.exchange.health().stands(Alarm::SettlementAnswersRefused));
    assert!(lines(&treasury, "settlement.answers-refused").await[0].contains("0.xml"));
    assert_eq!(clearing.unconfirmed(), ["0.xml"]);
}

#[tokio::test]
async fn money_that_comes_back_days_later_or_twice_or_first_is_booked_back_once() {
    let (treasury, clearing, _folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 3).xml()).await;
    work(&treasury).await;
    let all: Vec<String> = (1..=3).map(|number| clearing.reference_of(&format!("MSG-1-{number}"))).collect();
    // It comes back before it is said to have settled.
    clearing.answer("1.xml", &[(&all[1], "RTRN AC04")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 6_00));
    clearing.answer("2.xml", &[(&all[0], "ACSC"), (&all[1], "ACSC"), (&all[2], "ACSC")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 4_00, 0));
    // Days later another one, and the first once more.
    for _ in 0..2 {
        treasury.exchange.operator().advance_business_day().await.unwrap();
    }
    clearing.answer("3.xml", &[(&all[2], "RTRN MD07"), (&all[1], "RTRN AC04")]);
    work(&treasury).await;
    let treasury = treasury.restart();
    clearing.answer("4.xml", &[(&all[2], "RTRN MD07")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 1_00, 0));
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
}

#[tokio::test]
async fn while_the_clearing_house_is_away_everything_else_goes_on() {
    let (treasury, clearing, folder) = treasury().await;
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away).unwrap();
    treasury.answer(&of_payments("MSG-1", 3).xml()).await;
    treasury.answer(&File::new("MSG-2", vec![payment("INTERNAL", 5_00, &municipality_account())]).xml()).await;
    work(&treasury).await;
    assert!(treasury.exchange.health().stands(Alarm::SettlementAway));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 5_00, 6_00));
    fs::rename(&away, folder.path()).unwrap();
    work(&treasury).await;
    assert!(!treasury.exchange.health().stands(Alarm::SettlementAway));
    let all: Vec<String> = clearing.cleared().into_iter().map(|payment| payment.reference).collect();
    clearing.answer("1.xml", &all.iter().map(|reference| (reference.as_str(), "ACSC")).collect::<Vec<_>>());
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 11_00, 0));
}

/// A lot whose payments do not add up to what was accepted must not be paid.
#[tokio::test]
async fn a_damaged_lot_is_not_handed_over() {
    let (treasury, clearing, _folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 3).xml()).await;
    let damage = |writing: &mut dyn store::Writing| {
        let lots = writing.lots_in_stage(payments::Stage::Held, TODAY, None, 1)?;
        let id = payments::LotId { number: 1_000, ..lots[0].id };
        let event = payments::Event {
            lot: id,
            stage: payments::Stage::Dispatched,
            at: MORNING.parse().unwrap(),
            business_day: TODAY,
            actor: "executor".to_owned(),
            reason: None,
        };
        let lot = payments::Lot { id, stage: payments::Stage::Dispatched, ..lots[0].clone() };
        writing.insert_lots(&[lot])?;
        Ok::<_, Failure>(writing.append_events(&[event])?)
    };
    treasury.store.write(damage).await.unwrap();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(clearing.cleared().len(), 3, "the sound lot, and none of the other");
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
}

/// Both hand over, both take what came; between them nothing is paid or booked twice.
#[tokio::test]
async fn two_nodes_share_a_clearing_house() {
    let folder = tempfile::tempdir().unwrap();
    let clearing = Arc::new(FileSettlement::in_folder(folder.path()));
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let one = one.settled_by(clearing.clone());
    let other = one.another_node();
    one.answer(&of_payments("MSG-1", 6).xml()).await;
    one.answer(&of_payments("MSG-2", 6).xml()).await;
    for node in [&one, &other] {
        work(node).await;
    }
    for (number, payment) in clearing.cleared().iter().enumerate() {
        let said = if number % 3 == 0 { "RJCT AC04" } else { "ACSC" };
        clearing.answer(&format!("{}.xml", 100 - number), &[(&payment.reference, said)]);
    }
    let (first, second) = tokio::join!(one.exchange.work_now(), other.exchange.work_now());
    first.unwrap();
    second.unwrap();
    work(&one).await;
    let rejected = [1_00, 4_00, 1_00, 4_00].iter().sum::<i64>();
    assert_eq!(one.balance(&ministry_account()).await, (OPENING - 42_00 + rejected, 0));
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
    for node in [&one, &other] {
        assert!(!node.exchange.health().stands(Alarm::SettlementAnswersRefused));
    }
}

/// The later answers wait here, the earlier ones went to the other node alone, and that one is gone.
#[tokio::test]
async fn what_another_node_booked_lets_answers_go_on_that_wait_here() {
    let folder = tempfile::tempdir().unwrap();
    let clearing = Arc::new(FileSettlement::in_folder(folder.path()));
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let one = one.settled_by(clearing.clone());
    one.answer(&of_payments("MSG-1", 4).xml()).await;
    work(&one).await;
    let all: Vec<String> = clearing.cleared().into_iter().map(|payment| payment.reference).collect();
    clearing.answer("later.xml", &[(&all[2], "ACSC"), (&all[3], "ACSC")]);
    work(&one).await;
    // A folder of its own stands for what the other node took and this one did not.
    let of_other = tempfile::tempdir().unwrap();
    let for_other = Arc::new(FileSettlement::in_folder(of_other.path()));
    let other = one.another_node().settled_by(for_other.clone());
    for_other.answer("earlier.xml", &[(&all[0], "ACSC"), (&all[1], "ACSC")]);
    work(&other).await;
    drop(other);
    assert_eq!(one.balance(&ministry_account()).await, (OPENING - 3_00, 7_00));
    work(&one).await;
    assert_eq!(one.balance(&ministry_account()).await, (OPENING - 10_00, 0));
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
}

/// A treasury with two settled payments whose account is blocked, and the payments' names at the clearing house.
async fn with_a_blocked_account() -> (TestExchange, Arc<FileSettlement>, TempDir, [String; 2]) {
    let (treasury, clearing, folder) = treasury().await;
    treasury.answer(&of_payments("MSG-1", 2).xml()).await;
    work(&treasury).await;
    let both = [1, 2].map(|number| clearing.reference_of(&format!("MSG-1-{number}")));
    clearing.answer("1.xml", &both.each_ref().map(|reference| (reference.as_str(), "ACSC")));
    work(&treasury).await;
    set_state(&treasury, AccountState::Blocked).await;
    (treasury, clearing, folder, both)
}

async fn set_state(treasury: &TestExchange, state: AccountState) {
    treasury.exchange.operator().set_account_state(&ministry_account(), state).await.unwrap();
}

async fn waiting(treasury: &TestExchange) -> Vec<String> {
    let waiting = treasury.exchange.operator().waiting_returns().await.unwrap();
    waiting.into_iter().map(|waiting| format!("{} {} {}", waiting.payment, waiting.amount, waiting.reason)).collect()
}

#[tokio::test]
async fn a_return_to_a_blocked_account_waits_once_and_is_booked_once_when_the_account_opens() {
    let (treasury, clearing, _folder, [first, second]) = with_a_blocked_account().await;
    clearing.answer("2.xml", &[(&first, "RTRN AC04"), (&second, "RTRN MD07")]);
    work(&treasury).await;
    clearing.answer("3.xml", &[(&first, "RTRN AC04")]);
    let treasury = treasury.restart();
    work(&treasury).await;
    assert_eq!(lines(&treasury, "return.waits").await.len(), 2, "one line for each payment");
    assert_eq!(waiting(&treasury).await, [format!("{first} 1.00 EUR AC04"), format!("{second} 2.00 EUR MD07")]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 3_00, 0), "the house has the money");

    set_state(&treasury, AccountState::Open).await;
    clearing.answer("4.xml", &[(&first, "RTRN AC04")]);
    let treasury = treasury.restart();
    work(&treasury).await;
    clearing.answer("5.xml", &[(&first, "RTRN AC04"), (&second, "RTRN MD07")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    assert_eq!(waiting(&treasury).await, Vec::<String>::new());
    assert_eq!(lines(&treasury, "return.booked").await.len(), 2);
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
}

#[tokio::test]
async fn a_return_that_the_operator_paid_by_hand_is_never_booked() {
    let (treasury, clearing, _folder, [first, second]) = with_a_blocked_account().await;
    let operator = treasury.exchange.operator();
    clearing.answer("2.xml", &[(&first, "RTRN AC04")]);
    work(&treasury).await;
    for unknown in [second.as_str(), "1-99-0", "nothing"] {
        let failure = operator.note_return_paid_by_hand(unknown).await.unwrap_err();
        assert_eq!(failure.code, Code::NotFound, "{unknown}");
    }
    operator.note_return_paid_by_hand(&first).await.unwrap();
    assert_eq!(operator.note_return_paid_by_hand(&first).await.unwrap_err().code, Code::NotFound, "once");
    assert_eq!(waiting(&treasury).await, Vec::<String>::new());

    clearing.answer("3.xml", &[(&first, "RTRN AC04")]);
    work(&treasury).await;
    set_state(&treasury, AccountState::Open).await;
    clearing.answer("4.xml", &[(&first, "RTRN AC04"), (&second, "RTRN AC04")]);
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 1_00, 0), "the second came back after that");
    assert_eq!(lines(&treasury, "return.paid-by-hand").await.len(), 1);
    assert_eq!(lines(&treasury, "return.booked").await.len(), 0);
    assert_eq!(clearing.unconfirmed(), Vec::<String>::new());
}

/// The repetition comes when the account is blocked, and there is nothing that could wait.
#[tokio::test]
async fn a_return_that_is_booked_does_not_wait_when_its_account_is_blocked_later() {
    let (treasury, clearing, _folder, [first, _]) = with_a_blocked_account().await;
    set_state(&treasury, AccountState::Open).await;
    clearing.answer("2.xml", &[(&first, "RTRN AC04")]);
    work(&treasury).await;
    set_state(&treasury, AccountState::Blocked).await;
    clearing.answer("3.xml", &[(&first, "RTRN AC04")]);
    work(&treasury).await;
    assert_eq!(waiting(&treasury).await, Vec::<String>::new());
    set_state(&treasury, AccountState::Open).await;
    work(&treasury).await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 2_00, 0));
    assert_eq!(lines(&treasury, "return.waits").await, Vec::<String>::new());
}

/// A lot without payments and without the event of its dispatch, which no message can cause, among many that are handed over
/// and booked together.
#[tokio::test]
async fn a_damaged_lot_keeps_no_other_from_being_handed_over_and_booked() {
    const MESSAGES: i64 = 12;
    let (treasury, clearing, _folder) = treasury_with(Settings::default()).await;
    for number in 0..MESSAGES {
        treasury.answer(&of_payments(&format!("MSG-{number}"), 1).xml()).await;
    }
    let damage = |writing: &mut dyn store::Writing| {
        let held = writing.lots_in_stage(payments::Stage::Held, TODAY, None, 100)?;
        let id = payments::LotId { number: 1_000, ..held[5].id };
        let (first, last, executed_below) = (5_000, 5_000, 5_000);
        let stage = payments::Stage::Dispatched;
        let nowhere = payments::Lot { id, first, last, executed_below, stage, ..held[5].clone() };
        writing.insert_lots(std::slice::from_ref(&nowhere))?;
        Ok::<_, Failure>(id)
    };
    let damaged = treasury.store.write(damage).await.unwrap();
    treasury.exchange.work_now().await.unwrap();
    let came = clearing.cleared();
    assert_eq!(came.len(), MESSAGES as usize, "all but the damaged one");

    let damaged = format!("{}-{}-5000", damaged.message.0, damaged.number);
    let mut answers: Vec<(&str, &str)> = came.iter().map(|payment| (payment.reference.as_str(), "ACSC")).collect();
    answers.insert(6, (&damaged, "ACSC"));
    clearing.answer("1.xml", &answers);
    // The next process knows nothing of what failed.
    let treasury = treasury.restart();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - MESSAGES * 1_00, 0));
    assert_eq!(clearing.unconfirmed(), ["1.xml"], "one of its answers is not booked");
}
