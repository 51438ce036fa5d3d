#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/accuracy - nothing that is read is wrong, no printer is read worse with its maker's
# plugin than without it, and no plugin can reach tables of jobs and people; see matrix.py.
set -u
cd "$(dirname "$0")/../.."
captures=(plugins)
if [ -n "${PLATEN_CAPTURES:-}" ]; then
	captures+=("$PLATEN_CAPTURES/snmp" "$PLATEN_CAPTURES/brother")
else
	echo "skip recorded-printers: PLATEN_CAPTURES is not set"
fi
exec tests/accuracy/matrix.py --check "$PLATEN_BUILD/platen" "${captures[@]}"
