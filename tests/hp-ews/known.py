#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""known.py KNOWN NAME RECORD: does the record say what is known of that printer?"""
import json
import sys


def found(record, kind, name):
    """What the record says, None: nothing."""
    if kind in ("meter", "no-meter"):
        return next((m["value"] for m in record["meters"] if m["name"] == name), None)
    if kind == "supply":
        return next((s.get("percent") for s in record["supplies"]
                     if "percent" in s and name in (s.get("color"), s["type"])), None)
    return record[kind].get(name)


known, name, record = sys.argv[1:]
record = json.load(open(record, encoding="utf-8"))
wrong = looked = 0
for line in open(known, encoding="utf-8"):
    words = line.split(None, 3)
    if line.startswith("#") or not words or words[0] != name:
        continue
    looked += 1
    wanted = words[3].strip() if len(words) > 3 else None
    got = found(record, words[1], words[2])
    if (got if got is None else str(got)) != wanted:
        print(f"{words[1]} {words[2]}: wanted {wanted}, got {got}")
        wrong = 1
if looked == 0:
    print("nothing is known of it")
sys.exit(wrong or looked == 0)
