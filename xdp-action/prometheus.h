/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics in the text format that Prometheus and its node_exporter read. */
#ifndef PROMETHEUS_H
#define PROMETHEUS_H

#include "view.h"

void prometheus_print(FILE *out, const struct views *views);

#endif /* PROMETHEUS_H */
