//! 36xx–37xx: classification of payments, payment type.

use super::source::{AMK, CODE_SETS, EKK, INTERNAL_PAYMENTS, NATIONAL_GUIDELINE, SEPA_PAYMENTS, TDAM};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::EkkForm, "RR05", EKK)
        .title("Klasifikācijas kods (EKK) nav derīgs", "The classification code (EKK) is not valid")
        .explanation(
            "EKK ir četri cipari (izdevumi), pieci cipari (ieņēmumi) vai F un astoņi cipari (finansēšana).",
            "An EKK is four digits (expenditure), five digits (revenue), or F and eight digits (financing).",
        )
        .detail("EKK „{value}” nav derīgs.", "The EKK `{value}` is not valid.")
        .remedy(
            "Elementā RgltryRptg/Dtls/Cd norādiet kodu pēc budžeta klasifikācijas, piemēram, 2221, 21490 vai F22010010.",
            "Give in RgltryRptg/Dtls/Cd a code of the budget classification, such as 2221, 21490 or F22010010.",
        ),
    Entry::new(Code::EkkSharesDiffer, "RR05", INTERNAL_PAYMENTS)
        .title("EKK summas nesakrīt ar maksājuma summu", "The shares of the EKK do not add up to the payment")
        .explanation(
            "Katrā pusē (maksātāja, saņēmēja) EKK summām kopā jāsakrīt ar maksājuma summu.",
            "On each side (payer, payee) the shares of the codes must add up to the payment's amount.",
        )
        .detail(
            "Puses {given} EKK summas kopā ir {value}, bet maksājuma summa ir {expected}.",
            "The shares of side {given} add up to {value}, but the payment's amount is {expected}.",
        )
        .shorter_detail(
            "EKK summas kopā ir {value}, bet maksājuma summa ir {expected}.",
            "The shares add up to {value}, but the payment's amount is {expected}.",
        )
        .remedy(
            "Labojiet RgltryRptg/Dtls/Amt vai, ja kods ir viens, izlaidiet summu: tad tas attiecas uz visu maksājumu.",
            "Correct RgltryRptg/Dtls/Amt; a single code may go without an amount: it then means the whole payment.",
        ),
    Entry::new(Code::EkkShareMissing, "RR05", INTERNAL_PAYMENTS)
        .title("EKK trūkst summas", "A code (EKK) lacks its share")
        .explanation(
            "Ja vienā pusē ir vairāki EKK, katram jānorāda summa.",
            "When a side has several codes, each needs its share.",
        )
        .detail(
            "Pusē {given} ir vairāki EKK, un EKK „{value}” trūkst summas.",
            "Side {given} has several codes, and the EKK `{value}` lacks its share.",
        )
        .shorter_detail("EKK „{value}” trūkst summas.", "The EKK `{value}` lacks its share.")
        .remedy(
            "Norādiet katram EKK tā daļu elementā RgltryRptg/Dtls/Amt; daļas kopā ir maksājuma summa.",
            "Give each code its share in RgltryRptg/Dtls/Amt; the shares add up to the payment's amount.",
        ),
    Entry::new(Code::EkkShareInvalid, "RR05", INTERNAL_PAYMENTS)
        .title("EKK summa nav derīga", "The share of a code (EKK) is not valid")
        .explanation(
            "EKK summai jābūt maksājuma valūtā un lielākai par nulli.",
            "A code's share must be in the payment's currency and above zero.",
        )
        .detail(
            "EKK summa {value} nav derīga; tai jābūt lielākai par nulli un valūtā {expected}.",
            "The share {value} is not valid; it must be above zero and in {expected}.",
        )
        .remedy(
            "Elementā RgltryRptg/Dtls/Amt norādiet par nulli lielāku summu maksājuma valūtā.",
            "Give in RgltryRptg/Dtls/Amt an amount above zero in the payment's currency.",
        ),
    Entry::new(Code::EkkPayerSideMissing, "RR05", INTERNAL_PAYMENTS)
        .title("Trūkst maksātāja puses EKK", "The payer's side has no code (EKK)")
        .explanation(
            "Maksājumā starp Valsts kases kontiem jānorāda EKK abām pusēm; trūkst maksātāja puses (DEBT) koda.",
            "A payment between accounts of the Treasury needs codes of both sides; that of the payer's side (DEBT) is missing.",
        )
        .detail(
            "Maksājumā starp Valsts kases kontiem trūkst maksātāja puses EKK (DbtCdtRptgInd = {expected}).",
            "A payment between accounts of the Treasury needs codes of both sides; that of the payer (DbtCdtRptgInd = {expected}) is missing.",
        )
        .remedy(
            "Pievienojiet RgltryRptg ar DbtCdtRptgInd = DEBT un Dtls/Tp = EKK.",
            "Add RgltryRptg with DbtCdtRptgInd = DEBT and Dtls/Tp = EKK.",
        ),
    Entry::new(Code::EkkPayeeSideMissing, "RR05", INTERNAL_PAYMENTS)
        .title("Trūkst saņēmēja puses EKK", "The payee's side has no code (EKK)")
        .explanation(
            "Maksājumā starp Valsts kases kontiem jānorāda EKK abām pusēm; trūkst saņēmēja puses (CRED) koda.",
            "A payment between accounts of the Treasury needs codes of both sides; that of the payee's side (CRED) is missing.",
        )
        .detail(
            "Maksājumā starp Valsts kases kontiem trūkst saņēmēja puses EKK (DbtCdtRptgInd = {expected}).",
            "A payment between accounts of the Treasury needs codes of both sides; that of the payee (DbtCdtRptgInd = {expected}) is missing.",
        )
        .remedy(
            "Pievienojiet RgltryRptg ar DbtCdtRptgInd = CRED un Dtls/Tp = EKK.",
            "Add RgltryRptg with DbtCdtRptgInd = CRED and Dtls/Tp = EKK.",
        ),
    Entry::new(Code::EkkSideMissing, "RR05", TDAM)
        .title("EKK nav norādīta puse", "A code (EKK) names no side")
        .explanation(
            "Katram EKK jānorāda, kurai pusei tas pieder: RgltryRptg/DbtCdtRptgInd ir DEBT (maksātājs), CRED (saņēmējs) vai BOTH.",
            "Each code must say which side it is of: RgltryRptg/DbtCdtRptgInd is DEBT (payer), CRED (payee) or BOTH.",
        )
        .detail("EKK „{value}” nav norādīta puse.", "The EKK `{value}` names no side.")
        .remedy(
            "Norādiet RgltryRptg/DbtCdtRptgInd: DEBT maksātāja pusei, CRED saņēmēja pusei.",
            "Give RgltryRptg/DbtCdtRptgInd: DEBT for the payer's side, CRED for the payee's.",
        ),
    Entry::new(Code::BailiffCodeRequired, "RR05", INTERNAL_PAYMENTS)
        .title("Maksājumam tiesu izpildītājam vajadzīgs EKK F22010010", "A payment to a bailiff needs the EKK F22010010")
        .explanation(
            "Maksājumam uz tiesu izpildītāja kontu saņēmēja puses EKK ir F22010010.",
            "A payment to a bailiff's account has F22010010 as the payee's side's code.",
        )
        .detail(
            "Saņēmēja konts {value} ir tiesu izpildītāja konts; saņēmēja puses ({given}) EKK jābūt {expected}.",
            "The payee's account {value} is a bailiff's; the code of the payee's side ({given}) must be {expected}.",
        )
        .shorter_detail(
            "Saņēmēja konts {value} ir tiesu izpildītāja konts; saņēmēja puses EKK jābūt {expected}.",
            "The payee's account {value} is a bailiff's; the payee's side's code must be {expected}.",
        )
        .remedy(
            "Norādiet saņēmēja pusei (CRED) EKK F22010010.",
            "Give the EKK F22010010 for the payee's side (CRED).",
        ),
    Entry::new(Code::AmkForm, "RR05", AMK)
        .title("Ārējo maksājumu kods (AMK) nav derīgs", "The external payment code (AMK) is not valid")
        .explanation("AMK ir trīs cipari.", "An AMK is three digits.")
        .detail("AMK „{value}” nav derīgs: jābūt trim cipariem.", "The AMK `{value}` is not valid: it is three digits.")
        .remedy(
            "Norādiet RgltryRptg/Dtls/Cd trīs ciparu kodu no Latvijas Bankas ārējo maksājumu kodu saraksta.",
            "Give in RgltryRptg/Dtls/Cd a code of three digits from Latvijas Banka's list of external payment codes.",
        ),
    Entry::new(Code::AmkCountry, "RR05", AMK)
        .title("Ārējo maksājumu kodam (AMK) trūkst valsts", "The external payment code (AMK) lacks its country")
        .explanation(
            "Kopā ar AMK norāda saņēmēja valsti (RgltryRptg/Dtls/Ctry) pēc ISO 3166.",
            "An AMK goes with the payee's country (RgltryRptg/Dtls/Ctry) by ISO 3166.",
        )
        .detail("AMK valsts „{value}” nav derīga.", "The country `{value}` of the AMK is not valid.")
        .remedy(
            "Norādiet saņēmēja valsts kodu (divus burtus) elementā RgltryRptg/Dtls/Ctry.",
            "Give the code of the payee's country (two letters) in RgltryRptg/Dtls/Ctry.",
        ),
    Entry::new(Code::PaymentMethodNotTransfer, "FF01", NATIONAL_GUIDELINE)
        .title("Maksāšanas veids nav pārskaitījums", "The payment method is not a transfer")
        .explanation(
            "PmtInf/PmtMtd jābūt TRF (pārskaitījums); čeki (CHK) un paziņojumi par pārskaitījumu (TRA) netiek pieņemti.",
            "PmtInf/PmtMtd must be TRF (transfer); cheques (CHK) and advices (TRA) are not accepted.",
        )
        .detail("PmtMtd ir „{value}”, jābūt {expected}.", "PmtMtd is `{value}`, it must be {expected}.")
        .remedy(
            "Elementā PmtInf/PmtMtd norādiet TRF.",
            "Give TRF in PmtInf/PmtMtd.",
        ),
    Entry::new(Code::ChargesNotShared, "CH16", SEPA_PAYMENTS)
        .title("SEPA maksājumā katra puse sedz savas izmaksas", "Charges of a SEPA payment are shared")
        .explanation(
            "SEPA maksājumā ChrgBr drīkst būt SLEV vai SHAR.",
            "In a SEPA payment ChrgBr is SLEV or SHAR.",
        )
        .detail("ChrgBr ir „{value}”, atļauts {expected}.", "ChrgBr is `{value}`, allowed is {expected}.")
        .remedy(
            "Elementā ChrgBr norādiet SLEV vai izlaidiet to.",
            "Give SLEV in ChrgBr, or leave ChrgBr out.",
        ),
    Entry::new(Code::ServiceLevelNotOffered, "FF04", TDAM)
        .title("Pakalpojuma līmenis netiek piedāvāts", "The service level is not offered")
        .explanation(
            "Katrs PmtTpInf/SvcLvl/Cd drīkst būt SEPA vai NURG; citi pakalpojuma līmeņi un SvcLvl/Prtry netiek piedāvāti.",
            "Each PmtTpInf/SvcLvl/Cd is SEPA or NURG; other service levels and SvcLvl/Prtry are not offered.",
        )
        .detail("SvcLvl ir „{value}”, atļauts {expected}.", "SvcLvl is `{value}`, allowed is {expected}.")
        .remedy(
            "Elementā PmtTpInf/SvcLvl/Cd norādiet SEPA vai izlaidiet SvcLvl.",
            "Give SEPA in PmtTpInf/SvcLvl/Cd, or leave SvcLvl out.",
        ),
    Entry::new(Code::LocalInstrumentNotOffered, "FF05", TDAM)
        .title("Vietējais instruments netiek piedāvāts", "The local instrument is not offered")
        .explanation(
            "PmtTpInf/LclInstrm (Cd vai Prtry) netiek pieņemts; arī zibmaksājumi (INST) šajā kanālā vēl netiek piedāvāti.",
            "PmtTpInf/LclInstrm (Cd or Prtry) is not accepted; instant payments (INST) are not offered in this channel yet either.",
        )
        .detail("LclInstrm „{value}” netiek pieņemts.", "LclInstrm `{value}` is not accepted.")
        .remedy(
            "Izlaidiet elementu PmtTpInf/LclInstrm: maksājumu izpilda arī bez tā.",
            "Leave PmtTpInf/LclInstrm out: the payment is executed without it.",
        ),
    Entry::new(Code::CategoryPurposeUnknown, "FF06", CODE_SETS)
        .title("Nezināms maksājuma kategorijas kods", "The category purpose is unknown")
        .explanation(
            "PmtTpInf/CtgyPurp/Cd jābūt kodam no ISO 20022 saraksta ExternalCategoryPurpose1Code, piemēram, SALA (alga).",
            "PmtTpInf/CtgyPurp/Cd is a code of the ISO 20022 list ExternalCategoryPurpose1Code, such as SALA (salaries).",
        )
        .detail(
            "Kategorijas koda „{value}” ISO 20022 sarakstā nav.",
            "The list of ISO 20022 has no category purpose `{value}`.",
        )
        .remedy(
            "Norādiet kodu no ISO 20022 saraksta ExternalCategoryPurpose1Code vai izlaidiet CtgyPurp.",
            "Give a code of the ISO 20022 list ExternalCategoryPurpose1Code, or leave CtgyPurp out.",
        ),
    Entry::new(Code::PurposeUnknown, "FF07", CODE_SETS)
        .title("Nezināms maksājuma mērķa kods", "The purpose code is unknown")
        .explanation(
            "Purp/Cd jābūt kodam no ISO 20022 saraksta ExternalPurpose1Code, piemēram, TAXS (nodokļi).",
            "Purp/Cd is a code of the ISO 20022 list ExternalPurpose1Code, such as TAXS (taxes).",
        )
        .detail("Mērķa koda „{value}” ISO 20022 sarakstā nav.", "The list of ISO 20022 has no purpose code `{value}`.")
        .remedy(
            "Norādiet kodu no ISO 20022 saraksta ExternalPurpose1Code vai izlaidiet Purp.",
            "Give a code of the ISO 20022 list ExternalPurpose1Code, or leave Purp out.",
        ),
];
