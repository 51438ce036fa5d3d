# SPDX-License-Identifier: Apache-2.0
#
# tests/sinks/lib.sh - what the suites of the database sinks share; sourced behind tests/lib.sh.
# A suite says how its database is asked (sql SQL, one line a row, columns by |) and made empty
# (fresh), and what its sink's section has beside the plugin ($section).

sinks=$root/tests/sinks
drive=$PLATEN_BUILD/tests/sinks/sink-drive
export PLATEN_HOST=$PLATEN_BUILD/platen-host
# AddressSanitizer cannot live in the jail: there the plugins are looked at, and here the jail.
sandbox=$(by_variant require off)
said=

# sink_ini FILE [LINE...]: one sink, named database
sink_ini() {
	local file=$1
	shift
	{
		printf '[site]\nstate = %s/state\nsandbox = %s\n' "$tmp" "$sandbox"
		printf '[sink database]\nallow = network\nretry_min = 100ms\nretry_max = 500ms\n'
		printf '%s\n' "$@"
	} | ini "$file"
}

# deliver RECORDS [BATCH [INI]]: all of them have a fate; $said is what was told
deliver() {
	said=$(timeout 60 "$drive" "${3:-$tmp/sink.ini}" "$1" "${2:-500}" 2>"$tmp/drive.err")
	status=$?
}

count() { sql "SELECT count(*) FROM $1"; }

# ---- what holds for every database ----

check_once() {
	"$sinks/make-records" 3 20 10 >"$tmp/once"
	head -n 1 "$tmp/once" >"$tmp/first"
	fresh
	deliver "$tmp/once" 100
	check once-sent "/sent 600 rejected 0 batches 6 again 0/" "$said"
	check once-tables "600|3000|2400|90|$(sql "SELECT count(*) FROM readings WHERE errors = 'low-toner'")" \
		"$(count readings)|$(count meters)|$(count supplies)|$(count alerts)|90"
	check once-people "3|60|20" "$(count agents)|$(count devices)|$(sql "SELECT count(*) FROM devices WHERE agent = '00000002-0000-4000-8000-000000000000'")"
	sql "SELECT * FROM billing ORDER BY device, meter" >"$tmp/billing"
	deliver "$tmp/once" 77
	check twice-sent "/sent 600 rejected 0/" "$said"
	check twice-tables "600|3000|2400" "$(count readings)|$(count meters)|$(count supplies)"
	check twice-billing "$(<"$tmp/billing")" "$(sql "SELECT * FROM billing ORDER BY device, meter")"
	check no-gaps 0 "$(count gaps)"
	# The record stands there whole.
	sql "SELECT record FROM readings WHERE seq = 7 ORDER BY agent" >"$tmp/whole"
	/usr/bin/python3 - "$tmp/once" "$tmp/whole" <<-'PY'
		import json, sys
		want = [json.loads(l) for l in open(sys.argv[1]) if '"seq":7,' in l]
		got = [json.loads(l) for l in open(sys.argv[2])]
		sys.exit(want != got)
	PY
	verdict record-whole $? "not the record that was sent"
}

check_bad() {
	"$sinks/bad.py" records "$sinks/bad.cases" >"$tmp/bad"
	fresh
	deliver "$tmp/bad" 500
	"$sinks/bad.py" expected "$sinks/bad.cases" >"$tmp/bad.wanted"
	local wanted i=0 n
	while read -r wanted; do
		n=$((++i * 2))
		check "bad-$n" "$wanted" "$(grep -F -- "$wanted" <<<"$said" | cut -c "1-${#wanted}")"
	done <"$tmp/bad.wanted"
	check bad-others "$i" "$(count readings)"
	# Another record under a number that is taken is no second copy.
	sed 's/01900000-0000-7000/01900000-ffff-7000/; s/Example:bad/Example:other/' "$tmp/bad" |
		head -n 1 >"$tmp/other"
	deliver "$tmp/other"
	check other-refused "/rejected 1 another record of this agent has its number already/" "$said"
	check other-not-mixed "$i|1|0" "$(count readings)|$(sql "SELECT count(*) FROM meters WHERE seq = 1")|$(sql "SELECT count(*) FROM readings WHERE device = 'Example:other'")"
}

check_billing() {
	local order
	"$sinks/cases.py" expected "$sinks/billing.cases" >"$tmp/cases.wanted"
	for order in forwards backwards shuffled; do
		"$sinks/cases.py" records "$sinks/billing.cases" "$order" >"$tmp/cases"
		fresh
		deliver "$tmp/cases" 7
		sql "SELECT device, meter, unit, month, pages, resets, swaps, since_reset, readings, sources
			FROM billing" | LC_ALL=C sort >"$tmp/cases.got"
		diff <(LC_ALL=C sort "$tmp/cases.wanted") "$tmp/cases.got" >"$tmp/diff"
		verdict "billing-$order" $? "$(head -n 12 "$tmp/diff")"
	done
	check billing-left-out "aside 4 stray 3" "$(sql "SELECT kind || ' ' || count(*) FROM steps
		WHERE kind IN ('stray', 'aside') GROUP BY kind ORDER BY kind" | paste -sd ' ')"
	check billing-ends "1000|1100" "$(sql "SELECT value_from, value_to FROM billing WHERE device = 'plain'")"
}

check_urgent() {
	local agent=0000000e-0000-4000-8000-000000000000 hash=00112233445566778899aabbccddeeff seq
	urgent() {
		printf '{"schema":"platen.urgent/1","agent":"%s","seq":%d,"time":"2026-03-01T10:00:00Z","device":"%s","meters":[{"name":"total","value":9,"unit":"impressions"}],"supplies":[],"alerts":[]}\n' \
			"$agent" "$1" "$hash"
	}
	fresh
	for seq in 1 2; do urgent $seq; done >"$tmp/urgent"
	deliver "$tmp/urgent"
	check urgent-not-counted "0|2|0" "$(count readings)|$(sql "SELECT count(*) FROM urgent_facts WHERE resolved = 0")|$(count billing)"
	"$sinks/make-records" 1 1 1 13 | sed "s/\"agent\":\"[^\"]*\"/\"agent\":\"$agent\"/" >"$tmp/full"
	deliver "$tmp/full"
	deliver "$tmp/urgent"
	check urgent-resolved "1|1" "$(count readings)|$(sql "SELECT seq FROM urgent_facts WHERE resolved = 1")"
	check urgent-printer "2|Example:00140000" "$(sql "SELECT seq, device FROM urgent_facts WHERE resolved = 0")"
}

# A host that dies at any moment: nothing is lost, nothing double.
check_host_killed() {
	local n=0 pid host
	"$sinks/make-records" 4 50 20 >"$tmp/many"
	fresh
	timeout 100 "$drive" "$tmp/sink.ini" "$tmp/many" 20 >"$tmp/killed" 2>"$tmp/killed.err" &
	pid=$!
	pids+=("$pid")
	for _ in 1 2 3 4; do
		sleep 0.35
		host=$(family "$pid" | tail -n 1)
		[ "$(role_of "$host")" = platen-host ] && kill -KILL "$host" && n=$((n + 1))
	done
	wait "$pid"
	check "host-killed-told" "/sent 4000 rejected 0/" "$(<"$tmp/killed")"
	check "host-killed-once" "4000|20000" "$(count readings)|$(count meters)"
	verdict host-was-killed $((n == 0)) "it was never there to be killed"
}

# try_nosy NAME LAST WANTED LINE...: what a plugin in such a jail can reach
try_nosy() {
	local name=$1 last=$2 wanted=$3 folder=$tmp/nosy
	shift 3
	under_sanitizer && return
	folder=$folder/$name
	mkdir -p -m 755 "$tmp/nosy" "$folder"
	cc -std=c11 -D_GNU_SOURCE -w -I"$root/sdk" -O1 -fPIC -shared \
		-fvisibility=hidden -o "$folder/nosy.so" "$sinks/nosy.c" || exit 1
	echo neighbour >"$tmp/neighbour"
	plugins=$folder sink_ini "$folder/nosy.ini" "plugin = nosy" "last = $last" \
		"neighbour = $tmp/neighbour" "$@"
	timeout 2 "$drive" "$folder/nosy.ini" "$tmp/first" 1 >"$folder/out" 2>&1
	check "jail-$name" "/$wanted/" "$(tr '\n' ' ' <"$folder/out")"
}
