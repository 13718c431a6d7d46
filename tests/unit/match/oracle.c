// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include "oracle.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SNAPLEN 262144

struct oracle {
	struct bpf_program program;
};

static struct oracle *oracle_empty(void)
{
	struct oracle *oracle = calloc(1, sizeof(*oracle));

	if (!oracle)
		abort();
	return oracle;
}

struct oracle *oracle_new(const char *expression, enum match_link link, char why[256])
{
	pcap_t *pcap = pcap_open_dead(link == MATCH_LINK_IP ? DLT_RAW : DLT_EN10MB, SNAPLEN);
	struct oracle *oracle = oracle_empty();

	if (!pcap)
		abort();
	if (pcap_compile(pcap, &oracle->program, expression, 1, PCAP_NETMASK_UNKNOWN)) {
		snprintf(why, 256, "%s", pcap_geterr(pcap));
		oracle_free(oracle);
		oracle = NULL;
	}
	pcap_close(pcap);
	return oracle;
}

struct oracle *oracle_of(const void *insns, unsigned int count)
{
	struct oracle *oracle = oracle_empty();

	oracle->program.bf_insns = malloc(count * sizeof(struct bpf_insn));
	if (!oracle->program.bf_insns)
		abort();
	memcpy(oracle->program.bf_insns, insns, count * sizeof(struct bpf_insn));
	oracle->program.bf_len = count;
	return oracle;
}

void oracle_free(struct oracle *oracle)
{
	pcap_freecode(&oracle->program);
	free(oracle);
}

unsigned int oracle_length(const struct oracle *oracle)
{
	return oracle->program.bf_len;
}

int oracle_translate(const struct oracle *oracle, unsigned int room,
		     struct xdp_action_match *match, char *why, size_t size)
{
	return match_translate(&oracle->program, room, match, why, size);
}

bool oracle_matches(const struct oracle *oracle, const void *packet, uint32_t length)
{
	struct pcap_pkthdr header = { .caplen = length, .len = length };

	return pcap_offline_filter(&oracle->program, &header, packet);
}

void oracle_show(const struct oracle *oracle)
{
	unsigned int i;

	for (i = 0; i < oracle->program.bf_len; i++)
		printf("# %s\n", bpf_image(&oracle->program.bf_insns[i], (int)i));
}
