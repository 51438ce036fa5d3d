/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blaster.c - the ceiling of the bench: prebuilt packets, many a system call, one
 * socket, nothing understood of what comes.
 *
 *	blaster FIRST COUNT PORT RATE WINDOW HEX...
 *
 * sends the packets to COUNT IPv4 addresses from FIRST on, the next one when the
 * last was answered; RATE packets a second (0: as fast as it can), WINDOW
 * addresses at a time (0: all).  Ends when all have answered all, or when nothing
 * comes for a second.  Prints seconds to the last answer, packets, addresses that
 * answered all.  It asks loopback addresses alone.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define PACKETS 16
#define BYTES 1472
#define QUIET 1.0 /* seconds */

static struct {
	uint8_t bytes[BYTES];
	size_t n;
} packets[PACKETS];

static struct {
	int fd;
	uint32_t first, count;
	uint16_t port;
	double rate;
	uint32_t window, npackets;
	uint8_t *step; /* packets each has answered */
	uint32_t *line, head, tail; /* addresses to be sent the next packet */
	uint32_t begun, open, done;
	uint64_t sent;
	double start, last;
} b;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void
usage(const char *why)
{
	fprintf(stderr, "blaster: %s\nblaster FIRST COUNT PORT RATE WINDOW HEX...\n", why);
	exit(2);
}

static void
packet_read(uint32_t k, const char *hex)
{
	size_t n = strlen(hex) / 2;

	if (n == 0 || n > BYTES)
		usage("a packet is 1 to 1472 bytes in hex");
	for (size_t i = 0; i < n; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		packets[k].bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	packets[k].n = n;
}

static void
push(uint32_t address)
{
	b.line[b.tail++ % b.count] = address;
}

/* A handful of what may be sent now. */
static void
send_some(void)
{
	static struct mmsghdr heads[BATCH];
	static struct iovec parts[BATCH];
	static struct sockaddr_in to[BATCH];
	double may = b.rate > 0 ? (now() - b.start) * b.rate - (double)b.sent : BATCH;
	uint32_t n = 0;
	int sent;

	while (b.begun < b.count && (b.window == 0 || b.open < b.window) &&
		b.tail - b.head < BATCH) {
		b.open++;
		push(b.begun++);
	}
	for (; n < BATCH && n < may && b.head + n < b.tail; n++) {
		uint32_t at = b.line[(b.head + n) % b.count], k = b.step[at];

		to[n] = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons(b.port),
			.sin_addr.s_addr = htonl(b.first + at) };
		parts[n] = (struct iovec){ packets[k].bytes, packets[k].n };
		heads[n] = (struct mmsghdr){ .msg_hdr = { .msg_name = &to[n],
						     .msg_namelen = sizeof(to[n]),
						     .msg_iov = &parts[n],
						     .msg_iovlen = 1 } };
	}
	if (n == 0 || (sent = sendmmsg(b.fd, heads, n, 0)) <= 0)
		return;
	b.head += (uint32_t)sent;
	b.sent += (uint64_t)sent;
	b.last = now();
}

static void
take(const struct sockaddr_in *from)
{
	uint32_t at = ntohl(from->sin_addr.s_addr) - b.first;

	if (at >= b.count || b.step[at] == b.npackets)
		return;
	if (++b.step[at] < b.npackets) {
		push(at);
		return;
	}
	b.done++;
	b.open--;
}

static void
receive_some(void)
{
	static struct mmsghdr heads[BATCH];
	static struct iovec parts[BATCH];
	static struct sockaddr_in from[BATCH];
	static uint8_t bytes[BATCH][2048];
	int n;

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ bytes[i], sizeof(bytes[i]) };
		heads[i] = (struct mmsghdr){ .msg_hdr = { .msg_name = &from[i],
						     .msg_namelen = sizeof(from[i]),
						     .msg_iov = &parts[i],
						     .msg_iovlen = 1 } };
	}
	n = recvmmsg(b.fd, heads, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		take(&from[i]);
	if (n > 0)
		b.last = now();
}

static int
open_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 8 << 20;

	if (fd < 0)
		usage(strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	return fd;
}

int
main(int argc, char **argv)
{
	struct in_addr first;

	if (argc < 7 || argc > 6 + PACKETS || inet_pton(AF_INET, argv[1], &first) != 1)
		usage("what is to be sent where?");
	b.first = ntohl(first.s_addr);
	if (b.first >> 24 != 127)
		usage("loopback addresses alone");
	b.count = (uint32_t)strtoul(argv[2], NULL, 10);
	b.port = (uint16_t)strtoul(argv[3], NULL, 10);
	b.rate = strtod(argv[4], NULL);
	b.window = (uint32_t)strtoul(argv[5], NULL, 10);
	b.npackets = (uint32_t)argc - 6;
	for (uint32_t k = 0; k < b.npackets; k++)
		packet_read(k, argv[6 + k]);
	b.step = calloc(b.count, 1);
	b.line = calloc(b.count, sizeof(*b.line));
	if (b.step == NULL || b.line == NULL)
		usage("out of memory");
	b.fd = open_socket();
	b.start = b.last = now();
	while (b.done < b.count && now() - b.last < QUIET) {
		struct pollfd p = { .fd = b.fd, .events = POLLIN };
		bool idle;

		send_some();
		idle = b.head == b.tail && (b.begun == b.count || b.open == b.window);
		poll(&p, 1, idle ? 100 : 0);
		receive_some();
	}
	printf("%.4f %llu %u\n", b.last - b.start, (unsigned long long)b.sent, b.done);
	return 0;
}
