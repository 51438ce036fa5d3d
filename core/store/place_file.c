/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_file.c - a file as the place of a sink: lines are appended, each record
 * exactly once, and an answer means that they are on the disk.
 *
 * Once, also when the agent is killed in the middle: what was half written is
 * cut off when the file is opened, its last lines tell how far each agent's
 * records have come, and records that are there already are not written again.
 * A file that has grown too large or too old is renamed to PATH.NUMBER; a file
 * that somebody else took away is begun anew.
 *
 * Knows a record only by its "agent" and "seq"; does not know the spool.
 */
#include "store/place.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/place_lines.h"
#include "store/place_rotated.h"

#define DEFAULT_MAX_SIZE "64m"
#define DEFAULT_MAX_AGE "0s"
#define DEFAULT_KEEP "8"
#define MAX_KEEP 10000

struct place {
	const char *sink;
	char *path;
	uint64_t max_size; /* bytes, 0: no bound */
	uint64_t max_age; /* ms, 0: no bound */
	uint32_t keep; /* rotated files, 0: all */

	int fd; /* -1: not open */
	dev_t dev;
	ino_t ino;
	uint64_t good; /* bytes, every one a whole line on the disk */
	int64_t born; /* seconds since 1970 */
	struct held held; /* which records are there, as far as is known */
	bool known; /* ... also those in the rotated files */
	bool ailing; /* said that it cannot be written */
};

static bool
fault(struct why *why, const struct place *p, const char *what)
{
	return why_set(why, "sink %s: %s: %s: %s", p->sink, p->path, what, strerror(errno));
}

/* ---- opening ---- */

/* What is half written is our own; a file that is not ours is left alone. */
static bool
learn(struct place *p, struct why *why)
{
	struct tail tail;
	char *rotated;
	int fd;

	if (!tail_read(p->fd, &p->held, &tail))
		return fault(why, p, "cannot be read");
	if (tail.foreign)
		return why_set(why,
			"sink %s: %s holds something else than records; choose another path",
			p->sink, p->path);
	if (tail.torn > 0) {
		log_warn("sink %s: %s: %zu bytes of a line that was not finished are cut off",
			p->sink, p->path, tail.torn);
		if (ftruncate(p->fd, (off_t)tail.good) < 0 || fsync(p->fd) < 0)
			return fault(why, p, "cannot be cut");
	}
	p->good = tail.good;
	rotated = !p->known && p->good < TAIL_SIZE ? rotated_newest(p->path) : NULL;
	fd = rotated != NULL ? open(rotated, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (fd >= 0) {
		tail_read(fd, &p->held, &tail);
		close(fd);
	}
	free(rotated);
	p->known = true;
	return true;
}

/* When the file began; where the file system does not know, now. */
static int64_t
birth(int fd)
{
	struct statx x;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &x) == 0 && (x.stx_mask & STATX_BTIME))
		return x.stx_btime.tv_sec;
	return clock_wall();
}

static void
shut(struct place *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

static bool
open_file(struct place *p, struct why *why)
{
	struct stat st;

	p->fd = open(p->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		0640);
	if (p->fd < 0)
		return fault(why, p, "cannot be opened");
	if (fstat(p->fd, &st) < 0)
		return fault(why, p, "cannot be looked at");
	if (!S_ISREG(st.st_mode))
		return why_set(why, "sink %s: %s: is no regular file", p->sink, p->path);
	if (flock(p->fd, LOCK_EX | LOCK_NB) < 0)
		return fault(why, p, "another platen writes there");
	p->dev = st.st_dev;
	p->ino = st.st_ino;
	p->born = birth(p->fd);
	return rotated_sync_folder(p->path) ? learn(p, why)
					    : fault(why, p, "folder cannot be synced");
}

/* Open, and still the file that stands at the path. */
static bool
have_file(struct place *p, struct why *why)
{
	struct stat st;

	if (p->fd >= 0 && (stat(p->path, &st) < 0 || st.st_dev != p->dev || st.st_ino != p->ino))
		shut(p);
	if (p->fd >= 0 || open_file(p, why))
		return true;
	shut(p);
	return false;
}

static bool
rotate(struct place *p, size_t coming, struct why *why)
{
	bool large = p->max_size > 0 && p->good + coming > p->max_size;
	bool old = p->max_age > 0 && clock_wall() - p->born > (int64_t)(p->max_age / 1000);

	if (p->good == 0 || (!large && !old))
		return true;
	shut(p);
	if (!rotated_away(p->path, p->keep))
		return fault(why, p, "cannot be rotated");
	return have_file(p, why);
}

/* ---- writing ---- */

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool
write_runs(int fd, const struct runs *lines)
{
	for (uint32_t i = 0; i < lines->n; i++)
		if (!write_all(fd, lines->runs[i].p, lines->runs[i].n))
			return false;
	return true;
}

/*
 * All of it is on the disk, or nothing of it is in the file.  Where even
 * cutting fails, opening again finds out what is there.
 */
static bool
append(struct place *p, const struct runs *lines, struct why *why)
{
	if (write_runs(p->fd, lines) && fdatasync(p->fd) == 0) {
		p->good += lines->bytes;
		return true;
	}
	fault(why, p, "cannot be written");
	if (ftruncate(p->fd, (off_t)p->good) < 0 || fsync(p->fd) < 0)
		log_error("sink %s: %s: cannot be cut back: %s", p->sink, p->path, strerror(errno));
	shut(p);
	return false;
}

static bool
store(struct place *p, const uint8_t *body, size_t n, struct why *why)
{
	struct runs lines = { 0 };
	struct held fresh = { 0 };
	bool ok;

	ok = have_file(p, why);
	if (ok && !lines_new(body, n, &p->held, &lines, &fresh))
		ok = why_set(why, "sink %s: the plugin sent a line that is no record", p->sink);
	if (ok && lines.n > 0)
		ok = rotate(p, lines.bytes, why) && append(p, &lines, why);
	if (ok)
		held_merge(&p->held, &fresh);
	held_free(&fresh);
	runs_free(&lines);
	return ok;
}

static void
file_send(struct place *p, const struct parcel *parcel, place_sent_fn *sent, void *arg)
{
	struct why why = { "" };
	bool ok = parcel->coding[0] == 0
		? store(p, parcel->body, parcel->n, &why)
		: why_set(&why,
			  "sink %s: the plugin sent lines packed with %s; a file takes them plain",
			  p->sink, parcel->coding);

	if (!ok && !p->ailing)
		log_error("%s", why.text);
	if (ok && p->ailing)
		log_info("sink %s: %s takes lines again", p->sink, p->path);
	p->ailing = !ok;
	sent(arg,
		&(struct sent){
			.status = ok ? PLATEN_OK : PLATEN_EREFUSED, .body = (const uint8_t *)"" });
}

/* ---- options ---- */

static const char *
option(const struct sink_config *c, const char *key, const char *otherwise)
{
	const char *value = option_value(c->options, c->noptions, key);

	return value != NULL ? value : otherwise;
}

static bool
set(struct place *p, const struct sink_config *c, struct why *why)
{
	const char *path = option(c, "path", "");

	if (path[0] != '/')
		return why_set(why, "[sink %s] path: must name a file, from / on", c->name);
	p->path = mem_string(path);
	if (!text_size(option(c, "max_size", DEFAULT_MAX_SIZE), &p->max_size))
		return why_set(why, "[sink %s] max_size: is no size (64m, 1g; 0: no bound)",
			c->name);
	if (!text_duration(option(c, "max_age", DEFAULT_MAX_AGE), &p->max_age))
		return why_set(why, "[sink %s] max_age: is no duration (1d; 0s: no bound)",
			c->name);
	if (!text_u32(option(c, "keep", DEFAULT_KEEP), 0, MAX_KEEP, &p->keep))
		return why_set(why, "[sink %s] keep: must be 0 (all) to %d", c->name, MAX_KEEP);
	return true;
}

static void
file_close(struct place *p)
{
	if (p == NULL)
		return;
	shut(p);
	held_free(&p->held);
	free(p->path);
	free(p);
}

/* A folder that is not there yet may come (a mount): said now, tried with each batch. */
static struct place *
file_open(const struct sink_config *c, struct wan *wan, struct why *why)
{
	struct place *p = mem_alloc(sizeof(*p));

	(void)wan;

	p->sink = c->name;
	p->fd = -1;
	if (!set(p, c, why)) {
		file_close(p);
		return NULL;
	}
	if (!have_file(p, why)) {
		log_error("%s", why->text);
		p->ailing = true;
	}
	return p;
}

static void
file_check(const struct sink_config *c, place_fault_fn *tell, void *arg)
{
	struct place *p = mem_alloc(sizeof(*p));
	struct why why;

	p->fd = -1;
	if (!set(p, c, &why))
		tell(arg, why.text);
	file_close(p);
}

const struct place_kind place_file = {
	.plugin = "file",
	.open = file_open,
	.send = file_send,
	.close = file_close,
	.check = file_check,
};
