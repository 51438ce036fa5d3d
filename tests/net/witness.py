#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# witness.py PORT COMMAND... - runs a command and says what reached a UDP port of any address of
# this machine, by the kernel's clock at the moment each packet came:
#
#	packets ADDRESSES MOST-IN-ANY-SECOND MS-FROM-FIRST-TO-LAST UNSEEN
#
# Answers nobody.  UNSEEN packets did not fit the socket's buffer.

import select, socket, struct, subprocess, sys

# SO_TIMESTAMPNS, SO_RXQ_OVFL, SO_RCVBUFFORCE, IP_PKTINFO: not all are in Python's socket.
TIMESTAMP, OVERFLOW, BUFFER_FORCE, PKTINFO = 35, 40, 33, 8

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
s.setsockopt(socket.SOL_SOCKET, TIMESTAMP, 1)
s.setsockopt(socket.SOL_SOCKET, OVERFLOW, 1)
s.setsockopt(socket.IPPROTO_IP, PKTINFO, 1)
try:
    s.setsockopt(socket.SOL_SOCKET, BUFFER_FORCE, 32 << 20)
except OSError:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 20)
s.bind(("0.0.0.0", int(sys.argv[1])))
s.setblocking(False)

times, addresses, unseen = [], set(), 0


def take():
    global unseen
    while True:
        try:
            _, said, _, _ = s.recvmsg(2048, 256)
        except BlockingIOError:
            return
        for level, kind, data in said:
            if level == socket.SOL_SOCKET and kind == TIMESTAMP:
                seconds, ns = struct.unpack("qq", data[:16])
                times.append(seconds * 1000000000 + ns)
            elif level == socket.SOL_SOCKET and kind == OVERFLOW:
                unseen = struct.unpack("I", data[:4])[0]
            elif level == socket.IPPROTO_IP and kind == PKTINFO:
                addresses.add(data[8:12])


command = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
while command.poll() is None:
    select.select([s], [], [], 0.05)
    take()
take()
most = first = 0
for i, t in enumerate(times):
    while t - times[first] >= 1000000000:
        first += 1
    most = max(most, i - first + 1)
took = (times[-1] - times[0]) / 1e6 if times else 0
print(len(times), len(addresses), most, f"{took:.1f}", unseen)
