#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""facts.py FACTS.json - mib-drive's lines on stdin against an independent decoding.

The facts are raw (a level of -3 stays -3), and so are the plugin's readings: what is
compared is what the plugin took, before anything is made of it.  Prints what differs.
"""
import json
import re
import sys

UNITS = {"7": "impressions", "8": "sheets"}
# Rows that tell of a state and no fault: by code, else by text.
STATE_CODES = {4, 6, 19, 20, 23, 24, 502, 503, 505, 506, 507, 1801}
STATE_TEXTS = {"sleep", "idle", "ready"}
# What is taken out of descriptions, to stand in serial and part_number.
NUMBERS = re.compile(r"[ ,;]*\b(S/N:?|P/N:?|PN[ #:]|SN(?=[0-9A-Fu])).*$")


def read(lines):
    readings = {}
    for line in lines:
        name, part, unit, number, full, text = line.rstrip("\n").split("|", 5)
        readings[name, part] = (unit, number, full, text)
    return readings


def text_of(readings, name, part=""):
    return readings.get((name, part), ("", "", "", None))[3]


def identity(facts, got):
    serial = text_of(got, "device.serial")
    if facts["serial"] and serial != facts["serial"][0]:
        yield f"serial {serial}, wanted {facts['serial'][0]}"
    mac = text_of(got, "device.mac")
    if mac not in (facts["mac"] or [None]):
        yield f"mac {mac}, wanted one of {facts['mac']}"


def meters(facts, got):
    have = {(p, v[0], v[1]) for (n, p), v in got.items() if n == "meter.total"}
    want = {("" if i == 0 else f["index"].split(".")[-1], UNITS.get(f["unit"], "unknown"),
             f["count"]) for i, f in enumerate(facts["life"])}
    if have != want:
        yield f"meters {have}, wanted {want}"


def supplies(facts, got):
    have = {p for n, p in got if n == "supply.level"}
    if have != {f["index"].split(".")[-1] for f in facts["supplies"]}:
        yield f"supplies {sorted(have)}"
    for f in facts["supplies"]:
        part = f["index"].split(".")[-1]
        level = got.get(("supply.level", part), ("", "", "", ""))
        if (level[1], level[2]) != (f["level"], f["max"]):
            yield f"supply {part} {level}, wanted {f['level']} of {f['max']}"
        said = text_of(got, "supply.description", part)
        if said != NUMBERS.sub("", f["description"]):
            yield f"supply {part} {said!r}, wanted {f['description']!r}"
        color = text_of(got, "supply.color", part)
        if f["colorant"] not in (None, "other") and color != f["colorant"]:
            yield f"supply {part} is {color}, wanted {f['colorant']}"


def alerts(facts, got):
    have = {p: v[1] for (n, p), v in got.items() if n == "alert.code"}
    want = {f["index"].split(".")[-1]: f["code"] for f in facts["alerts"]
            if int(f["code"]) not in STATE_CODES and
            not (int(f["code"]) <= 2 and f["text"].lower() in STATE_TEXTS)}
    if have != want:
        yield f"alerts {have}, wanted {want}"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        facts = json.load(f)
    got = read(line for line in sys.stdin if "|" in line)
    for differs in (identity, meters, supplies, alerts):
        for fault in differs(facts, got):
            print(fault)


main()
