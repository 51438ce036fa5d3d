# SPDX-License-Identifier: Apache-2.0
#
# world.py - what the bench measures in: simulated printers, platen, and what processes cost.
#
# Whatever is started here is ended when the bench ends, also when it is broken off: each is the
# head of a group that is ended by its id, and the kernel ends it should the bench be killed.

import atexit, ctypes, fcntl, json, os, shutil, signal, socket, sqlite3, struct, subprocess, sys
import tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("PLATEN_BUILD", os.path.join(ROOT, "build"))
PLATEN = os.path.join(BUILD, "platen")
BLASTER = os.path.join(BUILD, "tests/bench/blaster")

tmp = tempfile.mkdtemp(prefix="platen-bench.")
port = 23000 + os.getpid() % 7000
started = []  # processes that may still be there
kernel = ctypes.CDLL(None)


def give_up(why):
    print(f"bench: {why}", file=sys.stderr)
    sys.exit(1)


def own_network():
    """Loopback addresses, port 161 and counters of packets that nobody else uses, where the kernel
    lets us: the bench starts itself anew in there."""
    if os.environ.get("PLATEN_BENCH_NET") != "own":
        words = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "-Urn"]
        if not shutil.which(words[0]) or subprocess.run([*words, "true"], capture_output=True).returncode:
            return
        shutil.rmtree(tmp)
        os.environ["PLATEN_BENCH_NET"] = "own"
        os.execvp(words[0], [*words, sys.executable, *sys.argv])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        up = struct.pack("16sh14x", b"lo", 0x49)  # IFF_UP, IFF_LOOPBACK, IFF_RUNNING
        fcntl.ioctl(s, 0x8914, up)  # SIOCSIFFLAGS


def start(words, cpu=None, **more):
    """A process that does not outlive the bench; cpu: the one processor it may use."""
    def first():
        os.setpgid(0, 0)
        kernel.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})

    p = subprocess.Popen(words, preexec_fn=first, **more)
    started.append(p)
    return p


def stop(p, seconds=20):
    """To the end, with all that it started."""
    if p not in started:
        return p.returncode  # its number may be another's by now
    started.remove(p)
    if p.poll() is None:
        p.terminate()
    try:
        p.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(p.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return p.wait()


def tidy():
    for p in list(started):
        stop(p, 3)
    shutil.rmtree(tmp, ignore_errors=True)


atexit.register(tidy)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, lambda n, _: sys.exit(128 + n))


def address(n, net=0x7F1E0000):
    return ".".join(str((net + n) >> s & 255) for s in (24, 16, 8, 0))


# ---- what processes cost ----

def family(pid):
    found = [pid]
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as f:
                for child in f.read().split():
                    found += family(int(child))
    except OSError:
        pass
    return found


def spent(pid):
    """Seconds on a processor, of a process and all below it, all their threads, in the kernel too;
    also of those that have ended, as far as one of these has waited for them."""
    total, tick = 0, os.sysconf("SC_CLK_TCK")
    for p in family(pid):
        try:
            with open(f"/proc/{p}/stat") as f:
                children = f.read().rpartition(")")[2].split()[13:15]
            total += time.clock_gettime(~p << 3 | 2)  # the clock of that process, to the nanosecond
            total += sum(map(int, children)) / tick
        except OSError:
            pass
    return total


def memory(pid):
    """KiB of a process and all below it, what is shared in shares (PSS); and how many processes."""
    total, n = 0, 0
    for p in family(pid):
        try:
            with open(f"/proc/{p}/smaps_rollup") as f:
                total += next(int(l.split()[1]) for l in f if l.startswith("Pss:"))
                n += 1
        except (OSError, StopIteration):
            pass
    return total, n


def woken(pid):
    """How often these processes have waited for something."""
    total = 0
    for p in family(pid):
        try:
            with open(f"/proc/{p}/status") as f:
                total += next(int(l.split()[1]) for l in f if l.startswith("voluntary_ctxt"))
        except (OSError, StopIteration):
            pass
    return total


class Watch(threading.Thread):
    """Looks again and again while something runs: look() each so many seconds."""

    def __init__(self, look, every):
        super().__init__(daemon=True)
        self.look, self.every, self.over = look, every, threading.Event()
        self.seen = []

    def run(self):
        while not self.over.is_set():
            self.seen.append((time.monotonic(), self.look()))
            self.over.wait(self.every)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        self.seen.append((time.monotonic(), self.look()))


def datagrams():
    """UDP datagrams that have left in this network."""
    with open("/proc/net/snmp") as f:
        udp = [l.split() for l in f if l.startswith("Udp:")]
    return int(udp[1][udp[0].index("OutDatagrams")])


# ---- the simulator ----

# What is counted of what somebody has read: a column of the Printer-MIB each.
VALUES = {"page counters": "1.3.6.1.2.1.43.10.2.1.4", "supply levels": "1.3.6.1.2.1.43.11.1.1.9",
          "alerts": "1.3.6.1.2.1.43.18.1.1.2"}


class Simulator:
    def __init__(self, captures, listen, latency, port=port, cpu=None):
        self.captures = captures
        self.stats_file = os.path.join(tmp, f"sim-{time.monotonic_ns()}.json")
        self.process = start(
            [os.path.join(BUILD, "platen-sim"), "--listen", listen, "--port", str(port),
             "--unique", "--latency", str(latency), "--stats", self.stats_file, "--ready", "-",
             *captures], cpu, stdout=subprocess.PIPE, stderr=open(f"{tmp}/sim.err", "w"),
            text=True)
        if self.process.stdout.readline().strip() != "ready":
            give_up("the simulator did not start: " + open(f"{tmp}/sim.err").read())

    def stats(self):
        """What has been asked and answered until now."""
        if os.path.exists(self.stats_file):
            os.unlink(self.stats_file)
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(2500):
            try:
                with open(self.stats_file) as f:
                    return json.load(f)
            except (OSError, ValueError):
                time.sleep(0.002)
        give_up("the simulator gives no statistics")

    def counted(self, run):
        """A run with the packets that reached a printer, or an address without one."""
        before = self.stats()
        figures = run()
        now = self.stats()
        more = lambda *keys: sum(now[k] - before[k] for k in keys)
        figures["packets"] = more("requests", "elsewhere")
        figures["bytes"] = more("bytes_in", "bytes_out")
        return figures

    def quiet(self, seconds=0.5, at_most=60):
        """When nobody has asked for a while: what has been asked until then."""
        until, asked = time.monotonic() + at_most, -1
        while (now := self.stats()["requests"]) != asked:
            if time.monotonic() > until:
                give_up(f"the printers are still asked after {at_most} s")
            asked = now
            time.sleep(seconds)
        return asked

    def holds(self, n):
        """How many cells of VALUES its first n printers have."""
        have = []
        for path in self.captures:
            with open(path, encoding="latin-1") as f:
                rows = [l.split("|")[0] for l in f]
            have.append([sum(r.startswith(c + ".") for r in rows) for c in VALUES.values()])
        return [sum(have[i % len(have)][v] for i in range(n)) for v in range(len(VALUES))]

    def stop(self):
        if stop(self.process) == 3:
            give_up("somebody tried to write to a printer")


# ---- platen itself ----

def ini(**more):
    """Write an INI; more is section__key = value.  Each has a state folder of its own."""
    number = time.monotonic_ns()
    sections = {
        "site": {"customer": "C-1", "name": "bench", "state": f"{tmp}/state-{number}"},
        "discover": {"rate": 20000, "every": "1d"},
        "snmp": {"port": port},
        "schedule": {"jitter": 0},
        "plugins": {"path": f"{BUILD}/plugins"},
        "sink local": {"plugin": "file", "every": "5s", "path": f"{tmp}/out-{number}.jsonl"},
    }
    for key, value in more.items():
        section, _, key = key.partition("__")
        sections[section][key] = value
    os.mkdir(sections["site"]["state"], 0o700)
    path = f"{tmp}/{number}.ini"
    with open(path, "w") as f:
        for section, keys in sections.items():
            f.write(f"[{section}]\n" + "".join(f"{k} = {v}\n" for k, v in keys.items()) + "\n")
    return path, sections["site"]["state"]


class Agent:
    """platen run, over printers 1..n; a round is when it is told to read all of them now."""

    def __init__(self, sim, n, every=86400, cpu=None, **more):
        self.sim, self.n, self.began = sim, n, time.monotonic()
        path, state = ini(discover__ranges=f"{address(1)}-{address(n)}",
                          schedule__every=f"{every}s", **more)
        self.spool, self.log, self.db = f"{state}/spool.db", f"{tmp}/run.log", None
        self.process = start([PLATEN, "run", "-c", path], cpu, stdin=subprocess.DEVNULL,
                             stdout=open(self.log, "w"), stderr=subprocess.STDOUT)

    def kept(self):
        """Records that have been kept in the spool."""
        try:
            if self.db is None:
                self.db = sqlite3.connect(f"file:{self.spool}?mode=ro", uri=True, timeout=1)
            n = self.db.execute("SELECT max(seq) FROM record").fetchone()
            return n[0] or 0
        except sqlite3.Error:
            self.db = None
            return 0

    def wait_kept(self, n, seconds):
        """False: it took longer."""
        until = time.monotonic() + seconds
        while self.kept() < n:
            if self.process.poll() is not None:
                give_up("platen run has ended: " + open(self.log).read()[-400:])
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        return True

    def first(self):
        """From its start until all printers are found and their first records kept."""
        before = self.sim.stats()
        self.wait_kept(self.n, 60 + self.n / 100)
        r = {"wall": time.monotonic() - self.began, "cpu": spent(self.process.pid),
             "complete": self.kept()}
        if r["complete"] < self.n:
            give_up(f"only {r['complete']} of {self.n} printers were found and read: "
                    + open(self.log).read()[-400:])
        return r | self.asked_since(before)

    def asked_since(self, before):
        self.sim.quiet(0.2)
        now = self.sim.stats()
        return {"packets": now["requests"] - before["requests"],
                "bytes": sum(now[k] - before[k] for k in ("bytes_in", "bytes_out")),
                "memory": memory(self.process.pid)[0]}

    def round(self):
        """From the order to read all to the last record kept; the processor's until all is quiet."""
        self.sim.quiet(0.2)
        kept, used, before = self.kept(), spent(self.process.pid), self.sim.stats()
        began = time.monotonic()
        self.process.send_signal(signal.SIGUSR1)
        self.wait_kept(kept + self.n, 10 + self.n / 200)
        wall = time.monotonic() - began
        more = self.asked_since(before)
        return more | {"wall": wall, "cpu": spent(self.process.pid) - used,
                       "complete": self.kept() - kept}

    def values(self):
        """Of the newest record of each printer: totals of pages, supplies, alerts."""
        last = self.db.execute("SELECT json FROM record ORDER BY seq DESC LIMIT ?", (self.n,))
        found = [json.loads(r[0]) for r in last]
        return [sum(sum(m["name"] == "total" for m in r.get("meters", [])) for r in found),
                *(sum(len(r.get(k, [])) for r in found) for k in ("supplies", "alerts"))]

    def stop(self):
        if self.db:
            self.db.close()
        stop(self.process)
