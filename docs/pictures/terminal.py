# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""A still of a recording in asciinema's format: the screen at its marker."""

import json
import re

import svg

CELL, LINE, MARGIN = 8.4, 18, 14

STYLE = """
rect { fill: #0d1117 }
text { font: 14px ui-monospace, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre }
.bold { font-weight: 700 }
.line { stroke: #59636e; stroke-width: 1 }
"""

SEQUENCE = re.compile(
    r"\x1b\[(?P<private>[?>=]?)(?P<numbers>[0-9;]*)(?P<final>[A-Za-z@`])"
    r"|\x1b\](?P<title>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<other>[()].|[=>78MDEHc])"
    r"|(?P<control>[\x00-\x1f\x7f])"
    r"|(?P<char>.)",
    re.DOTALL,
)


class Screen:
    """As much of a terminal as tmux asks for. What it does not know is an error."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.rows = [self.blank() for _ in range(height)]
        self.row = self.column = 0
        self.top, self.bottom = 0, height - 1
        self.bold = self.lines = False
        self.saved = (0, 0)

    def blank(self):
        return [(" ", False)] * self.width

    def write(self, data):
        for found in SEQUENCE.finditer(data):
            if found["final"]:
                self.sequence(found["private"], found["numbers"], found["final"])
            elif found["other"]:
                self.escape(found["other"])
            elif found["control"]:
                self.control(found["control"])
            elif found["char"]:
                self.put(found["char"])

    def put(self, char):
        if self.column == self.width:
            self.column = 0
            self.down()
        # The drawing characters of the VT100, as far as they make borders.
        char = {"q": "─", "x": "│"}.get(char, char) if self.lines else char
        self.rows[self.row][self.column] = (char, self.bold)
        self.column += 1

    def control(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.down()
        elif char == "\b":
            self.column = max(self.column - 1, 0)
        elif char == "\t":
            self.column = min((self.column // 8 + 1) * 8, self.width - 1)
        elif char in "\x0e\x0f":
            self.lines = char == "\x0e"

    def escape(self, name):
        if name in ("(0", "(B"):
            self.lines = name == "(0"
        elif name == "7":
            self.saved = (self.row, self.column)
        elif name == "8":
            self.row, self.column = self.saved
        elif name == "M":
            self.up()

    def down(self):
        if self.row == self.bottom:
            self.scroll(1)
        else:
            self.row = min(self.row + 1, self.height - 1)

    def up(self):
        if self.row == self.top:
            self.scroll(-1)
        else:
            self.row = max(self.row - 1, 0)

    def scroll(self, count, top=None):
        """Move the lines from `top` to the end of the region up, or down where count is negative."""
        top = self.top if top is None else top
        for _ in range(abs(count)):
            self.rows.pop(top if count > 0 else self.bottom)
            self.rows.insert(self.bottom if count > 0 else top, self.blank())

    def sequence(self, private, numbers, final):
        given = [int(number) if number else 0 for number in numbers.split(";")]
        first = given[0]
        count = max(first, 1)
        if private or final in "tchlnq":
            if private == "?" and final == "h" and 1049 in given:
                self.rows = [self.blank() for _ in range(self.height)]
        elif final == "m":
            for number in given:
                self.bold = number == 1 or (self.bold and number not in (0, 22))
        elif final in "Hf":
            self.row, self.column = count - 1, max(given[1] if len(given) > 1 else 1, 1) - 1
        elif final == "A":
            self.row = max(self.row - count, 0)
        elif final == "B":
            self.row = min(self.row + count, self.height - 1)
        elif final == "C":
            self.column = min(self.column + count, self.width - 1)
        elif final == "D":
            self.column = max(self.column - count, 0)
        elif final == "G":
            self.column = count - 1
        elif final == "d":
            self.row = count - 1
        elif final == "J":
            self.erase_screen(first)
        elif final == "K":
            self.erase_line(first)
        elif final == "X":
            self.erase(self.column, self.column + count)
        elif final == "L":
            self.scroll(-count, self.row)
        elif final == "M":
            self.scroll(count, self.row)
        elif final == "S":
            self.scroll(count)
        elif final == "T":
            self.scroll(-count)
        elif final == "P":
            row = self.rows[self.row]
            self.rows[self.row] = (row[: self.column] + row[self.column + count :] + self.blank())[: self.width]
        elif final == "@":
            row = self.rows[self.row]
            row[self.column : self.column] = [(" ", False)] * count
            self.rows[self.row] = row[: self.width]
        elif final == "r":
            self.top, self.bottom = count - 1, (given[1] if len(given) > 1 else self.height) - 1
            self.row = self.column = 0
        else:
            raise ValueError(f"nobody knows what '{final}' does to the screen")

    def erase(self, begin, end):
        for column in range(begin, min(end, self.width)):
            self.rows[self.row][column] = (" ", False)

    def erase_line(self, which):
        self.erase(self.column if which == 0 else 0, self.column + 1 if which == 1 else self.width)

    def erase_screen(self, which):
        self.erase_line(which)
        for row in range(self.height):
            if which == 2 or (row > self.row if which == 0 else row < self.row):
                self.rows[row] = self.blank()


def read(path):
    """The screen at the marker of a recording."""
    with open(path, encoding="utf-8") as recording:
        header = json.loads(recording.readline())
        screen = Screen(header["width"], header["height"])
        for event in map(json.loads, recording):
            if event[1] == "m":
                return screen
            if event[1] == "o":
                screen.write(event[2])
    raise ValueError(f"{path} has no marker")


def runs(row):
    """The words of a row: column, text, and whether it is bold. Two blanks end one, so that columns stay in place."""
    line = "".join(char for char, _ in row)
    for found in re.finditer(r"\S+(?: \S+)*", line):
        yield found.start(), found.group(), row[found.start()][1]


def draw(path, title):
    screen = read(path)
    width, height = round(2 * MARGIN + screen.width * CELL), 2 * MARGIN + screen.height * LINE
    body = svg.element("rect", width=width, height=height, rx=8)
    for number, row in enumerate(screen.rows):
        y = MARGIN + number * LINE + 13
        for column, words, bold in runs(row):
            if set(words) == {"─"}:
                body += svg.element("path", d=f"M0 {y - 5}H{width}", class_="line")
                continue
            body += svg.element(
                "text",
                svg.escape(words),
                x=round(MARGIN + column * CELL, 1),
                y=y,
                textLength=round(len(words) * CELL, 1),
                **({"class_": "bold"} if bold else {}),
            )
    shown = "\n".join("".join(char for char, _ in row).rstrip() for row in screen.rows)
    return svg.document(width, height, title, shown, body, STYLE)
