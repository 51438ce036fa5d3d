/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pidfd.c - system calls that Debian 12's valgrind does not know or takes wrongly,
 * for the programs it runs: preloaded, never linked.
 *
 * The descriptor of pidfd_open is a pipe that a stranger (a python outside of valgrind, with a
 * real pidfd) closes when the process has died.  And /proc/self/exe is the program, not valgrind,
 * for execve too; and limits are not set, as valgrind needs more than a role.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_FDS 1024

int pidfd_open(pid_t pid, unsigned flags);
int close_range(unsigned first, unsigned last, int flags);
int execve(const char *path, char *const argv[], char *const environment[]);

static void
watch(pid_t pid, int end)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", (int)pid);
	dup2(end, 9);
	for (int fd = 10; fd < MOST_FDS; fd++)
		close(fd);
	execl("/usr/bin/python3", "python3", "-c",
		"import os, select, sys\n"
		"try: select.select([os.pidfd_open(int(sys.argv[1]))], [], [])\n"
		"except ProcessLookupError: pass",
		number, (char *)NULL);
	_exit(1);
}

int
pidfd_open(pid_t pid, unsigned flags)
{
	int ends[2];
	pid_t between;

	(void)flags;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	/* The watcher is nobody's child here, so that nobody waits for it. */
	if ((between = fork()) == 0) {
		if (fork() == 0)
			watch(pid, ends[1]);
		_exit(0);
	}
	waitpid(between, NULL, 0);
	close(ends[1]);
	return ends[0];
}

int
close_range(unsigned first, unsigned last, int flags)
{
	(void)flags;
	for (unsigned fd = first; fd <= last && fd < MOST_FDS; fd++)
		close((int)fd);
	return 0;
}

int
execve(const char *path, char *const argv[], char *const environment[])
{
	char real[PATH_MAX];
	ssize_t n = strcmp(path, "/proc/self/exe") == 0 ? readlink(path, real, sizeof(real) - 1)
							: -1;

	if (n > 0) {
		real[n] = 0;
		path = real;
	}
	return (int)syscall(SYS_execve, path, argv, environment);
}

int
setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
	(void)what;
	(void)limit;
	return 0;
}
