//! 2001–2099: the form of a message before its schema: transport form, encoding, well-formed XML, bounds.

use super::source::{NAMESPACES, NATIONAL_GUIDELINE, TDAM, XML};
use super::{Code, Entry};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new(Code::EmptyBody, "", TDAM)
        .title("Pieprasījuma saturs ir tukšs", "The request has no content")
        .explanation(
            "Pieprasījumā nav ziņojuma: saturs ir tukšs vai tajā ir tikai atstarpes.",
            "The request holds no message: its content is empty or only blanks.",
        )
        .remedy(
            "Pārbaudiet, vai fails nav tukšs un vai programma tiešām nosūta tā saturu.",
            "Check that the file is not empty and that your program really sends its content.",
        ),
    Entry::new(Code::NotXml, "", XML)
        .title("Saturs nav XML", "The content is not XML")
        .explanation("Saturs nesākas kā XML dokuments.", "The content does not begin as an XML document does.")
        .detail("Saturs sākas ar „{value}”, tāpēc tas nav XML.", "The content begins with `{value}`, so it is not XML.")
        .remedy(
            "Sūtiet ISO 20022 ziņojumu kā XML tekstu UTF-8 kodējumā, nevis kā arhīvu, formas lauku vai JSON.",
            "Send the ISO 20022 message as XML text in UTF-8, not as an archive, a form field or JSON.",
        ),
    Entry::new(Code::HtmlInsteadOfXml, "", TDAM)
        .title("XML vietā saņemta HTML lapa", "An HTML page instead of XML")
        .explanation(
            "Saturs ir HTML lapa. Tā parasti notiek, ja starpniekserveris vai pārlūks nosūta kļūdas vai pieslēgšanās lapu.",
            "The content is an HTML page. That happens when a proxy or a browser passes on an error or login page.",
        )
        .remedy(
            "Atveriet nosūtāmo failu un pārbaudiet, no kurienes tas iegūts; sūtiet ISO 20022 XML ziņojumu.",
            "Open the file that is sent and see where it came from; send the ISO 20022 XML message.",
        ),
    Entry::new(Code::TruncatedXml, "", XML)
        .title("XML ziņojums ir aprauts", "The XML message is cut off")
        .explanation(
            "Saturs beidzas, pirms ir aizvērti visi XML elementi.",
            "The content ends before all XML elements are closed.",
        )
        .detail(
            "Saturs beidzas, pirms ir aizvērts elements „{value}”.",
            "The content ends before the element `{value}` is closed.",
        )
        .remedy(
            "Pārbaudiet, vai fails ir uzrakstīts līdz galam un vai nosūtīšana nav pārtraukta; sūtiet to pašu ziņojumu vēlreiz.",
            "Check that the file was written to its end and that sending was not interrupted; send the same message again.",
        ),
    Entry::new(Code::EncodingNotSupported, "", NATIONAL_GUIDELINE)
        .title("Kodējums nav UTF-8", "The encoding is not UTF-8")
        .explanation(
            "Ziņojumi tiek pieņemti tikai UTF-8 kodējumā.",
            "Messages are accepted only in the encoding UTF-8.",
        )
        .detail(
            "Ziņojuma kodējums ir {value}, bet tiek pieņemts tikai UTF-8.",
            "The message is encoded as {value}, but only UTF-8 is accepted.",
        )
        .remedy(
            "Saglabājiet ziņojumu UTF-8 kodējumā un norādiet XML deklarācijā encoding=\"UTF-8\".",
            "Save the message as UTF-8 and say encoding=\"UTF-8\" in its XML declaration.",
        ),
    Entry::new(Code::DoctypeNotAllowed, "", TDAM)
        .title("DOCTYPE nav atļauts", "A DOCTYPE is not allowed")
        .explanation(
            "Ziņojumā ir dokumenta tipa deklarācija (DOCTYPE). ISO 20022 ziņojumos tās nav, un drošības dēļ tā netiek lasīta.",
            "The message has a document type declaration (DOCTYPE). ISO 20022 messages have none; for safety it is not read.",
        )
        .remedy(
            "Izņemiet DOCTYPE un entītijas no ziņojuma.",
            "Remove the DOCTYPE and its entities from the message.",
        ),
    Entry::new(Code::MessageTooLarge, "", TDAM)
        .title("Ziņojums ir pārāk liels", "The message is too large")
        .explanation(
            "Ziņojums ir lielāks, nekā šī vide pieņem.",
            "The message is larger than this environment accepts.",
        )
        .detail("Ziņojums ir lielāks par {expected} baitiem.", "The message is larger than {expected} bytes.")
        .remedy(
            "Sadaliet maksājumus vairākos ziņojumos, katram ar savu MsgId.",
            "Split the payments into several messages, each with its own MsgId.",
        ),
    Entry::new(Code::NestingTooDeep, "", TDAM)
        .title("Elementi ir ligzdoti pārāk dziļi", "Elements are nested too deeply")
        .explanation(
            "XML elementi ir ligzdoti dziļāk nekā jebkurā ISO 20022 ziņojumā.",
            "XML elements are nested more deeply than in any ISO 20022 message.",
        )
        .detail("Elementu ligzdošanas dziļums pārsniedz {expected}.", "Elements are nested more than {expected} deep.")
        .remedy(
            "Pārbaudiet, vai programma aizver katru elementu.",
            "Check that your program closes each element.",
        ),
    Entry::new(Code::TextTooLong, "", TDAM)
        .title("Nosaukums vai vērtība ir pārāk gara", "A name or value is too long")
        .explanation(
            "Elementa nosaukums, atribūts, teksts vai to skaits pārsniedz jebkuram ISO 20022 ziņojumam vajadzīgo.",
            "A name, an attribute, a text or their number is beyond what any ISO 20022 message needs.",
        )
        .detail(
            "Pārsniegta robeža {expected}: nosaukumam, vērtībai (baitos) vai to skaitam.",
            "The limit of {expected} is passed by a name, a value (in bytes) or their number.",
        )
        .remedy(
            "Pārbaudiet norādīto vietu ziņojumā; iespējams, tur ir svešs saturs.",
            "Look at the place given; it may hold content that does not belong there.",
        ),
    Entry::new(Code::WrongNamespace, "", NAMESPACES)
        .title("Nepareiza nosaukumvieta", "Wrong namespace")
        .explanation(
            "Elements nav gaidītajā XML nosaukumvietā. No nosaukumvietas nosaka ziņojumu un tā versiju.",
            "An element is not in the XML namespace expected. The namespace tells the message and its version.",
        )
        .detail(
            "Nosaukumvieta ir „{value}”, gaidīta: {expected}.",
            "The namespace is `{value}`, expected: {expected}.",
        )
        .remedy(
            "Saknes elementā Document norādiet nosaukumvietu tieši tā, ar ziņojuma nosaukumu beigās, piemēram, urn:iso:std:iso:20022:tech:xsd:pain.001.001.09; lielie un mazie burti un atstarpes atšķiras.",
            "Give the root element Document the namespace exactly, with the message's name at its end, such as urn:iso:std:iso:20022:tech:xsd:pain.001.001.09; capital letters and blanks make a difference.",
        ),
    Entry::new(Code::WrongContentType, "", TDAM)
        .title("Nepareizs satura tips", "Wrong content type")
        .explanation(
            "Galvene Content-Type nenorāda XML.",
            "The header Content-Type does not say XML.",
        )
        .detail(
            "Galvenē Content-Type ir „{value}”, gaidīts application/xml.",
            "The header Content-Type says `{value}`, expected is application/xml.",
        )
        .remedy(
            "Sūtiet galveni Content-Type: application/xml.",
            "Send the header Content-Type: application/xml.",
        ),
    Entry::new(Code::CompressionBroken, "", TDAM)
        .title("Saspiesto saturu nevar atspiest", "The compressed content cannot be inflated")
        .explanation(
            "Galvenē norādīta saspiešana, bet saturs nav derīgs gzip vai ir aprauts.",
            "The header names a compression, but the content is no valid gzip, or is cut off.",
        )
        .remedy(
            "Saspiediet saturu ar gzip un norādiet Content-Encoding: gzip, vai sūtiet to nesaspiestu bez šīs galvenes.",
            "Compress the content with gzip and send Content-Encoding: gzip, or send it plain without that header.",
        ),
    Entry::new(Code::InflatesTooFar, "", TDAM)
        .title("Atspiestais saturs ir pārāk liels", "The inflated content is too large")
        .explanation(
            "Pēc atspiešanas saturs ir lielāks, nekā šī vide pieņem, vai neparasti daudz lielāks par saspiesto.",
            "After inflating, the content is larger than this environment accepts, or out of all proportion.",
        )
        .detail(
            "Pēc atspiešanas saturs ir lielāks par {expected} baitiem.",
            "After inflating, the content is larger than {expected} bytes.",
        )
        .remedy(
            "Sadaliet maksājumus vairākos ziņojumos, katram ar savu MsgId.",
            "Split the payments into several messages, each with its own MsgId.",
        ),
    Entry::new(Code::NulBytes, "", XML)
        .title("Saturā ir nulles baiti", "The content holds NUL bytes")
        .explanation(
            "Saturā ir baiti ar vērtību 0. XML tekstā to nav; parasti tas nozīmē UTF-16 kodējumu vai bojātu failu.",
            "The content holds bytes of value 0. XML text has none; usually the encoding is UTF-16 or the file is damaged.",
        )
        .remedy(
            "Izveidojiet failu no jauna un saglabājiet to UTF-8 kodējumā.",
            "Make the file anew and save it as UTF-8.",
        ),
    Entry::new(Code::NotWellFormed, "", XML)
        .title("XML nav pareizi uzbūvēts", "The XML is not well-formed")
        .explanation(
            "Saturs neatbilst XML 1.0 sintaksei, tāpēc aiz kļūdas vietas to nevar lasīt.",
            "The content breaks the syntax of XML 1.0, so it cannot be read beyond that place.",
        )
        .detail("XML sintakses kļūda pie „{value}”.", "XML syntax error at `{value}`.")
        .remedy(
            "Labojiet norādīto vietu; zīmes & un < tekstā rakstiet kā &amp; un &lt;.",
            "Correct the place given; in texts, write & and < as &amp; and &lt;.",
        ),
    Entry::new(Code::MessageTypeNotSupported, "", NATIONAL_GUIDELINE)
        .title("Ziņojuma veids vai versija netiek pieņemta", "The message or its version is not accepted")
        .explanation(
            "Šī apmaiņa pieņem pain.001.001.03, pain.001.001.09, camt.060.001.03 un camt.060.001.05.",
            "This exchange accepts pain.001.001.03, pain.001.001.09, camt.060.001.03 and camt.060.001.05.",
        )
        .detail(
            "Ziņojums „{value}” netiek pieņemts; tiek pieņemti pain.001.001.03, pain.001.001.09, camt.060.001.03 un camt.060.001.05.",
            "The message `{value}` is not accepted; accepted are pain.001.001.03, pain.001.001.09, camt.060.001.03 and camt.060.001.05.",
        )
        .remedy(
            "Sagatavojiet maksājumus kā pain.001.001.09 (vai .03), pārskatu pieprasījumu kā camt.060.001.05 (vai .03).",
            "Make payments as pain.001.001.09 (or .03), and a request for reports as camt.060.001.05 (or .03).",
        ),
    Entry::new(Code::TooManyFindings, "", TDAM)
        .title("Kļūdu ir vairāk, nekā uzskaitīts", "There are more errors than listed")
        .explanation(
            "Uzskaitītas tikai pirmās kļūdas; pārējās ir tikai saskaitītas.",
            "Only the first errors are listed; the others are only counted.",
        )
        .detail(
            "Kļūdu pavisam ir {value}; uzskaitītas pirmās {expected}.",
            "There are {value} errors in all; the first {expected} are listed.",
        )
        .remedy(
            "Labojiet uzskaitītās kļūdas un sūtiet ziņojumu vēlreiz; bieži daudzām kļūdām ir viens cēlonis.",
            "Correct those listed and send the message again; often many errors have one cause.",
        ),
    Entry::new(Code::InvalidUtf8, "", XML)
        .title("Baiti nav UTF-8 teksts", "The bytes are no UTF-8 text")
        .explanation(
            "Ziņojums deklarēts kā UTF-8, bet tajā ir baiti, kādu UTF-8 tekstā nevar būt, piemēram, Windows-1257 burti.",
            "The message claims to be UTF-8 but holds bytes that UTF-8 cannot have, such as letters of Windows-1257.",
        )
        .remedy(
            "Pārbaudiet, vai programma tiešām pārveido tekstu UTF-8 kodējumā, nevis tikai to deklarē.",
            "Check that your program really converts the text to UTF-8 and does not merely declare it.",
        ),
    Entry::new(Code::WrongMessageForAddress, "", TDAM)
        .title("Ziņojums nosūtīts uz nepareizu adresi", "The message was sent to the wrong address")
        .explanation(
            "Šajā adresē pieņem citu ziņojumu: pain.001 sūta maksājumu adresei, camt.060 – pārskatu adresei.",
            "This address takes another message: pain.001 goes to the payments, camt.060 to the reports.",
        )
        .detail(
            "Šī adrese nepieņem {value}; gaidīts {expected}.",
            "This address does not take {value}; expected is {expected}.",
        )
        .remedy(
            "Sūtiet pain.001 uz /v1/payments un camt.060 uz /v1/reports.",
            "Send pain.001 to /v1/payments and camt.060 to /v1/reports.",
        ),
    Entry::new(Code::ContentEncodingNotSupported, "", TDAM)
        .title("Saspiešanas veids netiek pieņemts", "The compression is not accepted")
        .explanation(
            "Tiek pieņemts nesaspiests saturs vai gzip.",
            "Content is accepted plain or as gzip.",
        )
        .detail(
            "Content-Encoding „{value}” netiek pieņemts; tiek pieņemts gzip.",
            "Content-Encoding `{value}` is not accepted; gzip is.",
        )
        .remedy(
            "Sūtiet saturu nesaspiestu vai ar Content-Encoding: gzip.",
            "Send the content plain or with Content-Encoding: gzip.",
        ),
    Entry::new(Code::TooManyPayments, "", TDAM)
        .title("Ziņojumā ir pārāk daudz maksājumu", "The message has too many payments")
        .explanation(
            "Ziņojumā ir vairāk maksājumu, nekā šī vide pieņem vienā reizē.",
            "The message has more payments than this environment accepts at once.",
        )
        .detail(
            "Ziņojumā ir vairāk nekā {expected} maksājumu.",
            "The message has more than {expected} payments.",
        )
        .remedy(
            "Sadaliet maksājumus vairākos ziņojumos, katram ar savu MsgId.",
            "Split the payments into several messages, each with its own MsgId.",
        ),
    Entry::new(Code::RequestParameterInvalid, "", TDAM)
        .title("Pieprasījuma parametrs nav derīgs", "A parameter of the request is not valid")
        .explanation(
            "Pieprasījumā trūkst parametra vai galvenes, ir lieks parametrs vai tā vērtība nav derīga.",
            "A parameter or header of the request is missing, unknown, or has a value that it cannot have.",
        )
        .detail(
            "Trūkst, ir lieks vai nav derīgs: {value}.",
            "Missing, unknown or not valid: {value}.",
        )
        .remedy(
            "Salīdziniet ar saskarnes aprakstu: POST /v1/payments pieņem mode=test; GET /v1/payments – msg_id vai submission; GET /v1/reports/N – page; operatoriem parametri ir operator-api.md. Katru parametru norāda vienreiz, īpašās zīmes kodē ar %.",
            "Compare with the description of the interface: POST /v1/payments takes mode=test; GET /v1/payments msg_id or submission; GET /v1/reports/N page; those of operators are in operator-api.md. Give each once, with special characters percent-encoded.",
        ),
    Entry::new(Code::TooManyBlocks, "", TDAM)
        .title("Ziņojumā ir pārāk daudz bloku", "The message has too many blocks")
        .explanation(
            "Ziņojumā ir vairāk PmtInf bloku, nekā šī vide pieņem vienā reizē.",
            "The message has more PmtInf blocks than this environment accepts at once.",
        )
        .detail("Ziņojumā ir vairāk nekā {expected} PmtInf bloku.", "The message has more than {expected} PmtInf blocks.")
        .remedy(
            "Maksājumus ar vienu maksātāja kontu un vienu izpildes datumu apvienojiet vienā blokā vai sadaliet tos vairākos ziņojumos, katram ar savu MsgId.",
            "Put payments with the same debtor account and execution date into one block, or split them into several messages, each with its own MsgId.",
        ),
    Entry::new(Code::MessageTakesTooMuchMemory, "", TDAM)
        .title("Ziņojuma apstrādei vajag pārāk daudz atmiņas", "The message takes too much memory")
        .explanation(
            "Ziņojuma blokiem, identifikatoriem un atteikumu iemesliem vajag vairāk atmiņas, nekā šī vide atvēl vienam ziņojumam.",
            "The blocks, identifiers and reasons for refusals of the message take more memory than this environment gives to one message.",
        )
        .detail(
            "Ziņojuma apstrādei vajag vairāk nekā {expected} baitu atmiņas.",
            "The message takes more than {expected} bytes of memory.",
        )
        .remedy(
            "Sadaliet maksājumus vairākos ziņojumos, katram ar savu MsgId.",
            "Split the payments into several messages, each with its own MsgId.",
        ),
    Entry::new(Code::RootElementTooLate, "", TDAM)
        .title("Saknes elements sākas pārāk vēlu", "The root element begins too late")
        .explanation(
            "Pirms saknes elementa ir pārāk daudz atstarpju, komentāru vai apstrādes instrukciju.",
            "There are too many blanks, comments or processing instructions before the root element.",
        )
        .detail(
            "Saknes elementa sākuma birka nav pirmajos {expected} baitos.",
            "The start tag of the root element is not within the first {expected} bytes.",
        )
        .remedy(
            "Izņemiet visu, kas ir starp XML deklarāciju un elementu Document.",
            "Remove the content between the XML declaration and the element Document.",
        ),
    Entry::new(Code::RefusedByOperator, "", TDAM)
        .title("Valsts kase ziņojumu noraidīja", "The Treasury refused the message")
        .explanation(
            "Ziņojuma apstrāde vairākkārt neizdevās, un Valsts kase to noraidīja; neviens maksājums nav pieņemts.",
            "Processing of the message failed several times and the Treasury refused it; no payment was accepted.",
        )
        .remedy(
            "Sazinieties ar Valsts kasi, nosaucot pieprasījuma identifikatoru; maksājumus sūtiet jaunā ziņojumā ar jaunu MsgId.",
            "Contact the Treasury, naming the request's identification; send the payments in a new message with a new MsgId.",
        ),
    Entry::new(Code::MisplacedByteOrderMark, "", XML)
        .title("Baitu secības zīme nav vietā", "A byte order mark is out of place")
        .explanation(
            "Failā ir baitu secības zīme (BOM, U+FEFF) ārpus paša sākuma vai jau otrā pēc kārtas. Tā nav redzama; tā rodas, ja failu ar BOM pieraksta citam klāt vai BOM pievieno divreiz.",
            "The file has a byte order mark (BOM, U+FEFF) beyond its very beginning, or a second one. It cannot be seen; it arises when a file with a BOM is appended to another or a BOM is added twice.",
        )
        .remedy(
            "Saglabājiet failu kā UTF-8 bez BOM.",
            "Save the file as UTF-8 without a BOM.",
        ),
    Entry::new(Code::MisplacedXmlDeclaration, "", XML)
        .title("XML deklarācija nav faila sākumā", "The XML declaration is not at the very beginning")
        .explanation(
            "Pirms XML deklarācijas (<?xml …?>) ir atstarpes, rindas beigas, komentārs vai cits saturs. Tā drīkst būt tikai pašā faila sākumā.",
            "Blanks, a line end, a comment or something else stand before the XML declaration (<?xml …?>). It is allowed at the very beginning of the file only.",
        )
        .remedy(
            "Izņemiet visu, kas ir pirms <?xml, vai pašu deklarāciju: UTF-8 failam tā nav vajadzīga.",
            "Remove the content before <?xml, or the declaration itself: a file in UTF-8 needs none.",
        ),
    Entry::new(Code::XmlDeclarationInvalid, "", XML)
        .title("XML deklarācija nav pareiza", "The XML declaration is wrong")
        .explanation(
            "XML deklarācijā ir vispirms version=\"1.0\", tad var būt encoding un standalone, katrs ar vērtību pēdiņās.",
            "The XML declaration has version=\"1.0\" first, then perhaps encoding and standalone, each with its value in quotes.",
        )
        .remedy(
            "Rakstiet <?xml version=\"1.0\" encoding=\"UTF-8\"?>.",
            "Write <?xml version=\"1.0\" encoding=\"UTF-8\"?>.",
        ),
    Entry::new(Code::PrefixNotDeclared, "", XML)
        .title("Nosaukumvietas prefikss nav deklarēts", "A namespace prefix is not declared")
        .explanation(
            "Elementam vai atribūtam ir prefikss, kuram nav nosaukumvietas deklarācijas (xmlns:prefikss).",
            "An element or attribute has a prefix for which there is no namespace declaration (xmlns:prefix).",
        )
        .detail("Prefikss „{value}” nav deklarēts.", "The prefix `{value}` is not declared.")
        .remedy(
            "Deklarējiet prefiksu saknes elementā (xmlns:prefikss=\"…\") vai rakstiet elementus bez tā.",
            "Declare the prefix in the root element (xmlns:prefix=\"…\"), or write the elements without it.",
        ),
    Entry::new(Code::AttributeRepeated, "", XML)
        .title("Atribūts norādīts divreiz", "An attribute is given twice")
        .explanation(
            "Vienā birkā ir divi atribūti vai divas nosaukumvietas deklarācijas (xmlns) ar vienu nosaukumu.",
            "One tag has two attributes, or two namespace declarations (xmlns), of the same name.",
        )
        .detail("Atribūts „{value}” vienā birkā norādīts divreiz.", "The attribute `{value}` is given twice in one tag.")
        .remedy(
            "Atstājiet vienu no tiem, otru izņemiet no tā paša elementa.",
            "Keep one of them, and remove the other from the same element.",
        ),
    Entry::new(Code::ColonNotAllowed, "", XML)
        .title("Kols nosaukumā nav vietā", "A colon in a name is out of place")
        .explanation(
            "Elementa vai atribūta nosaukumā drīkst būt viens kols: starp prefiksu un nosaukumu.",
            "The name of an element or attribute may have one colon: between the prefix and the name.",
        )
        .detail(
            "Nosaukumā „{value}” kols nav starp vienu prefiksu un nosaukumu.",
            "In the name `{value}` the colon does not stand between one prefix and a name.",
        )
        .remedy(
            "Atstājiet nosaukumā vienu kolu starp prefiksu un nosaukumu vai rakstiet to bez prefiksa un kola.",
            "Leave one colon in the name, between prefix and name, or write it without prefix and colon.",
        ),
    Entry::new(Code::NamespaceDeclarationInvalid, "", XML)
        .title("Nosaukumvietas deklarācija nav atļauta", "A namespace declaration is not allowed")
        .explanation(
            "Prefiksam nedrīkst dot tukšu nosaukumvietu, un prefiksus xml un xmlns nedrīkst deklarēt no jauna.",
            "A prefix may not stand for an empty namespace, and the prefixes xml and xmlns may not be declared anew.",
        )
        .detail("Deklarācija „{value}” nav atļauta.", "The declaration `{value}` is not allowed.")
        .remedy(
            "Izņemiet deklarāciju; prefiksam norādiet nosaukumvietu, piemēram, xmlns:p=\"urn:…\", bet prefiksus xml un xmlns nedeklarējiet.",
            "Remove the declaration; give a prefix its namespace, such as xmlns:p=\"urn:…\", and do not declare the prefixes xml and xmlns.",
        ),
    Entry::new(Code::NamespaceMissing, "", NAMESPACES)
        .title("Saknes elementam nav nosaukumvietas", "The root element is in no namespace")
        .explanation(
            "Saknes elements Document nav nevienā XML nosaukumvietā. No nosaukumvietas nosaka ziņojumu un tā versiju. Ja tā deklarēta ar prefiksu (xmlns:p), prefiksam jābūt arī pie elementiem.",
            "The root element Document is in no XML namespace. The namespace tells the message and its version. Where it is declared with a prefix (xmlns:p), the elements need the prefix too.",
        )
        .remedy(
            "Rakstiet, piemēram, <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">.",
            "Write, for example, <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">.",
        ),
    Entry::new(Code::EndTagDiffers, "", XML)
        .title("Beigu birka neatbilst sākuma birkai", "An end tag does not match its start tag")
        .explanation(
            "Elementu aizver birka ar citu nosaukumu vai bez sākuma birkas.",
            "An element is closed by a tag of another name, or by one that has no start tag.",
        )
        .detail(
            "Beigu birka ir „{value}”, bet atvērtais elements beidzas ar „{expected}”.",
            "The end tag is `{value}`, but the open element ends with `{expected}`.",
        )
        .remedy(
            "Aizveriet elementus pretējā secībā, nekā tie atvērti; lielie un mazie burti atšķiras.",
            "Close the elements in the opposite order of opening them; capital and small letters differ.",
        ),
    Entry::new(Code::ContentBesideRoot, "", XML)
        .title("Ārpus saknes elementa ir vēl saturs", "There is content outside the root element")
        .explanation(
            "Pirms vai pēc saknes elementa ir teksts vai vēl viens elements. Vienā failā ir viens ziņojums.",
            "There is text or another element before or after the root element. One file holds one message.",
        )
        .remedy(
            "Izņemiet lieko saturu; katru ziņojumu sūtiet atsevišķi.",
            "Remove what does not belong there; send each message separately.",
        ),
    Entry::new(Code::EntityNotDefined, "", XML)
        .title("Zīme & vai entītija nav pareiza", "A `&` or an entity is wrong")
        .explanation(
            "Zīme & sāk atsauci: &amp; &lt; &gt; &quot; &apos; vai zīmes numuru, piemēram, &#257;. Citu entītiju nav.",
            "A `&` begins a reference: &amp; &lt; &gt; &quot; &apos; or the number of a character such as &#257;. There are no other entities.",
        )
        .detail("„{value}” nav pareiza atsauce.", "`{value}` is no valid reference.")
        .remedy(
            "Zīmi & tekstā rakstiet kā &amp;, burtus ar garumzīmēm – tieši UTF-8 kodējumā.",
            "Write & in texts as &amp;, and letters with accents directly in UTF-8.",
        ),
    Entry::new(Code::CharacterNotXml, "", XML)
        .title("XML tādas zīmes nav", "XML has no such character")
        .explanation(
            "Tekstā ir vadības zīme, kādas XML 1.0 nevar būt (arī ne kā &#…;). Tā parasti nonāk datos, kopējot no cita faila.",
            "The text holds a control character that XML 1.0 cannot have (not even as &#…;). It usually gets into data by copying.",
        )
        .detail("Zīme {value} XML ziņojumā nav atļauta.", "The character {value} is not allowed in an XML message.")
        .remedy(
            "Izņemiet zīmi no datiem; norādīta tās vieta failā.",
            "Remove the character from the data; its place in the file is given.",
        ),
];
