#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""web.py CERTS PORT PLAIN-PORT COUNTS PRINTER...: web servers of printers that want a password.

PRINTER is ADDRESS=MODE:FOLDER:OLD:NEW: the pages of FOLDER (a capture's http/), with the serial
number OLD written as NEW, behind MODE, which is basic, digest, form, open, plain (Basic
without TLS) or tell (no TLS and no pages, but a line in COUNTS for each request: "ADDRESS cookie"
or "ADDRESS asked").  The certificate of ADDRESS is CERTS/ADDRESS.pem, the password is "let me in".  Each time somebody shows a password a line
"ADDRESS right" or "ADDRESS wrong" is added to COUNTS; a request other than GET that is not the
log-in adds "ADDRESS METHOD PATH".
"""
import base64
import hashlib
import http.server
import os
import re
import ssl
import sys
import threading
import urllib.parse

PASSWORD = "let me in"
SIGN_IN = "/hp/device/SignIn/Index"
FORM = """<html><body><form method="post"><input type="hidden" name="CSRFToken" id="CSRFToken"
value="tok/en+%d="><input type="password" name="PasswordTextBox" id="PasswordTextBox">
<input type="submit" name="signInOk"></form></body></html>"""


def count(line):
    with open(COUNTS, "a", encoding="utf-8") as f:
        f.write(line + "\n")


class Printer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mode = folder = address = serials = None
    sessions = set()

    def log_message(self, *args):
        pass

    def say(self, code, body=b"", **headers):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page(self):
        path = os.path.join(self.folder, self.path.lstrip("/"))
        if ".." in path or not os.path.isfile(path):
            return self.say(404)
        with open(path, "rb") as f:
            self.say(200, f.read().replace(*self.serials))

    def shown(self, right):
        count(f"{self.address} {'right' if right else 'wrong'}")
        return right

    def basic(self):
        given = self.headers.get("Authorization", "")
        if given.startswith("Basic ") and self.shown(
                base64.b64decode(given[6:]).decode() == f"admin:{PASSWORD}"):
            return self.page()
        self.say(401, WWW_Authenticate='Basic realm="printer"')

    def digest(self):
        given = self.headers.get("Authorization", "")
        field = dict(re.findall(r'(\w+)="?([^",]+)"?', given))

        def md5(*parts):
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        if given.startswith("Digest ") and self.shown(field.get("response") == md5(
                md5("admin", "printer", PASSWORD), "abc123", field["nc"], field["cnonce"], "auth",
                md5("GET", self.path))):
            return self.page()
        self.say(401, WWW_Authenticate='Digest realm="printer", nonce="abc123", qop="auth"')

    def form(self):
        session = re.search(r"sessionId=(\w+)", self.headers.get("Cookie", ""))
        inside = session and session[1] in self.sessions
        if inside and self.path != SIGN_IN:
            return self.page()
        self.say(200, (FORM % os.getpid()).encode(), Set_Cookie="sessionId=new; path=/")

    def tell(self):
        count(f"{self.address} {'cookie' if 'Cookie' in self.headers else 'asked'}")
        self.say(404)

    def do_GET(self):
        if self.mode == "open":
            return self.page()
        {"basic": self.basic, "plain": self.basic, "digest": self.digest, "form": self.form,
         "tell": self.tell}[self.mode]()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        given = urllib.parse.parse_qs(body)
        if self.mode != "form" or self.path != SIGN_IN:
            count(f"{self.address} POST {self.path}")
            return self.say(405)
        fresh = given.get("CSRFToken") == [f"tok/en+{os.getpid()}="]
        if self.shown(fresh and given.get("PasswordTextBox") == [PASSWORD]):
            self.sessions.add("in" + self.address.replace(".", ""))
            return self.say(302, Location="/hp/device/DeviceStatus/Index",
                            Set_Cookie=f"sessionId=in{self.address.replace('.', '')}; path=/")
        self.say(200, (FORM % os.getpid()).encode())

    do_PUT = do_DELETE = lambda self: (count(f"{self.address} {self.command} {self.path}"),
                                       self.say(405))


def serve(what):
    address, rest = what.split("=", 1)
    mode, folder, old, new = rest.split(":")
    handler = type("P", (Printer,), {"mode": mode, "folder": folder, "address": address,
                                     "serials": (old.encode(), new.encode())})
    clear = mode in ("plain", "tell")
    server = http.server.ThreadingHTTPServer((address, PLAIN if clear else PORT), handler)
    server.daemon_threads = True
    if not clear:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.set_ciphers("ALL:@SECLEVEL=0")
        tls.load_cert_chain(os.path.join(CERTS, address + ".pem"))
        server.socket = tls.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


CERTS, COUNTS = sys.argv[1], sys.argv[4]
PORT, PLAIN = int(sys.argv[2]), int(sys.argv[3])
for one in sys.argv[5:]:
    serve(one)
print("ready", flush=True)
threading.Event().wait()
