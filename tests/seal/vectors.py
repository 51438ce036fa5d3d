# SPDX-License-Identifier: Apache-2.0
"""vectors.py ENVELOPE DRIVE - the vectors of sdk/ENVELOPE, by another implementation and by ours.

Written from the text of sdk/ENVELOPE with the Python package "cryptography".  With --make it
prints the vectors instead of checking them.  Lines of results as tests/run counts them.
"""

import base64
import hashlib
import hmac
import re
import subprocess
import sys
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HELLO, BATCH, URGENT, RECEIPT = 1, 2, 3, 4


def derive(key, label, key_id, agent):
    info = label.encode() + key_id.to_bytes(4, "big") + agent.bytes
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"platen seal 1", info=info).derive(key)


def pad(said):
    text = len(said).to_bytes(4, "big") + said
    step = 64
    while step * 2 <= len(text) // 16:
        step *= 2
    size = 128 if len(text) < 128 else -(-len(text) // step) * step
    return text.ljust(size, b"\0")


def envelope(kind, key_id, agent, counter, session, said, key):
    text = pad(said)
    head = b"PS" + bytes([1, kind]) + key_id.to_bytes(4, "big") + agent.bytes + counter + session
    head += len(text).to_bytes(4, "big")
    return head + ChaCha20Poly1305(key).encrypt(counter, text, head)


def make(given):
    """All vectors from those that are given."""
    v = dict(given)
    key_id, agent = int(v["key-id"]), uuid.UUID(v["agent"])
    secret = derive(bytes.fromhex(v["master"]), "agent", key_id, agent)
    v["secret"] = secret.hex()
    v["file"] = f"{key_id}:{base64.b64encode(secret).decode()}"
    keys = {use: derive(secret, use, key_id, agent) for use in ("request", "receipt", "device")}
    for use, key in keys.items():
        v[f"{use}-key"] = key.hex()
    v["device"] = hmac.digest(keys["device"], v["device-id"].encode(), hashlib.sha256)[:16].hex()
    counter, session = bytes.fromhex(v["counter"]), bytes.fromhex(v["session"])
    v["hello"] = envelope(HELLO, key_id, agent, counter, bytes(8), b"", keys["request"]).hex()
    said = bytes.fromhex(v["device"]) + v["urgent-says"].encode()
    v["urgent"] = envelope(URGENT, key_id, agent, counter, session, said, keys["request"]).hex()
    # Long enough that the padding is no longer to 64.
    body = b"type: application/x-ndjson\n\n" + b"{}\n" * int(v["batch-lines"])
    v["batch-sha256"] = hashlib.sha256(
        envelope(BATCH, key_id, agent, counter, session, body, keys["request"])
    ).hexdigest()
    said = counter + b"status: 200\n\n"
    nonce = bytes.fromhex(v["receipt-counter"])
    v["receipt"] = envelope(RECEIPT, key_id, agent, nonce, session, said, keys["receipt"]).hex()
    return v


GIVEN = {
    "master": bytes(range(32)).hex(),
    "agent": "0194d2c0-1234-7abc-8def-00112233aabb",
    "key-id": "7",
    "device-id": "Kyocera:VCF0000042",
    "counter": "6740a5f0a1b2c3d400000005",
    "session": "1122334455667788",
    "receipt-counter": "c0c1c2c3c4c5c6c7c8c9cacb",
    "urgent-says": '{"seq":42,"time":"2026-11-20T10:00:00Z",'
    '"meters":[{"name":"total","value":123456}],"supplies":[{"part":"1","state":"low"}],"alerts":[]}',
    "batch-lines": "1000",
}


def show(v):
    for name, value in v.items():
        for i in range(0, len(value), 76):
            print(f"    {name if i == 0 else '':15} {'=' if i == 0 else ' '} {value[i:i + 76]}")


def read(path):
    v, name = {}, None
    for line in open(path).read().split("\nVectors\n")[1].splitlines():
        if m := re.match(r"    ([a-z0-9-]+) += (.*)$", line):
            name = m[1]
            v[name] = m[2]
        elif name and (m := re.match(r"    {15,}   (.*)$", line)):
            v[name] += m[1].strip()
    return v


failed = False


def check(name, wanted, got):
    global failed
    if wanted == got:
        print(f"ok {name}")
    else:
        failed = True
        print(f"not ok {name}: wanted {wanted[:200]!r}, got {got[:200]!r}")


def drive(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True).stdout.strip()


def main():
    if sys.argv[1:] == ["--make"]:
        show(make(GIVEN))
        return
    v, program = read(sys.argv[1]), sys.argv[2]
    for name, value in make({n: v.get(n, "") for n in GIVEN}).items():
        if name not in GIVEN:
            check(f"other-{name}", v.get(name, "not there"), value)
    us = (v["file"], v["agent"])
    block, count, session = v["counter"][:16], v["counter"][16:], v["session"]
    check("ours-file", v["file"], drive(program, "derive", v["master"], v["agent"], v["key-id"]))
    keys = [v["request-key"], v["receipt-key"], v["device-key"]]
    check("ours-keys", "\n".join(keys), drive(program, "keys", *us))
    check("ours-device", v["device"], drive(program, "device", *us, v["device-id"]))
    check("ours-hello", v["hello"], drive(program, "close", *us, "1", block, count, "0", ""))
    said = v["device"] + v["urgent-says"].encode().hex()
    check("ours-urgent", v["urgent"], drive(program, "close", *us, "3", block, count, session, said))
    check("ours-opened", f"3 {session} {said}", drive(program, "open", *us, v["urgent"]))
    body = (b"type: application/x-ndjson\n\n" + b"{}\n" * int(v["batch-lines"])).hex()
    batch = drive(program, "close", *us, "2", block, count, session, body)
    check("ours-batch", v["batch-sha256"], hashlib.sha256(bytes.fromhex(batch)).hexdigest())
    wanted = f"4 {session} {v['counter']}{b'status: 200'.hex()}0a0a"
    check("ours-receipt-opened", wanted, drive(program, "open", *us, v["receipt"]))


if __name__ == "__main__":
    main()
    sys.exit(failed)
