#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verify.py - what a server got, held against what the agent made.

    verify.py same RECORDS GOT [odd]   up to the newest of GOT both hold the same, each once;
                                       odd: of RECORDS only those with an odd seq
    verify.py transcript FILE DICTIONARY   print the lines that left, as FILE shows them
"""
import base64, json, subprocess, sys


def load(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


def same(records, got, which=""):
    made, lines = load(records), load(got)
    made, there = ({r["seq"]: r for r in rs} for rs in (made, lines))
    last = max(there)
    wanted = {s for s in made if s <= last and (which != "odd" or s % 2 == 1)}
    missing, wrong = sorted(wanted - set(there)), [s for s in there if made.get(s) != there[s]]
    if missing or wrong or len(lines) != len(there):
        sys.exit(f"missing {missing}, wrong {wrong}, {len(lines)} lines of {len(there)} records")


def transcript(path, dictionary):
    for request in load(path):
        head = request["head"].lower()
        if "authorization: (not shown)" not in head or "right" in head:
            sys.exit(f"the head shows a secret: {head}")
        body = subprocess.run(["zstd", "-dcq", "-D", dictionary], check=True,
                              input=base64.b64decode(request["body"]), stdout=subprocess.PIPE)
        print(body.stdout.decode(), end="")


{"same": same, "transcript": transcript}[sys.argv[1]](*sys.argv[2:])
