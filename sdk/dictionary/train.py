#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""train.py - make platen.dict: what records of printers have in common, for zstd.

    build/platen replay --json plugins/*/captures | sdk/dictionary/train.py OUT

From each record of the captures in this tree (invented printers) come variants: other
serial numbers, counts and times, whole and as deltas; zstd finds what they share.  The
same input gives the same dictionary.  A new dictionary is a new ID: servers that have
only the old one go on with it.
"""
import copy, json, os, random, subprocess, sys, tempfile

ID = 1347174705
SIZE = 28 * 1024
VARIANTS = 40
rand = random.Random(1)


def hexes(n):
    return "".join(rand.choice("0123456789abcdef") for _ in range(n))


def uuid(seven):
    return f"{hexes(8)}-{hexes(4)}-{7 if seven else 4}{hexes(3)}-a{hexes(3)}-{hexes(12)}"


def text(like):
    """Another text of the same form."""
    return "".join(rand.choice("0123456789") if c.isdigit() else
                   rand.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if c.isupper() else c for c in like)


def time():
    return (f"202{rand.randint(6, 9)}-{rand.randint(1, 12):02}-{rand.randint(1, 28):02}"
            f"T{rand.randint(0, 23):02}:{rand.randint(0, 59):02}:{rand.randint(0, 59):02}Z")


def ordered(record, agent, seq):
    """As the agent writes it: with its own members in their places."""
    device = record["device"]
    maker = device["id"].split(":")[0]
    if "serial" in device:
        device["serial"] = text(device["serial"])
        device["id"] = f"{maker}:{device['serial']}"
    if "mac" in device:
        device["mac"] = device["mac"][:8] + "".join(f":{hexes(2)}" for _ in range(3))
    device["ip"] = f"192.168.{rand.randint(0, 9)}.{rand.randint(2, 250)}"
    for meter in record["meters"]:
        meter["value"] = rand.randint(0, 10 ** rand.randint(3, 7))
    for supply in record["supplies"]:
        if "percent" in supply:
            supply["percent"] = rand.randint(1, 100)
            if "capacity" in supply:
                supply["level"] = supply["capacity"] * supply["percent"] // 100
        if "serial" in supply:
            supply["serial"] = text(supply["serial"])
    first = {"schema": record["schema"], "id": uuid(True), "agent": agent, "seq": seq,
             "customer": f"C-{rand.randint(1000, 9999)}",
             "site": rand.choice(["head-office", "branch-1", "school", "warehouse"]),
             "time": time()}
    return first | {k: v for k, v in record.items() if k not in first}


def delta(record, seq, pages):
    """What a few hours change, as platen/delta.h says it."""
    changes, plus = {}, []
    for alert in record["alerts"]:
        plus += [0] * ("number" in alert)
    for i, _ in enumerate(record["meters"]):
        plus.append(pages if i == 0 or rand.random() < 0.3 else
                    rand.randint(0, pages) if rand.random() < 0.5 else 0)
    for supply in record["supplies"]:
        less = -1 if rand.random() < 0.2 else 0
        plus += [0] * ("capacity" in supply)
        if "level" in supply:
            plus.append(less * supply.get("capacity", 100) // 100)
        plus += [less] * ("percent" in supply)
    while plus and plus[-1] == 0:
        plus.pop()
    if rand.random() < 0.4:
        changes["status"] = {"state": rand.choice(["idle", "sleep", "printing", "warmup"])}
    return {"schema": "platen.delta/1", "agent": record["agent"], "seq": seq,
            "time": time(), "base": record["seq"], "device": record["device"]["id"],
            **({"plus": plus} if plus else {}), "changes": changes}


def main():
    seen = [json.loads(line) for line in sys.stdin]
    seen = [r for r in seen if "device" in r]
    with tempfile.TemporaryDirectory() as folder:
        n = 0
        for _ in range(VARIANTS):
            for record in seen:
                agent, seq = uuid(False), rand.randint(1, 10 ** rand.randint(2, 6))
                whole = ordered(copy.deepcopy(record), agent, seq)
                for line in whole, delta(whole, seq + rand.randint(10, 300), rand.randint(0, 99)):
                    with open(os.path.join(folder, f"{n:06}"), "w") as f:
                        f.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
                    n += 1
        subprocess.run(["zstd", "-q", "--train", "-r", folder, "-f", "-o", sys.argv[1],
                        f"--maxdict={SIZE}", f"--dictID={ID}"], check=True)


main()
