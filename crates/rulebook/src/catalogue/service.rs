//! 9xxx: the service itself.

use super::source::TDAM;
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::NotFound, "", TDAM)
        .title("Nav atrasts", "Not found")
        .explanation(
            "Šādas adreses vai ieraksta nav, vai tas nav jūsu.",
            "There is no such address or record, or it is not yours.",
        )
        .detail("„{value}” nav atrasts.", "`{value}` is not found.")
        .remedy(
            "Pārbaudiet adresi un identifikatoru: adreses ir saskarnes aprakstā, MsgId ir jūsu sūtītajā failā, pieteikumu un personu numuri ir to sarakstos. Ziņojumam, kas noraidīts ar HTTP kļūdu, statusa nav; iemesls ir tās saturā.",
            "Check address and identification: the addresses are in the description of the interface, a MsgId is in the file that you sent, applications and persons have their numbers in the lists. A message that was refused with an HTTP error has no status; the reason is in that error.",
        ),
    Entry::new(Code::MethodNotAllowed, "", TDAM)
        .title("Metode nav atļauta", "The method is not allowed")
        .explanation("Šajā adresē nav atļauta šāda HTTP metode.", "This address does not take that HTTP method.")
        .detail(
            "Metode {value} šajā adresē nav atļauta; atļauts: {expected}.",
            "The method {value} is not allowed here; allowed: {expected}.",
        )
        .remedy(
            "Izmantojiet metodi, ko nosauc atbildes galvene Allow.",
            "Use a method that the header Allow of the answer names.",
        ),
    Entry::new(Code::TooManyRequests, "", TDAM)
        .title("Pārāk daudz pieprasījumu", "Too many requests")
        .explanation(
            "Klients pašlaik izmanto visu savu daļu no klientu kopīgajiem resursiem; citus klientus tas neietekmē. Nekas nav pieņemts.",
            "The client uses its whole share of the resources that clients have in common; other clients are not affected. Nothing was accepted.",
        )
        .detail(
            "Klienta daļa ir izlietota: {value}. Mēģiniet vēlreiz pēc {expected} s.",
            "The client's share is used up: {value}. Try again in {expected} s.",
        )
        .remedy(
            "Nogaidiet galvenē Retry-After norādīto laiku un sūtiet vēlreiz. Sūtiet mazāk pieprasījumu vienlaikus; maksājumus apvienojiet lielākos ziņojumos.",
            "Wait for the time in the header Retry-After and send again. Send fewer requests at once; put more payments into one message.",
        ),
    Entry::new(Code::Unavailable, "", TDAM)
        .title("Pakalpojums pašlaik nav pieejams", "The service is not available at the moment")
        .explanation(
            "Pieprasījumu pašlaik nevar apstrādāt; nekas nav pieņemts un nekas nav mainīts.",
            "The request cannot be handled at the moment; nothing was accepted and nothing was changed.",
        )
        .remedy(
            "Sūtiet to pašu pieprasījumu vēlreiz pēc brīža; neko neizpildīs divreiz.",
            "Send the same request again in a while; the exchange executes nothing twice.",
        ),
    Entry::new(Code::InternalError, "", TDAM)
        .title("Iekšēja kļūda", "Internal error")
        .explanation(
            "Pieprasījumu neizdevās apstrādāt mūsu kļūdas dēļ.",
            "The request could not be handled because of an error on our side.",
        )
        .remedy(
            "Sūtiet to pašu ziņojumu vēlreiz; ja kļūda atkārtojas, paziņojiet Valsts kasei pieprasījuma identifikatoru.",
            "Send the same message again; if the error repeats, give the Treasury the request's identification.",
        ),
    Entry::new(Code::RequestTimeout, "", TDAM)
        .title("Pieprasījums netika saņemts laikā", "The request did not arrive in time")
        .explanation(
            "Pieprasījuma saturs netika saņemts līdz galam atļautajā laikā; nekas nav pieņemts.",
            "The request's content did not arrive completely in the time allowed; nothing was accepted.",
        )
        .remedy("Pārbaudiet tīklu un sūtiet to pašu pieprasījumu vēlreiz.", "Check the network and send the same request again."),
    Entry::new(Code::NotAcceptable, "", TDAM)
        .title("Visi piedāvātie atbildes veidi ir atteikti", "All kinds of answer that are offered are refused")
        .explanation(
            "Galvene Accept ar svaru q=0 atsakās no visiem atbilžu veidiem, kas šai adresei ir.",
            "The header Accept refuses, with the weight q=0, every kind of answer that this address has.",
        )
        .detail(
            "Accept ir „{value}”; šī adrese atbild kā {expected}.",
            "Accept is `{value}`; this address answers as {expected}.",
        )
        .remedy(
            "Izņemiet no galvenes Accept svaru q=0 vai nesūtiet šo galveni; adrešu atbilžu veidi ir saskarnes apraksta tabulā.",
            "Remove the weight q=0 from the header Accept, or send no such header; the table of the interface says what each address answers with.",
        ),
    Entry::new(Code::OutcomeUnknown, "", TDAM)
        .title("Iznākums vēl nav zināms", "The outcome is not known yet")
        .explanation(
            "Savienojums ar datu krātuvi pārtrūka brīdī, kad ziņojumu ierakstīja; tas var būt gan pieņemts, gan nepieņemts.",
            "The connection to the storage broke while the message was being written; it may be accepted or not.",
        )
        .remedy(
            "Sūtiet to pašu ziņojumu bez izmaiņām vēlreiz: neko neizpildīs divreiz, un saņemsiet galīgo atbildi.",
            "Send the same message again unchanged: the exchange executes nothing twice, and you get the final answer.",
        ),
    Entry::new(Code::MemoryUsedUp, "", TDAM)
        .title("Ziņojumiem atvēlētā atmiņa pašlaik ir aizņemta", "The memory for messages is used up at the moment")
        .explanation(
            "Ziņojumi, ko šobrīd apstrādā, aizņem visu tiem atvēlēto atmiņu; nekas nav pieņemts un nekas nav mainīts.",
            "The messages being processed take all memory set apart for them; nothing was accepted and nothing was changed.",
        )
        .detail(
            "Šobrīd ir izlietots viss, ko atļauj {value}; nekas nav pieņemts un nekas nav mainīts.",
            "All that {value} allows is in use at the moment; nothing was accepted and nothing was changed.",
        )
        .remedy(
            "Sūtiet to pašu ziņojumu vēlreiz pēc galvenē Retry-After norādītā laika; lielus ziņojumus sūtiet citu pēc cita.",
            "Send the same message again after the time in the header Retry-After; send large messages one after the other.",
        ),
    Entry::new(Code::SubmissionSetAside, "", TDAM)
        .title("Ziņojuma apstrāde ir apturēta", "Processing of the message is suspended")
        .explanation(
            "Ziņojuma apstrāde vairākkārt pārtrūka mūsu pusē, tāpēc tas ir atlikts, līdz Valsts kase to izskatīs; neviens maksājums vēl nav pieņemts.",
            "Processing of the message broke off several times on our side, so it is set aside until the Treasury has looked at it; no payment is accepted yet.",
        )
        .remedy(
            "Nesūtiet šos maksājumus citā ziņojumā. Sazinieties ar Valsts kasi, nosaucot pieprasījuma identifikatoru; iznākumu uzzināsiet ar to pašu pieprasījumu.",
            "Do not send these payments in another message. Contact the Treasury, naming the request's identification; repeat the same request to get the outcome.",
        ),
    Entry::new(Code::RequestFraming, "", TDAM)
        .title("Pieprasījuma robežas nav viennozīmīgas", "The request can be read in more than one way")
        .explanation(
            "Pieprasījuma galvenes neļauj droši noteikt, kam tas adresēts vai kur beidzas tā saturs; savienojums tiek slēgts.",
            "The request's headers do not say for certain whom it is for or where its content ends; the connection is closed.",
        )
        .detail(
            "Galvenes laukus nevar saprast viennozīmīgi: {value}.",
            "The headers cannot be understood in one way only: {value}.",
        )
        .remedy(
            "Norādiet tieši vienu Host ar servera vārdu vai adresi un vai nu Content-Length, vai Transfer-Encoding: chunked; citus pārsūtīšanas kodējumus neatbalstām.",
            "Send exactly one Host with the name or address of the server, and either Content-Length or Transfer-Encoding: chunked; no other transfer coding is supported.",
        ),
    Entry::new(Code::NoRoom, "", TDAM)
        .title("Datu krātuvē pietrūkst vietas", "There is no room for the data")
        .explanation(
            "Datu krātuvē ir maz vietas, tāpēc jauni ziņojumi pašlaik netiek pieņemti: vispirms no klientiem, kuru \
             saglabātie ziņojumi aizņem vairāk par klienta daļu, pēc tam no visiem. Nekas nav pieņemts un nekas nav mainīts.",
            "Storage is scarce, so new messages are not taken at the moment: first those of clients whose kept messages take \
             more than a client's share, then those of everybody. Nothing was accepted and nothing was changed.",
        )
        .detail("Izlietotais resurss: {value}.", "The budget that is used up: {value}.")
        .remedy(
            "Sūtiet to pašu ziņojumu vēlreiz pēc galvenē Retry-After norādītā laika; nesūtiet ziņojumus, kas aizpildīti ar \
             atstarpēm. Agrāk saņemtās atbildes, statuss un pārskati ir pieejami.",
            "Send the same message again after the time in the header Retry-After; do not pad messages with blanks. Earlier \
             answers, status and reports are available.",
        ),
    Entry::new(Code::ClockInDoubt, "", TDAM)
        .title("Pulkstenis ir apšaubāms", "The clock is in doubt")
        .explanation(
            "Darba diena netiek mainīta, kamēr servera pulkstenis ir apšaubāms.",
            "The business day is not moved while the clock is in doubt.",
        )
        .detail("Iemesls: {value}.", "The reason: {value}.")
        .remedy(
            "Salabojiet pulksteni vai, ja tas ir pareizs, apstipriniet to: tdam operator clock --today DATUMS.",
            "Correct the clock or, if it is right, confirm it: tdam operator clock --today DATE.",
        ),
    Entry::new(Code::BusinessDayTooFar, "", TDAM)
        .title("Darba diena ir pārāk tālu", "The business day is too far ahead")
        .explanation(
            "Darba dienu nevar pārcelt atpakaļ, tāpēc tālu dienu atver tikai ar apstiprinājumu.",
            "The business day never goes back, so a day far ahead is opened only with a confirmation.",
        )
        .detail("{value} ir pēc {expected}.", "{value} is after {expected}.")
        .remedy(
            "Pārbaudiet datumu; ja tas ir pareizs, ierakstiet to vēlreiz: tdam operator day DATUMS --confirm DATUMS.",
            "Check the date; if it is right, type it again: tdam operator day DATE --confirm DATE.",
        ),
    Entry::new(Code::QuotaUsedUp, "", TDAM)
        .title("Kvota ir izlietota", "The quota is used up")
        .explanation(
            "Pieprasījumu vai baitu kvota, kas ir tiešsaistes lietotājam vai adresei, no kuras tas sūta, pašlaik ir izlietota. Nekas \
             nav pieņemts.",
            "The quota of requests or bytes that the online user has, or the address it sends from, is used up for now. Nothing was \
             accepted.",
        )
        .detail(
            "Kvota {value} ir izlietota. Mēģiniet vēlreiz pēc {expected} s.",
            "The quota {value} is used up. Try again in {expected} s.",
        )
        .remedy(
            "Nogaidiet galvenē Retry-After norādīto laiku un sūtiet to pašu vēlreiz. GET /v1/quotas rāda, cik atlicis; maksājumus \
             apvienojiet lielākos ziņojumos, saturu saspiediet ar gzip.",
            "Wait for the time in the header Retry-After and send the same again. GET /v1/quotas says what is left; put more \
             payments into one message, and compress bodies with gzip.",
        ),
    Entry::new(Code::OlderNodesServe, "", TDAM)
        .title("Darbojas vecākas versijas mezgls", "A node of an older version serves")
        .explanation(
            "Vecākas versijas mezgls šīs tiesības nezina un tās neievērotu, tāpēc, kamēr tāds darbojas, nekas netiek mainīts.",
            "A node of an older version does not know these rights and would disregard them. While one serves, nothing is changed.",
        )
        .remedy(
            "Apturiet vecākas versijas mezglus un atkārtojiet komandu.",
            "Stop the nodes of the older version, and repeat the command.",
        ),
];
