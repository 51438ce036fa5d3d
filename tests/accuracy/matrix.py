#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""matrix.py [--check] [--write PAGE] PLATEN CAPTURES... - what is read of every printer at hand.

Runs `PLATEN replay` over each capture below CAPTURES, with all plugins beside PLATEN and with
printer-mib alone, and holds the records against what is known: NAME.facts.json beside a capture
(the Printer-MIB, decoded by another program), tests/captures/known, the file `known` here, and
expect.json of the plugins' own captures.

Writes the page ACCURACY.md; with --check lines of results instead.  Neither serial numbers nor
counters stand in the page, only which of them were read, by whom, and whether they are right.  With --private alone: the subtrees that nobody asks for.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "captures"))
import facts  # noqa: E402

NO_PRINTERS = facts.NO_PRINTERS | {"projector", "scanner"}
ADDRESS = "192.0.2.9"

# Subtrees with people, documents and commands: no plugin has one of them in its reach.
PRIVATE = [
    "1.3.6.1.2.1.1.4", "1.3.6.1.2.1.1.5", "1.3.6.1.2.1.1.6",  # contact, name, location
    "1.3.6.1.4.1.1248.1.2.2.44", "1.3.6.1.4.1.1347.47", "1.3.6.1.4.1.1347.42.1",
    "1.3.6.1.4.1.1347.40.10.1.1.5", "1.3.6.1.4.1.367.3.2.1.3", "1.3.6.1.4.1.18334.1.1.4",
    "1.3.6.1.4.1.253.8.59", "1.3.6.1.4.1.253.8.51.5", "1.3.6.1.4.1.683.6.2.6",
    "1.3.6.1.4.1.10642.30", "1.3.6.1.4.1.2699.1.1",
]
# Its reach is made of the objects that the site's profiles name.
NARROWED = {"profile"}


# ---- captures ----

class Capture:
    """One recorded printer: its file, where it is from, and what is known of it."""

    def __init__(self, name, path, own):
        self.name, self.path, self.own = name, path, own
        # Pages stand beside the objects: then the folder is the capture.
        pages = os.path.join(os.path.dirname(path), "http")
        self.replayed = os.path.dirname(path) if os.path.isdir(pages) else path
        self.facts = self.expect = None
        beside = path[:-len(".snmprec")] + ".facts.json"
        if os.path.exists(beside):
            with open(beside, encoding="utf-8") as f:
                self.facts = json.load(f)
        beside = os.path.join(os.path.dirname(path), "expect.json")
        if own and os.path.exists(beside):
            self.expect = beside

    def objects(self):
        with open(self.path, encoding="latin-1") as f:
            return [line.rstrip("\n").split("|", 2) for line in f if line.count("|") >= 2]


def captures_of(folder, temporary):
    """All below a folder; Brother's answers and HP's pages become captures in a temporary one."""
    found = []
    if os.path.basename(os.path.normpath(folder)) == "ews":
        made = os.path.join(temporary, "ews")
        subprocess.run([sys.executable, os.path.join(ROOT, "tests", "hp-ews", "capture.py"), folder,
                        made], check=True)
        folder = made
    for where, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for file in sorted(files):
            path = os.path.join(where, file)
            if file.endswith(".snmprec"):
                own = os.path.abspath(path).startswith(ROOT + os.sep)
                found.append(Capture(file[:-len(".snmprec")], path, own))
            elif file.endswith(".keys.json"):
                found.append(keys_capture(path, temporary))
    return found


def keys_capture(path, temporary):
    name = os.path.basename(path)[:-len(".keys.json")]
    lines = {
        "1.3.6.1.2.1.1.1.0": (4, "Brother NC-8700w, Firmware Ver.1.00"),
        "1.3.6.1.2.1.1.2.0": (6, "1.3.6.1.4.1.2435.2.3.9.1"),
        "1.3.6.1.2.1.25.3.2.1.2.1": (6, "1.3.6.1.2.1.25.3.1.5"),
        "1.3.6.1.2.1.25.3.2.1.3.1": (4, "Brother " + name.upper()),
    }
    with open(path, encoding="utf-8") as f:
        for oid, value in json.load(f).items():
            if isinstance(value, list):
                lines[oid] = ("4x", "".join(value) + "ff")
            elif oid.startswith("1.3.6.1.2.1.2.2.1.6."):
                lines[oid] = ("4x", value.replace(":", ""))
            elif value.isdigit():
                lines[oid] = (65 if ".43.10." in oid else 2, value)
            else:
                lines[oid] = ("4x", value.encode().hex())
    made = os.path.join(temporary, name + ".snmprec")
    with open(made, "w", encoding="utf-8") as f:
        for oid in sorted(lines, key=lambda o: [int(n) for n in o.split(".")]):
            f.write(f"{oid}|{lines[oid][0]}|{lines[oid][1]}\n")
    return Capture("brother/" + name, made, False)


# ---- what is read ----

def replay_run(platen, capture, *arguments):
    return subprocess.run(
        [platen, "replay", "-c", "/dev/null", "--address", ADDRESS, *arguments, capture.replayed],
        capture_output=True, text=True, timeout=60, check=False)


def replay(platen, capture, *arguments):
    return replay_run(platen, capture, *arguments).stdout


def record_of(platen, capture, *arguments):
    line = replay(platen, capture, "--json", *arguments)
    return json.loads(line) if line.strip() else None


def packets_of(platen, capture, *arguments):
    said = replay(platen, capture, "--packets", *arguments)
    numbers = re.search(r"(\d+) packets? at first sight, (\d+) when it is known", said)
    return tuple(map(int, numbers.groups())) if numbers else None


class Reading:
    """What is read of one capture, and what is wrong with it."""

    def __init__(self, platen, capture, known):
        alone = ["--plugin", os.path.join(os.path.dirname(platen), "plugins", "printer-mib.so")]
        self.capture = capture
        self.record = record_of(platen, capture)
        self.alone = record_of(platen, capture, *alone)
        self.packets = packets_of(platen, capture)
        self.packets_alone = packets_of(platen, capture, *alone)
        self.known = known.get(capture.name, [])
        self.unexpected = capture.expect is not None and \
            replay_run(platen, capture, "--expect", capture.expect).returncode != 0
        self.faults = list(self.judge())

    def judge(self):
        if self.capture.name in NO_PRINTERS:
            if self.record is not None:
                yield "it is no printer, and was read"
            return
        if self.record is None:
            yield "it is a printer, and was not read"
            return
        yield from self.worse()
        yield from self.told()
        if self.unexpected:
            yield "it is not what expect.json says"
        for what, value in self.known:
            got = known_value(self.record, what)
            if got != value:
                yield f"{what} is {got}, known to be {value}"
        if self.capture.facts is not None:
            yield from facts.compare(self.capture.name, self.capture.facts, self.record, [])

    def worse(self):
        """No printer is read worse with its maker's plugin than without it."""
        meters = {(m["name"], m.get("part")) for m in self.record["meters"]}
        for m in self.alone["meters"]:
            if (m["name"], m.get("part")) not in meters:
                yield f"without the maker's plugin {m['name']} is read, with it not"
        supplies = {s["part"]: s for s in self.record["supplies"]}
        for s in self.alone["supplies"]:
            now = supplies.get(s["part"], {})
            if "percent" in s and "percent" not in now:
                yield f"supply {s['part']} has no percentage with the maker's plugin"
            if s["state"] not in ("unknown", "some") and now.get("state") in ("unknown", "some"):
                yield f"the state of supply {s['part']} is lost with the maker's plugin"
        for key in self.alone["device"]:
            if key not in self.record["device"]:
                yield f"{key} is lost with the maker's plugin"
        if len(self.record["alerts"]) < len(self.alone["alerts"]):
            yield "alerts are lost with the maker's plugin"

    def told(self):
        """What the printer says of people and places stands nowhere in the record."""
        said = json.dumps(self.record, ensure_ascii=False)
        model = self.record["device"].get("model", "")
        for oid, _, value in self.capture.objects():
            if oid in ("1.3.6.1.2.1.1.4.0", "1.3.6.1.2.1.1.6.0") and len(value) > 5 and \
                    value not in model and value in said:
                yield f"{oid} is in the record"

    def good(self):
        """What was held against something and is right."""
        right = [what for what, value in self.known
                 if value is not None and known_value(self.record, what) == value]
        if self.capture.facts is not None:
            f = self.capture.facts
            right += ["Printer-MIB" + ("" if f["life"] or f["supplies"] else " (identity)")]
        return right

    def missing(self):
        device = self.record["device"]
        names = {m["name"] for m in self.record["meters"]}
        lack = [k for k in ("model", "serial", "firmware") if k not in device]
        if "total" not in names:
            lack.append("total")
        if any(s.get("color") in ("cyan", "magenta", "yellow") for s in self.record["supplies"]):
            lack += [m for m in ("mono", "color") if m not in names]
        without = [s for s in self.record["supplies"] if "percent" not in s]
        if without:
            lack.append(f"level of {len(without)} of {len(self.record['supplies'])} supplies")
        return lack


def known_value(record, what):
    if isinstance(what, tuple):
        part, key = what
        if part in ("device", "status"):
            return record[part].get(key)
        for s in record["supplies"]:
            if part in (s["part"], s.get("type")) or \
                    s.get("color") == part and "opc" not in s.get("type", ""):
                return s.get(key)
        return None
    values = {m["name"]: m["value"] for m in record["meters"] if "part" not in m}
    parts = what.split("+")
    return sum(values[p] for p in parts) if all(p in values for p in parts) else None


def known_read():
    found = facts.known(os.path.join(ROOT, "tests", "captures", "known"))
    with open(os.path.join(HERE, "known"), encoding="utf-8") as f:
        for line in f:
            words = line.split()
            if line.startswith("#") or not words:
                continue
            value = int(words[-1]) if words[-1].isdigit() else words[-1]
            what = (words[1].split(":")[1], words[2]) if len(words) == 4 else words[1]
            found.setdefault(words[0], []).append((what, value))
    with open(os.path.join(ROOT, "tests", "hp-ews", "known"), encoding="utf-8") as f:
        for line in f:
            words = line.split(None, 3)
            if not line.startswith("#") and words:
                found.setdefault(words[0], []).append(page_known(*words[1:]))
    return found


def page_known(kind, name, value=None):
    """A line of tests/hp-ews/known; a meter that is not to be there has no value."""
    value = value.strip() if value else None
    if kind in ("meter", "no-meter"):
        return name, int(value) if value else None
    if kind == "supply":
        return (name, "percent"), int(value)
    return (kind, name), value


# ---- the page ----

def by_plugin(reading):
    """ "printer-mib: total; kyocera: mono, color" """
    said = {}
    for m in reading.record["meters"]:
        said.setdefault(m["via"], []).append(m["name"] + (f" ({m['part']})" if "part" in m else ""))
    for s in reading.record["supplies"]:
        if "percent" in s:
            said.setdefault(s["via"], []).append("supply.level")
    parts = []
    for via in sorted(said, key=lambda v: (v != "printer-mib", v)):
        levels = said[via].count("supply.level")
        names = [n for n in said[via] if n != "supply.level"]
        if levels:
            names.append(f"{levels} level{'s' if levels > 1 else ''}")
        parts.append(f"{via}: {', '.join(names)}")
    return "; ".join(parts) or "identity"


def what_say(what):
    return f"{what[1]} of {what[0]}" if isinstance(what, tuple) else what


def row(r):
    differ = sum(n["kind"] == "disagreement" for n in r.record["notes"])
    good = [what_say(w) for w in r.good()]
    if r.capture.expect is not None and not r.unexpected:
        good.append("expect.json")
    return [
        r.record["device"].get("model", "(not told)"), r.capture.name, by_plugin(r),
        ", ".join(good) or "nothing known", "; ".join(r.faults) or "-",
        ", ".join(r.missing()) or "-", str(differ) if differ else "-",
        f"{r.packets[0]} / {r.packets[1]}" if r.packets else "-",
        f"{r.packets_alone[0]} / {r.packets_alone[1]}" if r.packets_alone else "-",
    ]


HEAD = ["model", "capture", "read, by plugin", "agrees with what is known", "wrong", "not read",
        "notes of disagreement", "packets", "packets without maker's plugin"]


def table(readings):
    yield "| " + " | ".join(HEAD) + " |"
    yield "|" + " --- |" * len(HEAD)
    for r in readings:
        yield "| " + " | ".join(cell.replace("|", "/") for cell in row(r)) + " |"


def summary(readings):
    yield "| maker | printers | total | mono and color | by function | serial | levels | wrong |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for maker in sorted({maker_of(r) for r in readings}):
        mine = [r for r in readings if maker_of(r) == maker]
        names = [{m["name"] for m in r.record["meters"]} for r in mine]
        count = [
            sum("total" in n for n in names), sum({"mono", "color"} <= n for n in names),
            sum(any(m.startswith(("print.", "copy.")) for m in n) for n in names),
            sum("serial" in r.record["device"] for r in mine),
            sum(any("percent" in s for s in r.record["supplies"]) for r in mine),
            sum(bool(r.faults) for r in mine),
        ]
        yield f"| {maker} | {len(mine)} | " + " | ".join(map(str, count)) + " |"


def maker_of(r):
    return r.record["device"].get("manufacturer", "(not told)")


PAGE = """# Accuracy

What platen reads of every printer at hand, from where, and whether it is right. Written by
`make accuracy`, never by hand; a suite of the tests fails when anything stands under "wrong".

- **agrees**: "Printer-MIB" is the whole of it (serial number, life count and unit, supplies, alerts),
  decoded from the same bytes by another program; names are meters and supplies known beside it;
  "expect.json" is the whole record, beside a capture of our own.
- **packets**: SNMP packets for a whole reading, of a printer seen for the first time / known.
- **not read**: what a printer of its kind has and nobody read, most often as the capture does not
  hold it.
- Serial numbers and counters themselves are left out.
"""


def page(readings):
    read = [r for r in readings if r.record is not None]
    recorded = [r for r in read if not r.capture.own]
    own = [r for r in read if r.capture.own]
    yield PAGE
    for title, some in (("Recorded printers", recorded), ("Captures of our own", own)):
        if not some:
            continue
        yield f"## {title}\n"
        yield from summary(some)
        for maker in sorted({maker_of(r) for r in some}):
            yield f"\n### {maker}\n"
            yield from table([r for r in some if maker_of(r) == maker])
        yield ""
    others = sorted(r.capture.name for r in readings if r.record is None)
    yield "## No printers\n"
    yield "Not read, as they are none: " + ", ".join(others) + "."


# ---- reach ----

def reach_faults(platen):
    lines = subprocess.run([platen, "plugins", "--json", "-c", "/dev/null"], capture_output=True,
                           text=True, timeout=120, check=False).stdout.splitlines()
    for plugin in map(json.loads, lines):
        faults = [f"{item} reaches {private}" for item in plugin.get("reach", [])
                  for private in PRIVATE
                  if item.startswith("oid ") and overlaps(item[4:], private)]
        yield plugin["name"], [] if plugin["name"] in NARROWED else faults


def overlaps(a, b):
    a, b = a + ".", b + "."
    return a.startswith(b) or b.startswith(a)


# ---- the whole ----

def main():
    arguments = sys.argv[1:]
    if arguments == ["--private"]:
        print("\n".join(PRIVATE))
        return 0
    check = "--check" in arguments
    write = arguments[arguments.index("--write") + 1] if "--write" in arguments else None
    names = [a for a in arguments if not a.startswith("--") and a != write]
    platen, folders = os.path.abspath(names[0]), names[1:]
    known = known_read()
    with tempfile.TemporaryDirectory() as temporary:
        found = [c for folder in folders for c in captures_of(folder, temporary)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            readings = list(pool.map(lambda c: Reading(platen, c, known), found))
    if check:
        results = [(r.capture.name, r.faults) for r in readings]
        results += [(f"reach-{name}", faults) for name, faults in reach_faults(platen)]
        for name, faults in results:
            print(f"not ok {name}: {'; '.join(faults)[:900]}" if faults else f"ok {name}")
        return 1 if any(faults for _, faults in results) else 0
    text = "\n".join(page(readings)) + "\n"
    if write:
        with open(write, "w", encoding="utf-8") as f:
            f.write(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
