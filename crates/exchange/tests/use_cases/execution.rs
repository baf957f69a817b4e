//! From acceptance to settlement.

use exchange::{AccountState, RefusalStage, Status};
use jiff::SignedDuration;
use jiff::civil::date;

use super::support::messages::{self, File, payment};
use super::support::*;

#[tokio::test]
async fn statuses_go_from_accepted_to_settled() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN), payment("B", 7_50, &municipality_account())]);
    assert_eq!(group_status(&treasury.answer(&file.xml()).await), "ACCP");
    treasury.exchange.work_now().await.unwrap();
    // Internal ones at once; SEPA ones are with the settlement system.
    let status = treasury.status("MSG-1").await;
    assert_eq!(group_status(&status), "ACSP");
    assert_eq!(texts(&status, "DtldSts")[..2], ["ACSP", "ACSC"]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 7_50, 12_50));
    assert_eq!(treasury.balance(&municipality_account()).await, (7_50, 0));
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 20_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_the_other_bank_rejects_comes_free_again_and_says_why() {
    let treasury = TestExchange::new().await;
    let payments = vec![
        payment("A", 10_00, ESTONIAN),
        payment("B", 20_00, ESTONIAN).saying("SIMULATE REJECT AC04"),
        payment("C", 30_00, GERMAN).saying("please SIMULATE REJECT ZZ99"),
    ];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    treasury.carry_out().await;
    let status = treasury.status("MSG-1").await;
    assert_eq!(group_status(&status), "PART");
    assert_eq!(texts(&status, "OrgnlEndToEndId"), ["B", "C"]);
    assert!(status.contains("TDAM-7001") && status.contains("TDAM-7005"), "{status}");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 10_00, 0));
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
    assert_eq!((overview.status, overview.refused_total), (Status::Partial, 2));
    assert!(overview.refused.iter().all(|refused| refused.stage == RefusalStage::Settlement && refused.line > 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_return_is_a_new_credit() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN).saying("SIMULATE RETURN")]).xml()).await;
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_return_to_a_blocked_account_stays_with_the_house_and_in_the_audit_chain() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN).saying("SIMULATE RETURN")]).xml()).await;
    treasury.exchange.work_now().await.unwrap();
    treasury.exchange.operator().set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 10_00, 0));
    let lines = treasury.store.read(|reading| Ok::<_, exchange::Failure>(reading.audit(1, 1_000)?)).await.unwrap();
    let waiting: Vec<_> = lines.iter().filter(|line| line.line.action == "return.waits").collect();
    assert_eq!(waiting.len(), 1, "{lines:?}");
    assert!(waiting[0].line.detail.ends_with("minor units 1000 reason MS03"), "{waiting:?}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_delay_takes_one_cycle_more() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN).saying("SIMULATE DELAY")]).xml()).await;
    let cycle = SignedDuration::try_from(treasury.settings.settlement.cycle).unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        treasury.exchange.work_now().await.unwrap();
        statuses.push(group_status(&treasury.status("MSG-1").await).to_owned());
        treasury.clock.advance(cycle);
    }
    assert_eq!(statuses, ["ACSP", "ACSP", "ACSC"]);
}

#[tokio::test]
async fn a_future_payment_waits_for_its_day() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 10_00, &municipality_account())]).on(date(2026, 11, 25));
    assert_eq!(group_status(&treasury.answer(&file.xml()).await), "ACCP");
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACCP");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    treasury.exchange.operator().set_business_day(date(2026, 11, 25)).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&municipality_account()).await, (10_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn on_its_day_a_payment_waits_for_funds_until_they_come() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 600_00, &municipality_account())])
        .from(&ministry_second_account())
        .on(date(2026, 11, 24));
    assert_eq!(group_status(&treasury.answer(&file.xml()).await), "ACCP");
    treasury.exchange.operator().set_business_day(date(2026, 11, 24)).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACCP");
    treasury.credit(&ministry_second_account(), 100_00).await;
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn funds_that_do_not_come_before_the_cut_off_refuse_it() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 600_00, &municipality_account())])
        .from(&ministry_second_account())
        .on(date(2026, 11, 24));
    treasury.answer(&file.xml()).await;
    treasury.exchange.operator().set_business_day(date(2026, 11, 24)).await.unwrap();
    treasury.carry_out().await;
    treasury.clock.advance(SignedDuration::from_hours(33));
    treasury.carry_out().await;
    let status = treasury.status("MSG-1").await;
    assert_eq!(group_status(&status), "RJCT");
    assert!(status.contains("AM04"), "{status}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_day_without_service_takes_nobody_the_time_to_find_the_money() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 600_00, &municipality_account())])
        .from(&ministry_second_account())
        .on(date(2026, 11, 24));
    treasury.answer(&file.xml()).await;
    // Nothing ran on the 24th; it is the morning of the 25th now.
    treasury.clock.advance(SignedDuration::from_hours(48));
    treasury.exchange.operator().set_business_day(date(2026, 11, 25)).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACCP");
    treasury.credit(&ministry_second_account(), 100_00).await;
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn who_waited_until_the_day_was_over_waits_no_longer() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 600_00, &municipality_account())])
        .from(&ministry_second_account())
        .on(date(2026, 11, 24));
    treasury.answer(&file.xml()).await;
    treasury.clock.advance(SignedDuration::from_hours(24));
    treasury.exchange.operator().set_business_day(date(2026, 11, 24)).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACCP");
    // Nothing ran between the cut-off and the next morning.
    treasury.clock.advance(SignedDuration::from_hours(23));
    treasury.exchange.operator().set_business_day(date(2026, 11, 25)).await.unwrap();
    treasury.credit(&ministry_second_account(), 100_00).await;
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "RJCT");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_payee_closed_after_acceptance_refuses_that_payment_alone() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 10_00, &municipality_account()), payment("B", 5_00, &ministry_second_account())];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    let operator = treasury.exchange.operator();
    operator.set_account_state(&municipality_account(), AccountState::Closed).await.unwrap();
    treasury.carry_out().await;
    let status = treasury.status("MSG-1").await;
    assert_eq!((group_status(&status), texts(&status, "OrgnlEndToEndId")), ("PART", vec!["A"]));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 5_00, 0));
    treasury.check_invariants().await;
}

/// A message of so many blocks with a payment each, every second one to a bank.
fn of_blocks(message_id: &str, blocks: usize) -> File {
    let municipality = municipality_account();
    let mut file = File::new(message_id, Vec::new());
    let empty = file.blocks.remove(0);
    file.blocks = (0..blocks)
        .map(|number| {
            let to = if number % 2 == 0 { &municipality } else { ESTONIAN };
            let payments = vec![payment(&format!("{message_id}-{number}"), 1_00, to)];
            messages::Block { id: format!("{message_id}-B{number}"), payments, ..empty.clone() }
        })
        .collect();
    file
}

#[tokio::test]
async fn many_small_lots_share_transactions() {
    const BLOCKS: usize = 300;
    let treasury = TestExchange::new().await;
    assert_eq!(group_status(&treasury.answer(&of_blocks("MSG-1", BLOCKS).xml()).await), "ACCP");
    let before = treasury.store.counters().jobs;
    treasury.exchange.work_now().await.unwrap();
    let jobs = treasury.store.counters().jobs - before;
    assert!(jobs < BLOCKS as u64 / 10, "{jobs} transactions for {BLOCKS} lots");
    let half = BLOCKS as i64 / 2 * 1_00;
    assert_eq!(treasury.balance(&municipality_account()).await, (half, 0));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - half, half));
    treasury.carry_out().await;
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 2 * half, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn lots_of_many_messages_share_transactions() {
    const MESSAGES: usize = 60;
    let treasury = TestExchange::new().await;
    for number in 0..MESSAGES {
        let to = if number % 2 == 0 { municipality_account() } else { ESTONIAN.to_owned() };
        treasury
            .answer(&File::new(&format!("MSG-{number}"), vec![payment(&format!("P-{number}"), 1_00, &to)]).xml())
            .await;
    }
    let half = MESSAGES as i64 / 2 * 1_00;
    let cycle = SignedDuration::try_from(treasury.settings.settlement.cycle).unwrap();
    let expected = [(OPENING - half, half), (OPENING - 2 * half, 0)];
    for (step, expected) in ["executed and handed over", "settled"].into_iter().zip(expected) {
        let before = treasury.store.counters();
        treasury.exchange.work_now().await.unwrap();
        let after = treasury.store.counters();
        assert_eq!(treasury.balance(&ministry_account()).await, expected, "{step}");
        let (jobs, reads) = (after.jobs - before.jobs, after.reads - before.reads);
        assert!(jobs <= 3, "{step}: {jobs} transactions for {MESSAGES} lots");
        assert!(reads < MESSAGES as u64 / 2, "{step}: {reads} snapshots");
        let answers = after.answers - before.answers;
        assert!(answers < 2 * MESSAGES as u64, "{step}: threads waited for {answers} answers");
        treasury.clock.advance(cycle);
    }
    treasury.check_invariants().await;
}

/// A lot without payments, which no message can cause; the exchange still executes the lots beside it.
#[tokio::test]
async fn a_damaged_lot_keeps_no_other_from_being_carried_out() {
    let treasury = TestExchange::new().await;
    treasury.answer(&of_blocks("MSG-1", 20).xml()).await;
    let damage = |writing: &mut dyn store::Writing| {
        let lots = writing.lots_in_stage(payments::Stage::Held, TODAY, None, 1)?;
        let id = payments::LotId { number: 1_000, ..lots[0].id };
        let nowhere = payments::Lot { id, first: 5_000, last: 5_000, executed_below: 5_000, ..lots[0].clone() };
        Ok::<_, exchange::Failure>(writing.insert_lots(&[nowhere])?)
    };
    treasury.store.write(damage).await.unwrap();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(treasury.balance(&municipality_account()).await, (10_00, 0));
    let dispatched = treasury.store.read(|reading| {
        Ok::<_, exchange::Failure>(reading.lots_in_stage(payments::Stage::Dispatched, TODAY, None, 100)?.len())
    });
    assert_eq!(dispatched.await.unwrap(), 10);
}
