//! How rows become values: the values of each kind of row in the order of its columns. The same in every store; each store has
//! its own queries.

use ipnet::IpNet;
use ledger::{Account, AccountId, DailyUse, Growth, Limits};
use payments::{Event, Lot, LotId, MessageId, Refusal};

use crate::StoreError;
use crate::codec::{Coded, Columns, day, unpacked};
use crate::rows::*;
use crate::seal::{message_seal, problem_seal, submission_seal, verify};
use crate::{AuditLine, ChainedAuditLine};

pub(crate) use crate::row_columns::{
    account_columns, audit_columns, block_columns, certificate_columns, client_columns, daily_use_columns,
    event_columns, lot_columns, message_columns, message_name_columns, on_date_columns, online_user_columns,
    payment_columns, refusal_columns, report_columns, submission_columns, treasury_account_columns,
    work_attempt_columns,
};

/// A submission that is not answered.
pub(crate) const RECEIVED: i64 = 0;
/// A submission that became a message.
pub(crate) const CONSUMED: i64 = 1;
/// A submission that was refused.
pub(crate) const REFUSED: i64 = 2;
/// A submission that was set aside.
pub(crate) const SET_ASIDE: i64 = 3;

/// Less than every id: databases count from 1. For pages that begin with the first row.
pub(crate) const BEFORE_FIRST_ID: i64 = 0;

/// The problem of an unanswered submission whose outcome the store must keep: empty. Nodes of earlier versions write
/// and read it so, and serve from PostgreSQL beside this one; so the stored form stays, and only this constant and
/// [`read_outcome_is_kept`] know it.
pub(crate) const OUTCOME_IS_KEPT: &[u8] = b"";

pub(crate) fn read_clock(row: &mut Columns<'_>) -> Result<ClockRecord, StoreError> {
    let trusted_at = row.timestamp_if_any()?;
    let jump = match (row.timestamp_if_any()?, row.timestamp_if_any()?) {
        (Some(expected_at), Some(shown_at)) => Some(ClockJump { expected_at, shown_at }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(StoreError::Corrupt("half a jump of the clock".to_owned())),
    };
    Ok(ClockRecord { trusted_at, jump, is_sandbox: row.flag_if_any()?, store_time: row.timestamp_if_any()? })
}

pub(crate) fn read_storage(row: &mut Columns<'_>) -> Result<ClientStorage, StoreError> {
    Ok(ClientStorage { client: ClientId(row.integer()?), bytes: row.unsigned()? })
}

pub(crate) fn read_client(row: &mut Columns<'_>) -> Result<Client, StoreError> {
    Ok(Client {
        id: ClientId(row.integer()?),
        name: row.text()?,
        registration_number: row.text()?,
        acceptance: row.code()?,
        preferences: Preferences {
            lists_every_payment: row.flag()?,
            daily_balances: row.flag()?,
            end_to_end_ids: uniqueness(row.small_if_any()?),
        },
    })
}

/// Days, 0 for a message; nothing means for ever.
pub(crate) fn uniqueness_column(uniqueness: EndToEndIdUniqueness) -> Option<i64> {
    match uniqueness {
        EndToEndIdUniqueness::ForEver => None,
        EndToEndIdUniqueness::Days(days) => Some(i64::from(days)),
        EndToEndIdUniqueness::WithinMessage => Some(0),
    }
}

fn uniqueness(column: Option<u32>) -> EndToEndIdUniqueness {
    match column {
        None => EndToEndIdUniqueness::ForEver,
        Some(0) => EndToEndIdUniqueness::WithinMessage,
        Some(days) => EndToEndIdUniqueness::Days(days),
    }
}

pub(crate) fn read_user(row: &mut Columns<'_>) -> Result<OnlineUser, StoreError> {
    Ok(OnlineUser {
        id: OnlineUserId(row.integer()?),
        client: ClientId(row.integer()?),
        name: row.text()?,
        mode: row.code()?,
        registration_valid_until: row.date()?,
        allowed_networks: networks(row.text_ref()?)?,
        granted_accounts: accounts(row.text_ref()?)?,
        suspended_at: row.timestamp_if_any()?,
        signature_required: row.flag()?,
    })
}

/// Granted accounts as one column: ascending, as [`OnlineUser::grants`] looks for them.
pub(crate) fn accounts_column(accounts: &[AccountId]) -> String {
    accounts.iter().map(|account| account.0.to_string()).collect::<Vec<_>>().join(" ")
}

fn accounts(text: &str) -> Result<Vec<AccountId>, StoreError> {
    let corrupt = || StoreError::Corrupt("granted accounts are no ascending numbers".to_owned());
    let account = |text: &str| text.parse().map(AccountId).map_err(|_| corrupt());
    let accounts: Vec<AccountId> =
        text.split(' ').filter(|text| !text.is_empty()).map(account).collect::<Result<_, _>>()?;
    if accounts.is_sorted_by(|a, b| a < b) { Ok(accounts) } else { Err(corrupt()) }
}

fn networks(text: &str) -> Result<Vec<IpNet>, StoreError> {
    let network = |text: &str| text.parse().map_err(|_| StoreError::Corrupt(format!("{text:?} is no network")));
    text.split(' ').map(network).collect()
}

/// Allowed networks as one column.
pub(crate) fn networks_column(networks: &[IpNet]) -> String {
    networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

pub(crate) fn read_certificate(row: &mut Columns<'_>) -> Result<Certificate, StoreError> {
    Ok(Certificate {
        fingerprint: Fingerprint(row.digest()?),
        user: OnlineUserId(row.integer()?),
        serial: row.text()?,
        not_before: row.timestamp()?,
        not_after: row.timestamp()?,
        revoked_at: row.timestamp_if_any()?,
    })
}

pub(crate) fn read_identity(row: &mut Columns<'_>) -> Result<Identity, StoreError> {
    let (certificate, user, client) = (read_certificate(row)?, read_user(row)?, read_client(row)?);
    Ok(Identity { certificate, outside_authority: row.bytes_if_any()?, user, client })
}

pub(crate) fn read_ledger_account(row: &mut Columns<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.integer()?),
        currency: row.currency()?,
        role: row.code()?,
        state: row.code()?,
        balance: row.integer()?,
        held: row.integer()?,
        limits: Limits { per_payment: row.integer_if_any()?, per_day: row.integer_if_any()? },
    })
}

pub(crate) fn read_account(row: &mut Columns<'_>) -> Result<TreasuryAccount, StoreError> {
    Ok(TreasuryAccount {
        ledger: read_ledger_account(row)?,
        iban: row.text()?,
        client: row.integer_if_any()?.map(ClientId),
        owner_name: row.text()?,
        kind: row.code()?,
    })
}

pub(crate) fn read_lot(row: &mut Columns<'_>) -> Result<Lot, StoreError> {
    Ok(Lot {
        id: LotId { message: MessageId(row.integer()?), number: row.small()? },
        block: row.small()?,
        debtor: AccountId(row.integer()?),
        route: row.code()?,
        execution_date: row.date()?,
        first: row.small()?,
        last: row.small()?,
        count: row.small()?,
        total: row.integer()?,
        stage: row.code()?,
        executed_below: row.small()?,
        booked: row.integer()?,
        booked_count: row.small()?,
        refused: row.integer()?,
        refused_count: row.small()?,
        limit_per_payment: row.integer_if_any()?,
    })
}

/// In the order of `lot_columns`, all but the limit at their end.
pub(crate) fn lot_values(lot: &Lot) -> [i64; 16] {
    [
        lot.id.message.0,
        i64::from(lot.id.number),
        i64::from(lot.block),
        lot.debtor.0,
        lot.route.code(),
        day(lot.execution_date),
        i64::from(lot.first),
        i64::from(lot.last),
        i64::from(lot.count),
        lot.total,
        lot.stage.code(),
        i64::from(lot.executed_below),
        lot.booked,
        i64::from(lot.booked_count),
        lot.refused,
        i64::from(lot.refused_count),
    ]
}

pub(crate) fn read_daily_use(row: &mut Columns<'_>) -> Result<DailyUse, StoreError> {
    let minor = row.integer()?;
    let growth = match (row.integer_if_any()?, row.integer_if_any()?) {
        (Some(to), Some(limit)) => Some(Growth { to, limit }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(StoreError::Corrupt("half of what a limit's use last grew to".to_owned()));
        }
    };
    Ok(DailyUse { minor, growth })
}

/// The use of a date's limit, and the limits of that date, where an application put some in force.
pub(crate) fn read_on_date(row: &mut Columns<'_>) -> Result<(DailyUse, Option<Limits>), StoreError> {
    let used = read_daily_use(row)?;
    let by = row.integer_if_any()?;
    let limits = Limits { per_payment: row.integer_if_any()?, per_day: row.integer_if_any()? };
    Ok((used, by.map(|_| limits)))
}

pub(crate) fn read_event(row: &mut Columns<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        lot: LotId { message: MessageId(row.integer()?), number: row.small()? },
        stage: row.code()?,
        at: row.timestamp()?,
        business_day: row.date()?,
        actor: row.text()?,
        reason: row.text_if_any()?,
    })
}

pub(crate) fn read_refusal(message: MessageId, row: &mut Columns<'_>) -> Result<Refusal, StoreError> {
    Ok(Refusal {
        message,
        first: row.small()?,
        last: row.small()?,
        lot: row.small_if_any()?,
        count: row.small()?,
        code: row.text()?,
        detail: row.text()?,
        line: row.small()?,
        stage: row.code()?,
    })
}

pub(crate) fn read_message(row: &mut Columns<'_>) -> Result<Message, StoreError> {
    let message = Message {
        id: MessageId(row.integer()?),
        client: ClientId(row.integer()?),
        user: OnlineUserId(row.integer()?),
        message_id: row.text()?,
        message_type: row.text()?,
        creation_date_time: row.text()?,
        hash: BodyHash(row.digest()?),
        number_of_transactions: row.unsigned()?,
        control_sum: row.text_if_any()?,
        payments: row.small()?,
        consumed_at: row.timestamp()?,
        answer: row.bytes_ref()?.to_vec(),
    };
    verify(row.bytes_ref_if_any()?, || message_seal(&message), "message", message.id)?;
    Ok(message)
}

pub(crate) fn read_message_name(row: &mut Columns<'_>) -> Result<MessageName, StoreError> {
    Ok(MessageName {
        id: MessageId(row.integer()?),
        message_id: row.text()?,
        consumed_at: row.timestamp()?,
        business_day: row.date_if_any()?,
    })
}

pub(crate) fn read_submission(row: &mut Columns<'_>) -> Result<Submission, StoreError> {
    let id = MessageId(row.integer()?);
    let user = OnlineUserId(row.integer()?);
    let client = ClientId(row.integer()?);
    let certificate = Fingerprint(row.digest()?);
    let request_id = row.text()?;
    let received_at = row.timestamp()?;
    let hash = BodyHash(row.digest()?);
    let size = row.unsigned()?;
    let place = BodyPlace::of_columns(row.text_if_any()?, row.bytes_if_any()?)
        .ok_or_else(|| StoreError::Corrupt(format!("submission {} has two bodies", id.0)))?;
    let (number, problem) = (row.integer()?, row.bytes_if_any()?);
    let attempts = row.small()?;
    let body = StoredBody { hash, size, place };
    let received = NewSubmission { user, client, certificate, request_id, received_at, body };
    verify(row.bytes_ref_if_any()?, || submission_seal(&received), "submission", id)?;
    if let Some(problem) = problem.as_deref().filter(|_| [REFUSED, SET_ASIDE].contains(&number)) {
        verify(row.bytes_ref_if_any()?, || problem_seal(id, number, problem), "the problem of submission", id)?;
    }
    let state = match (number, problem) {
        (RECEIVED, _) => SubmissionState::Received,
        (CONSUMED, _) => SubmissionState::Consumed,
        (REFUSED, Some(problem)) => SubmissionState::Refused { problem },
        (SET_ASIDE, Some(problem)) => SubmissionState::SetAside { problem },
        (state, _) => return Err(StoreError::Corrupt(format!("submission {} in state {state}", id.0))),
    };
    Ok(Submission { id, received, state, attempts })
}

/// From the problem of an unanswered submission.
pub(crate) fn read_outcome_is_kept(row: &mut Columns<'_>) -> Result<bool, StoreError> {
    match row.bytes_ref_if_any()? {
        None => Ok(false),
        Some(OUTCOME_IS_KEPT) => Ok(true),
        Some(_) => Err(StoreError::Corrupt("an unanswered submission has a problem".to_owned())),
    }
}

pub(crate) fn read_work_attempts(row: &mut Columns<'_>) -> Result<WorkAttempts, StoreError> {
    Ok(WorkAttempts { work: row.text()?, attempts: row.small()?, set_aside_at: row.timestamp_if_any()? })
}

pub(crate) fn read_line(row: &mut Columns<'_>) -> Result<ChainedAuditLine, StoreError> {
    Ok(ChainedAuditLine {
        sequence: row.integer()?,
        line: AuditLine { at: row.timestamp()?, actor: row.text()?, action: row.text()?, detail: row.text()? },
        hash: row.digest()?,
    })
}

pub(crate) fn read_block(message: MessageId, row: &mut Columns<'_>) -> Result<Block, StoreError> {
    Ok(Block {
        message,
        number: row.small()?,
        payment_information_id: row.text()?,
        number_of_transactions: row.unsigned()?,
        control_sum: row.text_if_any()?,
        debtor_account: row.integer_if_any()?.map(AccountId),
        debtor_name: row.text()?,
        debtor_iban: row.text()?,
        requested_execution_date: row.date_if_any()?,
        first: row.small()?,
        count: row.small()?,
    })
}

pub(crate) fn read_payment<'r>(row: &mut Columns<'r>) -> Result<StoredPayment<'r>, StoreError> {
    let (_, ordinal) = unpacked(row.integer()?)?;
    Ok(StoredPayment {
        ordinal,
        block: row.small()?,
        lot: row.small_if_any()?,
        minor: row.integer()?,
        creditor: row.integer_if_any()?.map(AccountId),
        record: row.bytes_ref()?,
    })
}

pub(crate) fn read_day(row: &mut Columns<'_>) -> Result<AccountDay, StoreError> {
    Ok(AccountDay {
        date: row.date()?,
        credit: row.integer()?,
        credit_count: row.unsigned()?,
        debit: row.integer()?,
        debit_count: row.unsigned()?,
    })
}

/// The id, then `report_columns`.
pub(crate) fn read_report(row: &mut Columns<'_>) -> Result<Report, StoreError> {
    Ok(Report {
        id: ReportId(row.integer()?),
        user: OnlineUserId(row.integer()?),
        message_type: row.text()?,
        message_id: row.text()?,
        request_message_id: row.text()?,
        account: AccountId(row.integer()?),
        from: row.date()?,
        to: row.date()?,
        number: row.integer()?,
        last_sequence: row.integer()?,
        last_day_closed: row.flag()?,
        credits_only: row.flag_if_any()?,
        opening: row.integer()?,
        totals: read_day(row)?,
        created_at: row.timestamp()?,
        daily_balances: row.flag()?,
    })
}
