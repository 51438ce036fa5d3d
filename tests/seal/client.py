# SPDX-License-Identifier: Apache-2.0
"""client.py KEY AGENT UDP TCP HTTP TOKEN - a gateway's sealed listeners, tried by a stranger.

KEY is the line of seal_key_file; UDP, TCP and HTTP are ports of 127.0.0.1.  Envelopes are made by
vectors.py, from the text of sdk/ENVELOPE.  Prints result lines, and at the end for run.sh:
"# kept N": how many lines the gateway must have kept.
"""

import base64
import http.client
import json
import os
import socket
import sys
import time
import uuid

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from vectors import BATCH, HELLO, RECEIPT, URGENT, derive, envelope

key_text, agent_text, udp_port, tcp_port, http_port, token = sys.argv[1:7]
agent = uuid.UUID(agent_text)
key_id, secret = int(key_text.split(":")[0]), base64.b64decode(key_text.split(":")[1])
request_key = derive(secret, "request", key_id, agent)
receipt_key = derive(secret, "receipt", key_id, agent)
block = int(time.time() * 2**32).to_bytes(8, "big")
count = 5000
failed = False
kept = 0


def result(name, ok, why=""):
    global failed
    print(f"ok {name}" if ok else f"not ok {name}: {why}")
    failed |= not ok


def counter(n=None):
    global count
    if n is None:
        count += 1
        n = count
    return block + n.to_bytes(4, "big")


def seal(kind, session, said=b"", n=None, key=None, key_id_=None, agent_=None):
    return envelope(
        kind, key_id_ or key_id, agent_ or agent, counter(n), session, said, key or request_key
    )


def opened(receipt, request):
    """(status, session, body) of a receipt for that request; None: it is none."""
    if receipt is None or len(receipt) < 64 or receipt[:4] != b"PS\x01\x04":
        return None
    text = ChaCha20Poly1305(receipt_key).decrypt(receipt[24:36], receipt[48:], receipt[:48])
    said = text[4 : 4 + int.from_bytes(text[:4], "big")]
    if said[:12] != request[24:36]:
        return None
    head, body = said[12:].split(b"\n\n", 1)
    lines = dict(line.split(": ", 1) for line in head.decode().split("\n"))
    return int(lines["status"]), receipt[36:44], body


# ---- ways ----

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.connect(("127.0.0.1", int(udp_port)))


def ask_udp(datagram, wait=0.25):
    udp.settimeout(wait)
    udp.send(datagram)
    try:
        return udp.recv(4096)
    except (TimeoutError, socket.timeout, ConnectionRefusedError):
        return None


def read_all(s, n):
    got = b""
    while len(got) < n:
        piece = s.recv(n - len(got))
        if not piece:
            return None
        got += piece
    return got


def ask_tcp(s, request):
    try:
        s.sendall(len(request).to_bytes(4, "big") + request)
        length = read_all(s, 4)
        return length and read_all(s, int.from_bytes(length, "big"))
    except ConnectionError:
        return None


def tcp():
    s = socket.create_connection(("127.0.0.1", int(tcp_port)), timeout=10)
    return s


def closes(s, wait):
    """Does the other side hang up?"""
    s.settimeout(wait)
    try:
        return s.recv(1) == b""
    except ConnectionError:
        return True
    except (TimeoutError, socket.timeout):
        return False


def ask_http(body, kind="application/platen-sealed", method="POST", headers=None):
    c = http.client.HTTPConnection("127.0.0.1", int(http_port), timeout=10)
    c.request(method, "/upload", body, {"Content-Type": kind, **(headers or {})})
    r = c.getresponse()
    return r.status, r.read(), r.getheader("Content-Type")


def facts(seq):
    f = {"seq": seq, "time": "2026-11-20T10:00:00Z", "meters": [], "supplies": [], "alerts": []}
    return bytes(range(1, 17)) + json.dumps(f).encode()


def record(seq):
    return json.dumps(
        {
            "schema": "platen.reading/1",
            "id": f"0194d2c0-1234-7abc-8def-{seq:012d}",
            "agent": agent_text,
            "seq": seq,
            "time": "2026-11-20T10:00:00Z",
        }
    ).encode()


def batch(*seqs, type_=b"application/x-ndjson"):
    head = b"type: " + type_ + b"\nkey: " + agent_text.encode() + b"/x\n\n"
    return head + b"".join(record(n) + b"\n" for n in seqs)


# ---- UDP ----

hello = seal(HELLO, bytes(8))
answer = ask_udp(hello, 5)
said = opened(answer, hello)
result("udp-hello-is-answered", said is not None and said[0] == 200, repr(answer))
result("udp-receipt-no-larger", answer is not None and len(answer) <= len(hello))
session = said[1] if said else bytes(8)

nothing = {
    "garbage": os.urandom(300),
    "short": b"PS\x01\x03",
    "empty": b"",
    "unknown-key": seal(URGENT, session, facts(1), key_id_=99),
    "unknown-agent": seal(URGENT, session, facts(1), agent_=uuid.uuid4()),
    "wrong-key": seal(URGENT, session, facts(1), key=bytes(32)),
    "batch": seal(BATCH, session, batch(1)),
    "receipt-as-request": answer or b"",
    "receipt-under-request-key": seal(RECEIPT, session, b"x"),
    "too-large": seal(URGENT, session, facts(1) + b" " * 1200),
}
for name, datagram in nothing.items():
    got = ask_udp(datagram, 0.15)
    result(f"udp-{name}-is-not-answered", got is None, repr(got))

good = seal(URGENT, session, facts(101))
altered = bytearray(good)
said = None
for at in range(0, len(good) * 8, 61):
    altered[at // 8] ^= 1 << at % 8
    udp.send(bytes(altered))
    altered[at // 8] ^= 1 << at % 8
result("udp-altered-is-not-answered", ask_udp(b"x", 0.3) is None)
answer = ask_udp(good, 5)
said = opened(answer, good)
result("udp-facts-are-taken", said is not None and said[0] == 200, repr(said))
result("udp-facts-receipt-no-larger", answer is not None and len(answer) <= len(good))
kept += 1
result("udp-replayed-is-not-answered", ask_udp(good) is None)

again = seal(URGENT, bytes(8), facts(102))
said = opened(ask_udp(again, 5), again)
result("udp-without-session-is-asked-again", said == (425, session, b""), repr(said))
behind = seal(URGENT, session, facts(103), n=count - 1000)
said = opened(ask_udp(behind, 5), behind)
result("udp-behind-within-window", said is not None and said[0] == 200, repr(said))
kept += 1
result("udp-behind-the-window", ask_udp(seal(URGENT, session, facts(104), n=count - 1100)) is None)
older = envelope(
    URGENT, key_id, agent, bytes(8) + b"\xff" * 4, session, facts(105), request_key
)
result("udp-older-block", ask_udp(older) is None)
nonsense = seal(URGENT, session, bytes(16) + b'{"serial":"X"}')
said = opened(ask_udp(nonsense, 5), nonsense)
result("udp-nonsense-is-refused", said is not None and said[0] == 400, repr(said))

# ---- TCP ----

s = tcp()
request = seal(BATCH, session, batch(1, 2))
said = opened(ask_tcp(s, request), request)
stored = json.loads(said[2])["stored"] if said and said[0] == 200 else None
result("tcp-batch-is-stored", stored == {"from": 1, "to": 2}, repr(said))
kept += 2
request = seal(BATCH, session, batch(2, 3))
said = opened(ask_tcp(s, request), request)
result("tcp-same-connection", said is not None and said[0] == 200, repr(said))
kept += 1
request = seal(BATCH, session, batch(4), n=count)
result("tcp-replayed-closes", ask_tcp(s, request) is None)
s = tcp()
request = seal(BATCH, session, batch(5, type_=b"text/html"))
said = opened(ask_tcp(s, request), request)
result("tcp-other-type-is-refused", said is not None and said[0] == 400, repr(said))
for name, said in {
    "garbage": b"GET / HTTP/1.0\r\n\r\n" + bytes(100),
    "length-zero": bytes(4),
    "length-huge": b"\xff" * 4,
    "no-envelope": (300).to_bytes(4, "big") + os.urandom(300),
}.items():
    s = tcp()
    s.sendall(said)
    result(f"tcp-{name}-closes", closes(s, 3))
s = tcp()
s.sendall((300).to_bytes(4, "big") + seal(HELLO, bytes(8))[:20])
many = [tcp() for _ in range(12)]
result("tcp-connections-of-one-address", any(closes(m, 0.05) for m in many))
for m in many:
    m.close()
result("tcp-slow-closes", closes(s, 6))

# ---- HTTP ----

request = seal(HELLO, bytes(8))
status, body, kind = ask_http(request)
said = opened(body, request)
result("http-hello", status == 200 and said == (200, session, b""), f"{status} {said}")
result("http-answer-type", kind == "application/platen-sealed", kind)
request = seal(BATCH, session, batch(6))
status, body, kind = ask_http(request)
said = opened(body, request)
result("http-batch", said is not None and said[0] == 200, f"{status} {said}")
kept += 1
result("http-replayed", ask_http(request)[0] == 403)
result("http-altered", ask_http(request[:-1] + bytes([request[-1] ^ 1]))[0] == 403)
result("http-garbage", ask_http(os.urandom(400))[0] == 400)
result("http-empty", ask_http(b"")[0] == 400)
bearer = {"Authorization": f"Bearer {token}"}
status = ask_http(record(7), "application/x-ndjson", headers=bearer)[0]
result("http-in-clear-is-not-taken", status == 415, status)
result("http-get", ask_http(None, method="GET")[0] == 405)

# ---- as many as one address may ----

for i in range(6500):
    udp.send(b"PS\x01\x01" + bytes(188))
    if i % 100 == 0:
        time.sleep(0.005)
time.sleep(0.3)
result("udp-too-many-are-dropped", ask_udp(seal(HELLO, bytes(8)), 0.3) is None)

print(f"# kept {kept}")
sys.exit(failed)
