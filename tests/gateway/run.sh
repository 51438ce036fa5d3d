#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The gateway suite: a gateway of its own on loopback, curl as its agents, and attackers.
cd "$(dirname "$0")" && exec /usr/bin/python3 gateway.py
