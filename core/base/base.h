/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base.h - what every file of the agent may use: memory that does not fail,
 * growable buffers, text in and out, OIDs, time, log lines.
 *
 * Knows nothing of printers, plugins, processes or the network.  Out of memory
 * ends the process with a line on stderr: each process can be started again.
 */
#ifndef PLATEN_BASE_H
#define PLATEN_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* memory.c - never NULL. */
void *mem_alloc(size_t n); /* zeroed */
void *mem_grow(void *p, size_t n);
char *mem_string(const char *s); /* copy; NULL gives NULL */
char *mem_string_n(const char *s, size_t n); /* copy of n bytes, NUL added */
char *mem_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void *mem_copy(const void *p, size_t n);
/* First thing in main: what is free is small, in one place, and does not grow with time. */
void mem_open(void);
/* Work is over for now: what is free goes back to the system. */
void mem_give_back(void);
/* pages.c - the same, and pages of programs and libraries go, too: all is loaded. */
void mem_started(void);
/* ... for longer: they go again where enough was done since. */
void mem_rest(void);

/* A growable run of bytes; { 0 } is an empty one.  There is always a NUL behind the last byte. */
struct buf {
	uint8_t *p;
	size_t n;
	size_t cap;
};

void buf_add(struct buf *, const void *p, size_t n);
uint8_t *buf_grow(struct buf *, size_t n);
/* n bytes more, for the caller to fill at once. */
static inline uint8_t *
buf_more(struct buf *b, size_t n)
{
	if (b->cap - b->n <= n)
		return buf_grow(b, n);
	b->n += n;
	b->p[b->n] = 0;
	return b->p + b->n - n;
}
void buf_text(struct buf *, const char *s);
void buf_number(struct buf *, int64_t);
void buf_format(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_cut(struct buf *, size_t n); /* forget the first n bytes */
void buf_clear(struct buf *); /* empty, memory kept */
void buf_free(struct buf *);
char *buf_take(struct buf *); /* its text, now the caller's; never NULL */

/* Several things in one run of memory that go together, freed together. */
struct pool;
struct pool *pool_new(void);
void *pool_alloc(struct pool *, size_t n); /* zeroed, aligned */
void *pool_take(struct pool *, size_t n); /* as it is, aligned: to be filled at once */
char *pool_string(struct pool *, const char *s);
void *pool_copy(struct pool *, const void *p, size_t n);
size_t pool_size(const struct pool *);
/* What lies in from stays where it is and goes with into; from is gone, and NULL. */
void pool_join(struct pool *into, struct pool **from);
void pool_free(struct pool *); /* NULL is fine */

/*
 * text.c - numbers and words from outside; false (and *out untouched) unless the whole text fits.
 */
bool text_u32(const char *s, uint32_t min, uint32_t max, uint32_t *out);
bool text_duration(const char *s, uint64_t *ms); /* 200ms 15s 10m 4h 2d */
bool text_size(const char *s, uint64_t *bytes); /* 100 512k 64m 1g */
bool text_bool(const char *s, bool *out); /* yes no */
/* How many of the n bytes, from the first on, are letters, digits and signs of ASCII, no quotes. */
size_t text_plain(const char *s, size_t n);
bool text_is_utf8(const char *s, size_t n); /* strict; no NUL */
void text_duration_say(uint64_t ms, char out[static 24]);
/* Copy what fits into size bytes with the NUL, cut between characters. */
void text_copy(char *to, size_t size, const char *from);
char *text_trim(char *s); /* in place; returns the first non-blank */

/*
 * The next item of a comma separated list, blanks trimmed, or NULL at the end.
 * *rest starts as a writable copy of the list and is moved along.
 */
char *text_item(char **rest);
/* Is it one of these words?  Blanks or commas stand between them. */
bool text_has_word(const char *words, const char *word);

/* oid.c */
#define OID_MAX 128 /* sub-identifiers (RFC 2578, 3.5) */

struct oid {
	uint32_t n;
	uint32_t sub[OID_MAX];
};

bool oid_parse(const char *s, struct oid *out); /* "1.3.6" or ".1.3.6" */
void oid_format(const uint32_t *sub, uint32_t n, struct buf *out);
int oid_compare(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb);
bool oid_below(const uint32_t *oid, uint32_t n, const uint32_t *root,
	uint32_t nroot); /* or equal */

/* hash.c - from h on; not for what a stranger must not be able to forge. */
uint64_t hash_on(uint64_t h, const void *p, size_t n);
uint64_t hash_string(uint64_t h, const char *s);

/* clock.c */
uint64_t clock_ms(void); /* monotonic */
int64_t clock_wall(void); /* seconds since 1970, UTC */
void clock_iso(int64_t wall, char out[static 24]); /* 2026-11-20T10:00:00Z */
uint64_t random_u64(void); /* getrandom(2); not predictable */
uint32_t random_below(uint32_t n); /* 0..n-1; 0 for n = 0 */
#define UUID_TEXT 37
void uuid_v7(char out[static UUID_TEXT]); /* RFC 9562, 5.7 */
void uuid_v4(char out[static UUID_TEXT]);

/* log.c - one line on stderr, for the journal with its level when stderr is the journal. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_NOTHING };
void log_open(const char *name, enum log_level least); /* name: "platen", "platen lan" */
void log_line(enum log_level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What went wrong, as one sentence for a person: what, where, why, what to do. */
struct why {
	char text[512];
};
/* Fill it; returns false so that a failing function can say `return why_set(...)`. */
bool why_set(struct why *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
