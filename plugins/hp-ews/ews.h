/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ews.h - what one visit reads of a printer's embedded web server.
 *
 * Documents are collected first and reported together when the last one is
 * there: which number a supply has is known from the Printer-MIB, and that
 * answer may come last.
 */
#ifndef HP_EWS_H
#define HP_EWS_H

#include <platen/http.h>
#include <platen/plugin.h>
#include <platen/snmp.h>
#include <platen/tree.h>

#include <stdbool.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define MAX_LINE 256 /* bytes of a printer's text that are kept */
#define MAX_DOCUMENTS 8 /* of one dialect */
#define MAX_SUPPLIES 64 /* of one printer */

/* How a document is written. */
enum form { FORM_XML, FORM_JSON, FORM_HTML };

struct document {
	const char *path;
	enum form form;
	bool security; /* only of interest to who looks after the printer */
};

struct ews;

/* One way in which HP's web servers tell their counters. */
struct dialect {
	const char *name;
	/* Asked to find out; NULL: the first document tells. */
	const struct document *probe;
	/* Is this answer to the probe, or the first document, one of ours? */
	bool (*is)(const struct platen_node *page);
	/* Is this document there, as the probe tells?  NULL: all are. */
	bool (*has)(const struct platen_node *probe, const char *path);
	struct document documents[MAX_DOCUMENTS]; /* ends with a NULL path */
	void (*report)(struct ews *);
};

extern const struct dialect ledm, cdm, futuresmart, older, designjet;

/* A row of prtMarkerSuppliesTable, as far as it tells which supply it is. */
struct mib_supply {
	uint32_t device, index;
	int64_t colorant; /* index, 0: none */
	int64_t type; /* PrtMarkerSuppliesTypeTC, 0: not told */
	const char *color; /* "" : not told */
	bool taken; /* by a supply of the web server */
};

/* One supply as the web server tells it.  Texts that are not told are "". */
struct supply {
	const char *label; /* its number where the Printer-MIB has none: "k" */
	const char *color;
	const char *type; /* PrtMarkerSuppliesTypeTC in words */
	const char *state; /* of sdk/METRICS */
	int64_t percent, pages_left; /* PLATEN_NONE: not told */
	char installed[MAX_LINE]; /* "2024-05-31" */
	char description[MAX_LINE], serial[MAX_LINE], part_number[MAX_LINE];
};

struct ews {
	struct platen_visit *visit;
	char key[MAX_LINE], model[MAX_LINE]; /* under which is remembered what it spoke */
	const struct dialect *dialect; /* being tried, or found */
	uint32_t order[5], step; /* which dialects to try, and where in that */
	bool remembered; /* the dialect was known before this visit */
	bool closed; /* a page wants a password that we do not have */
	bool signed_in; /* that was tried in this visit */
	uint32_t document; /* being asked */
	const struct platen_node *probe; /* what the probe said */
	const struct platen_node *pages[MAX_DOCUMENTS]; /* NULL: not there */

	uint32_t pending; /* questions not answered, the web server's all being one */
	bool alerts; /* the Printer-MIB has alerts: the web server's are the same */
	uint32_t nsupplies, ncolorants;
	struct mib_supply supplies[MAX_SUPPLIES];
	struct {
		uint32_t device, index;
		const char *color;
	} colorants[MAX_SUPPLIES];
};

/* hp-ews.c: the agent, and its services. */
extern const struct platen_host *host;
extern const struct platen_snmp *snmp;
extern const struct platen_http *http;
extern bool security; /* option: how the printer is secured is asked, too */

/* find.c: begin, or go on, asking the web server; ews_answered() follows once. */
void find_begin(struct ews *, const struct platen_device *);
/* Ask for the same document once more; or for nothing more. */
void find_again(struct ews *);
void find_give_up(struct ews *);

/* sign_in.c: a page that wants the administrator, and asking to be let in. */
bool sign_in_wanted(const struct platen_node *page);
void sign_in(struct ews *);

/* hp-ews.c: one question has its answer; the web server's all are one.  The last one reports. */
void ews_answered(struct ews *);

/* parts.c */
void parts_ask(struct ews *);
/* Report a supply under the number it has in the Printer-MIB. */
void parts_report(struct ews *, const struct supply *);

/* say.c: nothing is reported of a text that is empty or a number that is not there. */
void say_text(struct ews *, const char *metric, const char *part, const char *text);
void say_number(struct ews *, const char *metric, const char *part, const char *unit,
	int64_t number);
void say_found_text(struct ews *, const char *metric, const char *part, const struct platen_node *,
	const char *path);

/* A counter of a document. */
struct counter {
	const char *path, *metric, *unit;
};
void say_counters(struct ews *, const struct platen_node *root, const struct counter *, size_t n);

/* Counters by media size, "iso_a4_210x297mm"; see say.c for what is left out. */
struct size_counter {
	const char *size, *counter; /* counter: the one that counts it, "" : not told */
	int64_t number;
};
void say_sizes(struct ews *, struct size_counter *, size_t n);
#define MAX_SIZES 100

/* words.c */
struct word {
	const char *word, *means;
};
/* The meaning of a word, letters of any case; otherwise if there is none. */
const char *word_means(const struct word *, size_t n, const char *word, const char *otherwise);
const char *color_of_label(const char *label); /* "K", "Cyan": "black", "cyan"; "": neither */
const char *supply_type_of(const char *word); /* "imageDrum": "opc" */
const char *supply_state_of(const char *word); /* "veryLow": "low"; "": no such word */
/* Nothing a maker would number his goods by ("-1515257599"): not a serial number. */
bool is_serial(const char *text);

/* numbers.c */
/*
 * A number as pages show it, "169,706.0" or "169.706,0": groups of three digits
 * with any separator between them, and perhaps one more digit behind another.
 * In tenths.  False: it is not one, or could be read in two ways.
 */
bool number_tenths(const char *text, int64_t *out);
/* The same, but only if nothing is behind the point. */
bool number_whole(const char *text, int64_t *out);
/*
 * "1.234,5678 m2" with the point this page uses, as a number of 1 / 10^places
 * and where the unit begins.  False: more digits than places, or no number.
 */
bool number_scaled(const char *text, char point, int places, int64_t *out, const char **unit);

#endif
