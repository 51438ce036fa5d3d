/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.c - rlimits, landlock and seccomp around a role that speaks to the
 * network; see jail.h.
 *
 * All files it needs have been read by now but /etc/hosts, which is read for
 * every name.  Where the kernel can, TCP goes only to the ports that the plan
 * names and to name servers.  To start a program or to touch another process ends the role;
 * all else that is not listed just fails, as libraries try many things.
 */
#include "net/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY_MOST (1u << 30) /* address space */
#define FILES_MOST 4096 /* sockets */
#define NAME_SERVER_PORT 53

/* AddressSanitizer reserves terabytes and ends by tracing itself: with it there is no jail. */
extern void __asan_init(void) __attribute__((weak));

static bool
limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit l;

	if (getrlimit(what, &l) != 0)
		return false;
	l.rlim_cur = l.rlim_max = l.rlim_max < most ? l.rlim_max : most;
	return setrlimit(what, &l) == 0;
}

static bool
limits(struct why *why)
{
	/* No RLIMIT_FSIZE: the one file it may write to is stderr, where that is a file. */
	if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NPROC, 0) ||
		!limit(RLIMIT_NOFILE, FILES_MOST) || !limit(RLIMIT_AS, MEMORY_MOST))
		return why_set(why, "its limits cannot be set: %s", strerror(errno));
	return true;
}

/* ---- landlock; what is newer than Debian's header stands here ---- */

struct ruleset {
	uint64_t files;
	uint64_t net; /* since ABI 4 */
	uint64_t scope; /* since ABI 6 */
};

struct port_rule {
	uint64_t allowed;
	uint64_t port;
};

enum { NET_BIND = 1, NET_CONNECT = 2, NET_PORT_RULE = 2, SCOPE_ALL = 3 };

/* How many rights files have, by ABI. */
static const uint8_t file_rights[] = { 0, 13, 14, 15, 15, 16 };

static bool
allow_file(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE };
	bool ok;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return true; /* what is not there need not be allowed */
	ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return ok;
}

static bool
allow_port(int ruleset, uint32_t port)
{
	const struct port_rule rule = { NET_CONNECT, port };

	return syscall(SYS_landlock_add_rule, ruleset, NET_PORT_RULE, &rule, 0) == 0;
}

static bool
allow_ports(int ruleset, const struct jail_plan *plan)
{
	if (plan->listens)
		return true;
	for (uint32_t i = 0; i < plan->nports; i++)
		if (!allow_port(ruleset, plan->ports[i]))
			return false;
	return allow_port(ruleset, NAME_SERVER_PORT);
}

/* False without a reason in errno: this kernel has no landlock. */
static bool
landlock(const struct jail_plan *plan, struct why *why)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
		LANDLOCK_CREATE_RULESET_VERSION);
	size_t known = abi < 0                     ? 0
		: (size_t)abi < COUNT(file_rights) ? (size_t)abi
						   : COUNT(file_rights) - 1;
	const struct ruleset all = {
		.files = (UINT64_C(1) << file_rights[known]) - 1,
		.net = abi >= 4 ? NET_BIND | NET_CONNECT : 0,
		.scope = abi >= 6 ? SCOPE_ALL : 0,
	};
	int ruleset;
	bool ok;

	if (abi <= 0)
		return why_set(why, "this kernel has no landlock (Linux 5.13 and newer, enabled)");
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &all,
		abi >= 6           ? sizeof(all)
			: abi >= 4 ? (size_t)16
				   : (size_t)8,
		0);
	ok = ruleset >= 0 && (plan->listens || allow_file(ruleset, "/etc/hosts")) &&
		(abi < 4 || allow_ports(ruleset, plan)) &&
		syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!ok)
		why_set(why, "landlock: %s", strerror(errno));
	if (ruleset >= 0)
		close(ruleset);
	return ok;
}

/* ---- seccomp ---- */

static const char allowed[] =
	"read write readv writev recvfrom recvmsg recvmmsg sendto sendmsg sendmmsg "
	"getsockname getpeername setsockopt getsockopt shutdown close fcntl fstat "
	"newfstatat lseek poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait "
	"epoll_pwait epoll_pwait2 eventfd2 brk munmap mremap madvise futex clock_gettime "
	"clock_getres gettimeofday time nanosleep clock_nanosleep getrandom getpid gettid "
	"getuid geteuid getgid getegid getrusage uname sysinfo sched_yield rt_sigaction "
	"rt_sigprocmask rt_sigreturn sigaltstack restart_syscall rseq set_robust_list exit "
	"exit_group";

/* ... and one or the other of these. */
static const char calling[] = "connect";
static const char listening[] = "accept accept4 epoll_create";

static const char deadly[] =
	"execve execveat fork vfork clone clone3 ptrace process_vm_readv process_vm_writev kill "
	"tkill pidfd_open pidfd_send_signal";

/* Allowed with one argument only: (argument & mask) == value. */
static const struct {
	const char *name;
	unsigned argument;
	uint64_t mask, value;
} conditional[] = {
	{ "mmap", 2, PROT_EXEC, 0 },
	{ "mprotect", 2, PROT_EXEC, 0 },
	{ "ioctl", 1, ~UINT64_C(0), FIONBIO },
	{ "ioctl", 1, ~UINT64_C(0), FIONREAD },
};

static bool
add_names(scmp_filter_ctx filter, uint32_t action, const char *list)
{
	char *names = mem_string(list), *rest = names, *name;
	bool ok = true;

	while (ok && (name = strsep(&rest, " ")) != NULL) {
		int number = seccomp_syscall_resolve_name(name);

		/* Not every machine has every call. */
		ok = number < 0 || seccomp_rule_add(filter, action, number, 0) == 0;
	}
	free(names);
	return ok;
}

static bool
add_network(scmp_filter_ctx filter, bool listens)
{
	static const scmp_datum_t families[] = { AF_INET, AF_INET6 };
	bool ok = add_names(filter, SCMP_ACT_ALLOW, listens ? listening : calling);

	for (size_t i = 0; ok && !listens && i < COUNT(families); i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			     SCMP_CMP(0, SCMP_CMP_MASKED_EQ, ~UINT64_C(0), families[i])) == 0;
	return ok;
}

static bool
add_conditional(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < COUNT(conditional); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW,
			    seccomp_syscall_resolve_name(conditional[i].name), 1,
			    SCMP_CMP(conditional[i].argument, SCMP_CMP_MASKED_EQ,
				    conditional[i].mask, conditional[i].value)) != 0)
			return false;
	return true;
}

/* With landlock, what may be opened is its matter; without it nothing may. */
static bool
add_open(scmp_filter_ctx filter, bool confined)
{
	const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;

	if (!confined)
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOENT), SCMP_SYS(openat), 0) == 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		       SCMP_CMP(2, SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) == 0;
}

/* abort() must work: a signal to itself. */
static bool
add_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
		       SCMP_CMP(0, SCMP_CMP_MASKED_EQ, ~UINT64_C(0), (scmp_datum_t)getpid())) == 0;
}

static bool
seccomp(const struct jail_plan *plan, bool confined, struct why *why)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = filter != NULL && add_names(filter, SCMP_ACT_ALLOW, allowed) &&
		add_names(filter, SCMP_ACT_KILL_PROCESS, deadly) &&
		add_network(filter, plan->listens) && add_conditional(filter) &&
		add_open(filter, confined && !plan->listens) && add_abort(filter) &&
		seccomp_load(filter) == 0;

	seccomp_release(filter);
	return ok || why_set(why, "this kernel takes no seccomp filter");
}

static void
close_in(const struct jail_plan *plan, struct pipe_end *pipe)
{
	bool require = plan->sandbox == SANDBOX_REQUIRE;
	struct why why;
	bool confined;

	if (plan->sandbox == SANDBOX_OFF || __asan_init != NULL)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !limits(&why))
		die("no jail for the %s role: %s", plan->who, why.text);
	confined = landlock(plan, &why);
	if (!confined && require)
		die("no jail for the %s role: %s, and the INI says sandbox = require", plan->who,
			why.text);
	if (!confined)
		pipe_log(pipe, LOG_WARN, "the %s role is held by seccomp alone: %s%s", plan->who,
			why.text, plan->listens ? "" : "; names in /etc/hosts are not found");
	if (!seccomp(plan, confined, &why)) {
		if (require)
			die("no jail for the %s role: %s, and the INI says sandbox = require",
				plan->who, why.text);
		pipe_log(pipe, LOG_WARN, "the %s role is not held by seccomp: %s", plan->who,
			why.text);
	}
}

void
jail_begin(const struct jail_plan *plan, struct pipe_end *pipe)
{
	close_in(plan, pipe);
	/* All that is read of files has been read. */
	mem_started();
}
