//! 30xx–32xx: counts and sums, accounts and banks, amounts and kinds of payment.

use super::source::{
    BIC, CONTROL_TOTALS, IBAN, INTERNAL_PAYMENTS, REASON_CODES, SEPA_PAYMENTS, SEPA_RULES, TDAM, TREASURY_ACCOUNTS,
};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::GroupNumberOfTransactionsWrong, "AM19", CONTROL_TOTALS)
        .title("Nepareizs maksājumu skaits ziņojumā", "Wrong number of payments in the message")
        .explanation(
            "GrpHdr/NbOfTxs jābūt visu ziņojuma maksājumu skaitam.",
            "GrpHdr/NbOfTxs must be the number of all payments in the message.",
        )
        .detail(
            "GrpHdr/NbOfTxs ir {value}, bet maksājumu skaits ziņojumā ir {expected}.",
            "GrpHdr/NbOfTxs is {value}, but the number of payments in the message is {expected}.",
        )
        .remedy(
            "Pārbaudiet, vai ziņojumā ir visi maksājumi, un norādiet to skaitu.",
            "Check that all payments are in the message, and give their number.",
        ),
    Entry::new(Code::GroupControlSumMissing, "AM16", CONTROL_TOTALS)
        .title("Ziņojumam trūkst kontrolsummas", "The message has no control sum")
        .explanation(
            "GrpHdr/CtrlSum ir obligāta: visu ziņojuma maksājumu summu kopsumma neatkarīgi no valūtas.",
            "GrpHdr/CtrlSum is mandatory: the total of all amounts in the message, whatever the currency.",
        )
        .remedy(
            "Norādiet GrpHdr/CtrlSum: visu ziņojuma maksājumu InstdAmt kopsummu.",
            "Give GrpHdr/CtrlSum: the total of InstdAmt of all payments of the message.",
        ),
    Entry::new(Code::GroupControlSumWrong, "AM16", CONTROL_TOTALS)
        .title("Nepareiza ziņojuma kontrolsumma", "Wrong control sum of the message")
        .explanation(
            "GrpHdr/CtrlSum jābūt visu ziņojuma maksājumu summu kopsummai neatkarīgi no valūtas.",
            "GrpHdr/CtrlSum must be the total of all amounts in the message, whatever the currency.",
        )
        .detail(
            "GrpHdr/CtrlSum ir {value}, bet ziņojuma maksājumu kopsumma ir {expected}.",
            "GrpHdr/CtrlSum is {value}, but the payments of the message add up to {expected}.",
        )
        .remedy(
            "Pārbaudiet, vai ziņojumā ir visi maksājumi ar pareizām summām, un norādiet to kopsummu.",
            "Check that all payments are there with their right amounts, and give their total.",
        ),
    Entry::new(Code::BlockNumberOfTransactionsMissing, "AM20", CONTROL_TOTALS)
        .title("PmtInf blokam trūkst maksājumu skaita", "The PmtInf block has no number of payments")
        .explanation(
            "PmtInf/NbOfTxs ir obligāts: bloka maksājumu skaits.",
            "PmtInf/NbOfTxs is mandatory: the number of payments in the block.",
        )
        .remedy(
            "Norādiet katrā blokā PmtInf/NbOfTxs: cik tajā ir CdtTrfTxInf.",
            "Give PmtInf/NbOfTxs in each block: how many CdtTrfTxInf it has.",
        ),
    Entry::new(Code::BlockNumberOfTransactionsWrong, "AM20", CONTROL_TOTALS)
        .title("Nepareizs maksājumu skaits PmtInf blokā", "Wrong number of payments in the PmtInf block")
        .explanation(
            "PmtInf/NbOfTxs jābūt bloka maksājumu skaitam.",
            "PmtInf/NbOfTxs must be the number of payments in the block.",
        )
        .detail(
            "PmtInf/NbOfTxs ir {value}, bet maksājumu skaits blokā ir {expected}.",
            "PmtInf/NbOfTxs is {value}, but the number of payments in the block is {expected}.",
        )
        .remedy(
            "Pārbaudiet, vai blokā ir visi maksājumi, un norādiet to skaitu.",
            "Check that all payments are in the block, and give their number.",
        ),
    Entry::new(Code::BlockControlSumMissing, "AM17", CONTROL_TOTALS)
        .title("PmtInf blokam trūkst kontrolsummas", "The PmtInf block has no control sum")
        .explanation(
            "PmtInf/CtrlSum ir obligāta: bloka maksājumu summu kopsumma.",
            "PmtInf/CtrlSum is mandatory: the total of the amounts in the block.",
        )
        .remedy(
            "Norādiet katrā blokā PmtInf/CtrlSum: tā maksājumu InstdAmt kopsummu.",
            "Give PmtInf/CtrlSum in each block: the total of InstdAmt of its payments.",
        ),
    Entry::new(Code::BlockControlSumWrong, "AM17", CONTROL_TOTALS)
        .title("Nepareiza PmtInf bloka kontrolsumma", "Wrong control sum of the PmtInf block")
        .explanation(
            "PmtInf/CtrlSum jābūt bloka maksājumu summu kopsummai.",
            "PmtInf/CtrlSum must be the total of the amounts in the block.",
        )
        .detail(
            "PmtInf/CtrlSum ir {value}, bet bloka maksājumu kopsumma ir {expected}.",
            "PmtInf/CtrlSum is {value}, but the payments of the block add up to {expected}.",
        )
        .remedy(
            "Pārbaudiet, vai blokā ir visi maksājumi ar pareizām summām, un norādiet to kopsummu.",
            "Check that all payments are there with their right amounts, and give their total.",
        ),
    Entry::new(Code::DebtorIbanMissing, "AC02", TREASURY_ACCOUNTS)
        .title("Trūkst maksātāja konta IBAN", "The payer's IBAN is missing")
        .explanation(
            "DbtrAcct/Id/IBAN jānorāda Valsts kases konts, no kura maksā.",
            "DbtrAcct/Id/IBAN must be the Treasury account to pay from.",
        )
        .remedy(
            "Norādiet maksātāja kontu kā IBAN elementā DbtrAcct/Id/IBAN.",
            "Give the payer's account as an IBAN in DbtrAcct/Id/IBAN.",
        ),
    Entry::new(Code::DebtorIbanInvalid, "AC02", IBAN)
        .title("Maksātāja konta IBAN nav derīgs", "The payer's IBAN is not valid")
        .explanation(
            "Maksātāja konta IBAN garums, zīmes vai pārbaudes cipari neatbilst ISO 13616.",
            "The length, characters or check digits of the payer's IBAN break ISO 13616.",
        )
        .detail("Maksātāja konta IBAN „{value}” nav derīgs.", "The payer's IBAN `{value}` is not valid.")
        .remedy(
            "Pārrakstiet konta numuru no Valsts kases konta apliecinājuma; tajā ir 21 zīme bez atstarpēm.",
            "Copy the account number from the Treasury's confirmation; it has 21 characters without blanks.",
        ),
    Entry::new(Code::DebtorAccountNotTreasury, "AC02", TREASURY_ACCOUNTS)
        .title("Maksātāja konts nav Valsts kasē", "The payer's account is not with the Treasury")
        .explanation(
            "Maksāt var tikai no Valsts kases konta: LV, divi pārbaudes cipari, TREL un 13 zīmes.",
            "Payments are made only from accounts of the Treasury: LV, two check digits, TREL and 13 characters.",
        )
        .detail(
            "Maksātāja konts {value} nav Valsts kases konts.",
            "The payer's account {value} is not an account of the Treasury.",
        )
        .remedy(
            "Norādiet savu Valsts kases kontu; citas bankas konta maksājumus sūtiet tai bankai.",
            "Give your account with the Treasury; payments from another bank's account go to that bank.",
        ),
    Entry::new(Code::DebtorAgentNotTreasury, "RC03", TREASURY_ACCOUNTS)
        .title("Maksātāja banka nav Valsts kase", "The payer's bank is not the Treasury")
        .explanation(
            "Ja DbtrAgt norādīts BIC, tam jābūt Valsts kases kodam TRELLV22.",
            "If DbtrAgt gives a BIC, it must be that of the Treasury, TRELLV22.",
        )
        .detail("DbtrAgt norādīts „{value}”, jābūt {expected}.", "DbtrAgt gives `{value}`, it must be {expected}.")
        .remedy(
            "Elementā DbtrAgt/FinInstnId/BICFI (versijā .03 – BIC) norādiet TRELLV22.",
            "Give TRELLV22 in DbtrAgt/FinInstnId/BICFI (in .03: BIC).",
        ),
    Entry::new(Code::CreditorAccountMissing, "AC03", SEPA_RULES)
        .title("Trūkst saņēmēja konta", "The payee's account is missing")
        .explanation(
            "CdtrAcct/Id jānorāda saņēmēja konts.",
            "CdtrAcct/Id must give the payee's account.",
        )
        .remedy(
            "Norādiet saņēmēja konta IBAN elementā CdtrAcct/Id/IBAN.",
            "Give the payee's IBAN in CdtrAcct/Id/IBAN.",
        ),
    Entry::new(Code::CreditorIbanStructure, "AC03", IBAN)
        .title("Saņēmēja IBAN uzbūve nav pareiza", "The payee's IBAN has the wrong structure")
        .explanation(
            "IBAN sākas ar tādas valsts kodu, kura lieto IBAN; garumu un zīmes nosaka šī valsts.",
            "An IBAN begins with the code of a country that has IBANs; this country sets its length and characters.",
        )
        .detail(
            "Saņēmēja IBAN „{value}” neatbilst IBAN uzbūvei {expected} (n – cipari, a – burti, c – cipari vai burti).",
            "The payee's IBAN `{value}` does not have the structure of an IBAN, {expected} (n digits, a letters, c both).",
        )
        .remedy(
            "Pajautājiet konta numuru saņēmējam; IBAN raksta bez atstarpēm, ar lielajiem burtiem.",
            "Ask the payee for the account number; an IBAN is written without blanks, in capital letters.",
        ),
    Entry::new(Code::CreditorIbanCheckDigits, "AC03", IBAN)
        .title("Saņēmēja IBAN pārbaudes cipari neatbilst", "The check digits of the payee's IBAN do not fit")
        .explanation(
            "IBAN trešā un ceturtā zīme ir pārbaudes cipari; tie neatbilst pārējam numuram, tātad tajā ir kļūda.",
            "The third and fourth characters of an IBAN are check digits; they do not fit the rest, so something is mistyped.",
        )
        .detail(
            "Saņēmēja IBAN {value} pārbaudes cipari neatbilst, tātad numurā ir pārrakstīšanās kļūda.",
            "The check digits of the payee's IBAN {value} do not fit, so something in it is mistyped.",
        )
        .remedy(
            "Salīdziniet numuru ar rēķinu vai pajautājiet to saņēmējam; pārbaudes ciparus nemainiet paši.",
            "Compare the number with the invoice or ask the payee; do not change the check digits yourself.",
        ),
    Entry::new(Code::CreditorBicForm, "RC04", BIC)
        .title("Saņēmēja bankas BIC nav derīgs", "The BIC of the payee's bank is not valid")
        .explanation(
            "BIC ir 8 vai 11 zīmes: četras bankas, divas valsts, divas vietas un, ja vajag, trīs filiāles.",
            "A BIC has 8 or 11 characters: four for the bank, two for the country, two for the place, three for a branch.",
        )
        .detail("Saņēmēja bankas BIC „{value}” nav derīgs.", "The BIC `{value}` of the payee's bank is not valid.")
        .remedy(
            "Labojiet BIC vai izlaidiet to: pietiek ar saņēmēja IBAN.",
            "Correct the BIC or leave it out: the payee's IBAN is enough.",
        ),
    Entry::new(Code::CreditorBicCountry, "RC04", SEPA_RULES)
        .title("Saņēmēja bankas BIC un IBAN ir no dažādām valstīm", "BIC and IBAN of the payee are of different countries")
        .explanation(
            "Saņēmēja bankas BIC un saņēmēja IBAN jābūt no vienas valsts.",
            "The country of the BIC of the payee's bank must be that of the payee's IBAN.",
        )
        .detail(
            "Saņēmēja bankas BIC {value} nav no IBAN valsts ({expected}).",
            "The BIC {value} of the payee's bank is not of the IBAN's country ({expected}).",
        )
        .remedy(
            "Pārbaudiet BIC un IBAN vai izlaidiet BIC: pietiek ar saņēmēja IBAN.",
            "Check BIC and IBAN, or leave the BIC out: the payee's IBAN is enough.",
        ),
    Entry::new(Code::CreditorBicNotTreasury, "RC04", TREASURY_ACCOUNTS)
        .title("Valsts kases kontam norādīta cita banka", "Another bank is given for an account of the Treasury")
        .explanation(
            "Saņēmēja konts ir Valsts kasē, tāpēc saņēmēja bankas BIC, ja tas norādīts, jābūt TRELLV22.",
            "The payee's account is with the Treasury, so the BIC of the payee's bank, if given, must be TRELLV22.",
        )
        .detail(
            "Saņēmēja konts ir Valsts kasē, bet saņēmēja banka norādīta {value}; jābūt {expected}.",
            "The payee's account is with the Treasury, but the payee's bank is given as {value}; it must be {expected}.",
        )
        .remedy("Norādiet TRELLV22 vai izlaidiet BIC.", "Give TRELLV22 or leave the BIC out."),
    Entry::new(Code::CreditorIsDebtor, "AC03", TDAM)
        .title("Maksātāja un saņēmēja konts ir viens un tas pats", "Payer and payee have the same account")
        .explanation(
            "Maksājums no konta uz to pašu kontu neko nemaina, tāpēc tas netiek pieņemts.",
            "A payment from an account to itself changes nothing, so it is not accepted.",
        )
        .detail(
            "Maksātāja un saņēmēja konts ir viens un tas pats: {value}.",
            "Payer and payee have the same account: {value}.",
        )
        .remedy(
            "Labojiet saņēmēja kontu. Klasifikācijas kodu labošanai izmantojiet tam paredzēto kārtību.",
            "Correct the payee's account. To correct classification codes, use the procedure for that.",
        ),
    Entry::new(Code::AmountNotPositive, "AM01", REASON_CODES)
        .title("Summa nav lielāka par nulli", "The amount is not above zero")
        .explanation("Maksājuma summai jābūt lielākai par nulli.", "The amount of a payment must be above zero.")
        .detail("Maksājuma summa ir {value}; tai jābūt lielākai par nulli.", "The amount is {value}; it must be above zero.")
        .remedy("Labojiet summu vai izņemiet maksājumu.", "Correct the amount or remove the payment."),
    Entry::new(Code::AmountMissing, "AM12", REASON_CODES)
        .title("Trūkst summas", "The amount is missing")
        .explanation("Amt/InstdAmt jānorāda maksājuma summa un valūta.", "Amt/InstdAmt must give amount and currency.")
        .remedy(
            "Norādiet Amt/InstdAmt ar atribūtu Ccy, piemēram, <InstdAmt Ccy=\"EUR\">12.50</InstdAmt>.",
            "Give Amt/InstdAmt with its attribute Ccy, such as <InstdAmt Ccy=\"EUR\">12.50</InstdAmt>.",
        ),
    Entry::new(Code::AmountDecimals, "AM12", REASON_CODES)
        .title("Summai ir par daudz decimālzīmju", "The amount has too many decimals")
        .explanation(
            "Summai nedrīkst būt vairāk decimālzīmju nekā valūtai; eiro tās ir divas.",
            "An amount may not have more decimals than its currency; the euro has two.",
        )
        .detail(
            "Summai {value} ir par daudz decimālzīmju; valūtai to skaits ir {expected}.",
            "The amount {value} has too many decimals; the currency has {expected}.",
        )
        .remedy("Noapaļojiet summu un labojiet kontrolsummas.", "Round the amount, and correct the control sums."),
    Entry::new(Code::AmountAboveSepaMaximum, "AM02", SEPA_RULES)
        .title("Summa pārsniedz SEPA maksājuma robežu", "The amount is above SEPA's maximum")
        .explanation(
            "SEPA maksājuma summa nedrīkst pārsniegt 999 999 999,99 EUR.",
            "A SEPA payment may not be above EUR 999 999 999.99.",
        )
        .detail("Summa {value} pārsniedz robežu {expected}.", "The amount {value} is above the maximum {expected}.")
        .remedy(
            "Sadaliet maksājumu vairākos vai sazinieties ar Valsts kasi.",
            "Split the payment, or contact the Treasury.",
        ),
    Entry::new(Code::CurrencyNotAllowed, "AM03", INTERNAL_PAYMENTS)
        .title("Valūta netiek pieņemta", "The currency is not accepted")
        .explanation(
            "Maksājumi starp Valsts kases kontiem šajā kanālā tiek pieņemti tikai eiro.",
            "Between accounts of the Treasury, this channel accepts payments only in euro.",
        )
        .detail(
            "Valūta {value} netiek pieņemta; maksājumiem starp Valsts kases kontiem jābūt {expected}.",
            "The currency {value} is not accepted; payments between accounts of the Treasury must be in {expected}.",
        )
        .remedy(
            "Norādiet summu eiro, ar atribūtu Ccy=\"EUR\".",
            "Give the amount in euro, with the attribute Ccy=\"EUR\".",
        ),
    Entry::new(Code::EquivalentAmountNotOffered, "AM12", TDAM)
        .title("Ekvivalentā summa netiek pieņemta", "Equivalent amounts are not offered")
        .explanation(
            "Amt/EqvtAmt (summa citas valūtas ekvivalentā) netiek pieņemta.",
            "Amt/EqvtAmt (an amount to be sent in another currency) is not accepted.",
        )
        .remedy("Norādiet summu kā Amt/InstdAmt.", "Give the amount as Amt/InstdAmt."),
    Entry::new(Code::ForeignPaymentNotOffered, "AG03", SEPA_PAYMENTS)
        .title("Ārvalstu maksājumi šajā kanālā vēl netiek pieņemti", "Foreign payments are not offered yet")
        .explanation(
            "Pagaidām tiek pieņemti maksājumi uz Valsts kases kontiem un SEPA maksājumi: eiro, uz SEPA valsts bankas IBAN.",
            "For now, payments to accounts of the Treasury and SEPA payments (euro, to an IBAN of a SEPA country) are accepted.",
        )
        .detail(
            "Šis ir ārvalstu maksājums ({value}); pagaidām tiek pieņemti maksājumi uz Valsts kases kontiem un SEPA maksājumi eiro.",
            "This is a foreign payment ({value}); for now, payments to accounts of the Treasury and SEPA payments in euro are accepted.",
        )
        .remedy(
            "Iesniedziet šo maksājumu eKase vidē; pārējos sūtiet bez tā.",
            "Submit this payment in eKase; send the others without it.",
        ),
];
