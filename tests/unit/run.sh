#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every unit test program; each test of each is a line.
set -u
cd "$(dirname "$0")/../.."
status=0
for t in "$PLATEN_BUILD"/tests/unit/test_*; do
	case $t in *.d | *.o) continue ;; esac
	name=$(basename "$t")
	CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$t" >"/tmp/platen-unit.$$" 2>&1
	code=$?
	sed -n "s/^ok [0-9]* - /ok $name /p; s/^not ok [0-9]* - \(.*\)/not ok $name \1: failed/p" "/tmp/platen-unit.$$"
	if [ $code != 0 ]; then
		status=1
		grep -q '^not ok' "/tmp/platen-unit.$$" || echo "not ok $name: ended with status $code"
		grep -v '^ok' "/tmp/platen-unit.$$" | tail -n 30
	fi
done
rm -f "/tmp/platen-unit.$$"
exit $status
