-- Version 1.
--
-- The tables are those of the SQLite store, and so are their columns: days count from 1970-01-01, times are microseconds
-- since then, amounts are minor units, codes of enumerations stand in codec.rs, and a payment's id is
-- message * 2^32 + ordinal. Tables that take rows by the hundred thousand (payment, duplicate_key, entry) have no foreign
-- keys and no index beside the one they are read by. What differs:
--   * many transactions run at once, so what grows in the order of commits (sequences of entries, the audit chain) is
--     counted in one row, `tail`, that a transaction locks last;
--   * bodies are rows, and a submission refers to its body;
--   * `job` tells whether a transaction happened whose commit was never answered.

CREATE TABLE state (
    id            SMALLINT PRIMARY KEY CHECK (id = 1),
    business_day  INTEGER
);
INSERT INTO state (id, business_day) VALUES (1, NULL);

-- The newest entry and the newest line of the audit chain.
CREATE TABLE tail (
    id             SMALLINT PRIMARY KEY CHECK (id = 1),
    last_sequence  BIGINT NOT NULL,
    audit_sequence BIGINT NOT NULL,
    audit_hash     BYTEA  NOT NULL CHECK (length(audit_hash) = 32)
);
INSERT INTO tail (id, last_sequence, audit_sequence, audit_hash)
VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'));

-- One row for each transaction that changed something, kept for a while.
CREATE TABLE job (
    id UUID        PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX job_by_age ON job (at);

-- Openings of this store by processes, with a sign of life.
CREATE TABLE node (
    id         BIGINT      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name       TEXT        NOT NULL,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    seen_at    TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE client (
    id                  BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name                TEXT     NOT NULL,
    registration_number TEXT     NOT NULL,
    acceptance          SMALLINT NOT NULL,
    flips               BIGINT   NOT NULL DEFAULT 0
);

CREATE TABLE online_user (
    id                       BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    client                   BIGINT   NOT NULL REFERENCES client (id),
    name                     TEXT     NOT NULL,
    mode                     SMALLINT NOT NULL,
    registration_valid_until INTEGER  NOT NULL,
    allowed_networks         TEXT     NOT NULL CHECK (allowed_networks <> '')
);
CREATE INDEX online_user_of ON online_user (client);

CREATE TABLE certificate (
    fingerprint BYTEA  PRIMARY KEY CHECK (length(fingerprint) = 32),
    "user"      BIGINT NOT NULL REFERENCES online_user (id),
    serial      TEXT   NOT NULL,
    not_before  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX certificate_of ON certificate ("user", not_before);

CREATE TABLE account (
    id                BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    balance           BIGINT   NOT NULL,
    held              BIGINT   NOT NULL CHECK (held >= 0),
    limit_per_payment BIGINT,
    limit_per_day     BIGINT,
    client            BIGINT   REFERENCES client (id),
    state             SMALLINT NOT NULL,
    role              SMALLINT NOT NULL,
    kind              SMALLINT NOT NULL,
    currency          TEXT     NOT NULL,
    iban              TEXT     COLLATE "C" NOT NULL UNIQUE,
    owner_name        TEXT     NOT NULL,
    -- What is available to a customer never goes below zero (role 1 is the house).
    CHECK (role = 1 OR balance >= held)
-- Room in each page, so that a new balance can stand beside the old one without touching an index.
) WITH (fillfactor = 70);
CREATE INDEX account_of ON account (client, iban);

CREATE TABLE house_account (
    purpose SMALLINT PRIMARY KEY,
    account BIGINT   NOT NULL REFERENCES account (id)
);

CREATE TABLE daily_use (
    account BIGINT  NOT NULL REFERENCES account (id),
    date    INTEGER NOT NULL,
    minor   BIGINT  NOT NULL CHECK (minor >= 0),
    PRIMARY KEY (account, date)
);

-- Bodies that are too large for their submission's row. `node` is the opening that received it.
CREATE TABLE body (
    id   TEXT   COLLATE "C" PRIMARY KEY,
    node BIGINT NOT NULL
);

CREATE TABLE body_chunk (
    body   TEXT    COLLATE "C" NOT NULL REFERENCES body (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    bytes  BYTEA   NOT NULL,
    PRIMARY KEY (body, number)
);
-- XML in chunks is read once or twice: compressing it costs more than it saves.
ALTER TABLE body_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE submission (
    id          BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    "user"      BIGINT   NOT NULL REFERENCES online_user (id),
    client      BIGINT   NOT NULL REFERENCES client (id),
    -- The node that works on it.
    node        BIGINT,
    received_at BIGINT   NOT NULL,
    size        BIGINT   NOT NULL,
    state       SMALLINT NOT NULL,
    certificate BYTEA    NOT NULL CHECK (length(certificate) = 32),
    sha256      BYTEA    NOT NULL CHECK (length(sha256) = 32),
    request_id  TEXT     NOT NULL,
    body_file   TEXT     COLLATE "C" REFERENCES body (id),
    problem     BYTEA,
    body        BYTEA
);
CREATE INDEX submission_unanswered ON submission (id) WHERE state = 0;
CREATE INDEX submission_file ON submission (body_file) WHERE body_file IS NOT NULL;

CREATE TABLE message (
    id                     BIGINT  PRIMARY KEY REFERENCES submission (id),
    client                 BIGINT  NOT NULL REFERENCES client (id),
    "user"                 BIGINT  NOT NULL REFERENCES online_user (id),
    number_of_transactions BIGINT  NOT NULL,
    consumed_at            BIGINT  NOT NULL,
    payments               BIGINT  NOT NULL,
    message_id             TEXT    COLLATE "C" NOT NULL,
    message_type           TEXT    NOT NULL,
    creation_date_time     TEXT    NOT NULL,
    control_sum            TEXT,
    sha256                 BYTEA   NOT NULL CHECK (length(sha256) = 32),
    answer                 BYTEA   NOT NULL,
    UNIQUE (client, message_id)
);
CREATE INDEX message_by_hash ON message (client, sha256);

-- Messages whose payments count.
CREATE TABLE flip (
    message BIGINT PRIMARY KEY REFERENCES submission (id),
    client  BIGINT NOT NULL REFERENCES client (id),
    number  BIGINT NOT NULL,
    UNIQUE (client, number)
);

CREATE TABLE block (
    message                  BIGINT  NOT NULL,
    number                   BIGINT  NOT NULL,
    client                   BIGINT  NOT NULL,
    number_of_transactions   BIGINT  NOT NULL,
    debtor_account           BIGINT,
    first                    BIGINT  NOT NULL,
    count                    BIGINT  NOT NULL,
    requested_execution_date INTEGER,
    payment_information_id   TEXT    COLLATE "C" NOT NULL,
    control_sum              TEXT,
    debtor_name              TEXT    NOT NULL,
    debtor_iban              TEXT    NOT NULL,
    PRIMARY KEY (message, number)
);
CREATE INDEX block_by_payment_information_id ON block (client, payment_information_id);

CREATE TABLE payment (
    id       BIGINT PRIMARY KEY,
    minor    BIGINT NOT NULL,
    creditor BIGINT,
    block    BIGINT NOT NULL,
    lot      BIGINT,
    record   BYTEA  NOT NULL
);

CREATE TABLE duplicate_key (
    hash    BIGINT NOT NULL,
    payment BIGINT NOT NULL,
    PRIMARY KEY (hash, payment)
);

-- The keys of a stage that is not flipped yet, packed, so that it can be discarded without searching for them.
CREATE TABLE staged_keys (
    message BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    keys    BYTEA  NOT NULL,
    PRIMARY KEY (message, number)
);

CREATE TABLE lot (
    message        BIGINT   NOT NULL REFERENCES submission (id),
    number         BIGINT   NOT NULL,
    block          BIGINT   NOT NULL,
    debtor         BIGINT   NOT NULL REFERENCES account (id),
    first          BIGINT   NOT NULL,
    last           BIGINT   NOT NULL,
    count          BIGINT   NOT NULL,
    total          BIGINT   NOT NULL,
    executed_below BIGINT   NOT NULL,
    booked         BIGINT   NOT NULL,
    booked_count   BIGINT   NOT NULL,
    refused        BIGINT   NOT NULL,
    refused_count  BIGINT   NOT NULL,
    execution_date INTEGER  NOT NULL,
    route          SMALLINT NOT NULL,
    stage          SMALLINT NOT NULL,
    PRIMARY KEY (message, number)
);
CREATE INDEX lot_by_stage ON lot (stage, execution_date);

CREATE TABLE refusal (
    id      BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    message BIGINT   NOT NULL,
    first   BIGINT   NOT NULL,
    last    BIGINT   NOT NULL,
    lot     BIGINT,
    count   BIGINT   NOT NULL,
    line    BIGINT   NOT NULL,
    stage   SMALLINT NOT NULL,
    code    TEXT     NOT NULL,
    detail  TEXT     NOT NULL,
    CHECK (first <= last)
);
CREATE INDEX refusal_of ON refusal (message, first);
-- Ranges are few; single refusals are found by refusal_of.
CREATE INDEX refusal_range_of ON refusal (message, first) WHERE first < last;

CREATE TABLE event (
    id           BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    message      BIGINT   NOT NULL,
    lot          BIGINT   NOT NULL,
    at           BIGINT   NOT NULL,
    business_day INTEGER  NOT NULL,
    stage        SMALLINT NOT NULL,
    actor        TEXT     NOT NULL,
    reason       TEXT,
    FOREIGN KEY (message, lot) REFERENCES lot (message, number)
);
CREATE INDEX event_of ON event (message, lot);

-- source: 0 payment (source_id is the payment's), 1 lot (message * 2^32 + first payment, source_lot its number),
-- 2 incoming credit (its id), 3 opening (0).
CREATE TABLE entry (
    account         BIGINT   NOT NULL,
    sequence        BIGINT   NOT NULL,
    minor           BIGINT   NOT NULL,
    source_id       BIGINT   NOT NULL,
    source_lot      BIGINT,
    counter_account BIGINT,
    booking_date    INTEGER  NOT NULL,
    value_date      INTEGER  NOT NULL,
    kind            SMALLINT NOT NULL,
    source          SMALLINT NOT NULL,
    PRIMARY KEY (account, booking_date, sequence)
);

CREATE TABLE account_day (
    account      BIGINT  NOT NULL,
    date         INTEGER NOT NULL,
    credit       BIGINT  NOT NULL,
    credit_count BIGINT  NOT NULL,
    debit        BIGINT  NOT NULL,
    debit_count  BIGINT  NOT NULL,
    PRIMARY KEY (account, date)
) WITH (fillfactor = 70);

CREATE TABLE incoming_credit (
    id            BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    account       BIGINT NOT NULL REFERENCES account (id),
    minor         BIGINT NOT NULL CHECK (minor > 0),
    returned      BIGINT,
    arrived_at    BIGINT NOT NULL,
    debtor_name   TEXT   NOT NULL,
    debtor_iban   TEXT   NOT NULL,
    end_to_end_id TEXT   NOT NULL,
    remittance    TEXT   NOT NULL
);
-- A payment comes back once at most.
CREATE UNIQUE INDEX incoming_credit_of_return ON incoming_credit (returned) WHERE returned IS NOT NULL;

-- The newest report of each kind on each account.
CREATE TABLE report_number (
    account      BIGINT NOT NULL REFERENCES account (id),
    message_type TEXT   COLLATE "C" NOT NULL,
    number       BIGINT NOT NULL,
    PRIMARY KEY (account, message_type)
);

CREATE TABLE report (
    id                 BIGINT   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    "user"             BIGINT   NOT NULL REFERENCES online_user (id),
    account            BIGINT   NOT NULL REFERENCES account (id),
    number             BIGINT   NOT NULL,
    last_sequence      BIGINT   NOT NULL,
    opening            BIGINT   NOT NULL,
    credit             BIGINT   NOT NULL,
    credit_count       BIGINT   NOT NULL,
    debit              BIGINT   NOT NULL,
    debit_count        BIGINT   NOT NULL,
    created_at         BIGINT   NOT NULL,
    from_date          INTEGER  NOT NULL,
    to_date            INTEGER  NOT NULL,
    totals_date        INTEGER  NOT NULL,
    last_day_closed    SMALLINT NOT NULL,
    credits_only       SMALLINT,
    message_type       TEXT     COLLATE "C" NOT NULL,
    message_id         TEXT     NOT NULL,
    request_message_id TEXT     NOT NULL,
    UNIQUE (account, message_type, number)
);

CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    hash     BYTEA  NOT NULL CHECK (length(hash) = 32)
);
