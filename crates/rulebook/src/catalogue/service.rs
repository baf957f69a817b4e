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
            "Pārbaudiet adresi un identifikatoru saskarnes dokumentācijā.",
            "Check address and identification in the interface documentation.",
        ),
    Entry::new(Code::MethodNotAllowed, "", TDAM)
        .title("Metode nav atļauta", "The method is not allowed")
        .explanation("Šajā adresē nav atļauta šāda HTTP metode.", "This address does not take that HTTP method.")
        .detail(
            "Metode {value} šajā adresē nav atļauta; atļauts: {expected}.",
            "The method {value} is not allowed here; allowed: {expected}.",
        )
        .remedy("Izmantojiet atļauto metodi.", "Use an allowed method."),
    Entry::new(Code::TooManyRequests, "", TDAM)
        .title("Pārāk daudz pieprasījumu", "Too many requests")
        .explanation(
            "Tiešsaistes lietotājs sūta vairāk pieprasījumu, nekā atļauts.",
            "The online user sends more requests than allowed.",
        )
        .detail("Mēģiniet vēlreiz pēc {expected} s.", "Try again in {expected} s.")
        .remedy(
            "Nogaidiet galvenē Retry-After norādīto laiku; maksājumus apvienojiet lielākos ziņojumos.",
            "Wait for the time in the header Retry-After; put more payments into one message.",
        ),
    Entry::new(Code::Unavailable, "", TDAM)
        .title("Pakalpojums pašlaik nav pieejams", "The service is not available at the moment")
        .explanation(
            "Pieprasījumu pašlaik nevar apstrādāt; nekas nav pieņemts un nekas nav mainīts.",
            "The request cannot be handled at the moment; nothing was accepted and nothing was changed.",
        )
        .remedy(
            "Sūtiet to pašu pieprasījumu vēlreiz pēc brīža; dubultošanās nenotiks.",
            "Send the same request again in a while; nothing will be doubled.",
        ),
    Entry::new(Code::InternalError, "", TDAM)
        .title("Iekšēja kļūda", "Internal error")
        .explanation(
            "Pieprasījumu neizdevās apstrādāt mūsu kļūdas dēļ.",
            "The request could not be handled because of an error on our side.",
        )
        .remedy(
            "Sūtiet to pašu ziņojumu vēlreiz; ja kļūda atkārtojas, paziņojiet Valsts kasei pieprasījuma identifikatoru.",
            "Send the same message again; if the error repeats, tell the Treasury the request's identification.",
        ),
    Entry::new(Code::RequestTimeout, "", TDAM)
        .title("Pieprasījums netika saņemts laikā", "The request did not arrive in time")
        .explanation(
            "Pieprasījuma saturs netika saņemts līdz galam atļautajā laikā; nekas nav pieņemts.",
            "The request's content did not arrive to its end in the time allowed; nothing was accepted.",
        )
        .remedy("Pārbaudiet tīklu un sūtiet to pašu pieprasījumu vēlreiz.", "Check the network and send the same request again."),
    Entry::new(Code::NotAcceptable, "", TDAM)
        .title("Pieprasītais atbildes veids netiek piedāvāts", "The kind of answer requested is not offered")
        .explanation(
            "Galvenē Accept nav neviena no šīs adreses atbilžu veidiem.",
            "The header Accept names none of the kinds of answer that this address has.",
        )
        .detail(
            "Accept ir „{value}”; tiek piedāvāts: {expected}.",
            "Accept is `{value}`; offered: {expected}.",
        )
        .remedy("Norādiet Accept: application/xml vai application/json.", "Send Accept: application/xml or application/json."),
    Entry::new(Code::OutcomeUnknown, "", TDAM)
        .title("Iznākums vēl nav zināms", "The outcome is not known yet")
        .explanation(
            "Savienojums ar datu krātuvi pārtrūka brīdī, kad ziņojumu ierakstīja; tas var būt gan pieņemts, gan nepieņemts.",
            "The connection to the storage broke while the message was being written; it may be accepted or not.",
        )
        .remedy(
            "Sūtiet to pašu ziņojumu bez izmaiņām vēlreiz: dubultošanās nenotiks, un saņemsiet galīgo atbildi.",
            "Send the same message again unchanged: nothing will be doubled, and you get the final answer.",
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
            "Do not send these payments in another message. Contact the Treasury, naming the request's identification; the same request tells the outcome.",
        ),
];
