/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/http.h - reading a printer's own web pages.
 *
 * There is no host name here: a question goes to the printer being visited,
 * and redirects are followed only to itself.  Ports, TLS and cookies are the
 * agent's knowledge.
 */
#ifndef PLATEN_HTTP_H
#define PLATEN_HTTP_H

#include <platen/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_HTTP "platen.http/1"

struct platen_http_reply {
	uint32_t size;
	int32_t status; /* PLATEN_OK: the printer answered... */
	int32_t code; /* ...with this HTTP status */
	uint32_t reserved; /* 0 */
	const char *type; /* Content-Type, or "" */
	const uint8_t *body; /* a NUL follows, not counted in len */
	uint64_t len;
};

/* An answer; gone when the function returns. */
typedef void platen_http_fn(struct platen_visit *, const struct platen_http_reply *, void *arg);

struct platen_login {
	uint32_t size;
	uint32_t reserved; /* 0 */
	const char *path; /* where the form is posted */
	/*
	 * The form.  The agent puts the site's user and password where it says
	 * {user} and {password}; the plugin never sees them.
	 */
	const char *form;
};

struct platen_http {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/* GET an absolute path ("/DevMgmt/ProductUsageDyn.xml") in the plugin's reach. */
	int32_t (*get)(struct platen_visit *, const char *path, platen_http_fn *, void *arg);

	/*
	 * The only POST there is.  PLATEN_EREFUSED unless the site's INI has a
	 * [login] for this printer.
	 */
	int32_t (*login)(struct platen_visit *, const struct platen_login *, platen_http_fn *,
		void *arg);
};

#ifdef __cplusplus
}
#endif
#endif
