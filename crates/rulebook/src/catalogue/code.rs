//! The codes of all texts for users, by number.
//!
//! A code never changes its meaning and is never reused: interface developers write programs against it. The tables
//! beside this file hold the texts, one table for each thousand.

use std::fmt;
use std::str::FromStr;

macro_rules! codes {
    ($($variant:ident = $number:literal,)+) => {
        /// A code of the catalogue: `TDAM-3101`. Its meaning is its [`entry`](Code::entry).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the meaning of each code is its entry in the catalogue")]
        pub enum Code {
            $($variant = $number,)+
        }

        impl Code {
            /// Every code, ascending.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The stable identification: `TDAM-3101`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Code::$variant => concat!("TDAM-", stringify!($number)),)+
                }
            }
        }
    };
}

codes! {
    // 1xxx: channel and authentication.
    NoClientCertificate = 1001,
    UnknownCertificate = 1002,
    CertificateRevoked = 1003,
    CertificateExpired = 1004,
    CertificateNotYetValid = 1005,
    RegistrationExpired = 1006,
    OnlineUserSuspended = 1007,
    IpAddressNotAllowed = 1008,
    ViewUserMayNotPay = 1009,
    SignatureRequired = 1010,
    SignatureInvalid = 1011,
    ContentDigestMismatch = 1012,
    CertificateRequestInvalid = 1013,
    PickUpCodeInvalid = 1014,
    CertificateOfPerson = 1015,
    PersonCertificateRequired = 1016,
    PersonNotRegistered = 1017,
    PickUpCodeExpired = 1021,
    PickUpCodeUsed = 1022,
    PickUpCodeOfOtherKind = 1023,
    TooManyCertificates = 1024,
    CertificateRequestUsed = 1025,
    CertificatesNotIssued = 1026,
    ApplicationUnreadable = 1031,
    OperatorsTooFew = 1032,
    OperatorsExist = 1033,
    AuthorityChangesSoon = 1034,
    OutsideListMissing = 1035,
    OutsideCertificateRefused = 1036,
    GrantingNeedsTwo = 1037,
    LiftingNeedsTwo = 1041,
    OperatorsCanDecide = 1042,
    CertificateOfApplicationIssued = 1047,
    KeyCompromised = 1048,
    SignedContentEncoded = 1051,
    RequestOfPage = 1052,
    NotForTheProxy = 1060,
    ExchangeNotReached = 1061,
    ExchangeNotTrusted = 1062,
    MessageNotKeptByProxy = 1063,
    CertificateEndsSoon = 1071,
    RegistrationEndsSoon = 1072,
    PersonCertificateEndsSoon = 1073,

    // 2xxx: the message's form. 2001–2099 before the schema, 2101–2199 by the schema.
    EmptyBody = 2001,
    NotXml = 2002,
    HtmlInsteadOfXml = 2003,
    TruncatedXml = 2004,
    EncodingNotSupported = 2005,
    DoctypeNotAllowed = 2006,
    MessageTooLarge = 2007,
    NestingTooDeep = 2008,
    TextTooLong = 2009,
    WrongNamespace = 2010,
    WrongContentType = 2011,
    CompressionBroken = 2012,
    InflatesTooFar = 2013,
    NulBytes = 2014,
    NotWellFormed = 2015,
    MessageTypeNotSupported = 2016,
    TooManyFindings = 2017,
    InvalidUtf8 = 2018,
    WrongMessageForAddress = 2019,
    ContentEncodingNotSupported = 2020,
    TooManyPayments = 2021,
    RequestParameterInvalid = 2022,
    TooManyBlocks = 2023,
    MessageTakesTooMuchMemory = 2024,
    RootElementTooLate = 2025,
    RefusedByOperator = 2026,
    MisplacedByteOrderMark = 2027,
    MisplacedXmlDeclaration = 2028,
    XmlDeclarationInvalid = 2029,
    PrefixNotDeclared = 2030,
    AttributeRepeated = 2031,
    ColonNotAllowed = 2032,
    NamespaceDeclarationInvalid = 2033,
    NamespaceMissing = 2034,
    EndTagDiffers = 2035,
    ContentBesideRoot = 2036,
    EntityNotDefined = 2037,
    CharacterNotXml = 2038,
    UnexpectedElement = 2101,
    MissingElement = 2102,
    TextNotAllowed = 2103,
    AttributeNotAllowed = 2104,
    MissingAttribute = 2105,
    WrongRootElement = 2106,
    ValueLength = 2107,
    ValuePattern = 2108,
    ValueNotListed = 2109,
    ValueNotANumber = 2110,
    TooManyDigits = 2111,
    NumberOutOfRange = 2112,
    ValueNotADate = 2113,
    ValueNotABoolean = 2114,
    TooManyOccurrences = 2115,
    SchemaInstanceNotAllowed = 2116,
    SchemaViolation = 2199,

    // 3xxx: the usage guideline. 30xx counts and sums, 31xx accounts and banks, 32xx amounts and kinds of payment,
    // 33xx characters and lengths, 34xx dates, 35xx addresses, 36xx classification, 37xx payment type.
    GroupNumberOfTransactionsWrong = 3001,
    GroupControlSumMissing = 3002,
    GroupControlSumWrong = 3003,
    BlockNumberOfTransactionsMissing = 3004,
    BlockNumberOfTransactionsWrong = 3005,
    BlockControlSumMissing = 3006,
    BlockControlSumWrong = 3007,
    DebtorIbanMissing = 3101,
    DebtorIbanInvalid = 3102,
    DebtorAccountNotTreasury = 3103,
    DebtorAgentNotTreasury = 3104,
    CreditorAccountMissing = 3105,
    CreditorIbanStructure = 3106,
    CreditorIbanCheckDigits = 3107,
    CreditorBicForm = 3108,
    CreditorBicCountry = 3109,
    CreditorBicNotTreasury = 3110,
    CreditorIsDebtor = 3111,
    AmountNotPositive = 3201,
    AmountMissing = 3202,
    AmountDecimals = 3203,
    AmountAboveSepaMaximum = 3204,
    CurrencyNotAllowed = 3205,
    EquivalentAmountNotOffered = 3206,
    ForeignPaymentNotOffered = 3207,
    CharacterNotAllowed = 3301,
    IdentifierSlashes = 3302,
    NameTooLong = 3303,
    RemittanceTooLong = 3304,
    RemittanceRepeated = 3305,
    CreditorReferenceInvalid = 3306,
    CreditorNameMissing = 3307,
    RemittanceTextAndReference = 3308,
    ExecutionDateTooFarInPast = 3401,
    ExecutionDateTooFarAhead = 3402,
    ExecutionDateMissing = 3403,
    CreditorAddressUnstructured = 3501,
    DebtorAddressUnstructured = 3502,
    CreditorAddressIncomplete = 3503,
    DebtorAddressIncomplete = 3504,
    CreditorAddressLines = 3505,
    DebtorAddressLines = 3506,
    CreditorCountryUnknown = 3507,
    DebtorCountryUnknown = 3508,
    EkkForm = 3601,
    EkkSharesDiffer = 3602,
    EkkShareMissing = 3603,
    EkkShareInvalid = 3604,
    EkkPayerSideMissing = 3605,
    EkkPayeeSideMissing = 3606,
    EkkSideMissing = 3607,
    BailiffCodeRequired = 3608,
    AmkForm = 3609,
    AmkCountry = 3610,
    PaymentMethodNotTransfer = 3701,
    ChargesNotShared = 3702,
    ServiceLevelNotOffered = 3703,
    LocalInstrumentNotOffered = 3704,
    CategoryPurposeUnknown = 3705,
    PurposeUnknown = 3706,

    // 4xxx: accounts, authority, limits, funds.
    DebtorAccountUnknown = 4001,
    CreditorAccountUnknown = 4002,
    AccountNotYours = 4003,
    DebtorAccountClosed = 4004,
    DebtorAccountBlocked = 4005,
    CreditorAccountClosed = 4006,
    CreditorAccountBlocked = 4007,
    AccountCurrencyMissing = 4008,
    PaymentNotAllowedOnAccount = 4009,
    PaymentLimitExceeded = 4010,
    DayLimitExceeded = 4011,
    InsufficientFunds = 4012,
    WaitingForFunds = 4013,
    FundsMissingAtCutOff = 4014,
    AfterCutOff = 4015,
    WaitingForSignature = 4016,
    SignatureRefused = 4017,
    SignatoryWithoutRights = 4018,
    CancelledByClient = 4019,
    CancellationTooLate = 4020,
    RefusedWithMessage = 4021,
    RefusedWithBlock = 4022,
    CreditorAccountNotReachable = 4023,
    RefusedByPolicy = 4024,
    ExecutedOnAnotherDay = 4025,
    AccountNotGranted = 4026,
    SeveralPaymentsNamed = 4027,

    // 5xxx: duplicates.
    MessageIdUsed = 5001,
    PaymentInformationIdRepeated = 5002,
    EndToEndIdRepeated = 5003,
    InstructionIdRepeated = 5004,
    PaymentInformationIdUsed = 5005,
    EndToEndIdUsed = 5006,
    InstructionIdUsed = 5007,
    SameContent = 5008,
    MessageInProgress = 5009,
    MessageOfAnotherUser = 5010,

    // 6xxx: reports and the mailbox.
    ReportPeriodInvalid = 6001,
    ReportPeriodTooOld = 6002,
    ReportPeriodInFuture = 6003,
    ReportTypeUnknown = 6004,
    ReportAccountMissing = 6005,
    ReportAccountUnknown = 6006,
    ReportAccountNotYours = 6007,
    StatementDayNotClosed = 6008,
    ReportNotFound = 6009,
    ReportPageNotFound = 6010,
    TooManyReportRequests = 6011,
    MailboxMessageNotFound = 6012,
    MailboxMessageNotLeased = 6013,
    ReportOfChangesNotOffered = 6020,
    ReportAccountNotGranted = 6021,

    // 7xxx: the result of a payment at another bank.
    PayeeAccountClosed = 7001,
    PayeeAccountBlocked = 7002,
    PayeeAccountInvalid = 7003,
    PayeeBankGaveNoReason = 7004,
    PayeeBankReason = 7005,
    PayeeBankUnreachable = 7006,
    PayeeRefused = 7007,
    PayeeAccountForbids = 7008,
    PayeeNameDiffers = 7009,
    RegulatoryRefusal = 7010,
    SettlementDuplicate = 7011,
    SettlementTimeout = 7012,
    ReturnedAfterSettlement = 7013,

    // 9xxx: the service itself.
    NotFound = 9001,
    MethodNotAllowed = 9002,
    TooManyRequests = 9003,
    Unavailable = 9004,
    InternalError = 9005,
    RequestTimeout = 9006,
    NotAcceptable = 9007,
    OutcomeUnknown = 9008,
    MemoryUsedUp = 9009,
    SubmissionSetAside = 9010,
    RequestFraming = 9011,
    NoRoom = 9015,
    ClockInDoubt = 9016,
    BusinessDayTooFar = 9017,
    QuotaUsedUp = 9018,
    OlderNodesServe = 9021,
    RoleMissing = 9030,
    ApplicationContentInvalid = 9031,
    ApplicationStateWrong = 9032,
    FourEyes = 9033,
    ApplicationChanged = 9034,
    SignedFileNotVerified = 9035,
    ApplicationNotInTime = 9036,
}

/// The text is no code of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no code of the catalogue (they look like TDAM-3101)")
    }
}

impl std::error::Error for UnknownCode {}

impl Code {
    /// The number after the prefix: 3101.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The code with this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Code> {
        let place = Code::ALL.binary_search_by_key(&number, |code| code.number()).ok()?;
        Code::ALL.get(place).copied()
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(id: &str) -> Result<Code, UnknownCode> {
        let number = id.strip_prefix("TDAM-").and_then(|number| number.parse().ok()).ok_or(UnknownCode)?;
        Code::from_number(number).filter(|code| code.id() == id).ok_or(UnknownCode)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
