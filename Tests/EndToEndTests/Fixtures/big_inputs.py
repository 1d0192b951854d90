"""Runs the program on files that somebody made too large, too deep or without an end.

    big_inputs.py MUSTER [CASE …]     prints a line for each case; exit code 1 when one ended by a signal, took longer than
                                      LIMIT seconds, took more memory than 500 MB, or ended otherwise than it must
"""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MUSTER = os.path.abspath(sys.argv[1])
LIMIT = 20  # the measure is five seconds on a machine that does nothing else
MEMORY = 500 << 20
PROJECT = "project: p\ndefaults: {model: m}\n"


def test(assertion, prompt="hi"):
    return f"tests:\n  - name: t\n    prompt: {json.dumps(prompt)}\n    assert: [{assertion}]\n"


def sparse(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


# What must be refused says so with exit code 1 and the words; what is only large is read.


def yaml_of_63_mb(folder):
    (folder / "bot.yaml").write_text("instructions: |\n" + "  tea and more tea\n" * (63 << 20 >> 4))
    return ["validate"], 1, "bot.yaml"


def yaml_of_100_mb(folder):
    (folder / "bot.yaml").write_text("name: x\n" + "# tea and more of it\n" * (100 << 20 >> 4))
    return ["validate"], 1, "bot.yaml"


def project_file_of_100_mb(folder):
    (folder / "muster.yaml").write_text(PROJECT + "# tea and more of it\n" * (100 << 20 >> 4))
    return ["validate"], 1, "muster.yaml"


def sparse_yaml(folder):
    sparse(folder / "bot.yaml", 1 << 40)
    return ["validate"], 1, "bot.yaml"


def sparse_prompt(folder):
    sparse(folder / "prompt.md", 1 << 40)
    (folder / "bot.yaml").write_text("instructions: {file: prompt.md}\n")
    return ["plan"], 1, "prompt.md"


def sparse_plan(folder):
    sparse(folder / "plan.json", 1 << 40)
    return ["apply", "plan.json"], 1, "plan.json"


def sparse_report(folder):
    sparse(folder / "r.json", 1 << 40)
    return ["report", "merge", "r.json"], 1, "r.json"


def sparse_recording(folder):
    sparse(folder / "tape.jsonl", 1 << 40)
    (folder / "bot.yaml").write_text(test("{type: contains, value: x}"))
    return ["test", "--replay", "tape.jsonl"], 1, "tape.jsonl"


def csv_of_10_mb(folder):
    (folder / "d.csv").write_text("q\n" + "why is the sky blue today?\n" * (10 << 20 >> 5) * 2)
    (folder / "bot.yaml").write_text("tests: [{name: t, prompt: '{{q}}', data: d.csv, assert: [{type: not-is-refusal}]}]\n")
    return ["validate"], None, ""


def combinations(folder):
    lists = ", ".join(f"v{i}: [1, 2]" for i in range(13))
    (folder / "bot.yaml").write_text(f"tests: [{{name: t, prompt: 'x{{{{v0}}}}', vars: {{{lists}}}, assert: [{{type: not-is-refusal}}]}}]\n")
    return ["validate"], None, ""


def combinations_without_end(folder):
    lists = ", ".join(f"v{i}: [1, 2, 3, 4, 5, 6, 7, 8, 9]" for i in range(40))
    (folder / "bot.yaml").write_text(f"tests: [{{name: t, prompt: 'x{{{{v0}}}}', vars: {{{lists}}}, assert: [{{type: not-is-refusal}}]}}]\n")
    return ["validate"], 1, "bot.yaml"


def duplicate_keys(folder):
    (folder / "bot.yaml").write_text("metadata:\n" + "  a: b\n" * 30_000)
    return ["validate"], 1, "a second time"


def distinct_then_duplicate_keys(folder):
    keys = "".join(f"  k{i}: b\n" for i in range(20_000))
    (folder / "bot.yaml").write_text("metadata:\n" + keys + keys)
    return ["validate"], 1, "a second time"


def unknown_keys(folder):
    (folder / "bot.yaml").write_text("".join(f"modle{i}: m\n" for i in range(20_000)))
    return ["validate"], 1, "modle"


def merged_keys(folder):
    maps = "".join(f"    - &m{i} {{k{i}: v}}\n" for i in range(10_000))
    merged = ", ".join(f"*m{i}" for i in range(10_000))
    (folder / "bot.yaml").write_text(f"metadata:\n  x:\n{maps}  <<: [{merged}]\n")
    return ["validate"], 1, "bot.yaml"


def sets_that_use_themselves(folder):
    (folder / "tests").mkdir()
    sets = "assertion_sets:\n  a: [{use: b}]\n  b: [{use: a}]\n"
    (folder / "bot.yaml").write_text("name: x\n")
    (folder / "tests/bot.yaml").write_text(sets + test("{use: a}"))
    return ["validate"], 1, "bot.yaml"


def pattern_nested_deep(folder):
    pattern = "(" * 5_000 + ")" * 5_000
    (folder / "bot.yaml").write_text(test(f"{{type: regex, value: '{pattern}'}}"))
    return ["validate"], 1, "bot.yaml"


def deep_yaml(folder):
    (folder / "bot.yaml").write_text("metadata: " + "[" * 100_000 + "]" * 100_000 + "\n")
    return ["validate"], 1, "bot.yaml"


def deep_schema(folder):
    schema = '{"items": ' * 5_000 + "{}" + "}" * 5_000
    (folder / "bot.yaml").write_text(f"tools: [{{type: function, function: {{name: F, parameters: {schema}}}}}]\n")
    return ["validate"], 1, "bot.yaml"


def deep_xml(folder):
    answer = "<a>" * 50_000 + "</a>" * 50_000
    (folder / "bot.yaml").write_text(test("{type: is-xml}", answer))
    return ["apply", "--auto-approve", "--test"], 4, ""


def lone_carriage_return(folder):
    (folder / "bot.yaml").write_bytes(b"name: x\rmodel: m\r")
    return ["fmt"], None, ""


def endless_latency(folder):
    (folder / "bot.yaml").write_text(test("{type: latency, threshold: 1e300}"))
    return ["validate"], 1, "bot.yaml"


def line_of_5_mb(folder):
    plan = {"format_version": "1.1", "digest": "sha256:0", "resource_changes": [
        {"address": "assistant.a", "change": {"actions": ["update"], "before": {"instructions": "x " * 2_600_000},
                                              "after": {"instructions": "y " * 2_600_000}}}]}
    (folder / "plan.json").write_text(json.dumps(plan))
    return ["show", "plan.json"], 1, "plan"


def longest_prompts_on_one_line(folder):
    (folder / "bot.yaml").write_text("instructions: " + "tea " * 63_999 + "\n")
    subprocess.run([MUSTER, "apply", "--auto-approve"], cwd=folder, check=True, capture_output=True)
    (folder / "bot.yaml").write_text("instructions: " + "mug " * 63_999 + "\n")
    return ["plan", "--full", "--format", "html"], 0, ""


def many_problems(folder):
    for number in range(40):
        (folder / f"b{number}.yaml").write_text("".join(f"wrong{i}: m\n" for i in range(200)))
    return ["validate"], 1, "wrong"


def forty_times_one_picture(folder):
    (folder / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(63 << 20))
    messages = ", ".join("{image: p.png}" for _ in range(40))
    (folder / "bot.yaml").write_text(f"tests: [{{name: t, messages: [{messages}], assert: [{{type: not-is-refusal}}]}}]\n")
    return ["validate"], 1, "p.png"


def a_pipe_in_place_of_a_spec(folder):
    os.mkfifo(folder / "bot.yaml")
    return ["validate"], 1, "bot.yaml"


CASES = {name: value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("folder",)}


def measured(words, folder):
    """Exit code, seconds, peak memory, and what was said first and last."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([MUSTER, *words], stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=folder,
                                   env={**os.environ, "NO_COLOR": "1"})
        killer = threading.Timer(LIMIT * 3, process.kill)
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = 0
        size = said.tell()
        said.seek(0)
        text = said.read(1 << 20).decode(errors="replace")
        said.seek(max(0, size - 4000))
        text += said.read().decode(errors="replace")
    return os.waitstatus_to_exitcode(status), time.monotonic() - begin, usage.ru_maxrss << 10, text


def problems_of(code, seconds, memory, text, expected, words):
    if code < 0:
        yield f"ended by signal {-code}"
    if seconds > LIMIT:
        yield "too slow"
    if memory > MEMORY:
        yield "too much memory"
    if expected is not None and code != expected:
        yield f"exit code {code}, not {expected}"
    if words not in text:
        yield f"does not speak of {words}"
    if "Fatal error" in text:
        yield "a trap"


def main():
    wrong = 0
    for name in sys.argv[2:] or CASES:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "muster.yaml").write_text(PROJECT)
            command, expected, words = CASES[name](folder)
            result = measured(command, folder)
            problems = list(problems_of(*result, expected, words))
        wrong += bool(problems)
        code, seconds, memory, text = result
        mark = f"WRONG ({', '.join(problems)})" if problems else "right"
        print(f"{mark}  {name}: exit {code}, {seconds:.1f} s, {memory >> 20} MB  {' '.join(text.split())[:150]}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
