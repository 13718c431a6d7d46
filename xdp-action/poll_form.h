/* SPDX-License-Identifier: GPL-2.0-only */
/* The forms in which poll prints. */
#ifndef POLL_FORM_H
#define POLL_FORM_H

#include <stdio.h>

#include "tracker.h"

struct poll_form {
	/*
	 * What happened in the last round and, unless it was the first, the
	 * rates. False without memory; failures to write show in the stream.
	 */
	bool (*report)(FILE *out, const struct tracker *tracker, uint64_t realtime_ns);
	/* What was counted in all; elapsed_ns is the time since the first round. */
	bool (*summary)(FILE *out, const struct tracker *tracker, uint64_t realtime_ns,
			uint64_t elapsed_ns);
};

extern const struct poll_form poll_text, poll_json;

#endif /* POLL_FORM_H */
