#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# bad.py records CASES | expected CASES - good records with a bad one behind each.
import json, re, sys


def record(seq):
    return {"schema": "platen.reading/1", "id": f"01900000-0000-7000-8000-{seq:012x}",
            "agent": "0000000b-0000-4000-8000-00000000bad0", "seq": seq,
            "time": "2026-03-01T10:00:00Z", "device": {"id": "Example:bad", "ip": "10.0.0.1"},
            "status": {"state": "idle", "errors": []},
            "meters": [{"name": "total", "value": seq, "unit": "impressions", "via": "x"}],
            "supplies": [], "alerts": [], "notes": []}


def spoil(r, how):
    text = json.dumps(r)
    if how == "cut":
        return text[:-9]
    if how == "nul":
        return text.replace("Example", "Ex\\u0000ample")
    if how == "list":
        return "[]"
    path, _, value = how.removeprefix("del ").partition(" = ")
    at, keys = r, re.findall(r"[a-z]+|\d+", path)
    for k in keys[:-1]:
        at = at[int(k)] if k.isdigit() else at[k]
    if how.startswith("del "):
        del at[keys[-1]]
    else:
        at[keys[-1]] = json.loads(value)
    return json.dumps(r)


cases = [[p.strip() for p in l.split(" | ")] for l in open(sys.argv[2])
         if l.strip() and not l.startswith("#")]
for i, (how, why) in enumerate(cases):
    if sys.argv[1] == "expected":
        print(f"rejected {2 * i + 2} {why}")
    else:
        print(json.dumps(record(2 * i + 1)))
        print(spoil(record(2 * i + 2), how))
