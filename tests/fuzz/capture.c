/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - any bytes as a .snmprec: refused with a line that says why, or a
 * printer that answers as platen/snmp.h promises: each question once, a GET in
 * the asked order, a table in whole rows.
 */
#include "printer/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct platen_oid objects[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 1, 0),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
	PLATEN_OID(1, 3),
};

static const struct platen_oid columns[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6),
	PLATEN_OID(1, 3, 6, 1, 2, 1),
};

static const struct question questions[] = {
	{ .kind = ASK_GET, .n = COUNT(objects), .oids = objects },
	{ .kind = ASK_TABLE, .n = COUNT(columns), .oids = columns },
	{ .kind = ASK_PAGE, .path = "/no such page", .most = PLATEN_MAX_BODY },
	{ .kind = ASK_LOGIN, .path = "/", .form = "u={user}" },
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
is(const struct platen_oid *a, const struct platen_oid *b)
{
	return oid_compare(a->sub, a->n, b->sub, b->n) == 0;
}

/* Which question it is, by the order of answers: they come as they were asked. */
static void
on_answer(void *arg, const struct answer *a)
{
	uint32_t *answered = arg;
	const struct question *q = &questions[*answered];

	must(*answered < COUNT(questions) && a->kind == q->kind);
	(*answered)++;
	for (uint32_t i = 0; i < a->n; i++) {
		const struct platen_bind *b = &a->binds[i];

		must(b->type >= PLATEN_ABSENT && b->type <= PLATEN_OBJECT_ID);
		must(b->type != PLATEN_OCTETS || (b->octets != NULL && b->octets[b->len] == 0));
		if (q->kind == ASK_GET)
			must(is(&b->oid, &q->oids[i]));
		else
			must(oid_below(b->oid.sub, b->oid.n, q->oids[i % q->n].sub,
				q->oids[i % q->n].n));
	}
	if (q->kind == ASK_GET)
		must(a->n == (a->status == PLATEN_OK ? q->n : 0));
	if (q->kind == ASK_TABLE)
		must(a->n % q->n == 0 && a->n / q->n <= PLATEN_MAX_ROWS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target target = { .address = "127.0.0.1", .port = 161, .learned = "" };
	int fd = memfd_create("capture", MFD_CLOEXEC);
	uint32_t answered = 0;
	struct why why = { "" };
	struct lan *lan;
	uv_loop_t loop;
	char path[40];

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	uv_loop_init(&loop);
	lan = capture_open(&loop, path, &why);
	if (lan == NULL) {
		must(why.text[0] != 0 && strchr(why.text, '\n') == NULL);
		uv_run(&loop, UV_RUN_DEFAULT);
	} else {
		for (size_t i = 0; i < COUNT(questions); i++)
			must(lan->ops->ask(lan, &target, &questions[i], on_answer, &answered) != 0);
		uv_run(&loop, UV_RUN_DEFAULT);
		must(answered == COUNT(questions));
		capture_close(lan);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	must(uv_loop_close(&loop) == 0);
	close(fd);
	return 0;
}
