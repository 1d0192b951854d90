#!/usr/bin/env python3
"""Writes the pages of the manual from what the program says about its own commands.

    man_pages.py PROGRAM DATE OUTPUT_FOLDER     muster.1, and a page for every command, such as muster-plan.1

DATE stands at the foot of the pages: the day of the commit, so that the same commit makes the same pages.
"""

import json
import subprocess
import sys
from pathlib import Path

FILES = """.SH FILES
.TP
.I muster.yaml
The project: its name, environments, defaults. It is looked for in the folder of \\fB\\-C\\fR, else in the working directory,
in \\fI./assistants\\fR, then upwards.
.TP
.I *.yaml
One assistant each; \\fBmuster schema\\fR prints what may stand in them.
.TP
.I .muster/
What belongs to this machine: the local server's data, and what was overwritten or deleted.
"""
ENVIRONMENT = """.SH ENVIRONMENT
.TP
.B MUSTER_API_KEY
The key for \\fB\\-\\-base\\-url\\fR. Keys of other environments come from where \\fImuster.yaml\\fR says.
.TP
.BR HTTPS_PROXY ", " ALL_PROXY ", " NO_PROXY
The way to servers.
.TP
.BR SSL_CERT_FILE ", " SSL_CERT_DIR
Certificates that are trusted.
.TP
.B NO_COLOR
Set to anything: no colours.
"""


def escaped(text):
    """Text in which nothing is a request or an escape of the formatter."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.split("\n"))


def paragraphs(text):
    return "".join(f".PP\n{escaped(part)}\n" for part in (text or "").split("\n\n") if part)


def names(argument):
    """As typed: `-e, --env`, bold, and the value, set off."""
    if argument["kind"] == "positional":
        return f"\\fI{escaped(argument['valueName'])}\\fR"
    typed = sorted((("-" if name["kind"] == "short" else "--") + name["name"] for name in argument["names"]), key=len)
    bold = ", ".join(f"\\fB{escaped(name)}\\fR" for name in typed)
    return bold + (f" \\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] == "option" else "")


def synopsis(path, command):
    line = f".B {escaped(' '.join(path))}\n"
    shown = [argument for argument in command.get("arguments", []) if argument["shouldDisplay"]]
    if any(argument["kind"] != "positional" for argument in shown):
        line += "[\\fIoptions\\fR]\n"
    for argument in shown:
        if argument["kind"] == "positional":
            text = names(argument) + (" ..." if argument["isRepeating"] else "")
            line += (f"[{text}]" if argument["isOptional"] else text) + "\n"
    if len(path) == 1:
        line += "\\fIcommand\\fR [\\fIoptions\\fR]\n"
    return line


def described(argument):
    text = argument.get("abstract") or ""
    if argument.get("discussion"):
        text += "\n\n" + argument["discussion"]
    if argument.get("defaultValue") and argument["kind"] != "flag":
        text += f" (default: {argument['defaultValue']})"
    first, *rest = text.split("\n\n")
    return f".TP\n{names(argument)}\n{escaped(first)}\n" + "".join(f".IP\n{escaped(part)}\n" for part in rest)


def options(command):
    sections = {}
    for argument in command.get("arguments", []):
        if argument["shouldDisplay"]:
            title = argument.get("sectionTitle") or ("ARGUMENTS" if argument["kind"] == "positional" else "OPTIONS")
            sections.setdefault(title.upper(), []).append(described(argument))
    return "".join(f".SH {escaped(title)}\n{''.join(parts)}" for title, parts in sections.items())


def page(path, command, version, date, others):
    title = "-".join(path)
    also = [name for name in others if name != title]
    text = (f'.TH {escaped(title.upper())} 1 {date} "Muster {version}" "Muster"\n'
            f".SH NAME\n{escaped(title)} \\- {escaped(command['abstract'].rstrip('.'))}\n"
            f".SH SYNOPSIS\n{synopsis(path, command)}")
    for sub in command.get("subcommands", []) if len(path) > 1 else []:
        text += f".br\n{synopsis([*path, sub['commandName']], sub)}"
    if command.get("discussion"):
        text += ".SH DESCRIPTION\n" + paragraphs(command["discussion"])
    if len(path) == 1:
        text += ".SH COMMANDS\n" + "".join(
            f".TP\n.BR muster\\-{escaped(sub['commandName'])} (1)\n{escaped(sub['abstract'])}\n"
            for sub in command["subcommands"] if sub["commandName"] != "help")
    text += options(command)
    for sub in command.get("subcommands", []) if len(path) > 1 else []:
        text += f".SH {escaped(sub['commandName'].upper())}\n{paragraphs(sub['abstract'])}{paragraphs(sub.get('discussion'))}"
        text += options(sub).replace(".SH ", ".SS ")
    text += ENVIRONMENT + FILES if len(path) == 1 else ""
    return text + ".SH SEE ALSO\n" + ",\n".join(f".BR {escaped(name)} (1)" for name in also).replace(",\n", " ,\n") + "\n"


def main(program, date, folder):
    help_text = subprocess.check_output([program, "--experimental-dump-help"], text=True)
    version = subprocess.check_output([program, "--version"], text=True).split()[1]
    root = json.loads(help_text)["command"]
    commands = [command for command in root["subcommands"] if command["commandName"] != "help" and command["shouldDisplay"]]
    folder.mkdir(parents=True, exist_ok=True)
    all_pages = ["muster"] + [f"muster-{command['commandName']}" for command in commands]
    (folder / "muster.1").write_text(page(["muster"], root, version, date, all_pages))
    for command in commands:
        name = command["commandName"]
        (folder / f"muster-{name}.1").write_text(page(["muster", name], command, version, date, ["muster"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
