//! Bank transaction codes: what kind of business an entry of an account report is, in three steps of which only certain
//! combinations exist.

use super::listed::count;
use crate::data::{Rows, text};

const FILE: &str = include_str!("../../data/bank-transaction-codes.tsv");

/// A family of business with the sub-families that it can be combined with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankTransactionFamily {
    /// `Domn/Cd`: `PMNT`, `CAMT` or `ACMT`.
    pub domain: &'static str,
    /// `Fmly/Cd`: `ICDT`.
    pub family: &'static str,
    /// The name of the family: `Issued credit transfers`.
    pub name: &'static str,
    /// The codes that can stand in `SubFmlyCd`, each followed by a blank but the last.
    sub_families: &'static str,
}

static FAMILIES: [BankTransactionFamily; count(FILE)] = load();

const fn load() -> [BankTransactionFamily; count(FILE)] {
    let mut families = [BankTransactionFamily { domain: "", family: "", name: "", sub_families: "" }; count(FILE)];
    let mut rows = Rows::of(FILE);
    let mut at = 0;
    while let Some(row) = rows.next() {
        let (domain, family) = (text(row.field(0)), text(row.field(1)));
        assert!(domain.len() == 4 && family.len() == 4, "a domain and a family have four letters");
        families[at] =
            BankTransactionFamily { domain, family, name: text(row.field(2)), sub_families: text(row.field(3)) };
        at += 1;
    }
    families
}

impl BankTransactionFamily {
    /// What can stand in `SubFmlyCd`, ascending.
    pub fn sub_families(&self) -> impl Iterator<Item = &'static str> {
        self.sub_families.split(' ')
    }
}

/// The families of the domains that a cash account is reported in.
#[must_use]
pub fn bank_transaction_families() -> &'static [BankTransactionFamily] {
    &FAMILIES
}

/// Whether the combination exists.
///
/// ```
/// use rulebook::code_sets::is_bank_transaction_code;
///
/// assert!(is_bank_transaction_code("PMNT", "ICDT", "ESCT"));
/// assert!(!is_bank_transaction_code("PMNT", "ICDT", "ESDD"), "a direct debit is no credit transfer");
/// ```
#[must_use]
pub fn is_bank_transaction_code(domain: &str, family: &str, sub_family: &str) -> bool {
    let place = FAMILIES.binary_search_by(|listed| (listed.domain, listed.family).cmp(&(domain, family)));
    let family = place.ok().and_then(|at| FAMILIES.get(at));
    family.is_some_and(|family| family.sub_families().any(|listed| listed == sub_family))
}
