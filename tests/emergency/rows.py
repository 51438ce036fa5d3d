# SPDX-License-Identifier: Apache-2.0
"""rows.py FILE AGENT [CURSOR] - what a gateway's file has of an agent.

Prints readings, urgent rows, the highest urgent seq and printers among the urgent rows; or, with
CURSOR, what is wrong: each seq up to it must be there as a reading once, and no row twice.
"""

import collections
import json
import sys

rows = []
for line in open(sys.argv[1]):
    if line.endswith("\n"):
        row = json.loads(line)
        if row["agent"] == sys.argv[2]:
            rows.append(row)
count = {
    kind: collections.Counter(r["seq"] for r in rows if r["schema"] == f"platen.{kind}/1")
    for kind in ("reading", "urgent")
}
if len(sys.argv) == 3:
    printers = {r["device"] for r in rows if r["schema"] == "platen.urgent/1" and "device" in r}
    urgent = count["urgent"]
    print(len(count["reading"]), len(urgent), max(urgent, default=0), len(printers))
    sys.exit()
cursor = int(sys.argv[3])
for seq in range(1, cursor + 1):
    if count["reading"][seq] != 1:
        print(f"record {seq} is there {count['reading'][seq]} times")
for seq, n in count["urgent"].items():
    if n != 1 or seq > cursor:
        print(f"urgent facts of {seq} are there {n} times, the cursor is {cursor}")
