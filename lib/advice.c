// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What to try, in words for any caller. */
#include "context.h"

static const char *const words[] = {
	[XDPACTION_ADVICE_NONE] = "",
	[XDPACTION_ADVICE_OTHER] = "",
	[XDPACTION_ADVICE_LOAD] = "load it first",
	[XDPACTION_ADVICE_UNLOAD] = "unload it, which removes all copies",
	[XDPACTION_ADVICE_RELOAD] = "unload it and load it again",
	[XDPACTION_ADVICE_LEFT_PINS] = "load it, which replaces them, or unload it, which removes them",
	[XDPACTION_ADVICE_LOADED] = "change its setting, or unload it first",
	[XDPACTION_ADVICE_PIN] = "the next change of its setting pins it",
	[XDPACTION_ADVICE_REPIN] = "the next change of its setting puts them right",
	[XDPACTION_ADVICE_NATIVE] = "load it in native mode",
	[XDPACTION_ADVICE_SKB] = "load it in skb mode",
	[XDPACTION_ADVICE_MTU_OR_SKB] = "lower the MTU, or load it in skb mode",
	[XDPACTION_ADVICE_SINGLE_MODE] = "do without the dispatcher, in single mode",
	[XDPACTION_ADVICE_TARGET] = "name the interface to send to",
	[XDPACTION_ADVICE_NEW_TARGET] = "set REDIRECT to another interface, or another verdict",
	[XDPACTION_ADVICE_REDIRECT_LATER] = "load it with another verdict, then set REDIRECT",
	[XDPACTION_ADVICE_DURATION] = "limit it by time instead",
	[XDPACTION_ADVICE_NO_BPFFS] = "mount a bpffs, or enter the namespace where there is one",
	[XDPACTION_ADVICE_LOG] = "try again; the log of libxdp tells more",
	[XDPACTION_ADVICE_EXPRESSION] = "pcap-filter(7) describes expressions",
	[XDPACTION_ADVICE_UPGRADE] = "upgrade it, which keeps its setting and its counters",
};
_Static_assert(ARRAY_SIZE(words) == XDPACTION_ADVICE_UPGRADE + 1, "words for each kind");

const char *advice_words(enum xdpaction_advice_kind kind)
{
	return words[kind];
}
