# SPDX-License-Identifier: Apache-2.0
"""relay.py KIND LISTEN TARGET RECORD - what goes between agent and gateway, passed on and recorded.

KIND  udp     datagrams, each recorded with its length (4 bytes) before it
      drop    takes datagrams and loses them
      tcp     connections
      hole    takes connections, reads, and never says a word
      replay  sends the datagrams of RECORD that came from the agent to TARGET, and ends;
              prints how many were answered
LISTEN and TARGET are ports of 127.0.0.1.  RECORD is written to at once.
"""

import select
import socket
import struct
import sys
import threading
import time

kind, listen, target, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
lock = threading.Lock()


def note(data, datagram=False):
    with lock, open(path, "ab") as f:
        f.write((struct.pack(">I", len(data)) if datagram else b"") + data)


def udp(drop):
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", listen))
    ways = {}  # agent's address -> socket to the gateway
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([here, *ways.values()], [], [])
        for s in readable:
            try:
                data, peer = s.recvfrom(4096)
            except ConnectionRefusedError:
                continue
            note(data, datagram=True)
            if drop:
                continue
            if s is here:
                if peer not in ways:
                    ways[peer] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    ways[peer].connect(("127.0.0.1", target))
                ways[peer].send(data)
            else:
                here.sendto(data, next(p for p, w in ways.items() if w is s))


def pump(a, b):
    try:
        while data := a.recv(65536):
            note(data)
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def connection(s):
    try:
        to = socket.create_connection(("127.0.0.1", target))
    except OSError:
        s.close()
        return
    threading.Thread(target=pump, args=(to, s), daemon=True).start()
    pump(s, to)


def swallow(s):
    try:
        while data := s.recv(65536):
            note(data)
    except OSError:
        pass


def tcp(serve):
    here = socket.socket()
    here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    here.bind(("127.0.0.1", listen))
    here.listen(64)
    print("ready", flush=True)
    while True:
        s, _ = here.accept()
        threading.Thread(target=serve, args=(s,), daemon=True).start()


def replay():
    data, at, answered = open(path, "rb").read(), 0, 0
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", target))
    s.settimeout(0.1)
    while at < len(data):
        n = int.from_bytes(data[at : at + 4], "big")
        datagram = data[at + 4 : at + 4 + n]
        at += 4 + n
        if datagram[3] != 3:  # urgent facts alone
            continue
        s.send(datagram)
        try:
            answered += len(s.recv(4096)) > 0
        except (TimeoutError, socket.timeout):
            pass
    time.sleep(0.2)
    print(answered)


{
    "udp": lambda: udp(False),
    "drop": lambda: udp(True),
    "tcp": lambda: tcp(connection),
    "hole": lambda: tcp(swallow),
    "replay": replay,
}[kind]()
