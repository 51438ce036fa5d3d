#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""facts.py RECORDS PRINTERS FACTS-FOLDER... - records against an independent decoding.

RECORDS are lines of `platen read --json`; PRINTERS is platen-sim's --list (address and
capture); NAME.facts.json beside NAME.snmprec is what another program decoded from the
same bytes, raw: a level of -3 stays -3.  What is known of a printer beside it is in the
file `known`.  One line of result per capture.

Differences that are right are in ACCEPTED, each with its reason, and only there.
"""
import json
import os
import sys

# run.sh sees to these: there is no record of them.
NO_PRINTERS = {"epson-projector_eb-4770w", "panasonic-ns", "epson-scanner_ds-860"}

# Rows of a severity that tell of a mere state, which is no alert (sdk/RECORD): power up.
STATES = {"503"}

# capture -> part of the record -> why it may differ from the facts.
ACCEPTED = {
    "samsungprinter_m4080fx": {
        "supplies.description": "\"S/N:...\" at the end is the serial number of the part, cut off there",
    },
    "xerox": {
        "supplies.description": "\", PN ...;SN...\" goes to part_number and serial",
    },
    "xerox_workcentre_6605dn.inferred": {
        "supplies.description": "\", PN#...\" goes to part_number",
    },
}

# A unit that the printer does not tell is said to be unknown.
METER_UNITS = {None: "unknown", "7": "impressions", "8": "sheets"}
SUPPLY_TYPES = {
    "1": "other", "3": "toner", "4": "waste-toner", "5": "ink", "6": "ink-cartridge",
    "8": "waste-ink", "9": "opc", "10": "developer", "15": "fuser", "20": "transfer-unit",
    "21": "toner-cartridge",
}
SUPPLY_UNITS = {"7": "impressions", "8": "sheets", "13": "tenths-of-grams", "19": "percent"}
SEVERITIES = {"1": "other", "3": "critical", "4": "warning", "5": "warning"}


def level_faults(fact, supply):
    """A level below zero is a word, never a number."""
    level, full = int(fact["level"]), int(fact["max"]) if fact["max"] is not None else -2
    receptacle = fact["class"] == "4" or fact["type"] in ("4", "8")
    words = {-3: {"some"}, -2: {"unknown"}, -1: {"unknown"},
             0: {"full"} if receptacle else {"empty"}}
    want = {
        "level": level if level >= 0 else None,
        "capacity": full if full > 0 else None,
        "percent": min(100, level * 100 // full) if level >= 0 and full > 0 else None,
    }
    if fact["unit"] == "19" and level >= 0:
        want["percent"] = min(100, level)
    for key, value in want.items():
        if supply.get(key) != value:
            yield f"{key} {supply.get(key)}, wanted {value}"
    if supply["state"] not in words.get(level, {"ok", "low"}):
        yield f"state {supply['state']} at level {level}"


def supplies_faults(facts, record, accepted):
    by_part = {s["part"]: s for s in record["supplies"]}
    wanted = {f["index"].split(".")[-1]: f for f in facts["supplies"]}
    # A maker's own table may have rows that the standard's has not.
    more = {part for part, s in by_part.items() if s["via"] != "printer-mib"} - set(wanted)
    if set(by_part) - more != set(wanted):
        yield f"supplies {sorted(by_part)}, wanted {sorted(wanted)}"
        return
    for part, fact in wanted.items():
        supply = by_part[part]
        for fault in level_faults(fact, supply):
            yield f"supply {part}: {fault}"
        words = [("type", SUPPLY_TYPES.get(fact["type"])), ("unit", SUPPLY_UNITS.get(fact["unit"]))]
        for key, word in words:
            if word is not None and supply.get(key) != word:
                yield f"supply {part}: {key} {supply.get(key)}, wanted {word}"
        said, text = supply.get("description", ""), fact["description"]
        if said != text and not ("supplies.description" in accepted and said and
                                 text.startswith(said)):
            yield f"supply {part}: description {said!r}, wanted {text!r}"


def alerts_faults(facts, record):
    """All rows that tell of a fault, in their order; a row without text may get its code's."""
    wanted = [a for a in facts["alerts"]
              if a["severity"] in SEVERITIES and a["severity"] != "1" and a["code"] not in STATES]
    got = record["alerts"]
    if len(wanted) != len(got):
        yield f"{len(got)} alerts ({json.dumps(got)[:200]}), wanted {len(wanted)}"
        return
    for fact, alert in zip(wanted, got):
        want = (SEVERITIES[fact["severity"]], int(fact["code"]), fact["text"] or None)
        have = (alert["severity"], alert.get("number"), alert.get("text") if fact["text"] else None)
        if want != have:
            yield f"alert {have}, wanted {want}"


def other_total(record, count):
    """The maker's own total stands in the record: the life count must be in a note."""
    return any(n["kind"] == "disagreement" and n["text"].startswith("total: ") and
               f"printer-mib says {count}" in n["text"] for n in record["notes"])


def meter_faults(facts, record):
    totals = [m for m in record["meters"] if m["name"] == "total" and "part" not in m]
    if not facts["life"]:
        if totals and totals[0]["via"] == "printer-mib":
            yield f"a total {totals} from nowhere"
        return
    life = facts["life"][0]
    if not totals:
        yield f"no total, wanted {life['count']}"
    elif str(totals[0]["value"]) != life["count"]:
        if totals[0]["via"] == "printer-mib" or not other_total(record, life["count"]):
            yield f"total {totals[0]['value']}, wanted {life['count']}"
    elif totals[0].get("unit") != METER_UNITS.get(life["unit"]):
        yield f"unit {totals[0].get('unit')}, wanted {METER_UNITS.get(life['unit'])}"


def known(path):
    """capture -> [(meters, value)], see the file."""
    found = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                capture, meters, value = line.split()
                found.setdefault(capture, []).append((meters, int(value)))
    return found


def known_faults(wanted, record):
    """What is known of this printer beside its facts."""
    has = {m["name"]: m["value"] for m in record["meters"] if "part" not in m}
    for meters, value in wanted:
        parts = meters.split("+")
        got = sum(has[p] for p in parts) if all(p in has for p in parts) else None
        if got != value:
            yield f"{meters} is {got}, known to be {value}"


def identity_faults(facts, record):
    device = record["device"]
    serial = facts["serial"][0] if facts["serial"] else None
    macs = [m for m in facts["mac"] if m != "00:00:00:00:00:00"]
    # A maker's own object may know a serial number that the standard's object lacks.
    if serial is not None and device.get("serial") != serial:
        yield f"serial {device.get('serial')}, wanted {serial}"
    if device.get("mac") not in (macs or [None]):
        yield f"mac {device.get('mac')}, wanted one of {macs}"


def compare(name, facts, record, wanted):
    accepted = ACCEPTED.get(name, {})
    yield from identity_faults(facts, record)
    yield from meter_faults(facts, record)
    yield from supplies_faults(facts, record, accepted)
    yield from alerts_faults(facts, record)
    yield from known_faults(wanted, record)


def main():
    records_file, printers_file, folders = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(records_file, encoding="utf-8") as f:
        records = {r["device"]["ip"]: r for r in map(json.loads, f)}
    with open(printers_file, encoding="utf-8") as f:
        places = [line.split()[:2] for line in f if line[0].isdigit()]
    wanted = known(os.path.join(os.path.dirname(__file__), "known"))
    failed = False
    for address, name in places:
        path = next((p for d in folders if os.path.exists(p := f"{d}/{name}.facts.json")), None)
        record = records.get(address)
        faults = []
        if path is None or name in NO_PRINTERS:
            continue
        elif record is None:
            faults = ["no record"]
        else:
            with open(path, encoding="utf-8") as f:
                faults = list(compare(name, json.load(f), record, wanted.get(name, [])))
        print(f"not ok facts-{name}: {'; '.join(faults)[:900]}" if faults else f"ok facts-{name}")
        failed = failed or bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
