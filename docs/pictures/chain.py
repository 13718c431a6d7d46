# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""The way of a packet through the chain of an interface."""

import svg

TITLE = "A packet on its way through the chain"
DESCRIPTION = (
    "A packet that an interface receives comes to libxdp's dispatcher, which calls xdp-filter with priority 10, then"
    " xdp-action with priority 50, then whatever has a higher number. What all of them pass goes on to the network"
    " stack. xdp-filter can drop it before; xdp-action can drop or abort it, send it back (TX) or redirect it."
)


def program(x, priority, name, class_=""):
    return (
        svg.rect(x, 62, 130, 56, f"box {class_}".strip(), 6)
        + svg.text(x + 65, 86, name, "middle mono")
        + svg.text(x + 65, 106, f"priority {priority}", "middle small")
    )


def draw():
    body = (
        svg.text(36, 95, "packet", "middle")
        + svg.arrow(66, 90, 126, 90)
        + svg.rect(110, 22, 480, 116, "box", 10)
        + svg.text(350, 44, "libxdp's dispatcher", "middle small")
        + program(128, 10, "xdp-filter")
        + svg.arrow(258, 90, 298, 90)
        + program(300, 50, "xdp-action", "ours")
        + svg.arrow(430, 90, 470, 90)
        + svg.text(490, 95, "…", "middle")
        + svg.arrow(510, 90, 650, 90)
        + svg.text(710, 95, "network stack", "middle")
        + svg.text(540, 80, "PASS", "middle small")
        + svg.text(278, 80, "PASS", "middle small")
        + svg.text(450, 80, "PASS", "middle small")
        + svg.arrow(193, 118, 193, 174)
        + svg.text(193, 194, "DROP", "middle")
        + svg.arrow(365, 118, 365, 174)
        + svg.text(365, 194, "DROP, ABORTED, TX or REDIRECT", "middle")
    )
    return svg.document(780, 206, TITLE, DESCRIPTION, body)
