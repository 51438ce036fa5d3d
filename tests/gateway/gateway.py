# SPDX-License-Identifier: Apache-2.0
"""gateway.py - a gateway and those who send to it: good agents, broken ones, attackers."""

import gzip, json, os, random, re, signal, socket, ssl, subprocess, sys, threading, time, uuid

import peer
from peer import Gateway, body, record, wait_until

failed = False
DICTIONARY = peer.ROOT + "/sdk/dictionary/platen.dict"


def check(name, wanted, got):
    global failed
    if wanted == got:
        print(f"ok {name}", flush=True)
    else:
        failed = True
        print(f"not ok {name}: wanted {wanted!r}, got {str(got)[:700]!r}", flush=True)


def zstd(data, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=data, capture_output=True).stdout


def stored(answer):
    return (answer.get("stored"), answer.get("refused"), answer.get("full")) \
        if isinstance(answer, dict) else answer


def span(a, b):
    return ({"from": a, "to": b}, [], [])


# ---- good agents ----

def good(g, a, token):
    lines = [record(a, n) for n in (1, 2, 3)]
    status, answer, _ = g.post(body(*lines), token)
    check("a batch is receipted", (200, span(1, 3)), (status, stored(answer)))
    check("its records are passed on as they came, byte by byte", lines, g.arrives(3))
    status, answer, _ = g.post(body(*lines), token)
    check("the same batch again is receipted", (200, span(1, 3)), (status, stored(answer)))
    lines += [record(a, n) for n in (4, 5)]
    status, answer, _ = g.post(zstd(body(*lines[1:])), token, ["Content-Encoding: zstd"])
    check("a batch with zstd that overlaps is receipted", (200, span(2, 5)),
          (status, stored(answer)))
    check("what came twice counts once", lines, g.arrives(5))
    lines.append(record(a, 6))
    status, answer, _ = g.post(gzip.compress(body(lines[5])), token, ["Content-Encoding: gzip"])
    check("a batch with gzip is receipted", (200, span(6, 6)), (status, stored(answer)))
    g.arrives(6)
    status, answer, _ = g.post(zstd(body(lines[5]), "-D", DICTIONARY), token,
                               ["Content-Encoding: zstd"])
    check("a batch with the dictionary is receipted", (200, span(6, 6), True),
          (status, stored(answer), "dictionary:1347174705" in answer["can"]))
    status, answer, _ = g.post(body(record(a, 9)), token)
    check("a batch with a gap before it is receipted", (200, span(9, 9)), (status, stored(answer)))
    status, answer, _ = g.post(body(record(a, 8)), token)
    check("one that comes late is kept all the same", 8,
          json.loads(g.arrives(8)[-1])["seq"])


def deltas(g, a, token):
    base = record(a, 20, device="D1", total=100)
    delta = json.dumps({"schema": "platen.delta/1", "agent": a, "seq": 21,
                        "id": "0198aaaa-0000-7000-8000-00000000ffff",
                        "time": "2026-11-21T10:00:00Z", "base": 20, "device": "Kyocera:D1",
                        "changes": {"meters": {"0": {"value": 123}}}})
    lost = json.loads(delta)
    lost.update(seq=22, base=5)
    before = len(g.lines())
    status, answer, _ = g.post(body(base), token)
    check("a server says that it can take deltas", True, "delta" in answer["can"])
    status, answer, _ = g.post(body(delta, json.dumps(lost)), token)
    check("a delta is receipted, one whose base is lost is asked for whole",
          (200, {"from": 21, "to": 21}, [22]), (status, answer["stored"], answer["full"]))
    whole = json.loads(base)
    whole.update(seq=21, id="0198aaaa-0000-7000-8000-00000000ffff", time="2026-11-21T10:00:00Z")
    whole["meters"][0]["value"] = 123
    check("what is passed on is the whole record", whole, json.loads(g.arrives(before + 2)[-1]))


# ---- who may send ----

def strangers(g, a, token):
    other = str(uuid.uuid4())
    before = len(g.lines())
    status, answer, _ = g.post(body(record(other, 1), record(a, 10)), token)
    check("a record of another agent is refused, the rest is kept",
          (200, [1], "it is not of the agent that sent it"),
          (status, [r["seq"] for r in answer["refused"]], answer["refused"][0]["reason"]))
    check("and is not passed on", [10], [json.loads(r)["seq"] for r in g.arrives(before + 1)[before:]])
    for name, got in (("no token", None), ("a wrong token", token[:-2] + ("E=" if token[-2] == "A" else "A="))):
        status, answer, head = g.post(body(record(a, 11)), got)
        check(f"{name}: 401", (401, True), (status, "WWW-Authenticate" in head))
    second = g.key(a, "another")
    # Each that is sent away counts against this address: few are to be.
    wait_until(10, lambda: g.post(body(record(a, 11)), second)[0] == 200, pause=0.5)
    check("a key made while it runs is taken", 200, g.post(body(record(a, 11)), second)[0])
    g.platen("keys", "revoke", "2")
    check("a key revoked while it runs is not", True,
          wait_until(10, lambda: g.post(body(record(a, 11)), second)[0] == 401))
    check("... and the other one of the agent still is", 200, g.post(body(record(a, 11)), token)[0])
    listed = [json.loads(l) for l in g.platen("keys", "--json", "list").stdout.splitlines()]
    check("keys list tells all of them", [("valid", "a test"), ("revoked", "another")],
          [(k["state"], k["name"]) for k in listed])
    check("the file of keys is closed and holds no token", (0o600, False),
          (os.stat(g.dir + "/gateway.keys").st_mode & 0o777,
           token in open(g.dir + "/gateway.keys").read()))


def certificates(g, a):
    ca, other = peer.tmp + "/ca", peer.authority("other-ca")
    by = lambda *args, **kw: peer.certificate(*args, **kw)
    n = 11
    for name, cert, wanted in (
            ("a client certificate with the agent as its name", by("c1", ca, a), 200),
            ("one with the agent as its urn:uuid",
             by("c2", ca, "printers", san="URI:urn:uuid:" + a), 200),
            ("one with the agent as its DNS name", by("c3", ca, "x", san="DNS:" + a), 200),
            ("one by another authority", by("c4", other, a), 401),
            ("one that has expired", by("c5", ca, a, days="-1"), 401),
            ("one of an agent that has no key", by("c6", ca, str(uuid.uuid4())), 403),
            ("one that names no agent", by("c7", ca, "somebody"), 403)):
        check(f"{name}: {wanted}", wanted, g.post(body(record(a, n)), cert=cert)[0])


# ---- what is not taken ----

def refused(g, a, token):
    one = body(record(a, 12))
    check("GET: 405", 405, g.post(b"", token, method="GET")[0])
    check("another media type: 415", 415,
          g.post(one, token, ["Content-Type: text/plain"])[0])
    check("another coding: 415", 415, g.post(one, token, ["Content-Encoding: br"])[0])
    check("nothing: 400", 400, g.post(b"", token)[0])
    check("no JSON: 400", 400, g.post(os.urandom(5000), token)[0])
    check("JSON that ends too early: 400", 400, g.post(one[:-20], token)[0])
    check("a NUL behind a number: 400", 400,
          g.post(re.sub(rb'("seq": ?\d+)', rb"\1\0", one), token)[0])
    check("a body that is no zstd: 400", 400, g.post(one, token, ["Content-Encoding: zstd"])[0])
    check("zstd that ends too early: 400", 400,
          g.post(zstd(one)[:-9], token, ["Content-Encoding: zstd"])[0])
    check("gzip that ends too early: 400", 400,
          g.post(gzip.compress(one)[:-9], token, ["Content-Encoding: gzip"])[0])
    check("JSON 100,000 deep: 400", 400, g.post(b"[" * 100000, token)[0])
    check("more than max_body: 413", 413, g.post(b" " * (9 << 20), token)[0])
    check("... and at once, when it is asked first: 413", 413,
          g.post(b" " * (9 << 20), token, ["Expect: 100-continue"])[0])
    check("more than max_body without saying so before: 413", 413,
          g.post(b" " * (9 << 20), token, ["Transfer-Encoding: chunked"])[0])
    check("a zstd bomb: 413", 413, g.post(bomb("zstd"), token, ["Content-Encoding: zstd"])[0])
    check("a gzip bomb: 413", 413, g.post(bomb("gzip"), token, ["Content-Encoding: gzip"])[0])
    check("6,000 lines: 413", 413, g.post(b"{}\n" * 6000, token)[0])
    for name, line, why in (
            ("another schema", record(a, 30, schema="platen.reading/9"), "its schema is not"),
            ("no id", record(a, 30, id="x"), "its id is no UUID"),
            ("no time", record(a, 30, time="yesterday"), "its time is not like"),
            ("a device without an id", record(a, 30, device=None, **{"time": "2026-11-20T10:00:00Z"})
             .replace('"id":"Kyocera:X30",', ""), "its device has no id"),
            ("a bell in its device's id", record(a, 30, device="\a"), "its device's id holds")):
        status, answer, _ = g.post(body(line), token)
        check(f"a record with {name} is refused with the reason", (200, 30, why),
              (status, answer["refused"][0]["seq"], answer["refused"][0]["reason"][:len(why)]))
    status, answer, _ = g.post(body(record(a, 13, customer="a\nb", site="\x7f", device="Y")
                                    .replace("TEST0001", "\\u001b[2J")), token)
    check("names of more than a line are not shown, and the record is kept", (200, span(13, 13)),
          (status, stored(answer)))
    check("a record without a seq: 400", 400, g.post(body(record(a, 30).replace('"seq":30', '"seq":0')), token)[0])


def bomb(how):
    """A gigabyte in a few bytes."""
    command = f"head -c 1G /dev/zero | {how} -q -c" if how == "zstd" else \
        "head -c 200M /dev/zero | gzip -c -1"
    return subprocess.run(["sh", "-c", command], capture_output=True).stdout


# ---- attackers ----

def connect(g):
    context = ssl.create_default_context(cafile=peer.tmp + "/ca.pem")
    return context.wrap_socket(socket.create_connection(("127.0.0.1", g.port), timeout=10),
                               server_hostname="localhost")


HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n" \
       "Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n"


def ends_within(s, seconds, drip=b""):
    """Does the other side end the connection, whatever drips?"""
    end = time.monotonic() + seconds
    s.settimeout(0.2)
    while time.monotonic() < end:
        try:
            if drip:
                s.sendall(drip)
            if s.recv(1000) == b"":
                return True
        except (socket.timeout, ssl.SSLWantReadError):
            pass
        except OSError:
            return True
    return False


def attacks(g, a, token):
    s = connect(g)
    s.sendall((HEAD % token).encode()[:60])
    check("half a head, byte after byte, is cut", True, ends_within(s, 12, b"x"))
    s = connect(g)
    s.sendall((HEAD % token).encode())
    check("a body that comes byte after byte is cut", True, ends_within(s, 12, b" "))
    s = socket.create_connection(("127.0.0.1", g.port))
    check("a connection that never begins TLS is cut", True, ends_within(s, 12))
    for n in range(20):
        s = connect(g)
        s.sendall((HEAD % token).encode() + b"{" * random.randrange(900))
        s.close()
    check("after half requests it still takes uploads", 200,
          g.post(body(record(a, 12)), token)[0])
    idle = [socket.create_connection(("127.0.0.1", g.port)) for _ in range(200)]
    began = time.monotonic()
    status = g.post(body(record(a, 13)), token)[0]
    check("beside 200 connections that say nothing it takes an upload at once",
          (200, True), (status, time.monotonic() - began < 5))
    more = [socket.create_connection(("127.0.0.1", g.port)) for _ in range(60)]
    check("connections of one address beyond the limit are closed", True,
          wait_until(5, lambda: sum(closed(s) for s in more) >= 10))
    for s in idle + more:
        s.close()
    check("after those it takes uploads again", True,
          wait_until(10, lambda: g.post(body(record(a, 14)), token)[0] == 200))
    if not peer.SANITIZED:
        check("the role that listens is held by seccomp", True,
              "Seccomp:\t2" in open(f"/proc/{g.role()}/status").read())
        check(f"its memory stayed small ({g.rss():.0f} MB)", True, g.rss() < 120)


def closed(s):
    s.setblocking(False)
    try:
        return s.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


# ---- nothing that was receipted is lost ----

class Uploader(threading.Thread):
    """An agent that sends its records in order, as often as it takes."""

    def __init__(self, g, agent, token):
        super().__init__()
        self.g, self.agent, self.token = g, agent, token
        self.receipted, self.over = 0, False

    def run(self):
        while not self.over:
            first = self.receipted + 1
            lines = [record(self.agent, n) for n in range(first, first + 40)]
            status, answer, _ = self.g.post(zstd(body(*lines)), self.token,
                                            ["Content-Encoding: zstd"])
            if status == 200 and answer["stored"] == {"from": first, "to": first + 39}:
                self.receipted = first + 39
            else:
                time.sleep(0.05)


def kills(g):
    agents = [str(uuid.uuid4()) for _ in range(4)]
    uploaders = [Uploader(g, a, g.key(a)) for a in agents]
    for u in uploaders:
        u.start()
    for n in range(6):
        time.sleep(random.uniform(0.3, 1.2))
        if n % 2 == 0:
            role = g.role()
            if role is not None:
                os.kill(role, signal.SIGKILL)
            time.sleep(1.2)
        else:
            g.stop(signal.SIGKILL)
            g.start()
    time.sleep(2)
    for u in uploaders:
        u.over = True
    for u in uploaders:
        u.join()
    receipted = {(u.agent, n) for u in uploaders for n in range(1, u.receipted + 1)}
    there = lambda: [(r["agent"], r["seq"]) for r in map(json.loads, g.lines())
                     if r["agent"] in agents]
    wait_until(20, lambda: receipted <= set(there()))
    got = there()
    check(f"after 6 kills all {len(receipted)} receipted records are there", 0,
          len(receipted - set(got)))
    check("... each of them once", len(set(got)), len(got))
    check("... and there were some", True, len(receipted) >= 400)
    said = g.platen("spool", "check")
    check("platen spool check finds nothing", 0, said.returncode)


# ---- the real agent ----

class Site:
    """`platen run` with an https sink to the gateway, and five simulated printers."""

    def __init__(self, g):
        self.ini = os.path.join(peer.tmp, "site.ini")
        number, port = random.randrange(1, 250), peer.free_port()
        self.sim = subprocess.Popen(
            [peer.BUILD + "/platen-sim", "--listen", f"127.77.{number}.1-127.77.{number}.5",
             "--port", str(port), "--grow", "6000", "--ready", "-",
             *(peer.ROOT + f"/plugins/printer-mib/captures/{c}"
               for c in ("brother-color-laser", "canon-wide-text"))],
            stdout=subprocess.PIPE, text=True)
        self.sim.stdout.readline()
        with open(self.ini, "w") as f:
            f.write(f"[site]\ncustomer = C-7\nname = annex\nstate = {peer.tmp}/site-state\n"
                    f"[discover]\nranges = 127.77.{number}.1-127.77.{number}.5\nrate = 1000\n"
                    f"[snmp]\nport = {port}\n[schedule]\nevery = 1s\n"
                    f"[plugins]\npath = {peer.BUILD}/plugins\n"
                    f"[sink dealer]\nplugin = https\nservers = {g.url}\n"
                    f"ca_file = {peer.tmp}/ca.pem\ntoken_file = {peer.tmp}/site.token\n"
                    "every = 0s\nretry_min = 200ms\nretry_max = 1s\n")
        self.token("none yet")
        self.process = None

    def token(self, token):
        path = peer.tmp + "/site.token"
        with open(path, "w") as f:
            f.write(token + "\n")
        os.chmod(path, 0o600)

    def platen(self, *args):
        return subprocess.run([peer.PLATEN, args[0], "-c", self.ini, *args[1:]],
                              capture_output=True, text=True, timeout=60).stdout

    def start(self):
        self.process = subprocess.Popen([peer.PLATEN, "run", "-c", self.ini],
                                        stderr=open(peer.tmp + "/site.log", "a"))
        wait_until(20, lambda: os.path.exists(peer.tmp + "/site-state/agent.id"))

    def stop(self):
        for p in (self.process, self.sim):
            if p is not None:
                p.terminate()
                p.wait()


def site(g):
    s = Site(g)
    try:
        s.start()
        overview = lambda: json.loads((s.platen("spool", "--json", "status") or "{}").splitlines()[0])
        wait_until(30, lambda: overview().get("records", 0) > 0)
        agent = overview()["agent"]
        s.process.terminate()
        s.process.wait()
        s.token(g.key(agent, "a whole site"))
        s.start()
        arrived = lambda: [r for r in map(json.loads, g.lines()) if r["agent"] == agent]
        check("records of a real agent arrive", True, wait_until(30, lambda: len(arrived()) > 15))
        g.stop(signal.SIGKILL)
        g.start()
        n = len(arrived())
        check("... and after the gateway was killed, too", True,
              wait_until(30, lambda: len(arrived()) > n + 15))
        s.process.terminate()
        s.process.wait()
        kept = [json.loads(l) for l in s.platen("spool", "export").splitlines()]
        got = {r["seq"]: r for r in arrived()}
        check("what the gateway has is what the site has, whole", [],
              [r for r in kept if r["seq"] in got and got[r["seq"]] != r][:1])
        check("... each once, without a hole", list(range(1, len(got) + 1)),
              [r["seq"] for r in arrived()])
        row = [r for r in map(json.loads, g.platen("agents", "--json").stdout.splitlines())
               if r["agent"] == agent][0]
        check("... and most of it came as deltas", True, row["bytes"] / row["records"] < 400)
    finally:
        s.stop()


# ---- full, and too often ----

def full():
    g = Gateway("full", spool="max_size = 1m", sink="/dev/full/nowhere")
    a = str(uuid.uuid4())
    token = g.key(a)
    g.start()
    n = 0
    status = 200
    while status == 200 and n < 40:
        lines = [record(a, n * 50 + i + 1, pad=1000) for i in range(50)]
        status, answer, head = g.post(body(*lines), token)
        n += status == 200
    check("a spool full of what the sinks had not: 503 and Retry-After", (503, True),
          (status, "Retry-After" in head))
    kept = [json.loads(l)["seq"] for l in g.platen("spool", "export").stdout.splitlines()
            if a in l]
    check("... and all that was receipted is still there", list(range(1, n * 50 + 1)), sorted(kept))
    g.stop()


def often():
    g = Gateway("often", gateway="requests = 5")
    a = str(uuid.uuid4())
    token = g.key(a)
    g.start()
    said = [g.post(body(record(a, 1)), token) for _ in range(7)]
    check("more uploads a minute than allowed: 429 and Retry-After",
          ([200] * 5 + [429] * 2, True), ([s[0] for s in said], "Retry-After" in said[-1][2]))
    guesses = [g.post(body(record(a, 1)), "guess%d" % n)[0] for n in range(40)]
    check("who guesses tokens is slowed down", (401, 429), (guesses[0], guesses[-1]))
    g.stop()


def shown(g, a):
    said = g.platen("agents")
    check("platen agents shows what is missing, and ends with 1", (1, True, True),
          (said.returncode, "missing: records 7 to 7" in said.stdout, "C-1042" in said.stdout))
    row = [r for r in map(json.loads, g.platen("agents", "--json").stdout.splitlines())
           if r["agent"] == a][0]
    check("... as JSON, too", ({"from": 7, "to": 7}, "head-office", False),
          (row["gaps"][0], row["site"], row["silent"]))


def main():
    ca = peer.authority("ca")
    peer.certificate("server", ca, "localhost", san="DNS:localhost,IP:127.0.0.1")
    g = Gateway("main", gateway=f"client_ca_file = {peer.tmp}/ca.pem\ntimeout = 2s\n"
                "connections = 600\nconnections_per_address = 240\nrequests = 100000")
    a = str(uuid.uuid4())
    try:
        token = g.key(a)
        g.start()
        good(g, a, token)
        strangers(g, a, token)
        deltas(g, a, token)
        certificates(g, a)
        refused(g, a, token)
        attacks(g, a, token)
        shown(g, a)
        kills(g)
        site(g)
        g.stop()
        full()
        often()
    except Exception as e:
        check("the suite came to its end", "no exception", repr(e))
        print(g.log()[-3000:])
        raise
    finally:
        g.stop(signal.SIGKILL)
        if failed:
            print("| " + "\n| ".join(g.log().splitlines()[-40:]))
        peer.tidy()
    sys.exit(1 if failed else 0)


main()
