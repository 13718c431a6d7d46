// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "words.h"

void words_add_advice(struct words *words, enum xdpaction_advice_kind kind, const char *text,
		      const char *ifname)
{
	switch (kind) {
	case XDPACTION_ADVICE_LOAD:
		words_add(words, "load it with 'xdp-action load %s'", ifname);
		return;
	case XDPACTION_ADVICE_UNLOAD:
		words_add(words, "'xdp-action unload %s' removes them all", ifname);
		return;
	case XDPACTION_ADVICE_LEFT_PINS:
		words_add(words, "'xdp-action load %s' replaces them, 'xdp-action unload %s' removes them",
			  ifname, ifname);
		return;
	case XDPACTION_ADVICE_LOADED:
		words_add(words, "change its setting with 'xdp-action set', or unload it first");
		return;
	case XDPACTION_ADVICE_PIN:
		words_add(words, "the next 'xdp-action set' pins it");
		return;
	case XDPACTION_ADVICE_REPIN:
		words_add(words, "the next 'xdp-action set' puts them right");
		return;
	case XDPACTION_ADVICE_NATIVE:
		words_add(words, "try '-m native'");
		return;
	case XDPACTION_ADVICE_SKB:
		words_add(words, "try '-m skb'");
		return;
	case XDPACTION_ADVICE_MTU_OR_SKB:
		words_add(words, "lower the MTU, or try '-m skb'");
		return;
	case XDPACTION_ADVICE_SINGLE_MODE:
		words_add(words, "leave out --require-dispatcher to load in single mode");
		return;
	case XDPACTION_ADVICE_TARGET:
		words_add(words, "name the target with --to IFNAME");
		return;
	case XDPACTION_ADVICE_NEW_TARGET:
		words_add(words, "set REDIRECT again with --to, or another verdict");
		return;
	case XDPACTION_ADVICE_REDIRECT_LATER:
		words_add(words, "load it first, then 'xdp-action set REDIRECT --to IFNAME'");
		return;
	case XDPACTION_ADVICE_DURATION:
		words_add(words, "limit it with --for instead");
		return;
	case XDPACTION_ADVICE_NO_BPFFS:
		words_add(words, "%s; under 'ip netns exec' use 'xdp-action -N NETNS' outside instead",
			  text);
		return;
	case XDPACTION_ADVICE_LOG:
		words_add(words, "try again; '-v -v' shows libxdp's own log");
		return;
	case XDPACTION_ADVICE_UPGRADE:
		words_add(words, "'xdp-action upgrade %s' keeps its setting and its counters",
			  ifname);
		return;
	case XDPACTION_ADVICE_NONE:
	case XDPACTION_ADVICE_OTHER:
	case XDPACTION_ADVICE_RELOAD:
	case XDPACTION_ADVICE_EXPRESSION:
		break;
	}
	/* The words of the library say all, also those of a kind that is newer than this. */
	words_add(words, "%s", text);
}
