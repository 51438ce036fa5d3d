# SPDX-License-Identifier: Apache-2.0
"""peer.py - what the tests of a gateway share: a running one, certificates, records, uploads."""

import json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time, uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("PLATEN_BUILD", os.path.join(ROOT, "build"))
PLATEN = os.path.join(BUILD, "platen")
sys.path.append(os.path.join(ROOT, "tests"))
import free_port as unused

SANITIZED = os.environ.get("PLATEN_VARIANT") == "sanitizer"

tmp = tempfile.mkdtemp(prefix="platen-gateway.")


def free_port():
    return unused.free_port(os.path.join(tmp, "ports"))


def wait_until(seconds, condition, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def openssl(*args, **kw):
    subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **kw)


def authority(name):
    """NAME.pem and NAME.key, an authority of its own."""
    at = os.path.join(tmp, name)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", at + ".key", "-out", at + ".pem", "-days", "30", "-subj", "/CN=" + name)
    return at


def certificate(name, ca, subject, san=None, days="30"):
    """NAME.pem and NAME.key, signed by the authority ca."""
    at = os.path.join(tmp, name)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", at + ".key", "-out", at + ".csr", "-subj", "/CN=" + subject)
    with open(at + ".ext", "w") as f:
        f.write(f"subjectAltName={san}\n" if san else "basicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", at + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key",
            "-CAcreateserial", "-days", days, "-extfile", at + ".ext", "-out", at + ".pem")
    os.chmod(at + ".key", 0o600)
    return at


def record(agent, seq, device=None, total=None, pad=0, **more):
    """One record as an agent would make it, as its line without the newline."""
    r = {"schema": "platen.reading/1", "id": f"0198aaaa-0000-7000-8000-{seq:012x}",
         "agent": agent, "seq": seq, "customer": "C-1042", "site": "head-office",
         "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
         "device": {"id": f"Kyocera:{device or 'X%d' % (seq % 50)}", "serial": "TEST0001",
                    "ip": "192.0.2.7", "manufacturer": "Kyocera", "model": "ECOSYS M2540dn"},
         "status": {"state": "idle", "errors": []},
         "meters": [{"name": "total", "value": seq if total is None else total,
                     "unit": "impressions", "via": "printer-mib"}],
         "supplies": [], "alerts": [], "notes": [{"kind": "partial", "text": "x" * pad}]}
    r.update(more)
    return json.dumps(r, separators=(",", ":"))


def body(*lines):
    return ("\n".join(lines) + "\n").encode()


class Gateway:
    """`platen run` with [gateway], in a folder of its own."""

    def __init__(self, name, gateway="", spool="", sink=None):
        self.dir = os.path.join(tmp, name)
        os.mkdir(self.dir)
        self.port = free_port()
        self.url = f"https://localhost:{self.port}/records"
        self.ini = os.path.join(self.dir, "gateway.ini")
        self.out = os.path.join(self.dir, "out.jsonl")
        self.log_file = os.path.join(self.dir, "log")
        self.process = None
        with open(self.ini, "w") as f:
            f.write(f"[site]\nstate = {self.dir}/state\n"
                    f"[plugins]\npath = {BUILD}/plugins\n[spool]\n{spool}\n"
                    f"[gateway]\nhttps = 127.0.0.1:{self.port}\ncert_file = {tmp}/server.pem\n"
                    f"key_file = {tmp}/server.key\n{gateway}\n"
                    f"[sink out]\nplugin = file\npath = {sink or self.out}\nevery = 0s\n"
                    "max_size = 0\n"
                    "retry_min = 1s\nretry_max = 1s\n")

    def start(self):
        before = len(self.log())
        self.process = subprocess.Popen([PLATEN, "run", "-c", self.ini],
                                        stdout=subprocess.DEVNULL,
                                        stderr=open(self.log_file, "a"))
        if not wait_until(20, lambda: "takes uploads at" in self.log()[before:]):
            raise RuntimeError("the gateway did not start: " + self.log()[before:][-600:])
        return self

    def log(self):
        return open(self.log_file).read() if os.path.exists(self.log_file) else ""

    def role(self):
        """The process that listens."""
        for pid in subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True,
                                  text=True).stdout.split():
            try:
                if open(f"/proc/{pid}/cmdline").read().startswith("platen-gate"):
                    return int(pid)
            except OSError:
                pass
        return None

    def rss(self):
        """MB of the process that listens."""
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.role()}/status").read())[1]) / 1024

    def stop(self, how=signal.SIGTERM):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def platen(self, *args):
        return subprocess.run([PLATEN, args[0], "-c", self.ini, *args[1:]], capture_output=True,
                              text=True, timeout=60)

    def key(self, agent, name="a test"):
        """A token for the agent."""
        said = self.platen("keys", "--json", "--name", name, "new", agent)
        return json.loads(said.stdout)["token"]

    def lines(self):
        return open(self.out).read().splitlines() if os.path.exists(self.out) else []

    def arrives(self, n):
        """Lines in the file of the sink, when there are n of them or time is over."""
        wait_until(15, lambda: len(self.lines()) >= n)
        return self.lines()

    def post(self, data, token=None, headers=(), cert=None, url=None, method=None):
        """curl: (status, answer, headers)."""
        command = ["curl", "-s", "-m", "30", "-D", "-", "--cacert", tmp + "/ca.pem",
                   *([] if any(h.startswith("Expect") for h in headers) else ["-H", "Expect:"])]
        if not any(h.startswith("Content-Type") for h in headers):
            command += ["-H", "Content-Type: application/x-ndjson"]
        for h in headers:
            command += ["-H", h]
        if token:
            command += ["-H", "Authorization: Bearer " + token]
        if cert:
            command += ["--cert", cert + ".pem", "--key", cert + ".key"]
        if method:
            command += ["-X", method]
        command += ["--data-binary", "@-", url or self.url]
        said = subprocess.run(command, input=data, capture_output=True).stdout.decode()
        head, _, answer = said.partition("\r\n\r\n")
        status = re.match(r"HTTP/\S+ (\d+)", head)
        try:
            answer = json.loads(answer)
        except ValueError:
            pass
        return int(status[1]) if status else 0, answer, head


def tidy():
    shutil.rmtree(tmp, ignore_errors=True)
