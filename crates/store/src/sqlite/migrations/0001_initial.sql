-- Version 1.
--
-- Days count from 1970-01-01, times are microseconds since then, amounts are minor units. Codes of enumerations stand
-- in codec.rs. A payment's id is message * 2^32 + ordinal: payments of a message lie together, in file order.
-- Tables that take rows by the hundred thousand (payment, duplicate_key, entry) have no foreign keys and no index
-- beside the one they are read by; they are checked by Store::check instead.

CREATE TABLE state (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    business_day  INTEGER,
    last_sequence INTEGER NOT NULL
) STRICT;
INSERT INTO state (id, business_day, last_sequence) VALUES (1, NULL, 0);

CREATE TABLE client (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    name                TEXT    NOT NULL,
    registration_number TEXT    NOT NULL,
    acceptance          INTEGER NOT NULL,
    flips               INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE online_user (
    id                       INTEGER PRIMARY KEY AUTOINCREMENT,
    client                   INTEGER NOT NULL REFERENCES client (id),
    name                     TEXT    NOT NULL,
    mode                     INTEGER NOT NULL,
    registration_valid_until INTEGER NOT NULL,
    allowed_networks         TEXT    NOT NULL CHECK (allowed_networks <> '')
) STRICT;
CREATE INDEX online_user_of ON online_user (client);

CREATE TABLE certificate (
    fingerprint BLOB    PRIMARY KEY CHECK (length(fingerprint) = 32),
    user        INTEGER NOT NULL REFERENCES online_user (id),
    serial      TEXT    NOT NULL,
    not_before  INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_of ON certificate (user, not_before);

CREATE TABLE account (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    balance           INTEGER NOT NULL,
    held              INTEGER NOT NULL CHECK (held >= 0),
    state             INTEGER NOT NULL,
    role              INTEGER NOT NULL,
    limit_per_payment INTEGER,
    limit_per_day     INTEGER,
    currency          TEXT    NOT NULL,
    iban              TEXT    NOT NULL UNIQUE,
    client            INTEGER REFERENCES client (id),
    owner_name        TEXT    NOT NULL,
    kind              INTEGER NOT NULL,
    -- What is available to a customer never goes below zero (role 1 is the house).
    CHECK (role = 1 OR balance >= held)
) STRICT;
CREATE INDEX account_of ON account (client, iban);

CREATE TABLE house_account (
    purpose INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (id)
) STRICT;

CREATE TABLE daily_use (
    account INTEGER NOT NULL REFERENCES account (id),
    date    INTEGER NOT NULL,
    minor   INTEGER NOT NULL CHECK (minor >= 0),
    PRIMARY KEY (account, date)
) STRICT, WITHOUT ROWID;

-- Ids are never used again, not even those of discarded submissions: what they had staged is told by them.
CREATE TABLE submission (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    state       INTEGER NOT NULL,
    user        INTEGER NOT NULL REFERENCES online_user (id),
    client      INTEGER NOT NULL REFERENCES client (id),
    certificate BLOB    NOT NULL CHECK (length(certificate) = 32),
    request_id  TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    sha256      BLOB    NOT NULL CHECK (length(sha256) = 32),
    size        INTEGER NOT NULL,
    body_file   TEXT,
    problem     BLOB,
    body        BLOB
) STRICT;
CREATE INDEX submission_unanswered ON submission (id) WHERE state = 0;
CREATE INDEX submission_file ON submission (body_file) WHERE body_file IS NOT NULL;

CREATE TABLE message (
    id                     INTEGER PRIMARY KEY REFERENCES submission (id),
    client                 INTEGER NOT NULL REFERENCES client (id),
    user                   INTEGER NOT NULL REFERENCES online_user (id),
    message_id             TEXT    NOT NULL,
    message_type           TEXT    NOT NULL,
    creation_date_time     TEXT    NOT NULL,
    sha256                 BLOB    NOT NULL CHECK (length(sha256) = 32),
    number_of_transactions INTEGER NOT NULL,
    control_sum            TEXT,
    payments               INTEGER NOT NULL,
    consumed_at            INTEGER NOT NULL,
    answer                 BLOB    NOT NULL,
    UNIQUE (client, message_id)
) STRICT;
CREATE INDEX message_by_hash ON message (client, sha256);

-- Messages whose payments count.
CREATE TABLE flip (
    message INTEGER PRIMARY KEY REFERENCES submission (id),
    client  INTEGER NOT NULL REFERENCES client (id),
    number  INTEGER NOT NULL,
    UNIQUE (client, number)
) STRICT;

CREATE TABLE block (
    message                  INTEGER NOT NULL,
    number                   INTEGER NOT NULL,
    client                   INTEGER NOT NULL,
    payment_information_id   TEXT    NOT NULL,
    number_of_transactions   INTEGER NOT NULL,
    control_sum              TEXT,
    debtor_account           INTEGER,
    debtor_name              TEXT    NOT NULL,
    debtor_iban              TEXT    NOT NULL,
    requested_execution_date INTEGER,
    first                    INTEGER NOT NULL,
    count                    INTEGER NOT NULL,
    PRIMARY KEY (message, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_payment_information_id ON block (client, payment_information_id);

CREATE TABLE payment (
    id       INTEGER PRIMARY KEY,
    block    INTEGER NOT NULL,
    lot      INTEGER,
    minor    INTEGER NOT NULL,
    creditor INTEGER,
    record   BLOB    NOT NULL
) STRICT;

CREATE TABLE duplicate_key (
    hash    INTEGER NOT NULL,
    payment INTEGER NOT NULL,
    PRIMARY KEY (hash, payment)
) STRICT, WITHOUT ROWID;

-- The keys of a stage that is not flipped yet, packed, so that it can be discarded without searching for them.
CREATE TABLE staged_keys (
    message INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    keys    BLOB    NOT NULL,
    PRIMARY KEY (message, number)
) STRICT;

CREATE TABLE lot (
    message        INTEGER NOT NULL REFERENCES submission (id),
    number         INTEGER NOT NULL,
    block          INTEGER NOT NULL,
    debtor         INTEGER NOT NULL REFERENCES account (id),
    route          INTEGER NOT NULL,
    execution_date INTEGER NOT NULL,
    first          INTEGER NOT NULL,
    last           INTEGER NOT NULL,
    count          INTEGER NOT NULL,
    total          INTEGER NOT NULL,
    stage          INTEGER NOT NULL,
    executed_below INTEGER NOT NULL,
    booked         INTEGER NOT NULL,
    booked_count   INTEGER NOT NULL,
    refused        INTEGER NOT NULL,
    refused_count  INTEGER NOT NULL,
    PRIMARY KEY (message, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_by_stage ON lot (stage, execution_date);

CREATE TABLE refusal (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    lot     INTEGER,
    count   INTEGER NOT NULL,
    stage   INTEGER NOT NULL,
    line    INTEGER NOT NULL,
    code    TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    CHECK (first <= last)
) STRICT;
CREATE INDEX refusal_of ON refusal (message, first);
-- Ranges are few; single refusals are found by refusal_of.
CREATE INDEX refusal_range_of ON refusal (message, first) WHERE first < last;

CREATE TABLE event (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    message      INTEGER NOT NULL,
    lot          INTEGER NOT NULL,
    stage        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    business_day INTEGER NOT NULL,
    actor        TEXT    NOT NULL,
    reason       TEXT,
    FOREIGN KEY (message, lot) REFERENCES lot (message, number)
) STRICT;
CREATE INDEX event_of ON event (message, lot);

-- source: 0 payment (source_id is the payment's), 1 lot (message * 2^32 + first payment, source_lot its number),
-- 2 incoming credit (its id), 3 opening (0).
CREATE TABLE entry (
    account         INTEGER NOT NULL,
    booking_date    INTEGER NOT NULL,
    sequence        INTEGER NOT NULL,
    value_date      INTEGER NOT NULL,
    minor           INTEGER NOT NULL,
    kind            INTEGER NOT NULL,
    source          INTEGER NOT NULL,
    source_id       INTEGER NOT NULL,
    source_lot      INTEGER,
    counter_account INTEGER,
    PRIMARY KEY (account, booking_date, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_day (
    account      INTEGER NOT NULL,
    date         INTEGER NOT NULL,
    credit       INTEGER NOT NULL,
    credit_count INTEGER NOT NULL,
    debit        INTEGER NOT NULL,
    debit_count  INTEGER NOT NULL,
    PRIMARY KEY (account, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE incoming_credit (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account       INTEGER NOT NULL REFERENCES account (id),
    minor         INTEGER NOT NULL CHECK (minor > 0),
    debtor_name   TEXT    NOT NULL,
    debtor_iban   TEXT    NOT NULL,
    end_to_end_id TEXT    NOT NULL,
    remittance    TEXT    NOT NULL,
    returned      INTEGER,
    arrived_at    INTEGER NOT NULL
) STRICT;
-- A payment comes back once at most.
CREATE UNIQUE INDEX incoming_credit_of_return ON incoming_credit (returned) WHERE returned IS NOT NULL;

CREATE TABLE report (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    user               INTEGER NOT NULL REFERENCES online_user (id),
    message_type       TEXT    NOT NULL,
    message_id         TEXT    NOT NULL,
    request_message_id TEXT    NOT NULL,
    account            INTEGER NOT NULL REFERENCES account (id),
    from_date          INTEGER NOT NULL,
    to_date            INTEGER NOT NULL,
    number             INTEGER NOT NULL,
    last_sequence      INTEGER NOT NULL,
    last_day_closed    INTEGER NOT NULL,
    credits_only       INTEGER,
    opening            INTEGER NOT NULL,
    totals_date        INTEGER NOT NULL,
    credit             INTEGER NOT NULL,
    credit_count       INTEGER NOT NULL,
    debit              INTEGER NOT NULL,
    debit_count        INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    UNIQUE (account, message_type, number)
) STRICT;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
