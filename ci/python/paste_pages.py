"""Pastes the shell blocks of the pages into a shell, line by line and in their order, twice, as a reader would.

The pages are the only source. What a reader does not see stands behind the language of a fence:

    sh, console             run; a console block has its commands behind `$ `, and what they print below them
    background              started once, and ended with its group
    not-run: REASON         not run; counted and listed with the reason, as powershell is
    exit=0,1,2/3            the exit status of each command; 2 in the first round and 3 in the second
    again                   a reader would look again after a while: repeated until it prints what is shown
    sqlite                  only where the data are in SQLite
    json, text … shown      what the block before prints. Numbers and times may differ, `…` stands for anything
    shown=1                 the same in the first round only

Where a page shows nothing, an HTML comment `<!-- prints`, with lines up to `-->`, says what the block before it prints (`<!-- prints shown=1`:
in the first round). A problem of the exchange that is neither shown nor said is a failure.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROUNDS = 2
# Only ends what hangs.
WATCHDOG_SECONDS = 600
# How long a reader looks again. Only what hangs gets there.
PATIENCE_SECONDS = 300

# Each group has a folder and a terminal of its own. Folders of a real machine lie below the group's folder.
GROUPS = {
    "sandbox": [
        "README.md",
        "docs/interface-developers/README.md",
        "docs/interface-developers/connecting.md",
        "docs/interface-developers/payments.md",
        "docs/interface-developers/asking.md",
        "docs/interface-developers/signing.md",
        "docs/interface-developers/reports.md",
        "docs/interface-developers/errors.md",
        "docs/interface-developers/limits.md",
        "docs/interface-developers/guideline.md",
        "docs/interface-developers/sandbox.md",
        "docs/interface-developers/migration.md",
        "docs/interface-developers/support.md",
        "docs/interface-developers/proxy.md",
    ],
    "enrolment": [
        "docs/interface-developers/enrolment.md",
    ],
    "applications": [
        "docs/operators/applications.md",
        "docs/operators/operator-api.md",
        "docs/operators/lv/pieteikumi.md",
    ],
    "operators": [
        "docs/operators/running.md",
        "docs/operators/day-to-day.md",
        "docs/operators/clock-and-room.md",
        "docs/operators/backup.md",
    ],
}
LANGUAGES = ("sh", "console", "powershell")
# Where everything goes on with the service of a page that does not come first.
SERVED_FROM_THE_START = {"sandbox"}
ON_SQLITE_ONLY = {"operators"}
MOVED = ("/srv/", "/backup/", "/tmp/")
PROBLEM = re.compile(r'^\{"type":"/v1/errors/(TDAM-[0-9]{4})"', re.MULTILINE)
READY = re.compile("Ctrl-C stops it|serving")


# A test (tests/guide.rs) holds the examples of a Latvian page to those of its English one, so they are run once.
TWIN = re.compile(r'both\("[^"]+", "([^"]+)", "([^"]+)"\)')


class Mismatch(Exception):
    pass


class Block:
    def __init__(self, page, line, language, info, text):
        self.page, self.line, self.language, self.info, self.text = page, line, language, info, text
        self.shown = []

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def reason(self):
        return self.info.partition("not-run:")[2].strip() or ("Windows" if self.language == "powershell" else "")

    def has(self, word):
        return word in self.info.split()

    def is_run(self):
        return self.language in ("sh", "console") and not self.reason

    def exits(self, number, round_):
        words = [word for word in self.info.split() if word.startswith("exit=")]
        if not words:
            return 0
        by_command = words[0].removeprefix("exit=").split(",")
        by_round = by_command[min(number, len(by_command) - 1)].split("/")
        return int(by_round[min(round_, len(by_round) - 1)])

    def commands(self):
        """Each command, and what stands below it in a console block."""
        if self.language == "console":
            commands = []
            for line in self.text:
                if line.startswith("$ "):
                    commands.append((line[2:], []))
                elif commands:
                    commands[-1][1].append(line)
            return commands
        commands, open_ = [], []
        for line in self.text:
            if not open_ and (not line.strip() or line.lstrip().startswith("#")):
                continue
            open_.append(line)
            if is_complete("\n".join(open_) + "\n"):
                commands.append(("\n".join(open_), []))
                open_ = []
        if open_:
            raise Mismatch(f"{self.place}: the last command is not complete")
        return commands


def is_complete(text):
    if text.rstrip("\n").endswith("\\"):
        return False
    read = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    return read.returncode == 0 and "here-document" not in read.stderr


def blocks_of(root, page):
    blocks, fence = [], None
    lines = (root / page).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not fence and line.startswith("<!-- prints"):
            fence = Block(page, number, "text", line.replace("<!-- prints", "shown"), [])
            indentation = 0
            continue
        if line == "-->" and fence:
            blocks.append(fence)
            fence = None
            continue
        found = re.match(r"( *)```(.*)$", line)
        if not found:
            if fence:
                fence.text.append(line[min(indentation, len(line) - len(line.lstrip())):])
            continue
        if fence:
            blocks.append(fence)
            fence = None
            continue
        indentation = len(found.group(1))
        language, _, info = found.group(2).strip().partition(" ")
        fence = Block(page, number, language, info, [])
    runs = None
    for block in blocks:
        if block.language in ("sh", "console"):
            runs = block
        elif "shown" in block.info and runs:
            runs.shown.append(block)
    return [block for block in blocks if block.language in LANGUAGES]


# What must be the same to the letter, and numbers, which need not be: times, amounts, ids, fingerprints.
FIXED = re.compile(r"TDAM-\d{4}|(?:pain|camt)\.\d{3}\.\d{3}\.\d{2}|HTTP/2\d{3}|\b[A-Z]{2}\d{2}\b")
NUMBER = re.compile(r"(?<![A-Za-z])[0-9a-fA-F]*\d[0-9a-fA-F]*|\d+")


def pattern(text):
    """A shown text without its blanks, as a regular expression."""
    return "".join(pattern_of_word(word) for word in text.replace("HTTP/2 ", "HTTP/2").split())


def pattern_of_word(text):
    written, at = [], 0
    while at < len(text):
        fixed, number = FIXED.match(text, at), NUMBER.match(text, at)
        if fixed:
            written.append(re.escape(fixed.group()))
            at = fixed.end()
        elif number:
            written.append("[0-9a-fA-F]+")
            at = number.end()
        elif text[at] == "…":
            written.append(".*?")
            at += 1
        else:
            written.append(re.escape(text[at]))
            at += 1
    return "".join(written)


def parts_of(language, lines):
    """What must be in the output: of JSON each member (others may stand between), else each line."""
    if language == "json":
        text = " ".join(lines)
        members = re.findall(r'"\w+"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-\w.]+)', text)
        return [".*?".join(pattern(member) for member in members)]
    return [pattern(line) for line in lines if line.strip(" …")]


def missing(shown, output):
    found = re.sub(r"\s", "", output)
    return [part for part in shown if not re.search(part, found, re.DOTALL)]


class Terminal:
    """A shell that a reader has open: what one block sets, the next one has."""

    def __init__(self, folder, environment):
        self.folder = folder
        read, write = os.pipe()
        self.statuses = os.fdopen(read)
        self.shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"], cwd=folder, env=environment, stdin=subprocess.PIPE, text=True,
            stdout=subprocess.DEVNULL, pass_fds=[write], start_new_session=True)
        os.close(write)
        self.status_to = write

    def paste(self, command):
        script, output = self.folder.parent / "command", self.folder.parent / "output"
        script.write_text(command + "\n", encoding="utf-8")
        self.shell.stdin.write(f". {script} </dev/null >{output} 2>&1; echo $? >&{self.status_to}\n")
        self.shell.stdin.flush()
        signal.alarm(WATCHDOG_SECONDS)
        status = self.statuses.readline()
        signal.alarm(0)
        return int(status), output.read_text(encoding="utf-8", errors="replace")

    def close(self):
        self.shell.stdin.close()
        self.shell.wait(WATCHDOG_SECONDS)


class Group:
    def __init__(self, name, root, program, store):
        self.name, self.root, self.store = name, root, store
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="tdam-pages-"))
        self.folder = self.place / "here"
        for folder in [self.folder, self.place / "bin"] + [self.place / moved.strip("/") for moved in MOVED]:
            folder.mkdir()
        (self.place / "bin/tdam").symlink_to(program)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TDAM_")}
        environment |= {"PATH": f"{self.place}/bin:{environment['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        if store:
            environment |= {"TDAM_STORE": store, "TDAM_STORE_SCHEMA": f"pages_{name}"}
        self.environment, self.services = environment, []
        self.terminal = Terminal(self.folder, environment)
        self.blocks = self.commands = 0

    def here(self, text):
        """Folders of a real machine are those below the group's place."""
        return re.sub(rf"(?<![\w/.])({'|'.join(MOVED)})", rf"{self.place}\1", text)

    def start(self, block):
        """Starts a block's last command and leaves it running; what stands before it is pasted."""
        *before, (last, _) = block.commands()
        for command, _ in before:
            self.terminal.paste(self.here(command))
        number = len(self.services)
        said = self.place / f"service-{number}"
        with open(said, "wb") as output:
            service = subprocess.Popen(["bash", "-c", "exec " + self.here(last)], cwd=self.folder, env=self.environment,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        self.services.append(service)
        begun = time.monotonic()
        while not READY.search(said.read_text(encoding="utf-8", errors="replace")):
            if service.poll() is not None or time.monotonic() - begun > WATCHDOG_SECONDS:
                raise Mismatch(f"{block.place}: it does not serve:\n{said.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        return said.read_text(encoding="utf-8", errors="replace")

    def run(self, block, round_):
        shown = [part for given in block.shown if round_ == 0 or "shown=1" not in given.info
                 for part in parts_of(given.language, [self.here(line) for line in given.text])]
        self.blocks += 1
        begun = time.monotonic()
        while True:
            outputs, lacking = [], []
            for number, (command, below) in enumerate(block.commands()):
                status, output = self.terminal.paste(self.here(command))
                self.commands += 1
                outputs.append(output)
                expected = block.exits(number, round_)
                if status != expected and not block.has("again"):
                    raise Mismatch(f"{block.place}: exit status {status}, not {expected}:\n$ {command}\n{output}")
                if status != expected:
                    lacking.append(f"exit status {expected} of: {command}")
                if below and expected == block.exits(number, 0):
                    lacking += missing(parts_of("text", [self.here(line) for line in below]), output)
                for problem in PROBLEM.findall(output):
                    if not any(problem in line for given in block.shown for line in given.text):
                        raise Mismatch(f"{block.place}: refused with {problem}:\n$ {command}\n{output}")
            lacking += missing(shown, "\n".join(outputs))
            if not lacking:
                return
            if not block.has("again") or time.monotonic() - begun > PATIENCE_SECONDS:
                said = "\n".join(outputs)
                raise Mismatch(f"{block.place}: what the page shows is not in what it prints.\nNot found: {lacking}\nPrinted:\n{said}")
            time.sleep(0.25)

    def end(self):
        self.terminal.close()
        for service in self.services:
            service.terminate()
            service.wait(WATCHDOG_SECONDS)
        shutil.rmtree(self.place)


def printed_lines(text):
    """What the sandbox prints to be pasted: the indented lines below `To paste`."""
    below = text.partition("To paste")[2].splitlines()[1:]
    return [line.strip() for line in below if line.startswith("  ")]


def paste_group(name, root, program, store):
    group = Group(name, root, program, store)
    try:
        blocks = [block for page in GROUPS[name] for block in blocks_of(root, page) if block.is_run()]
        if store:
            blocks = [block for block in blocks if not block.has("sqlite")]
        begin = [block for block in blocks if block.has("background") and name in SERVED_FROM_THE_START]
        printed = ""
        for block in begin:
            printed += group.start(block)
        lines = printed_lines(printed)
        if name == "sandbox" and len(lines) < 8:
            raise Mismatch(f"the sandbox prints {len(lines)} lines to paste:\n{printed}")
        for round_ in range(ROUNDS):
            said = Block("what the sandbox prints", 0, "sh", "", lines)
            for block in [said] * bool(lines) + [block for block in blocks if block not in begin]:
                if not block.has("background"):
                    group.run(block, round_)
                elif round_ == 0:
                    group.start(block)
        print(f"{name}: {len(blocks)} blocks of {len(GROUPS[name])} pages, {group.commands} commands in {ROUNDS} rounds, "
              f"on {'PostgreSQL' if store else 'SQLite'}")
    finally:
        group.end()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--group", choices=GROUPS)
    arguments = arguments.parse_args()
    root = pathlib.Path(__file__).resolve().parents[2]
    store = os.environ.get("TDAM_STORE")
    program = arguments.program.resolve()
    pages = [page.name for page in root.glob("*.md")] + [str(page.relative_to(root)) for page in sorted(root.glob("docs/**/*.md"))]
    known = {page for group in GROUPS.values() for page in group}
    twins = {latvian: english for english, latvian in TWIN.findall((root / "crates/guide/build/contents.rs").read_text(encoding="utf-8"))}
    pages = [page for page in pages if page in known or page not in twins]
    everything = [block for page in pages for block in blocks_of(root, page)]
    forgotten = [block.place for block in everything if block.page not in known and not block.reason]
    if forgotten:
        sys.exit(f"these blocks are neither run nor marked: {', '.join(forgotten)}")
    try:
        for name in [arguments.group] if arguments.group else GROUPS:
            if not (store and name in ON_SQLITE_ONLY):
                paste_group(name, root, program, store)
    except Mismatch as mismatch:
        sys.exit(str(mismatch))
    left = [block for block in everything if block.reason]
    print(f"{len(left)} of {len(everything)} blocks are not run:")
    for block in left:
        print(f"  {block.place}: {block.reason}")


if __name__ == "__main__":
    main()
