"""The canonical digest of payments, `tdam/signed-payments/1`, once more: from the XML, with Python's own library, recursively.

Shares no code with the module. Prints the digests of the message, of each block and of each payment, so that tests can hold
the module's own against them (crates/signatures/tests/messages), and so that the developer of an interface sees every byte of
the form in one page of code. The heads in crates/signatures/src/payments describe the form in words.

    python3 ci/python/payments_digest.py CLIENT SUBMISSION pain.001.xml
"""

import hashlib
import struct
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

LABEL = b"tdam/signed-payments/1\0"
PAYMENT, NODE, MESSAGE_HEAD, BLOCK_HEAD, BLOCK, MESSAGE = range(6)
# What programs write where they know no BIC: it names none.
PLACEHOLDER_BICS = {
    name + branch for name in ("NOTAVAIL", "NOTKNOWN", "UNKNOWNX", "XXXXXXXX", "NONENONE", "NOTPROVD") for branch in ("", "XXX")
} | {"NOTPROVIDED", "NOTPROVI", "NOTPROVIXXX", "NOTPROVX", "NOTPROVXXXX"}
BLANKS = " \t\r\n"


def digest(kind, content):
    return hashlib.sha256(LABEL + bytes([kind]) + content).digest()


# Values as bytes. The schema lets blanks stand around numbers, days and truths; texts are taken as they are.


def number(value):
    return struct.pack(">Q", value)


def text(value):
    form = unicodedata.normalize("NFC", value).encode()
    return struct.pack(">I", len(form)) + form


def maybe(value, form=text):
    return b"\0" if value is None else b"\1" + form(value)


def several(values, form=text):
    return struct.pack(">I", len(values)) + b"".join(map(form, values))


def boolean(value):
    return bytes([value.strip(BLANKS) in ("true", "1")])


def choice(value):
    """(1, code) or (2, a house's own)."""
    return bytes([value[0]]) + text(value[1])


def decimal(value):
    number_ = Decimal(value)
    _, digits, exponent = number_.as_tuple()
    scale, units = -min(exponent, 0), int(number_.scaleb(-min(exponent, 0)))
    while scale and units % 10 == 0:
        scale, units = scale - 1, units // 10
    return bytes([scale]) + units.to_bytes(16, "big", signed=True)


def amount(element):
    return decimal(element.text) + element.get("Ccy").encode()


def day(value):
    year, month, day_ = map(int, value.strip(BLANKS)[:10].split("-"))
    return struct.pack(">hBB", year, month, day_)


def moment(value):
    """YYYY-MM-DDThh:mm:ss[.fraction][Z|±hh:mm]"""
    time, offset = value.strip(BLANKS)[11:], None
    if time.endswith("Z"):
        time, offset = time[:-1], 0
    elif time[-6] in "+-":
        sign = -1 if time[-6] == "-" else 1
        time, offset = time[:-6], sign * (int(time[-5:-3]) * 60 + int(time[-2:]))
    whole, _, fraction = time.partition(".")
    hour, minute, second = map(int, whole.split(":"))
    nanoseconds = int(fraction.ljust(9, "0")[:9])
    form = day(value) + bytes([hour, minute, second]) + struct.pack(">i", nanoseconds)
    return form + maybe(offset, lambda minutes: struct.pack(">h", minutes))


# Elements of a message.


class Element:
    """An element, or none: then nothing is found in it."""

    def __init__(self, element):
        self.element = element

    def all(self, path):
        if self.element is None:
            return []
        return self.element.findall("/".join("{*}" + tag for tag in path.split("/")))

    def at(self, path):
        found = self.all(path)
        return Element(found[0] if found else None)

    def text(self, *paths):
        """What stands at the first of the paths that has something; None when nothing does."""
        for path in paths:
            for found in self.all(path):
                if (found.text or "").strip(BLANKS):
                    return found.text
        return None

    def choice(self, path):
        code, own = self.text(path + "/Cd"), self.text(path + "/Prtry")
        return (1, code) if code else (2, own) if own else None


def bic(value):
    return None if value in PLACEHOLDER_BICS else value


def address(at):
    tags = "Dept SubDept StrtNm BldgNb BldgNm Flr PstBx Room PstCd TwnNm TwnLctnNm DstrctNm CtrySubDvsn Ctry"
    lines = [line.text for line in at.all("AdrLine") if (line.text or "").strip(BLANKS)]
    return b"".join(maybe(at.text(tag)) for tag in tags.split()) + several(lines)


def party(at):
    others = [Element(other) for other in at.all("Id/OrgId/Othr") + at.all("Id/PrvtId/Othr")]
    others = [other for other in others if other.text("Id")]
    other = others[0] if others else Element(None)
    return (
        maybe(at.text("Nm"))
        + address(at.at("PstlAdr"))
        + maybe(bic(at.text("Id/OrgId/AnyBIC", "Id/OrgId/BICOrBEI")))
        + maybe(at.text("Id/OrgId/LEI"))
        + maybe(other.text("Id"))
        + maybe(other.choice("SchmeNm"), choice)
        + maybe(other.text("Issr"))
        + bytes([at.at("Id/PrvtId").element is not None])
    )


def account(at):
    return maybe(at.text("Id/IBAN")) + maybe(at.text("Id/Othr/Id")) + maybe(at.text("Ccy"))


def agent(at):
    at = at.at("FinInstnId")
    named = maybe(bic(at.text("BICFI", "BIC"))) + maybe(at.text("ClrSysMmbId/MmbId"))
    return named + maybe(at.text("LEI")) + maybe(at.text("Nm")) + maybe(at.text("Othr/Id"))


def part(parent, tag, form):
    """A part that may be absent."""
    at = parent.at(tag)
    return maybe(at if at.element is not None else None, form)


def ultimate(parent, tag):
    """A party that is absent, too, when nothing in its element has content."""
    at = parent.at(tag)
    has_content = at.element is not None and any((each.text or "").strip(BLANKS) for each in at.element.iter())
    return maybe(at if has_content else None, party)


def payment_type(at):
    levels = [(1, code.text) for code in at.all("SvcLvl/Cd")] + [(2, own.text) for own in at.all("SvcLvl/Prtry")]
    kinds = maybe(at.text("InstrPrty")) + several(levels, choice) + maybe(at.choice("LclInstrm"), choice)
    return kinds + maybe(at.text("CtgyPurp/Cd"))


def requested_amount(at):
    instructed = at.at("InstdAmt").element
    if instructed is not None:
        return b"\1" + amount(instructed)
    return b"\2" + amount(at.at("EqvtAmt/Amt").element) + text(at.text("EqvtAmt/CcyOfTrf"))


def regulatory_detail(pair):
    indicator, at = pair
    share = at.at("Amt").element
    said = maybe(indicator) + maybe(at.text("Tp")) + maybe(at.text("Cd")) + maybe(at.text("Ctry"))
    return said + maybe(share, amount)


def creditor_reference(at):
    return text(at.text("Ref")) + maybe(at.choice("Tp/CdOrPrtry"), choice) + maybe(at.text("Tp/Issr"))


def remittance(at):
    references = [Element(each) for each in at.all("Strd/CdtrRefInf")]
    texts = lambda path: [each.text for each in at.all(path) if (each.text or "").strip(BLANKS)]
    return (
        several(texts("Ustrd"))
        + several([each for each in references if each.text("Ref")], creditor_reference)
        + several(texts("Strd/RfrdDocInf/Nb"))
        + several(texts("Strd/AddtlRmtInf"))
    )


def header(at):
    return (
        text(at.text("MsgId"))
        + text(at.text("CreDtTm").strip(BLANKS))
        + number(int(at.text("NbOfTxs")))
        + maybe(at.text("CtrlSum"), decimal)
        + party(at.at("InitgPty"))
    )


def block_head(at):
    date, date_time = at.text("ReqdExctnDt/Dt", "ReqdExctnDt"), at.text("ReqdExctnDt/DtTm")
    count = at.text("NbOfTxs")
    return (
        text(at.text("PmtInfId"))
        + text(at.text("PmtMtd"))
        + maybe(at.text("BtchBookg"), boolean)
        + maybe(None if count is None else int(count), number)
        + maybe(at.text("CtrlSum"), decimal)
        + payment_type(at.at("PmtTpInf"))
        + maybe(date or date_time, day)
        + maybe(date_time, moment)
        + maybe(None)  # A year beyond 9999 refuses the block.
        + party(at.at("Dbtr"))
        + account(at.at("DbtrAcct"))
        + agent(at.at("DbtrAgt"))
        + ultimate(at, "UltmtDbtr")
        + maybe(at.text("ChrgBr"))
        + part(at, "ChrgsAcct", account)
    )


def payment(at):
    details = [
        (Element(report).text("DbtCdtRptgInd"), Element(detail))
        for report in at.all("RgltryRptg")
        for detail in Element(report).all("Dtls")
    ]
    return (
        maybe(at.text("PmtId/InstrId"))
        + text(at.text("PmtId/EndToEndId"))
        + maybe(at.text("PmtId/UETR"))
        + payment_type(at.at("PmtTpInf"))
        + part(at, "Amt", requested_amount)
        + maybe(at.text("ChrgBr"))
        + ultimate(at, "UltmtDbtr")
        + part(at, "CdtrAgt", agent)
        + part(at, "Cdtr", party)
        + part(at, "CdtrAcct", account)
        + ultimate(at, "UltmtCdtr")
        + maybe(at.text("Purp/Cd"))
        + several(details, regulatory_detail)
        + remittance(at.at("RmtInf"))
    )


# The tree.


def root(leaves):
    """RFC 6962, 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return digest(NODE, root(leaves[:half]) + root(leaves[half:]))


def digests(client, submission, path):
    message = Element(ElementTree.parse(path).getroot()).at("CstmrCdtTrfInitn")
    ids = struct.pack(">qq", client, submission)
    message_head = digest(MESSAGE_HEAD, ids + header(message.at("GrpHdr")))
    blocks, payments = [], []
    for place, element in enumerate(message.all("PmtInf")):
        at = Element(element)
        head = digest(BLOCK_HEAD, message_head + number(place) + block_head(at))
        transfers = enumerate(at.all("CdtTrfTxInf"), len(payments))
        leaves = [digest(PAYMENT, head + number(ordinal) + payment(Element(each))) for ordinal, each in transfers]
        payments += leaves
        blocks.append(digest(BLOCK, head + number(len(leaves)) + root(leaves)))
    whole = digest(MESSAGE, message_head + number(len(blocks)) + number(len(payments)) + root(blocks))
    return whole, blocks, payments


def main():
    client, submission, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    whole, blocks, payments = digests(client, submission, path)
    print("message", whole.hex())
    for place, block in enumerate(blocks):
        print("block", place, block.hex())
    for ordinal, each in enumerate(payments):
        print("payment", ordinal, each.hex())


if __name__ == "__main__":
    main()
