#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py TABLE JSON: the table for people holds every finding of the JSON lines, once."""
import json
import sys


def rows(name):
    about = None
    for line in open(name, encoding="utf-8"):
        line = line.rstrip("\n")
        if line and not line.startswith(" "):
            about = line
        elif line.strip():
            yield about, line


def wanted(name):
    for line in open(name, encoding="utf-8"):
        f = json.loads(line)
        yield f["about"], f"  {f['check']:<12} {f['verdict']:<8} {f['text']}"
        if "mend" in f:
            yield f["about"], f"  {'':<12} {'':<8} -> {f['mend']}"


def by_printer(pairs):
    return sorted(pairs, key=lambda p: (p[0], p[1]))


got, want = by_printer(rows(sys.argv[1])), by_printer(wanted(sys.argv[2]))
if got != want or not want:
    print("only in the table:", [r for r in got if r not in want][:3],
          "only in JSON:", [r for r in want if r not in got][:3])
    sys.exit(1)
