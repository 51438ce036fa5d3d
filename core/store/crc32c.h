/* SPDX-License-Identifier: Apache-2.0 */
/* crc32c.h - the sum that finds a text which is not what was written (CRC-32C, Castagnoli). */
#ifndef PLATEN_CRC32C_H
#define PLATEN_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Continued from c; 0 begins. */
uint32_t crc32c(uint32_t c, const void *bytes, size_t n);
/* The same without the processor's help, as every processor can. */
uint32_t crc32c_plain(uint32_t c, const void *bytes, size_t n);

#endif
