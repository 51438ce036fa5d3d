#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/sqlite - the sink sqlite: what is in the database, once, and what its jail leaves it.
source "$(dirname "$0")/../lib.sh"
source "$root/tests/sinks/lib.sh"

db=$tmp/db/records.db
mkdir "$tmp/db"
sql() { sqlite3 "$db" "$1" 2>&1; }
fresh() { rm -f "$db"*; }
sink_ini "$tmp/sink.ini" "plugin = sqlite" "path = $db"

check_once
check_bad
check_billing
check_urgent
check_host_killed

# ---- the database's own troubles ----

# A schema of before is brought up to date, with what is in it.
fresh
{
	cat "$root/sdk/schema/1.sql"
	echo "INSERT INTO schema_version (version) VALUES (1);"
} | sqlite3 "$db"
sqlite3 "$db" "INSERT INTO readings VALUES ('0000000f-0000-4000-8000-000000000000', 1,
	'01900000-0000-7000-8000-000000000001', '2026-01-01T00:00:00Z', '2026-01', 'C', NULL, 'old',
	'idle', NULL, 0, '{}')"
deliver "$tmp/once"
check migrated "601|3|1" "$(count readings)|$(sql "SELECT max(version) FROM schema_version")|$(sql "SELECT count(*) FROM readings WHERE device = 'old'")"
check migrated-views "/[1-9]/" "$(count billing)"

# One of a platen to come is left alone.
sqlite3 "$db" "INSERT INTO schema_version (version) VALUES (99)"
head -n 1 "$tmp/bad" >"$tmp/one"
timeout 3 "$drive" "$tmp/sink.ini" "$tmp/one" 1 >"$tmp/newer" 2>&1
check newer-refused "/has schema version 99 and this platen knows 3: a newer platen made it/" "$(<"$tmp/newer")"
check newer-untouched 601 "$(count readings)"

# Somebody else writes for a while; somebody takes the file away.
fresh
deliver "$tmp/one"
sqlite3 "$db" "BEGIN IMMEDIATE" ".shell sleep 1" "COMMIT" &
sleep 0.3
deliver "$tmp/once"
wait $!
check locked "/sent 600 rejected 0 .* again 0/" "$said"
timeout 30 "$drive" "$tmp/sink.ini" "$tmp/many" 10 >"$tmp/gone" 2>"$tmp/gone.err" &
pid=$!
sleep 0.4
rm -f "$db" "$db-wal" "$db-shm"
wait $pid
check taken-away "/sent 4000/" "$(<"$tmp/gone")"
check taken-away-anew "/^[1-9]/" "$(count readings)"

# A folder without room: all waits, then all is there.
room=$tmp/room
mkdir "$room"
if mount -t tmpfs -o size=600k none "$room" 2>/dev/null; then
	sink_ini "$tmp/room.ini" "plugin = sqlite" "path = $room/records.db"
	timeout 30 "$drive" "$tmp/room.ini" "$tmp/once" 100 >"$tmp/full.out" 2>"$tmp/full.err" &
	pid=$!
	pids+=("$pid")
	wait_until 10 grep -q 'database or disk is full' "$tmp/full.err"
	verdict disk-full-told $? "$(tail -n 3 "$tmp/full.err")"
	mount -o remount,size=64m "$room"
	wait "$pid"
	check disk-full-then-all "/sent 600 rejected 0/" "$(<"$tmp/full.out")"
	check disk-full-once 600 "$(sqlite3 "$room/records.db" "SELECT count(*) FROM readings")"
	umount -l "$room"
else
	skip disk-full "no file system can be mounted here"
fi

# ---- what it is granted ----

none="reads passwd: no .*reads hosts: no .*reads its neighbour: no .*writes its own: yes .*writes its neighbour: no"
sigsys="killed by SIGSYS"
parallel 5 jail-folder try_nosy folder "" "$none .*lives: yes" "path = $tmp/db/nosy"
parallel 5 jail-folder-socket try_nosy folder-socket socket "$sigsys" "path = $tmp/db/nosy"
parallel 5 jail-folder-exec try_nosy folder-exec exec "$sigsys" "path = $tmp/db/nosy"
parallel 5 jail-folder-fork try_nosy folder-fork fork "$sigsys" "path = $tmp/db/nosy"
parallel 5 jail-folder-passwd try_nosy folder-passwd create "$none .*writes passwd: no .*lives: yes" "path = $tmp/db/nosy"
parallel_end
sed '/^allow/d' "$tmp/sink.ini" >"$tmp/plain.ini"
timeout 3 "$drive" "$tmp/plain.ini" "$tmp/first" 1 >"$tmp/nosy.out" 2>&1
check not-granted "/no place for it to send to; choose .*file, or give a database's plugin allow = network/" "$(<"$tmp/nosy.out")"
sink_ini "$tmp/nothing.ini" "plugin = sqlite"
timeout 3 "$drive" "$tmp/nothing.ini" "$tmp/first" 1 >"$tmp/nosy.out" 2>&1
check names-nothing "/allow: network is for a database; name it with path or url/" "$(<"$tmp/nosy.out")"
printf '[plugin sqlite]\npath = /tmp/x\n' | ini "$tmp/scraper.ini"
run_platen "$tmp/out" plugins -c "$tmp/scraper.ini" "$PLATEN_BUILD/plugins/sqlite.so"
check section-of-plugin "/needs platen.network\/1, and only its section \[sink NAME\] can grant that: allow = network/" "$(tr -s ' \n' ' ' <"$tmp/out")$(<"$tmp/out.err")"
run_platen "$tmp/out" check -c "$tmp/sink.ini"
check checked 0 "$status"
exit $failed
