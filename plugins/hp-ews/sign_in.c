/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign_in.c - FutureSmart's form for the administrator, where the site has a
 * log-in for this printer; once a visit.  The password is put in by the agent:
 * here it is the word {password}.
 */
#include "ews.h"

#include <platen/html.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PATH "/hp/device/SignIn/Index"

bool
sign_in_wanted(const struct platen_node *page)
{
	return platen_find(page, "//input[@name=PasswordTextBox]") != NULL ||
		platen_find(page, "//input[@id=PasswordTextBox]") != NULL;
}

static void
on_signed_in(struct platen_visit *v, const struct platen_http_reply *r, void *arg)
{
	(void)v;
	if (r->status == PLATEN_OK)
		find_again(arg);
	else
		find_give_up(arg); /* no log-in here, or not now: the agent has said so */
}

/* A token of the page, as a form carries it. */
static void
encode(const char *token, char *out, size_t size)
{
	size_t n = 0;

	for (const char *p = token; *p != '\0' && n + 4 < size; p++)
		n += (size_t)snprintf(out + n, size - n,
			isalnum((unsigned char)*p) ? "%c" : "%%%02X", (unsigned char)*p);
	out[n] = '\0';
}

static void
on_form(struct platen_visit *v, const struct platen_http_reply *r, void *arg)
{
	struct ews *e = arg;
	const struct platen_node *page = NULL, *token;
	char encoded[3 * MAX_LINE] = "", form[4 * MAX_LINE];
	struct platen_login login = { .size = sizeof(login), .path = PATH, .form = form };

	if (r->status == PLATEN_OK && r->code == 200)
		page = platen_html(host, v, r->body, r->len);
	token = platen_find(page, "//input[@name=CSRFToken]/@value");
	if (token != NULL && token->text != NULL)
		encode(token->text, encoded, sizeof(encoded));
	snprintf(form, sizeof(form),
		"CSRFToken=%s&agentIdSelect=hp_EmbeddedPin_v1&DomainDropDown=&UserNameTextBox="
		"&PinDropDown=AdminItem&PasswordTextBox={password}&signInOk=Sign+In",
		encoded);
	if (page == NULL || http->login(v, &login, on_signed_in, e) != PLATEN_OK)
		find_give_up(e);
}

void
sign_in(struct ews *e)
{
	if (http->get(e->visit, PATH, on_form, e) != PLATEN_OK)
		find_give_up(e);
}
