//! 4xxx: accounts, authority, limits, funds, signatures.

use super::source::{
    ACCOUNT_LIMITS, INTERNAL_PAYMENTS, ONLINE_USER, REASON_CODES, SEPA_PAYMENTS, TDAM, TREASURY_ACCOUNTS,
};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::DebtorAccountUnknown, "AC02", TREASURY_ACCOUNTS)
        .title("Maksātāja konts Valsts kasē nav zināms", "The payer's account is not known at the Treasury")
        .explanation(
            "Valsts kasē nav maksātāja norādītā konta.",
            "The Treasury keeps no account with the number that the payer gave.",
        )
        .detail("Valsts kasē nav konta {value}.", "The Treasury keeps no account {value}.")
        .remedy(
            "Pārbaudiet maksātāja konta numuru (DbtrAcct/Id/IBAN); jūsu kontus nosauc GET /v1/accounts.",
            "Check the payer's account number (DbtrAcct/Id/IBAN); GET /v1/accounts lists your accounts.",
        ),
    Entry::new(Code::CreditorAccountUnknown, "AC03", TREASURY_ACCOUNTS)
        .title("Saņēmēja konts Valsts kasē nav zināms", "The payee's account is not known at the Treasury")
        .explanation(
            "Saņēmēja IBAN ir Valsts kases konta numurs, bet tāda konta nav.",
            "The payee's IBAN is that of a Treasury account, but there is no such account.",
        )
        .detail("Valsts kasē nav saņēmēja konta {value}.", "The Treasury keeps no account {value} for the payee.")
        .remedy(
            "Pajautājiet konta numuru saņēmējam; konts var būt slēgts vai nomainīts.",
            "Ask the payee for the account number; the account may have been replaced.",
        ),
    Entry::new(Code::AccountNotYours, "AG01", ONLINE_USER)
        .title("Konts nav pieejams šim tiešsaistes lietotājam", "The account is not open to this online user")
        .explanation(
            "Tiešsaistes lietotājam nav tiesību maksāt no šī konta.",
            "The online user has no right to pay from this account.",
        )
        .detail(
            "Tiešsaistes lietotājam nav tiesību maksāt no konta {value}.",
            "The online user has no right to pay from account {value}.",
        )
        .remedy(
            "Pārbaudiet konta numuru: jūsu kontus nosauc GET /v1/accounts. Ja konts ir jūsu iestādes, piesakiet to šim tiešsaistes lietotājam.",
            "Check the account number: GET /v1/accounts lists your accounts. If it is your institution's, apply for it to be added to this online user.",
        ),
    Entry::new(Code::DebtorAccountClosed, "AC04", REASON_CODES)
        .title("Maksātāja konts ir slēgts", "The payer's account is closed")
        .explanation("No slēgta konta maksāt nevar.", "Nothing can be paid from a closed account.")
        .detail("Konts {value} ir slēgts.", "The account {value} is closed.")
        .remedy(
            "Norādiet citu savas iestādes kontu; jūsu kontus un to stāvokli nosauc GET /v1/accounts.",
            "Give another account of your institution; GET /v1/accounts lists your accounts and their states.",
        ),
    Entry::new(Code::DebtorAccountBlocked, "AC06", REASON_CODES)
        .title("Maksātāja konts ir bloķēts", "The payer's account is blocked")
        .explanation("Konts ir bloķēts, tāpēc no tā nevar maksāt.", "The account is blocked for debits.")
        .detail("Konts {value} ir bloķēts.", "The account {value} is blocked.")
        .remedy(
            "Sazinieties ar Valsts kasi, lai noskaidrotu bloķēšanas iemeslu; līdz tam norādiet citu savas iestādes kontu.",
            "Contact the Treasury to learn why; until then give another account of your institution.",
        ),
    Entry::new(Code::CreditorAccountClosed, "AC04", REASON_CODES)
        .title("Saņēmēja konts ir slēgts", "The payee's account is closed")
        .explanation("Saņēmēja konts Valsts kasē ir slēgts.", "The payee's account with the Treasury is closed.")
        .detail("Saņēmēja konts {value} ir slēgts.", "The payee's account {value} is closed.")
        .remedy("Pajautājiet saņēmējam jauno kontu.", "Ask the payee for the new account."),
    Entry::new(Code::CreditorAccountBlocked, "AC06", REASON_CODES)
        .title("Saņēmēja konts ir bloķēts", "The payee's account is blocked")
        .explanation("Saņēmēja kontā neko nevar ieskaitīt.", "Nothing can be credited to the payee's account.")
        .detail("Saņēmēja konts {value} ir bloķēts.", "The payee's account {value} is blocked.")
        .remedy(
            "Sazinieties ar saņēmēju un norādiet citu tā kontu.",
            "Contact the payee, and give another account of theirs.",
        ),
    Entry::new(Code::AccountCurrencyMissing, "AM03", REASON_CODES)
        .title("Kontam nav šīs valūtas", "The account does not have this currency")
        .explanation("Kontā nav atlikuma maksājuma valūtā.", "The account has no balance in the payment's currency.")
        .detail("Kontam {value} nav valūtas {expected}.", "The account {value} does not have the currency {expected}.")
        .remedy(
            "Norādiet kontu, kam ir šī valūta (GET /v1/accounts), vai summu konta valūtā.",
            "Give an account that has this currency (GET /v1/accounts), or the amount in the account's currency.",
        ),
    Entry::new(Code::PaymentNotAllowedOnAccount, "AG01", TREASURY_ACCOUNTS)
        .title("No šī konta tā maksāt nedrīkst", "The account does not allow this payment")
        .explanation(
            "Konta veids nepieļauj šādu maksājumu, piemēram, no ieņēmumu konta maksāt nevar.",
            "The kind of account does not allow such a payment; nothing is paid from a revenue account, for example.",
        )
        .detail("Konta {value} veids nepieļauj šādu maksājumu.", "The kind of account {value} does not allow this payment.")
        .remedy(
            "Norādiet šim mērķim paredzēto kontu.",
            "Give the account that is meant for the purpose.",
        ),
    Entry::new(Code::PaymentLimitExceeded, "AM14", ACCOUNT_LIMITS)
        .title("Pārsniegts viena maksājuma limits", "The limit per payment is exceeded")
        .explanation(
            "Maksājuma summa pārsniedz kontam noteikto viena maksājuma limitu.",
            "The amount is above the account's limit per payment.",
        )
        .detail(
            "Maksājuma summa {value} pārsniedz viena maksājuma limitu {expected}.",
            "The amount {value} is above the limit per payment, {expected}.",
        )
        .remedy(
            "Iesniedziet pieteikumu limita maiņai uz vienu dienu vai pastāvīgi.",
            "Apply for a change of the limit, for one day or for good.",
        ),
    Entry::new(Code::DayLimitExceeded, "AM14", ACCOUNT_LIMITS)
        .title("Pārsniegts dienas limits", "The limit per day is exceeded")
        .explanation(
            "Šis maksājums vai kāds maksājums pirms tā failā kopā ar citiem tās pašas dienas maksājumiem pārsniedz kontam noteikto dienas limitu; pēc tāda maksājuma noraida arī pārējos šī ziņojuma maksājumus no tā paša konta ar to pašu izpildes dienu.",
            "With the other payments of its day, the payment, or one before it in the file, is above the account's limit per day; after such a payment nothing more of this message is paid from the account for that day.",
        )
        .detail(
            "Maksājuma summa ir {value}, bet no dienas limita atlicis {expected}.",
            "The payment is of {value}, but {expected} are left of the limit per day.",
        )
        .remedy(
            "Pārceliet maksājumu uz citu dienu vai iesniedziet pieteikumu limita maiņai uz vienu dienu.",
            "Move the payment to another day, or apply for a change of the limit for one day.",
        ),
    Entry::new(Code::InsufficientFunds, "AM04", REASON_CODES)
        .title("Kontā nepietiek līdzekļu", "The account has not enough funds")
        .explanation(
            "Kontā pieejamo līdzekļu nepietiek šim maksājumam vai kādam maksājumam pirms tā failā; pēc tāda maksājuma noraida arī pārējos šī ziņojuma maksājumus no tā paša konta ar to pašu izpildes dienu.",
            "The funds available on the account do not cover the payment, or one before it in the file; after such a payment nothing more of this message is paid from the account for that day.",
        )
        .detail(
            "Maksājumam vajag {value}, bet kontā pieejami {expected}.",
            "The payment needs {value}, but {expected} are available.",
        )
        .remedy(
            "Papildiniet kontu un sūtiet maksājumu jaunā ziņojumā ar jaunu MsgId un PmtInfId.",
            "Fund the account and send the payment in a new message with a new MsgId and PmtInfId.",
        ),
    Entry::new(Code::WaitingForFunds, "AM04", INTERNAL_PAYMENTS)
        .title("Maksājums gaida līdzekļus", "The payment waits for funds")
        .explanation(
            "Izpildes dienā kontā nepietiek līdzekļu; maksājums gaida līdz pieņemšanas laika beigām.",
            "On its day the account has not enough funds; the payment waits until the cut-off.",
        )
        .detail(
            "Maksājums gaida līdzekļus līdz plkst. {expected}.",
            "The payment waits for funds until {expected}.",
        )
        .remedy(
            "Papildiniet kontu līdz nosauktajam laikam; no jauna nekas nav jāsūta.",
            "Fund the account before the time named; you need not send anything again.",
        ),
    Entry::new(Code::FundsMissingAtCutOff, "AM04", INTERNAL_PAYMENTS)
        .title("Līdz pieņemšanas laika beigām līdzekļu nepietika", "Funds were missing at the cut-off")
        .explanation(
            "Maksājums gaidīja līdzekļus, bet līdz pieņemšanas laika beigām kontā to nepietika.",
            "The payment waited for funds, but at the cut-off the account still had not enough.",
        )
        .remedy(
            "Papildiniet kontu un sūtiet maksājumu jaunā ziņojumā ar jaunu MsgId un PmtInfId.",
            "Fund the account and send the payment in a new message with a new MsgId and PmtInfId.",
        ),
    Entry::new(Code::AfterCutOff, "TM01", SEPA_PAYMENTS)
        .title("Saņemts pēc pieņemšanas laika beigām", "Received after the cut-off")
        .explanation(
            "Iekšējos maksājumus šajā dienā izpilda, ja tie saņemti līdz plkst. 18.00, SEPA maksājumus – līdz plkst. 15.30; vēlāk saņemtos izpilda nākamajā darbdienā.",
            "Internal payments received by 18:00, and SEPA payments by 15:30, are executed that day; later ones on the next working day.",
        )
        .detail(
            "Saņemts pēc pieņemšanas laika beigām; tiks izpildīts {expected}.",
            "Received after the cut-off; it will be executed on {expected}.",
        )
        .remedy("Nekas nav jādara.", "Nothing needs to be done."),
    Entry::new(Code::WaitingForSignature, "", ACCOUNT_LIMITS)
        .title("Maksājums gaida parakstu", "The payment waits for a signature")
        .explanation(
            "Konta maksājumi jāparaksta paraksttiesīgajām personām; maksājumu izpildīs, kad parakstu līmeņi būs pilni.",
            "The account's payments are signed by its signatories; the payment is executed once the signature levels are complete.",
        )
        .remedy("Parakstiet maksājumu eKase vidē.", "Sign the payment in eKase."),
    Entry::new(Code::SignatureRefused, "DS04", REASON_CODES)
        .title("Paraksttiesīgā persona maksājumu noraidīja", "A signatory refused the payment")
        .explanation(
            "Paraksttiesīgā persona atteicās maksājumu parakstīt.",
            "A signatory declined to sign the payment.",
        )
        .remedy(
            "Noskaidrojiet iemeslu iestādē; labotu maksājumu sūtiet jaunā ziņojumā ar jaunu MsgId un PmtInfId.",
            "Ask in your institution why; send a corrected payment in a new message with a new MsgId and PmtInfId.",
        ),
    Entry::new(Code::SignatoryWithoutRights, "DS19", REASON_CODES)
        .title("Personai nav paraksta tiesību", "The person has no right to sign")
        .explanation(
            "Persona nav konta parakstu paraugu kartītē vai nedrīkst parakstīt šajā līmenī.",
            "The person is not on the account's specimen-signature card, or not for this level.",
        )
        .remedy(
            "Parakstiet ar personu, kurai ir tiesības, vai iesniedziet jaunu parakstu paraugu kartīti.",
            "Let a person with the right sign, or hand in a new specimen-signature card.",
        ),
    Entry::new(Code::CancelledByClient, "DS02", REASON_CODES)
        .title("Maksājumu atcēla klients", "The client cancelled the payment")
        .explanation(
            "Maksājums ir atcelts pirms izpildes pēc klienta pieprasījuma.",
            "The payment was cancelled before its execution, as the client asked.",
        )
        .remedy("Nekas nav jādara.", "Nothing needs to be done."),
    Entry::new(Code::CancellationTooLate, "DS03", REASON_CODES)
        .title("Maksājumu vairs nevar atcelt", "The payment can no longer be cancelled")
        .explanation(
            "Maksājums jau ir izpildīts, noraidīts vai nodots norēķiniem. Pēc tam naudu var tikai atprasīt no saņēmēja (recall); šis pakalpojums to vēl nepiedāvā.",
            "The payment is already executed, refused, or handed to settlement. From then on its money can only be recalled from the payee, which this service does not offer yet.",
        )
        .remedy(
            "Pārbaudiet maksājuma statusu. Ja tas ir izpildīts, lūdziet saņēmējam naudu atmaksāt vai sazinieties ar Valsts kasi.",
            "Check the payment's status. If it is executed, ask the payee to pay back, or contact the Treasury.",
        ),
    Entry::new(Code::RefusedWithMessage, "NARR", TDAM)
        .title("Noraidīts kopā ar visu ziņojumu", "Refused with the whole message")
        .explanation(
            "Neviens ziņojuma maksājums nav pieņemts: katrs ir noraidīts sava vai sava bloka iemesla dēļ.",
            "No payment of the message was accepted: each is refused for a reason of its own or of its block.",
        )
        .remedy(
            "Labojiet maksājumus pēc norādītajiem iemesliem un sūtiet tos jaunā ziņojumā ar jaunu MsgId.",
            "Correct the payments by the reasons given and send them in a new message with a new MsgId.",
        ),
    Entry::new(Code::RefusedWithBlock, "NARR", TDAM)
        .title("Noraidīts kopā ar PmtInf bloku", "Refused with its PmtInf block")
        .explanation(
            "Pašā maksājumā kļūdu nav, bet ir kļūda PmtInf blokā, kurā tas atrodas.",
            "The payment itself is in order, but the PmtInf block that holds it is not.",
        )
        .remedy(
            "Labojiet bloka kļūdu un sūtiet tā maksājumus jaunā ziņojumā ar jaunu MsgId.",
            "Correct the block and send its payments in a new message with a new MsgId.",
        ),
    Entry::new(Code::CreditorAccountNotReachable, "MS03", REASON_CODES)
        .title("Saņēmēja kontā ieskaitīt nevar", "The payee's account cannot be credited")
        .explanation(
            "Saņēmēja kontā Valsts kasē pašlaik nevar ieskaitīt; iemeslu zina tikai konta turētājs.",
            "The payee's account with the Treasury takes no credits at the moment; only its holder is told why.",
        )
        .detail("Saņēmēja kontā {value} ieskaitīt nevar.", "The payee's account {value} cannot be credited.")
        .remedy(
            "Sazinieties ar saņēmēju: konts var būt nomainīts.",
            "Contact the payee: the account may have been replaced.",
        ),
    Entry::new(Code::RefusedByPolicy, "NARR", TDAM)
        .title("Noraidīts, jo ziņojumu pieņem tikai kopumā", "Refused because the message is accepted only as a whole")
        .explanation(
            "Klienta ziņojumus pieņem tikai kopumā (visu vai neko), un citi ziņojuma maksājumi ir kļūdaini vai tiem nepietiek līdzekļu.",
            "The client's messages are accepted only as a whole (all or nothing), and other payments of the message are not in order or not covered.",
        )
        .remedy(
            "Labojiet maksājumus, kuriem norādīts savs iemesls, un sūtiet visus jaunā ziņojumā ar jaunu MsgId. Daļēju pieņemšanu var saskaņot ar Valsts kasi.",
            "Correct the payments that have a reason of their own and send all of them in a new message with a new MsgId. Acceptance in part can be agreed with the Treasury.",
        ),
    Entry::new(Code::ExecutedOnAnotherDay, "NARR", SEPA_PAYMENTS)
        .title("Izpildīs citā dienā, nekā prasīts", "Executed on another day than requested")
        .explanation(
            "Pieprasītais izpildes datums ir brīvdiena vai pagājis, vai ziņojums saņemts pēc pieņemšanas laika beigām; maksājumu izpilda nākamajā darbdienā.",
            "The requested execution date is a day off or has passed, or the message came after the cut-off; the payment is executed on the next business day.",
        )
        .detail(
            "Pieprasītais izpildes datums ir {value}, bet izpildes diena būs {expected}; maksājumu skaits: {given}.",
            "The requested execution date is {value}, but the day of execution is {expected}; number of payments: {given}.",
        )
        .remedy("Nekas nav jādara.", "Nothing needs to be done."),
    Entry::new(Code::AccountNotGranted, "AG01", ONLINE_USER)
        .title("Konts nav piešķirts šim tiešsaistes lietotājam", "The account is not granted to this online user")
        .explanation(
            "Konts ir jūsu iestādes, bet šim tiešsaistes lietotājam tas nav piešķirts vai piešķīrums ir atsaukts.",
            "The account is your institution's, but it is not granted to this online user, or the grant was withdrawn.",
        )
        .detail(
            "Konts {value} nav piešķirts šim tiešsaistes lietotājam.",
            "Account {value} is not granted to this online user.",
        )
        .remedy(
            "Piešķirtos kontus nosauc GET /v1/accounts. Piesakiet kontu šim tiešsaistes lietotājam vai sūtiet ar lietotāju, kuram tas ir piešķirts.",
            "GET /v1/accounts lists the accounts that are granted. Apply for the account to be granted to this online user, or send as a user to whom it is granted.",
        ),
    Entry::new(Code::SeveralPaymentsNamed, "", TDAM)
        .title("Šāds identifikators ir vairākiem maksājumiem", "Several payments have this identification")
        .explanation(
            "Atcelt pa vienam var tikai maksājumu, kuru norādītie identifikatori nosauc viennozīmīgi; neviens maksājums nav atcelts.",
            "A payment can be cancelled by itself only if the identifications given name no other payment; nothing was cancelled.",
        )
        .detail(
            "Identifikators {value} ir vairākiem ziņojuma maksājumiem; neviens nav atcelts.",
            "Several payments of the message have the identification {value}; nothing was cancelled.",
        )
        .remedy(
            "Norādiet arī bloku (pmt_inf_id) vai maksājuma kārtas numuru ziņojumā (number).",
            "Name the block as well (pmt_inf_id), or the payment's place in the message (number).",
        ),
];
