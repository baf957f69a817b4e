//! The currencies in use (ISO 4217). `money` knows only the form of a code and its minor units.

use money::Currency;

use crate::data::Rows;

/// How many currencies the data file may hold.
const CURRENCIES_MAX: usize = 200;

/// Codes, ascending; unused places at the end are `~~~`, which follows every code.
static CODES: [[u8; 3]; CURRENCIES_MAX] = load(include_str!("../data/currencies.tsv"));

const fn load(text: &'static str) -> [[u8; 3]; CURRENCIES_MAX] {
    let mut codes = [*b"~~~"; CURRENCIES_MAX];
    let mut rows = Rows::of(text);
    let mut count = 0;
    while let Some(row) = rows.next() {
        let code = row.field(0);
        assert!(code.len() == 3, "a currency has three letters");
        codes[count] = [code[0], code[1], code[2]];
        count += 1;
    }
    codes
}

/// Whether ISO 4217 lists the currency as one in use.
#[must_use]
pub fn is_in_use(currency: Currency) -> bool {
    CODES.binary_search_by(|code| code.as_slice().cmp(currency.code().as_bytes())).is_ok()
}

/// Every currency in use, ascending.
pub fn in_use() -> impl Iterator<Item = Currency> {
    CODES.iter().filter_map(|code| std::str::from_utf8(code).ok().and_then(|code| Currency::new(code).ok()))
}
