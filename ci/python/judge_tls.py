#!/usr/bin/env python3
"""Judges what testssl.sh found on a listener: nothing above LOW, but what is argued here.

An exception that nothing needs any longer is a fault too, as is a test that did not run: a server that answers nothing would pass.
"""

import json
import sys

# Findings by their name in testssl.sh: their severity, where they are found, and why they stand.
ARGUED = {
    "cert_revocation": (
        "HIGH",
        ("clients", "enrolment"),
        "the certificate that `sandbox` and `init` make names no revocation list: clients trust its authority by a file, and a lost key is "
        "answered by another authority in that file; a list that a client cannot reach would stop clients on Windows. A certificate of "
        "another authority, in [tls], brings its own",
    ),
    "BREACH": (
        "MEDIUM",
        # What the other listener answers at `/` is too short to be packed.
        ("clients",),
        "answers are packed where the client asks for it. The attack needs an answer with a secret beside a text that a stranger chooses, "
        "and a browser that sends it by itself: no answer holds a key, a password or a token, and clients are no browsers",
    ),
}
# What must have been looked at, with the verdict.
LOOKED_AT = {
    "SSLv2": "OK", "SSLv3": "OK", "TLS1_2": "OK", "TLS1_3": "OK", "cipherlist_NULL": "OK", "cipherlist_aNULL": "OK",
    "cipherlist_EXPORT": "OK", "cipherlist_LOW": "OK", "cipherlist_STRONG": "OK", "PFS": "OK", "cipher_order": "OK",
    "cert_signatureAlgorithm": "OK", "cert_keySize": "OK", "cert_chain_of_trust": "OK", "cert_trust": "OK", "heartbleed": "OK",
    "CCS": "OK", "ROBOT": "OK", "secure_renego": "OK", "secure_client_renego": "OK", "CRIME_TLS": "OK", "POODLE_SSL": "OK",
    "SWEET32": "OK", "FREAK": "OK", "LOGJAM": "OK", "BEAST": "OK", "LUCKY13": "OK", "RC4": "OK",
}
ABOVE_LOW = ("MEDIUM", "HIGH", "CRITICAL", "FATAL")

listener, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    findings = json.load(file)
argued = {name: severity for name, (severity, listeners, _) in ARGUED.items() if listener in listeners}
verdicts = {finding["id"]: finding["severity"] for finding in findings}
faults = [
    f"{finding['severity']} {finding['id']}: {finding['finding']}"
    for finding in findings
    if finding["severity"] in ABOVE_LOW and argued.get(finding["id"]) != finding["severity"]
]
faults += [f"{name} is {verdicts.get(name, 'not looked at')}" for name, verdict in LOOKED_AT.items() if verdicts.get(name) != verdict]
faults += [f"{name} needs no exception any longer" for name, severity in argued.items() if verdicts.get(name) != severity]
if faults:
    sys.exit(f"{listener}: " + "\n".join(faults))
print(f"{listener}: {len(findings)} findings, none above LOW but {', '.join(argued)}")
