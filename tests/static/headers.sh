#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# headers.sh - the ABI headers compile anywhere, and the layout they promise is the old one.
. tests/static/lib.sh

headers=(sdk/platen/*.h)
warn='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only -Isdk'

# one NAME HEADER...: a file that includes them in this order.
one() {
	local out=$tmp/$1
	shift
	printf '#include <%s>\n' "${@#sdk/}" >"$out.c"
	echo 'typedef int platen_not_empty;' >>"$out.c"
	cp "$out.c" "$out.cc"
}

backwards=()
for h in "${headers[@]}"; do
	one "alone-$(basename "$h" .h)" "$h" "$h"
	backwards=("$h" "${backwards[@]}")
done
one forwards "${headers[@]}"
one backwards "${backwards[@]}"

# compile STANDARD SUFFIX COMPILER...
compile() {
	local std=$1 suffix=$2 cc f
	shift 2
	for cc in "$@"; do
		for f in "$tmp"/*."$suffix"; do
			$cc -std="$std" $warn "$f" 2>&1 |
				grep -E 'error|fatal' | sed "s|^|$cc, $(basename "$f"): |"
		done
	done | verdict "ABI headers: $std, alone and in any order, $*"
}
compile c11 c gcc clang
compile c17 c gcc clang
compile c++11 cc g++ clang++
compile c++20 cc g++ clang++

# sdk/abi_v1.c says where every field of version 1 is, and what every number means.
for cc in gcc clang; do
	$cc -std=c11 $warn sdk/abi_v1.c 2>&1 | grep -E 'error' | sed "s|^|$cc: |"
done | verdict "the layout is that of ABI v1"
for cc in g++ clang++; do
	$cc -std=c++11 -x c++ $warn sdk/abi_v1.c 2>&1 | grep -E 'error' | sed "s|^|$cc: |"
done | verdict "the layout is that of ABI v1 in C++ too"

# ... and it forgets none: fields and enumerators as clang sees them.  What is linked into the
# plugin itself crosses no border and may change.
grep -vE '<platen/(table|profile|tree|xml|html|json|delta|receipt|rows)\.h>' "$tmp/forwards.c" >"$tmp/ast.c"
clang -std=c11 -Isdk -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics "$tmp/ast.c" 2>/dev/null |
	awk '
	/RecordDecl.* struct platen_[a-z_]+ definition/ { match($0, /platen_[a-z_]+ def/); record = substr($0, RSTART, RLENGTH - 4); next }
	/^[|`]-[A-Z]/ { record = "" }
	/FieldDecl/ && record != "" { line = $0; sub(/ \x27.*/, "", line); n = split(line, w, " "); print record ", " w[n] }
	/EnumConstantDecl/ && / PLATEN_/ { match($0, /PLATEN_[A-Z0-9_]+/); print substr($0, RSTART, RLENGTH) }
	' | sort -u >"$tmp/abi"
[ "$(wc -l <"$tmp/abi")" -gt 90 ] || echo "only $(wc -l <"$tmp/abi") fields found" >"$tmp/few"
{
	cat "$tmp/few" 2>/dev/null
	while read -r what; do
		grep -qE "\(${what}," sdk/abi_v1.c || echo "$what is missing"
	done <"$tmp/abi"
} | verdict "sdk/abi_v1.c has every field and number of the headers"
