#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/storm [--long | AGENTS PRINTERS KILLS SECONDS] - everything between printers and the
# dealer's database is killed, cut, refused and forged at random for as long as it takes: agents,
# their roles and plugins, two gateways and theirs, all of PostgreSQL, squid, nginx and its workers;
# nginx answers 500, 502, 429 or nothing, shows old and foreign certificates; names are not found;
# clocks jump.  Afterwards every record that a site has is in the database exactly once, and every
# spool is sound.  The short form is for each change, the long one for `make storm`.
source "$(dirname "$0")/../lib.sh"
source "$root/tests/e2e/parts.sh"

missing=$(parts_needed)
[ -z "$missing" ] || { skip storm "$missing"; exit 0; }
case ${1:-} in
--long) agents=20 printers=50 kills=1000 seconds=3000 agent_every=20s pace=100 ;;
"") agents=4 printers=6 kills=60 seconds=40 agent_every=1s pace=300 ;;
*) agents=$1 printers=$2 kills=$3 seconds=$4 agent_every=${5:-5s} pace=${6:-100} ;;
esac
RANDOM=${STORM_SEED:-$(($(date +%s) % 32768))}
echo "# $agents agents, $printers printers each; seed ${STORM_SEED:-by the clock}"

ports=($(for _ in 1 2 3 4; do free_port; done))
front=${ports[0]} proxy=${ports[1]} gates="${ports[2]} ${ports[3]}"
faketime=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
declare -A counts=()
total=0

# ---- the world ----

pki_make
pg_make && pg_start || { not_ok postgres "$(tail -n 3 "$tmp/pg.log")"; exit 1; }
squid_start && nginx_start || { not_ok parts "$(tail -n 3 "$tmp"/*.err "$squid"/basic/err)"; exit 1; }
for n in 1 2; do gateway_make $n "${ports[n + 1]}"; done
# Each agent has a network of its own: 127.(60+n).0.1 and on.
ranges=()
for ((n = 1; n <= agents; n++)); do ranges+=(--listen "127.$((60 + n)).0.1-127.$((60 + n)).0.$printers"); done
mapfile -t captures < <(own_printers)
sim_start "${ranges[@]}" --unique --grow 600 "${captures[@]}"
for ((n = 1; n <= agents; n++)); do
	agent_make $n "127.$((60 + n)).0.1-127.$((60 + n)).0.$printers"
	# Every second one knows a first server whose name is never found.
	((n % 2)) || sed -i 's|^servers = |servers = https://nowhere.invalid:'"$front"'/records, |' \
		"$tmp/agent-$n/platen.ini"
done
for n in 1 2; do gateway_start $n || { not_ok "gateway-$n" "$(tail -n 3 "$tmp/gate-$n/log")"; exit 1; }; done
for ((n = 1; n <= agents; n++)); do platen_start "$tmp/agent-$n"; done

# ---- what happens ----

counted() { counts[$1]=$((${counts[$1]:-0} + 1)); }

# kill_one WHAT PID
kill_one() {
	[ -n "$2" ] && kill -KILL "$2" 2>/dev/null || return 1
	counted "$1"
	total=$((total + 1))
}

some_agent() { echo "$tmp/agent-$((RANDOM % agents + 1))"; }
some_gate() { echo "$tmp/gate-$((RANDOM % 2 + 1))"; }

# start_again FOLDER: what is started anew may have another clock for a while
start_again() {
	wait "$(<"$1/pid")" 2>/dev/null
	if [ -n "$faketime" ] && ((RANDOM % 6 == 0)) && [[ $1 == *agent* ]]; then
		counted "clock jumps"
		LD_PRELOAD=$faketime FAKETIME=$((RANDOM % 2 ? -1 : 1))d platen_start "$1"
	else
		platen_start "$1"
	fi
}

kill_agent() {
	local dir
	dir=$(some_agent)
	kill_one agents "$(<"$dir/pid")" && start_again "$dir"
}

kill_gateway() {
	local dir
	dir=$(some_gate)
	kill_one gateways "$(<"$dir/pid")" && start_again "$dir"
}

# One of an agent's or gateway's processes; its plugin would be set aside after five deaths an
# hour, so the plugins' turn comes seldom.
kill_child() {
	local dir all pid
	if ((RANDOM % 3)); then dir=$(some_agent); else dir=$(some_gate); fi
	all=($(family "$(<"$dir/pid")"))
	[ ${#all[@]} -gt 0 ] || return
	pid=${all[RANDOM % ${#all[@]}]}
	case $(role_of "$pid") in
	platen-host) ((RANDOM % 3)) || kill_one plugins "$pid" ;;
	platen-lan | platen-wan | platen-gate) kill_one roles "$pid" ;;
	esac
}

kill_postgres() {
	pg_kill
	counted PostgreSQL
	total=$((total + 1))
	sleep 0.$((RANDOM % 10))
	pg_start >/dev/null
}

kill_worker() { kill_one "workers of nginx" "$(family "$nginx_pid" | head -n 1)"; }

# It takes connections and says nothing, for longer than an agent waits.
stop_worker() {
	local pid
	pid=$(family "$nginx_pid" | head -n 1)
	[ -n "$pid" ] || return
	counted "front: no answer"
	kill -STOP "$pid"
	(sleep 6; kill -CONT "$pid") 2>/dev/null &
}

kill_squid() {
	kill_one squid "$squid_pid"
	wait "$squid_pid" 2>/dev/null
	sleep 0.$((RANDOM % 10))
	squid_start
}

front_says=(good good good good old foreign "good return 500;" "good return 502;" "good return 429;"
	"good return 444;" "good proxy_set_header X-Slow 1; limit_rate 20;")
change_front() {
	local how=${front_says[RANDOM % ${#front_says[@]}]}
	nginx_conf "${how%% *}" "$([[ $how == *" "* ]] && echo "${how#* }")"
	nginx_again
	counted "front: $how"
}

# In the order of how often: out of 100.
acts=(kill_child 45 kill_agent 22 kill_gateway 8 change_front 12 stop_worker 2 kill_worker 6 kill_squid 3 kill_postgres 2)
act() {
	local r=$((RANDOM % 100)) i
	for ((i = 0; i < ${#acts[@]}; i += 2)); do
		((r -= acts[i + 1]))
		((r >= 0)) || { ${acts[i]}; return; }
	done
}

# The first records are on their way when it begins.
wait_until 60 eval '[ "$(there)" -gt 0 ]'
began=$SECONDS
exec 8>&2
while [ "$total" -lt "$kills" ] && [ $((SECONDS - began)) -lt "$seconds" ]; do
	act
	sleep 0.$(printf '%03d' $((RANDOM % pace)))
done 2>/dev/null
lasted=$((SECONDS - began))

# ---- and then it is calm ----

nginx_conf good && nginx_again
finish "$sim"
# Sites go on as after a reboot; plugins that were set aside come back with that.
for dir in "$tmp"/agent-* "$tmp"/gate-*; do
	finish "$(<"$dir/pid")" TERM 30
	platen_start "$dir"
done
calm=$SECONDS
sleep 2
wait_until "$((60 + agents * 10))" all_there
verdict all-there $? "$(there) of $(kept) after $((SECONDS - calm)) s: $(tail -n 2 "$tmp"/agent-*/log "$tmp"/gate-*/log)"
drained=$((SECONDS - calm))
for dir in "$tmp"/agent-* "$tmp"/gate-*; do finish "$(<"$dir/pid")"; done
all_the_same once
spools_clean spools
check no-double-lines "" "$(cat "$tmp"/agent-*/records.jsonl | sed 's/.*"agent":"\([^"]*\)","seq":\([0-9]*\).*/\1 \2/' | sort | uniq -d | head -n 3)"
check never-negative 0 "$(sql "SELECT count(*) FROM billing WHERE pages < 0")"
verdict enough-kills $((total * 4 < kills)) "only $total"
check no-report "" "$(grep -hE 'Sanitizer|runtime error' "$tmp"/*/log | head -n 3)"
echo "# $total kills in $lasted s; $(there) records of $(sql "SELECT count(*) FROM devices") printers, all there $drained s later"
for what in "${!counts[@]}"; do echo "#   ${counts[$what]} $what"; done | sort -k 2nr
pg_stop
exit $failed
