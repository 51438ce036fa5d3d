#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# style.sh - the form of every source file; what a compiler does not see.
. tests/static/lib.sh

shopt -s nullglob globstar
sources=(core/**/*.[ch] sdk/**/*.[ch] plugins/**/*.[ch] tests/**/*.[ch])
scripts=(Makefile .ci/run tests/run tests/demo tests/install-deps tests/**/*.sh tests/**/*.py
	tests/*/run conf/*.service conf/*.ini)

head -qn 1 "${sources[@]}" | grep -c . >/dev/null
for f in "${sources[@]}"; do
	[ "$(head -n 1 "$f")" = '/* SPDX-License-Identifier: Apache-2.0 */' ] || echo "$f"
done | verdict "every source begins with the SPDX line"

# The second line is a comment, and before the first include or definition.
for f in "${sources[@]}"; do
	sed -n 2p "$f" | grep -qE '^(/\*|//)' || echo "$f"
done | verdict "every source says what it is for"

for f in "${scripts[@]}"; do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$f"
done | verdict "every script says its licence"

for f in "${sources[@]}"; do
	case $f in tests/abi/v*) continue ;; esac # released headers stay as they were
	expand "$f" | LC_ALL=C.UTF-8 grep -nE '^.{101,}' | sed "s|^|$f:|"
done | verdict "no line is longer than 100 columns"

grep -nE '\b(TODO|FIXME|XXX|HACK)\b' "${sources[@]}" "${scripts[@]}" |
	grep -v '^tests/static/' | verdict "nothing is left to do"

grep -nE '[[:blank:]]+$' "${sources[@]}" "${scripts[@]}" | verdict "no blanks at the end of a line"

for f in "${sources[@]}"; do
	case $f in tests/abi/v* | sdk/template/*) continue ;; esac
	clang-format --dry-run -Werror "$f" >/dev/null 2>&1 || echo "$f"
done | verdict "every source is as clang-format leaves it"

grep -nE '[^a-z_](sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|alloca)[[:space:]]*\(' \
	core/**/*.c sdk/**/*.c plugins/**/*.c | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)' |
	verdict "no function that cannot be used safely"

# The repository speaks of platen, not of the machine it was made on.
git grep -nE '(^|[^a-z./])/(work|home|root)/' -- . ':!tests/static' 2>/dev/null |
	grep -vE 'DESTDIR|\$' | verdict "no path of a machine it was made on"
