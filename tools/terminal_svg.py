#!/usr/bin/env python3
"""Turns what a command printed into an SVG of a terminal, for the README.

    solderless demo 2>&1 | tools/terminal_svg.py --title "solderless demo" > docs/demo.svg

Knows the few ANSI colours that Solderless uses. Box and block characters are drawn as rectangles, because fonts differ.
"""

import argparse
import html
import re
import sys

COLOURS = {"31": "#f47067", "32": "#57ab5a", "33": "#c69026", "34": "#6cb6ff", "36": "#39c5cf", "2": "#768390"}
EIGHTHS = "▏▎▍▌▋▊▉█"
WIDTH, HEIGHT = 8.4, 19


def runs(line):
    """(column, text, colour, bold) for each stretch of one style."""
    colour, bold, column = None, False, 0
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            code = part[2:-1]
            if code in ("", "0"):
                colour, bold = None, False
            elif code == "1":
                bold = True
            else:
                colour = COLOURS.get(code, colour)
        elif part:
            yield column, part, colour, bold
            column += len(part)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--title", default="solderless")
    title = options.parse_args().title
    lines = [line.rstrip("\n") for line in sys.stdin]
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = columns * WIDTH + 40, len(lines) * HEIGHT + 64
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="#22272e"/>',
        *(f'<circle cx="{20 + 18 * i}" cy="20" r="6" fill="{c}"/>' for i, c in enumerate(["#f47067", "#c69026", "#57ab5a"])),
        f'<text x="{width / 2:.0f}" y="25" fill="#768390" text-anchor="middle">{html.escape(title)}</text>',
    ]
    for row, line in enumerate(lines):
        top = 44 + row * HEIGHT
        for column, text, colour, bold in runs(line):
            plain = "".join(" " if c in EIGHTHS else c for c in text)
            for index, c in enumerate(text):
                if c in EIGHTHS:
                    x, w = 20 + (column + index) * WIDTH, WIDTH * (EIGHTHS.index(c) + 1) / 8
                    fill = colour or COLOURS["34"]
                    out.append(f'<rect x="{x:.1f}" y="{top + 3}" width="{w:.1f}" height="13" fill="{fill}"/>')
            for word in re.finditer(r"\S+(?: \S+)*", plain):
                x = 20 + (column + word.start()) * WIDTH
                length = len(word.group()) * WIDTH
                style = ' font-weight="bold"' if bold else ""
                out.append(
                    f'<text x="{x:.1f}" y="{top + 14}" textLength="{length:.1f}" fill="{colour or "#adbac7"}"{style}>'
                    f"{html.escape(word.group())}</text>"
                )
    out.append("</svg>")
    print("\n".join(out))


if __name__ == "__main__":
    main()
