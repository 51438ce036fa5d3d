/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c - what a server answers to an upload; see platen/receipt.h. */
#include <platen/dictionary.h>
#include <platen/receipt.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes of a receipt: a batch of refusals with long reasons is less. */
#define RECEIPT_MOST (1u << 20)

static struct platen_fated *
find(struct platen_fated *records, uint32_t n, const json_t *seq)
{
	uint32_t first = 0, end = n;
	json_int_t number = json_integer_value(seq);

	if (!json_is_integer(seq) || number < 1)
		return NULL;
	while (first < end) {
		uint32_t middle = first + (end - first) / 2;

		if (records[middle].seq < (uint64_t)number)
			first = middle + 1;
		else
			end = middle;
	}
	return first < n && records[first].seq == (uint64_t)number ? &records[first] : NULL;
}

/* False: it names records that were not sent. */
static bool
take_stored(const json_t *stored, struct platen_fated *records, uint32_t n)
{
	const json_t *from = json_object_get(stored, "from"), *to = json_object_get(stored, "to");
	json_int_t first = json_integer_value(from), last = json_integer_value(to);

	if (json_is_null(stored))
		return true;
	if (!json_is_integer(from) || !json_is_integer(to) || first < 1 || last < first ||
		(uint64_t)first < records[0].seq || (uint64_t)last > records[n - 1].seq)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (records[i].seq >= (uint64_t)first && records[i].seq <= (uint64_t)last)
			records[i].fate = PLATEN_STORED;
	return true;
}

/* What fits, as one line. */
static bool
take_reason(const json_t *reason, char *to, size_t size)
{
	const char *text = json_string_value(reason);
	size_t n = 0;

	if (text == NULL || *text == 0)
		return false;
	for (; *text != 0 && n + 1 < size; text++)
		to[n++] = (unsigned char)*text < 0x20 || *text == 0x7F ? ' ' : *text;
	/* Not in the middle of a character. */
	while (*text != 0 && n > 0 && ((unsigned char)*text & 0xC0) == 0x80)
		text--, n--;
	to[n] = 0;
	return true;
}

static bool
take_refused(const json_t *refused, struct platen_fated *records, uint32_t n)
{
	const json_t *one;
	size_t i;

	if (refused != NULL && !json_is_array(refused))
		return false;
	json_array_foreach (refused, i, one) {
		struct platen_fated *r = find(records, n, json_object_get(one, "seq"));

		if (r == NULL || r->fate == PLATEN_REFUSED ||
			!take_reason(json_object_get(one, "reason"), r->reason, sizeof(r->reason)))
			return false;
		r->fate = PLATEN_REFUSED;
	}
	return true;
}

static bool
take_full(const json_t *full, struct platen_fated *records, uint32_t n)
{
	const json_t *seq;
	size_t i;

	if (full != NULL && !json_is_array(full))
		return false;
	json_array_foreach (full, i, seq) {
		struct platen_fated *r = find(records, n, seq);

		if (r == NULL || r->fate == PLATEN_REFUSED || r->fate == PLATEN_WHOLE)
			return false;
		r->fate = PLATEN_WHOLE;
	}
	return true;
}

static bool
take_can(const json_t *said, uint32_t *can)
{
	static const struct {
		const char *word;
		uint32_t can;
	} words[] = {
		{ "delta", PLATEN_CAN_DELTA },
		{ PLATEN_DICTIONARY_CAN, PLATEN_CAN_DICTIONARY },
	};
	const json_t *word;
	size_t i;

	if (said != NULL && !json_is_array(said))
		return false;
	json_array_foreach (said, i, word) {
		if (!json_is_string(word))
			return false;
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			if (strcmp(json_string_value(word), words[k].word) == 0)
				*can |= words[k].can;
	}
	return true;
}

static const char *
take(const json_t *receipt, struct platen_fated *records, uint32_t n, uint32_t *can)
{
	if (!json_is_object(receipt) || json_object_get(receipt, "stored") == NULL)
		return "it does not say what is stored";
	if (!take_stored(json_object_get(receipt, "stored"), records, n) ||
		!take_refused(json_object_get(receipt, "refused"), records, n) ||
		!take_full(json_object_get(receipt, "full"), records, n))
		return "it speaks of records that were not sent";
	return take_can(json_object_get(receipt, "can"), can)
		? NULL
		: "what it says the server can is no list of words";
}

const char *
platen_receipt_read(const uint8_t *body, uint64_t len, struct platen_fated *records, uint32_t n,
	uint32_t *can)
{
	json_error_t error;
	json_t *receipt = NULL;
	const char *why;

	*can = 0;
	if (len <= RECEIPT_MOST && n > 0)
		receipt = json_loadb((const char *)body, len, JSON_REJECT_DUPLICATES, &error);
	why = receipt != NULL ? take(receipt, records, n, can) : "it is no JSON";
	json_decref(receipt);
	if (why == NULL)
		return NULL;
	*can = 0;
	for (uint32_t i = 0; i < n; i++)
		records[i].fate = PLATEN_UNSAID;
	return why;
}
