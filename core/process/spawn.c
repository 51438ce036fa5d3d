/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn.c - a new process with the pipe as fd 3: fork, exec, and in between
 * nothing but system calls; see child.h.
 */
#include "process/child.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Out of the way of the numbers it is to have, and to be kept over exec; 0: none is given. */
static int
aside(int fd)
{
	int other = fd > 0 ? fcntl(fd, F_DUPFD, 10) : 0;

	if (other < 0)
		_exit(126);
	return other;
}

static void
place(int fd, int number)
{
	if (fd > 0 && dup2(fd, number) < 0)
		_exit(126);
}

static void
take_descriptors(const struct child_plan *plan, int progress, int pipe)
{
	int null = open("/dev/null", O_RDWR), give;
	unsigned last = plan->foreign ? PROGRESS_FD : WIRE_FD;

	pipe = aside(pipe);
	give = aside(plan->give);
	progress = plan->foreign ? aside(progress) : 0;
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
		(plan->foreign && dup2(null, 2) < 0))
		_exit(126);
	/* What stands there already is none of its business. */
	for (unsigned fd = WIRE_FD; fd <= last; fd++)
		close((int)fd);
	place(pipe, WIRE_FD);
	place(give, PLUGIN_FD);
	place(progress, PROGRESS_FD);
	if (close_range(last + 1, ~0u, 0) != 0)
		_exit(126);
}

static _Noreturn void
become(const struct child_plan *plan, char *const *environment, int progress, int pipe,
	pid_t parent)
{
	sigset_t none;

	/* Children die with the agent, also when it dies without a word. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(126);
	take_descriptors(plan, progress, pipe);
	signal(SIGPIPE, SIG_DFL);
	/* A terminal or service manager sends these to all of us: the agent decides who ends. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(plan->program, (char *const *)(uintptr_t)plan->argv, environment);
	_exit(127);
}

pid_t
child_spawn(const struct child_plan *plan, int progress, int *pipe, struct why *why)
{
	static char *const nothing[] = { NULL };
	pid_t parent = getpid(), pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		why_set(why, "could not be started: %s", strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(plan, plan->foreign ? nothing : environ, progress, ends[1], parent);
	if (pid < 0)
		why_set(why, "could not be started: %s", strerror(errno));
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*pipe = ends[0];
	return pid;
}

/* ---- binaries ---- */

static char *
beside(const char *name)
{
	char folder[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 1);

	if (n <= 0)
		return NULL;
	folder[n] = 0;
	return mem_format("%s/%s", dirname(folder), name);
}

char *
child_program(const char *name, const char *variable)
{
	const char *given = getenv(variable);
	char *file = given != NULL ? mem_string(given) : beside(name);

	if (file != NULL && (given != NULL || access(file, X_OK) == 0))
		return file;
	free(file);
	return mem_format("%s/%s", PLATEN_LIBEXEC, name);
}
