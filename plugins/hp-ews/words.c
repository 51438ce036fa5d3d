/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - HP's words for colours, supplies and states, in those of sdk/METRICS. */
#include "ews.h"

#include <platen/identity.h>

#include <string.h>
#include <strings.h>

const char *
word_means(const struct word *words, size_t n, const char *word, const char *otherwise)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(words[i].word, word) == 0)
			return words[i].means;
	return otherwise;
}

const char *
color_of_label(const char *label)
{
	static const struct word colors[] = {
		{ "K", "black" },
		{ "C", "cyan" },
		{ "M", "magenta" },
		{ "Y", "yellow" },
		{ "CMY", "cyan-magenta-yellow" },
		{ "CMYK", "" },
		{ "Black", "black" },
		{ "Cyan", "cyan" },
		{ "Magenta", "magenta" },
		{ "Yellow", "yellow" },
		{ "CyanMagentaYellow", "cyan-magenta-yellow" },
		{ "LC", "light-cyan" },
		{ "LM", "light-magenta" },
		{ "PK", "photo-black" },
		{ "MK", "matte-black" },
		{ "G", "gray" },
		{ "LG", "light-gray" },
	};

	return word_means(colors, COUNT(colors), label, "");
}

const char *
supply_type_of(const char *word)
{
	static const struct word types[] = {
		{ "ink", "ink" },
		{ "inkCartridge", "ink-cartridge" },
		{ "inkTank", "ink" },
		{ "toner", "toner" },
		{ "tonerCartridge", "toner-cartridge" },
		{ "rechargeableToner", "toner" },
		{ "imageDrum", "opc" },
		{ "drum", "opc" },
		{ "fuser", "fuser" },
		{ "transferUnit", "transfer-unit" },
		{ "tonerCollectionUnit", "waste-toner" },
	};

	return word_means(types, COUNT(types), word, "other");
}

const char *
supply_state_of(const char *word)
{
	static const struct word states[] = {
		{ "ok", "ok" },
		{ "newGenuineHP", "ok" },
		{ "inform", "ok" }, /* only that it is used or not HP's */
		{ "low", "low" },
		{ "veryLow", "low" },
		{ "atVeryLow", "low" },
		{ "empty", "empty" },
		{ "out", "empty" },
		{ "missing", "missing" },
		{ "unknown", "unknown" },
	};

	return word_means(states, COUNT(states), word, "");
}

bool
is_serial(const char *text)
{
	return text[0] != '-' && platen_serial_is_real(text);
}
