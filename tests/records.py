#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""records.py - looks at records (sdk/RECORD) for the end-to-end suites.

Every command ends with status 0 when all is as it should be, else it says on
stdout what is not, one line each, and ends with status 1.
"""
import argparse
import collections
import json
import re
import sys

import jsonschema

# What two readings of one printer need not share.
OF_THE_MOMENT = re.compile(r'"(id|time|agent)":"[0-9a-fT:Z-]{20,36}",?|"seq":[0-9]+,?')

faults = []


def wrong(text):
    faults.append(text)


def lines_of(name):
    with (sys.stdin if name == "-" else open(name, encoding="utf-8", newline="\n")) as f:
        return f.read().split("\n")[:-1]


def bare(line):
    """A record's line without what differs between two readings of the same printer."""
    return OF_THE_MOMENT.sub("", line)


def load(name):
    records = []
    for number, line in enumerate(lines_of(name), 1):
        try:
            records.append((line, json.loads(line)))
        except ValueError as e:
            wrong(f"{name}:{number}: no JSON ({e}): {line[:80]}")
    return records


# ---- commands ----

def cmd_schema(args):
    """Every line of the FILEs is a record as sdk/RECORD says."""
    with open(args.schema) as f:
        schema = json.load(f)
    del schema["$id"]  # no URL: references inside are not to be looked for on the web
    validator = jsonschema.Draft202012Validator(schema)
    seen = set()
    for name in args.files:
        for line, record in load(name):
            # Checking costs milliseconds: what differs by its moment only is checked once.
            like = bare(re.sub(r'"value":[0-9]+', '"value":1', line))
            if like in seen:
                if not re.search(r'"id":"[0-9a-f-]{36}"', line):
                    wrong(f"{name}: no id: {line[:200]}")
                continue
            seen.add(like)
            for e in validator.iter_errors(record):
                wrong(f"{name}: {record.get('device', {}).get('ip')}: "
                      f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}")


def drop(value, path):
    """Take the key "device.asset" out of a record."""
    *heads, last = path.split(".")
    for key in heads:
        value = value[key]
    value.pop(last, None)


def by_address(name, without):
    table = {}
    for line, record in load(name):
        address = record["device"]["ip"]
        if address in table:
            wrong(f"{name}: {address} stands there twice")
        for path in without:
            drop(record, path)
        table[address] = json.dumps(record, separators=(",", ":")) if without else line
    return table


def difference(a, b):
    """Where two lines part, for people."""
    at = next((i for i in range(min(len(a), len(b))) if a[i] != b[i]), min(len(a), len(b)))
    return f"...{a[max(0, at - 60):at + 60]}... against ...{b[max(0, at - 60):at + 60]}..."


def cmd_same(args):
    """Both FILEs hold the same records, byte for byte but for id and time.

    --only: look at these addresses alone.  --without: leave out these keys.
    """
    first, second = (by_address(f, args.without) for f in args.files)
    wanted = set(args.only or (first.keys() | second.keys()))
    for address in sorted(wanted):
        a, b = bare(first.get(address, "")), bare(second.get(address, ""))
        if not a or not b:
            wrong(f"{address} is missing in {args.files[0] if not a else args.files[1]}")
        elif a != b:
            wrong(f"{address}: {difference(a, b)}")


def untruths(base, got, total):
    """What stands in got and is not so in base.  Less is no untruth."""
    if total:
        got = {"device": got["device"], "supplies": [], "alerts": [],
               "meters": [m for m in got["meters"] if "part" not in m]}
    for key, value in got["device"].items():
        if key != "id" and base["device"].get(key) != value:
            yield f"device.{key} is {value}"
    meters = {(m["name"], m.get("part")): m for m in base["meters"]}
    for m in got["meters"]:
        if meters.get((m["name"], m.get("part"))) != m:
            yield f"meter {json.dumps(m)}"
    supplies = {s["part"]: s for s in base["supplies"]}
    for s in got["supplies"]:
        for key, value in s.items():
            if supplies.get(s["part"], {}).get(key) != value and (key, value) != ("state", "unknown"):
                yield f"supply {s['part']}: {key} is {value}"
    for a in got["alerts"]:
        if a not in base["alerts"]:
            yield f"alert {json.dumps(a)}"


def cmd_true(args):
    """Nothing is in the second FILE's record of the address that is not in the first's."""
    base, got = ({r["device"]["ip"]: r for _, r in load(f)}.get(args.address) for f in args.files)
    if got is None:
        return
    for fault in untruths(base, got, args.total):
        wrong(fault)
    same = all(base.get(k) == got.get(k) for k in ("device", "status", "meters", "supplies", "alerts"))
    if not same and not args.less and not any(n["kind"] == "partial" for n in got["notes"]):
        wrong("it says less, and no note says that it is partial")


def cmd_mib(args):
    """What printer-mib read of each printer is the same in both FILEs."""
    tables = []
    for name in args.files:
        tables.append({r["device"]["ip"]: {key: [x for x in r[key] if x["via"] == "printer-mib"]
                                           for key in ("meters", "supplies")}
                       | {"serial": r["device"].get("serial")} for _, r in load(name)})
    for address in sorted(tables[0].keys() | tables[1].keys()):
        a, b = (json.dumps(t.get(address)) for t in tables)
        if a != b:
            wrong(f"{address}: {difference(a, b)}")


def cmd_count(args):
    """The FILEs hold so many records in all."""
    n = sum(len(load(f)) for f in args.files)
    if n != args.n:
        wrong(f"{n} records, wanted {args.n}")


def cmd_seqs(args):
    """Over all FILEs: one agent, and its seqs are 1, 2, ... without a gap or a double."""
    seqs, agents = collections.Counter(), collections.Counter()
    for name in args.files:
        last = 0
        for _, record in load(name):
            seqs[record["seq"]] += 1
            agents[record["agent"]] += 1
            if record["seq"] <= last:
                wrong(f"{name}: {record['seq']} stands behind {last}")
            last = record["seq"]
    if len(agents) != 1:
        wrong(f"records of {len(agents)} agents")
    doubles = sorted(s for s, n in seqs.items() if n > 1)
    gaps = sorted(set(range(1, max(seqs, default=0) + 1)) - set(seqs))
    if doubles:
        wrong(f"{len(doubles)} doubles: {doubles[:10]}")
    if gaps:
        wrong(f"{len(gaps)} gaps: {gaps[:10]}")
    if len(seqs) < args.n:
        wrong(f"only {len(seqs)} records, wanted {args.n} or more")
    if not faults:
        print(f"{len(seqs)} records")


def matches(wanted, got):
    """wanted is a part of got: objects by key, lists item by item."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        return all(k in got and matches(v, got[k]) for k, v in wanted.items())
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(matches, wanted, got))
    return wanted == got


def cmd_expect(args):
    """The one record of FILE has everything that the second file, a JSON object, says."""
    records = load(args.files[0])
    with open(args.files[1], encoding="utf-8") as f:
        wanted = json.load(f)
    if len(records) != 1:
        wrong(f"{len(records)} records, wanted 1")
        return
    for key, value in wanted.items():
        if not matches(value, records[0][1].get(key)):
            wrong(f"{key}: wanted {json.dumps(value)[:300]}, "
                  f"got {json.dumps(records[0][1].get(key))[:300]}")


def cmd_note(args):
    """One record of FILE at the address has a note of this kind; with --none, no record has."""
    found = [n for _, r in load(args.files[0]) for n in r["notes"]
             if n["kind"] == args.kind and args.address in ("any", r["device"]["ip"])]
    if args.none and found:
        wrong(f"a note {args.kind}: {found[0]['text']}")
    if not args.none and not found:
        wrong(f"no note {args.kind} at {args.address}")
    if not args.none and args.text and not any(re.search(args.text, n["text"]) for n in found):
        wrong(f"no note {args.kind} says {args.text}: {[n['text'] for n in found][:3]}")


def cmd_get(args):
    """Print one value of each record at the address: device.serial, meters.0.value."""
    for _, record in load(args.files[0]):
        if args.address not in ("any", record["device"]["ip"]):
            continue
        value = record
        for key in args.path.split("."):
            try:
                value = value[int(key)] if isinstance(value, list) else value[key]
            except (KeyError, IndexError):
                value = None
                break
        print(value if isinstance(value, (str, int)) else json.dumps(value))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schema", required=True, help="sdk/RECORD")
    commands = parser.add_subparsers(required=True)

    def command(function, files):
        name = function.__name__[4:]
        p = commands.add_parser(name, help=function.__doc__.splitlines()[0])
        p.set_defaults(function=function)
        p.add_argument("files", nargs=files)
        return p

    command(cmd_schema, "+")
    p = command(cmd_same, 2)
    p.add_argument("--only", action="append")
    p.add_argument("--without", action="append", default=[])
    p = command(cmd_true, 2)
    p.add_argument("--address", required=True)
    p.add_argument("--less", action="store_true", help="it may say less without a note")
    p.add_argument("--total", action="store_true", help="only who it is and its total")
    command(cmd_mib, 2)
    p = command(cmd_count, "+")
    p.add_argument("-n", type=int, required=True)
    p = command(cmd_seqs, "+")
    p.add_argument("-n", type=int, default=1, help="so many at least")
    command(cmd_expect, 2)
    p = command(cmd_note, 1)
    p.add_argument("--kind", required=True)
    p.add_argument("--address", default="any")
    p.add_argument("--text")
    p.add_argument("--none", action="store_true")
    p = command(cmd_get, 1)
    p.add_argument("--address", default="any")
    p.add_argument("path")
    args = parser.parse_args()
    args.function(args)
    for line in faults[:20]:
        print(line)
    if len(faults) > 20:
        print(f"and {len(faults) - 20} more")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
