#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""receiver.py - a dealer's server for the tests, written from sdk/UPLOAD alone.

    receiver.py serve PORT-OR-SOCKET FOLDER DICTIONARY
    receiver.py relay PORT TO-PORT FILE

serve: POST /NAME keeps what comes in FOLDER/NAME.jsonl, one whole record a line, each
once; FOLDER/NAME.requests has a line for each request.  The file FOLDER/NAME.mode says how
to behave; see MODES.  Deltas are expanded by an implementation of its own.

relay: passes TCP on; FILE says "ok", or "cut N": after so many bytes of the client the
connection is cut; FILE.bytes counts what went through, both ways.
"""
import calendar, datetime, http.server, json, os, socket, struct, subprocess, sys, threading, time
import uuid

lock = threading.Lock()


def patch(base, changes):
    if isinstance(changes, dict) and isinstance(base, dict):
        out = dict(base)
        for key, value in changes.items():
            if value is None:
                del out[key]
            else:
                out[key] = patch(out.get(key), value)
        return out
    if isinstance(changes, dict) and isinstance(base, list):
        out = list(base)
        for key, value in changes.items():
            at = int(key)
            if at == len(out):
                out.append(None)
            out[at] = patch(out[at], value)
        return out
    return changes


def add(value, plus):
    """The integers of value, in their order, with what comes next in plus added."""
    if isinstance(value, dict):
        sums = {k: add(value[k], plus) for k in sorted(value, key=str.encode)}
        return {k: sums[k] for k in value}
    if isinstance(value, list):
        return [add(v, plus) for v in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value + next(plus, 0)
    return value


def record_id(agent, seq, time):
    def h(text):
        value, mask = 14695981039346656037, (1 << 64) - 1
        for byte in text.encode():
            value = ((value ^ byte) * 1099511628211) & mask
        for factor in 0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53:
            value = ((value ^ value >> 33) * factor) & mask
        return value ^ value >> 33
    ms = calendar.timegm(datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").timetuple()) * 1000
    bits = ms << 80 | 7 << 76 | h(f"{agent}/{seq}/a") >> 52 << 64 | 2 << 62 | h(f"{agent}/{seq}/b") >> 2
    return str(uuid.UUID(int=bits))


def expand(base, delta):
    rest = {k: v for k, v in base.items() if k not in ("schema", "agent", "seq", "id", "time")}
    record = {"schema": base["schema"]} | patch(add(rest, iter(delta.get("plus", []))),
                                                delta["changes"])
    record |= {k: delta[k] for k in ("agent", "seq", "time")}
    return record | {"id": delta.get("id") or record_id(*(delta[k] for k in ("agent", "seq", "time")))}


class Store:
    """What one NAME has been sent."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name)
        self.records, self.newest, self.twice = {}, {}, 0

    def keep(self, record):
        key = record["agent"], record["seq"]
        self.newest[record["agent"], record["device"]["id"]] = record
        if key in self.records:
            self.twice += 1
            return
        self.records[key] = record
        with open(self.path + ".jsonl", "a") as f:
            f.write(json.dumps(record) + "\n")

    def mode(self):
        try:
            with open(self.path + ".mode") as f:
                return f.read().split()
        except FileNotFoundError:
            return ["ok"]

    def note(self, line):
        with open(self.path + ".requests", "a") as f:
            f.write(line + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    stores, folder, dictionary, token = {}, "", "", "Bearer right"

    def log_message(self, *_):
        pass

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def lines(self, body):
        coding = self.headers.get("Content-Encoding", "")
        if coding == "zstd":
            body = subprocess.run(["zstd", "-dcq", "-D", self.dictionary], input=body, check=True,
                                  stdout=subprocess.PIPE).stdout
        return [json.loads(line) for line in body.decode().splitlines()]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.strip("/").split("/")[-1]
        with lock:
            store = self.stores.setdefault(name, Store(self.folder, name))
            mode = store.mode()
            if mode[0] != "hang":
                self.take(store, body, *mode)
                return
        time.sleep(9)  # longer than anybody waits, and nobody else waits for it
        self.answer(503)

    def take(self, store, body, mode, *more):
        coding = self.headers.get("Content-Encoding", "none")
        lines = self.lines(body)
        deltas = sum(line["schema"] == "platen.delta/1" for line in lines)
        store.note(f"{mode} {self.headers.get('X-Protocol', '-')} {coding} lines={len(lines)} "
                   f"deltas={deltas} bytes={len(body)} key={self.headers['Idempotency-Key']} "
                   f"client={self.headers.get('X-Client', '-')}")
        if self.headers.get("Authorization") != self.token:
            self.answer(401)
        elif mode.isdigit():
            self.answer(int(mode), b"no\n", **({"Retry-After": more[0]} if more else {}))
        elif mode == "plain" and coding != "none":
            self.answer(415)
        elif mode == "page":
            self.answer(200, b"<html>welcome</html>")
        elif mode == "away":
            self.answer(302, Location="https://localhost/elsewhere")
        elif mode == "large":
            self.answer(200, b"x" * (2 << 20))
        elif mode == "single" and len(lines) > 1:
            self.answer(413)
        else:
            self.commit(store, lines, mode)

    def commit(self, store, lines, mode):
        full, refused = [], []
        for line in lines:
            if mode == "refuse" and line["seq"] % 2 == 0:
                refused.append({"seq": line["seq"], "reason": "an even one"})
                continue
            if line["schema"] == "platen.delta/1":
                base = store.newest.get((line["agent"], line["device"]))
                if mode == "forget" or base is None or base["seq"] != line["base"]:
                    full.append(line["seq"])
                    continue
                line = expand(base, line)
            store.keep(line)
        stored = {"from": lines[0]["seq"], "to": lines[-1]["seq"]}
        if mode == "stranger":
            stored["to"] += 7
        receipt = {"stored": stored, "refused": refused, "full": full}
        if mode not in ("poor", "plain"):
            receipt["can"] = ["delta", "dictionary:1347174705", "dance"]
        if mode == "cut":  # it is kept, but nobody hears of it
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.answer(200, json.dumps(receipt).encode(), Content_Type="application/json")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "test", 0

    def handle_error(self, *_):
        pass


def serve(port, folder, dictionary):
    Handler.folder, Handler.dictionary = folder, dictionary
    if port.startswith("/"):
        Server.address_family = socket.AF_UNIX
        Handler.address_string = lambda _: "nginx"
        Server(port, Handler).serve_forever()
    Server(("127.0.0.1", int(port)), Handler).serve_forever()


def relay(port, to, path):
    counts = {"up": 0, "down": 0, "connections": 0}

    def write():
        with open(path + ".bytes.new", "w") as f:
            json.dump(counts, f)
        os.rename(path + ".bytes.new", path + ".bytes")

    def mode():
        try:
            with open(path) as f:
                return f.read().split() or ["ok"]
        except FileNotFoundError:
            return ["ok"]

    def drop(*sockets):
        for s in sockets:
            try:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def copy(here, there, way, left):
        try:
            while data := here.recv(65536):
                with lock:
                    counts[way] += len(data)
                    write()
                if left is not None:
                    left -= len(data)
                    if left <= 0:
                        drop(here, there)
                        return
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)
        except OSError:
            drop(here, there)

    with socket.create_server(("127.0.0.1", int(port))) as s:
        while True:
            client = s.accept()[0]
            what = mode()
            counts["connections"] += 1
            try:
                server = socket.create_connection(("127.0.0.1", int(to)))
            except OSError:
                drop(client)
                continue
            left = int(what[1]) if what[0] == "cut" else None
            threading.Thread(target=copy, args=(client, server, "up", left), daemon=True).start()
            threading.Thread(target=copy, args=(server, client, "down", None), daemon=True).start()


if __name__ == "__main__":
    {"serve": serve, "relay": relay}[sys.argv[1]](*sys.argv[2:])
