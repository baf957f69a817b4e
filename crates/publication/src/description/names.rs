//! Names of the elements: ISO 20022's names in full, and Latvian ones. The English name is ISO 20022's, in words.

use rulebook::Language;

/// An element's name.
pub(super) struct Name {
    tag: &'static str,
    /// In full, as ISO 20022 has it.
    pub(super) iso: &'static str,
    latvian: &'static str,
}

impl Name {
    /// In words.
    pub(super) fn in_language(&self, language: Language) -> String {
        match language {
            Language::Latvian => self.latvian.to_owned(),
            Language::English => in_words(self.iso),
        }
    }
}

/// The name of an element, by its tag.
pub(super) fn of(tag: &str) -> Option<&'static Name> {
    NAMES.binary_search_by(|name| name.tag.cmp(tag)).ok().map(|at| &NAMES[at])
}

/// `MessageIdentification` as `Message identification`; what is written in capitals stays.
fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let characters: Vec<char> = name.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        let next_is_small = characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let is_new_word = at > 0 && character.is_uppercase() && (next_is_small || characters[at - 1].is_lowercase());
        if is_new_word {
            words.push(' ');
        }
        let is_small = is_new_word && next_is_small;
        words.extend(if is_small { character.to_lowercase().next() } else { Some(character) });
    }
    words
}

const fn name(tag: &'static str, iso: &'static str, latvian: &'static str) -> Name {
    Name { tag, iso, latvian }
}

/// Ascending by tag.
const NAMES: &[Name] = &[
    name("Acct", "Account", "Konts"),
    name("AcctOwnr", "AccountOwner", "Konta īpašnieks"),
    name("AcctSvcr", "AccountServicer", "Konta apkalpotājs"),
    name("AcctSvcrRef", "AccountServicerReference", "Konta apkalpotāja atsauce"),
    name("AddtlInf", "AdditionalInformation", "Papildu informācija"),
    name("AddtlRmtInf", "AdditionalRemittanceInformation", "Papildu informācija par maksājumu"),
    name("AddtlTxInf", "AdditionalTransactionInformation", "Papildu informācija par darījumu"),
    name("AdrLine", "AddressLine", "Adreses rinda"),
    name("Agt", "Agent", "Iestāde"),
    name("Amt", "Amount", "Summa"),
    name("AmtDtls", "AmountDetails", "Summas sadalījums"),
    name("AnyBIC", "AnyBIC", "Organizācijas BIC"),
    name("BIC", "BIC", "Bankas BIC"),
    name("BICFI", "BICFI", "Bankas BIC"),
    name("BICOrBEI", "BICOrBEI", "Organizācijas BIC"),
    name("Bal", "Balance", "Atlikums"),
    name("BkTxCd", "BankTransactionCode", "Bankas darījuma kods"),
    name("BldgNb", "BuildingNumber", "Ēkas numurs"),
    name("BldgNm", "BuildingName", "Ēkas nosaukums"),
    name("BookgDt", "BookingDate", "Iegrāmatošanas datums"),
    name("BtchBookg", "BatchBooking", "Iegrāmatot kopsummā"),
    name("Ccy", "Currency", "Valūta"),
    name("CcyOfTrf", "CurrencyOfTransfer", "Pārskaitījuma valūta"),
    name("Cd", "Code", "Kods"),
    name("CdOrPrtry", "CodeOrProprietary", "Kods vai savs apzīmējums"),
    name("CdtDbtInd", "CreditDebitIndicator", "Kredīts (CRDT) vai debets (DBIT)"),
    name("CdtTrfTxInf", "CreditTransferTransactionInformation", "Maksājums"),
    name("Cdtr", "Creditor", "Saņēmējs"),
    name("CdtrAcct", "CreditorAccount", "Saņēmēja konts"),
    name("CdtrAgt", "CreditorAgent", "Saņēmēja banka"),
    name("CdtrRefInf", "CreditorReferenceInformation", "Saņēmēja atsauce"),
    name("ChrgBr", "ChargeBearer", "Izmaksu segšana"),
    name("ChrgsAcct", "ChargesAccount", "Konts izmaksu segšanai"),
    name("ClrSysMmbId", "ClearingSystemMemberIdentification", "Klīringa sistēmas dalībnieks"),
    name("CreDtTm", "CreationDateTime", "Izveides laiks"),
    name("CtgyPurp", "CategoryPurpose", "Mērķa kategorija"),
    name("CtrlSum", "ControlSum", "Kontrolsumma"),
    name("Ctry", "Country", "Valsts"),
    name("CtrySubDvsn", "CountrySubDivision", "Valsts administratīvā vienība"),
    name("DbtCdtRptgInd", "DebitCreditReportingIndicator", "Puse: maksātāja (DEBT), saņēmēja (CRED), abas (BOTH)"),
    name("Dbtr", "Debtor", "Maksātājs"),
    name("DbtrAcct", "DebtorAccount", "Maksātāja konts"),
    name("DbtrAgt", "DebtorAgent", "Maksātāja banka"),
    name("Dept", "Department", "Struktūrvienība"),
    name("Domn", "Domain", "Darījumu joma"),
    name("DstrctNm", "DistrictName", "Novads"),
    name("Dt", "Date", "Datums"),
    name("DtTm", "DateTime", "Datums un laiks"),
    name("DtldCtrlSum", "DetailedControlSum", "Kopsumma šajā statusā"),
    name("DtldNbOfTxs", "DetailedNumberOfTransactions", "Maksājumu skaits šajā statusā"),
    name("DtldSts", "DetailedStatus", "Statuss"),
    name("Dtls", "Details", "Ziņas"),
    name("EQSeq", "EqualSequence", "Pārskats ar šo numuru"),
    name("ElctrncSeqNb", "ElectronicSequenceNumber", "Kārtas numurs"),
    name("EndToEndId", "EndToEndIdentification", "Maksājuma identifikators, ko redz arī saņēmējs"),
    name("EqvtAmt", "EquivalentAmount", "Ekvivalentā summa"),
    name("FinInstnId", "FinancialInstitutionIdentification", "Bankas identifikācija"),
    name("Flr", "Floor", "Stāvs"),
    name("FlrLmt", "FloorLimit", "Summas zemākā robeža"),
    name("Fmly", "Family", "Darījumu grupa"),
    name("FrDt", "FromDate", "No datuma"),
    name("FrDtTm", "FromDateTime", "No brīža"),
    name("FrSeq", "FromSequence", "No numura"),
    name("FrTm", "FromTime", "No laika"),
    name("FrToDt", "FromToDate", "Periods"),
    name("FrToSeq", "FromToSequence", "Numuru intervāls"),
    name("FrToTm", "FromToTime", "Laika intervāls"),
    name("GrpHdr", "GroupHeader", "Ziņojuma galvene"),
    name("GrpSts", "GroupStatus", "Ziņojuma statuss"),
    name("IBAN", "IBAN", "IBAN"),
    name("Id", "Identification", "Identifikators"),
    name("InitgPty", "InitiatingParty", "Iesniedzējs"),
    name("InstdAmt", "InstructedAmount", "Maksājuma summa"),
    name("InstrId", "InstructionIdentification", "Rīkojuma identifikators"),
    name("InstrPrty", "InstructionPriority", "Steidzamība"),
    name("Issr", "Issuer", "Izdevējs"),
    name("LEI", "LEI", "Juridiskās personas identifikators (LEI)"),
    name("LastPgInd", "LastPageIndicator", "Pēdējā lapa"),
    name("LclInstrm", "LocalInstrument", "Vietējais instruments"),
    name("MmbId", "MemberIdentification", "Dalībnieka identifikators"),
    name("MsgId", "MessageIdentification", "Ziņojuma identifikators"),
    name("MsgPgntn", "MessagePagination", "Lapas"),
    name("MsgSndr", "MessageSender", "Ziņojuma sūtītājs"),
    name("NEQSeq", "NotEqualSequence", "Visi, izņemot šo numuru"),
    name("Nb", "Number", "Numurs"),
    name("NbOfNtries", "NumberOfEntries", "Ierakstu skaits"),
    name("NbOfTxs", "NumberOfTransactions", "Maksājumu skaits"),
    name("NbOfTxsPerSts", "NumberOfTransactionsPerStatus", "Maksājumi pa statusiem"),
    name("Nm", "Name", "Nosaukums vai vārds un uzvārds"),
    name("Ntfctn", "Notification", "Paziņojums"),
    name("Ntry", "Entry", "Ieraksts"),
    name("NtryDtls", "EntryDetails", "Ieraksta ziņas"),
    name("OrgId", "OrganisationIdentification", "Organizācijas identifikācija"),
    name("OrgnlBizQry", "OriginalBusinessQuery", "Pieprasījums, uz kuru atbildam"),
    name("OrgnlCreDtTm", "OriginalCreationDateTime", "Sākotnējā ziņojuma izveides laiks"),
    name("OrgnlCtrlSum", "OriginalControlSum", "Sākotnējā kontrolsumma"),
    name("OrgnlEndToEndId", "OriginalEndToEndIdentification", "Sākotnējais EndToEndId"),
    name("OrgnlGrpInfAndSts", "OriginalGroupInformationAndStatus", "Sākotnējais ziņojums un tā statuss"),
    name("OrgnlInstrId", "OriginalInstructionIdentification", "Sākotnējais InstrId"),
    name("OrgnlMsgId", "OriginalMessageIdentification", "Sākotnējais MsgId"),
    name("OrgnlMsgNmId", "OriginalMessageNameIdentification", "Sākotnējā ziņojuma veids"),
    name("OrgnlNbOfTxs", "OriginalNumberOfTransactions", "Sākotnējais maksājumu skaits"),
    name("OrgnlPmtInfAndSts", "OriginalPaymentInformationAndStatus", "Sākotnējais bloks un tā statuss"),
    name("OrgnlPmtInfId", "OriginalPaymentInformationIdentification", "Sākotnējais PmtInfId"),
    name("OrgnlTxRef", "OriginalTransactionReference", "Ziņas, pēc kurām pazīt maksājumu"),
    name("OrgnlUETR", "OriginalUETR", "Sākotnējais UETR"),
    name("Orgtr", "Originator", "Kas statusu noteicis"),
    name("Othr", "Other", "Cita identifikācija"),
    name("Ownr", "Owner", "Īpašnieks"),
    name("PgNb", "PageNumber", "Lapas numurs"),
    name("PmtId", "PaymentIdentification", "Maksājuma identifikācija"),
    name("PmtInf", "PaymentInformation", "Maksājumu bloks"),
    name("PmtInfId", "PaymentInformationIdentification", "Bloka identifikators"),
    name("PmtInfSts", "PaymentInformationStatus", "Bloka statuss"),
    name("PmtMtd", "PaymentMethod", "Maksāšanas veids"),
    name("PmtTpInf", "PaymentTypeInformation", "Maksājuma veids"),
    name("Prtry", "Proprietary", "Savs apzīmējums"),
    name("PrtryAmt", "ProprietaryAmount", "Summas daļa pēc sava apzīmējuma"),
    name("PrvtId", "PrivateIdentification", "Privātpersonas identifikācija"),
    name("PstBx", "PostBox", "Pasta kastīte"),
    name("PstCd", "PostCode", "Pasta indekss"),
    name("PstlAdr", "PostalAddress", "Pasta adrese"),
    name("Pty", "Party", "Persona"),
    name("Purp", "Purpose", "Maksājuma mērķa kods"),
    name("Ref", "Reference", "Atsauce"),
    name("Refs", "References", "Atsauces"),
    name("ReqdBalTp", "RequestedBalanceType", "Pieprasītais atlikuma veids"),
    name("ReqdExctnDt", "RequestedExecutionDate", "Izpildes datums"),
    name("ReqdMsgNmId", "RequestedMessageNameIdentification", "Pieprasītais pārskats"),
    name("ReqdTxTp", "RequestedTransactionType", "Pieprasītie darījumi"),
    name("RfrdDocInf", "ReferredDocumentInformation", "Apmaksātais dokuments"),
    name("RgltryRptg", "RegulatoryReporting", "Klasifikācija (EKK, AMK)"),
    name("RltdAgts", "RelatedAgents", "Iesaistītās bankas"),
    name("RltdPties", "RelatedParties", "Iesaistītās personas"),
    name("RmtInf", "RemittanceInformation", "Informācija saņēmējam"),
    name("Room", "Room", "Telpa"),
    name("Rpt", "Report", "Pārskats"),
    name("RptgPrd", "ReportingPeriod", "Pārskata periods"),
    name("RptgReq", "ReportingRequest", "Pārskata pieprasījums"),
    name("RptgSeq", "ReportingSequence", "Pārskatu numuri"),
    name("Rsn", "Reason", "Iemesls"),
    name("RtrInf", "ReturnInformation", "Ziņas par atgriešanu"),
    name("SchmeNm", "SchemeName", "Identifikatora veids"),
    name("Stmt", "Statement", "Izraksts"),
    name("Strd", "Structured", "Strukturēta informācija"),
    name("StrtNm", "StreetName", "Iela"),
    name("Sts", "Status", "Statuss"),
    name("StsId", "StatusIdentification", "Statusa identifikators"),
    name("StsRsnInf", "StatusReasonInformation", "Statusa iemesls"),
    name("SubDept", "SubDepartment", "Struktūrvienības daļa"),
    name("SubFmlyCd", "SubFamilyCode", "Darījumu apakšgrupa"),
    name("SubTp", "SubType", "Paveids"),
    name("Sum", "Sum", "Kopsumma"),
    name("SvcLvl", "ServiceLevel", "Pakalpojuma līmenis"),
    name("Svcr", "Servicer", "Apkalpotājs"),
    name("ToDt", "ToDate", "Līdz datumam"),
    name("ToDtTm", "ToDateTime", "Līdz brīdim"),
    name("ToSeq", "ToSequence", "Līdz numuram"),
    name("ToTm", "ToTime", "Līdz laikam"),
    name("Tp", "Type", "Veids"),
    name("TtlCdtNtries", "TotalCreditEntries", "Kredīta ieraksti kopā"),
    name("TtlDbtNtries", "TotalDebitEntries", "Debeta ieraksti kopā"),
    name("TtlNetNtry", "TotalNetEntry", "Kredīta un debeta starpība"),
    name("TtlNetNtryAmt", "TotalNetEntryAmount", "Kredīta un debeta starpība"),
    name("TtlNtries", "TotalEntries", "Ieraksti kopā"),
    name("TwnLctnNm", "TownLocationName", "Apkaime"),
    name("TwnNm", "TownName", "Pilsēta vai pagasts"),
    name("TxAmt", "TransactionAmount", "Darījuma summa"),
    name("TxDtls", "TransactionDetails", "Darījums"),
    name("TxInfAndSts", "TransactionInformationAndStatus", "Maksājums un tā statuss"),
    name("TxSts", "TransactionStatus", "Maksājuma statuss"),
    name("TxsSummry", "TransactionsSummary", "Kopsavilkums"),
    name("UETR", "UETR", "Unikāla atsauce starp bankām (UUID)"),
    name("UltmtCdtr", "UltimateCreditor", "Patiesais saņēmējs"),
    name("UltmtDbtr", "UltimateDebtor", "Patiesais maksātājs"),
    name("Ustrd", "Unstructured", "Brīvs teksts"),
    name("ValDt", "ValueDate", "Valutēšanas datums"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_tags() {
        assert!(NAMES.is_sorted_by(|one, other| one.tag < other.tag));
    }

    #[test]
    fn iso_names_become_words() {
        let cases = [
            ("MessageIdentification", "Message identification"),
            ("BICFI", "BICFI"),
            ("OriginalUETR", "Original UETR"),
            ("EndToEndIdentification", "End to end identification"),
            ("IBAN", "IBAN"),
            ("AnyBIC", "Any BIC"),
        ];
        for (name, words) in cases {
            assert_eq!(in_words(name), words);
        }
    }
}
