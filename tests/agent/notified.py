#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""notified.py SOCKET FILE - plays the service manager: every message's first line goes to FILE."""
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
with open(sys.argv[2], "w", buffering=1) as out:
    while True:
        out.write(listener.recv(4096).decode().split("\n")[0] + "\n")
