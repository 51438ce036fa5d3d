# SPDX-License-Identifier: Apache-2.0
"""free_port.py GIVEN - print a port of 127.0.0.1 where nobody is, neither over UDP nor over TCP.

A port that is only used later must still be free then: it lies outside the range the kernel takes
the ports of outgoing connections from, and GIVEN, a file, keeps what was given out before.
"""

import random, socket, sys


def own_ports():
    with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
        low, high = map(int, f.read().split())
    outside = [p for p in range(10000, 65000) if not low <= p <= high]
    return outside or list(range(10000, 65000))


def is_free(port):
    try:
        for kind in socket.SOCK_DGRAM, socket.SOCK_STREAM:
            with socket.socket(socket.AF_INET6, kind) as s:
                s.bind(("::", port))
        return True
    except OSError:
        return False


def free_port(given):
    ports = own_ports()
    with open(given, "a+") as f:
        f.seek(0)
        before = {int(line) for line in f}
        while True:
            port = random.choice(ports)
            if port not in before and is_free(port):
                f.write(f"{port}\n")
                return port


if __name__ == "__main__":
    print(free_port(sys.argv[1]))
