#!/usr/bin/env python3
"""Runs a command at a terminal of its own and turns what it prints, line by line, into an SVG that plays.

    tools/terminal_recording.py --title "solderless learn 7" -- solderless learn 7 --demonstrate > docs/learn.svg

Pauses are shortened. Whoever wants less motion, and whatever cannot animate, sees the end. Lines that are drawn again and
again are shown as they stand in the end.
"""

import argparse
import html
import os
import pty
import re
import sys
import time

import terminal_svg

WIDTH, HEIGHT = terminal_svg.WIDTH, terminal_svg.HEIGHT
LONGEST_PAUSE, SHORTEST_PAUSE = 1.2, 0.04


def record(command, columns):
    """(seconds, line) for each line that the command printed."""
    process, master = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(columns))
        os.execvp(command[0], command)
    import fcntl
    import struct
    import termios
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    lines, rest, start = [], b"", time.monotonic()
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:
            break
        if not more:
            break
        rest += more
        *whole, rest = rest.split(b"\n")
        for line in whole:
            drawn = [part for part in line.decode(errors="replace").replace("\x1b[K", "").split("\r") if part]
            lines.append((time.monotonic() - start, drawn[-1] if drawn else ""))
    os.waitpid(process, 0)
    return lines


def shortened(lines):
    """The same with pauses that nobody minds."""
    told, before, now = [], None, 0.3
    for moment, line in lines:
        if before is not None:
            now += min(LONGEST_PAUSE, max(SHORTEST_PAUSE, moment - before))
        before = moment
        told.append((now, line))
    return told


def text(line, top):
    """A line's words, each where a terminal has it."""
    out = []
    for column, part, colour, bold in terminal_svg.runs(line):
        for word in re.finditer(r"\S+(?: \S+)*", part):
            x = 16 + (column + word.start()) * WIDTH
            style = ' font-weight="bold"' if bold else ""
            out.append(
                f'<text x="{x:.1f}" y="{top}" textLength="{len(word.group()) * WIDTH:.1f}" '
                f'fill="{colour or "#adbac7"}"{style}>{html.escape(word.group())}</text>'
            )
    return "".join(out)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--title", default="solderless")
    options.add_argument("--columns", type=int, default=100)
    options.add_argument("--rows", type=int, default=30)
    options.add_argument("command", nargs=argparse.REMAINDER)
    given = options.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    lines = shortened(record(command, given.columns))
    end = lines[-1][0] + 2
    width, height = given.columns * WIDTH + 32, given.rows * HEIGHT + 56
    stops = ["0%{transform:translateY(0)}"]
    for count, (moment, _) in enumerate(lines, 1):
        if count > given.rows:
            stops.append(f"{100 * moment / end:.3f}%{{transform:translateY({-(count - given.rows) * HEIGHT}px)}}")
    last = max(0, len(lines) - given.rows) * HEIGHT
    style = (
        "@keyframes show{from{visibility:hidden}to{visibility:visible}}"
        f"@keyframes scroll{{{''.join(stops)}100%{{transform:translateY({-last}px)}}}}"
        f".s{{transform:translateY({-last}px);animation:scroll {end:.2f}s step-end both}}"
        ".l{animation:show 1ms step-end both}"
        "@media (prefers-reduced-motion:reduce){.s,.l{animation:none}}"
    )
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">'
        f"<title>{html.escape(given.title)}</title><style>{style}</style>"
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="#22272e"/>'
    )
    for index, colour in enumerate(["#f47067", "#c69026", "#57ab5a"]):
        print(f'<circle cx="{20 + 18 * index}" cy="20" r="6" fill="{colour}"/>')
    print(f'<text x="{width / 2:.0f}" y="25" fill="#768390" text-anchor="middle">{html.escape(given.title)}</text>')
    print(f'<clipPath id="c"><rect x="0" y="40" width="{width:.0f}" height="{given.rows * HEIGHT + 6}"/></clipPath>')
    print('<g clip-path="url(#c)"><g class="s">')
    for row, (moment, line) in enumerate(lines):
        words = text(line, 58 + row * HEIGHT)
        # Later lines scroll into view without an animation each: Chromium drew hundreds of them too late.
        if words and row < given.rows:
            words = f'<g class="l" style="animation-delay:{moment:.2f}s">{words}</g>'
        if words:
            print(words)
    print("</g></g></svg>")


if __name__ == "__main__":
    sys.exit(main())
