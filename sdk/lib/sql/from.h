/* SPDX-License-Identifier: Apache-2.0 */
/* from.h - where in a record a column's value stands; between tables.c and rows.c. */
#ifndef PLATEN_SQL_FROM_H
#define PLATEN_SQL_FROM_H

#include <platen/rows.h>

enum from {
	FROM_RECORD, /* the record itself */
	FROM_DEVICE, /* its "device" */
	FROM_STATUS, /* its "status" */
	FROM_ITEM, /* one of a list: a meter, a supply, ... */
	FROM_PLACE, /* its place in that list, from 0 on */
	FROM_MONTH, /* made of "time" */
	FROM_ERRORS, /* made of status.errors */
	FROM_SWAPPED, /* 1: another printer under the same id */
	FROM_WHOLE /* all of it, as it came */
};

#endif
