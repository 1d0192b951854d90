"""Measures the test harness against the local server, both of one build, on loopback.

    python measure.py MUSTER [cases] [memory] [ask]        everything when nothing is named

`ask` needs MUSTER_SDK_VENVS (Tests/EmulatorTests/Fixtures/make_venvs.sh), for the official SDK that the vendor's program
uses. Every claim is a ratio of two things measured in one run, because a shared machine is never quiet.
"""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MUSTER = str(pathlib.Path(sys.argv[1]).resolve())
WANTED = sys.argv[2:] or ["cases", "memory", "ask"]


@contextlib.contextmanager
def server(folder, delay_ms):
    """A local server of its own process whose model takes so long for every answer; gives its address."""
    rules = folder / "rules.json"
    rules.write_text(json.dumps({"rules": [{"always": True, "delay_ms": delay_ms, "reply": "Hello there."}]}))
    process = subprocess.Popen(
        [MUSTER, "serve", "--port", "0", "--rules", str(rules)], stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://\S+", process.stdout.readline()).group()
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def project(delay_ms, count):
    """A deployed assistant with so many tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with server(folder, delay_ms) as address:
            (folder / "muster.yaml").write_text(
                f"project: bench\ndefault_environment: live\ndefaults: {{model: m}}\n"
                f"environments:\n  live: {{base_url: \"{address}\"}}\n")
            (folder / "bot.yaml").write_text(
                "tests:\n  - {name: t, prompt: \"Hello {{n}}\", data: rows.csv, assert: [{type: contains, value: Hello}]}\n")
            (folder / "rows.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(count)))
            subprocess.run([MUSTER, "apply", "--auto-approve", "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            yield folder, address


def run_tests(folder, *options):
    """Seconds that the suite itself took, as its report says."""
    subprocess.run(
        [MUSTER, "test", "-q", "-j", "32", "--json", "report.json", *options], cwd=folder, check=True,
        stdout=subprocess.DEVNULL)
    report = json.loads((folder / "report.json").read_text())
    assert report["success"], report["totals"]
    return report["duration_ms"] / 1000


def cases():
    """400 cases of 200 ms each at -j 32: the ideal is 400 * 0.2 / 32 = 2.5 s, to which the requests of the threads
    themselves are added, measured by the same suite with answers that take no time."""
    ideal = 400 * 0.2 / 32
    for manner in ["--stream", "--poll"]:
        with project(200, 400) as (slow, _), project(0, 400) as (quick, _):
            pairs = [(run_tests(slow, manner), run_tests(quick, manner)) for _ in range(3)]
        whole, own = min(pairs)
        bound = 1.1 * ideal + own
        print(f"400 cases of 200 ms, -j 32 {manner}: {whole:.2f} s; requests alone {own:.2f} s; "
              f"bound 1.1 * {ideal} s + {own:.2f} s = {bound:.2f} s; {'within' if whole <= bound else 'OVER'}")


def memory():
    """Resident memory while 10,000 cases run: what it is after a fifth of them, and at the end."""
    with project(0, 10_000) as (folder, _):
        process = subprocess.Popen(
            [MUSTER, "test", "-q", "-j", "32", "--stream", "--jsonl", "lines.jsonl"], cwd=folder,
            stdout=subprocess.DEVNULL)
        samples, lines = [], folder / "lines.jsonl"
        while process.poll() is None:
            with contextlib.suppress(OSError, AttributeError):
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                resident = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024
                done = lines.read_bytes().count(b"\n") if lines.exists() else 0
                samples.append((done, resident))
            time.sleep(0.25)
        assert process.returncode == 0
    for share in [1_000, 2_000, 5_000, 9_000]:
        reached = [resident for done, resident in samples if done >= share]
        if reached:
            print(f"memory after {share} of 10,000 cases: {reached[0]:.0f} MiB")
    print(f"memory at most: {max(resident for _, resident in samples):.0f} MiB")


def ask():
    """One question, from the start of the program to its end, by `muster ask` and by the vendor's flow in Python with the
    official SDK, turn and turn about on one server."""
    python = str(pathlib.Path(os.environ["MUSTER_SDK_VENVS"]) / "newest/bin/python")
    with project(0, 1) as (folder, address):
        listed = subprocess.run(
            [MUSTER, "ask", "bot", "Hello", "--json"], cwd=folder, check=True, capture_output=True, text=True)
        assistant = json.loads(listed.stdout)["assistant"]
        commands = {
            "muster ask": [MUSTER, "ask", "--base-url", address, assistant, "Hello"],
            "the vendor's flow in Python": [python, str(HERE / "vendor_flow.py"), address, assistant, "Hello"],
        }
        times = {name: [] for name in commands}
        for _ in range(15):
            for name, command in commands.items():
                start = time.perf_counter()
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                times[name].append(time.perf_counter() - start)
                assert "Hello there." in answer, answer
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"one question by {name}: {median * 1000:.0f} ms (median of 15)")
    quick, slow = medians.values()
    print(f"ratio: {slow / quick:.1f}")


for name in WANTED:
    {"cases": cases, "memory": memory, "ask": ask}[name]()
