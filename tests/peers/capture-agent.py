#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""capture-agent.py FILE.snmprec - serves a capture to snmpd's pass_persist.

snmpd asks "get" or "getnext" and an object; the answer is the object, a type and a
value, or NONE.  Octet strings go as hex, so that nothing in them is interpreted.
"""
import bisect
import sys

TYPES = {"2": "integer", "4": "octet", "6": "objectid", "64": "ipaddress", "65": "counter",
         "66": "gauge", "67": "timeticks", "70": "counter64"}


def number(oid):
    return tuple(map(int, oid.strip(".").split(".")))


def value(kind, text):
    if kind == "4x":
        return " ".join(text[i:i + 2] for i in range(0, len(text), 2))
    if kind == "4":
        return text.encode("latin-1").hex(" ")
    return text


objects = {}
with open(sys.argv[1], encoding="latin-1", newline="\n") as f:
    for line in f:
        oid, kind, text = (line.rstrip("\n").split("|", 2) + ["", ""])[:3]
        if kind.rstrip("xe") in TYPES:
            objects[number(oid)] = (TYPES[kind.rstrip("xe")], value(kind.replace("e", ""), text))
names = sorted(objects)


def answer(oid):
    kind, text = objects[oid]
    return "." + ".".join(map(str, oid)) + f"\n{kind}\n{text}\n"


while command := sys.stdin.readline().strip():
    if command == "PING":
        sys.stdout.write("PONG\n")
    elif command == "set":
        sys.stdin.readline()
        sys.stdin.readline()
        sys.stdout.write("not-writable\n")
    else:
        asked = number(sys.stdin.readline())
        if command == "getnext":
            at = bisect.bisect_right(names, asked)
            asked = names[at] if at < len(names) else ()
        sys.stdout.write(answer(asked) if asked in objects else "NONE\n")
    sys.stdout.flush()
