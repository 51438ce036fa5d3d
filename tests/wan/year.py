#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""year.py - what a site's printers would say in some days, from records of captures.

    build/platen replay --json plugins/*/captures | tests/wan/year.py PRINTERS DAYS A-DAY BATCHES-A-DAY

Prints batches for wan-drive.  Each printer is one of the captures with a serial number, a
load and a rhythm of its own: some print a lot, most little, none at night or on Sundays.
Meters grow by what is printed, supplies fall with them and are replaced when they are empty;
status follows the hour, alerts come with empty supplies.
"""
import copy, datetime, json, random, sys

from receiver import record_id

rand = random.Random(2)
AGENT = "3f0f6b1e-5a0c-4d3e-9a57-0d9f2f1d6c11"


class Printer:
    def __init__(self, record, number):
        self.record = copy.deepcopy(record)
        device = self.record["device"]
        maker = device["id"].split(":")[0]
        like = device.get("serial", "X1")
        device["serial"] = "".join(rand.choice("0123456789") if c.isdigit() else c for c in like) \
            + f"{number:02}"
        device["id"] = f"{maker}:{device['serial']}"
        device["ip"] = f"192.168.1.{number + 20}"
        if "mac" in device:
            device["mac"] = device["mac"][:8] + "".join(f":{rand.getrandbits(8):02x}" for _ in "abc")
        self.load = rand.lognormvariate(4, 1)  # pages a working day; the middle one is 55
        self.share = {m["name"]: 1.0 if m["name"] == "total" else rand.random()
                      for m in self.record["meters"]}
        self.part = {}

    def work(self, now, hours):
        busy = sum(0.12 for h in range(hours)
                   if 8 <= (now - datetime.timedelta(hours=h)).hour < 17 and now.weekday() < 5)
        pages = int(self.load * busy * rand.uniform(0.3, 1.7))
        for m in self.record["meters"]:
            m["value"] += int(pages * self.share[m["name"]])
        alerts = [a for a in self.record["alerts"] if a.get("code") != "toner-low"]
        for i, s in enumerate(self.record["supplies"]):
            if "percent" not in s:
                continue
            self.part[i] = self.part.get(i, s["percent"]) - pages / rand.uniform(40, 120)
            if self.part[i] <= 0:
                self.part[i] = 100
            s["percent"] = int(self.part[i])
            if "level" in s and "capacity" in s:
                s["level"] = s["capacity"] * s["percent"] // 100
            if s["percent"] < 10:
                alerts.append({"severity": "warning", "code": "toner-low", "number": 1104,
                               "group": "supplies", "text": f"Toner low: {s.get('color', 'black')}"})
        self.record["alerts"] = alerts
        state = "sleep" if pages == 0 else rand.choice(["idle", "idle", "sleep", "printing"])
        self.record["status"] = {"state": state,
                                 "errors": ["low-toner"] if alerts else []}

    def read(self, now, seq):
        time = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        own = {"schema": "platen.reading/1", "id": record_id(AGENT, seq, time), "agent": AGENT,
               "seq": seq, "customer": "C-1042", "site": "head-office", "time": time}
        return own | {k: v for k, v in self.record.items() if k not in own}


def main():
    printers, days, a_day, batches = map(int, sys.argv[1:5])
    seen = [r for r in map(json.loads, sys.stdin) if r.get("meters")]
    site = [Printer(rand.choice(seen), i) for i in range(printers)]
    now, seq = datetime.datetime(2027, 3, 1, 2, tzinfo=datetime.timezone.utc), 0
    for _ in range(days):
        for reading in range(a_day):
            for i, p in enumerate(site):
                seq += 1
                p.work(now, 24 // a_day)
                at = now + datetime.timedelta(seconds=i * 61 + rand.randint(0, 50))
                print(json.dumps(p.read(at, seq), separators=(",", ":"), ensure_ascii=False))
            now += datetime.timedelta(hours=24 // a_day)
            if (reading + 1) % (a_day // batches) == 0:
                print()


main()
