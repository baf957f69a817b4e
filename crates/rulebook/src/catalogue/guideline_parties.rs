//! 33xx–35xx: characters and lengths, remittance, dates, addresses.

use super::source::{ADDRESSES, CHARACTERS, COUNTRIES, CREDITOR_REFERENCE, NATIONAL_GUIDELINE, SEPA_RULES, TDAM};
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
        .title(
            "Pārāk daudz maksājuma mērķa tekstu, kreditora atsauču vai papildu rindu",
            "Too many remittance texts, creditor references or further lines",
        )
        .explanation(
            "Maksājumā drīkst būt viens elements RmtInf/Ustrd, viena kreditora atsauce (Strd/CdtrRefInf/Ref) un, visos Strd kopā, trīs papildu rindas (Strd/AddtlRmtInf).",
            "A payment may have one element RmtInf/Ustrd, one creditor reference (Strd/CdtrRefInf/Ref) and, in all its Strd together, three further lines (Strd/AddtlRmtInf).",
        )
        .detail(
            "{element}: elementu skaits maksājumā ir {value}, atļauts ne vairāk kā {expected}.",
            "{element}: the payment has {value} of these elements, allowed are {expected} at most.",
        )
        .shorter_detail(
            "Elements maksājumā norādīts {value} reizes; drīkst būt {expected}.",
            "The payment has the element {value} times; only {expected} is allowed.",
        )
        .remedy(
            "Apvienojiet tekstus vienā Ustrd, kopā ne vairāk kā 140 zīmes; katrai kreditora atsaucei veidojiet savu maksājumu; papildu rindas apvienojiet trijās vai mazāk, katrā ne vairāk kā 140 zīmes.",
            "Join the texts in one Ustrd of at most 140 characters; make a payment for each creditor reference; join the further lines in three at most, of at most 140 characters each.",
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
];
