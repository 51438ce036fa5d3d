/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weblogin.h - the passwords of [login NAME], and when one may be shown.
 *
 * A printer that refuses a password is not shown it again for an hour, then two,
 * up to a day: accounts get locked.  That is remembered with the printer, across
 * restarts, until the password in the INI is another one.
 */
#ifndef PLATEN_WEBLOGIN_H
#define PLATEN_WEBLOGIN_H

#include "net/peer.h"

#include <curl/curl.h>

/* After the first refusal, doubling, and at most. */
#define LOGIN_WAIT_LEAST 3600 /* seconds */
#define LOGIN_WAIT_MOST 86400
/* Cookies of a session outlive the last page by so long: a visit, and nothing more. */
#define SESSION_TIME (PLATEN_VISIT_SECONDS * 1000u)

struct web_credential {
	const struct web_login *login;
	struct match match;
	uint32_t check; /* four digits that change with the password; 0: not computed */
};

/* Take in the settings. */
void weblogins_open(struct role *);

/* The log-in of the site for this printer, NULL: it has none. */
const struct web_credential *weblogin_of(const struct peer *);
/* May it be shown now? */
bool weblogin_may(const struct peer *);
void weblogin_worked(struct peer *);
/* Refused: say so, and wait. */
void weblogin_failed(struct peer *);

/* What is remembered of refusals, as "login=2@1763740800/1f2e ", and taken in again. */
void weblogin_write_down(const struct peer *, struct buf *);
void weblogin_recall(struct peer *, const char *value);

/* The cookies of the session, onto a request and from it: what came over TLS stays there. */
void session_give(struct peer *, CURL *);
void session_take(struct peer *, CURL *, bool tls);
/* Has a form been sent in this session?  Once a visit is enough. */
bool session_entered(const struct peer *);
void session_enter(struct peer *);
void session_forget(struct peer *);

/*
 * The form with {user} and {password} filled in, percent-encoded; to be freed
 * and wiped with weblogin_wipe().
 */
char *weblogin_form(const struct web_credential *, const char *form);
void weblogin_wipe(char *);

#endif
