#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/plugins - a hostile plugin (tests/bad) beside printer-mib: the agent goes on, says
# in one line which plugin did what, and printer-mib's records are as without it.
source "$(dirname "$0")/../lib.sh"

bad=("$PLATEN_BUILD"/tests/bad/*.so)
[ ${#bad[@]} -gt 0 ] || { skip plugins "tests/bad is not built"; exit 0; }
captures=$(own_printers)
captures=${captures:-$(real_captures)}
[ -n "$captures" ] || { skip plugins "there are no captures"; exit 0; }
mapfile -t captures <<<"$captures"

count=5
port=
sim_start --listen 127.25.0.1-127.25.0.$count --unique "${captures[@]}"

# the_ini FOLDER: an agent with the plugins in FOLDER/plugins
the_ini() {
	plugins=$1/plugins ini "$1/platen.ini" <<INI
[site]
state = $1/state
[discover]
ranges = 127.25.0.1-127.25.0.$count
rate = 2000
[snmp]
port = $port
timeout = 300ms
[http]
ports =
[schedule]
every = 1s
[sink file]
plugin = file
every = 100ms
path = $1/records.jsonl
INI
}

has_lines() { [ "$(cat "$2" 2>/dev/null | wc -l)" -ge "$1" ]; }

# with_plugin FOLDER [FILE.so]: an agent for two rounds at least; its records and its log
with_plugin() {
	local tmp=$1
	mkdir -p "$tmp/plugins"
	cp "$PLATEN_BUILD/plugins/printer-mib.so" "$PLATEN_BUILD/plugins/file.so" ${2:+"$2"} \
		"$tmp/plugins/"
	the_ini "$tmp"
	agent_start "$tmp/platen.ini"
	wait_until "$(by_variant 30 60)" has_lines $((2 * count)) "$tmp/records.jsonl"
	enough=$?
	alive "$agent"
	stayed=$?
	agent_stop
	# The first record of each printer; what the hostile one read beside is not looked at.
	awk -F '"ip":"' '{ split($2, a, "\""); if (!seen[a[1]]++) print }' "$tmp/records.jsonl" \
		>"$tmp/first" 2>/dev/null
}

one_plugin() {
	local name=$1 file=$2 dir=$tmp/with-$1 said
	with_plugin "$dir" "$file"
	verdict "$name-agent-stays" $stayed "the agent is gone: $(tail -n 3 "$dir/agent.log")"
	verdict "$name-records" $enough "too few records in time: $(tail -n 3 "$dir/agent.log")"
	check "$name-exit" 0 "$status"
	said=$(grep -cE "plugin [^ ]*$name" "$dir/agent.log")
	check "$name-named" "/^[1-9]/" "$said"
	compare "$name-same" mib "$tmp/alone/first" "$dir/first"
	check "$name-no-report" "" "$(grep -E 'Sanitizer|runtime error' "$dir/agent.log" | head -n 3)"
}

# All hostile plugins at once, for as many rounds as an hour has at one a minute: not one
# reading of printer-mib is missing in any of them.
rounds=$(by_variant 60 10)

# all_have N FILE: every printer has N records; some are read a round ahead of others
all_have() {
	[ -e "$2" ] && awk -F '"ip":"' -v n="$1" -v count="$count" \
		'{ split($2, a, "\""); if (++seen[a[1]] == n) done++ } END { exit done < count }' "$2"
}

all_plugins() {
	local dir=$tmp/all round said wrong=0
	mkdir -p "$dir/plugins"
	cp "$PLATEN_BUILD/plugins/printer-mib.so" "$PLATEN_BUILD/plugins/file.so" "${bad[@]}" \
		"$dir/plugins/"
	the_ini "$dir"
	tmp=$dir agent_start "$dir/platen.ini"
	wait_until 300 all_have "$rounds" "$dir/records.jsonl"
	verdict all-records $? "only $(wc -l <"$dir/records.jsonl") of $((rounds * count)) in time"
	alive "$agent"
	verdict all-agent-stays $? "the agent is gone"
	tmp=$dir agent_stop
	check all-exit 0 "$status"
	for ((round = 1; round <= rounds; round++)); do
		awk -F '"ip":"' -v k=$round '{ split($2, a, "\""); if (++seen[a[1]] == k) print }' \
			"$dir/records.jsonl" >"$dir/round"
		said=$("${records[@]}" mib "$tmp/alone/first" "$dir/round" 2>&1) || {
			not_ok "all-round-$round" "${said:0:600}"
			wrong=1
		}
	done
	verdict "all-$rounds-rounds-complete" $wrong "see the rounds above"
}

with_plugin "$tmp/alone"
check alone-exit 0 "$status"
check alone-count $count "$(wc -l <"$tmp/alone/first")"
for file in "${bad[@]}"; do
	parallel 3 "$(basename "$file" .so)" one_plugin "$(basename "$file" .so)" "$file"
done
parallel_end
all_plugins
sim_stop plugins-
exit $failed
