/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/identity.h - who a printer is, from what is known before it is read:
 * sysObjectID, sysDescr, hrDeviceDescr and the IEEE 1284 device id.
 *
 * The badge beats the engine: a Kyocera sold as "UTAX" is a UTAX.  What cannot
 * be told for certain is "", never a guess.  out is always ended by a NUL.
 */
#ifndef PLATEN_IDENTITY_H
#define PLATEN_IDENTITY_H

#include <platen/plugin.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The value of a key of an IEEE 1284 device id ("MFG:HP;MDL:LaserJet;"), keys in
 * any case, blanks around both dropped.  False, and out "", when it has none.
 */
bool platen_id1284_field(const char *device_id, const char *key, char *out, size_t size);

/* Is this sysObjectID one that only printers have?  No says nothing. */
bool platen_enterprise_is_printer(const uint32_t *object_id, uint32_t n);

/* Is there any sign that this is a printer?  Projectors and scanners of printer makers are none. */
bool platen_identity_is_printer(const struct platen_device *);

/* "HP", "Kyocera", "Konica Minolta": one spelling per maker, however the device writes it. */
void platen_identity_manufacturer(const struct platen_device *, char *out, size_t size);

/* "ECOSYS M2540dn": without manufacturer, serial number and firmware. */
void platen_identity_model(const struct platen_device *, char *out, size_t size);

/* The model out of a text that begins with it, or with the maker; false: it has none. */
bool platen_model_read(const char *text, char *out, size_t size);

/*
 * match() of a scraper that knows one maker's engines, whatever badge is on them: 50
 * when sysObjectID is or lies below one of numbers, written without 1.3.6.1.4.1 ("1347",
 * "258.406.2"), or when it names no maker at all and the manufacturer is one of badges,
 * as platen_identity_manufacturer() writes it.  Else 0.  Both lists end with NULL.
 */
int32_t platen_identity_match(const struct platen_device *, const char *const *numbers,
	const char *const *badges);

/*
 * Does it tell nothing at all of itself?  A maker whose objects say what they are may ask
 * such a printer, with a match of 2.
 */
bool platen_identity_is_nameless(const struct platen_device *);

/* For printers that say it nowhere else. */
void platen_identity_serial(const struct platen_device *, char *out, size_t size);
void platen_identity_firmware(const struct platen_device *, char *out, size_t size);

/* Not empty, damaged, or one of the fillings that makers leave in ("000000000", "N/A"). */
bool platen_serial_is_real(const char *serial);

#ifdef __cplusplus
}
#endif
#endif
