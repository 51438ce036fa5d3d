/* SPDX-License-Identifier: Apache-2.0 */
/* recording.c - a NAME.snmprec as objects; see recording.h. */
#include "printer/recording.h"

#include "printer/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
hex_decode(const char *s, struct pool *pool, struct platen_bind *b)
{
	size_t n = strlen(s);
	uint8_t *out = pool_alloc(pool, n / 2 + 1);

	if (n % 2 != 0)
		return false;
	for (size_t i = 0; i < n / 2; i++) {
		char pair[3] = { s[2 * i], s[2 * i + 1], 0 }, *end;

		out[i] = (uint8_t)strtoul(pair, &end, 16);
		if (*end != 0)
			return false;
	}
	b->octets = out;
	b->len = (uint32_t)(n / 2);
	return true;
}

static bool
address_decode(const char *s, struct pool *pool, struct platen_bind *b)
{
	unsigned a[4];
	uint8_t *out = pool_alloc(pool, 5);

	if (sscanf(s, "%3u.%3u.%3u.%3u", &a[0], &a[1], &a[2], &a[3]) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)a[i];
	b->octets = out;
	b->len = 4;
	return true;
}

static bool
number_decode(const char *s, struct platen_bind *b)
{
	char *end;

	errno = 0;
	if (s[0] == '-')
		b->number = strtoll(s, &end, 10);
	else {
		unsigned long long v = strtoull(s, &end, 10);

		b->number = v > INT64_MAX ? INT64_MAX : (int64_t)v;
	}
	return end != s && *end == 0 && errno == 0;
}

/* The value of a line by its type: SMI tag numbers, "x": in hex, another letter: a variation. */
static bool
value_decode(const char *type, const char *value, struct pool *pool, struct platen_bind *b)
{
	struct oid oid;
	unsigned long tag = strtoul(type, NULL, 10);
	bool hex = strchr(type, 'x') != NULL;

	switch (tag) {
	case 2:
		b->type = PLATEN_INTEGER;
		return number_decode(value, b);
	case 65:
	case 66:
	case 67:
	case 70:
		b->type = PLATEN_UNSIGNED;
		return number_decode(value, b);
	case 4:
	case 68:
		b->type = PLATEN_OCTETS;
		if (hex)
			return hex_decode(value, pool, b);
		b->len = (uint32_t)strlen(value);
		b->octets = pool_copy(pool, value, b->len);
		return true;
	case 64:
		b->type = PLATEN_OCTETS;
		return hex ? hex_decode(value, pool, b) : address_decode(value, pool, b);
	case 6:
		b->type = PLATEN_OBJECT_ID;
		if (!oid_parse(value, &oid))
			return false;
		b->value.sub = pool_copy(pool, oid.sub, oid.n * sizeof(oid.sub[0]));
		b->value.n = oid.n;
		return true;
	case 5:
		b->type = PLATEN_ABSENT;
		return true;
	default:
		return false;
	}
}

static bool
line_decode(struct pool *pool, char *line, struct platen_bind *b)
{
	char *type = strchr(line, '|'), *value;
	struct oid oid;

	if (type == NULL || (value = strchr(type + 1, '|')) == NULL)
		return false;
	*type++ = 0;
	*value++ = 0;
	if (!oid_parse(line, &oid))
		return false;
	*b = (struct platen_bind){ .size = sizeof(*b), .octets = (const uint8_t *)"" };
	b->oid.sub = pool_copy(pool, oid.sub, oid.n * sizeof(oid.sub[0]));
	b->oid.n = oid.n;
	/* A value that is damaged or a variation is a hole, not a fault of the whole file. */
	if (!value_decode(type, value, pool, b))
		b->type = PLATEN_ABSENT;
	return true;
}

static int
bind_compare(const void *a, const void *b)
{
	const struct platen_bind *x = a, *y = b;

	return oid_compare(x->oid.sub, x->oid.n, y->oid.sub, y->oid.n);
}

char *
recording_bytes(const char *file, size_t most, size_t *n, struct why *why)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *text;
	ssize_t got;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		why_set(why, "%s: cannot be read: %s", file,
			fd < 0 ? strerror(errno) : "not a regular file");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if ((uint64_t)st.st_size > most) {
		why_set(why, "%s: larger than %zu bytes", file, most);
		close(fd);
		return NULL;
	}
	text = mem_alloc((size_t)st.st_size + 1);
	got = read(fd, text, (size_t)st.st_size);
	close(fd);
	*n = got > 0 ? (size_t)got : 0;
	return text;
}

bool
recording_read(const char *file, struct pool *pool, struct platen_bind **binds, uint32_t *count,
	struct why *why)
{
	size_t n, number = 0, room = 0;
	char *text = recording_bytes(file, MAX_CAPTURE_SIZE, &n, why), *rest = text, *line;
	bool good = true;

	if (text == NULL)
		return false;
	while (good && (line = strsep(&rest, "\n")) != NULL) {
		number++;
		line[strcspn(line, "\r")] = 0;
		if (line[0] == 0 || line[0] == '#')
			continue;
		if (*count == room) {
			room = room ? room * 2 : 256;
			*binds = mem_grow(*binds, room * sizeof(**binds));
		}
		good = line_decode(pool, line, *binds + *count);
		if (good && (*binds)[*count].type != PLATEN_ABSENT)
			++*count;
	}
	free(text);
	if (!good)
		return why_set(why, "%s:%zu: this is no line of a capture (OID|TYPE|VALUE)", file,
			number);
	if (*count > 0)
		qsort(*binds, *count, sizeof(**binds), bind_compare);
	return true;
}
