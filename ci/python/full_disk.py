"""Rounds of a full disk against the real program, for ci/full-disk.sh.

A round: the exchange serves and accounting systems send; at a random moment the disk is filled to a random rest. Then, with
the disk full: health says so, known answers are given again, a certificate is revoked, an account is blocked and opened; in
some rounds the process is killed and started again meanwhile. Then there is room again: everything sent is answered, and a check
of the whole database and its bodies finds nothing. Every answer that was ever given is asked for again, byte for byte.
"""

import atexit
import datetime
import hashlib
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

tdam, disk, rounds, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(seed)
world = disk / "world"
payer, blocked, payee = "LV68TREL1000000001001", "LV41TREL1000000001002", "LV42TREL2000000002001"

# Only a service that hangs waits for so long.
PATIENCE = 120
SENDERS = 4
NO_ROOM, AWAY = "TDAM-9015", "TDAM-9004"
RESERVE = 8 << 20


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


port, plain, metrics = free_port(), free_port(), free_port()


def run(*arguments, ok=(0,)):
    ended = subprocess.run([tdam, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    said = ended.stdout + ended.stderr
    if ended.returncode not in ok:
        raise AssertionError(f"tdam {' '.join(map(str, arguments))}: exit {ended.returncode}: {said}")
    return said


def plan():
    """The sandbox's world with a user to revoke in each round."""
    text = run("init", "--print-world")
    user = '[[client.online_user]]\nname = "To be revoked {0}"\nfolder = "revoked-{0}"\nmode = "view"\nnetworks = ["127.0.0.0/8"]\n\n'
    spare = "".join(user.format(number) for number in range(1, rounds + 1))
    first, rest = text.split("[[client]]", 2)[1:]
    return f"[[client]]{first}{spare}[[client]]{rest}"


class Service:
    """The exchange as a process."""

    def __init__(self, log):
        self.log = open(log, "ab")
        command = [tdam, "sandbox", "--settlement-seconds", "1", "--dir", str(world), "--metrics-address", f"127.0.0.1:{metrics}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        # Nothing that fails here leaves it behind.
        atexit.register(self.process.kill)
        self.wait_until(lambda status, _: status is not None, "it does not start")

    def wait_until(self, wanted, why):
        """Seconds until health is as wanted."""
        begun = time.monotonic()
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"{why}: the process ended with {self.process.returncode}")
            status, conditions = health()
            if wanted(status, conditions):
                return time.monotonic() - begun
            if time.monotonic() - begun > PATIENCE:
                raise AssertionError(f"{why}: health is {status} {conditions}")
            time.sleep(0.05)

    def end(self, how):
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        self.log.close()
        if how == signal.SIGTERM and status != 0:
            raise AssertionError(f"it ended with {status}")


def health():
    try:
        connection = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
        connection.request("GET", "/health")
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status, [condition["condition"] for condition in body.get("conditions", [])]
    except OSError:
        return None, []


def measured(series):
    """The value of a series among the metrics; None where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", metrics, timeout=PATIENCE)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.rsplit(" ", 1)[0] == series), None)


def condition(name, severity):
    return measured(f'tdam_health_condition{{condition="{name}",severity="{severity}"}}')


def seen_in_the_metrics(load):
    """Fills the disk to just below the first watermark: the metrics say so. Whether they did before a client was refused."""
    total = measured('tdam_room_bytes{kind="total"}')
    # The service looks every few hundred milliseconds, and a fast one would fill the rest before: so few messages come meanwhile.
    load.gentle.set()
    fill(int(total * 0.09))
    begun = time.monotonic()
    while condition("little_room", "alarm") != 1 and condition("no_room", "not_ready") != 1:
        if time.monotonic() - begun > PATIENCE:
            raise AssertionError("the metrics do not show that room gets scarce")
        time.sleep(0.05)
    if measured('tdam_room_bytes{kind="free"}') > total / 10:
        raise AssertionError("the metrics show more room than there is")
    load.gentle.clear()
    with load.lock:
        return not any(code == NO_ROOM for _, code in load.refused)


def tls(user):
    context = ssl.create_default_context(cafile=world / "pki/ca.pem")
    folder = world / "users" / user
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def call(context, method, path, body=None):
    """Status, code of the problem and body; nothing of it is a lost connection, since the service does not end."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)
    headers = {"Content-Type": "application/xml", "Prefer": "wait=60"} if body else {"Accept": "application/json"}
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    code = ""
    if answer.status >= 400:
        text = content.decode()
        at = text.find("TDAM-")
        code = text[at : at + 9] if at >= 0 else text[:200]
    return answer.status, code, content


def message(name, payments, padding):
    now = datetime.datetime.now().strftime("%Y-%m-%dT%H:%M:%S")
    one = (
        "<CdtTrfTxInf><PmtId><EndToEndId>{0}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">1.00</InstdAmt></Amt>"
        "<Cdtr><Nm>Vidzemes skolu pārvalde</Nm></Cdtr><CdtrAcct><Id><IBAN>{1}</IBAN></Id></CdtrAcct>"
        "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg>"
        "<RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>21490</Cd></Dtls></RgltryRptg></CdtTrfTxInf>"
    )
    body = "".join(one.format(number, payee) for number in range(1, payments + 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{now}</CreDtTm><NbOfTxs>{payments}</NbOfTxs><CtrlSum>{payments}.00</CtrlSum>"
        f"<InitgPty><Nm>Daugavas novada pašvaldība</Nm></InitgPty></GrpHdr><PmtInf><PmtInfId>{name}</PmtInfId><PmtMtd>TRF</PmtMtd>"
        f"<NbOfTxs>{payments}</NbOfTxs><CtrlSum>{payments}.00</CtrlSum><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>"
        "<Dbtr><Nm>Daugavas novada pašvaldība</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{payer}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>"
        f"{body}</PmtInf></CstmrCdtTrfInitn></Document>{' ' * padding}"
    ).encode()


class Load:
    """Accounting systems that send message after message, and the same again until it is answered."""

    def __init__(self, round_number):
        self.context = tls("daugava-accounting")
        self.answers, self.refused, self.faults = {}, {}, []
        self.lock, self.stopping, self.killed = threading.Lock(), threading.Event(), threading.Event()
        # While it is set, only small messages come, and few.
        self.gentle = threading.Event()
        sizes = [(1, 0), (3, 0), (1, 400_000), (1500, 0)]
        self.threads = [
            threading.Thread(target=self.send, args=(f"R{round_number}S{number}", *sizes[number % len(sizes)]))
            for number in range(SENDERS)
        ]
        for thread in self.threads:
            thread.start()

    def send(self, name, payments, padding):
        number = 0
        while not self.stopping.is_set():
            number += 1
            body = message(f"{name}N{number}", payments, padding)
            try:
                self.until_answered(f"{name}N{number}", body)
            except Exception as error:  # Told at the end of the round; a thread has nobody to tell it to.
                self.faults.append(f"{name}N{number}: {error!r}")
                return
            is_small = payments <= 100 and not padding
            time.sleep(0.01 if is_small else 0.1)
            while self.gentle.is_set() and not self.stopping.is_set():
                time.sleep(0.5)
                if is_small:
                    break

    def until_answered(self, name, body):
        begun = time.monotonic()
        while True:
            try:
                status, code, content = call(self.context, "POST", "/v1/payments", body)
            except OSError:
                # Its process was killed by us, or is being started.
                if not self.killed.is_set():
                    raise
                time.sleep(0.2)
                continue
            if status == 200:
                with self.lock:
                    self.answers[name] = (body, content)
                return
            with self.lock:
                self.refused[(status, code)] = self.refused.get((status, code), 0) + 1
            if status not in (202, 503) or (status == 503 and code not in (NO_ROOM, AWAY)):
                raise AssertionError(f"{status} {code}")
            if time.monotonic() - begun > 2 * PATIENCE:
                raise AssertionError(f"no answer: {status} {code}")
            time.sleep(0.1)

    def known(self, count):
        with self.lock:
            names = sorted(self.answers)
            return [self.answers[name] for name in chance.sample(names, min(count, len(names)))]

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(4 * PATIENCE)
        if self.faults:
            raise AssertionError(self.faults)


def fill(rest):
    """Leaves about so many bytes free; 0 leaves none."""
    with open(disk / "filler", "wb") as filler:
        while True:
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            if free <= rest:
                return
            try:
                os.posix_fallocate(filler.fileno(), filler.tell(), max(4096, min(free - rest, 1 << 20)))
                filler.seek(0, os.SEEK_END)
            except OSError:
                return


def assert_same(context, pairs, when):
    for body, answer in pairs:
        status, code, content = call(context, "POST", "/v1/payments", body)
        if (status, content) != (200, answer):
            raise AssertionError(f"{when}: another answer than before: {status} {code} {content[:300]!r}")


def fingerprint(user):
    pem = (world / "users" / user / "certificate.pem").read_text()
    first = pem[: pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def operate(*arguments):
    return run("operator", *arguments, "--config", world / "tdam.toml")


def configure(with_watermarks):
    text = original
    changes = {"reserve_bytes = 33554432": f"reserve_bytes = {RESERVE}"}
    if not with_watermarks:
        changes["first_watermark_percent = 10"] = "first_watermark_percent = 0"
        changes["second_watermark_percent = 3"] = "second_watermark_percent = 0"
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (world / "tdam.toml").write_text(text)


def one_round(number):
    with_watermarks, kills = number % 2 == 0, number % 3 == 0
    configure(with_watermarks)
    log = disk.with_name(disk.name + ".log")
    service = Service(log)
    service.wait_until(lambda status, _: status == 200, "not ready at the beginning")
    load = Load(number)
    time.sleep(chance.uniform(0.5, 2.5))
    if with_watermarks:
        warned.append(seen_in_the_metrics(load))
    rest = chance.choice([0, 0, 4096, 100_000, 700_000, 1_500_000])
    fill(rest)
    seen = service.wait_until(lambda status, what: status == 503, "a full disk does not show")
    _, conditions = health()
    if measured("tdam_ready") != 0 or condition("no_room", "not_ready") != 1 and condition("cannot_write", "not_ready") != 1:
        raise AssertionError("the metrics do not show a full disk")
    user = f"revoked-{number}"
    before = call(tls(user), "GET", "/v1/heartbeat")[0]
    assert before == 200, before
    time.sleep(chance.uniform(0, 1))
    if kills:
        load.killed.set()
        service.end(signal.SIGKILL)
        service = Service(log)
    known = load.known(20)
    assert_same(load.context, known, "with a full disk")
    operate("revoke", fingerprint(user))
    status, code, _ = call(tls(user), "GET", "/v1/heartbeat")
    assert status == 401, f"revoked on a full disk, and gets {status} {code}"
    for state in ("blocked", "open"):
        assert state in operate("account", blocked, state).lower()
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "filler").unlink()
    recovered = service.wait_until(lambda status, _: status == 200, "it does not recover")
    load.killed.clear()
    load.stop()
    assert_same(load.context, load.known(50), "with room again")
    reserve = service_reserve(service)
    service.end(signal.SIGTERM)
    checked = run("check", "--bodies", world)
    refused = ", ".join(f"{status} {code}: {count}" for (status, code), count in sorted(load.refused.items()))
    print(
        f"round {number}: {'watermarks' if with_watermarks else 'no watermarks'}{', killed' if kills else ''}; {rest} bytes left, {free} at the end; "
        f"health 503 after {seen:.1f} s ({', '.join(conditions)}), 200 again after {recovered:.1f} s; {len(load.answers)} answered; "
        f"refused {refused or 'none'}; {len(known)} known ones given again; reserve {reserve}; {checked.strip().splitlines()[-1]}",
        flush=True,
    )
    return load.answers, load.refused


def service_reserve(service):
    service.wait_until(lambda *_: (world / "data/reserve").stat().st_size == RESERVE, "the reserve is not filled again")
    return RESERVE


(disk / "plan.toml").write_text(plan())
first = subprocess.Popen(
    [tdam, "sandbox", "--dir", world, "--world", disk / "plan.toml", "--address", f"127.0.0.1:{port}", "--plain-address", f"127.0.0.1:{plain}"],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
while health()[0] is None:
    assert first.poll() is None, "the sandbox does not start"
    time.sleep(0.1)
first.send_signal(signal.SIGTERM)
assert first.wait(PATIENCE) == 0
original = (world / "tdam.toml").read_text()
day = operate("day").split()[-1].rstrip(".")

answers, refused, warned = {}, 0, []
for number in range(1, rounds + 1):
    of_round, refused_in_round = one_round(number)
    answers.update(of_round)
    refused += sum(count for (status, code), count in refused_in_round.items() if code == NO_ROOM)
configure(True)
service = Service(disk.with_name(disk.name + ".log"))
assert_same(tls("daugava-accounting"), answers.values(), "at the end")
service.end(signal.SIGTERM)
assert refused > 0, "nothing was ever refused: the run proves nothing"
# In later rounds the client's bodies may take more than its share: then it is refused at once.
assert not warned or any(warned), "clients were refused before the metrics showed that room gets scarce"
disk.with_name(disk.name + ".log").unlink()
print(f"{rounds} rounds (seed {seed}): {len(answers)} answers, each the same again at the end; {refused} refusals for want of room")
