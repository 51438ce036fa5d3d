/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read.c - questions for objects and columns on their way: a reader says what is
 * asked next (printer/reader.h), this file sends it and brings the answer.
 */
#include "net/ask.h"

static void
read_finish(struct ask *a)
{
	struct answer answer;

	reader_answer(a->reader, &answer);
	ask_finish(a, &answer);
}

/* No more can be had; what came is given. */
static void
read_end_early(struct ask *a, int32_t status)
{
	if (!reader_heard(a->reader)) {
		ask_unanswered(a, status);
		return;
	}
	reader_stop(a->reader);
	read_finish(a);
}

static void read_next(struct ask *);

static void
on_alive(struct ask *a, int32_t status)
{
	if (status != PLATEN_OK) {
		read_end_early(a, status);
		return;
	}
	reader_alive(a->reader);
	read_next(a);
}

static void
on_answer(void *arg, enum outcome outcome, const struct reply *reply)
{
	struct ask *a = arg;

	a->exchange = NULL;
	switch (outcome) {
	case OUTCOME_REPLY:
		if (!reply->broken && reply->error == ERROR_AUTHORIZATION) {
			ask_refused(a, reply);
			return;
		}
		a->bytes += reply->bytes;
		reader_take(a->reader, reply);
		read_next(a);
		return;
	case OUTCOME_SILENT:
		if (reader_silent(a->reader))
			login_begin(a, on_alive);
		else
			read_next(a);
		return;
	case OUTCOME_REFUSED:
		ask_refused(a, reply);
		return;
	}
}

static void
read_next(struct ask *a)
{
	struct request request;

	a->peer->can.version1 = a->peer->credential->version == VERSION_1;
	if (!reader_next(a->reader, &request))
		read_finish(a);
	else if (ask_is_over(a))
		read_end_early(a, PLATEN_ENOANSWER);
	else
		ask_send(a, &request, on_answer);
}

void
read_begin(struct ask *a)
{
	a->peer->can.version1 = a->peer->credential->version == VERSION_1;
	if (a->outline == NULL)
		a->outline = outline_new(a->pool, &a->q);
	a->reader = reader_new(a->pool, &a->q, a->outline, &a->peer->can);
	read_next(a);
}
