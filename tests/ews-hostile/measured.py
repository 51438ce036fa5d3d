#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measured.py FILE COMMAND...: runs it; the KiB of its largest process, children too, go to FILE."""
import resource
import subprocess
import sys

status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w", encoding="ascii") as f:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=f)
sys.exit(status)
