#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/faults - twenty printers, one of them misbehaves: the records of the nineteen
# others are those of a round without the fault, the round ends in time, and of the bad
# one nothing is believed that is not so.
source "$(dirname "$0")/../lib.sh"

captures=$(own_printers)
captures=${captures:-$(real_captures)}
[ -n "$captures" ] || { skip faults "there are no captures"; exit 0; }
mapfile -t captures <<<"$captures"
# The bad one has much to say.
rich=$(wc -l "${captures[@]}" | grep -v ' total$' | sort -n | awk '$1 < 3000 { print $2 }' | tail -n 1)

net=127.22.0
range=$net.1-$net.20
bad=$net.7
seconds=$(by_variant 20 60) # one round at most

# NAME           FAULT                  THE BAD ONE'S RECORD
# equal: as without the fault.  none: there is none.  true: there may be one, what stands
# in it is so, and if it says less a note says that it is partial.  noted: rows that the
# printer invents cannot be told from true ones; who it is and its total are right, and a
# note says that it is partial.  less: what is said is so; what the printer said in a form
# that is not believed is missing.
snmp_faults() {
	cat <<'CASES'
	silent           silent                 none
	v1-only          v1-only                equal
	no-bulk          no-bulk                equal
	bulk-error       bulk-error             equal
	toobig-8         toobig=8               equal
	toobig-1         toobig=1               equal
	drop-many-8      drop-many=8            equal
	drop-many-1      drop-many=1            equal
	multi-zero-8     multi-zero=8           true
	multi-zero-1     multi-zero=1           true
	endless          endless                noted
	loop             loop                   true
	back             back                   true
	wrong-id         wrong-id               none
	wrong-source     wrong-source           none
	wrong-port       wrong-source=port      none
	huge             huge                   less
	truncated        malformed=truncated    none
	bad-length       malformed=bad-length   none
	indefinite       malformed=indefinite   none
	deep             malformed=deep         none
	wrong-tag        malformed=wrong-tag    none
	trailing         malformed=trailing     true
	random           malformed=random       true
	malformed        malformed              true
	duplicate        duplicate              equal
	late             late=120+-40           equal
	too-late         late=4000              none
	wrong-type       wrong-type             less
	sleepy           sleepy=5               equal
CASES
}

http_faults() {
	cat <<'CASES'
	http-slow        http-slow=1            equal-but-page
	http-hang        http-hang              equal-but-page
	http-reset       http-reset             equal-but-page
	http-redirect    http-redirect=http://127.22.0.8/  equal-but-page
	http-endless     http-endless           equal-but-page
	http-huge        http-huge=16           equal-but-page
CASES
}

# ---- one round ----

# round FOLDER INI-LINES SIM-ARG...: records in FOLDER/got, $status, $took seconds
round() {
	local dir=$1 lines=$2 began
	shift 2
	port=
	sim_start --listen "$range" --unique "$@"
	printf '%s\n' "$lines" | ini "$dir/platen.ini"
	printf '[discover]\nrate = 1000\n[snmp]\nport = %s\n%s\n' "$port" "${snmp:-timeout = 300ms}" \
		>>"$dir/platen.ini"
	began=$SECONDS
	limit=$((seconds + 10)) run_platen "$dir/got" read --json -c "$dir/platen.ini" "$range"
	took=$((SECONDS - began))
	sim_stop "$(basename "$dir")-"
}

# judge NAME DIR BASE WHAT: the three promises
judge() {
	local name=$1 dir=$2 base=$3 what=$4 others=() a
	for a in {1..20}; do [ "$net.$a" = $bad ] || others+=(--only "$net.$a"); done
	compare "$name-others" same "${others[@]}" "$base" "$dir/got"
	verdict "$name-time" $((took > seconds)) "took $took s, $seconds at most"
	case $what in
	equal) compare "$name-record" same --only $bad "$base" "$dir/got" ;;
	equal-but-page)
		compare "$name-record" same --only $bad --without device.asset --without notes \
			"$base" "$dir/got" ;;
	none) check "$name-record" 0 "$(grep -c "\"ip\":\"$bad\"" "$dir/got")" ;;
	noted)
		compare "$name-total" true --total --address $bad "$base" "$dir/got"
		compare "$name-note" note --kind partial --address $bad "$dir/got" ;;
	less) compare "$name-record" true --less --address $bad "$base" "$dir/got" ;;
	true) compare "$name-record" true --address $bad "$base" "$dir/got" ;;
	esac
}

without_pages=$'[http]\nports ='

snmp_case() { # NAME FAULT WHAT
	local tmp=$tmp/$1
	mkdir "$tmp"
	round "$tmp" "$without_pages" --printer "$bad=$rich" --fault "$2@$bad" "${captures[@]}"
	judge "$1" "$tmp" "$tmp/../base/got" "$3"
}

# Every third datagram is lost, at all printers: a list this short is asked as often as any
# question is, so all of them are found, and every record is complete.
loss_case() {
	local a found=() tmp=$tmp/loss snmp=$'timeout = 150ms\nretries = 10'
	mkdir "$tmp"
	round "$tmp" "$without_pages" --printer "$bad=$rich" --loss 30 --seed 7 "${captures[@]}"
	for a in {1..20}; do ! grep -qF "\"ip\":\"$net.$a\"" "$tmp/got" || found+=(--only "$net.$a"); done
	compare loss-records same "${found[@]}" "$tmp/../base/got" "$tmp/got"
	verdict loss-found $((${#found[@]} / 2 < 20)) "only $((${#found[@]} / 2)) of 20 printers"
	verdict loss-time $((took > seconds)) "took $took s, $seconds at most"
}

# Who answers after the second try, but before the last, is logged in to and read like any other.
slow_case() {
	local tmp=$tmp/slow snmp=$'timeout = 300ms\nretries = 5'
	mkdir "$tmp"
	round "$tmp" "$without_pages" --printer "$bad=$rich" --fault "late=1000@$bad" "${captures[@]}"
	judge slow "$tmp" "$tmp/../base/got" equal
}

# ---- pages: twenty printers of one capture that has one, and a plugin that asks for it ----

pages_prepare() {
	mkdir -p "$tmp/paged/http" "$tmp/plugins"
	cp "$rich" "$tmp/paged/"
	echo "A-1042 is the number" >"$tmp/paged/http/index.html"
	head -c 20000 /dev/zero | tr '\0' x >>"$tmp/paged/http/index.html"
	cp "$PLATEN_BUILD"/plugins/*.so "$tmp/plugins/"
	cc -std=c11 -O1 -fPIC -shared -fvisibility=hidden -I"$root/sdk" -o "$tmp/plugins/page.so" \
		"$here/page.c" || exit 1
}

page_ini() { printf '[http]\nports = http:%s\ntimeout = 2s' "$1"; }

page_case() { # NAME FAULT WHAT
	local plugins=$tmp/plugins paged=$tmp/paged tmp=$tmp/$1 web
	mkdir "$tmp"
	web=$(free_port)
	round "$tmp" "$(page_ini "$web")" --http-port "$web" ${2:+--fault "$2@$bad"} "$paged"
	[ -z "$2" ] || judge "$1" "$tmp" "$tmp/../page-base/got" "$3"
}

# ---- all of them, several at a time: most of the time is spent in waiting ----

mkdir "$tmp/base" "$tmp/out"
round "$tmp/base" "$without_pages" --printer "$bad=$rich" "${captures[@]}"
check base-exit 0 "$status"
check base-count 20 "$(wc -l <"$tmp/base/got")"
compare base-schema schema "$tmp/base/got"
pages_prepare
page_case page-base "" ""
check page-base 20 "$(grep -c '"asset":"A-1042"' "$tmp/page-base/got")"

parallel 3 loss loss_case
parallel 3 slow slow_case
while read -r name fault what; do parallel 3 "$name" snmp_case "$name" "$fault" "$what"; done \
	< <(snmp_faults)
while read -r name fault what; do parallel 3 "$name" page_case "$name" "$fault" "$what"; done \
	< <(http_faults)
parallel_end
exit $failed
