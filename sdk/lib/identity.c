/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.c - who a printer is; see platen/identity.h.
 *
 * Nearly every maker writes sysDescr and hrDeviceDescr in a way of its own.
 * What is known of these ways stands here; a text in no known way tells nothing.
 */
#include <platen/identity.h>

#include "makers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_WORDS 256 /* bytes of a description that are looked at */

/* ---- pieces of text ---- */

static void
copy(char *out, size_t size, const char *p, size_t n)
{
	while (n > 0 && isspace((unsigned char)*p))
		p++, n--;
	while (n > 0 && isspace((unsigned char)p[n - 1]))
		n--;
	if (n >= size) /* not inside a character */
		for (n = size - 1; n > 0 && (p[n] & 0xC0) == 0x80; n--)
			;
	memcpy(out, p, n);
	out[n] = '\0';
}

/* May they be the same but for capitals?  Most texts differ in their first byte. */
static bool
begins_alike(const char *text, const char *word)
{
	return ((*text ^ *word) & ~0x20) == 0;
}

static bool
begins(const char *text, const char *word)
{
	return *word == '\0' ||
		(begins_alike(text, word) && strncasecmp(text, word, strlen(word)) == 0);
}

static bool
is_one_of(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (begins_alike(text, words[i]) && strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static void
copy_all(char out[static MAX_WORDS], const char *text)
{
	size_t n = strnlen(text, MAX_WORDS - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

/* Where it stands, in capitals or not; NULL: nowhere.  In a line, strcasestr() is slower. */
static const char *
find(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; *text != '\0'; text++)
		if (begins_alike(text, word) && strncasecmp(text, word, n) == 0)
			return text;
	return NULL;
}

/* What stands behind the first of the marks that text has, up to one of the ends; false: none. */
static bool
behind(const char *text, const char *const *marks, size_t nmarks, const char *ends, char *out,
	size_t size)
{
	for (size_t i = 0; i < nmarks; i++) {
		const char *at = find(text, marks[i]);

		if (at == NULL)
			continue;
		at += strlen(marks[i]);
		copy(out, size, at, strcspn(at, ends));
		if (out[0] != '\0')
			return true;
	}
	return false;
}

static void
cut_at(char *text, const char *mark)
{
	char *at = strstr(text, mark);

	if (at != NULL)
		*at = '\0';
}

/* Take the last word off text; NULL when it is the only one. */
static char *
last_word(char *text)
{
	char *blank = strrchr(text, ' ');

	if (blank == NULL || blank == text)
		return NULL;
	*blank = '\0';
	return blank + 1;
}

/* ---- IEEE 1284 ---- */

bool
platen_id1284_field(const char *id, const char *key, char *out, size_t size)
{
	size_t nkey = strlen(key);

	out[0] = '\0';
	while (*id != '\0') {
		size_t n = strcspn(id, ";"), colon;

		while (n > 0 && isspace((unsigned char)*id))
			id++, n--;
		colon = strcspn(id, ":;");
		if (colon < n) {
			size_t named = colon;

			while (named > 0 && isspace((unsigned char)id[named - 1]))
				named--;
			if (named == nkey && strncasecmp(id, key, nkey) == 0) {
				copy(out, size, id + colon + 1, n - colon - 1);
				return out[0] != '\0';
			}
		}
		id += n + (id[n] == ';');
	}
	return false;
}

static bool
id1284_any(const char *id, const char *const *keys, size_t n, char *out, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (platen_id1284_field(id, keys[i], out, size))
			return true;
	return false;
}

/* ---- a printer at all? ---- */

bool
platen_enterprise_is_printer(const uint32_t *object_id, uint32_t n)
{
	return maker_prints(object_id, n);
}

static bool
has_any(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (find(text, words[i]) != NULL)
			return true;
	return false;
}

bool
platen_identity_is_printer(const struct platen_device *d)
{
	static const char *const others[] = { "projector", "scan server" };
	static const char *const signs[] = { "printer", "print server", "printing", "printserver",
		"jetdirect", "laserjet", "designjet", "officejet" };
	static const char *const classes[] = { "CLS", "CLASS" };
	char class[32];

	if (d->hr_device_index != 0)
		return true;
	if (d->device_id[0] != '\0')
		return !id1284_any(d->device_id, classes, COUNT(classes), class, sizeof(class)) ||
			strcasecmp(class, "PRINTER") == 0;
	return maker_prints(d->object_id, d->nobject_id) ||
		(has_any(d->descr, signs, COUNT(signs)) &&
			!has_any(d->descr, others, COUNT(others)));
}

/* ---- manufacturer ---- */

/* What many makers' network cards say, whoever built the printer around them. */
static bool
is_jetdirect(const char *descr)
{
	return begins(descr, "HP ETHERNET MULTI-ENVIRONMENT");
}

static bool
device_maker(const struct platen_device *d, char *out, size_t size)
{
	static const char *const keys[] = { "MFG", "MANUFACTURER", "MANUFACTURE" };
	char mfg[64];
	const char *maker;
	size_t n;

	if (!id1284_any(d->device_id, keys, COUNT(keys), mfg, sizeof(mfg)) ||
		begins(mfg, "generic"))
		return false;
	maker = maker_named(mfg, &n);
	if (maker == NULL)
		maker = mfg;
	copy(out, size, maker, strlen(maker));
	return true;
}

void
platen_identity_manufacturer(const struct platen_device *d, char *out, size_t size)
{
	const char *maker;
	size_t n;

	out[0] = '\0';
	if (device_maker(d, out, size))
		return;
	maker = maker_named(d->model, &n);
	if (maker == NULL && !is_jetdirect(d->descr))
		maker = maker_named(d->descr, &n);
	if (maker == NULL)
		maker = maker_numbered(d->object_id, d->nobject_id);
	if (maker != NULL)
		copy(out, size, maker, strlen(maker));
}

/* Is this "1.3.6.1.4.1." and number, or below it? */
static bool
is_below(const struct platen_device *d, const char *number)
{
	static const uint32_t enterprises[] = { 1, 3, 6, 1, 4, 1 };
	uint32_t i = COUNT(enterprises);

	if (d->nobject_id < i || memcmp(d->object_id, enterprises, sizeof(enterprises)) != 0)
		return false;
	for (char *end; *number != '\0'; number = end + (*end == '.'))
		if (i == d->nobject_id || strtoul(number, &end, 10) != d->object_id[i++])
			return false;
	return true;
}

int32_t
platen_identity_match(const struct platen_device *d, const char *const *numbers,
	const char *const *badges)
{
	char maker[64];

	for (; *numbers != NULL; numbers++)
		if (is_below(d, *numbers))
			return 50;
	if (maker_numbered(d->object_id, d->nobject_id) != NULL)
		return 0;
	platen_identity_manufacturer(d, maker, sizeof(maker));
	for (; *badges != NULL; badges++)
		if (strcmp(maker, *badges) == 0)
			return 50;
	return 0;
}

bool
platen_identity_is_nameless(const struct platen_device *d)
{
	return d->nobject_id == 0 && d->descr[0] == '\0' && d->model[0] == '\0' &&
		d->device_id[0] == '\0';
}

/* ---- model ---- */

/* "LW62.DN4.P636": three groups of capitals and digits, as Lexmark numbers its firmware. */
static bool
is_lexmark_firmware(const char *word)
{
	size_t groups = 0, letters = 0;

	for (;; word++) {
		size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

		letters += n - strspn(word, "0123456789") > 0;
		groups++;
		word += n;
		if (n < 2 || *word != '.')
			return n >= 2 && *word == '\0' && groups == 3 && letters > 0;
	}
}

static bool
is_serial_word(const char *word)
{
	size_t n = strlen(word);

	return n >= 6 && n <= 15 && strcspn(word, "0123456789") < n &&
		strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n;
}

/*
 * Lexmark, and Dell's Lexmarks: "<maker> <model> <serial> <firmware>".  Cuts text
 * behind the model; serial and firmware point into it, NULL where there are none.
 */
static void
lexmark_tail(char *text, char **serial, char **firmware)
{
	char *blank = strrchr(text, ' ');

	*serial = *firmware = NULL;
	if (blank == NULL || blank == text || !is_lexmark_firmware(blank + 1))
		return;
	*firmware = last_word(text);
	blank = strrchr(text, ' ');
	if (blank != NULL && memchr(text, ' ', (size_t)(blank - text)) != NULL &&
		is_serial_word(blank + 1))
		*serial = last_word(text);
}

/* Words that take the place of a model and name none. */
static bool
is_no_model(const char *text)
{
	static const char *const fillings[] = { "printer", "network printer", "laser printer",
		"generic", "unknown", "none", "n/a", "mfp", "device" };
	bool said = false;

	if (is_one_of(text, fillings, COUNT(fillings)))
		return true;
	for (const char *p = text; *p != '\0'; p++)
		said = said || isalnum((unsigned char)*p) || (*p & 0x80);
	return !said;
}

/* What stands behind the maker's badge, which some write twice: "HP HP LaserJet". */
static const char *
behind_badge(const char *text)
{
	const char *maker = NULL, *again;
	size_t n;

	while ((again = maker_named(text, &n)) != NULL &&
		(maker == NULL || strcmp(maker, again) == 0)) {
		maker = again;
		text += n;
		text += strspn(text, " ");
	}
	return text;
}

/* A text that begins with maker and model, made the model alone; false: none is in it. */
static bool
model_take(const char *from, char *out, size_t size)
{
	char text[MAX_WORDS], *serial, *firmware;
	const char *p;
	size_t n;

	copy(text, sizeof(text), from, strlen(from));
	cut_at(text, ";");
	cut_at(text, " version ");
	cut_at(text, " Version:"); /* TSC */
	cut_at(text, " / ");
	if ((n = strlen(text)) > 3 && strcmp(text + n - 3, " /P") == 0)
		text[n - 3] = '\0';
	lexmark_tail(text, &serial, &firmware);
	p = behind_badge(text);
	copy(out, size, p, strlen(p));
	if (is_no_model(out))
		out[0] = '\0';
	return out[0] != '\0';
}

/* "RICOH Aficio MP C3002 2.20 / RICOH Network Printer C model / ...": the number is firmware. */
static char *
ricoh_firmware(char *text)
{
	const char *word;

	if (strstr(text, " / ") == NULL)
		return NULL;
	cut_at(text, " / ");
	word = strrchr(text, ' ');
	if (word == NULL || word == text)
		return NULL;
	word++;
	if (!isdigit((unsigned char)*word) || strchr(word, '.') == NULL ||
		strspn(word, "0123456789.") + 1 < strlen(word))
		return NULL;
	return last_word(text);
}

/* The product's name, but not what somebody called it: "PID:" holds both. */
static bool
jetdirect_model(const char *descr, char *out, size_t size)
{
	static const char *const marks[] = { "PID:" };
	static const char *const families[] = { "HP ", "Hewlett-Packard ", "LaserJet ",
		"Color LaserJet ", "OfficeJet ", "DesignJet ", "PageWide ", "DeskJet " };
	char pid[128];

	if (!behind(descr, marks, COUNT(marks), ",;", pid, sizeof(pid)))
		return false;
	for (size_t i = 0; i < COUNT(families); i++)
		if (begins(pid, families[i]))
			return model_take(pid, out, size);
	return false;
}

static bool
descr_model(const struct platen_device *d, char *out, size_t size)
{
	/* The network card is described, not the printer. */
	static const char *const cards[] = { "Brother NC-", "Printing System", "Print Server",
		"Scan Server", "Built-in", " Wired", " Wireless", "JETDIRECT", "Projector",
		"Linux" };
	static const char *const oki[] = { "Attached to " };
	char text[MAX_WORDS];
	size_t n;

	if (is_jetdirect(d->descr))
		return jetdirect_model(d->descr, out, size);
	if (behind(d->descr, oki, COUNT(oki), " :;", text, sizeof(text)))
		return model_take(text, out, size);
	if (has_any(d->descr, cards, COUNT(cards)))
		return false;
	copy(text, sizeof(text), d->descr, strlen(d->descr));
	ricoh_firmware(text);
	if (maker_named(text, &n) == NULL &&
		(strlen(text) > 40 || !maker_prints(d->object_id, d->nobject_id)))
		return false;
	return model_take(text, out, size);
}

bool
platen_model_read(const char *text, char *out, size_t size)
{
	return model_take(text, out, size);
}

void
platen_identity_model(const struct platen_device *d, char *out, size_t size)
{
	static const char *const keys[] = { "MDL", "MODEL" };
	char mdl[128];
	size_t n;

	out[0] = '\0';
	if (model_take(d->model, out, size)) {
		n = strlen(out);
		if (n > 7 && strcasecmp(out + n - 7, " series") == 0 &&
			descr_model(d, mdl, sizeof(mdl)))
			copy(out, size, mdl, strlen(mdl)); /* not only its family */
		return;
	}
	if (id1284_any(d->device_id, keys, COUNT(keys), mdl, sizeof(mdl)) &&
		model_take(mdl, out, size))
		return;
	descr_model(d, out, size);
}

/* ---- serial number and firmware ---- */

bool
platen_serial_is_real(const char *serial)
{
	static const char *const fillings[] = { "n/a", "na", "none", "null", "unknown", "undefined",
		"not available", "not applicable", "notavailable", "not set", "default", "serial",
		"serial number", "serialnumber", "no serial", "test", "123456789", "1234567890",
		"0123456789", "12345678", "1234567", "123456", "abcdefgh" };
	size_t n = strlen(serial), same = 0;

	if (n < 4 || is_one_of(serial, fillings, COUNT(fillings)))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (serial[i] < 0x20 || serial[i] > 0x7E)
			return false;
		same += tolower((unsigned char)serial[i]) == tolower((unsigned char)serial[0]);
	}
	return same < n && strpbrk(serial, "0123456789") != NULL;
}

void
platen_identity_serial(const struct platen_device *d, char *out, size_t size)
{
	static const char *const keys[] = { "SN", "SERN", "SER", "SERIALNUMBER" };
	static const char *const marks[] = { ",SN:", ";S/N ", "; S/N ", ";S/N:" };
	char text[MAX_WORDS], *serial, *firmware;

	if (id1284_any(d->device_id, keys, COUNT(keys), out, size) && platen_serial_is_real(out))
		return;
	if (behind(d->descr, marks, COUNT(marks), ",;", out, size) && platen_serial_is_real(out))
		return;
	out[0] = '\0';
	copy_all(text, d->model);
	lexmark_tail(text, &serial, &firmware);
	if (serial != NULL && platen_serial_is_real(serial))
		copy(out, size, serial, strlen(serial));
}

void
platen_identity_firmware(const struct platen_device *d, char *out, size_t size)
{
	/* How makers say it, in the only place where each of them means the printer's own. */
	static const struct {
		const char *begins, *mark, *ends;
	} ways[] = {
		{ "", " version ", " " }, /* Lexmark and its rebadgers */
		{ "", " Version: ", " " }, /* TSC */
		{ "Xerox", "; SS ", "," }, /* system software */
		{ "Xerox", "; System Software ", "," },
		{ "Xerox", "; System ", "," },
		{ "Xerox", ", Controller ", "," },
		{ "Xerox", ",Controller ", "," },
		{ "Xerox", ",ESS ", ",;" },
		{ "Xerox", ";ESS ", ",;" },
		{ "FUJI XEROX", ";ESS", "," },
		{ "FUJI XEROX", "; ESS", "," },
		{ "FUJI XEROX", ",Controller ", "," },
		{ "FUJIFILM", ";ESS", "," },
		{ "FUJIFILM", "; ESS", "," },
		{ "Dell", ",Controller ", "," }, /* by Fuji Xerox */
		{ "OKI", " Rev.", " :" }, /* of the printer, behind its name */
		{ "Samsung", "; ", ";" },
	};
	char text[MAX_WORDS], *serial, *firmware;

	out[0] = '\0';
	for (size_t i = 0; i < COUNT(ways); i++) {
		const char *from = d->descr;

		if (!begins(from, ways[i].begins))
			continue;
		if (strcmp(ways[i].begins, "OKI") == 0)
			from = strstr(from, "Attached to ");
		if (from == NULL)
			continue;
		if (behind(from, &ways[i].mark, 1, ways[i].ends, out, size))
			return;
	}
	copy_all(text, d->model);
	lexmark_tail(text, &serial, &firmware);
	if (firmware == NULL) {
		copy_all(text, d->descr);
		firmware = ricoh_firmware(text);
	}
	if (firmware != NULL)
		copy(out, size, firmware, strlen(firmware));
}
