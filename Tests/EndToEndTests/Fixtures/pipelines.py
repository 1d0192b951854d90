"""Looks for mistakes in the action, workflows and GitLab templates that no schema finds.

    pipelines.py ACTION STEPS_FOLDER FILE…     prints one line per problem; exit code 1 when there is any

GitHub: contexts of expressions name what is there; calls of the action give inputs that it has; every step is pinned; scripts
hold no expressions, and `shellcheck` finds nothing in them; outputs that are read are set by the script of that step; every job
has its own permissions, with two lines above that say what for, and a reason behind each. GitLab: stages and templates are
there, scripts are sound, and every job begins with two lines on what it may do. Also workflows in Markdown files.
"""
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

CONTEXTS = {"github", "inputs", "secrets", "steps", "needs", "matrix", "runner", "env"}
FUNCTIONS = {"format", "always", "cancelled", "failure", "success", "contains", "startsWith", "endsWith", "toJSON", "fromJSON",
             "hashFiles", "join"}
COMMANDS = {"plan", "preview", "diff", "apply", "test", "drift"}
# What a job of GitLab's may hold beside jobs.
KEYWORDS = {"variables", "stages", "include", "default", "workflow", "image"}
problems = []


def load(text):
    return YAML().load(text)


def report(where, problem):
    problems.append(f"{where}: {problem}")


def shellcheck(where, script, variables=()):
    beginning = "".join(f"export {name}\n" for name in variables)
    result = subprocess.run(["shellcheck", "--shell=bash", "-"], input=f"set -eo pipefail\n{beginning}{script}\n", text=True,
                            capture_output=True)
    if result.returncode:
        report(where, f"shellcheck: {result.stdout.strip()}")


def expressions(node):
    """Every expression below a node, those of `if` included, which need no braces."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "if" and isinstance(value, str):
                yield value.replace("${{", "").replace("}}", "")
            else:
                yield from expressions(value)
    elif isinstance(node, list):
        for value in node:
            yield from expressions(value)
    elif isinstance(node, str):
        yield from re.findall(r"\$\{\{(.*?)\}\}", node, re.S)


def check_expressions(where, node, **known):
    """`known`: names that a context has, for those contexts that are checked by name."""
    for expression in expressions(node):
        plain = re.sub(r"'[^']*'", "''", expression)
        for context, name in re.findall(r"(?<![\w.])([A-Za-z_]\w*)\.([\w-]+)", plain):
            if context not in CONTEXTS:
                report(where, f"there is no context {context} ({expression.strip()})")
            elif context in known and name not in known[context]:
                report(where, f"{context} has no {name} ({expression.strip()})")
        for function in re.findall(r"([A-Za-z_]\w*)\(", plain):
            if function not in FUNCTIONS:
                report(where, f"there is no function {function} ({expression.strip()})")


def outputs_of(run, steps_folder):
    """The names that the scripts of a step set."""
    names = set()
    todo = re.findall(r"([a-z-]+\.sh)", run)
    while todo:
        text = (steps_folder / todo.pop()).read_text()
        names |= set(re.findall(r"^\s*output ([a-z-]+) ", text, re.M))
        todo += re.findall(r'"\$\(dirname "\$0"\)/(plan\.sh)"', text)
    return names


def check_steps(where, steps, action, steps_folder, **known):
    seen = {}
    for number, step in enumerate(steps):
        here = f"{where}, step {step.get('name') or step.get('id') or number + 1}"
        check_expressions(here, step, steps=set(seen), **known)
        if "id" in step:
            seen[step["id"]] = outputs_of(step.get("run", ""), steps_folder) if "run" in step else set(action["outputs"])
        if "run" in step:
            if "${{" in step["run"]:
                report(here, "an expression within a script; hand it over as a variable")
            shellcheck(here, step["run"], step.get("env", {}))
        uses = step.get("uses")
        if uses and not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", uses):
            report(here, f"{uses} is not pinned to a commit")
        if uses and uses.startswith("OWNER/muster@"):
            given = step.get("with", {})
            for name in set(given) - set(action["inputs"]):
                report(here, f"the action has no input {name}")
            if given.get("command") not in COMMANDS:
                report(here, f"the action has no command {given.get('command')}")
    for expression in expressions(steps):
        for step, name in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", expression):
            if name not in seen.get(step, {name}):
                report(where, f"the step {step} sets no output {name}")
    return seen


def check_action(path, action, steps_folder):
    known = {"inputs": set(action["inputs"])}
    seen = check_steps(path.name, action["runs"]["steps"], action, steps_folder, **known)
    check_expressions(f"{path.name}, outputs", action["outputs"], steps=set(seen), **known)
    for expression in expressions(action["outputs"]):
        for step, name in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", expression):
            if name not in seen.get(step, ()):
                report(path.name, f"the step {step} sets no output {name}")


def comments_above(lines, line):
    """How many lines of comment stand right above a line."""
    count = 0
    while line > count and lines[line - count - 1].lstrip().startswith("#"):
        count += 1
    return count


def check_permissions(where, lines, job):
    if "permissions" not in job:
        return report(where, "has no permissions of its own")
    if comments_above(lines, job.lc.key("permissions")[0]) < 2:
        report(where, "two lines above its permissions must say which it has and why")
    for name in job["permissions"]:
        if not re.search(r" # \w", lines[job["permissions"].lc.key(name)[0]]):
            report(where, f"says nothing about the permission {name}")


def check_workflow(where, text, action, steps_folder):
    workflow, lines = load(text), text.splitlines()
    if workflow.get("permissions") != {}:
        report(where, "must begin without any permission: permissions: {}")
    jobs = workflow["jobs"]
    for name, job in jobs.items():
        here = f"{where}, job {name}"
        needs = job.get("needs", [])
        needs = [needs] if isinstance(needs, str) else needs
        for other in needs:
            if other not in jobs:
                report(here, f"needs {other}, which is not there")
        known = {"needs": set(needs), "matrix": set(job.get("strategy", {}).get("matrix", {}))}
        check_expressions(here, {key: value for key, value in job.items() if key != "steps"}, steps=set(), **known)
        check_steps(here, job["steps"], action, steps_folder, **known)
        check_permissions(here, lines, job)


def check_gitlab(where, text):
    template, lines = load(text), text.splitlines()
    stages = template.get("stages", [])
    for name, job in template.items():
        if name in KEYWORDS:
            continue
        here = f"{where}, job {name}"
        if "extends" in job and job["extends"] not in template:
            report(here, f"extends {job['extends']}, which is not there")
        if name.startswith("."):
            continue
        if job.get("stage") not in stages:
            report(here, f"there is no stage {job.get('stage')}")
        shellcheck(here, "\n".join(job["script"]))
        first = template.lc.key(name)[0] + 1
        if not all(lines[line].startswith("  # ") for line in (first, first + 1)):
            report(here, "two lines at its beginning must say what it may do and why")


def workflows_in(markdown):
    """The blocks of a Markdown file that are workflows or pipelines of GitLab."""
    for block in re.findall(r"^```ya?ml\n(.*?)^```$", markdown, re.M | re.S):
        if re.search(r"^(jobs|stages):", block, re.M):
            yield block


def main():
    action_path, steps_folder = Path(sys.argv[1]), Path(sys.argv[2])
    action = load(action_path.read_text())
    check_action(action_path, action, steps_folder)
    for path in map(Path, sys.argv[3:]):
        text = path.read_text()
        for block in [text] if path.suffix != ".md" else workflows_in(text):
            if re.search(r"^jobs:", block, re.M):
                check_workflow(path.name, block, action, steps_folder)
            else:
                check_gitlab(path.name, block)
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
