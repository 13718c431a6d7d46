# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
"""What the pictures share: elements of SVG, and colours that are readable on light and on dark ground."""

from xml.sax.saxutils import escape, quoteattr

STYLE = """
text { font: 14px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328 }
.small { font-size: 12px; fill: #59636e }
.head { font-weight: 600 }
.mono { font-family: ui-monospace, "DejaVu Sans Mono", monospace }
.end { text-anchor: end }
.middle { text-anchor: middle }
.ours { fill: #0969da }
.others { fill: #8c959f }
.line { stroke: #8c959f; stroke-width: 1.5; fill: none }
.box { stroke: #8c959f; stroke-width: 1.5; fill: none }
.box.ours { stroke: #0969da; stroke-width: 2.5; fill: none }
.tip { fill: #8c959f }
@media (prefers-color-scheme: dark) {
	text { fill: #f0f6fc }
	.small { fill: #9198a1 }
	.ours { fill: #4493f8 }
	.box.ours { stroke: #4493f8; fill: none }
}
"""


def element(name, content=None, **attributes):
    """An element; class_ stands for class, and content is SVG already."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items()
    )
    return f"<{name}{written}/>\n" if content is None else f"<{name}{written}>{content}</{name}>\n"


def text(x, y, content, class_=""):
    return element("text", escape(content), x=x, y=y, **({"class_": class_} if class_ else {}))


def rect(x, y, width, height, class_, radius=0):
    return element("rect", x=x, y=y, width=width, height=height, rx=radius, class_=class_)


def arrow(x1, y1, x2, y2):
    """A line with a tip, straight down or to the right."""
    if x1 == x2:
        tip = f"{x2 - 5},{y2 - 9} {x2 + 5},{y2 - 9} {x2},{y2}"
    else:
        tip = f"{x2 - 9},{y2 - 5} {x2 - 9},{y2 + 5} {x2},{y2}"
    return element("path", d=f"M{x1} {y1}L{x2} {y2}", class_="line") + element("polygon", points=tip, class_="tip")


def document(width, height, title, description, body, style=STYLE):
    """A picture that says what it shows to who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="title description">\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<desc id="description">{escape(description)}</desc>\n'
        f"<style>{style}</style>\n{body}</svg>\n"
    )
