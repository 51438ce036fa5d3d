/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/names.h - the numbers of the Printer-MIB and its friends, in words.
 *
 * The words are the standard's own (RFC 3805, RFC 2790, IANA-PRINTER-MIB), in
 * kebab case: markerTonerAlmostEmpty(1104) is "toner-almost-empty".  Every
 * function returns NULL for a number the standard does not have.
 */
#ifndef PLATEN_NAMES_H
#define PLATEN_NAMES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

const char *platen_alert_name(int32_t code); /* PrtAlertCodeTC, finishers too */
const char *platen_alert_group_name(int32_t group); /* PrtAlertGroupTC */
const char *platen_alert_severity_name(int32_t level); /* critical, warning, other */
const char *platen_meter_unit_name(int32_t unit); /* PrtMarkerCounterUnitTC */
const char *platen_supply_unit_name(int32_t unit); /* PrtMarkerSuppliesSupplyUnitTC */
const char *platen_capacity_unit_name(int32_t unit); /* PrtCapacityUnitTC, of trays and bins */
const char *platen_supply_type_name(int32_t type); /* PrtMarkerSuppliesTypeTC */
const char *platen_supply_class_name(int32_t class_number); /* consumed, receptacle, other */
const char *platen_cover_name(int32_t status); /* open, closed, unknown */

/* hrPrinterDetectedErrorState; bit 0 is the highest of the first octet. */
const char *platen_error_name(uint32_t bit);

/* "toner-almost-empty" -> "Toner almost empty", for people; cut at size. */
void platen_name_say(const char *name, char *out, uint32_t size);

#ifdef __cplusplus
}
#endif
#endif
