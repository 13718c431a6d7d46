// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "words.h"

const char *verdict_key(enum xdpaction_verdict verdict)
{
	static const char *const names[] = {
		[XDPACTION_ABORTED] = "aborted",   [XDPACTION_DROP] = "drop",
		[XDPACTION_PASS] = "pass",	   [XDPACTION_TX] = "tx",
		[XDPACTION_REDIRECT] = "redirect",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == XDPACTION_VERDICTS,
		       "a name for each verdict");
	return verdict < XDPACTION_VERDICTS ? names[verdict] : "unknown";
}
