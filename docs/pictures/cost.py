# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""What a packet costs, of what `make bench` measured: a bar for each program, over an empty one."""

import bench
import svg

# The row that the others are compared with, and the rows that are shown. Those whose name begins so are ours.
EMPTY = "empty program"
OURS = ("DROP", "xdp_action")

PACKET_ROWS = (
    "DROP",
    "DROP --for 1h",
    "DROP -p 5%",
    "DROP -c N",
    "DROP --pulse 200ms/800ms",
    "DROP --every 20",
    "DROP -p 5% --burst 4",
    "DROP -p 5% --per-flow",
    "DROP --match 'udp'",
    "DROP --match 'tcp port 5432'",
    "xdp-filter, one UDP port",
    "xdp-filter, all features",
    "xdp-filter, all features, TCP",
)
DROPPED_ROWS = (
    "xdp_action, DROP",
    "xdp_action, DROP of a UDP port",
    "xdp-filter, deny all",
    "nft, netdev ingress",
    "nft, a UDP port",
    "tc, cls_bpf",
    "tc, a UDP port",
    "iptables, raw",
    "iptables, a UDP port",
)

WIDTH, LABELS, BARS, ROW = 780, 250, 440, 24


def over_empty(rows, names, nanoseconds):
    """The rows of these names that were measured, as nanoseconds over the empty program."""
    medians = {row.name: nanoseconds(row.median) for row in rows}
    return [(name, medians[name] - medians[EMPTY]) for name in names if name in medians]


def panel(y, heading, bars):
    """The bars below their heading, and where they end."""
    longest = max(value for _, value in bars)
    body = svg.text(0, y + 16, heading, "head")
    y += 30
    for name, value in bars:
        width = max(round(BARS * value / longest, 1), 1)
        body += svg.text(LABELS - 8, y + 14, name, "end")
        body += svg.rect(LABELS, y, width, ROW - 6, "ours" if name.startswith(OURS) else "others", 2)
        body += svg.text(LABELS + width + 6, y + 14, f"{value:.0f} ns")
        y += ROW
    return body, y


def draw(path):
    machine, measured = bench.read(path)
    packet = over_empty(measured[bench.PACKETS[0]], PACKET_ROWS, lambda ns: ns)
    dropped = over_empty(measured[bench.DROPPED], DROPPED_ROWS, lambda millions: 1000 / millions)
    upper, y = panel(0, "A packet of 64 bytes, nanoseconds more than with an empty XDP program", packet)
    lower, y = panel(
        y + 20, "A frame that is dropped behind a veth pair, nanoseconds more than by an empty XDP program", dropped
    )
    note = svg.text(0, y + 22, f"medians; {machine}", "small")
    description = "; ".join(f"{name}: {value:.0f} ns" for name, value in packet + dropped)
    return svg.document(
        WIDTH, y + 30, "What a packet costs, in nanoseconds over an empty XDP program", description, upper + lower + note
    )
