"""Runs the program against every behaviour of hostile_server.py.

hostile_table.py MUSTER [BEHAVIOUR …]: prints a line for each pair of command and behaviour, and exits with 1 when one ended
by a signal, took longer than its limit and a few seconds more, or took more memory than 500 MB.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import hostile_server

HERE = os.path.dirname(os.path.abspath(__file__))
MUSTER = os.path.abspath(sys.argv[1])
LIMIT = 5
GRACE = 15
MEMORY = 500 << 20
ENVIRONMENT = {**os.environ, "MUSTER_API_KEY": "sk-hostile-table-key", "NO_COLOR": "1"}


def started(words):
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT)
    for line in process.stdout:
        if "http://" in line:
            return process, "http://" + line.split("http://")[1].split()[0]
    raise SystemExit(f"{words} did not start")


def measured(words, folder):
    """Runs a command; returns its exit code, seconds, peak memory, and what it said."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=folder, env=ENVIRONMENT)
        killer = threading.Timer(LIMIT + GRACE, process.kill)
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = 0
        said.seek(0)
        text = said.read(4000).decode(errors="replace")
    return os.waitstatus_to_exitcode(status), time.monotonic() - begin, usage.ru_maxrss << 10, text


def project(folder, address):
    environment = f'  hostile: {{base_url: "{address}", api_key: {{env: MUSTER_API_KEY}}}}\n'
    open(f"{folder}/muster.yaml", "w").write(f"project: p\nenvironments:\n{environment}defaults: {{model: m}}\n")
    test = "tests:\n  - {name: t, prompt: hi, tools: {F: {mode: mock, replies: [{output: x}]}}, assert: [{type: contains, value: x}]}\n"
    open(f"{folder}/bot.yaml", "w").write("name: Bot\n" + test)


COMMANDS = {
    "ask": lambda address: ["ask", "--base-url", address, "--timeout", str(LIMIT), "asst_1", "hi"],
    "test": lambda address: [
        "test", "-e", "hostile", "--allow-drift", "--timeout", str(LIMIT), "--test-timeout", str(LIMIT)],
    "plan": lambda address: ["plan", "-e", "hostile", "--timeout", str(LIMIT)],
    "pull": lambda address: ["pull", "--adopt", "-e", "hostile", "--timeout", str(LIMIT)],
}


def verdict(code, seconds, memory, text):
    problems = []
    if code < 0 and code != -9:
        problems.append(f"ended by signal {-code}")
    if seconds > LIMIT + GRACE - 1:
        problems.append("no end")
    if memory > MEMORY:
        problems.append(f"{memory >> 20} MB")
    if "Fatal error" in text or "sk-hostile-table-key" in text or "\x1b" in text:
        problems.append("said what it must not")
    return problems


def command_against(pair):
    name, behaviour = pair
    server, address = started([sys.executable, f"{HERE}/hostile_server.py", behaviour])
    try:
        with tempfile.TemporaryDirectory() as folder:
            project(folder, address)
            return pair, measured([MUSTER, *COMMANDS[name](address)], folder)
    finally:
        server.kill()
        server.wait()


def serve_against(behaviour):
    """`muster serve --upstream` of a hostile server, asked by a good client: the run ends, and the server lives."""
    upstream, address = started([sys.executable, f"{HERE}/hostile_server.py", behaviour])
    server, base = started([MUSTER, "serve", "--port", "0", "--upstream", address, "--upstream-model", "m"])
    try:
        import urllib.request

        def ask(method, path, body=None):
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(base + path, data, {"content-type": "application/json"}, method=method)
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)

        begin = time.monotonic()
        tools = [{"type": "function", "function": {"name": "F"}}]
        assistant = ask("POST", "/assistants", {"model": "m", "tools": tools})["id"]
        thread = ask("POST", "/threads", {"messages": [{"role": "user", "content": "hi"}]})["id"]
        made = ask("POST", f"/threads/{thread}/runs", {"assistant_id": assistant})
        status = made["status"]
        while status in ("queued", "in_progress") and time.monotonic() - begin < LIMIT:
            time.sleep(0.05)
            status = ask("GET", f"/threads/{thread}/runs/{made['id']}")["status"]
        if status in ("queued", "in_progress"):
            ask("POST", f"/threads/{thread}/runs/{made['id']}/cancel")
        ask("GET", "/assistants")
        text = json.dumps(ask("GET", f"/threads/{thread}/runs/{made['id']}").get("last_error"))
        memory = int(next(l for l in open(f"/proc/{server.pid}/status") if l.startswith("VmHWM")).split()[1]) << 10
        code = server.poll() or 0
        return ("serve", behaviour), (code, time.monotonic() - begin, memory, f"{status}: {text}")
    except Exception as error:
        return ("serve", behaviour), (server.poll() or -6, LIMIT, 0, f"{type(error).__name__}: {error}")
    finally:
        for process in (server, upstream):
            process.kill()
            process.wait()


def main():
    behaviours = sys.argv[2:] or hostile_server.BEHAVIOURS
    pairs = [(name, behaviour) for behaviour in behaviours for name in COMMANDS]
    wrong = 0
    with ThreadPoolExecutor(3) as pool:
        upstream = [b for b in behaviours if not b.startswith(("list-", "any-"))]
        results = list(pool.map(command_against, pairs)) + list(pool.map(serve_against, upstream))
    for (name, behaviour), (code, seconds, memory, text) in results:
        problems = verdict(code, seconds, memory, text)
        wrong += bool(problems)
        sentence = " ".join(text.split())[-110:]
        mark = f"WRONG ({', '.join(problems)})" if problems else "right"
        print(f"{mark}  {name} {behaviour}: exit {code}, {seconds:.1f} s, {memory >> 20} MB  {sentence}")
    print(f"{len(results) - wrong} right, {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
