"""Types a line and Tab in a real shell, and prints what then stands on the line.

    complete.py SHELL PROGRAM FOLDER LINE WANTED        SHELL: bash, zsh or fish, started in FOLDER without anybody's settings
"""
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pyte

shell, program, folder, line, wanted = sys.argv[1:]
scripts = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # A shell's own children may outlive it.
names = {"bash": "muster", "zsh": "_muster", "fish": "muster.fish"}
script = Path(scripts.name) / names[shell]
script.write_text(subprocess.check_output([program, "--generate-completion-script", shell], text=True))
start = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], f"PS1='ready'\"> \"; source {script}"),
    "zsh": (["zsh", "-f", "-i"], f"PS1='ready'\"> \"; fpath=({scripts.name} $fpath); autoload -Uz compinit; compinit -u -D"),
    "fish": (["fish", "--no-config", "-i"], f"function fish_prompt; echo -n 'ready'\"> \"; end; source {script}"),
}
command, setup = start[shell]
pid, master = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(TERM="xterm", HOME=scripts.name, LC_ALL="C.UTF-8", PATH=f"{Path(program).parent}:{os.environ['PATH']}")
    os.execvp(command[0], command)
screen = pyte.Screen(160, 50)
stream = pyte.ByteStream(screen)


def shown():
    """The last line that begins with the prompt."""
    lines = [text.rstrip() for text in screen.display if text.startswith("ready> ")]
    return lines[-1] if lines else None


def read_until(is_done):
    """Reads while something comes within the patience of a slow machine, or until the screen says so."""
    while not is_done():
        if not select.select([master], [], [], 20)[0]:
            sys.exit("nothing came:\n" + "\n".join(screen.display).strip())
        stream.feed(os.read(master, 65536))


os.write(master, setup.encode() + b"\n")
read_until(lambda: shown() is not None)
os.write(master, line.encode())
read_until(lambda: shown() == ("ready> " + line).rstrip())
os.write(master, b"\t")
# A shell may draw in pieces, and the program that knows the words takes its time beside a thousand tests: what is wanted is
# waited for as long as a slow machine may take, and whatever stands there then is the answer.
while not (shown() or "").endswith(wanted) and select.select([master], [], [], 20)[0]:
    stream.feed(os.read(master, 65536))
print(shown())
# A shell that still writes into its home would be in the way of whoever removes that.
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
os.close(master)
