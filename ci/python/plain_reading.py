"""Our account reports as Python's own XML library reads them, and the comparison of other programs' readings with that."""

import sys
import xml.etree.ElementTree as ElementTree
from decimal import Decimal


def entries(path):
    """Each entry as a dict; of its transactions the first."""
    root = ElementTree.parse(path).getroot()
    ns = {"m": root.tag[1:].partition("}")[0]}
    newer = ns["m"].endswith(".08")
    for entry in root.iterfind(".//m:Ntry", ns):

        def text(place):
            return entry.findtext("/".join(f"m:{tag}" for tag in place.split("/")), default="", namespaces=ns)

        is_credit = text("CdtDbtInd") == "CRDT"
        other = "NtryDtls/TxDtls/RltdPties/" + ("Dbtr" if is_credit else "Cdtr")
        yield {
            "amount": Decimal(text("Amt")) * (1 if is_credit else -1),
            "currency": entry.find("m:Amt", ns).attrib["Ccy"],
            "booked": text("BookgDt/Dt"),
            "value": text("ValDt/Dt"),
            "end_to_end_id": text("NtryDtls/TxDtls/Refs/EndToEndId"),
            "instruction_id": text("NtryDtls/TxDtls/Refs/InstrId"),
            "reference": text("AcctSvcrRef"),
            "return_reason": text("NtryDtls/TxDtls/RtrInf/Rsn/Cd"),
            "remittance": text("NtryDtls/TxDtls/RmtInf/Ustrd"),
            "creditor_reference": text("NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref"),
            "other_name": text(other + ("/Pty/Nm" if newer else "/Nm")),
            "other_iban": text(other + "Acct/Id/IBAN"),
        }


def compare(paths, ours, theirs):
    """Holds two readings of each file against each other, prints what came of it, and exits by it."""
    failed = checked = 0
    for path in paths:
        here, there = list(ours(path)), list(theirs(path))
        differing = [pair for pair in zip(here, there) if pair[0] != pair[1]]
        if differing or len(here) != len(there) or not here:
            failed += 1
            print(f"{path.name}: {len(here)} entries, it reads {len(there)}; first difference {differing[:1]}")
        else:
            checked += 1
            print(f"{path.name}: {len(here)} entries are read the same")
    print(f"{checked} read, {failed} failed")
    sys.exit(1 if failed or not checked else 0)
