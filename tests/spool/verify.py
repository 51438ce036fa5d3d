#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verify.py SPOOL.DB FILE: each record stands in the file and its rotated ones once, in order.

Options: --gaps allows holes in the numbers (after a damaged spool), --from-file
only looks at the file.  Prints nothing and ends with 0, or says what is wrong.
"""
import glob
import json
import sqlite3
import sys

options = [a for a in sys.argv[1:] if a.startswith("--")]
db, path = [a for a in sys.argv[1:] if not a.startswith("--")]

lines = {}
last = 0
for name in sorted(glob.glob(path + ".*")) + [path]:
    with open(name) as f:
        for n, line in enumerate(f, 1):
            if not line.endswith("\n"):
                sys.exit(f"{name}:{n}: a line without end")
            seq = json.loads(line)["seq"]
            if seq in lines:
                sys.exit(f"{name}:{n}: record {seq} stands there twice")
            if seq <= last or (seq != last + 1 and "--gaps" not in options):
                sys.exit(f"{name}:{n}: record {seq} follows {last}")
            lines[seq] = line.rstrip("\n")
            last = seq

if "--from-file" not in options:
    spool = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    for seq, text in spool.execute("SELECT seq, json FROM record ORDER BY seq"):
        if lines.get(seq) != text:
            sys.exit(f"record {seq} of the spool " +
                     ("is another one in the file" if seq in lines else "is not in the file"))
print(f"{last} records", file=sys.stderr)
