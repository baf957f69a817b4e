//! 33xx–37xx: characters and lengths, dates, addresses, classification, payment type.

use super::source::{
    ADDRESSES, AMK, CHARACTERS, CODE_SETS, COUNTRIES, CREDITOR_REFERENCE, EKK, INTERNAL_PAYMENTS, NATIONAL_GUIDELINE,
    SEPA_PAYMENTS, SEPA_RULES, TDAM,
};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::CharacterNotAllowed, "RR10", CHARACTERS)
        .title("Zīme nav atļauta", "A character is not allowed")
        .explanation(
            "Atļauti burti a–z un A–Z, cipari, atstarpe un zīmes / - ? : ( ) . , ' +; latviešu burti – maksātāja nosaukumā un adresē, un maksājumā uz kontu Latvijā (ne identifikatoros).",
            "Allowed are the letters a–z and A–Z, digits, blank and / - ? : ( ) . , ' +; Latvian letters in the payer's name and address, and in a payment to an account in Latvia (not in identifiers).",
        )
        .detail(
            "{element} neatļautās zīmes: {expected} vērtībā „{value}”.",
            "{element} has characters that are not allowed: {expected} in `{value}`.",
        )
        .remedy(
            "Aizstājiet katru zīmi ar atļautu, piemēram, & ar + vai „un”, _ ar -, ü ar „u”; rindas pārtraukumus izņemiet.",
            "Replace each character by an allowed one, such as & by + or `and`, _ by -, ü by `u`; remove line breaks.",
        ),
    Entry::new(Code::IdentifierSlashes, "CH16", SEPA_RULES)
        .title("Slīpsvītra identifikatorā ir nepareizā vietā", "A slash is misplaced in an identifier")
        .explanation(
            "Identifikators nedrīkst sākties vai beigties ar „/”, un tajā nedrīkst būt „//”.",
            "An identifier may not begin or end with `/`, nor hold `//`.",
        )
        .detail(
            "{element} vērtība „{value}” sākas vai beidzas ar „/” vai satur „//”.",
            "{element} `{value}` begins or ends with `/`, or holds `//`.",
        )
        .remedy(
            "Izņemiet slīpsvītru vai rakstiet tās vietā domuzīmi -.",
            "Remove the slash, or write - in its place.",
        ),
    Entry::new(Code::NameTooLong, "CH16", SEPA_RULES)
        .title("Nosaukums ir pārāk garš", "The name is too long")
        .explanation(
            "SEPA maksājumā vārdam vai nosaukumam var būt ne vairāk kā 70 zīmes.",
            "In a SEPA payment a name has at most 70 characters.",
        )
        .detail(
            "{element} garums ir {given} zīmes, atļauts ne vairāk kā {expected}: „{value}”.",
            "{element} has {given} characters, allowed are {expected} at most: `{value}`.",
        )
        .remedy(
            "Saīsiniet nosaukumu līdz atļautajam garumam, piemēram, juridisko formu rakstot saīsināti (SIA, AS).",
            "Shorten the name to the length allowed, for example by abbreviating the legal form (SIA, AS).",
        ),
    Entry::new(Code::RemittanceTooLong, "CH15", SEPA_RULES)
        .title("Maksājuma mērķis ir pārāk garš", "The remittance information is too long")
        .explanation(
            "Maksājuma mērķim (RmtInf/Ustrd) var būt ne vairāk kā 140 zīmes.",
            "The unstructured remittance information (RmtInf/Ustrd) has at most 140 characters.",
        )
        .detail(
            "Maksājuma mērķa garums ir {given} zīmes, atļauts ne vairāk kā {expected}: „{value}”.",
            "The remittance information has {given} characters, allowed are {expected} at most: `{value}`.",
        )
        .remedy(
            "Saīsiniet RmtInf/Ustrd līdz 140 zīmēm; sīkāku aprakstu nosūtiet saņēmējam atsevišķi.",
            "Shorten RmtInf/Ustrd to 140 characters; send the payee further details separately.",
        ),
    Entry::new(Code::RemittanceRepeated, "CH17", SEPA_RULES)
        .title("Maksājuma mērķis vai kreditora atsauce norādīta vairākkārt", "The remittance text or the creditor reference is given more than once")
        .explanation(
            "Maksājumā drīkst būt tikai viens elements RmtInf/Ustrd un tikai viena kreditora atsauce (Strd/CdtrRefInf/Ref).",
            "A payment may have only one element RmtInf/Ustrd and only one creditor reference (Strd/CdtrRefInf/Ref).",
        )
        .detail(
            "Elements maksājumā norādīts {value} reizes; drīkst būt {expected}.",
            "The payment has the element {value} times; only {expected} is allowed.",
        )
        .remedy(
            "Apvienojiet tekstu vienā elementā, kopā ne vairāk kā 140 zīmes; katrai kreditora atsaucei veidojiet savu maksājumu.",
            "Join the texts in one element of at most 140 characters; make a payment for each creditor reference.",
        ),
    Entry::new(Code::CreditorReferenceInvalid, "RR07", CREDITOR_REFERENCE)
        .title("Kreditora atsauce nav derīga", "The creditor reference is not valid")
        .explanation(
            "Ar RF sākas starptautiskā kreditora atsauce (ISO 11649); tās pārbaudes cipariem jābūt pareiziem.",
            "What begins with RF is an international creditor reference (ISO 11649); its check digits must be right.",
        )
        .detail("Kreditora atsauce „{value}” nav derīga.", "The creditor reference `{value}` is not valid.")
        .remedy(
            "Pārrakstiet atsauci no rēķina, kā tā tur ir, ar visiem cipariem.",
            "Copy the reference from the invoice as it stands there, with all its digits.",
        ),
    Entry::new(Code::CreditorNameMissing, "BE22", SEPA_RULES)
        .title("Trūkst saņēmēja nosaukuma", "The payee's name is missing")
        .explanation(
            "SEPA maksājumā Cdtr/Nm (saņēmēja vārds vai nosaukums) ir obligāts.",
            "A SEPA payment must give Cdtr/Nm, the payee's name.",
        )
        .remedy(
            "Norādiet saņēmēja nosaukumu elementā Cdtr/Nm.",
            "Give the payee's name in Cdtr/Nm.",
        ),
    Entry::new(Code::RemittanceTextAndReference, "CH17", SEPA_RULES)
        .title("Teksts un strukturēta informācija kopā", "A text and structured remittance together")
        .explanation(
            "SEPA maksājumā ir vai nu brīvs teksts (RmtInf/Ustrd), vai strukturēta informācija (RmtInf/Strd: kreditora atsauce, dokumenta numurs, papildu teksts); abus kopā shēma nepārsūta. Maksājumos starp Valsts kases kontiem drīkst būt abi.",
            "A SEPA payment has a free text (RmtInf/Ustrd) or structured remittance (RmtInf/Strd: creditor reference, document number, further text); the scheme does not carry both. Payments between the Treasury's accounts may have both.",
        )
        .detail(
            "{element}: vērtībai „{value}” līdzās ir arī teksts Ustrd; SEPA pārsūta tikai vienu no tiem.",
            "{element}: beside `{value}` there is a text in Ustrd too; SEPA carries one of them only.",
        )
        .remedy(
            "Ja saņēmējs prasa atsauci vai dokumenta numuru, atstājiet to un izņemiet Ustrd; citādi ierakstiet to tekstā.",
            "Where the payee asks for the reference or document number, keep it and remove Ustrd; otherwise put it into the text.",
        ),
    Entry::new(Code::ExecutionDateTooFarInPast, "CH04", TDAM)
        .title("Izpildes datums ir pārāk sens", "The execution date is too far in the past")
        .explanation(
            "Pieprasītais izpildes datums drīkst būt ne vairāk kā dažas dienas pirms šodienas; tad maksājumu izpilda uzreiz.",
            "The requested execution date may lie a few days in the past at most; the payment is then executed at once.",
        )
        .detail(
            "Pieprasītais izpildes datums {value} ir pārāk sens; agrākais atļautais ir {expected}.",
            "The requested execution date {value} is too far in the past; the earliest allowed is {expected}.",
        )
        .remedy(
            "Norādiet šodienas vai vēlāku datumu un pārliecinieties, ka maksājums nav jau nosūtīts agrāk.",
            "Give today's date or a later one, and make sure that the payment was not sent earlier.",
        ),
    Entry::new(Code::ExecutionDateTooFarAhead, "CH03", TDAM)
        .title("Izpildes datums ir pārāk tālu nākotnē", "The execution date is too far ahead")
        .explanation(
            "Maksājumus pieņem ne vairāk kā gadu uz priekšu.",
            "Payments are accepted up to a year ahead.",
        )
        .detail(
            "Pieprasītais izpildes datums {value} ir pārāk tālu; vēlākais atļautais ir {expected}.",
            "The requested execution date {value} is too far ahead; the latest allowed is {expected}.",
        )
        .remedy(
            "Norādiet datumu ne vēlāku par kļūdā nosaukto vai sūtiet maksājumu vēlāk.",
            "Give a date no later than the one that the error names, or send the payment later.",
        ),
    Entry::new(Code::ExecutionDateMissing, "DT01", NATIONAL_GUIDELINE)
        .title("Trūkst izpildes datuma", "The execution date is missing")
        .explanation("Blokā jānorāda PmtInf/ReqdExctnDt.", "The block must give PmtInf/ReqdExctnDt.")
        .remedy(
            "Norādiet pieprasīto izpildes datumu elementā PmtInf/ReqdExctnDt/Dt (versijā .03 – ReqdExctnDt).",
            "Give the requested execution date in PmtInf/ReqdExctnDt/Dt (in .03: ReqdExctnDt).",
        ),
    Entry::new(Code::CreditorAddressUnstructured, "BE04", ADDRESSES)
        .title("Saņēmēja adrese nav strukturēta", "The payee's address is unstructured")
        .explanation(
            "No 2026. gada 15. novembra SEPA maksājumā adresi brīvās rindās (AdrLine) drīkst norādīt tikai tad, ja pilsēta (TwnNm) un valsts (Ctry) ir savos elementos.",
            "Since 15 November 2026 a SEPA payment may give an address in free lines (AdrLine) only if town (TwnNm) and country (Ctry) have their own elements.",
        )
        .detail(
            "{element} adrese ir brīvās rindās („{value}”); kopš 2026. gada 15. novembra vajag arī {expected}.",
            "{element} gives the address in free lines (`{value}`); since 15 November 2026 it also needs {expected}.",
        )
        .remedy(
            "Norādiet pilsētu (TwnNm) un valsti (Ctry) atsevišķos elementos vai izlaidiet adresi.",
            "Give town (TwnNm) and country (Ctry) in their own elements, or leave the address out.",
        ),
    Entry::new(Code::DebtorAddressUnstructured, "BE07", ADDRESSES)
        .title("Maksātāja adrese nav strukturēta", "The payer's address is unstructured")
        .explanation(
            "No 2026. gada 15. novembra SEPA maksājumā adresi brīvās rindās (AdrLine) drīkst norādīt tikai tad, ja pilsēta (TwnNm) un valsts (Ctry) ir savos elementos.",
            "Since 15 November 2026 a SEPA payment may give an address in free lines (AdrLine) only if town (TwnNm) and country (Ctry) have their own elements.",
        )
        .detail(
            "{element} adrese ir brīvās rindās („{value}”); kopš 2026. gada 15. novembra vajag arī {expected}.",
            "{element} gives the address in free lines (`{value}`); since 15 November 2026 it also needs {expected}.",
        )
        .remedy(
            "Norādiet pilsētu (TwnNm) un valsti (Ctry) atsevišķos elementos vai izlaidiet adresi.",
            "Give town (TwnNm) and country (Ctry) in their own elements, or leave the address out.",
        ),
    Entry::new(Code::CreditorAddressIncomplete, "BE04", ADDRESSES)
        .title("Saņēmēja adrese ir nepilnīga", "The payee's address is incomplete")
        .explanation(
            "No 2026. gada 15. novembra SEPA maksājuma adresē jābūt gan pilsētai (TwnNm), gan valstij (Ctry).",
            "Since 15 November 2026 an address in a SEPA payment needs both town (TwnNm) and country (Ctry).",
        )
        .detail("{element} trūkst {expected}.", "{element} lacks {expected}.")
        .remedy(
            "Papildiniet adresi ar pilsētu (TwnNm) un valsti (Ctry) vai izlaidiet PstlAdr.",
            "Complete the address with town (TwnNm) and country (Ctry), or leave PstlAdr out.",
        ),
    Entry::new(Code::DebtorAddressIncomplete, "BE07", ADDRESSES)
        .title("Maksātāja adrese ir nepilnīga", "The payer's address is incomplete")
        .explanation(
            "No 2026. gada 15. novembra SEPA maksājuma adresē jābūt gan pilsētai (TwnNm), gan valstij (Ctry).",
            "Since 15 November 2026 an address in a SEPA payment needs both town (TwnNm) and country (Ctry).",
        )
        .detail("{element} trūkst {expected}.", "{element} lacks {expected}.")
        .remedy(
            "Papildiniet adresi ar pilsētu (TwnNm) un valsti (Ctry) vai izlaidiet PstlAdr.",
            "Complete the address with town (TwnNm) and country (Ctry), or leave PstlAdr out.",
        ),
    Entry::new(Code::CreditorAddressLines, "BE04", ADDRESSES)
        .title("Saņēmēja adresei ir par daudz vai par garas rindas", "The payee's address lines are too many or too long")
        .explanation(
            "SEPA maksājuma adresē var būt ne vairāk kā divas brīvās rindas (AdrLine) pa 70 zīmēm.",
            "An address in a SEPA payment has at most two free lines (AdrLine) of 70 characters.",
        )
        .detail(
            "{element}: rindu skaits un garākās rindas zīmju skaits ir {given}, atļauts ne vairāk kā {expected}.",
            "{element}: lines and characters of the longest one are {given}, allowed are {expected} at most.",
        )
        .remedy(
            "Saīsiniet adresi līdz divām rindām AdrLine, katrā ne vairāk kā 70 zīmes.",
            "Shorten the address to two lines AdrLine of at most 70 characters each.",
        ),
    Entry::new(Code::DebtorAddressLines, "BE07", ADDRESSES)
        .title("Maksātāja adresei ir par daudz vai par garas rindas", "The payer's address lines are too many or too long")
        .explanation(
            "SEPA maksājuma adresē var būt ne vairāk kā divas brīvās rindas (AdrLine) pa 70 zīmēm.",
            "An address in a SEPA payment has at most two free lines (AdrLine) of 70 characters.",
        )
        .detail(
            "{element}: rindu skaits un garākās rindas zīmju skaits ir {given}, atļauts ne vairāk kā {expected}.",
            "{element}: lines and characters of the longest one are {given}, allowed are {expected} at most.",
        )
        .remedy(
            "Saīsiniet adresi līdz divām rindām AdrLine, katrā ne vairāk kā 70 zīmes.",
            "Shorten the address to two lines AdrLine of at most 70 characters each.",
        ),
    Entry::new(Code::CreditorCountryUnknown, "BE11", COUNTRIES)
        .title("Saņēmēja valsts kods nav zināms", "The payee's country is unknown")
        .explanation("Valsts kods ir divi lielie burti pēc ISO 3166.", "A country code is two capital letters of ISO 3166.")
        .detail("{element}: valsts koda „{value}” nav.", "{element}: there is no country `{value}`.")
        .remedy(
            "Norādiet elementā Ctry valsts kodu pēc ISO 3166 – divus lielos burtus, piemēram, LV.",
            "Give in Ctry the country's code by ISO 3166: two capital letters, such as LV.",
        ),
    Entry::new(Code::DebtorCountryUnknown, "BE10", COUNTRIES)
        .title("Maksātāja valsts kods nav zināms", "The payer's country is unknown")
        .explanation("Valsts kods ir divi lielie burti pēc ISO 3166.", "A country code is two capital letters of ISO 3166.")
        .detail("{element}: valsts koda „{value}” nav.", "{element}: there is no country `{value}`.")
        .remedy(
            "Norādiet elementā Ctry valsts kodu pēc ISO 3166 – divus lielos burtus, piemēram, LV.",
            "Give in Ctry the country's code by ISO 3166: two capital letters, such as LV.",
        ),
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
