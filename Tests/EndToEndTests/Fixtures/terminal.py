"""Runs a program on a terminal of a given width and looks at what its screen shows while it runs.

    python terminal.py COLUMNS PROGRAM ARGUMENT…

The terminal is pyte's, which counts wide characters as two cells. Prints JSON: the screens as lists of lines, the exit
status. Fails when a line of the live table was wrapped or its times do not end in one column.
"""
import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

import pyte

columns, command = int(sys.argv[1]), sys.argv[2:]
rows = 50
pid, master = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.environ.pop("CI", None)
    time.sleep(0.2)  # until the size is set
    os.execv(command[0], command)
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
screen = pyte.Screen(columns, rows)
stream = pyte.ByteStream(screen)


def cells(row):
    """The cells of a row up to the last that is not blank; the second half of a wide character is an empty text."""
    line = [screen.buffer[row][column].data for column in range(columns)]
    while line and line[-1] == " ":
        line.pop()
    return line


screens, problems = [], []
while True:
    ready, _, _ = select.select([master], [], [], 30)
    try:
        data = os.read(master, 65536) if ready else b""
    except OSError:
        data = b""
    if not data:
        break
    stream.feed(data)
    lines = [cells(row) for row in range(rows)]
    texts = ["".join(line) for line in lines]
    bar = next((row for row, text in enumerate(texts) if text.startswith(("█", "░"))), None)
    if bar is None:
        continue
    table = []
    for row in range(bar + 1, rows):
        if not texts[row].startswith("  ") or texts[row].lstrip().startswith("and "):
            break
        table.append(row)
    ends = {len(lines[row]) for row in table}
    if len(ends) > 1:
        problems.append(["times do not end in one column", texts[bar : bar + len(table) + 1]])
    for row in table:
        if not re.search(r"\d+(\.\d)? (ms|s)$", texts[row]):
            problems.append(["a line without its time", texts[row]])
    if not re.search(r"\d+/\d+.*(ms|s|…)$", texts[bar]):
        problems.append(["a bar that was cut or wrapped", texts[bar]])
    if len(table) > 1:
        screens.append(texts[bar : bar + len(table) + 1])
_, status = os.waitpid(pid, 0)
final = ["".join(cells(row)) for row in range(rows)]
print(json.dumps(
    {"status": os.waitstatus_to_exitcode(status), "tables": screens[-3:], "seen": len(screens), "problems": problems[:5],
     "final": [line for line in final if line]}, ensure_ascii=False, indent=1))
sys.exit(1 if problems or not screens else 0)
