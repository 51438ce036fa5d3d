#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""judge.py ADDRESS FULL BARE GOT: what a printer with a hostile web server was said to be.

FULL are the records with a web server that is well, BARE those without any.  Every fact of GOT
stands in one of them, and every fact of BARE has its like in GOT: nothing is invented, and nothing
of what SNMP told is lost.
"""
import json
import sys

OWN = ("id", "time", "seq", "agent", "notes", "via", "alerts")


def facts(value, path=()):
    """(where, value) of all that is told; rows by their name or part, not by their place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in OWN:
                yield from facts(inner, path + (key,))
    elif isinstance(value, list):
        for inner in value:
            row = inner.get("name", inner.get("part")) if isinstance(inner, dict) else inner
            yield from facts(inner, path + (str(row),))
    else:
        yield path, value


def record(name, address):
    with open(name, encoding="utf-8") as f:
        for line in f:
            if json.loads(line)["device"]["ip"] == address:
                return set(facts(json.loads(line)))
    return set()


full, bare, got = (record(name, sys.argv[1]) for name in sys.argv[2:5])
wrong = [f"invented: {path} {value}" for path, value in sorted(got - full - bare, key=str)]
told = {path for path, _ in got}
wrong += [f"lost: {path} {value}" for path, value in sorted(bare, key=str) if path not in told]
print("\n".join(wrong))
sys.exit(bool(wrong))
