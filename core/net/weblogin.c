/* SPDX-License-Identifier: Apache-2.0 */
/* weblogin.c - passwords for printers' pages, and the sessions they open; see weblogin.h. */
#include "net/weblogin.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of PBKDF2: a guess at the password costs so many hashes. */
#define CHECK_ROUNDS 200000

void
weblogins_open(struct role *r)
{
	const struct lan_settings *s = &r->settings;

	r->logins = pool_alloc(r->pool, (s->nlogins + 1) * sizeof(*r->logins));
	for (; r->nlogins < s->nlogins; r->nlogins++) {
		r->logins[r->nlogins].login = &s->logins[r->nlogins];
		r->logins[r->nlogins].match = match_read(r->pool, s->logins[r->nlogins].match);
	}
}

static struct web_credential *
find(const struct peer *p)
{
	const struct role *r = p->role;

	for (uint32_t i = 0; i < r->nlogins; i++)
		if (match_has(&r->logins[i].match, &p->address))
			return &r->logins[i];
	return NULL;
}

const struct web_credential *
weblogin_of(const struct peer *p)
{
	return find(p);
}

/* ---- refusals ---- */

bool
weblogin_may(const struct peer *p)
{
	return weblogin_of(p) != NULL && clock_wall() >= p->login_after;
}

void
weblogin_worked(struct peer *p)
{
	p->login_after = 0;
	p->login_refusals = 0;
}

void
weblogin_failed(struct peer *p)
{
	int64_t wait = LOGIN_WAIT_LEAST;
	char address[ADDRESS_TEXT], until[32];
	struct tm day;
	time_t after;

	for (uint32_t i = 0; i < p->login_refusals && wait < LOGIN_WAIT_MOST; i++)
		wait *= 2;
	p->login_refusals++;
	p->login_after = clock_wall() + (wait < LOGIN_WAIT_MOST ? wait : LOGIN_WAIT_MOST);
	after = (time_t)p->login_after;
	strftime(until, sizeof(until), "%Y-%m-%d %H:%M UTC", gmtime_r(&after, &day));
	address_format(&p->address, address);
	role_log(p->role, LOG_WARN,
		"%s refuses the user or password of [login %s]: not shown again before %s; "
		"correct password_file",
		address, weblogin_of(p)->login->name, until);
}

/* ---- remembering them ---- */

/*
 * Derived slowly and cut short: what is remembered must not help to guess the
 * password, and yet tell that it is another one.
 */
static uint32_t
check_of(struct web_credential *c)
{
	const struct web_login *l = c->login;
	uint8_t out[2];

	if (c->check == 0 &&
		PKCS5_PBKDF2_HMAC(l->password, (int)strlen(l->password), (const uint8_t *)l->user,
			(int)strlen(l->user), CHECK_ROUNDS, EVP_sha256(), sizeof(out), out) == 1)
		c->check = 0x10000u | (uint32_t)out[0] << 8 | out[1];
	return c->check & 0xffff;
}

void
weblogin_write_down(const struct peer *p, struct buf *out)
{
	struct web_credential *c = p->login_refusals > 0 ? find(p) : NULL;

	if (c != NULL)
		buf_format(out, "login=%u@%lld/%04x ", p->login_refusals, (long long)p->login_after,
			check_of(c));
}

void
weblogin_recall(struct peer *p, const char *value)
{
	struct web_credential *c = find(p);
	unsigned refusals, check;
	long long after;

	if (c == NULL || sscanf(value, "%4u@%20lld/%4x", &refusals, &after, &check) != 3 ||
		check != check_of(c) || after > clock_wall() + LOGIN_WAIT_MOST)
		return;
	p->login_refusals = refusals;
	p->login_after = after;
}

/* ---- the session ---- */

void
session_forget(struct peer *p)
{
	curl_slist_free_all(p->cookies);
	p->cookies = NULL;
	p->entered = false;
}

static void
session_check(struct peer *p)
{
	if (p->session_until <= clock_ms())
		session_forget(p);
}

void
session_give(struct peer *p, CURL *easy)
{
	session_check(p);
	for (const struct curl_slist *c = p->cookies; c != NULL; c = c->next)
		curl_easy_setopt(easy, CURLOPT_COOKIELIST, c->data);
}

/*
 * What was given over TLS is not shown without it, also by a printer that forgot to say so: the
 * fourth field of a line ("printer TRUE / FALSE 0 name value", with tabs) becomes TRUE.
 */
static void
keep_secure(struct curl_slist *cookies)
{
	static const char no[] = "FALSE\t", yes[] = "TRUE\t";

	for (struct curl_slist *c = cookies; c != NULL; c = c->next) {
		char *at = c->data;

		for (int tabs = 0; tabs < 3 && at != NULL; tabs++)
			if ((at = strchr(at, '\t')) != NULL)
				at++;
		if (at == NULL || strncmp(at, no, strlen(no)) != 0)
			continue;
		memmove(at + strlen(yes), at + strlen(no), strlen(at + strlen(no)) + 1);
		memcpy(at, yes, strlen(yes));
	}
}

void
session_take(struct peer *p, CURL *easy, bool tls)
{
	struct curl_slist *cookies = NULL;

	if (weblogin_of(p) == NULL ||
		curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies) != CURLE_OK)
		return;
	if (tls)
		keep_secure(cookies);
	curl_slist_free_all(p->cookies);
	p->cookies = cookies;
	p->session_until = clock_ms() + SESSION_TIME;
}

bool
session_entered(const struct peer *p)
{
	return p->entered && p->session_until > clock_ms();
}

void
session_enter(struct peer *p)
{
	p->entered = true;
	p->session_until = clock_ms() + SESSION_TIME;
}

/* ---- the form ---- */

static void
add_encoded(struct buf *b, const char *text)
{
	char *encoded = curl_easy_escape(NULL, text, 0);

	if (encoded == NULL)
		die("out of memory");
	buf_text(b, encoded);
	OPENSSL_cleanse(encoded, strlen(encoded));
	curl_free(encoded);
}

char *
weblogin_form(const struct web_credential *c, const char *form)
{
	static const char user[] = "{user}", password[] = "{password}";
	struct buf b = { 0 };

	while (*form != 0) {
		if (strncmp(form, user, strlen(user)) == 0) {
			add_encoded(&b, c->login->user);
			form += strlen(user);
		} else if (strncmp(form, password, strlen(password)) == 0) {
			add_encoded(&b, c->login->password);
			form += strlen(password);
		} else {
			buf_add(&b, form++, 1);
		}
	}
	return buf_take(&b);
}

void
weblogin_wipe(char *form)
{
	OPENSSL_cleanse(form, strlen(form));
	free(form);
}
