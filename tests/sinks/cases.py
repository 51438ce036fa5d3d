#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# cases.py records FILE [backwards|shuffled] | expected FILE - billing.cases as records and as
# the lines that the database must give.
import json, random, sys, uuid


def record(agent, seq, time, device, meter, unit, value, note="-", via="printer-mib"):
    agent, seq = int(agent), int(seq)
    return {
        "schema": "platen.reading/1",
        "id": str(uuid.UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + (agent << 32) + seq)),
        "agent": f"{agent:08x}-0000-4000-8000-00000000cafe", "seq": seq, "customer": "C-1",
        "time": time, "device": {"id": device, "ip": "10.0.0.9"},
        "status": {"state": "idle", "errors": []},
        "meters": [{"name": meter, "value": int(value), "unit": unit, "via": via}],
        "supplies": [], "alerts": [],
        "notes": [{"kind": note, "text": "as the agent saw it"}] if note != "-" else [],
    }


lines = [l.split() for l in open(sys.argv[2]) if l.strip() and not l.startswith("#")]
if sys.argv[1] == "expected":
    for l in sorted("|".join((l[1:] + ["0"])[:10]) for l in lines if l[0] == "b"):
        print(l)
else:
    records = [json.dumps(record(*l[1:])) for l in lines if l[0] == "r"]
    if "backwards" in sys.argv:
        records.reverse()
    if "shuffled" in sys.argv:
        records *= 2
        random.Random(4).shuffle(records)
    print("\n".join(records))
