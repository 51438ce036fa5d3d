/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-sim: setting up, one epoll loop, and the end.
 *
 * One thread. The loop knows no protocol: a watch has a function, and udp.c and http.c say when
 * they next want to be called without an event.
 */
#include "sim.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

bool
sim_watch(struct sim *sim, struct watch *w, uint32_t events)
{
	struct epoll_event e = { .events = events, .data = { .ptr = w } };

	if (epoll_ctl(sim->epoll, EPOLL_CTL_ADD, w->fd, &e) == 0)
		return true;
	if (errno == EEXIST)
		return epoll_ctl(sim->epoll, EPOLL_CTL_MOD, w->fd, &e) == 0;
	return complain("epoll: %s", strerror(errno));
}

bool
socket_failed(int fd, const char *what, const char *where, int port)
{
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (why == EADDRINUSE)
		return complain("%s port %d on %s is in use; end the other program or choose "
				"another port",
			what, port, where);
	if (why == EACCES)
		return complain("%s port %d on %s is not allowed; ports below 1024 need root, "
				"choose a higher one",
			what, port, where);
	return complain("%s port %d on %s: %s", what, port, where, strerror(why));
}

bool
socket_bind_any(int fd, int family, int port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	int one = 1;

	if (family == AF_INET)
		return bind(fd, (struct sockaddr *)&v4, sizeof v4) == 0;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) == 0 &&
		bind(fd, (struct sockaddr *)&v6, sizeof v6) == 0;
}

static void
signal_ready(struct sim *sim, struct watch *w, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)events;
	while (read(w->fd, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo == SIGUSR1)
			sim->stats_wanted = true;
		else
			sim->stop = true;
}

static bool
signals_open(struct sim *sim)
{
	static struct watch w = { .ready = signal_ready };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	w.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return w.fd >= 0 && sim_watch(sim, &w, EPOLLIN);
}

static void
raise_file_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

static int
wait_ms(const struct sim *sim)
{
	int64_t left = -1;

	if (sim->seconds > 0) {
		left = (int64_t)(sim->seconds * 1000) - sim->now_ms;
		left = left < 0 ? 0 : left;
	}
	left = sooner(left, sooner(udp_next_ms(sim), http_next_ms(sim)));
	return left > 60000 ? 60000 : (int)left;
}

static void
run(struct sim *sim)
{
	struct epoll_event events[64];
	int64_t start = clock_ms();

	while (!sim->stop) {
		int n = epoll_wait(sim->epoll, events, 64, wait_ms(sim));

		sim->now_ms = clock_ms() - start;
		for (int i = 0; i < n; i++) {
			struct watch *w = events[i].data.ptr;

			w->ready(sim, w, events[i].events);
		}
		udp_tick(sim);
		http_tick(sim);
		if (sim->trace != NULL)
			fflush(sim->trace);
		if (sim->stats_wanted)
			report_stats(sim);
		sim->stats_wanted = false;
		if (sim->seconds > 0 && (double)sim->now_ms >= sim->seconds * 1000)
			sim->stop = true;
	}
}

int
main(int argc, char **argv)
{
	static struct sim sim;
	int status;

	if (!options_read(&sim, argc, argv, &status))
		return status;
	raise_file_limit();
	sim.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (sim.epoll < 0 || !printers_settle(&sim) || !signals_open(&sim) || !udp_open(&sim) ||
		!http_open(&sim))
		return EXIT_USAGE;
	if (sim.list)
		printers_list(&sim, stdout);
	if (sim.ready_fd >= 0)
		dprintf(sim.ready_fd, "ready\n");
	run(&sim);
	report_stats(&sim);
	if (sim.stats.set + sim.stats.post + sim.stats.epson_command > 0)
		return EXIT_WRITES;
	return EXIT_DONE;
}
