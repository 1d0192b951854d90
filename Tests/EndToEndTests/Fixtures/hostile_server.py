"""A server that means no good, in two roles: an assistants server for commands, and an upstream for `muster serve`.

hostile_server.py BEHAVIOUR: prints its address and serves until it is killed. BEHAVIOURS is the table; each entry says what
happens to requests for answers. Everything else is answered well, so that a command comes as far as it can.
"""
import gzip
import http.server
import json
import sys
import time

MEGABYTE = 1 << 20
ASSISTANT = {
    "id": "asst_1", "object": "assistant", "created_at": 1, "name": "Bot", "description": None, "model": "m",
    "instructions": None, "tools": [], "metadata": {}, "top_p": 1, "temperature": 1, "response_format": "auto",
}


def run(status, **more):
    fields = {
        "id": "run_1", "object": "thread.run", "created_at": 1, "thread_id": "thread_1", "assistant_id": "asst_1",
        "status": status, "required_action": None, "last_error": None, "model": "m", "tools": [], "usage": None,
    }
    return {**fields, **more}


def message(text):
    content = [{"type": "text", "text": {"value": text, "annotations": []}}]
    return {"id": "msg_1", "object": "thread.message", "created_at": 1, "thread_id": "thread_1", "run_id": "run_1",
            "role": "assistant", "status": "completed", "content": content, "assistant_id": "asst_1"}


def calls(count):
    made = [{"id": f"call_{i}", "type": "function", "function": {"name": "F", "arguments": "{}"}} for i in range(count)]
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": made}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour = ""
    count = 0

    def log_message(self, *arguments):
        pass

    # Plain ways to answer.

    def send(self, body, status=200, kind="application/json", headers=()):
        data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def begin(self, kind="text/event-stream"):
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        self.end_headers()

    def event(self, name, data):
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    def for_ever(self, piece, pause=0.0):
        while True:
            self.wfile.write(piece)
            if pause:
                time.sleep(pause)

    # What is asked.

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_DELETE(self):
        self.answer("DELETE")

    def answer(self, method):
        try:
            asked = self.body()
            wants_stream = b'"stream":true' in asked.replace(b" ", b"")
            path = self.path.split("?")[0].removeprefix("/v1")
            is_target = (
                path.endswith(("/runs", "/chat/completions", "/submit_tool_outputs"))
                or (method == "GET" and "/runs/" in path) or self.behaviour.startswith("list-") and path == "/assistants"
                or self.behaviour.startswith("any-"))
            if is_target and getattr(self, self.behaviour.replace("-", "_"))(path, wants_stream) is not False:
                return
            self.well(method, path)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def well(self, method, path):
        if path == "/chat/completions":
            return self.send({"choices": [{"message": {"content": "fine"}, "finish_reason": "stop"}]})
        if method == "DELETE":
            return self.send({"id": path.split("/")[-1], "deleted": True})
        if path == "/assistants" and method == "GET":
            return self.send({"object": "list", "data": [ASSISTANT] if "after=" not in self.path else [], "has_more": False})
        if path.startswith("/assistants"):
            return self.send(ASSISTANT)
        if path.endswith("/messages") and method == "GET":
            return self.send({"object": "list", "data": [message("fine")], "has_more": False})
        if path.endswith("/messages"):
            return self.send(message("said"))
        if path.endswith("/steps"):
            return self.send({"object": "list", "data": [], "has_more": False})
        if path.endswith("/runs") or "/runs/" in path:
            return self.send(run("completed"))
        return self.send({"id": "thread_1", "object": "thread", "created_at": 1, "metadata": {}})

    # The table: streams and bodies without an end.

    def endless_body(self, path, stream):
        self.begin("application/json")
        self.for_ever(b" " * MEGABYTE)

    def endless_text(self, path, stream):
        self.begin("application/json")
        self.wfile.write(b'{"a":"')
        self.for_ever(b"x" * MEGABYTE)

    def endless_event(self, path, stream):
        self.begin()
        self.wfile.write(b"data: ")
        self.for_ever(b"x" * MEGABYTE)

    def endless_comments(self, path, stream):
        self.begin()
        self.for_ever(b": still here\n\n" * 1000)

    def endless_data_lines(self, path, stream):
        self.begin()
        self.for_ever(b"data: x\n" * 1000)

    def endless_unknown_events(self, path, stream):
        self.begin()
        self.for_ever(b'event: thread.odd\ndata: {"object":"odd"}\n\n' * 1000)

    def endless_deltas(self, path, stream):
        self.begin()
        if path == "/chat/completions":
            self.for_ever(b'data: {"choices":[{"delta":{"content":"xxxxxxxxxxxxxxxx"}}]}\n\n' * 1000)
        self.event("thread.run.created", run("in_progress"))
        delta = {"id": "msg_1", "object": "thread.message.delta",
                 "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "xxxxxxxxxxxxxxxx"}}]}}
        self.for_ever(f"event: thread.message.delta\ndata: {json.dumps(delta)}\n\n".encode() * 1000)

    def endless_snapshots(self, path, stream):
        self.begin()
        self.event("thread.run.created", run("in_progress"))
        self.for_ever(f"event: thread.message.in_progress\ndata: {json.dumps(message('x' * 1000))}\n\n".encode() * 100)

    def endless_header(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        self.for_ever(b"x" * MEGABYTE)

    def endless_interim(self, path, stream):
        self.close_connection = True
        self.for_ever(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" * 100, 0.01)

    def endless_chunks(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        self.for_ever(b"1\r\n \r\n" * 1000)

    def drip(self, path, stream):
        self.begin("application/json")
        self.for_ever(b" ", 0.05)

    def silence(self, path, stream):
        time.sleep(3600)

    def silent_stream(self, path, stream):
        self.begin()
        self.wfile.flush()
        time.sleep(3600)

    def finished_and_open(self, path, stream):
        self.begin()
        if path == "/chat/completions":
            self.wfile.write(b'data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n')
        else:
            self.event("thread.run.created", run("in_progress"))
            self.event("thread.message.completed", message("x"))
            self.event("thread.run.completed", run("completed"))
        self.for_ever(b": still here\n\n", 0.05)

    # Broken answers.

    def cut_head(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-le")

    def cut_body(self, path, stream):
        self.close_connection = True
        self.wfile.write(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"id"')

    def cut_stream(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        piece = f"event: thread.run.created\ndata: {json.dumps(run('queued'))}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def nothing(self, path, stream):
        self.close_connection = True

    def status_000(self, path, stream):
        self.raw_status("000")

    def status_099(self, path, stream):
        self.raw_status("099")

    def status_1000(self, path, stream):
        self.raw_status("1000")

    def status_999(self, path, stream):
        self.raw_status("999")

    def status_304(self, path, stream):
        self.raw_status("304")

    def raw_status(self, status):
        self.close_connection = True
        self.wfile.write(f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}".encode())

    def no_http(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    def wrong_length(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}")

    def two_lengths(self, path, stream):
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}")

    def wrong_kind(self, path, stream):
        self.send("<html><title>Log in</title></html>", kind="text/html")

    def wrong_types(self, path, stream):
        self.send({"id": 7, "status": ["completed"], "choices": "none", "thread_id": {}, "usage": "much"})

    def nulls(self, path, stream):
        self.send({"id": None, "status": None, "choices": [None], "data": [None]})

    def numbers(self, path, stream):
        usage = {"prompt_tokens": 9223372036854775807, "completion_tokens": 9223372036854775807, "total_tokens": -1}
        if path == "/chat/completions":
            return self.send({"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}], "usage": usage})
        self.send(run("completed", usage=usage, created_at=-9223372036854775808, expires_at=1e300))

    # Large answers.

    def huge_text(self, path, stream):
        if path == "/chat/completions":
            return self.send({"choices": [{"message": {"content": "x" * (50 * MEGABYTE)}, "finish_reason": "stop"}]})
        self.send(run("completed", instructions="x" * (50 * MEGABYTE)))

    def huge_delta(self, path, stream):
        self.begin()
        if path == "/chat/completions":
            return self.wfile.write(b'data: {"choices":[{"delta":{"content":"' + b"x" * (50 * MEGABYTE) + b'"}}]}\n\n')
        self.event("thread.run.created", run("in_progress"))
        self.event("thread.message.completed", message("x" * (50 * MEGABYTE)))
        self.event("thread.run.completed", run("completed"))

    def marks(self, path, stream):
        text = "e" + "\u0301" * (3 * MEGABYTE // 2)
        if path == "/chat/completions":
            return self.send({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]})
        self.begin()
        self.event("thread.run.created", run("in_progress"))
        self.event("thread.message.completed", message(text))
        self.event("thread.run.completed", run("completed"))
        self.wfile.write(b"event: done\ndata: [DONE]\n\n")

    def deep(self, path, stream):
        self.send("[" * 1_000_000)

    def many_members(self, path, stream):
        self.send("{" + ",".join(f'"k{i}":1' for i in range(500_000)) + "}")

    def bomb(self, path, stream):
        self.send(gzip.compress(b" " * (500 * MEGABYTE)), headers=[("content-encoding", "gzip")])

    def escapes(self, path, stream):
        text = "\x1b[2J\u202e::error::\x07\r\n" * 100
        if path == "/chat/completions":
            return self.send({"error": {"message": text}}, status=500)
        self.send({"error": {"message": text, "code": text, "type": text}}, status=400)

    def many_calls(self, path, stream):
        if path == "/chat/completions":
            made = [{"id": f"c{i}", "function": {"name": "F", "arguments": "{}"}} for i in range(100_000)]
            return self.send({"choices": [{"message": {"tool_calls": made}, "finish_reason": "tool_calls"}]})
        if path.endswith("/submit_tool_outputs"):
            return False
        self.send(run("requires_action", required_action=calls(100_000)))

    def rounds_for_ever(self, path, stream):
        if path == "/chat/completions":
            return False
        self.send(run("requires_action", required_action=calls(1)))

    def progress_for_ever(self, path, stream):
        if path == "/chat/completions":
            return False
        self.send(run("in_progress"))

    # Redirects.

    def redirect_self(self, path, stream):
        self.send("", status=307, headers=[("location", self.path)])

    def redirect_away(self, path, stream):
        self.send("", status=307, headers=[("location", "http://203.0.113.1/v1/x")])

    def redirect_odd(self, path, stream):
        self.send("", status=308, headers=[("location", "javascript:alert(1)//\x1b[2J")])

    # Lists.

    def list_endless(self, path, stream):
        start = Handler.count
        Handler.count += 100
        data = [{**ASSISTANT, "id": f"asst_{start + i}"} for i in range(100)]
        self.send({"object": "list", "data": data, "has_more": True})

    def list_of_large(self, path, stream):
        start = Handler.count
        Handler.count += 20
        data = [{**ASSISTANT, "id": f"asst_{start + i}", "instructions": "x" * 256_000} for i in range(20)]
        self.send({"object": "list", "data": data, "has_more": True})

    def list_repeating(self, path, stream):
        self.send({"object": "list", "data": [ASSISTANT] * 100, "has_more": True})

    def list_without_ids(self, path, stream):
        self.send({"object": "list", "data": [{"object": "assistant"}, None, 7, []], "has_more": True})

    def list_of_nothing(self, path, stream):
        self.send("null")

    def any_status_000(self, path, stream):
        self.raw_status("000")

    def any_wrong_kind(self, path, stream):
        self.wrong_kind(path, stream)


BEHAVIOURS = [
    name.replace("_", "-") for name, value in vars(Handler).items()
    if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:3] == ("self", "path", "stream")
]

if __name__ == "__main__":
    Handler.behaviour = sys.argv[1]
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
    server.serve_forever()
