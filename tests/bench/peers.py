# SPDX-License-Identifier: Apache-2.0
#
# peers.py - what a user could take instead of platen, each run on the same printers.
#
# Every function runs one program once and returns a dict of figures: wall and cpu seconds,
# complete (printers found or read), memory in KiB where it says something.  What is not
# installed is not run: have() says so.

import os, re, resource, shutil, socket, subprocess, time, urllib.request

from world import VALUES, Watch, memory, spent, start, stop, tmp

PATIENCE = 180  # seconds one run may take
SYS_OBJECT_ID = (1, 3, 6, 1, 2, 1, 1, 2, 0)
SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)

# What is read of a printer, for those who walk whole tables: identity, counters, supplies, alerts.
TABLES = ["1.3.6.1.2.1.1", "1.3.6.1.2.1.43.5.1.1", "1.3.6.1.2.1.43.10.2.1", "1.3.6.1.2.1.43.11.1.1",
          "1.3.6.1.2.1.43.18.1.1"]


def have(program):
    return shutil.which(program) or next(
        (p for d in ("/usr/sbin", "/sbin") if os.access(p := f"{d}/{program}", os.X_OK)), None)


def timed(words, text=None, sized=False):
    """Run to the end: seconds, processor seconds, output; sized: its memory at most, too."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    p = start(words, stdin=subprocess.PIPE if text else subprocess.DEVNULL,
              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    try:
        with Watch(lambda: memory(p.pid)[0] if sized else 0, 0.3) as watch:
            out, err = p.communicate(text, PATIENCE)
            wall = time.monotonic() - began
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"{words[0]} took longer than {PATIENCE} s") from None
    finally:
        stop(p)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "out": out, "err": err, "memory": max(m for _, m in watch.seen),
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def xargs(addresses, at_once, script, sized=False):
    return timed(["xargs", "-P", str(at_once), "-n", "1", "sh", "-c", script],
                 "\n".join(addresses), sized)


# ---- BER, as much as the blaster's packets take ----

def ber(tag, body):
    n = len(body)
    head = bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + head + body


def ber_oid(oid):
    out = bytes([oid[0] * 40 + oid[1]])
    for v in oid[2:]:
        part = [v & 127]
        while v := v >> 7:
            part.insert(0, v & 127 | 128)
        out += bytes(part)
    return ber(6, out)


def packet(oids, kind=0xA0, repetitions=0):
    binds = ber(0x30, b"".join(ber(0x30, ber_oid(o) + b"\5\0") for o in oids))
    pdu = ber(kind, ber(2, b"\x12\x34\x56\x78") + ber(2, b"\0") + ber(2, bytes([repetitions])) + binds)
    return ber(0x30, ber(2, b"\1") + ber(4, b"public") + pdu).hex()


def read_packets():
    """Five PDUs that together ask what platen asks of a printer with eight supplies."""
    supply = lambda c, r: (1, 3, 6, 1, 2, 1, 43, 11, 1, 1, c, 1, r)
    cells = [supply(c, r) for r in range(1, 9) for c in range(3, 10)]
    one = [SYS_OBJECT_ID, SYS_DESCR, (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
           (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1)]
    alerts = [(1, 3, 6, 1, 2, 1, 43, 18, 1, 1, c) for c in (2, 4, 5, 7, 8)]
    trays = [(1, 3, 6, 1, 2, 1, 43, 8, 2, 1, c) for c in (8, 9, 10, 13, 18)]
    return [packet(one + cells[:16]), packet(cells[16:36]), packet(cells[36:]),
            packet(alerts, 0xA5, 6), packet(trays, 0xA5, 6)]


def blaster(binary, first, count, port, packets, rate=0, window=0):
    r = timed([binary, first, str(count), str(port), str(rate), str(window), *packets])
    wall, _, done = r["out"].split()
    return {"wall": float(wall), "cpu": r["cpu"], "complete": int(done)}


class Program:
    """What is started anew for every run."""

    def __init__(self, run):
        self.round = run

    def stop(self):
        pass


# ---- discovery ----

def nmap(net, port, fast):
    words = ["nmap", "-n", "-Pn", "-sU", "-p", str(port), "-T5", "-oG", "-", net]
    if fast:
        words[4:4] = ["--max-retries", "1", "--min-rate", "100000", "--min-hostgroup", "4096",
                      "--max-rtt-timeout", "100ms", "--initial-rtt-timeout", "50ms"]
    r = timed(words)
    r["complete"] = len(re.findall(r"Ports: %d/open/" % port, r["out"]))
    return r


def onesixtyone(net, port, wait=None):
    r = timed(["onesixtyone", "-p", str(port), *(["-w", str(wait)] if wait is not None else []),
               net, "public"])
    r["complete"] = len({l.split()[0] for l in r["out"].splitlines() if l.startswith("127.")})
    return r


def snmpget(addresses, port, at_once):
    r = xargs(addresses, at_once, "snmpget -v2c -c public -r0 -t1 -OQn "
              f"$0:{port} 1.3.6.1.2.1.1.2.0 2>/dev/null; true")
    r["complete"] = r["out"].count(" = ")
    return r


def netdiscovery(first, last, port, threads):
    r = timed(["fusioninventory-netdiscovery", "--port", str(port), "--community", "public",
               "--threads", str(threads), "--timeout", "1", "--first", first, "--last", last],
              sized=True)
    # What does not speak SNMP is told as well, for its name or its echo.
    devices = re.findall("<DEVICE>.*?</DEVICE>", r["out"], re.S)
    r["complete"] = sum("<DESCRIPTION>" in d or "<SNMPHOSTNAME>" in d for d in devices)
    r["identified"] = sum(bool(re.search("<(?:MANUFACTURER|MODEL|SERIAL)>", d)) for d in devices)
    return r


# ---- reading ----

def snmpbulkwalk(addresses, port, at_once):
    """The whole Printer-MIB of each, and its system group."""
    r = xargs(addresses, at_once, "for t in 1.3.6.1.2.1.1 1.3.6.1.2.1.43; do snmpbulkwalk -v2c "
              f"-c public -Cr25 -On -r1 -t2 $0:{port} $t || exit 0; done | "
              "grep -E '^.1.3.6.1.2.1.(1.1|43.10.2.1.4|43.11.1.1.9|43.18.1.1.2).' | grep -v ' = No '",
              sized=True)
    r["complete"] = r["out"].count(".1.3.6.1.2.1.1.1.0 =")
    r["values"] = [r["out"].count(f".{column}.") for column in VALUES.values()]
    return r


def netinventory(addresses, port, threads):
    hosts = [w for a in addresses for w in ("--host", a)]
    r = timed(["fusioninventory-netinventory", "--port", str(port), "--type", "PRINTER",
               "--community", "public", "--threads", str(threads), *hosts], sized=True)
    r["complete"] = r["out"].count("<INFO>")
    supplies = re.findall("<CARTRIDGES>(.*?)</CARTRIDGES>", r["out"], re.S)
    r["values"] = [r["out"].count("<TOTAL>"), sum(s.count("</") for s in supplies), 0]
    return r


class Collectd:
    """collectd with its snmp plugin; it reads all in turns of its own."""

    DATA = (("life", "10.2.1.4", None), ("level", "11.1.1.9", "11.1.1.6"),
            ("capacity", "11.1.1.8", "11.1.1.6"), ("severity", "18.1.1.2", "18.1.1.7"))

    def __init__(self, sim, addresses, port, bulk, every):
        self.sim, self.since, self.socket = sim, 0, f"{tmp}/collectd.sock"
        mib = lambda oid: f'"1.3.6.1.2.1.43.{oid}"'
        lines = [f'BaseDir "{tmp}"', f'PIDFile "{tmp}/collectd.pid"', "ReadThreads 64",
                 'TypesDB "/usr/share/collectd/types.db"', f"Interval {every}",
                 "LoadPlugin snmp", "LoadPlugin unixsock", "<Plugin unixsock>",
                 f'SocketFile "{self.socket}"', "</Plugin>", "<Plugin snmp>"]
        for name, oid, label in self.DATA:
            lines += [f"<Data {name}>", "Type gauge", "Table true", f"Values {mib(oid)}",
                      f'TypeInstancePrefix "{name}-"',
                      *([f"TypeInstanceOID {mib(label)}"] if label else []), "</Data>"]
        for a in addresses:
            lines += [f'<Host "{a}">', f'Address "{a}:{port}"', "Version 2", "Community public",
                      "Timeout 2", "Retries 1", *([f"BulkSize {bulk}"] if bulk else []),
                      "Collect " + " ".join(name for name, *_ in self.DATA), "</Host>"]
        with open(f"{tmp}/collectd.conf", "w") as f:
            f.write("\n".join(lines + ["</Plugin>", ""]))
        self.process = start([have("collectd"), "-f", "-C", f"{tmp}/collectd.conf"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sim.quiet(1)

    def newer(self):
        """The names of its values that are of its last turn: host/snmp/gauge-what-..."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            f = s.makefile("rw", encoding="utf-8", errors="replace")
            f.write("LISTVAL\n")
            f.flush()
            values = (f.readline().split(maxsplit=1) for _ in range(int(f.readline().split()[0])))
            return [name for when, name in values if float(when) >= self.since]

    def values(self):
        names = self.newer()
        return [sum(f"/gauge-{what}-" in n for n in names)
                for what in ("life", "level", "severity")]

    def round(self):
        """Its next turn: from the first request to the last."""
        asked, used, self.since = self.sim.quiet(1), spent(self.process.pid), time.time()
        while self.sim.stats()["requests"] == asked:
            time.sleep(0.01)
        began = ended = time.monotonic()
        while time.monotonic() < ended + 1:
            now = self.sim.stats()["requests"]
            if now != asked:
                asked, ended = now, time.monotonic()
            time.sleep(0.02)
        return {"wall": ended - began, "cpu": spent(self.process.pid) - used,
                "complete": len({n.split("/")[0] for n in self.newer()}),
                "memory": memory(self.process.pid)[0]}

    def stop(self):
        stop(self.process)


# prometheus-snmp-exporter's modules: trees to walk, single objects, and columns it makes metrics of.
# "printer_mib" is the module of its own examples, as its generator would write it.
WHOLE = (TABLES, [], {"life": "43.10.2.1.4", "level": "43.11.1.1.9", "capacity": "43.11.1.1.8",
                      "severity": "43.18.1.1.2"})
STOCK = {"printerStatus": "25.3.5.1.1", "reset": "43.5.1.1.3", "consoleDisable": "43.5.1.1.13",
         "name": "43.5.1.1.16", "serial": "43.5.1.1.17", "criticalEvents": "43.5.1.1.18",
         "allEvents": "43.5.1.1.19", "coverStatus": "43.6.1.1.3", "description": "43.11.1.1.6",
         "level": "43.11.1.1.9", "capacity": "43.11.1.1.8", "type": "43.11.1.1.5"}
MODULES = {"whole": WHOLE,
           "printer_mib": ([f"1.3.6.1.2.1.{o}" for o in STOCK.values()], ["1.3.6.1.2.1.1.3.0"],
                           STOCK)}
TEXTS = ("name", "serial", "description")


class Exporter:
    """prometheus-snmp-exporter; what asks it over HTTP, curl, is not counted."""

    def __init__(self, port, addresses, snmp_port, at_once, name):
        config, self.port, self.at_once, self.name = f"{tmp}/snmp.yml", port, at_once, name
        self.addresses = [f"{a}:{snmp_port}" for a in addresses]
        with open(config, "w") as f:
            for name, module in MODULES.items():
                f.write(self.module(name, *module))
        self.process = start(
            [have("prometheus-snmp-exporter"), f"--config.file={config}",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=open(f"{tmp}/exporter.log", "w"))
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("prometheus-snmp-exporter did not start: "
                           + open(f"{tmp}/exporter.log").read()[-300:])

    @staticmethod
    def module(name, walk, get, metrics):
        lines = [f"{name}:", "  walk:", *(f"  - {t}" for t in walk)]
        lines += ["  get:", *(f"  - {o}" for o in get)] if get else []
        lines += ["  metrics:"]
        for metric, oid in metrics.items():
            lines += [f"  - name: {metric}", f"    oid: 1.3.6.1.2.1.{oid}", "    help: h",
                      f"    type: {'DisplayString' if metric in TEXTS else 'gauge'}",
                      "    indexes:", "    - {labelname: device, type: gauge}"]
            if oid.startswith(("43.10", "43.11", "43.18", "43.6")):
                lines += ["    - {labelname: part, type: gauge}"]
        return "\n".join(lines + ["  version: 2", "  max_repetitions: 25", "  timeout: 2s",
                                  "  retries: 1", "  auth: {community: public}", ""])

    def ask(self, to=lambda address: os.devnull):
        """Each address once, so many at a time; to: the file of what is told of it."""
        with open(f"{tmp}/urls", "w") as f:
            for a in self.addresses:
                f.write(f'url = "http://127.0.0.1:{self.port}/snmp?module={self.name}'
                        f'&target={a}"\noutput = {to(a)}\n')
        return timed(["curl", "-sS", "-Z", "--parallel-immediate", "--parallel-max",
                      str(self.at_once), "-w", "%{http_code}\\n", "-K", f"{tmp}/urls"])

    def round(self):
        used = spent(self.process.pid)
        r = self.ask()
        return {"wall": r["wall"], "cpu": spent(self.process.pid) - used,
                "complete": r["out"].split().count("200"), "memory": memory(self.process.pid)[0]}

    def values(self):
        file = lambda address: f"{tmp}/read-{address}"
        self.ask(file)
        told = "".join(open(file(a), errors="replace").read() for a in self.addresses)
        return [told.count(f"\n{what}{{") for what in ("life", "level", "severity")]

    def stop(self):
        stop(self.process)
