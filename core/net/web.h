/* SPDX-License-Identifier: Apache-2.0 */
/* web.h - libcurl's transfers on a role's loop. */
#ifndef PLATEN_WEB_H
#define PLATEN_WEB_H

#include "base/base.h"

#include <curl/curl.h>
#include <uv.h>

struct web {
	CURLM *multi; /* handles are added here, with CURLOPT_PRIVATE set */
	uv_loop_t *loop;
	uv_timer_t timer;
	/* A transfer is over; its handle is still in multi. */
	void (*done)(void *private, CURLcode);
};

struct web *web_open(uv_loop_t *, void (*done)(void *private, CURLcode));
/* All handles have been taken out.  The loop has to turn once more. */
void web_close(struct web *);

#endif
