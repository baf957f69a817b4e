//! The columns of each kind of row, in the order in which [`crate::row_mapping`] reads them.

macro_rules! client_columns {
    () => {
        "id, name, registration_number, acceptance, lists_every_payment, daily_balances, end_to_end_id_days"
    };
}

macro_rules! account_columns {
    () => {
        "id, currency, role, state, balance, held, limit_per_payment, limit_per_day"
    };
}

macro_rules! treasury_account_columns {
    () => {
        concat!($crate::row_columns::account_columns!(), ", iban, client, owner_name, kind")
    };
}

macro_rules! online_user_columns {
    () => {
        "id, client, name, mode, registration_valid_until, allowed_networks, granted_accounts, suspended_at,
         signature_required"
    };
}

macro_rules! certificate_columns {
    () => {
        "fingerprint, \"user\", serial, not_before, not_after, revoked_at"
    };
}

macro_rules! lot_columns {
    () => {
        "message, number, block, debtor, route, execution_date, first, last, count, total, stage, executed_below,
         booked, booked_count, refused, refused_count, limit_per_payment"
    };
}

macro_rules! daily_use_columns {
    () => {
        "minor, grown_to, limit_per_day"
    };
}

/// What a date means for an account: `u` is the row of its use, `l` that of its limits.
macro_rules! on_date_columns {
    () => {
        "coalesce(u.minor, 0), u.grown_to, u.limit_per_day, l.application, l.per_payment, l.per_day"
    };
}

macro_rules! event_columns {
    () => {
        "message, lot, stage, at, business_day, actor, reason"
    };
}

macro_rules! message_columns {
    () => {
        "id, client, \"user\", message_id, message_type, creation_date_time, sha256, number_of_transactions, control_sum,
         payments, consumed_at, answer, seal"
    };
}

macro_rules! message_name_columns {
    () => {
        "id, message_id, consumed_at,
         (SELECT business_day FROM event WHERE event.message = message.id ORDER BY lot, event.id LIMIT 1)"
    };
}

macro_rules! work_attempt_columns {
    () => {
        "work, attempts, set_aside_at"
    };
}

macro_rules! payment_columns {
    () => {
        "id, block, lot, minor, creditor, record"
    };
}

macro_rules! refusal_columns {
    () => {
        "first, last, lot, count, code, detail, line, stage"
    };
}

macro_rules! audit_columns {
    () => {
        "sequence, at, actor, action, detail, hash"
    };
}

macro_rules! submission_columns {
    () => {
        "id, \"user\", client, certificate, request_id, received_at, sha256, size, body_file, body, state, problem,
         attempts, seal, problem_seal"
    };
}

macro_rules! block_columns {
    () => {
        "number, payment_information_id, number_of_transactions, control_sum, debtor_account, debtor_name, debtor_iban,
         requested_execution_date, first, count"
    };
}

macro_rules! report_columns {
    () => {
        "\"user\", message_type, message_id, request_message_id, account, from_date, to_date, number, last_sequence,
         last_day_closed, credits_only, opening, totals_date, credit, credit_count, debit, debit_count, created_at,
         daily_balances"
    };
}

pub(crate) use {
    account_columns, audit_columns, block_columns, certificate_columns, client_columns, daily_use_columns,
    event_columns, lot_columns, message_columns, message_name_columns, on_date_columns, online_user_columns,
    payment_columns, refusal_columns, report_columns, submission_columns, treasury_account_columns,
    work_attempt_columns,
};
