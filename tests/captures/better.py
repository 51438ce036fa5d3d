#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""better.py ALONE TOGETHER - no printer is read worse with all plugins than by the standard.

Both are records of the same printers at the same addresses, read by printer-mib alone and
by all plugins.  What the standard told stands in the second record, too: the same, or with
a note that has both.  One line of result per printer that is read worse, else one in all.
"""
import json
import sys

# How much a supply's state tells, where there is no percentage.
VAGUE = {"unknown": 0, "some": 1}


def records(path):
    with open(path, encoding="utf-8") as f:
        return {r["device"]["ip"]: r for r in map(json.loads, f)}


def noted(record, *words):
    """Is there a note that has all of these?"""
    return any(all(str(w) in n["text"] for w in words) for n in record["notes"])


def device_faults(alone, together):
    for key, value in alone["device"].items():
        got = together["device"].get(key)
        if key != "id" and got != value and (got is None or not noted(together, key, value)):
            yield f"{key} {got}, was {value}"


def meter_faults(alone, together):
    has = {(m["name"], m.get("part")): m["value"] for m in together["meters"]}
    for meter in alone["meters"]:
        name, value = meter["name"], meter["value"]
        got = has.get((name, meter.get("part")))
        if got != value and (got is None or not noted(together, name, value)):
            yield f"meter {name} {got}, was {value}"


def supply_faults(alone, together):
    has = {s["part"]: s for s in together["supplies"]}
    for old in alone["supplies"]:
        new = has.get(old["part"], {})
        lost = set(old) - set(new)
        if "level" in new and "level" not in old:
            lost.discard("capacity") # what the level is out of, when nobody knew the level
        if lost:
            yield f"supply {old['part']} lost {', '.join(sorted(lost))}"
        elif VAGUE.get(new["state"], 2) < VAGUE.get(old["state"], 2):
            yield f"supply {old['part']} is {new['state']}, was {old['state']}"


def alert_faults(alone, together):
    texts = [json.dumps(a, sort_keys=True) for a in together["alerts"]]
    for alert in alone["alerts"]:
        if json.dumps(alert, sort_keys=True) not in texts:
            yield f"no alert {alert.get('text')}"


def status_faults(alone, together):
    old, new = alone["status"]["state"], together["status"]["state"]
    # The standard has no word for sleep: what it calls idle may be.
    if old != new and old != "unknown" and (old, new) != ("idle", "sleep"):
        yield f"status {new}, was {old}"
    lost = set(alone["status"]["errors"]) - set(together["status"]["errors"])
    if lost:
        yield f"errors lost: {', '.join(sorted(lost))}"


def main():
    alone, together = records(sys.argv[1]), records(sys.argv[2])
    worse = 0
    for address, old in alone.items():
        new = together.get(address)
        faults = ["no record"] if new is None else [
            fault for check in (device_faults, meter_faults, supply_faults, alert_faults,
                                status_faults) for fault in check(old, new)]
        if faults:
            worse += 1
            print(f"not ok not-worse-{address}: {old['device'].get('model')}: "
                  f"{'; '.join(faults)[:900]}")
    if not alone:
        print("not ok not-worse: there are no records")
    elif not worse:
        print(f"ok not-worse ({len(alone)} printers)")
    return 1 if worse or not alone else 0


if __name__ == "__main__":
    sys.exit(main())
