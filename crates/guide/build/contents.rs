//! Which pages the guide has, in the order of its contents.
//!
//! The name is that of the page in its address, the same in both languages; the paths are those of the Markdown in the repository.
//! `tests/docs.rs` reads this table: a page of `docs/interface-developers` that stands nowhere here is a mistake, and so are twins that
//! differ in their examples, headings or tables.

/// A page and its twin.
pub(crate) struct Entry {
    /// Its name in an address.
    pub(crate) name: &'static str,
    /// The English page.
    pub(crate) english: &'static str,
    /// The Latvian page; `None` for a page that the program writes and that has both languages in it, or texts of ours in English only.
    pub(crate) latvian: Option<&'static str>,
}

const fn both(name: &'static str, english: &'static str, latvian: &'static str) -> Entry {
    Entry { name, english, latvian: Some(latvian) }
}

const fn one(name: &'static str, english: &'static str) -> Entry {
    Entry { name, english, latvian: None }
}

/// Where the guide begins.
pub(crate) const FIRST: &str = "contents";

/// Every page.
#[rustfmt::skip]
pub(crate) const CONTENTS: &[Entry] = &[
    both(FIRST, "docs/interface-developers/README.md", "docs/interface-developers/lv/README.md"),
    both("tour", "README.md", "README.lv.md"),
    both("connecting", "docs/interface-developers/connecting.md", "docs/interface-developers/lv/savienojums.md"),
    both("enrolment", "docs/interface-developers/enrolment.md", "docs/interface-developers/lv/sertifikats.md"),
    both("not-connecting", "docs/interface-developers/not-connecting.md", "docs/interface-developers/lv/kad-nav-savienojuma.md"),
    both("libraries", "docs/interface-developers/libraries.md", "docs/interface-developers/lv/bibliotekas.md"),
    both("java", "clients/java/README.md", "clients/java/README.lv.md"),
    both("php", "clients/php/README.md", "clients/php/README.lv.md"),
    both("dotnet", "clients/dotnet/README.md", "clients/dotnet/README.lv.md"),
    both("rust", "crates/client/README.md", "crates/client/README.lv.md"),
    both("proxy", "docs/interface-developers/proxy.md", "docs/interface-developers/lv/starpnieks.md"),
    both("payments", "docs/interface-developers/payments.md", "docs/interface-developers/lv/maksajumi.md"),
    both("asking", "docs/interface-developers/asking.md", "docs/interface-developers/lv/stavoklis.md"),
    both("reports", "docs/interface-developers/reports.md", "docs/interface-developers/lv/parskati.md"),
    both("signing", "docs/interface-developers/signing.md", "docs/interface-developers/lv/parakstisana.md"),
    both("errors", "docs/interface-developers/errors.md", "docs/interface-developers/lv/kludas.md"),
    both("limits", "docs/interface-developers/limits.md", "docs/interface-developers/lv/robezas.md"),
    both("guideline", "docs/interface-developers/guideline.md", "docs/interface-developers/lv/vadlinijas.md"),
    both("sandbox", "docs/interface-developers/sandbox.md", "docs/interface-developers/lv/smilskaste.md"),
    both("migration", "docs/interface-developers/migration.md", "docs/interface-developers/lv/pareja.md"),
    both("changes", "docs/interface-developers/changes.md", "docs/interface-developers/lv/izmainas.md"),
    both("checklist", "docs/interface-developers/checklist.md", "docs/interface-developers/lv/kontrolsaraksts.md"),
    both("support", "docs/interface-developers/support.md", "docs/interface-developers/lv/atbalsts.md"),
    both("trials", "docs/interface-developers/trials.md", "docs/interface-developers/lv/izmeginajumi.md"),
    one("codes", "docs/reference/errors.md"),
    one("rules", "docs/reference/rules.md"),
    one("formats", "docs/reference/format/README.md"),
    both("pain.001.001.03", "docs/reference/format/en/pain.001.001.03.md", "docs/reference/format/lv/pain.001.001.03.md"),
    both("pain.001.001.09", "docs/reference/format/en/pain.001.001.09.md", "docs/reference/format/lv/pain.001.001.09.md"),
    both("pain.002.001.03", "docs/reference/format/en/pain.002.001.03.md", "docs/reference/format/lv/pain.002.001.03.md"),
    both("pain.002.001.10", "docs/reference/format/en/pain.002.001.10.md", "docs/reference/format/lv/pain.002.001.10.md"),
    both("camt.052.001.02", "docs/reference/format/en/camt.052.001.02.md", "docs/reference/format/lv/camt.052.001.02.md"),
    both("camt.052.001.08", "docs/reference/format/en/camt.052.001.08.md", "docs/reference/format/lv/camt.052.001.08.md"),
    both("camt.053.001.02", "docs/reference/format/en/camt.053.001.02.md", "docs/reference/format/lv/camt.053.001.02.md"),
    both("camt.053.001.08", "docs/reference/format/en/camt.053.001.08.md", "docs/reference/format/lv/camt.053.001.08.md"),
    both("camt.054.001.02", "docs/reference/format/en/camt.054.001.02.md", "docs/reference/format/lv/camt.054.001.02.md"),
    both("camt.054.001.08", "docs/reference/format/en/camt.054.001.08.md", "docs/reference/format/lv/camt.054.001.08.md"),
    both("camt.060.001.03", "docs/reference/format/en/camt.060.001.03.md", "docs/reference/format/lv/camt.060.001.03.md"),
    both("camt.060.001.05", "docs/reference/format/en/camt.060.001.05.md", "docs/reference/format/lv/camt.060.001.05.md"),
];

/// What stands in the repository and is served under an address of its own.
pub(crate) const SERVED_ELSEWHERE: &[(&str, &str)] = &[("docs/reference/openapi.json", "/v1/openapi.json")];
