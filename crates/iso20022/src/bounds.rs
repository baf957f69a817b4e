//! Bounds on elements that a schema lets repeat without end. The reader counts further ones and leaves them out: the
//! caller asks `omitted()` and refuses the message.

/// `Ustrd` lines kept for one payment. Guidelines allow one; no client writes hundreds.
pub const UNSTRUCTURED_MAX: usize = 500;
/// `Strd/CdtrRefInf/Ref` kept for one payment. Guidelines allow one; each further one costs a copy of those before.
pub const CREDITOR_REFERENCES_MAX: usize = 20;
/// `Strd/RfrdDocInf/Nb` kept for one payment, and `Strd/AddtlRmtInf`; the same holds for them.
pub const STRUCTURED_TEXTS_MAX: usize = 100;
/// `SvcLvl` kept for one block or payment; the same holds for them.
pub const SERVICE_LEVELS_MAX: usize = 20;
/// `RgltryRptg/Dtls` kept for one payment: ten blocks, each without a limit in the schema.
pub const REGULATORY_DETAILS_MAX: usize = 1_000;
/// `AdrLine` of one address, as in the schema.
pub const ADDRESS_LINES_MAX: usize = 7;
/// `StsRsnInf` kept for one group, block or payment.
pub const STATUS_REASONS_MAX: usize = 1_000;
/// `AddtlInf` kept for one reason.
pub const REASON_LINES_MAX: usize = 500;
/// `NbOfTxsPerSts` kept for one group or block: more than there are statuses.
pub const STATUS_TOTALS_MAX: usize = 100;
/// `Bal` kept for one report.
pub const BALANCES_MAX: usize = 1_000;
/// `PrtryAmt` kept for one transaction of an entry.
pub const PROPRIETARY_AMOUNTS_MAX: usize = 1_000;
/// `FlrLmt` kept for one reporting request.
pub const FLOOR_LIMITS_MAX: usize = 100;
/// `ReqdBalTp` kept for one reporting request.
pub const BALANCE_TYPES_MAX: usize = 100;
/// Bytes kept of one item: a header, the head of a block, a payment, an entry. The lists above, each at its bound and with the
/// longest texts that a schema allows, need less; only an invalid document repeats more, and without end.
pub const ITEM_BYTES_MAX: usize = 4 << 20;
/// Bytes kept of one text. The longest that a schema allows among those read has 500 characters; only an invalid one is longer.
pub const TEXT_BYTES_MAX: usize = 2_048;

/// Placeholders that programs write for a missing BIC. Each has the form of a BIC, with Romania, Canada or no country.
pub const PLACEHOLDER_BICS: [&str; 17] = [
    "NOTPROVIDED",
    "NOTPROVI",
    "NOTPROVIXXX",
    "NOTPROVX",
    "NOTPROVXXXX",
    "NOTAVAIL",
    "NOTAVAILXXX",
    "NOTKNOWN",
    "NOTKNOWNXXX",
    "UNKNOWNX",
    "UNKNOWNXXXX",
    "XXXXXXXX",
    "XXXXXXXXXXX",
    "NONENONE",
    "NONENONEXXX",
    "NOTPROVD",
    "NOTPROVDXXX",
];
