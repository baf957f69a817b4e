"""Signs requests with http-message-signatures, which shares no code with ours: the exchange accepts them, and refuses what was changed
after signing. Then verifies with it what our program signed, from the evidence that the exchange keeps.

    sign_requests.py post CA CERTIFICATE KEY URL BODY...    submits each body, signed by every algorithm of the key
    sign_requests.py verify BODY EVIDENCE
"""

import base64
import datetime
import hashlib
import http.client
import json
import ssl
import sys
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature, algorithms

COVERED = ("@method", "@authority", "@target-uri", "content-digest")
CURVES = {"secp256r1": algorithms.ECDSA_P256_SHA256, "secp384r1": algorithms.ECDSA_P384_SHA384}


class Message:
    def __init__(self, method, url, headers):
        self.method, self.url, self.headers = method, url, headers


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, private=None, public=None):
        self.private, self.public = private, public

    def resolve_private_key(self, key_id):
        return self.private

    def resolve_public_key(self, key_id):
        return self.public


def algorithms_of(key):
    if isinstance(key, (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)):
        return [CURVES[key.curve.name]]
    return [algorithms.RSA_PSS_SHA512, algorithms.RSA_V1_5_SHA256]


def digest(body):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def fingerprint(certificate):
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def signed(certificate, key, algorithm, url, body, labels=("sig1",)):
    message = Message("POST", url, {"Content-Type": "application/xml", "Content-Digest": digest(body)})
    signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(private=key))
    for label in labels:
        signer.sign(
            message,
            key_id=fingerprint(certificate),
            created=datetime.datetime.now(datetime.timezone.utc),
            label=label,
            covered_component_ids=COVERED,
            append_if_signature_exists=True,
            use_existing_digest=True,
        )
    return message


def post(context, message, body):
    parts = urllib.parse.urlsplit(message.url)
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=30)
    connection.request("POST", parts.path, body=body, headers=message.headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def submit(authority, certificate_file, key_file, url, bodies):
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate_file, key_file)
    with open(certificate_file, "rb") as file:
        certificate = x509.load_pem_x509_certificate(file.read())
    with open(key_file, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    chosen = algorithms_of(key)
    assert len(bodies) >= len(chosen), f"{len(chosen)} bodies are needed"
    for algorithm, name in zip(chosen, bodies):
        with open(name, "rb") as file:
            body = file.read()
        forged = body.replace(b"<Nm>", b"<Nm>X", 1)
        status, text = post(context, signed(certificate, key, algorithm, url, body), forged)
        assert status == 400 and "TDAM-1012" in text, f"{algorithm.algorithm_id}, another body: {status} {text}"
        moved = signed(certificate, key, algorithm, url + "?mode=test", body)
        moved.url = url
        status, text = post(context, moved, body)
        assert status == 401 and "TDAM-1011" in text, f"{algorithm.algorithm_id}, another target: {status} {text}"
        status, text = post(context, signed(certificate, key, algorithm, url, body, ("old", "new")), body)
        assert status == 200 and "<GrpSts>ACCP</GrpSts>" in text, f"{algorithm.algorithm_id}: {status} {text}"
        check = url.removesuffix("/payments") + "/signature-check"
        status, text = post(context, signed(certificate, key, algorithm, check, body), body)
        assert status == 200 and json.loads(text)["accepted"], f"{algorithm.algorithm_id}, check: {status} {text}"
        print(f"{algorithm.algorithm_id}: accepted, and refused when changed")


def verify(body_file, evidence_file):
    with open(body_file, "rb") as file:
        body = file.read()
    with open(evidence_file) as file:
        evidence = json.load(file)
    request = evidence["request"]
    certificate = x509.load_pem_x509_certificate(evidence["certificate"].encode())
    headers = {
        "Content-Digest": request["content_digest"],
        "Signature-Input": request["signature_input"],
        "Signature": request["signature"],
    }
    key = certificate.public_key()
    url = f"https://{request['authority']}{request['target']}"
    found = 0
    for algorithm in algorithms_of(key):
        if algorithm.algorithm_id not in request["signature_input"]:
            continue
        verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=Keys(public=key))
        results = verifier.verify(Message(request["method"], url, headers), require_components=COVERED, body=body)
        assert [result.parameters["keyid"] for result in results] == [fingerprint(certificate)], results
        for changed in (Message("PUT", url, headers), Message(request["method"], url + "?mode=test", headers)):
            try:
                verifier.verify(changed, require_components=COVERED, body=body)
            except InvalidSignature:
                continue
            raise AssertionError(f"{changed.method} {changed.url} verifies too")
        found += 1
        print(f"{algorithm.algorithm_id}: our signature verifies, and not over another request")
    assert found == 1, request["signature_input"]


command, *arguments = sys.argv[1:]
if command == "post":
    submit(*arguments[:4], arguments[4:])
else:
    verify(*arguments)
