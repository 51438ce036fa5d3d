/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipe.h - a role's end of the pipe to the agent: frames in, frames out, on the
 * role's loop.  Greets by itself; what the other frames mean is the role's business.
 */
#ifndef PLATEN_PIPE_H
#define PLATEN_PIPE_H

#include "message.h"

#include <uv.h>

struct pipe_end {
	uv_loop_t *loop;
	uv_poll_t poll;
	uv_prepare_t prepare;
	struct buf in, out; /* add frames to out: they leave when the loop turns */
	int events; /* that are waited for on the pipe */
	bool greeted;
	bool ended; /* the loop has been stopped, or will be */
	/* A frame that is no HELLO; false: it makes no sense. */
	bool (*take)(void *arg, struct wire *);
	void *arg;
};

/* who: what it calls itself to the agent, "lan". */
void pipe_open(struct pipe_end *, uv_loop_t *, const char *who,
	bool (*take)(void *arg, struct wire *), void *arg);
/* A line for the agent's log. */
void pipe_log(struct pipe_end *, enum log_level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void pipe_vlog(struct pipe_end *, enum log_level, const char *fmt, va_list);
/* The loop has to turn once more. */
void pipe_close(struct pipe_end *);

#endif
