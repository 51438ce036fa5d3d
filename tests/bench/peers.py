# SPDX-License-Identifier: Apache-2.0
#
# peers.py - what a user could take instead of platen, each run on the same printers.
#
# Every function runs one program once and returns a dict of figures: wall and cpu seconds,
# complete (printers found or read), memory in KiB where it is a process that stays.  What is
# not installed is not run: have() says so.

import concurrent.futures, os, re, resource, shutil, subprocess, time, urllib.request

SYS_OBJECT_ID = (1, 3, 6, 1, 2, 1, 1, 2, 0)
SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)

# What is read of a printer, for those who walk whole tables: identity, counters, supplies, alerts.
TABLES = ["1.3.6.1.2.1.1", "1.3.6.1.2.1.43.5.1.1", "1.3.6.1.2.1.43.10.2.1", "1.3.6.1.2.1.43.11.1.1",
          "1.3.6.1.2.1.43.18.1.1"]


def have(program):
    return shutil.which(program) or next(
        (p for d in ("/usr/sbin", "/sbin") if os.access(p := f"{d}/{program}", os.X_OK)), None)


def timed(words, **more):
    """Run to the end: seconds, processor seconds, output."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, errors="replace",
                          stdin=more.pop("stdin", subprocess.DEVNULL), **more)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "out": done.stdout, "err": done.stderr,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


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


# ---- discovery ----

def nmap(net, port, fast):
    words = ["nmap", "-n", "-Pn", "-sU", "-p", str(port), "-T5", "-oG", "-", net]
    if fast:
        words[4:4] = ["--max-retries", "1", "--min-rate", "100000", "--min-hostgroup", "4096",
                      "--max-rtt-timeout", "100ms", "--initial-rtt-timeout", "50ms"]
    r = timed(words)
    r["complete"] = len(re.findall(r"Ports: %d/open/" % port, r["out"]))
    return r


def onesixtyone(net, port, wait):
    r = timed(["onesixtyone", "-p", str(port), "-w", str(wait), net, "public"])
    r["complete"] = len({l.split()[0] for l in r["out"].splitlines() if l.startswith("127.")})
    return r


# ---- reading ----

def snmpbulkwalk(addresses, port, at_once):
    """The whole Printer-MIB of each, and its system group."""
    script = ('for t in 1.3.6.1.2.1.1 1.3.6.1.2.1.43; do snmpbulkwalk -v2c -c public -Cr25 -On -r1 '
              '-t2 "$0:%d" $t; done | grep -c 43.11.1.1.9' % port)
    listing = "\n".join(addresses)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["xargs", "-P", str(at_once), "-n", "1", "sh", "-c", script],
                          input=listing, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": time.monotonic() - began, "complete": len(done.stdout.split()),
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


class Exporter:
    """prometheus-snmp-exporter, with whole tables; what asks it over HTTP is not counted."""

    def __init__(self, tmp, port):
        config = os.path.join(tmp, "snmp.yml")
        with open(config, "w") as f:
            f.write("printer:\n  walk:\n" + "".join(f"  - {t}\n" for t in TABLES))
            f.write("  metrics:\n")
            for name, oid in (("life", "43.10.2.1.4"), ("level", "43.11.1.1.9"),
                              ("capacity", "43.11.1.1.8"), ("severity", "43.18.1.1.2")):
                f.write(f"  - name: {name}\n    oid: 1.3.6.1.2.1.{oid}\n    type: gauge\n"
                        "    help: h\n    indexes:\n    - labelname: device\n      type: gauge\n"
                        "    - labelname: part\n      type: gauge\n")
            f.write("  version: 2\n  max_repetitions: 25\n  timeout: 2s\n  retries: 1\n"
                    "  auth:\n    community: public\n")
        self.port = port
        self.process = subprocess.Popen(
            [have("prometheus-snmp-exporter"), f"--config.file={config}",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=open(os.path.join(tmp, "exporter.log"), "w"))
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("prometheus-snmp-exporter did not start: "
                           + open(os.path.join(tmp, "exporter.log")).read()[-300:])

    def spent(self):
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def read(self, addresses, snmp_port, at_once):
        def one(address):
            url = f"http://127.0.0.1:{self.port}/snmp?module=printer&target={address}:{snmp_port}"
            try:
                return b"level{" in urllib.request.urlopen(url, timeout=20).read()
            except OSError:
                return False

        spent, began = self.spent(), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            complete = sum(pool.map(one, addresses))
        wall = time.monotonic() - began
        with open(f"/proc/{self.process.pid}/smaps_rollup") as f:
            memory = next(int(l.split()[1]) for l in f if l.startswith("Pss:"))
        return {"wall": wall, "cpu": self.spent() - spent, "complete": complete, "memory": memory}

    def stop(self):
        self.process.terminate()
        self.process.wait()
