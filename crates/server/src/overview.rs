//! The exchange's values as the JSON shapes that clients know.

use exchange::{
    AccessMode, AccountKind, AccountState, End, MessageStatus, ReceivedMessage, RefusalReason, RefusalStage,
};
use money::Money;
use protocol::{
    AccountOverview, BlockOverview, CallerOverview, CancellationAnswer, EndWarning, Heartbeat, MessageOverview,
    NotCancelled, PaymentRefusal, ReasonText, StatusCount, Warning,
};
use rulebook::Language;

/// Status of a message that was received and is not judged yet (ISO 20022 external payment group status).
const RECEIVED: &str = "RCVD";

/// A message as it stands.
pub(crate) fn message(status: &MessageStatus, language: Language) -> MessageOverview {
    match status {
        MessageStatus::Received(received) => receipt(received),
        MessageStatus::Judged(overview) => judged(overview, language),
    }
}

/// The content of a receipt: no payment has a status yet.
fn receipt(message: &ReceivedMessage) -> MessageOverview {
    MessageOverview {
        message_id: message.message_id().to_owned(),
        message_type: message.message_type().to_owned(),
        creation_date_time: message.creation_date_time().to_owned(),
        consumed_at: message.received_at.to_string(),
        status: RECEIVED.to_owned(),
        number_of_transactions: message.number_of_transactions(),
        control_sum: message.control_sum(),
        ..MessageOverview::default()
    }
}

fn judged(overview: &exchange::MessageOverview, language: Language) -> MessageOverview {
    MessageOverview {
        message_id: overview.message_id.clone(),
        message_type: overview.message_type.clone(),
        creation_date_time: overview.creation_date_time.clone(),
        consumed_at: overview.consumed_at.to_string(),
        status: overview.status.code().to_owned(),
        number_of_transactions: overview.number_of_transactions,
        control_sum: overview.control_sum.clone(),
        counts: counts(&overview.counts),
        reason: reason(&overview.reasons, language),
        further_reasons: further(&overview.reasons, language),
        blocks: overview.blocks.iter().map(|of_block| block(of_block, language)).collect(),
        refused: overview.refused.iter().map(|refused| refusal(refused, overview, language)).collect(),
        refused_total: overview.refused_total,
    }
}

/// How the payments stand that a cancellation named.
pub(crate) fn cancellation(outcome: &exchange::CancellationOutcome, language: Language) -> CancellationAnswer {
    CancellationAnswer {
        message_id: outcome.message_id.clone(),
        payments: outcome.payments,
        cancelled: outcome.cancelled,
        cancelled_before: outcome.cancelled_before,
        refused: outcome.refused,
        not_cancelled: outcome.not_cancelled,
        reasons: outcome.reasons.iter().map(|kept| not_cancelled(kept, language)).collect(),
    }
}

fn not_cancelled(kept: &exchange::NotCancelled, language: Language) -> NotCancelled {
    NotCancelled {
        first: u64::from(kept.first) + 1,
        last: u64::from(kept.last) + 1,
        count: u64::from(kept.count),
        payment_information_id: kept.payment_information_id.clone(),
        end_to_end_id: kept.end_to_end_id.clone(),
        reason: one(&kept.reason, language),
    }
}

/// An account as its client sees it.
pub(crate) fn account(account: &exchange::AccountOverview) -> AccountOverview {
    let currency = account.balance.currency();
    let limit = |minor: Option<i64>| minor.map(|minor| decimal(Money::new(minor, currency)));
    AccountOverview {
        iban: account.iban.clone(),
        currency: currency.code().to_owned(),
        owner: account.owner_name.clone(),
        kind: kind(account.kind).to_owned(),
        state: state(account.state).to_owned(),
        booked_balance: decimal(account.balance),
        held: decimal(account.held),
        available: decimal(account.available),
        payment_limit: limit(account.limits.per_payment),
        day_limit: limit(account.limits.per_day),
        may_debit: account.may_debit,
    }
}

/// Who the caller is, and until when.
pub(crate) fn heartbeat(heartbeat: &exchange::Heartbeat, language: Language) -> Heartbeat {
    let [certificate, registration] = heartbeat.ends;
    let soon = heartbeat.ends.iter().filter(|end| end.is_soon()).chain(&heartbeat.authority_change);
    Heartbeat {
        time: heartbeat.now.to_string(),
        business_day: heartbeat.business_day.to_string(),
        caller: CallerOverview {
            client: heartbeat.client.clone(),
            online_user: heartbeat.online_user_name.clone(),
            access_mode: mode(heartbeat.mode).to_owned(),
            certificate_not_after: heartbeat.certificate_not_after.to_string(),
            certificate_days_left: certificate.days_left,
            registration_valid_until: heartbeat.registration_valid_until.to_string(),
            registration_days_left: registration.days_left,
            warnings: soon.map(|end| end_warning(end, language)).collect(),
        },
    }
}

fn end_warning(end: &End, language: Language) -> EndWarning {
    EndWarning {
        code: end.code().id().to_owned(),
        ends: end.last_day.to_string(),
        days_left: end.days_left,
        text: end.text(language),
        remedy: end.remedy(language).to_owned(),
    }
}

/// What ends soon, as the warning header has it; `None` when nothing does.
pub(crate) fn warning_field(ends: &[End]) -> Option<String> {
    let one = |end: &End| Warning {
        code: end.code().id().to_owned(),
        days_left: Some(end.days_left),
        ends: Some(end.last_day.to_string()),
    };
    (!ends.is_empty()).then(|| Warning::list(&ends.iter().map(one).collect::<Vec<_>>()))
}

fn counts(counts: &[exchange::StatusCount]) -> Vec<StatusCount> {
    let count = |count: &exchange::StatusCount| StatusCount {
        status: count.status.code().to_owned(),
        count: count.count,
        total: count.total.map(|total| total.to_string()),
        currency: count.currency.map(|currency| currency.code().to_owned()),
    };
    counts.iter().map(count).collect()
}

fn block(block: &exchange::BlockOverview, language: Language) -> BlockOverview {
    BlockOverview {
        payment_information_id: block.payment_information_id.clone(),
        debtor_iban: block.debtor_iban.clone(),
        status: block.status.code().to_owned(),
        reason: reason(&block.reasons, language),
        further_reasons: further(&block.reasons, language),
        notices: block.notices.iter().map(|notice| one(notice, language)).collect(),
        requested_execution_date: block.requested_execution_date.map(|date| date.to_string()),
        counts: counts(&block.counts),
    }
}

fn refusal(
    refused: &exchange::RefusedPayments,
    message: &exchange::MessageOverview,
    language: Language,
) -> PaymentRefusal {
    let block = refused.block.and_then(|block| message.blocks.get(usize::try_from(block).ok()?));
    PaymentRefusal {
        first: u64::from(refused.first) + 1,
        last: u64::from(refused.last) + 1,
        count: u64::from(refused.count),
        payment_information_id: block.map(|block| block.payment_information_id.clone()),
        end_to_end_id: refused.end_to_end_id.clone(),
        amount: refused.amount.map(|amount| amount.value.to_string()),
        currency: refused.amount.map(|amount| amount.currency.code().to_owned()),
        creditor_name: refused.creditor_name.clone(),
        line: Some(u64::from(refused.line)).filter(|line| *line != 0),
        stage: stage(refused.stage).to_owned(),
        reason: reason(&refused.reasons, language).unwrap_or_default(),
        further_reasons: further(&refused.reasons, language),
    }
}

fn reason(reasons: &[RefusalReason], language: Language) -> Option<ReasonText> {
    reasons.first().map(|reason| one(reason, language))
}

fn further(reasons: &[RefusalReason], language: Language) -> Vec<ReasonText> {
    reasons.iter().skip(1).map(|reason| one(reason, language)).collect()
}

fn one(reason: &RefusalReason, language: Language) -> ReasonText {
    ReasonText {
        code: reason.code.id().to_owned(),
        iso_reason: reason.code.iso_reason().map(str::to_owned),
        text: reason.sentence(language),
        element: reason.element.clone().into_owned(),
        value: reason.value.to_string(),
        expected: reason.expected.to_string(),
        given: reason.given.to_string(),
        remedy: reason.remedy(language),
    }
}

fn decimal(money: Money) -> String {
    money.to_decimal().to_string()
}

fn mode(mode: AccessMode) -> &'static str {
    match mode {
        AccessMode::View => "view",
        AccessMode::Manage => "manage",
    }
}

fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Open => "open",
        AccountState::Blocked => "blocked",
        AccountState::Closed => "closed",
    }
}

fn stage(stage: RefusalStage) -> &'static str {
    match stage {
        RefusalStage::Admission => "admission",
        RefusalStage::Execution => "execution",
        RefusalStage::Settlement => "settlement",
    }
}

fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::BudgetExpenditure => "budget_expenditure",
        AccountKind::Donation => "donation",
        AccountKind::ProgrammeBalance => "programme_balance",
        AccountKind::UnplannedFunds => "unplanned_funds",
        AccountKind::DepositedFunds => "deposited_funds",
        AccountKind::Settlement => "settlement",
        AccountKind::Revenue => "revenue",
        AccountKind::Bailiff => "bailiff",
        AccountKind::Loan => "loan",
    }
}
