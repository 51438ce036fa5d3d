# SPDX-License-Identifier: Apache-2.0
#
# tests/sinks/pg.sh - a PostgreSQL of the suite's own: in a folder of its own, on a free port of
# loopback, run by a user that is not root; sourced behind tests/lib.sh.
#
#	pg_make		makes it, with an empty database `platen`; false: there is none on this machine
#	pg_start [OPTION...], pg_kill, pg_stop
#	pg SQL...	asks it; columns are separated by |
#	$pg_url		for the sink's section

pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
pg_pid=

# pg_as COMMAND...: as the user it runs as
pg_as() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid "$pg_user" --regid "$(id -g "$pg_user")" --clear-groups -- "$@"
	else
		"$@"
	fi
}

pg_make() {
	[ -x "$pg_bin/initdb" ] || return 1
	pg_user=$(id -un)
	[ "$(id -u)" = 0 ] && { id postgres >/dev/null 2>&1 && pg_user=postgres || pg_user=nobody; }
	pg_dir=$tmp/pg
	mkdir -m 700 "$pg_dir"
	chmod 755 "$tmp"
	[ "$(id -u)" != 0 ] || chown "$pg_user" "$pg_dir"
	pg_port=$(free_port)
	(cd "$pg_dir" && pg_as "$pg_bin/initdb" -D "$pg_dir/data" -U platen -A trust -E UTF8 --locale C \
		--no-sync) >"$tmp/initdb" 2>&1 || return 1
	pg_url="postgresql://platen@127.0.0.1:$pg_port/platen"
}

pg_ready() { "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$pg_port"; }

pg_start() {
	(cd "$pg_dir" && pg_as "$pg_bin/postgres" -D "$pg_dir/data" -p "$pg_port" -h 127.0.0.1 \
		-k "$pg_dir" -c shared_buffers=32MB -c max_connections=20 -c autovacuum=off "$@" \
		>>"$tmp/pg.log" 2>&1) &
	pg_pid=$!
	pids+=("$pg_pid")
	wait_until 20 pg_ready || { tail -n 5 "$tmp/pg.log" >&2; return 1; }
	pg_main=$(head -n 1 "$pg_dir/data/postmaster.pid")
	PGDATABASE=postgres pg "SELECT 1 FROM pg_database WHERE datname = 'platen'" | grep -q 1 ||
		PGDATABASE=postgres pg 'CREATE DATABASE platen'
}

# pg_kill: SIGKILL to all of it, as if the machine had lost power
pg_kill() {
	local all="$pg_main $(family "$pg_main")"
	kill -KILL $all 2>/dev/null
	wait_until 10 gone $all
	wait "$pg_pid" 2>/dev/null
	rm -f "$pg_dir/data/postmaster.pid"
} 2>/dev/null

pg_stop() {
	kill -INT "$pg_main" 2>/dev/null
	wait_until 20 gone "$pg_main" || pg_kill
}

pg() {
	local sql
	for sql; do
		PGOPTIONS='-c timezone=UTC -c client_min_messages=error -c default_transaction_read_only=off' psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 \
			-p "$pg_port" -U platen -d "${PGDATABASE:-platen}" -c "$sql" 2>&1
	done
}
