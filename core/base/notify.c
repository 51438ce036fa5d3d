/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.c - a word to the service manager; see notify.h.
 *
 * The protocol is one datagram to a local socket: too little for a library
 * that would come with a hundred others.
 */
#include "base/notify.h"

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void
notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timespec now;
	char text[128];
	int fd;

	if (path == NULL || strlen(path) >= sizeof(to.sun_path) || strlen(path) < 2)
		return;
	strcpy(to.sun_path, path);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* Reloading wants to know since when (sd_notify(3)). */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "%s\nMONOTONIC_USEC=%lld\n", state,
		(long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	if (sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&to,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))) < 0)
		log_warn("the service manager cannot be told \"%s\"", state);
	close(fd);
}
