#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# sniff.py FILE PORT... - what goes over loopback by TCP to and from these ports, until SIGTERM.
import socket, struct, sys

ports = {int(p) for p in sys.argv[2:]}
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.bind(("lo", 0))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
with open(sys.argv[1], "ab", buffering=0) as out:
    while True:
        frame, where = s.recvfrom(1 << 17)
        if where[2] == socket.PACKET_OUTGOING:  # each comes twice on loopback
            continue
        ip = frame[14:]
        if len(ip) < 40 or ip[0] >> 4 != 4 or ip[9] != 6:
            continue
        tcp = ip[(ip[0] & 15) * 4:]
        if ports & set(struct.unpack("!HH", tcp[:4])):
            out.write(tcp[(tcp[12] >> 4) * 4:])
