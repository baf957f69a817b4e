//! Makes the decision about a message final: one transaction checks authority, accounts, limits, funds and business day
//! as they are now, and writes message, lots, holds, refusals, events, answer and audit line, or nothing.
//!
//! Small and large messages differ only in where their payments are at that moment ([`Payments`]): in memory, to be
//! stored here, or staged already. A trial (`Mode::Test`) runs the same transaction and rolls it back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, Book};
use payments::{Acceptance, Admission, AdmissionRequest, MessageId, Occasion, Refusal, RefusalStage, admit};
use rulebook::Code;
use store::{
    AcceptancePolicy, AuditLine, Block, Client, ClientId, Content, Deciding, Message, NewSubmission, PaymentsDigest,
    RequestEvidence, StoreError, Writing,
};

use crate::access::actor::actor;
use crate::access::caller::{Authority, MayDebit};
use crate::access::outside::OutsideAuthorities;
use crate::admission::assessment::{Assessment, RefusedPayment};
use crate::admission::first_report::DecisionReport;
use crate::admission::message_payments::Payments;
use crate::bounds::REFUSALS_AT_A_TIME;
use crate::check::pieces::{MessageEnd, MessageHead};
use crate::measures::PaymentCounts;
use crate::status::pain002::AnswerContext;
use crate::status::reason::{Level, RefusalReason, stored};
use crate::{Exchange, Failure, Mode, Settings};

/// Why a decision was not made, or not kept.
#[derive(Debug)]
pub(crate) enum Undecided {
    /// It cannot be made.
    Failure(Failure),
    /// Data of the check have changed: check again.
    Changed,
    /// (client, `MsgId`) belongs to this message.
    Taken(Box<Message>),
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Undecided {
        Undecided::Failure(error.into())
    }
}

impl From<Failure> for Undecided {
    fn from(failure: Failure) -> Undecided {
        Undecided::Failure(failure)
    }
}

/// The submission, and its client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubmittedMessage<'a> {
    pub(crate) submission: &'a NewSubmission,
    /// What it was signed with; of one that has its row the store knows it.
    pub(crate) evidence: Option<&'a RequestEvidence>,
    /// Whether the evidence is kept: nothing is of a trial.
    pub(crate) keeps_evidence: bool,
    pub(crate) client: &'a Client,
    pub(crate) head: &'a MessageHead,
}

/// The check's results, on which the decision is based.
#[derive(Debug)]
pub(crate) struct CheckOutcome<'a> {
    pub(crate) assessment: &'a Assessment,
    pub(crate) end: &'a MessageEnd,
    /// The business day of the check.
    pub(crate) business_day: Date,
}

/// The decision.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) answer: Vec<u8>,
    /// The stored data of the message, as its audit line states them.
    content: String,
    /// Its payments, as they are counted.
    pub(crate) payments: PaymentCounts,
}

impl Exchange {
    /// Runs the transaction that decides about a large message of this client, or about a trial, which is undone when it
    /// has said what would have been decided.
    pub(crate) async fn write_decision<F>(&self, mode: Mode, client: ClientId, job: F) -> Result<Decision, Undecided>
    where
        F: FnMut(&mut dyn Writing) -> Result<Decision, Undecided> + Send + 'static,
    {
        match mode {
            Mode::Execute => self.inner.store.write_for(client, job).await,
            Mode::Test => self.inner.store.rehearse_for(client, job).await,
        }
    }
}

/// Proof that a message may be decided on, at this moment of this transaction.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// Its id.
    pub(crate) id: MessageId,
    authority: Authority,
}

impl Opened {
    /// The accounts that are granted to the sender at this moment.
    pub(crate) fn granted(&self) -> &[AccountId] {
        self.authority.granted()
    }
}

/// Opens a message for its decision: the check is of this business day, the sender may still pay, the message is signed if it has to be by
/// now, and its `MsgId` is free. A message without a row gets one, which locks the client.
pub(crate) fn open(
    writing: &mut dyn Deciding,
    (settings, outside): (&Settings, &OutsideAuthorities),
    submitted: &SubmittedMessage<'_>,
    id: Option<MessageId>,
    business_day: Date,
    now: Timestamp,
) -> Result<Opened, Undecided> {
    if writing.business_day()? != business_day {
        return Err(Undecided::Changed);
    }
    let authority = Authority::establish(writing, &submitted.submission.certificate, outside, now)?;
    let (id, is_signed) = match id {
        Some(id) => (id, None),
        None => (insert_signed(writing, submitted)?, Some(submitted.evidence.is_some())),
    };
    if settings.signatures_required || authority.demands_signatures() {
        let is_signed = is_signed.map_or_else(|| writing.is_signed(id), Ok)?;
        if !is_signed {
            return Err(Failure::new(Code::SignatureRequired).into());
        }
    }
    match writing.message_by_message_id(submitted.client.id, &submitted.head.message_id)? {
        Some(message) => Err(Undecided::Taken(Box::new(message))),
        None => Ok(Opened { id, authority }),
    }
}

fn insert_signed(writing: &mut dyn Deciding, submitted: &SubmittedMessage<'_>) -> Result<MessageId, StoreError> {
    let id = writing.insert_submission(submitted.submission)?;
    if let Some(evidence) = submitted.evidence.filter(|_| submitted.keeps_evidence) {
        writing.insert_evidence(id, evidence)?;
    }
    Ok(id)
}

/// Decides about a message and writes the decision.
pub(crate) fn decide(
    writing: &mut dyn Deciding,
    settings: &Settings,
    submitted: &SubmittedMessage<'_>,
    opened: &Opened,
    outcome: &CheckOutcome<'_>,
    payments: &dyn Payments,
    now: Timestamp,
) -> Result<Decision, Undecided> {
    let Opened { id, ref authority } = *opened;
    let CheckOutcome { assessment, .. } = *outcome;
    let permits = permits(writing, authority, assessment)?;
    let actor = actor(submitted.submission.user);
    let occasion = Occasion { at: now, actor: &actor };
    let admitted = admitted(writing, submitted, id, outcome, &permits, occasion)?;
    let context = AnswerContext { settings, header: submitted.head, id, now };
    let decision = match admitted {
        Some((book, admission)) if !admission.lots.is_empty() => {
            accept(writing, &context, submitted, outcome, payments, &book, admission)?
        }
        refused => {
            let admission = refused.map(|(_, admission)| admission);
            refuse(writing, &context, submitted, outcome, payments, admission)?
        }
    };
    let counts = &decision.payments;
    let action = if counts.accepted > 0 { "payments.accepted" } else { "payments.refused" };
    let detail = format!(
        "message {} online user {} accepted {} refused {} sha256 {} {} certificate {} request {:?}",
        id.0,
        submitted.submission.user.0,
        counts.accepted,
        counts.refused,
        submitted.submission.body.hash,
        decision.content,
        submitted.submission.certificate,
        submitted.submission.request_id
    );
    writing.append_audit(&AuditLine { at: now, actor, action: action.to_owned(), detail })?;
    Ok(decision)
}

/// The right to debit each account of the message, as it is now.
fn permits(
    writing: &mut dyn Deciding,
    authority: &Authority,
    assessment: &Assessment,
) -> Result<Vec<MayDebit>, Undecided> {
    let debtors = assessment.debtors();
    let accounts = writing.accounts(&debtors)?;
    if accounts.len() != debtors.len() {
        return Err(Undecided::Changed);
    }
    // The check found them all granted: an account that is not any more calls for another check.
    accounts.iter().map(|account| authority.may_debit(account).map_err(|_| Undecided::Changed)).collect()
}

/// The admission, unless the message is refused without one.
fn admitted(
    writing: &mut dyn Deciding,
    submitted: &SubmittedMessage<'_>,
    id: MessageId,
    outcome: &CheckOutcome<'_>,
    permits: &[MayDebit],
    occasion: Occasion<'_>,
) -> Result<Option<(Book, Admission)>, Undecided> {
    let CheckOutcome { assessment, end, business_day } = *outcome;
    let acceptance = acceptance(submitted.client);
    let whole = acceptance == Acceptance::AllOrNothing && assessment.refuses_something();
    if whole || !end.reasons.is_empty() || assessment.candidates.is_empty() {
        return Ok(None);
    }
    let mut dates: BTreeSet<Date> = assessment.lots.iter().map(|lot| lot.execution_date.max(business_day)).collect();
    dates.insert(business_day);
    let dates: Vec<Date> = dates.into_iter().collect();
    // Only accounts with a permit come into the book, and admission refuses every other one.
    let accounts: Vec<_> = permits.iter().map(|permit| permit.account()).collect();
    let mut book = writing.book(&accounts, &dates)?;
    let request = AdmissionRequest {
        message: id,
        acceptance,
        lots: &assessment.lots,
        payments: &assessment.candidates,
        occasion,
    };
    let mut admission = admit(&request, &mut book).map_err(Failure::from)?;
    name_accounts(&mut admission, assessment);
    Ok(Some((book, admission)))
}

/// Where an account is at fault the ledger knows no number of it that people know.
fn name_accounts(admission: &mut Admission, assessment: &Assessment) {
    let at_fault = [Code::DebtorAccountUnknown, Code::DebtorAccountBlocked, Code::DebtorAccountClosed].map(Code::id);
    for refusal in admission.refusals.iter_mut().filter(|refusal| at_fault.contains(&refusal.code.as_str())) {
        let lot = refusal.lot.and_then(|lot| assessment.lots.get(lot as usize));
        let block = lot.and_then(|lot| assessment.blocks.get(lot.block as usize));
        if let Some(block) = block {
            refusal.detail.clone_from(&block.head.debtor_iban);
        }
    }
}

fn acceptance(client: &Client) -> Acceptance {
    match client.acceptance {
        AcceptancePolicy::AllOrNothing => Acceptance::AllOrNothing,
        AcceptancePolicy::Partial => Acceptance::Partial,
    }
}

fn accept(
    writing: &mut dyn Deciding,
    context: &AnswerContext<'_>,
    submitted: &SubmittedMessage<'_>,
    outcome: &CheckOutcome<'_>,
    payments: &dyn Payments,
    book: &Book,
    mut admission: Admission,
) -> Result<Decision, Undecided> {
    let CheckOutcome { assessment, end, .. } = *outcome;
    admission.lots.sort_by_key(|lot| lot.id.number);
    let (id, client) = (context.id, submitted.client.id);
    let report_so_far = DecisionReport::of(assessment, end);
    let mut report = report_so_far.accepted(writing, context, payments, &admission)?;
    if submitted.client.preferences.lists_every_payment {
        report_so_far.name_the_others(&mut report, writing, context, payments, Some(&admission))?;
    }
    let blocks = blocks(id, assessment, end);
    writing.stage_blocks(id, client, &blocks)?;
    payments.store(writing, id, assessment)?;
    let accepted: u64 = admission.lots.iter().map(|lot| u64::from(lot.count)).sum();
    let answer = report.write(context)?;
    let message = message(submitted, context, end.payments, answer);
    writing.insert_message(&message)?;
    writing.activate(id, client)?;
    writing.insert_lots(&admission.lots)?;
    writing.append_events(&admission.events)?;
    let payments = payments.digest();
    let content = Content { message: &message, payments, blocks: &blocks, lots: &admission.lots, refusals: &[] };
    let refused = u64::from(end.payments) - accepted;
    let (content, refused_by_code) = insert_refusals(writing, &content, outcome, admission.refusals, None)?;
    writing.save_book(book)?;
    let payments = PaymentCounts { accepted, refused, refused_by_code };
    Ok(Decision { content, answer: message.answer, payments })
}

/// The message is refused as a whole: only its answer is kept.
fn refuse(
    writing: &mut dyn Deciding,
    context: &AnswerContext<'_>,
    submitted: &SubmittedMessage<'_>,
    outcome: &CheckOutcome<'_>,
    payments: &dyn Payments,
    admission: Option<Admission>,
) -> Result<Decision, Undecided> {
    let CheckOutcome { assessment, end, .. } = *outcome;
    let report_so_far = DecisionReport::of(assessment, end);
    let policy = acceptance(submitted.client);
    let mut report = report_so_far.refused(writing, context, payments, policy, admission.as_ref())?;
    if submitted.client.preferences.lists_every_payment {
        report_so_far.name_the_others(&mut report, writing, context, payments, admission.as_ref())?;
    }
    let answer = report.write(context)?;
    payments.forget(writing, context.id)?;
    let message = message(submitted, context, 0, answer);
    writing.insert_message(&message)?;
    let payments = PaymentsDigest::default().end();
    let content = Content { message: &message, payments, blocks: &[], lots: &[], refusals: &[] };
    let of_admission = admission.map(|admission| admission.refusals).unwrap_or_default();
    let last = end.payments.saturating_sub(1);
    let of_message = stored(Level::Message, &report.reasons);
    let code = report.reasons.first().map_or(Code::RefusedWithMessage, |reason| reason.code);
    let whole = refusal(context.id, (0, last, end.payments), code, of_message, 0);
    let (content, refused_by_code) = insert_refusals(writing, &content, outcome, of_admission, Some(whole))?;
    let payments = PaymentCounts { accepted: 0, refused: u64::from(end.payments), refused_by_code };
    Ok(Decision { content, answer: message.answer, payments })
}

fn message(submitted: &SubmittedMessage<'_>, context: &AnswerContext<'_>, payments: u32, answer: Vec<u8>) -> Message {
    let MessageHead { message_type, message_id, creation_date_time, number_of_transactions, control_sum } =
        submitted.head;
    Message {
        id: context.id,
        client: submitted.client.id,
        user: submitted.submission.user,
        message_id: message_id.clone(),
        message_type: message_type.name().to_owned(),
        creation_date_time: creation_date_time.clone(),
        hash: submitted.submission.body.hash,
        number_of_transactions: *number_of_transactions,
        control_sum: control_sum.map(|sum| sum.to_string()),
        payments,
        consumed_at: context.now,
        answer,
    }
}

fn blocks(id: MessageId, assessment: &Assessment, end: &MessageEnd) -> Vec<Block> {
    let of = assessment.blocks.iter().zip(&end.blocks);
    of.map(|(block, totals)| Block {
        message: id,
        number: block.head.number,
        payment_information_id: block.head.payment_information_id.clone(),
        number_of_transactions: block.head.number_of_transactions.unwrap_or(u64::from(totals.count)),
        // Statuses need the sum; where the file states none, it is the payments' total.
        control_sum: block.head.control_sum.or(totals.sum).map(|sum| sum.to_string()),
        debtor_account: block.debtor,
        debtor_name: block.head.debtor_name.clone(),
        debtor_iban: block.head.debtor_iban.clone(),
        requested_execution_date: block.head.requested_execution_date,
        first: block.head.first,
        count: totals.count,
    })
    .collect()
}

/// Writes the refusals in file order, a page at a time: those of the rulebook and of the assessment, a row for each
/// payment and a range for each block; and those of admission. Returns the audit's statement about the message with all
/// of them.
fn insert_refusals(
    writing: &mut dyn Deciding,
    content: &Content<'_>,
    outcome: &CheckOutcome<'_>,
    of_admission: Vec<Refusal>,
    whole: Option<Refusal>,
) -> Result<(String, Vec<(Code, u64)>), StoreError> {
    let CheckOutcome { assessment, end, .. } = *outcome;
    let id = content.message.id;
    let mut others = refused_blocks(id, assessment, end);
    others.extend(of_admission);
    let by_code = refused_by_code(assessment, &others, whole.as_ref(), end.payments);
    others.extend(whole);
    others.sort_by_key(|refusal| (refusal.first, refusal.last));
    let mut digest = content.begin(assessment.refused.len() + others.len());
    let mut others = others.into_iter().peekable();
    let mut page = Vec::with_capacity(REFUSALS_AT_A_TIME);
    let mut write = |refusal: Refusal, writing: &mut dyn Deciding| {
        digest.add(&refusal);
        page.push(refusal);
        if page.len() < REFUSALS_AT_A_TIME {
            return Ok(());
        }
        writing.insert_refusals(&page)?;
        page.clear();
        Ok::<(), StoreError>(())
    };
    for item in &assessment.refused {
        while let Some(other) = others.next_if(|other| (other.first, other.last) < (item.ordinal, item.ordinal)) {
            write(other, writing)?;
        }
        write(refusal(id, (item.ordinal, item.ordinal, 1), item.code, stored_of(item), item.line), writing)?;
    }
    for other in others {
        write(other, writing)?;
    }
    writing.insert_refusals(&page)?;
    Ok((digest.stated(), by_code))
}

/// How many payments were refused by each code. Those without a code of their own are refused by that of their message.
fn refused_by_code(
    assessment: &Assessment,
    others: &[Refusal],
    whole: Option<&Refusal>,
    payments: u32,
) -> Vec<(Code, u64)> {
    let mut counts: BTreeMap<Code, u64> = BTreeMap::new();
    for item in &assessment.refused {
        *counts.entry(item.code).or_default() += 1;
    }
    // Every code that is stored comes from the catalogue.
    let code = |refusal: &Refusal| refusal.code.parse::<Code>().ok();
    for (code, count) in others.iter().filter_map(|refusal| Some((code(refusal)?, refusal.count))) {
        *counts.entry(code).or_default() += u64::from(count);
    }
    if let Some(code) = whole.and_then(code) {
        let own: u64 = counts.values().sum();
        *counts.entry(code).or_default() += u64::from(payments).saturating_sub(own);
    }
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// The stored reasons of a refused payment.
fn stored_of(item: &RefusedPayment) -> String {
    match &item.named {
        Some(named) => stored(Level::Payment, &named.reasons),
        None => stored(Level::Counted, &[RefusalReason::new(item.code, item.value.clone(), item.line)]),
    }
}

/// The blocks that are refused as a whole; counted are those of their payments that have no reasons of their own.
fn refused_blocks(id: MessageId, assessment: &Assessment, end: &MessageEnd) -> Vec<Refusal> {
    let mut own: HashMap<u32, u32> = HashMap::new();
    for item in &assessment.refused {
        *own.entry(item.block).or_default() += 1;
    }
    let mut refusals = Vec::new();
    for (block, totals) in assessment.blocks.iter().zip(&end.blocks) {
        if let (Some(RefusalReason { code, line, .. }), 1..) = (block.reasons.first(), totals.count) {
            let first = block.head.first;
            let count = totals.count.saturating_sub(own.get(&block.head.number).copied().unwrap_or_default());
            let detail = stored(Level::Block, &block.reasons);
            refusals.push(refusal(id, (first, first + totals.count - 1, count), *code, detail, *line));
        }
    }
    refusals
}

/// A refusal of `count` of the payments from the first to the last of a range.
fn refusal(
    message: MessageId,
    (first, last, count): (u32, u32, u32),
    code: Code,
    detail: String,
    line: u32,
) -> Refusal {
    let code = code.id().to_owned();
    Refusal { message, first, last, lot: None, count, code, detail, line, stage: RefusalStage::Admission }
}
