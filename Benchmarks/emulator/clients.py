"""Clients that measure what wrk cannot: whole runs, event streams, and many of both at once.

    clients.py fill BASE_URL COUNT            makes assistants
    clients.py runs BASE_URL COUNT            whole runs with one tool call, one after the other
    clients.py first_event BASE_URL COUNT     time from the request to the first event of a stream
    clients.py load BASE_URL SECONDS PID      50 streams at once beside 200 requests a second
"""
import http.client, json, sys, threading, time, urllib.parse

command, base, amount = sys.argv[1], urllib.parse.urlsplit(sys.argv[2]), int(sys.argv[3])
FUNCTION = {"type": "function", "function": {"name": "SEARCH", "description": "search", "parameters": {
    "type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}}}


class Client:
    def __init__(self):
        self.connection = http.client.HTTPConnection(base.hostname, base.port, timeout=60)

    def send(self, method, path, body=None):
        self.connection.request(
            method, base.path + path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        return self.connection.getresponse()

    def json(self, method, path, body=None):
        response = self.send(method, path, body)
        data = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status} {data[:200]}")
        return json.loads(data)


def report(name, times):
    times.sort()
    print(f"{name}: {len(times) / sum(times):.0f} in sequence per second, "
          f"p50 {times[len(times) // 2] * 1000:.2f} ms, p99 {times[int(len(times) * .99)] * 1000:.2f} ms")


def question(text="Who won?"):
    return {"messages": [{"role": "user", "content": text}]}


def run_once(client, assistant):
    run = client.json("POST", "/threads/runs", {"assistant_id": assistant, "thread": question()})
    path = f"/threads/{run['thread_id']}/runs/{run['id']}"
    submitted = False
    while run["status"] != "completed":
        if run["status"] == "requires_action" and not submitted:
            submitted = True
            calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
            client.json("POST", path + "/submit_tool_outputs", {
                "tool_outputs": [{"tool_call_id": call["id"], "output": "Ada"} for call in calls]})
        run = client.json("GET", path)


def fill(client):
    for number in range(amount):
        client.json("POST", "/assistants", {"model": "m", "name": f"a{number}", "instructions": "Answer. " * 30})


def runs(client):
    assistant, times = client.json("POST", "/assistants", {"model": "m", "tools": [FUNCTION]})["id"], []
    for _ in range(amount):
        start = time.perf_counter()
        run_once(client, assistant)
        times.append(time.perf_counter() - start)
    report("whole run with one tool call", times)


def first_event(client):
    assistant, times = client.json("POST", "/assistants", {"model": "m"})["id"], []
    for _ in range(amount):
        start = time.perf_counter()
        response = client.send(
            "POST", "/threads/runs", {"assistant_id": assistant, "thread": question(), "stream": True})
        response.readline()
        times.append(time.perf_counter() - start)
        response.read()
    report("time to first event", times)


def load(client):
    pid, stop = sys.argv[4], time.time() + amount
    assistant = client.json("POST", "/assistants", {"model": "m"})["id"]
    counts, failures, lock = {"streams": 0, "requests": 0}, [], threading.Lock()

    def memory():
        lines = open(f"/proc/{pid}/status").read().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024

    def work(kind, once, pause):
        mine = Client()
        while time.time() < stop:
            try:
                once(mine)
            except Exception as error:
                with lock:
                    failures.append(repr(error))
                mine = Client()
            with lock:
                counts[kind] += 1
            time.sleep(pause)

    def stream(mine):
        response = mine.send(
            "POST", "/threads/runs", {"assistant_id": assistant, "thread": question("word " * 200), "stream": True})
        if b"[DONE]" not in response.read():
            raise RuntimeError("no end")

    # A stream takes a fraction of its pause, so about fifty are open or about to be.
    workers = [threading.Thread(target=work, args=("streams", stream, 0.5)) for _ in range(50)]
    workers += [threading.Thread(target=work, args=("requests", lambda mine: mine.json("GET", f"/assistants/{assistant}"), 0.04))
                for _ in range(8)]
    before = memory()
    for worker in workers:
        worker.start()
    time.sleep(amount / 2)
    middle = memory()
    for worker in workers:
        worker.join()
    print(f"load: {counts['streams'] / amount:.0f} streams/s and {counts['requests'] / amount:.0f} requests/s for {amount} s, "
          f"{len(failures)} failures {failures[:2]}, memory {before} MiB before, {middle} MiB in the middle, {memory()} MiB after")


globals()[command](Client())
