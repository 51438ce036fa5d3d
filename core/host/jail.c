/* SPDX-License-Identifier: Apache-2.0 */
/* jail.c - rlimits, landlock and seccomp around a plugin; see jail.h. */
#include "host/jail.h"

#include <platen/plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- rlimits ---- */

/* AddressSanitizer reserves terabytes: where it is linked in, memory has no limit. */
extern void __asan_init(void) __attribute__((weak));

bool
jail_limits(const struct jail_plan *plan, struct why *why)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
		const char *name;
	} limits[] = {
		{ RLIMIT_AS, PLATEN_HOST_MEMORY, "memory" },
		{ RLIMIT_NOFILE, MAX_HOST_FILES, "open files" },
		{ RLIMIT_CORE, 0, "core files" },
		{ RLIMIT_FSIZE, 0, "file size" },
		/* Counts the whole user, but binds only this process: it may start none. */
		{ RLIMIT_NPROC, 0, "processes" },
	};

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct rlimit l = { .rlim_cur = limits[i].most, .rlim_max = limits[i].most };

		if (limits[i].what == RLIMIT_AS && __asan_init != NULL)
			continue;
		if (limits[i].what == RLIMIT_FSIZE && plan->folder != NULL)
			continue;
		if (setrlimit(limits[i].what, &l) != 0)
			return why_set(why, "no jail: cannot limit %s: %s", limits[i].name,
				strerror(errno));
	}
	return true;
}

/*
 * ---- landlock: files, and where the kernel can, TCP, signals and sockets ----
 *
 * The structs and numbers are the kernel's (linux/landlock.h); Debian's headers
 * may be older than the kernel, which is asked for what it knows.
 */

struct ruleset {
	uint64_t files;
	uint64_t net; /* since ABI 4 */
	uint64_t scope; /* since ABI 6 */
};

struct beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

enum {
	LANDLOCK_VERSION = 1 << 0, /* flag: tell the ABI */
	LANDLOCK_BENEATH = 1, /* rule type */
	LANDLOCK_WRITE_FILE = 1 << 1,
	LANDLOCK_READ_FILE = 1 << 2,
	LANDLOCK_READ_DIR = 1 << 3,
	LANDLOCK_REMOVE_FILE = 1 << 5,
	LANDLOCK_MAKE_FILE = 1 << 8,
	LANDLOCK_TRUNCATE = 1 << 14, /* since ABI 3 */
	LANDLOCK_BIND = 1 << 0, /* of net */
	LANDLOCK_CONNECT = 1 << 1,
};

static long
landlock_abi(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_VERSION);
}

/* All that an ABI knows is forbidden, unless a rule allows it. */
static struct ruleset
ruleset_all(const struct jail_plan *plan, long abi)
{
	/* How many rights files have, by ABI. */
	static const uint8_t rights[] = { 0, 13, 14, 15, 15, 16 };
	size_t i = (size_t)abi < COUNT(rights) ? (size_t)abi : COUNT(rights) - 1;

	return (struct ruleset){
		.files = (UINT64_C(1) << rights[i]) - 1,
		.net = abi < 4          ? 0
			: plan->sockets ? LANDLOCK_BIND
					: LANDLOCK_BIND | LANDLOCK_CONNECT,
		.scope = abi >= 6 ? 3 : 0, /* abstract sockets, signals */
	};
}

static bool
landlock_allow(int ruleset, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct beneath rule = { .allowed = rights, .folder = fd };
	bool ok;

	/* What is not there need not be allowed. */
	if (fd < 0)
		return true;
	ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_BENEATH, &rule, 0) == 0;
	close(fd);
	return ok;
}

/* The folder that a file stands in, where links have led; NULL: it is not there. */
static char *
folder_of(const char *path)
{
	char *copy = mem_string(path), *real = realpath(dirname(copy), NULL);

	free(copy);
	return real;
}

static bool
landlock_writes(int ruleset, const struct jail_plan *plan, uint64_t known)
{
	const uint64_t write = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR | LANDLOCK_WRITE_FILE |
		LANDLOCK_REMOVE_FILE | LANDLOCK_MAKE_FILE | LANDLOCK_TRUNCATE;
	char *folder = plan->folder != NULL ? folder_of(plan->folder) : NULL;
	bool ok = folder == NULL || landlock_allow(ruleset, folder, write & known);

	free(folder);
	return ok;
}

/* How names are looked up, and whose certificates are believed. */
static bool
landlock_names(int ruleset, const struct jail_plan *plan)
{
	static const char *const files[] = {
		"/etc/resolv.conf",
		"/etc/hosts",
		"/etc/host.conf",
		"/etc/nsswitch.conf",
		"/etc/gai.conf",
		"/etc/ssl/openssl.cnf",
	};
	static const char *const folders[] = {
		"/etc/ssl/certs",
		"/usr/share/ca-certificates",
		"/usr/local/share/ca-certificates",
	};
	bool ok = true;

	for (size_t i = 0; ok && i < COUNT(files); i++)
		ok = landlock_allow(ruleset, files[i], LANDLOCK_READ_FILE);
	for (size_t i = 0; ok && i < COUNT(folders); i++)
		ok = landlock_allow(ruleset, folders[i], LANDLOCK_READ_FILE | LANDLOCK_READ_DIR);
	for (uint32_t i = 0; ok && i < plan->nfiles; i++)
		ok = landlock_allow(ruleset, plan->files[i], LANDLOCK_READ_FILE);
	return ok;
}

static bool
landlock_rules(int ruleset, const char *folder)
{
	static const char *const libraries[] = {
		"/lib",
		"/lib64",
		"/usr/lib",
		"/usr/lib64",
		"/usr/local/lib",
	};
	const uint64_t read = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR;

	for (size_t i = 0; i < COUNT(libraries); i++)
		if (!landlock_allow(ruleset, libraries[i], read))
			return false;
	return landlock_allow(ruleset, "/etc/ld.so.cache", LANDLOCK_READ_FILE) &&
		(folder == NULL || landlock_allow(ruleset, folder, read));
}

static bool
landlock_close(const struct jail_plan *plan, const char *folder, struct why *why)
{
	long abi = landlock_abi();
	struct ruleset all = ruleset_all(plan, abi);
	/* An older kernel knows less of the struct. */
	size_t size = abi >= 6 ? sizeof(all) : abi >= 4 ? 16 : 8;
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	bool ok;

	if (ruleset < 0)
		return why_set(why, "no jail: landlock: %s", strerror(errno));
	ok = landlock_rules(ruleset, folder) && landlock_writes(ruleset, plan, all.files) &&
		(!plan->sockets || landlock_names(ruleset, plan)) &&
		syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	if (!ok)
		why_set(why, "no jail: landlock: %s", strerror(errno));
	close(ruleset);
	return ok;
}

bool
jail_whole(struct why *why)
{
	return landlock_abi() > 0 ||
		why_set(why, "this kernel has no landlock (Linux 5.13 and newer, with it enabled)");
}

/* ---- seccomp ---- */

/* What becomes of system calls while loading and while serving; others are KILL. */
enum fate { KILL, FAIL, ALLOW };

/* For which plans a line holds; 0: for all. */
enum {
	FILES_NONE = 1 << 0, /* once it is loaded */
	FILES_READ = 1 << 1,
	FILES_WRITE = 1 << 2,
	SOCKETS = 1 << 3,
	PLAIN = 1 << 4, /* neither files nor sockets */
	GRANTED = 1 << 5
};

struct calls {
	const char *names;
	enum fate loading, serving;
	int error; /* of FAIL */
	/* Only when this argument, masked, is value; mask 0: whatever it is. */
	unsigned argument;
	uint64_t mask, value;
	unsigned plans;
};

#define WHOLE ~UINT64_C(0)

/* An open for reading only. */
#define READ_ONLY (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct calls calls[] = {
	{ "brk munmap mremap madvise", ALLOW, ALLOW, 0, 0, 0, 0, 0 },
	/* No new code once it is loaded. */
	{ "mmap mprotect", ALLOW, KILL, 0, 0, 0, 0, 0 },
	{ "mmap mprotect", KILL, ALLOW, 0, 2, PROT_EXEC, 0, 0 },
	{ "mmap mprotect", KILL, FAIL, EPERM, 2, PROT_EXEC, PROT_EXEC, 0 },
	/* The pipe, and /dev/null below it. */
	{ "read pread64 close fstat newfstatat lseek", ALLOW, ALLOW, 0, 0, 0, 0, 0 },
	{ "write writev", ALLOW, ALLOW, 0, 0, ~UINT64_C(3), 0, PLAIN },
	{ "write writev readv poll ppoll", ALLOW, ALLOW, 0, 0, 0, 0, GRANTED },
	/* Files of libraries, and what landlock leaves of others. */
	{ "open", ALLOW, FAIL, EACCES, 1, READ_ONLY, 0, FILES_NONE },
	{ "openat", ALLOW, FAIL, EACCES, 2, READ_ONLY, 0, FILES_NONE },
	{ "open", ALLOW, ALLOW, 0, 1, READ_ONLY, 0, FILES_READ },
	{ "openat", ALLOW, ALLOW, 0, 2, READ_ONLY, 0, FILES_READ },
	{ "open openat pwrite64 ftruncate fallocate fsync fdatasync flock unlink unlinkat fchmod "
	  "fchown utimensat",
		ALLOW, ALLOW, 0, 0, 0, 0, FILES_WRITE },
	{ "stat lstat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd "
	  "statfs fstatfs fcntl",
		ALLOW, FAIL, EACCES, 0, 0, 0, PLAIN },
	{ "stat lstat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd "
	  "statfs fstatfs fcntl",
		ALLOW, ALLOW, 0, 0, 0, 0, GRANTED },
	/* To a server and to who knows its name; nobody is listened to. */
	{ "socket", ALLOW, ALLOW, 0, 0, WHOLE, AF_INET, SOCKETS },
	{ "socket", ALLOW, ALLOW, 0, 0, WHOLE, AF_INET6, SOCKETS },
	{ "socket", ALLOW, ALLOW, 0, 0, WHOLE, AF_UNIX, SOCKETS },
	{ "socket", FAIL, FAIL, EPERM, 0, WHOLE, AF_NETLINK, SOCKETS },
	{ "connect getsockopt setsockopt getsockname getpeername shutdown sendto sendmsg sendmmsg "
	  "recvfrom recvmsg recvmmsg",
		ALLOW, ALLOW, 0, 0, 0, 0, SOCKETS },
	/* Time passes, also asleep: the watchdog sees to it. */
	{ "clock_gettime clock_getres gettimeofday time times clock_nanosleep nanosleep pause "
	  "setitimer sched_yield",
		ALLOW, ALLOW, 0, 0, 0, 0, 0 },
	/* About itself. */
	{ "exit exit_group futex getpid gettid getppid getuid geteuid getgid getegid getrandom "
	  "getrusage uname sysinfo sched_getaffinity getcpu rseq set_robust_list sigaltstack "
	  "rt_sigreturn restart_syscall",
		ALLOW, ALLOW, 0, 0, 0, 0, 0 },
	/* The signal mask could keep the watchdog out. */
	{ "rt_sigaction rt_sigprocmask", ALLOW, FAIL, EPERM, 0, 0, 0, 0 },
	/* What libraries try and can do without. */
	{ "ioctl", FAIL, FAIL, ENOTTY, 0, 0, 0, 0 },
	{ "prctl prlimit64 getrlimit sched_getparam", FAIL, FAIL, EPERM, 0, 0, 0, 0 },
	/* The second list itself. */
	{ "seccomp", ALLOW, KILL, 0, 0, 0, 0, 0 },
};

static bool confined; /* by landlock: asked once, before the jail forbids to ask */

/* Where landlock is missing, a plugin with sockets opens no file: it could carry it away. */
static unsigned
plan_bits(const struct jail_plan *plan)
{
	unsigned files = plan->folder != NULL ? FILES_WRITE
		: plan->sockets && confined   ? FILES_READ
					      : FILES_NONE;

	if (plan->folder == NULL && !plan->sockets)
		return files | PLAIN;
	return files | GRANTED | (plan->sockets ? SOCKETS : 0);
}

static bool
seccomp_add_one(scmp_filter_ctx filter, const char *name, const struct calls *c, enum fate fate)
{
	int number = seccomp_syscall_resolve_name(name);
	uint32_t action = fate == ALLOW ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint16_t)c->error);

	/* Not every machine has every call; what is not in the list is killed anyway. */
	if (number < 0)
		return true;
	if (c->mask == 0)
		return seccomp_rule_add(filter, action, number, 0) == 0;
	return seccomp_rule_add(filter, action, number, 1,
		       SCMP_CMP(c->argument, SCMP_CMP_MASKED_EQ, c->mask, c->value)) == 0;
}

static bool
seccomp_add(scmp_filter_ctx filter, const struct calls *c, enum fate fate)
{
	char *names = mem_string(c->names), *rest = names, *name;
	bool ok = true;

	while (ok && fate != KILL && (name = strsep(&rest, " ")) != NULL)
		ok = seccomp_add_one(filter, name, c, fate);
	free(names);
	return ok;
}

static bool
seccomp_close(const struct jail_plan *plan, bool serving, struct why *why)
{
	unsigned bits = plan_bits(plan);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int tgkill = seccomp_syscall_resolve_name("tgkill");
	bool ok = filter != NULL;

	/* no_new_privs has been set. */
	ok = ok && seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0) == 0;
	for (size_t i = 0; ok && i < COUNT(calls); i++) {
		if (calls[i].plans != 0 && (calls[i].plans & bits) == 0)
			continue;
		ok = seccomp_add(filter, &calls[i], serving ? calls[i].serving : calls[i].loading);
	}
	/* abort() and raise() */
	ok = ok &&
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, tgkill, 1,
			SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
	if (!ok)
		why_set(why, "no jail: seccomp: a list could not be made");
	else if (seccomp_load(filter) != 0)
		ok = why_set(why, "no jail: seccomp: the kernel does not take the list");
	seccomp_release(filter);
	return ok;
}

/* ---- the steps ---- */

bool
jail_close(const struct jail_plan *plan, bool require, struct why *why)
{
	/* Where links lead is looked up now: later it cannot be. */
	char *real = realpath(plan->plugin, NULL), *folder = real != NULL ? dirname(real) : NULL;
	struct why missing;
	bool ok = true;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		ok = why_set(why, "no jail: no_new_privs: %s", strerror(errno));
	else if ((confined = jail_whole(&missing)))
		ok = landlock_close(plan, folder, why);
	else if (require)
		ok = why_set(why, "no jail: %s, and the INI says sandbox = require", missing.text);
	free(real);
	return ok && seccomp_close(plan, false, why);
}

bool
jail_tighten(const struct jail_plan *plan, struct why *why)
{
	return seccomp_close(plan, true, why);
}
