/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages behind a password: Basic, Digest (MD5, RFC 7616), and the form of HP's FutureSmart with its
 * token and its session in a cookie.
 *
 * Each password that is shown is counted, right or wrong. A printer has one nonce, one token and
 * one session for as long as the simulator runs: what is tested is the agent, not this.
 */
#include "sim.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define SIGN_IN "/hp/device/SignIn/Index"
#define REALM "printer"

enum login_kind { LOGIN_BASIC, LOGIN_DIGEST, LOGIN_FORM, LOGIN_KINDS };

static const char *const kind_names[LOGIN_KINDS] = { "basic", "digest", "form" };

struct login {
	char *place; /* as given */
	struct range where;
	enum login_kind kind;
	const char *user, *password;
	uint32_t secret; /* nonce, token and session are made of it */
	uint64_t right, wrong;
};

/* "RANGE=HOW:USER:PASSWORD"; the password may have colons. */
bool
login_add(struct sim *sim, const char *text)
{
	char *rest = must_strdup(text), *how;
	struct login l = { .place = strsep(&rest, "="), .kind = LOGIN_BASIC };
	const char *why;

	how = strsep(&rest, ":");
	l.user = strsep(&rest, ":");
	l.password = rest;
	if (how == NULL || l.user == NULL || l.password == NULL)
		return complain("--login %s: give RANGE=HOW:USER:PASSWORD", text);
	while (l.kind < LOGIN_KINDS && strcmp(how, kind_names[l.kind]) != 0)
		l.kind++;
	if (l.kind == LOGIN_KINDS)
		return complain("--login %s: there is no '%s'; give basic, digest or form", text,
			how);
	if (!range_parse(l.place, &l.where, &why))
		return complain("--login %s: %s; give ADDR, ADDR-ADDR or ADDR/BITS", text, why);
	l.secret = sim_random(sim);
	sim->logins = must_realloc(sim->logins, sim->login_count + 1, sizeof l);
	sim->logins[sim->login_count++] = l;
	return true;
}

static struct login *
login_of(struct sim *sim, const struct printer *p)
{
	for (size_t i = 0; i < sim->login_count; i++)
		if (range_has(&sim->logins[i].where, p->addr))
			return &sim->logins[i];
	return NULL;
}

void
login_report(const struct sim *sim, FILE *f)
{
	fputs(",\"logins\":", f);
	for (size_t i = 0; i < sim->login_count; i++)
		fprintf(f, "%s\"%s\":{\"right\":%llu,\"wrong\":%llu}", i ? "," : "{",
			sim->logins[i].place, (unsigned long long)sim->logins[i].right,
			(unsigned long long)sim->logins[i].wrong);
	fputc('}', f);
}

static bool
shown(struct login *l, bool right)
{
	if (right)
		l->right++;
	else
		l->wrong++;
	return right;
}

/* ---- Basic --------------------------------------------------------------------------------- */

static bool
basic_right(const struct login *l, const char *given, size_t len)
{
	char plain[400], wanted[600];
	int n = snprintf(plain, sizeof plain, "%s:%s", l->user, l->password);

	if (n < 0 || (size_t)n >= sizeof plain)
		return false;
	n = EVP_EncodeBlock((uint8_t *)wanted, (const uint8_t *)plain, n);
	return len == (size_t)n && memcmp(given, wanted, len) == 0;
}

/* ---- Digest -------------------------------------------------------------------------------- */

#define DIGEST_TEXT 33

/* MD5 of a text, in hexadecimal. */
static void
digest_of(const char *text, char out[static DIGEST_TEXT])
{
	uint8_t digest[16] = { 0 };

	EVP_Digest(text, strlen(text), digest, NULL, EVP_md5(), NULL);
	for (int i = 0; i < 16; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* name="value" or name=value of an Authorization header; empty when it is not there. */
static void
field(const char *header, size_t len, const char *name, char *out, size_t size)
{
	const char *end = header + len, *at = header;
	size_t n = strlen(name), i = 0;
	bool quoted;

	*out = '\0';
	while ((at = memmem(at, (size_t)(end - at), name, n)) != NULL &&
		(at[n] != '=' || (at[-1] != ' ' && at[-1] != ',')))
		at++;
	if (at == NULL)
		return;
	at += n + 1;
	quoted = *at == '"';
	for (at += quoted; at < end && i + 1 < size && *at != '"' && (quoted || *at != ','); at++)
		out[i++] = *at;
	out[i] = '\0';
}

static bool
digest_right(const struct login *l, const struct request *q, const char *given, size_t len)
{
	char text[700], who[DIGEST_TEXT], what[DIGEST_TEXT], wanted[DIGEST_TEXT];
	char nonce[20], count[20], cnonce[200], response[DIGEST_TEXT + 1], uri[400], own[20];

	field(given, len, "nonce", nonce, sizeof nonce);
	field(given, len, "nc", count, sizeof count);
	field(given, len, "cnonce", cnonce, sizeof cnonce);
	field(given, len, "response", response, sizeof response);
	field(given, len, "uri", uri, sizeof uri);
	snprintf(text, sizeof text, "%s:%s:%s", l->user, REALM, l->password);
	digest_of(text, who);
	snprintf(text, sizeof text, "%s:%s", q->method, q->target);
	digest_of(text, what);
	snprintf(text, sizeof text, "%s:%s:%s:%s:auth:%s", who, nonce, count, cnonce, what);
	digest_of(text, wanted);
	snprintf(own, sizeof own, "%08x", l->secret);
	return strcmp(own, nonce) == 0 && strcmp(uri, q->target) == 0 &&
		strcmp(wanted, response) == 0;
}

/* Basic and Digest: true when the header opens the page. */
static bool
header_opens(struct login *l, const struct request *q)
{
	const char *way = l->kind == LOGIN_BASIC ? "Basic " : "Digest ";
	size_t len, n = strlen(way);
	const char *given = header_find(q->headers, "Authorization", &len);

	if (given == NULL || len < n || strncasecmp(given, way, n) != 0)
		return false;
	return shown(l,
		l->kind == LOGIN_BASIC ? basic_right(l, given + n, len - n)
				       : digest_right(l, q, given, len));
}

static void
challenge(const struct login *l, struct reply *r)
{
	char header[200];

	if (l->kind == LOGIN_BASIC)
		snprintf(header, sizeof header, "WWW-Authenticate: Basic realm=\"%s\"\r\n", REALM);
	else
		snprintf(header, sizeof header,
			"WWW-Authenticate: Digest realm=\"%s\", nonce=\"%08x\", qop=\"auth\"\r\n",
			REALM, l->secret);
	reply_text(r, "401 Unauthorized", header, "");
}

/* ---- FutureSmart's form -------------------------------------------------------------------- */

/* The value of a field of a form, decoded; empty when it is not there. */
static void
form_field(const char *form, const char *name, char *out, size_t size)
{
	size_t n = strlen(name), i = 0;
	char octet[3] = "";

	while (form != NULL && (strncmp(form, name, n) != 0 || form[n] != '='))
		form = (form = strchr(form, '&')) ? form + 1 : NULL;
	for (form = form ? form + n + 1 : ""; *form != '\0' && *form != '&' && i + 1 < size; form++)
		if (*form == '%' && isxdigit((uint8_t)form[1]) && isxdigit((uint8_t)form[2])) {
			memcpy(octet, form + 1, 2);
			out[i++] = (char)strtoul(octet, NULL, 16);
			form += 2;
		} else {
			out[i++] = *form == '+' ? ' ' : *form;
		}
	out[i] = '\0';
}

/* A token with signs that a form has to encode. */
static void
token_of(const struct login *l, char *out, size_t size)
{
	snprintf(out, size, "tok/en+%08x=", l->secret);
}

static bool
session_is(const struct login *l, const struct request *q)
{
	char wanted[40];
	size_t len;
	const char *given = header_find(q->headers, "Cookie", &len);

	snprintf(wanted, sizeof wanted, "sessionId=in%08x", l->secret);
	return given != NULL && memmem(given, len, wanted, strlen(wanted)) != NULL;
}

static void
form_show(const struct login *l, struct reply *r)
{
	char token[40], *page;

	token_of(l, token, sizeof token);
	page = must_realloc(NULL, 500, 1);
	snprintf(page, 500,
		"<html><body><form method=\"post\">"
		"<input type=\"hidden\" name=\"CSRFToken\" value=\"%s\">"
		"<input type=\"password\" name=\"PasswordTextBox\" id=\"PasswordTextBox\">"
		"<input type=\"submit\" name=\"signInOk\"></form></body></html>",
		token);
	reply_text(r, "200 OK", "Content-Type: text/html\r\nSet-Cookie: sessionId=new; path=/\r\n",
		page);
	r->own = (uint8_t *)page;
}

static void
form_take(struct login *l, const struct request *q, struct reply *r)
{
	char token[40], given_token[40], given[200], header[200];

	token_of(l, token, sizeof token);
	form_field(q->body, "CSRFToken", given_token, sizeof given_token);
	form_field(q->body, "PasswordTextBox", given, sizeof given);
	if (!shown(l, strcmp(given_token, token) == 0 && strcmp(given, l->password) == 0)) {
		form_show(l, r);
		return;
	}
	snprintf(header, sizeof header,
		"Location: /hp/device/DeviceStatus/Index\r\n"
		"Set-Cookie: sessionId=in%08x; path=/\r\n",
		l->secret);
	reply_text(r, "302 Found", header, "");
}

bool
login_takes_form(struct sim *sim, const struct printer *p, const char *line)
{
	static const char start[] = "POST " SIGN_IN " ";
	const struct login *l = login_of(sim, p);

	return l != NULL && l->kind == LOGIN_FORM && strncmp(line, start, sizeof start - 1) == 0;
}

/* ---- all ----------------------------------------------------------------------------------- */

bool
login_answers(struct sim *sim, const struct request *q, struct reply *r)
{
	struct login *l = login_of(sim, q->printer);
	bool get = strcmp(q->method, "GET") == 0 || strcmp(q->method, "HEAD") == 0;

	if (l == NULL)
		return false;
	if (l->kind != LOGIN_FORM) {
		if (!get || header_opens(l, q))
			return false;
		challenge(l, r);
		return true;
	}
	if (strcmp(q->method, "POST") == 0 && strcmp(q->target, SIGN_IN) == 0)
		form_take(l, q, r);
	else if (get && (strcmp(q->target, SIGN_IN) == 0 || !session_is(l, q)))
		form_show(l, r);
	else
		return false;
	return true;
}
