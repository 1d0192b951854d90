"""Feeds output to a terminal emulator and compares the cells with the lines that were meant.

    terminal.py OUTPUT...       the colours are Muster's own; everything else must be text
"""

import re
import sys
import unicodedata
from pathlib import Path

import pyte
from wcwidth import wcswidth

OURS = re.compile("\x1b\\[(?:0|1|2|31|33|36|1;4;31|1;4;36)m")


def cells(lines):
    """What a terminal shows of these lines, row by row."""
    width = max((wcswidth(OURS.sub("", line)) for line in lines), default=0) + 2
    screen = pyte.Screen(max(width, 2), len(lines) + 1)
    stream = pyte.Stream(screen, strict=True)
    for line in lines:
        stream.feed(line + "\r\n")
    return [unicodedata.normalize("NFC", row.rstrip()) for row in screen.display[:len(lines)]]


for path in sys.argv[1:]:
    lines = Path(path).read_bytes().decode().split("\n")
    compared = 0
    for start in range(0, len(lines), 100):
        part = lines[start:start + 100]
        meant = [unicodedata.normalize("NFC", OURS.sub("", line).rstrip()) for line in part]
        for number, (shown, wanted) in enumerate(zip(cells(part), meant)):
            assert shown == wanted, f"{path}:{start + number + 1}\nshown  {shown!r}\nwanted {wanted!r}"
            compared += 1
    assert compared == len(lines)
print(f"{compared} lines")
