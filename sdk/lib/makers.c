/* SPDX-License-Identifier: Apache-2.0 */
/* makers.c - makers by the words on their badges and by their numbers; see makers.h. */
#include "makers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* How badges are written, longer ones before what they begin with. */
static const struct {
	const char *written, *maker;
} badges[] = {
	{ "Hewlett-Packard", "HP" },
	{ "Hewlett Packard", "HP" },
	{ "HP Inc.", "HP" },
	{ "HP", "HP" },
	{ "Kyocera Document Solutions", "Kyocera" },
	{ "Kyocera Mita", "Kyocera" },
	{ "Kyocera", "Kyocera" },
	{ "Copystar", "Copystar" },
	{ "TA Triumph-Adler", "Triumph-Adler" },
	{ "TA_UTAX", "UTAX" },
	{ "Triumph-Adler", "Triumph-Adler" },
	{ "Triumph Adler", "Triumph-Adler" },
	{ "UTAX", "UTAX" },
	{ "Olivetti", "Olivetti" },
	{ "Konica Minolta", "Konica Minolta" },
	{ "Konica", "Konica Minolta" },
	{ "Minolta-QMS", "Minolta" },
	{ "Minolta", "Minolta" },
	{ "Develop", "Develop" },
	{ "Ricoh", "Ricoh" },
	{ "Savin", "Savin" },
	{ "Lanier", "Lanier" },
	{ "NRG", "NRG" },
	{ "Gestetner", "Gestetner" },
	{ "Nashuatec", "Nashuatec" },
	{ "Infotec", "Infotec" },
	{ "Rex-Rotary", "Rex Rotary" },
	{ "Rex Rotary", "Rex Rotary" },
	{ "Fuji Xerox", "Fuji Xerox" },
	{ "FujiXerox", "Fuji Xerox" },
	{ "FUJIFILM Business Innovation", "FUJIFILM" },
	{ "FUJIFILM", "FUJIFILM" },
	{ "Xerox", "Xerox" },
	{ "Tektronix", "Tektronix" },
	{ "Lexmark International", "Lexmark" },
	{ "Lexmark", "Lexmark" },
	{ "Brother Industries", "Brother" },
	{ "Brother", "Brother" },
	{ "Canon", "Canon" },
	{ "Oc\u00e9", "Oce" },
	{ "Oce", "Oce" },
	{ "Sharp", "Sharp" },
	{ "Toshiba TEC", "Toshiba" },
	{ "Toshiba", "Toshiba" },
	{ "OKI DATA CORP", "OKI" },
	{ "OKI DATA", "OKI" },
	{ "OKIDATA", "OKI" },
	{ "OKI", "OKI" },
	{ "Seiko Epson", "Epson" },
	{ "Epson", "Epson" },
	{ "Samsung Electronics", "Samsung" },
	{ "Samsung", "Samsung" },
	{ "Dell", "Dell" },
	{ "Panasonic", "Panasonic" },
	{ "Pantum", "Pantum" },
	{ "Zebra Technologies", "Zebra" },
	{ "ZebraNet", "Zebra" },
	{ "Zebra", "Zebra" },
	{ "RISO", "Riso" },
	{ "SINDORICOH", "Sindoh" },
	{ "SINDOH", "Sindoh" },
	{ "TSC", "TSC" },
	{ "SATO", "SATO" },
	{ "Citizen", "Citizen" },
	{ "Star Micronics", "Star Micronics" },
	{ "Honeywell", "Honeywell" },
	{ "Intermec", "Intermec" },
	{ "Datamax-O'Neil", "Datamax" },
	{ "Datamax", "Datamax" },
	{ "Printronix", "Printronix" },
	{ "IBM", "IBM" },
	{ "InfoPrint", "InfoPrint" },
	{ "Eastman Kodak", "Kodak" },
	{ "Kodak", "Kodak" },
	{ "Muratec", "Muratec" },
	{ "Fujitsu", "Fujitsu" },
	{ "NEC", "NEC" },
	{ "Lenovo", "Lenovo" },
	{ "Bixolon", "Bixolon" },
	{ "Godex", "Godex" },
	{ "Mutoh", "Mutoh" },
	{ "Mimaki", "Mimaki" },
	{ "Roland", "Roland" },
	{ "TallyGenicom", "TallyGenicom" },
	{ "Dascom", "Dascom" },
};

const char *
maker_named(const char *text, size_t *n)
{
	for (size_t i = 0; i < COUNT(badges); i++) {
		size_t length;

		if (((badges[i].written[0] ^ text[0]) & ~0x20) != 0)
			continue; /* most begin otherwise */
		length = strlen(badges[i].written);
		if (strncasecmp(text, badges[i].written, length) != 0 ||
			isalnum((unsigned char)text[length]) || text[length] == '-')
			continue;
		*n = length;
		return badges[i].maker;
	}
	return NULL;
}

/* Object ids below 1.3.6.1.4.1, the longer ones before what they begin with. */
static const struct {
	uint8_t n;
	uint32_t sub[8];
	const char *maker; /* NULL: no printer */
	bool prints; /* the maker gives it to printers only */
} numbers[] = {
	{ 4, { 11, 2, 3, 9 }, "HP", true },
	{ 2, { 11, 1 }, "HP", true },
	{ 1, { 11 }, "HP", false },
	{ 2, { 29999, 1 }, "HP", true },
	{ 2, { 26696, 1 }, "HP", true },
	{ 2, { 32925, 1 }, "HP", true },
	{ 2, { 1347, 41 }, "Kyocera", true },
	{ 2, { 1347, 43 }, "Kyocera", true },
	{ 1, { 1347 }, "Kyocera", false },
	{ 3, { 367, 1, 1 }, "Ricoh", true },
	{ 1, { 367 }, "Ricoh", false },
	{ 6, { 18334, 1, 1, 1, 2, 1 }, "Konica Minolta", true },
	{ 4, { 18334, 1, 2, 1 }, "Konica Minolta", true },
	{ 1, { 18334 }, "Konica Minolta", false },
	{ 6, { 2590, 1, 1, 1, 2, 1 }, "Minolta", true },
	{ 4, { 253, 8, 62, 1 }, "Xerox", true },
	{ 3, { 253, 258, 300 }, "Fuji Xerox", true },
	{ 1, { 253 }, "Xerox", false },
	{ 4, { 128, 2, 1, 4 }, "Xerox", true }, /* Tektronix' Phaser line */
	{ 5, { 297, 1, 11, 93, 2 }, "FUJIFILM", true },
	{ 4, { 297, 1, 11, 93 }, "Fuji Xerox", true },
	{ 1, { 641 }, "Lexmark", true },
	{ 5, { 2435, 2, 3, 9, 1 }, "Brother", true },
	{ 1, { 2435 }, "Brother", false },
	{ 3, { 1602, 4, 2 }, "Canon", true },
	{ 3, { 1602, 4, 3 }, "Canon", true },
	{ 3, { 1602, 4, 7 }, "Canon", true },
	{ 1, { 1602 }, "Canon", false },
	{ 2, { 27748, 4 }, "Canon", true },
	{ 2, { 1552, 20 }, "Oce", true },
	{ 3, { 2385, 3, 1 }, "Sharp", true },
	{ 1, { 2385 }, "Sharp", false },
	{ 3, { 1129, 2, 3 }, "Toshiba", true },
	{ 3, { 1129, 1, 2 }, "Toshiba", true },
	{ 1, { 1129 }, "Toshiba", false },
	{ 3, { 2001, 1, 1 }, "OKI", true },
	{ 1, { 2001 }, "OKI", false },
	{ 3, { 1248, 4, 1 }, NULL, false }, /* projectors */
	{ 8, { 1248, 1, 1, 2, 1, 3, 22, 78 }, "Epson", false }, /* "Network Interface Unit" */
	{ 6, { 1248, 1, 1, 2, 1, 3 }, "Epson", true },
	{ 5, { 1248, 1, 1, 2, 2 }, "Epson", true },
	{ 4, { 1248, 3, 1, 2 }, "Epson", true },
	{ 1, { 1248 }, "Epson", false },
	{ 3, { 236, 11, 5 }, "Samsung", true },
	{ 2, { 674, 10898 }, "Dell", true },
	{ 3, { 674, 100, 1 }, "Dell", true },
	{ 3, { 258, 406, 2 }, "Panasonic", true },
	{ 2, { 258, 601 }, NULL, false }, /* telephone exchanges */
	{ 3, { 40093, 1, 1 }, "Pantum", true },
	{ 2, { 683, 6 }, "Zebra", true },
	{ 1, { 10642 }, "Zebra", true },
	{ 1, { 24807 }, "Riso", true },
	{ 3, { 51966, 2, 6 }, "TSC", true },
	{ 3, { 43564, 2, 6 }, "TSC", true },
	{ 3, { 3444, 2, 6 }, "TSC", true },
	{ 1, { 42406 }, "SATO", true },
	{ 1, { 20438 }, "Citizen", true },
	{ 1, { 33241 }, "Citizen", true },
	{ 1, { 25549 }, "Star Micronics", true },
	{ 1, { 10917 }, "Datamax", true },
	{ 1, { 10504 }, "Printronix", true },
	{ 1, { 28918 }, "InfoPrint", true },
	{ 1, { 1963 }, "Intermec", false },
};

static size_t
number_find(const uint32_t *object_id, uint32_t n)
{
	static const uint32_t enterprises[] = { 1, 3, 6, 1, 4, 1 };
	size_t i = 0;

	if (n < COUNT(enterprises) || memcmp(object_id, enterprises, sizeof(enterprises)) != 0)
		return COUNT(numbers);
	object_id += COUNT(enterprises);
	n -= (uint32_t)COUNT(enterprises);
	while (i < COUNT(numbers) &&
		(n < numbers[i].n ||
			memcmp(object_id, numbers[i].sub, numbers[i].n * sizeof(uint32_t)) != 0))
		i++;
	return i;
}

const char *
maker_numbered(const uint32_t *object_id, uint32_t n)
{
	size_t i = number_find(object_id, n);

	return i < COUNT(numbers) ? numbers[i].maker : NULL;
}

bool
maker_prints(const uint32_t *object_id, uint32_t n)
{
	size_t i = number_find(object_id, n);

	return i < COUNT(numbers) && numbers[i].prints;
}
