"""Muster beside a Python script that does the same, on the same local server, in one run.

    measure.py MUSTER PYTHON [N …]       MUSTER: a release build; PYTHON: with openai and PyYAML installed
    measure.py --terraform [N …]         Terraform with the same specs as JSON strings in terraform_data, without any server

For every N (100, 1000 and 10000 when none is given), without latency and with 50 ms on every answer: creating all, a plan
or run without changes, and applying a change of every tenth. Wall time, CPU, peak memory and requests of each program; the
server's own work is on the same two cores and is not counted. Prints Markdown.
"""
import json, os, pathlib, re, shutil, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
muster, python = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
sizes = [int(word) for word in sys.argv[3:]] or [100, 1_000, 10_000]


class Server:
    def __init__(self, folder, latency):
        self.log = open(folder / "access.log", "w+")
        faults = ["--fault", f"latency={latency},path=/assistants*"] if latency else []
        self.process = subprocess.Popen(
            [muster, "serve", "--port", "0", "--flavor", "openai", "--store", str(folder / "server.sqlite"),
             "--access-log", *faults], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = re.search(r"http://\S+", self.process.stdout.readline()).group(0)

    def requests(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text().count("/assistants")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def run(server, command):
    before, start = server.requests() if server else 0, time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    sent = server.requests() - before if server else 0
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, sent


def measured(size, latency, tool):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
    server = Server(folder, latency)
    project = folder / "project"
    specs = lambda edited: subprocess.run([sys.executable, here / "specs.py", project, str(size), server.address, str(edited)], check=True)
    if tool == "muster":
        command = lambda word, *rest: [muster, word, "-q", "-C", str(project), *rest]
        plan, apply = command("plan"), command("apply", "--auto-approve")
    else:
        command = lambda word: [python, here / "sync.py", project, server.address, word]
        plan, apply = command("plan"), command("apply")
    try:
        specs(0)
        yield "create all", run(server, apply)
        yield "no change", run(server, plan)
        specs(size // 10)
        yield "change 10 %", run(server, apply)
    finally:
        server.stop()
        shutil.rmtree(folder)


def terraform(size):
    """Terraform's engine with local state and no provider process: what it costs to keep so many objects."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="terraform-bench-"))
    def write(edited):
        lines = [f"Rule {line}: be polite, be brief, and never promise refunds." for line in range(10)]
        resources = {f"bot_{number:05}": {"input": json.dumps({
            "name": f"Bot {number}", "instructions": "\n".join(lines + [f"Edited: {number < edited}"]), "temperature": 0.2,
            "tools": [{"type": "function", "function": {"name": f"TOOL_{tool}", "parameters": {"type": "object", "properties": {
                "query": {"type": "string"}, "limit": {"type": "integer"}}, "required": ["query"]}}} for tool in range(3)],
            "metadata": {"team": "support", "tier": str(number % 3)}})} for number in range(size)}
        (folder / "main.tf.json").write_text(json.dumps({"resource": {"terraform_data": resources}}))
    command = lambda *words: ["terraform", f"-chdir={folder}", *words]
    try:
        write(0)
        subprocess.run(command("init", "-no-color"), check=True, stdout=subprocess.DEVNULL)
        yield "create all", run(None, command("apply", "-auto-approve", "-no-color"))
        yield "no change", run(None, command("plan", "-no-color"))
        write(size // 10)
        yield "change 10 %", run(None, command("apply", "-auto-approve", "-no-color"))
    finally:
        shutil.rmtree(folder)


if muster == "--terraform":
    print("| n | what | wall | CPU | peak memory |\n|---|---|---|---|---|")
    for size in [int(word) for word in sys.argv[2:]] or [100]:
        for what, (wall, cpu, memory, _) in terraform(size):
            print(f"| {size:,} | {what} | {wall:.2f} s | {cpu:.2f} s | {memory:.0f} MB |", flush=True)
    raise SystemExit

print("| n | latency | what | tool | wall | CPU | peak memory | requests |\n|---|---|---|---|---|---|---|---|")
for size in sizes:
    for latency in (0, 50):
        rows = {(what, tool): figures for tool in ("muster", "script") for what, figures in measured(size, latency, tool)}
        for what in ("create all", "no change", "change 10 %"):
            for tool in ("muster", "script"):
                wall, cpu, memory, requests = rows[what, tool]
                print(f"| {size:,} | {latency} ms | {what} | {tool} | {wall:.2f} s | {cpu:.2f} s | {memory:.0f} MB | {requests:,} |", flush=True)
            ratio = rows[what, "script"][0] / rows[what, "muster"][0], rows[what, "script"][1] / rows[what, "muster"][1]
            print(f"| {size:,} | {latency} ms | {what} | script ÷ muster | {ratio[0]:.1f} | {ratio[1]:.1f} | | |", flush=True)
