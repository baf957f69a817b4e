//! The choices of clients, online users and accounts, in the Treasury's words.

/// A client's choice for a message with refused payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AcceptancePolicy {
    /// All payments or none.
    AllOrNothing,
    /// The good ones (PART), every refused one with its reason.
    Partial,
}

/// What an online user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessMode {
    /// `tiešsaistē skatīt`: reports and status.
    View,
    /// `tiešsaistē vadīt`: the same, and payments.
    Manage,
}

/// What an account is for (domain: kinds of Treasury accounts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the Treasury's own kinds of accounts")]
pub enum AccountKind {
    BudgetExpenditure,
    Donation,
    ProgrammeBalance,
    UnplannedFunds,
    DepositedFunds,
    Settlement,
    Revenue,
    Bailiff,
    Loan,
}

/// Both directions between values and their words, from one list.
macro_rules! words {
    ($type:ty { $($value:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// All of them.
            pub const ALL: &[$type] = &[$(<$type>::$value),+];

            /// Its word in interfaces; never another one.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(<$type>::$value => $word),+ }
            }

            /// The one with this word.
            #[must_use]
            pub fn of_word(word: &str) -> Option<$type> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}
pub(crate) use words;

words!(AcceptancePolicy { AllOrNothing = "all_or_nothing", Partial = "partial" });
words!(AccessMode { View = "view", Manage = "manage" });
words!(AccountKind {
    BudgetExpenditure = "budget_expenditure",
    Donation = "donation",
    ProgrammeBalance = "programme_balance",
    UnplannedFunds = "unplanned_funds",
    DepositedFunds = "deposited_funds",
    Settlement = "settlement",
    Revenue = "revenue",
    Bailiff = "bailiff",
    Loan = "loan",
});
