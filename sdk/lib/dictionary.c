/* SPDX-License-Identifier: Apache-2.0 */
/* dictionary.c - sdk/dictionary/platen.dict, as bytes of the program. */
#include <platen/dictionary.h>

/* The assembler reads the file; C23's #embed is not there yet. */
__asm__(".pushsection .rodata\n"
	".globl platen_dictionary_first, platen_dictionary_end\n"
	".hidden platen_dictionary_first, platen_dictionary_end\n"
	"platen_dictionary_first:\n"
	".incbin \"sdk/dictionary/platen.dict\"\n"
	"platen_dictionary_end:\n"
	".popsection\n");

extern const uint8_t platen_dictionary_first[] __attribute__((visibility("hidden")));
extern const uint8_t platen_dictionary_end[] __attribute__((visibility("hidden")));

const uint8_t *
platen_dictionary(uint64_t *len)
{
	*len = (uint64_t)(platen_dictionary_end - platen_dictionary_first);
	return platen_dictionary_first;
}
