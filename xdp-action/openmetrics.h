/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics in the text format that Prometheus and its node_exporter read. */
#ifndef OPENMETRICS_H
#define OPENMETRICS_H

#include "view.h"

void openmetrics_print(FILE *out, const struct views *views);

#endif /* OPENMETRICS_H */
