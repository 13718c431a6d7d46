# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""What `make bench` printed: its tables, and those of the documents that are made of them."""

SIZES = (64, 1500)
PACKETS = tuple(f"A packet of {size} bytes" for size in SIZES)
DROPPED = "Packets dropped for each second of CPU time, sender included"


class Row:
    """A row: what it is, the median, and with what it is compared, if with anything."""

    def __init__(self, cells):
        self.name, self.median = cells[0], float(cells[1])
        self.ratio, self.to, self.aim, self.met = cells[4], cells[6], cells[7], cells[8]


def read(path):
    """The first line of a result, which tells the machine, and the rows below each heading."""
    found, rows = {}, None
    with open(path, encoding="utf-8") as result:
        machine = result.readline().strip()
        for line in result:
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            if line.startswith("### "):
                rows = found.setdefault(line[4:].strip(), [])
            elif len(cells) == 9 and cells[0] != "what" and not cells[0].startswith("-"):
                rows.append(Row(cells))
    return machine, found


def aim(rows):
    """What was aimed at, and for which frames it was missed."""
    if not rows[0].aim:
        return ""
    missed = [size for size, row in zip(SIZES, rows) if row.met != "met"]
    if len(missed) < len(rows):
        return rows[0].aim + "".join(f", missed for {size}" for size in missed)
    return f"{rows[0].aim}, missed"


def ratios(path):
    """The Markdown table of all that was compared, whether it is as it was aimed at or not."""
    machine, found = read(path)
    lines = ["", f"Measured on {machine}:", "", "| what | takes | of | aim |", "|---|--:|---|---|"]
    compared = list(zip(*(found[heading] for heading in PACKETS))) + [(row,) for row in found[DROPPED]]
    for rows in compared:
        if not rows[0].ratio:
            continue
        takes = ", ".join(row.ratio for row in rows)
        lines.append(f"| {named(rows[0].name)} | {takes} | {named(rows[0].to)} | {aim(rows)} |")
    return "\n".join(lines) + "\n"


def named(name):
    """A setting is shown as it is typed."""
    return f"`{name}`" if name.startswith(("DROP", "TX", "REDIRECT")) and ", " not in name else name
