/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/upload.h - how a sink sends.  Only a sink is given these.
 *
 * There is no address here: bytes go to the place the sink's INI section names.
 */
#ifndef PLATEN_UPLOAD_H
#define PLATEN_UPLOAD_H

#include <platen/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_UPLOAD "platen.upload/1"

struct platen_upload_reply {
	uint32_t size;
	int32_t status; /* PLATEN_OK: the place answered */
	int32_t code; /* HTTP status; 0 for file and datagram */
	uint32_t retry_after; /* seconds, as the server asked; 0: it did not */
	const uint8_t *body;
	uint64_t len;
	/* since v1.1 */
	const char *server; /* which of the section's servers answered, or was tried last; or "" */
	const char *reason; /* why there is no answer, one sentence; "": there is one */
};

/* Since v1.1: a body and what stands around it. */
struct platen_parcel {
	uint32_t size;
	uint32_t reserved; /* 0 */
	const char *type; /* media type, "application/x-ndjson" */
	const char *coding; /* what the body is packed with: "zstd", "gzip"; NULL: nothing */
	/*
	 * The server that the body was made for, as a reply named it: it goes there
	 * or nowhere (PLATEN_EREFUSED: it is another's turn).  NULL: whichever takes it.
	 */
	const char *server;
	const void *body;
	uint64_t len;
};

/* An answer; gone when the function returns. */
typedef void platen_upload_fn(struct platen_delivery *, const struct platen_upload_reply *,
	void *arg);

struct platen_upload {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/*
	 * Send to the place this sink's section names: https server, udp
	 * server or file.  type is a media type ("application/x-ndjson").  For
	 * a file the answer means that the bytes are on the disk, for a
	 * datagram only that they have left.
	 */
	int32_t (*send)(struct platen_delivery *, const char *type, const void *body, uint64_t len,
		platen_upload_fn *, void *arg);

	/*
	 * Say what became of n records of the batch, from the first'th on:
	 * PLATEN_SENT, PLATEN_REJECTED (reason says why) or PLATEN_LATER
	 * (retry_after seconds as the server asked, 0: the agent's back-off).
	 */
	int32_t (*settle)(struct platen_delivery *, uint32_t first, uint32_t n, int32_t verdict,
		uint32_t retry_after, const char *reason);

	/* Since v1.1: as send, and says more about the body. */
	int32_t (*send_parcel)(struct platen_delivery *, const struct platen_parcel *,
		platen_upload_fn *, void *arg);
};

#ifdef __cplusplus
}
#endif
#endif
