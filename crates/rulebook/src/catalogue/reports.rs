//! 6xxx: report requests (camt.060) and the mailbox.

use super::source::{ACCOUNT_REPORT, ONLINE_USER, REPORT_REQUEST, TDAM, TREASURY_ACCOUNTS};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::ReportPeriodInvalid, "", REPORT_REQUEST)
        .title("Pārskata periods nav derīgs", "The report's period is not valid")
        .explanation(
            "Perioda sākums nedrīkst būt vēlāks par tā beigām.",
            "A period may not begin after its end.",
        )
        .detail(
            "Periods no {value} līdz {expected} nav derīgs.",
            "The period from {value} to {expected} is not valid.",
        )
        .remedy(
            "Norādiet RptgPrd/FrToDt ar FrDt, kas nav vēlāks par ToDt, abus kā 2026-11-23.",
            "Give RptgPrd/FrToDt with a FrDt that is not after ToDt, both as in 2026-11-23.",
        ),
    Entry::new(Code::ReportPeriodTooOld, "", ACCOUNT_REPORT)
        .title("Pārskata periods ir pārāk sens", "The report's period is too old")
        .explanation(
            "Pārskatu var saņemt par šo gadu un diviem iepriekšējiem gadiem.",
            "Reports are given for this year and the two previous years.",
        )
        .detail(
            "Periods sākas {value}; agrākais pieejamais datums ir {expected}.",
            "The period begins on {value}; the earliest day available is {expected}.",
        )
        .remedy(
            "Pieprasiet vēlāku periodu; par senāku periodu vērsieties Valsts kasē.",
            "Request a later period; for an older one, ask the Treasury.",
        ),
    Entry::new(Code::ReportPeriodInFuture, "", ACCOUNT_REPORT)
        .title("Pārskata periods ir nākotnē", "The report's period is in the future")
        .explanation("Perioda sākums nedrīkst būt vēlāks par šodienu.", "A period may not begin after today.")
        .detail("Periods sākas {value}, bet šodien ir {expected}.", "The period begins on {value}, but today is {expected}.")
        .remedy(
            "Norādiet perioda sākumu (FrDt) ne vēlāku par darbadienu, ko nosauc GET /v1/heartbeat.",
            "Give a beginning (FrDt) no later than the business day, which GET /v1/heartbeat names.",
        ),
    Entry::new(Code::ReportTypeUnknown, "", REPORT_REQUEST)
        .title("Pieprasītais pārskata veids netiek piedāvāts", "The report requested is not offered")
        .explanation(
            "ReqdMsgNmId drīkst būt camt.052.001.02, camt.052.001.08, camt.054.001.02 vai camt.054.001.08; izraksti (camt.053) vēl netiek piedāvāti.",
            "ReqdMsgNmId is camt.052.001.02, camt.052.001.08, camt.054.001.02 or camt.054.001.08; statements (camt.053) are not offered yet.",
        )
        .detail("Pārskats „{value}” netiek piedāvāts.", "The report `{value}` is not offered.")
        .remedy(
            "Pieprasiet camt.052 vai camt.054; izraksta (camt.053) vietā der camt.052 par slēgtām dienām.",
            "Request a camt.052 or camt.054; a camt.052 of closed days serves in place of a statement (camt.053).",
        ),
    Entry::new(Code::ReportAccountMissing, "", REPORT_REQUEST)
        .title("Pārskata pieprasījumā trūkst konta", "The report request names no account")
        .explanation(
            "Pieprasījumā jānorāda konts kā Acct/Id/IBAN.",
            "The request must name the account as Acct/Id/IBAN.",
        )
        .remedy(
            "Norādiet konta IBAN elementā RptgReq/Acct/Id/IBAN.",
            "Give the account's IBAN in RptgReq/Acct/Id/IBAN.",
        ),
    Entry::new(Code::ReportAccountUnknown, "", TREASURY_ACCOUNTS)
        .title("Pārskata konts nav zināms", "The report's account is not known")
        .explanation("Valsts kasē nav pieprasītā konta.", "The Treasury keeps no such account.")
        .detail("Valsts kasē nav konta {value}.", "The Treasury keeps no account {value}.")
        .remedy(
            "Pārbaudiet konta numuru; jūsu kontus nosauc GET /v1/accounts.",
            "Check the account number; GET /v1/accounts lists your accounts.",
        ),
    Entry::new(Code::ReportAccountNotYours, "", ONLINE_USER)
        .title("Konta pārskats nav pieejams šim tiešsaistes lietotājam", "The account's report is not open to this online user")
        .explanation(
            "Tiešsaistes lietotājam nav tiesību skatīt šo kontu.",
            "The online user has no right to view this account.",
        )
        .detail(
            "Tiešsaistes lietotājam nav tiesību skatīt kontu {value}.",
            "The online user has no right to view account {value}.",
        )
        .remedy(
            "Pārbaudiet konta numuru: jūsu kontus nosauc GET /v1/accounts. Ja konts ir jūsu iestādes, piesakiet to šim tiešsaistes lietotājam.",
            "Check the account number: GET /v1/accounts lists your accounts. If it is your institution's, apply for it to be added to this online user.",
        ),
    Entry::new(Code::StatementDayNotClosed, "", ACCOUNT_REPORT)
        .title("Diena vēl nav slēgta", "The day is not closed yet")
        .explanation(
            "Konta izraksts (camt.053) ir tikai par slēgtām dienām; diena ir galīga, kad atvērta nākamā.",
            "A statement (camt.053) is of closed days only; a day is final once the next one opens.",
        )
        .detail(
            "Diena {value} vēl nav slēgta; pēdējā slēgtā diena ir {expected}.",
            "The day {value} is not closed yet; the last closed day is {expected}.",
        )
        .remedy(
            "Par neslēgto dienu pieprasiet konta pārskatu (camt.052).",
            "For the open day, request an account report (camt.052).",
        ),
    Entry::new(Code::ReportNotFound, "", TDAM)
        .title("Pārskats nav atrasts", "The report is not found")
        .explanation(
            "Pārskata ar šādu identifikatoru nav, tas ir cita tiešsaistes lietotāja, vai tā glabāšanas laiks ir beidzies.",
            "There is no report with this identification, it is another online user's, or it is no longer kept.",
        )
        .remedy("Pieprasiet pārskatu no jauna ar camt.060.", "Request the report anew with a camt.060."),
    Entry::new(Code::ReportPageNotFound, "", TDAM)
        .title("Pārskatā šādas lappuses nav", "The report has no such page")
        .explanation("Pārskatam nav lappuses ar šādu numuru.", "The report has no page with this number.")
        .detail("Lappuses {value} nav; lappušu skaits pārskatā ir {expected}.", "There is no page {value}; the number of pages is {expected}.")
        .remedy(
            "Lasiet lapas no 1 līdz pēdējai: nākamo nosauc atbildes galvene Link.",
            "Read the pages from 1 to the last: the header Link of each answer names the next.",
        ),
    Entry::new(Code::TooManyReportRequests, "", TDAM)
        .title("Ziņojumā ir pārāk daudz pārskatu pieprasījumu", "The message requests too many reports")
        .explanation(
            "Vienā camt.060 ziņojumā ir vairāk pārskatu pieprasījumu (RptgReq), nekā atļauts.",
            "One camt.060 has more report requests (RptgReq) than allowed.",
        )
        .detail("Ziņojumā ir vairāk nekā {expected} pieprasījumu.", "The message has more than {expected} requests.")
        .remedy(
            "Sadaliet pieprasījumus vairākos ziņojumos camt.060, katram ar savu MsgId.",
            "Split the requests into several messages camt.060, each with its own MsgId.",
        ),
    Entry::new(Code::MailboxMessageNotFound, "", TDAM)
        .title("Ziņojums pastkastē nav atrasts", "The message is not in the mailbox")
        .explanation(
            "Pastkastē nav ziņojuma ar šādu identifikatoru, vai tā glabāšanas laiks ir beidzies.",
            "The mailbox has no message with this identification, or it is no longer kept.",
        )
        .remedy(
            "Pieprasiet pastkastes sarakstu un izmantojiet tajā norādītos identifikatorus.",
            "List the mailbox and use the identifications given there.",
        ),
    Entry::new(Code::MailboxMessageNotLeased, "", TDAM)
        .title("Ziņojums nav paņemts apstrādei", "The message is not leased")
        .explanation(
            "Apstiprināt var tikai ziņojumu, ko tas pats tiešsaistes lietotājs paņēmis un kura apstrādes laiks nav beidzies.",
            "Only a message that the same online user leased, and whose lease has not run out, can be confirmed.",
        )
        .remedy("Paņemiet ziņojumu vēlreiz un apstipriniet to laikā.", "Lease the message again and confirm it in time."),
    Entry::new(Code::ReportOfChangesNotOffered, "", REPORT_REQUEST)
        .title("Pārskats tikai par izmaiņām netiek piedāvāts", "A report of changes only is not offered")
        .explanation(
            "RptgPrd/Tp ir CHNG vai MODF: tikai izmaiņas kopš iepriekšējā pārskata. Pagaidām pārskatā vienmēr ir visi perioda ieraksti (ALLL), un par izmaiņām tos neizdod.",
            "RptgPrd/Tp is CHNG or MODF: only what changed since the last report. For now a report always has all entries of its period (ALLL), and they are not given out as changes.",
        )
        .detail("Tp „{value}” netiek piedāvāts; tiek piedāvāts {expected}.", "Tp `{value}` is not offered; {expected} is.")
        .remedy(
            "Pieprasiet ALLL un pēc AcctSvcrRef izlaidiet ierakstus, kas jums jau ir.",
            "Request ALLL and leave out, by AcctSvcrRef, the entries that you have already.",
        ),
    Entry::new(Code::ReportAccountNotGranted, "", ONLINE_USER)
        .title("Pārskata konts nav piešķirts šim tiešsaistes lietotājam", "The report's account is not granted to this online user")
        .explanation(
            "Konts ir jūsu iestādes, bet šim tiešsaistes lietotājam tas nav piešķirts vai piešķīrums ir atsaukts.",
            "The account is your institution's, but it is not granted to this online user, or the grant was withdrawn.",
        )
        .detail(
            "Konts {value} nav piešķirts šim tiešsaistes lietotājam.",
            "Account {value} is not granted to this online user.",
        )
        .remedy(
            "Piešķirtos kontus nosauc GET /v1/accounts. Piesakiet kontu šim tiešsaistes lietotājam vai pieprasiet ar lietotāju, kuram tas ir piešķirts.",
            "GET /v1/accounts lists the accounts that are granted. Apply for the account to be granted to this online user, or ask as a user to whom it is granted.",
        ),
];
