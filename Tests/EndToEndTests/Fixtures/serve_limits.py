"""What the local server does where somebody means it no good, and where the machine is at its end.

    serve_limits.py MUSTER CASE     exit code 1, with the reason, where it is not as it must be
"""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

MUSTER = os.path.abspath(sys.argv[1])


class Server:
    def __init__(self, folder, *arguments, limit=None):
        def prepare():
            if limit:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.process = subprocess.Popen(
            [MUSTER, "serve", "--port", "0", "--flavor", "openai", *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=folder, preexec_fn=prepare)
        line = self.process.stdout.readline()
        self.base = "http://" + line.split("http://")[1].split()[0]
        self.port = int(self.base.split(":")[2].split("/")[0])

    def ask(self, method, path, body=None, timeout=30):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def memory(self):
        lines = open(f"/proc/{self.process.pid}/status")
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10

    def stop(self):
        self.process.kill()
        self.process.wait()


def half_requests(folder):
    """Two thousand who begin a request and say no more, and some who say a letter now and then: gone after a minute or so."""
    server = Server(folder)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    idle, begin = [], time.monotonic()
    for number in range(2000):
        plain = socket.create_connection(("127.0.0.1", server.port))
        head = [b"", b"GET /v1/assistants HTTP/1.1\r\nHost: 127.0.0.1\r\n",
                b"POST /v1/assistants HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"][number % 3]
        plain.sendall(head)
        idle.append(plain)
    status, _ = server.ask("GET", "/assistants")
    assert status == 200
    left = idle
    while left and time.monotonic() - begin < 100:
        time.sleep(2)
        left = [plain for plain in left if not closed(plain)]
        server.ask("GET", "/assistants")
    took = time.monotonic() - begin
    assert not left, f"{len(left)} of {len(idle)} half requests are open after {took:.0f} s"
    print(f"2,000 half requests: all closed after {took:.0f} s, peak {server.memory()} MiB")
    server.stop()


def closed(plain):
    plain.setblocking(False)
    try:
        while plain.recv(4096):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def second_interrupt(folder):
    """The first lets an open answer end, whose reader takes his time; the second does not."""
    server = Server(folder)
    thread = server.ask("POST", "/threads", {})[1]["id"]
    for _ in range(5):
        server.ask("POST", f"/threads/{thread}/messages", {"role": "user", "content": "slow " * 560_000})
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 10)
    reader.connect(("127.0.0.1", server.port))
    reader.sendall(f"GET /v1/threads/{thread}/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert b" 200 " in reader.recv(100)
    server.process.send_signal(signal.SIGINT)
    try:
        server.process.wait(timeout=2)
        raise AssertionError("the first interrupt has cut an open answer")
    except subprocess.TimeoutExpired:
        pass
    begin = time.monotonic()
    server.process.send_signal(signal.SIGINT)
    server.process.wait(timeout=10)
    print(f"the second interrupt ended it after {time.monotonic() - begin:.1f} s with {server.process.returncode}")
    assert server.process.returncode == 130, server.process.returncode


def full_disk(folder):
    """A file that may not grow stands for a disk that is full."""
    server = Server(folder, "--store", "s.sqlite", limit=3 << 20)
    kept, text = [], "tea " * 20_000
    for number in range(400):
        status, answer = server.ask("POST", "/assistants", {"model": "m", "name": f"n{number}", "instructions": text})
        if status != 200:
            break
        kept.append(answer["id"])
    assert status == 507, f"{status} {answer}"
    assert "full" in answer["error"]["message"], answer
    assert len(kept) > 5, len(kept)
    assert server.ask("GET", f"/assistants/{kept[-1]}")[0] == 200, "reads end with the disk"
    server.stop()
    server = Server(folder, "--store", "s.sqlite")
    for identifier in kept:
        assert server.ask("GET", f"/assistants/{identifier}")[0] == 200, f"{identifier} is lost"
    assert server.ask("POST", "/assistants", {"model": "m"})[0] == 200
    server.stop()
    print(f"a full disk: 507, and all {len(kept)} acknowledged are there")


def slow_pattern(folder):
    """A rule whose pattern takes for ever keeps nobody else waiting."""
    (folder / "rules.json").write_text('{"rules": [{"matches": "^(a+)+$", "reply": "x"}]}')
    server = Server(folder, "--rules", "rules.json")
    assistant = server.ask("POST", "/assistants", {"model": "m"})[1]["id"]
    thread = {"messages": [{"role": "user", "content": "a" * 20_000 + "!"}]}
    for _ in range(8):
        assert server.ask("POST", "/threads/runs", {"assistant_id": assistant, "thread": thread})[0] == 200
    health = server.base.replace("/v1", "/healthz")
    slowest = 0
    for _ in range(20):
        begin = time.monotonic()
        urllib.request.urlopen(health, timeout=5).read()
        slowest = max(slowest, time.monotonic() - begin)
    assert slowest < 2, slowest
    print(f"healthz while eight patterns run: {slowest * 1000:.0f} ms at most")
    server.stop()


def batch_of_files(folder):
    """Two thousand files at once: others write meanwhile."""
    server = Server(folder, "--store", "s.sqlite")
    ids, lock = [], threading.Lock()

    def upload(numbers):
        for number in numbers:
            form = (f'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n--b\r\nContent-Disposition: '
                    f'form-data; name="file"; filename="f{number}.txt"\r\n\r\nTea number {number}\r\n--b--\r\n').encode()
            request = urllib.request.Request(
                server.base + "/files", form, {"content-type": "multipart/form-data; boundary=b"})
            with urllib.request.urlopen(request, timeout=30) as answer, lock:
                ids.append(json.load(answer)["id"])

    workers = [threading.Thread(target=upload, args=(range(start, 2000, 4),)) for start in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    store = server.ask("POST", "/vector_stores", {})[1]["id"]
    times = {}
    for size in (500, 2000):
        begin, slowest, answers = time.monotonic(), 0, []
        batch = threading.Thread(target=lambda: answers.append(server.ask(
            "POST", f"/vector_stores/{store}/file_batches", {"file_ids": ids[:size]}, timeout=120)))
        batch.start()
        while batch.is_alive():
            start = time.monotonic()
            assert server.ask("POST", "/assistants", {"model": "m"})[0] == 200
            slowest = max(slowest, time.monotonic() - start)
        assert answers[0][0] == 200, answers
        times[size] = time.monotonic() - begin
        assert slowest < 2, f"somebody else waited {slowest:.1f} s"
    assert times[2000] < 12 * max(times[500], 0.2), times
    print(f"batches: 500 files {times[500]:.1f} s, 2,000 files {times[2000]:.1f} s; others waited {slowest * 1000:.0f} ms at most")
    server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        globals()[sys.argv[2]](Path(place))
