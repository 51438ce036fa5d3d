#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Every NAME.ini here is read; what is said must be NAME.expect, line by line.
#
#   tests/config/run.sh           test
#   tests/config/run.sh --expect  write the .expect files anew, to be looked at
#
# The INIs are read in a folder with the secrets made below, as file modes do
# not survive in a repository.
set -u
cd "$(dirname "$0")/../.."
build=$(cd "${PLATEN_BUILD:-build}" && pwd)
drive=$build/tests/config/config-drive
here=$PWD/tests/config
dir=$(mktemp -d -t platen-config.XXXXXX)
trap 'rm -rf "$dir"' EXIT
status=0

# result NAME STATUS WHY
result() {
	if [ "$2" = 0 ]; then
		echo "ok config $1"
	else
		echo "not ok config $1: $3"
		status=1
	fi
}

# secret NAME MODE BYTES
secret() {
	printf "$3" >"$dir/$1"
	chmod "$2" "$dir/$1"
}

cp "$here"/*.ini "$dir"
cd "$dir" || exit 1
secret secret 600 'correct horse\n'
secret secret-open 644 'correct horse\n'
secret secret-group 640 'correct horse\n'
secret secret-short 600 'seven77\n'
secret secret-blank 600 '\ncorrect horse\n'
secret secret-long 600 "$(printf 'x%.0s' $(seq 257))"
secret secret-nul 600 'correct\0horse'
secret secret-foreign 600 'correct horse\n'
mkdir secret-folder
mkfifo -m 600 secret-fifo
chown 65533 secret-foreign 2>/dev/null || foreign=no # only root can give files away

for ini in *.ini; do
	name=${ini%.ini}
	timeout 20 "$drive" "$ini" >out 2>&1
	if [ "${foreign:-}" = no ]; then
		sed -i '/secret-foreign/d' out
	fi
	if [ "${1:-}" = --expect ]; then
		cp out "$here/$name.expect"
		continue
	fi
	sed "${foreign:+/secret-foreign/d}" "$here/$name.expect" | diff - out >difference 2>&1
	result "$name" $? "$(head -n 3 difference | tr '\n' ' ')"
done
[ "${1:-}" = --expect ] && exit

# What is no INI at all.
mkfifo pipe.ini
head -c 1048577 /dev/zero | tr '\0' '#' >huge.ini
mkdir folder.ini
for case in "missing cannot be opened" "pipe is not a regular file" "folder is not a regular file" \
	"huge is larger than 1048576 bytes"; do
	name=${case%% *}
	timeout 20 "$drive" "$name.ini" >out 2>&1
	grep -qF "$name.ini: ${case#* }" out
	result "$name" $? "$(head -n 1 out)"
done

# The defaults, asked for.
"$drive" /dev/null >out 2>&1
result "no INI at all" $? "$(head -n 1 out)"

# The examples are well once their passwords are there.
cp "$here"/../../conf/platen.ini "$here"/../../conf/sites/*.ini "$dir"
secret library-auth 600 'correct horse\n'
secret library-priv 600 'battery staple\n'
for ini in platen office campus; do
	"$drive" "$ini.ini" >out 2>&1
	result "example $ini" $? "$(head -n 1 out)"
done

export build dir
"$here/check.sh" || status=1
exit $status
