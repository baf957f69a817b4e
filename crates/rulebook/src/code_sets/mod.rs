//! Code lists that the messages refer to and ISO 20022 publishes beside the schemas, because they change more often.
//!
//! The schemas allow any four characters for these codes; this module lists the valid ones. Each list is a data file
//! that names its source and when and how it was checked.

mod bank_transactions;
mod listed;

pub use bank_transactions::{BankTransactionFamily, bank_transaction_families, is_bank_transaction_code};
pub use listed::ListedCode;

use listed::{count, load};

/// Defines the sets, each with its name at ISO and its data file.
macro_rules! code_sets {
    ($($(#[$meaning:meta])* $set:ident = $name:literal in $file:literal,)+) => {
        /// A list of codes that ISO 20022 publishes.
        ///
        /// ```
        /// use rulebook::CodeSet;
        ///
        /// assert_eq!(CodeSet::StatusReason.name_of("AC04"), Some("Closed account number"));
        /// assert!(!CodeSet::Purpose.contains("XXXX"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CodeSet {
            $($(#[$meaning])* $set,)+
        }

        impl CodeSet {
            /// Every set.
            pub const ALL: &'static [CodeSet] = &[$(CodeSet::$set,)+];

            /// What ISO calls the set: `ExternalPurpose1Code`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(CodeSet::$set => $name,)+
                }
            }

            /// Its codes with their names, ascending.
            #[must_use]
            pub fn codes(self) -> &'static [ListedCode] {
                match self {
                    $(CodeSet::$set => {
                        const TEXT: &str = include_str!(concat!("../../data/", $file));
                        static CODES: [ListedCode; count(TEXT)] = load(TEXT);
                        &CODES
                    })+
                }
            }
        }
    };
}

code_sets! {
    /// Reasons of a status (`StsRsnInf/Rsn/Cd` of a pain.002).
    StatusReason = "ExternalStatusReason1Code" in "external-status-reason.tsv",
    /// Statuses of a message or a block (`GrpSts`, `PmtInfSts`; the newer generation, the older lists them in its schema).
    PaymentGroupStatus = "ExternalPaymentGroupStatus1Code" in "external-payment-group-status.tsv",
    /// Statuses of a payment (`TxSts`, `DtldSts`; the newer generation).
    PaymentTransactionStatus = "ExternalPaymentTransactionStatus1Code" in "external-payment-transaction-status.tsv",
    /// Why a payment came back (`RtrInf/Rsn/Cd` of an account report).
    ReturnReason = "ExternalReturnReason1Code" in "external-return-reason.tsv",
    /// The purpose of a payment, for its payee (`Purp/Cd`).
    Purpose = "ExternalPurpose1Code" in "external-purpose.tsv",
    /// The purpose of a payment, for the banks in between (`CtgyPurp/Cd`).
    CategoryPurpose = "ExternalCategoryPurpose1Code" in "external-category-purpose.tsv",
    /// The rules by which a payment is executed (`SvcLvl/Cd`).
    ServiceLevel = "ExternalServiceLevel1Code" in "external-service-level.tsv",
    /// A community's own kind of payment (`LclInstrm/Cd`).
    LocalInstrument = "ExternalLocalInstrument1Code" in "external-local-instrument.tsv",
}

impl CodeSet {
    /// Whether the set has the code, as it is written: capital letters.
    #[must_use]
    pub fn contains(self, code: &str) -> bool {
        self.name_of(code).is_some()
    }

    /// The name of the code in English; `None` when the set does not have it.
    #[must_use]
    pub fn name_of(self, code: &str) -> Option<&'static str> {
        let codes = self.codes();
        let at = codes.binary_search_by(|listed| listed.code.cmp(code)).ok()?;
        codes.get(at).map(|listed| listed.name)
    }
}
