# SPDX-License-Identifier: Apache-2.0
#
# tests/squid.sh - proxies of a customer: squid that lets through who proves who he is; sourced
# behind tests/lib.sh.
#
#	proxy_start NAME PORT TO "${squid_basic[@]}"

squid=$tmp/squid # each has a folder in it
mkdir "$squid"
echo "dealer:$(openssl passwd -apr1 open-sesame)" >"$squid/users"
echo dealer:open-sesame >"$squid/passwords"
echo 127.0.0.1 localhost >"$squid/hosts" # where ::1 is localhost, too, nobody listens there

# Ways to prove it.  Squid's own helper for NTLM takes any password.
squid_basic=("basic program /usr/lib/squid/basic_ncsa_auth $squid/users" "basic children 2 startup=1")
squid_digest=("digest program /usr/lib/squid/digest_file_auth $squid/passwords"
	"digest children 1 startup=1" "digest realm proxy")
squid_ntlm=("ntlm program /usr/lib/squid/ntlm_fake_auth" "ntlm children 1 startup=1")

# proxy_start NAME PORT TO WAY...: listens at PORT, connects to port TO alone; sets $squid_pid
proxy_start() {
	local dir=$squid/$1
	mkdir -p "$dir"
	cat >"$dir/conf" <<-SQUID
		hosts_file $squid/hosts
		http_port 127.0.0.1:$2
		$(printf 'auth_param %s\n' "${@:4}")
		acl known proxy_auth REQUIRED
		acl server port $3
		http_access deny !server
		http_access allow known
		http_access deny all
		pid_filename $dir/pid
		access_log stdio:$dir/access.log
		cache_log $dir/cache.log
		cache deny all
		pinger_enable off
		shutdown_lifetime 0 seconds
		coredump_dir $dir
	SQUID
	chmod -R a+rwX "$squid"
	squid -N -f "$dir/conf" >"$dir/err" 2>&1 &
	squid_pid=$!
	pids+=("$squid_pid")
}
