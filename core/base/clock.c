/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - time and chance. */
#include "base.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

uint64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int64_t
clock_wall(void)
{
	return (int64_t)time(NULL);
}

void
clock_iso(int64_t wall, char out[static 24])
{
	/* Of one second there are many records. */
	static int64_t last = INT64_MIN;
	static char text[24];
	time_t t = (time_t)wall;
	struct tm tm;

	if (wall != last) {
		gmtime_r(&t, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		last = wall;
	}
	memcpy(out, text, sizeof(text));
}

static void
random_bytes(void *p, size_t n)
{
	if (getrandom(p, n, 0) != (ssize_t)n)
		die("the kernel gives no random numbers (getrandom)");
}

uint64_t
random_u64(void)
{
	/* One system call for many numbers: requests are numbered by chance. */
	static uint64_t stock[32];
	static size_t left;

	if (left == 0) {
		random_bytes(stock, sizeof(stock));
		left = COUNT(stock);
	}
	return stock[--left];
}

uint32_t
random_below(uint32_t n)
{
	return (uint32_t)(((random_u64() >> 32) * n) >> 32);
}

static void
uuid_format(uint8_t b[static 16], int version, char out[static UUID_TEXT])
{
	b[6] = (uint8_t)((b[6] & 0x0F) | version << 4);
	b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
	for (int i = 0, at = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		snprintf(out + at, 3, "%02x", b[i]);
		at += 2;
	}
}

void
uuid_v7(char out[static UUID_TEXT])
{
	struct timespec t;
	uint64_t ms;
	uint8_t b[16];

	clock_gettime(CLOCK_REALTIME, &t);
	ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	random_bytes(b, sizeof(b));
	for (int i = 0; i < 6; i++)
		b[i] = (uint8_t)(ms >> (40 - 8 * i));
	uuid_format(b, 7, out);
}

void
uuid_v4(char out[static UUID_TEXT])
{
	uint8_t b[16];

	random_bytes(b, sizeof(b));
	uuid_format(b, 4, out);
}
