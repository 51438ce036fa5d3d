#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""nobody.py ADDRESS FILE: listens where nobody may come; its port is printed, and every connection
is a line of FILE."""
import socket
import sys

listener = socket.create_server((sys.argv[1], 0))
print(listener.getsockname()[1], flush=True)
while True:
    caller, peer = listener.accept()
    with open(sys.argv[2], "a", encoding="ascii") as f:
        f.write(f"{peer[0]}\n")
    caller.close()
