/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_printer.c - one printer, as a visit found it: how it answers, how its
 * pages are secured, what of it cannot be known.
 */
#include "cmd/doctor.h"

#include "record.h"
#include "store/pins.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The number behind a word of the lan role's text, "community=1"; -1: it is not there. */
static int
learned_number(const char *learned, const char *word)
{
	const char *at = strstr(learned, word);
	char digits[8];
	uint32_t number;

	if (at == NULL || (at != learned && at[-1] != ' '))
		return -1;
	at += strlen(word);
	snprintf(digits, sizeof(digits), "%.*s", (int)strcspn(at, " "), at);
	return text_u32(digits, 0, UINT16_MAX, &number) ? (int)number : -1;
}

static void
check_snmp(struct doctor *d, const char *address, const char *learned)
{
	int community = learned_number(learned, "community=");
	int user = learned_number(learned, "user=");
	bool v1 = strstr(learned, " 1 community") != NULL;

	if (user >= 0 && (uint32_t)user < d->config->lan.nusers)
		doctor_tell(d, address, "snmp", VERDICT_GOOD, "",
			"answers version 3, user of [snmpv3 %s]", d->config->lan.users[user].name);
	else if (community >= 0)
		doctor_tell(d, address, "snmp", VERDICT_GOOD, "",
			"answers version %s, community %d of %u", v1 ? "1" : "2c", community + 1,
			d->config->lan.ncommunities);
	else
		doctor_tell(d, address, "snmp", VERDICT_GOOD, "", "answers");
}

/* What a visit noted about its TLS; "" : nothing. */
static const char *
odd_of(const struct visited *v)
{
	for (uint32_t i = 0; i < v->nnotes; i++)
		if (strcmp(v->notes[i].kind, "certificate") == 0)
			return v->notes[i].text;
	return "";
}

static bool
is_changed(const char *odd)
{
	return strstr(odd, "another key") != NULL;
}

static void
check_pages(struct doctor *d, const char *address, const char *learned, const char *odd)
{
	int port = learned_number(learned, "http=");

	if (port >= 0 && (uint32_t)port < d->config->lan.nports)
		doctor_tell(d, address, "web pages", VERDICT_GOOD, "",
			"answers at %s, through no proxy", d->config->lan.ports[port]);
	else if (strstr(odd, "are not read") != NULL)
		doctor_tell(d, address, "web pages", VERDICT_BAD, "see certificate and key below",
			"answers, but is not believed");
	else
		doctor_tell(d, address, "web pages", VERDICT_UNKNOWN, "",
			"no plugin reads pages of this printer, or none answered");
}

/* What can be odd about a certificate, the worst first. */
static const struct {
	const char *says, *mend;
} oddities[] = {
	{ "not believed",
		"give it a certificate of an authority that this machine knows, or set "
		"[http] tls = pin" },
	{ "TLSv1", "let it speak TLS 1.2: in its settings, or by newer firmware" },
	{ "expired", "let it make a new certificate, and see to its clock" },
	{ "not valid before", "let it make a new certificate, and see to its clock" },
	{ "-bit", "let it make a longer key: RSA of 2048 bits, or EC" },
	{ "signed", "give it a certificate of the site's authority" },
};

static const char *
mend_of(const char *odd)
{
	for (size_t i = 0; i < COUNT(oddities); i++)
		if (strstr(odd, oddities[i].says) != NULL)
			return oddities[i].mend;
	return "";
}

/* Did pages come over TLS?  False: why not is told. */
static bool
came_over_tls(struct doctor *d, const char *address, const char *check, const char *learned)
{
	int port = learned_number(learned, "http=");
	bool known = port >= 0 && (uint32_t)port < d->config->lan.nports;

	if (!known)
		doctor_tell(d, address, check, VERDICT_UNKNOWN, "", "no page came");
	else if (strncmp(d->config->lan.ports[port], "https:", 6) != 0)
		doctor_tell(d, address, check, VERDICT_UNKNOWN,
			"let its web server speak TLS, and put https: first in [http] ports",
			"its pages came without TLS");
	else
		return true;
	return false;
}

static void
check_certificate(struct doctor *d, const char *address, const char *learned, const char *odd)
{
	static const char begin[] = "its web pages: ";
	const char *said = strncmp(odd, begin, strlen(begin)) == 0 ? odd + strlen(begin) : odd;

	if (is_changed(odd))
		doctor_tell(d, address, "certificate", VERDICT_UNKNOWN, "",
			"not looked at: the key is another");
	else if (odd[0] != 0)
		doctor_tell(d, address, "certificate", VERDICT_BAD, mend_of(odd), "%s", said);
	else if (came_over_tls(d, address, "certificate", learned))
		doctor_tell(d, address, "certificate", VERDICT_GOOD, "", "nothing is odd about it");
}

/* The lan role was told the agent's key, and refuses another. */
static void
check_key(struct doctor *d, const char *address, const char *learned, const char *odd)
{
	char key[PIN_TEXT], mend[120];

	if (is_changed(odd)) {
		snprintf(mend, sizeof(mend),
			"find out why; if it was replaced or reset: platen forget %s", address);
		doctor_tell(d, address, "key", VERDICT_BAD, mend,
			"changed: another than the agent knows, so its pages are not read");
	} else if (!came_over_tls(d, address, "key", learned)) {
		return;
	} else if (strstr(learned, "pin=") == NULL) {
		doctor_tell(d, address, "key", VERDICT_UNKNOWN, "", "not kept: [http] says so");
	} else if (d->pins == NULL && d->pins_error != ENOENT) {
		doctor_tell(d, address, "key", VERDICT_UNKNOWN, "run this as the agent's user",
			"the keys in %s cannot be read: %s", d->config->state,
			strerror(d->pins_error));
	} else if (d->pins == NULL || !pins_find(d->pins, address, key)) {
		doctor_tell(d, address, "key", VERDICT_UNKNOWN, "",
			"the agent knows none of it yet, and will take the first it sees");
	} else {
		doctor_tell(d, address, "key", VERDICT_GOOD, "", "the one the agent knows");
	}
}

static const struct fact *
fact_of(const struct visited *v, const char *metric)
{
	for (uint32_t i = 0; i < v->nfacts; i++)
		if (strcmp(v->facts[i].metric, metric) == 0)
			return &v->facts[i];
	return NULL;
}

/* What printers tell in words, and what each word means to the one who looks after them. */
static const struct meaning {
	const char *metric, *word; /* word: NULL: any, and it stands for itself */
	enum verdict verdict;
	const char *text, *mend;
} meanings[] = {
	{ "device.firmware", NULL, VERDICT_GOOD, NULL, "" },
	{ "security.admin_password", "set", VERDICT_GOOD, "an administrator's password is set",
		"" },
	{ "security.admin_password", "not-set", VERDICT_BAD, "no administrator's password is set",
		"set one on its web pages: without it anybody may change the printer" },
	{ "security.web_proxy", "on", VERDICT_GOOD, "it uses a web proxy", "" },
	{ "security.web_proxy", "off", VERDICT_GOOD, "it uses none", "" },
	{ "security.user_names", "hidden", VERDICT_GOOD, "its accounting leaves them out", "" },
	{ "security.user_names", "shown", VERDICT_GOOD, "its accounting has them", "" },
};

static const struct {
	const char *metric, *check, *unknown, *mend;
} facts[] = {
	{ "device.firmware", "firmware", "it does not tell its version", "" },
	{ "security.admin_password", "password",
		"it does not tell whether an administrator's password is set", "" },
	{ "security.web_proxy", "web proxy", "it does not tell whether it uses one", "" },
	/* Nothing but the lists of jobs themselves would tell, and those are nobody's business. */
	{ "security.user_names", "user names", "lists of jobs, which would tell, are not read",
		"see its accounting settings: user names or personal information left out" },
};

static const struct meaning *
meaning_of(const struct fact *f)
{
	for (size_t i = 0; i < COUNT(meanings); i++)
		if (strcmp(meanings[i].metric, f->metric) == 0 &&
			(meanings[i].word == NULL || strcmp(meanings[i].word, f->text) == 0))
			return &meanings[i];
	return NULL;
}

static void
check_facts(struct doctor *d, const char *address, const struct visited *v)
{
	for (size_t i = 0; i < COUNT(facts); i++) {
		const struct fact *f = fact_of(v, facts[i].metric);
		const struct meaning *m = f != NULL && f->text != NULL ? meaning_of(f) : NULL;

		if (m == NULL)
			doctor_tell(d, address, facts[i].check, VERDICT_UNKNOWN, facts[i].mend,
				"%s", facts[i].unknown);
		else
			doctor_tell(d, address, facts[i].check, m->verdict, m->mend, "%s",
				m->text != NULL ? m->text : f->text);
	}
}

void
doctor_printer(struct doctor *d, const char *address, const struct visited *v, const char *learned)
{
	const char *odd = odd_of(v);

	check_snmp(d, address, learned);
	check_pages(d, address, learned, odd);
	check_certificate(d, address, learned, odd);
	check_key(d, address, learned, odd);
	check_facts(d, address, v);
}

void
doctor_silent(struct doctor *d, const char *target, const char *how)
{
	doctor_tell(d, target, "snmp", VERDICT_BAD,
		"switch it on, allow SNMP there, and name its community or user in the INI", "%s",
		how);
}
