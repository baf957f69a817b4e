"""Reads our messages with pyiso20022, strictly, and holds them against what we say of them ourselves.

Each FOLDER/NAME.xml has a NAME.json beside it: what `tdam generate --json`, `tdam send --json` or `tdam report --json` said.
For every message three things must hold:
- pyiso20022 knows every element and attribute, and converts every value;
- what it understood, written out again, has the same elements and values as our file (read by ElementTree);
- amounts, dates, references and statuses, taken from its typed values, are those of the JSON.

usage: read_with_pyiso20022.py FOLDER
"""

import decimal
import importlib
import io
import json
import pathlib
import re
import sys
import warnings
import xml.etree.ElementTree as ElementTree

from xsdata.exceptions import ConverterWarning
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDate, XmlDateTime

warnings.simplefilter("error", ConverterWarning)
CONTEXT = XmlContext()
STRICT = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(?P<kind>[a-z]+)\.(?P<rest>[0-9.]+)")


class Differs(Exception):
    """Our message and what was read from it are not the same."""


def same(what, ours, theirs):
    """Fails when two readings of one thing differ."""
    if ours != theirs:
        raise Differs(f"{what}: we say {ours!r}, pyiso20022 reads {theirs!r}")


def read(path):
    """The message as pyiso20022's typed values; also checks that it comes out as it went in."""
    xml = path.read_bytes()
    found = NAMESPACE.search(xml[:500].decode())
    kind, name = found["kind"], f"{found['kind']}.{found['rest']}"
    module = importlib.import_module(f"pyiso20022.{kind}.{name.replace('.', '_')}")
    document = XmlParser(context=CONTEXT, config=STRICT).from_bytes(xml, module.Document)
    again = XmlSerializer(context=CONTEXT).render(document).encode()
    before, after = list(leaves(xml)), list(leaves(again))
    if before != after:
        at = next((i for i, (one, other) in enumerate(zip(before, after)) if one != other), min(len(before), len(after)))
        raise Differs(f"leaf {at}: {before[at:at + 1]} became {after[at:at + 1]}")
    return name, document


def leaves(xml):
    """Every element in document order: path, attributes, text. Numbers and times by value, not by notation."""
    path = []
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        if event == "start":
            path.append(element.tag.rpartition("}")[2])
            continue
        text = (element.text or "").strip() if len(element) == 0 else ""
        yield "/".join(path), sorted(element.attrib.items()), value(path[-1], text)
        path.pop()


def value(tag, text):
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return decimal.Decimal(text)
    if tag.endswith("DtTm"):
        return XmlDateTime.from_string(text).to_datetime()
    return text


def date_of(choice):
    """A DateAndDateTime choice, or a plain date."""
    if isinstance(choice, XmlDate):
        return str(choice)
    return str(choice.dt if choice.dt is not None else choice.dt_tm.to_datetime().date())


def signed(amount, direction):
    return amount.value if direction.value == "CRDT" else -amount.value


def code(status):
    """A status: an enumeration in the older generation, text or a choice in the newer."""
    if hasattr(status, "cd"):
        status = status.cd
    return getattr(status, "value", status)


def only(values):
    [one] = values
    return one


def reports_of(document):
    """Reports, statements or notifications."""
    if hasattr(document, "bk_to_cstmr_acct_rpt"):
        return document.bk_to_cstmr_acct_rpt.rpt
    if hasattr(document, "bk_to_cstmr_stmt"):
        return document.bk_to_cstmr_stmt.stmt
    return document.bk_to_cstmr_dbt_cdt_ntfctn.ntfctn


def balances_of(report):
    found = []
    for balance in getattr(report, "bal", None) or []:
        found.append((code(balance.tp.cd_or_prtry), signed(balance.amt, balance.cdt_dbt_ind), date_of(balance.dt)))
    return found


def amount_of(details):
    """A transaction's share of its entry: the newer generation has it itself, the older one in its details."""
    own = getattr(details, "amt", None)
    return (own if own is not None else details.amt_dtls.tx_amt.amt).value


def entries_of(report):
    """What an importer takes from each entry."""
    for entry in report.ntry:
        transactions = [details for part in entry.ntry_dtls for details in part.tx_dtls]
        if transactions:
            same(f"transactions of {entry.acct_svcr_ref}", entry.amt.value, sum(map(amount_of, transactions)))
            shares = [share for one in transactions if one.amt_dtls for share in one.amt_dtls.prtry_amt]
            if shares:
                same(f"shares of {entry.acct_svcr_ref}", entry.amt.value, sum(share.amt.value for share in shares))
        same(f"status of {entry.acct_svcr_ref}", "BOOK", code(entry.sts))
        details = transactions[0] if transactions else None
        yield entry, details


def return_reason(entry, details):
    """Why a payment came back; a return says so in its transaction code too."""
    reason = details.rtr_inf.rsn.cd if details and details.rtr_inf and details.rtr_inf.rsn else ""
    same(f"return of {entry.acct_svcr_ref}", entry.bk_tx_cd.domn.fmly.sub_fmly_cd == "RRTN", bool(reason))
    if reason and details.refs.msg_id:
        refs = details.refs
        whole = [refs.msg_id, refs.pmt_inf_id, refs.instr_id, refs.end_to_end_id, refs.acct_svcr_ref]
        same(f"references of the return {entry.acct_svcr_ref}", True, all(whole) and refs.acct_svcr_ref != entry.acct_svcr_ref)
    return reason


def counterparty(details, direction):
    parties = details.rltd_pties if details else None
    if parties is None:
        return "", ""
    party, account = (parties.dbtr, parties.dbtr_acct) if direction == "CRDT" else (parties.cdtr, parties.cdtr_acct)
    party = getattr(party, "pty", party)
    return (party.nm if party else "") or "", (account.id.iban if account else "") or ""


def check_report(document, facts):
    """`tdam report --json`: entry by entry."""
    same("reports", len(facts["reports"]), len(reports_of(document)))
    for ours, report in zip(facts["reports"], reports_of(document)):
        same("account", ours["account"], report.acct.id.iban)
        same("id", ours["id"], report.id)
        stated = [(b["type"], decimal.Decimal(b["amount"]), b["date"]) for b in ours["balances"]]
        same("balances", stated, balances_of(report))
        same("number of entries", len(ours["entries"]), len(report.ntry))
        same("none left out", ours["entries_total"], len(report.ntry))
        for listed, (entry, details) in zip(ours["entries"], entries_of(report)):
            name, account = counterparty(details, entry.cdt_dbt_ind.value)
            remittance = " ".join(details.rmt_inf.ustrd) if details and details.rmt_inf else ""
            structured = details.rmt_inf.strd if details and details.rmt_inf else []
            references = [one.cdtr_ref_inf.ref for one in structured if one.cdtr_ref_inf and one.cdtr_ref_inf.ref]
            read_here = {
                "amount": str(signed(entry.amt, entry.cdt_dbt_ind)),
                "booking_date": date_of(entry.bookg_dt),
                "reference": entry.acct_svcr_ref,
                "counterparty": name,
                "counterparty_account": account,
                "remittance": remittance,
                "creditor_references": references,
                "document_numbers": [number.nb for one in structured for number in one.rfrd_doc_inf if number.nb],
                "additional_remittance": [line for one in structured for line in one.addtl_rmt_inf],
                "end_to_end_id": (details.refs.end_to_end_id if details else None) or "",
                "transactions": sum(len(part.tx_dtls) for part in entry.ntry_dtls),
                "return_reason": return_reason(entry, details),
            }
            same(f"entry {listed['reference']}", listed, read_here)
    return sum(len(report.ntry) for report in reports_of(document))


def check_generated_report(document, facts):
    """`tdam generate camt… --json`: sums and balances, day after day."""
    reports = reports_of(document)
    credits = debits = decimal.Decimal(0)
    references = set()
    for report in reports:
        booked = decimal.Decimal(0)
        for entry, details in entries_of(report):
            return_reason(entry, details)
            amount = signed(entry.amt, entry.cdt_dbt_ind)
            booked += amount
            credits, debits = (credits + amount, debits) if amount > 0 else (credits, debits - amount)
            references.add(entry.acct_svcr_ref)
        balances = balances_of(report)
        if balances:
            same("opening + entries", balances[0][1] + booked, balances[1][1])
        same("summary", len(report.ntry), int(report.txs_summry.ttl_ntries.nb_of_ntries))
    for before, after in zip(reports, reports[1:]):
        same("days chain", balances_of(before)[1][1], balances_of(after)[0][1])
    same("days", facts["days"], len(reports))
    same("entries", facts["entries"], len(references))
    same("credits", decimal.Decimal(facts["credits"]), credits)
    same("debits", decimal.Decimal(facts["debits"]), debits)
    balances = balances_of(reports[0])[:1] + balances_of(reports[-1])[1:]
    if balances:
        same("balances", [decimal.Decimal(facts[f"{at}_balance"]) for at in ("opening", "closing")], [b[1] for b in balances])
    return len(references)


def per_status(totals):
    return {code(total.dtld_sts): (int(total.dtld_nb_of_txs), total.dtld_ctrl_sum) for total in totals}


def told(counts):
    return {one["status"]: (one["count"], decimal.Decimal(one["total"])) for one in counts}


def check_answer(document, facts):
    """`tdam send --json`: group, blocks, and every refused payment with its reason."""
    overview = only(facts["files"])["overview"]
    report = document.cstmr_pmt_sts_rpt
    group = report.orgnl_grp_inf_and_sts
    same("MsgId", overview["message_id"], group.orgnl_msg_id)
    same("message", overview["message_type"], group.orgnl_msg_nm_id)
    same("number", overview["number_of_transactions"], int(group.orgnl_nb_of_txs))
    same("sum", decimal.Decimal(overview["control_sum"]), group.orgnl_ctrl_sum)
    same("group status", overview["status"], code(group.grp_sts))
    same("group counts", told(overview["counts"]), per_status(group.nb_of_txs_per_sts))
    blocks = [
        (block.orgnl_pmt_inf_id, code(block.pmt_inf_sts), per_status(block.nb_of_txs_per_sts))
        for block in report.orgnl_pmt_inf_and_sts
    ]
    ours = [(block["payment_information_id"], block["status"], told(block["counts"])) for block in overview["blocks"]]
    same("blocks", ours, blocks)
    refused = {
        (payment.orgnl_end_to_end_id, only(payment.sts_rsn_inf).rsn.cd, str(payment.orgnl_tx_ref.amt.instd_amt.value))
        for block in report.orgnl_pmt_inf_and_sts
        for payment in block.tx_inf_and_sts
        if code(payment.tx_sts) == "RJCT"
    }
    same("refused", {(r["end_to_end_id"], r["reason"]["iso_reason"], r["amount"]) for r in overview["refused"]}, refused)
    return overview["number_of_transactions"]


def check_generated_answer(document, facts):
    """`tdam generate pain.002… --lists-every-payment --json`: every payment is named, statuses add up on all levels."""
    report = document.cstmr_pmt_sts_rpt
    group = report.orgnl_grp_inf_and_sts
    same("status", facts["status"], code(group.grp_sts))
    counted, sums = {}, {}
    for block in report.orgnl_pmt_inf_and_sts:
        of_block = {}
        for payment in block.tx_inf_and_sts:
            status, amount = code(payment.tx_sts), payment.orgnl_tx_ref.amt.instd_amt.value
            same("a reason where refused", status == "RJCT", len(payment.sts_rsn_inf) == 1)
            number, total = of_block.get(status, (0, decimal.Decimal(0)))
            of_block[status] = (number + 1, total + amount)
        same(f"counts of {block.orgnl_pmt_inf_id}", per_status(block.nb_of_txs_per_sts), of_block)
        for status, (number, total) in of_block.items():
            counted[status] = counted.get(status, 0) + number
            sums[status] = sums.get(status, 0) + total
    same("counts", facts["per_status"], counted)
    same("group sums", {status: total for status, (_, total) in per_status(group.nb_of_txs_per_sts).items()}, sums)
    same("sum", group.orgnl_ctrl_sum, sum(sums.values()))
    return sum(counted.values())


def main():
    folder = pathlib.Path(sys.argv[1])
    failed = checked = 0
    for path in sorted(folder.glob("*.xml")):
        facts = json.loads(path.with_suffix(".json").read_text())
        by_key = {
            "reports": check_report,
            "files": check_answer,
            "per_status": check_generated_answer,
            "opening_balance": check_generated_report,
        }
        try:
            name, document = read(path)
            check = only([check for key, check in by_key.items() if key in facts])
            number = check(document, facts)
            checked += 1
            print(f"{path.name}: {name} is read the same, {number} items")
        except Exception as error:  # every kind of failure is one of the message
            failed += 1
            print(f"{path.name}: {type(error).__name__}: {error}")
    print(f"{checked} read, {failed} failed")
    sys.exit(1 if failed or not checked else 0)


main()
