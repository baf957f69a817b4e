//! Sources of the rules. The documents are public; each source states how sure we are of the rule.

use super::Language;

/// How a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Stated in the document.
    Found,
    /// Follows from the document, or from what neighbouring banks publish.
    Inferred,
    /// Not published anywhere: our own decision.
    Decided,
}

/// The document that a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The document, as one would cite it.
    pub document: &'static str,
    /// How the rule is known from it.
    pub basis: Basis,
}

impl Source {
    /// The document and how sure we are of the rule, for a reader.
    #[must_use]
    pub fn in_language(&self, language: Language) -> String {
        match (self.basis, language) {
            (Basis::Found, _) => self.document.to_owned(),
            (Basis::Inferred, Language::Latvian) => format!("{} (izsecināts)", self.document),
            (Basis::Inferred, Language::English) => format!("{} (inferred)", self.document),
            (Basis::Decided, Language::Latvian) => "mūsu lēmums".to_owned(),
            (Basis::Decided, Language::English) => "our own decision".to_owned(),
        }
    }
}

const fn found(document: &'static str) -> Source {
    Source { document, basis: Basis::Found }
}

const fn inferred(document: &'static str) -> Source {
    Source { document, basis: Basis::Inferred }
}

pub(super) const TDAM: Source = Source { document: "tdam", basis: Basis::Decided };
pub(super) const ONLINE_USER: Source = found("kase.gov.lv, tiešsaistes datu apmaiņa: tiešsaistes lietotājs");
pub(super) const ONLINE_EXCHANGE: Source = found("kase.gov.lv, tiešsaistes datu apmaiņa (22.11.2021)");
pub(super) const XML: Source = found("W3C XML 1.0");
pub(super) const NAMESPACES: Source = found("W3C Namespaces in XML 1.0");
pub(super) const XML_SCHEMA: Source = found("W3C XML Schema 1.0, ISO 20022 message schema");
pub(super) const NATIONAL_GUIDELINE: Source =
    found("Vadlīnijas ISO 20022 XML ziņojumu klients–banka un banka–klients posmā ieviešanai Latvijā (20.06.2014)");
pub(super) const CONTROL_TOTALS: Source = found("opbank.lv, ISO 20022 (10/2017): NbOfTxs, CtrlSum from 19.11.2017");
pub(super) const IBAN: Source = found("ISO 13616, SWIFT IBAN Registry");
pub(super) const TREASURY_ACCOUNTS: Source = found("kase.gov.lv, konti: TRELLV22, LVkkTREL");
pub(super) const BIC: Source = found("ISO 9362");
pub(super) const CREDITOR_REFERENCE: Source = found("ISO 11649");
pub(super) const COUNTRIES: Source = found("ISO 3166-1");
pub(super) const INTERNAL_PAYMENTS: Source = found("kase.gov.lv, iekšējie maksājumi (2021)");
pub(super) const SEPA_PAYMENTS: Source = found("kase.gov.lv, Eiropas maksājumi SEPA (2021)");
pub(super) const SEPA_RULES: Source =
    found("European Payments Council, SEPA Credit Transfer customer-to-bank guidelines");
pub(super) const ADDRESSES: Source = found("European Payments Council, address rules from 15.11.2026");
pub(super) const CHARACTERS: Source = inferred("Luminor, pain.001 v1.2 (2019): character set");
pub(super) const EKK: Source = inferred("Ministru kabineta noteikumi 1031/2005, 1032/2005, 875/2005");
pub(super) const AMK: Source = inferred("Latvijas Banka, ārējo maksājumu kodi");
pub(super) const REASON_CODES: Source = found("ISO 20022 External Code Sets: ExternalStatusReason1Code");
pub(super) const CODE_SETS: Source = Source { document: "ISO 20022 External Code Sets", basis: Basis::Decided };
pub(super) const ACCOUNT_LIMITS: Source = found("kase.gov.lv, eKase (2019): kontu limiti");
pub(super) const ACCOUNT_REPORT: Source = found("kase.gov.lv, konta pārskats (2023)");
pub(super) const REPORT_REQUEST: Source = found("ISO 20022 camt.060");
