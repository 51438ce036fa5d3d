# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the parts of the static suite share; sourced from the project's folder.
set -u

tmp=$(mktemp -d -t platen-static.XXXXXX)
trap 'rm -rf "$tmp"' EXIT

# verdict NAME: standard input is what was found wrong; nothing is "ok".
verdict() {
	local found
	found=$(head -n 20)
	if [ -z "$found" ]; then
		echo "ok $1"
	else
		echo "not ok $1: $(head -n 1 <<<"$found")"
		sed 's/^/# /' <<<"$found"
	fi
}
