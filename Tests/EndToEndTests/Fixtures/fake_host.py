"""A code host on loopback: the few endpoints of GitHub and GitLab that the steps use, and their bad days."""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

BOT = {"login": "github-actions[bot]", "type": "Bot"}
GITHUB_LIMIT = 65_536  # Unicode scalars in a comment


class FakeHost:
    """State that tests set before and read after."""

    def __init__(self, kind):
        self.kind = kind
        self.token = "t0ken-0f-the-h0st"
        self.comments = {}  # number of the request -> list
        self.commits = {}  # sha -> numbers of merged requests
        self.user = 7  # GitLab's number of the token's user
        self.head = "f00d"  # the last commit of every request
        self.base = "main"  # the branch that every request went into
        self.next_id = 100
        self.script = []  # (method, answer) used up one by one: a status, ("limited", headers) or "lose"
        self.seen = []  # (method, path)
        self.leaks = []  # command lines with the token
        self.forbids_writing = False
        self.forbidden_comments = set()  # ids of comments that only their author may edit
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.api = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, number, body, author=BOT):
        self.next_id += 1
        owner = {"id": 7 if author is BOT else 8, "username": author["login"]}
        self.comments.setdefault(number, []).append(
            {"id": self.next_id, "body": body, "user": author, "author": owner})
        return self.next_id

    def bodies(self, number):
        return [comment["body"] for comment in self.comments.get(number, [])]

    def count(self, method):
        return sum(1 for seen, _ in self.seen if seen == method)

    def handler(host):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.handle_one("GET")

            def do_POST(self):
                self.handle_one("POST")

            def do_PATCH(self):
                self.handle_one("PATCH")

            def do_PUT(self):
                self.handle_one("PUT")

            def log_message(self, *_):
                pass

            def answer(self, status, value, headers=()):
                body = json.dumps(value).encode()
                self.send_response(status)
                for name, text in headers:
                    self.send_header(name, text)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_one(self, method):
                url = urlsplit(self.path)
                host.seen.append((method, url.path))
                host.look_for_leaks()
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                given = self.headers.get("Authorization", self.headers.get("PRIVATE-TOKEN", ""))
                if given.removeprefix("Bearer ") != host.token:
                    return self.answer(401, {"message": "Bad credentials"})
                loses = False
                if host.script and host.script[0][0] == method:
                    _, act = host.script.pop(0)
                    if act == "lose":
                        loses = True
                    elif isinstance(act, tuple):
                        return self.answer(act[0], {"message": "slow down"}, act[1])
                    else:
                        return self.answer(act, {"message": "a bad day"})
                if loses:
                    host.respond(method, url, body)
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return None
                return self.answer(*host.respond(method, url, body))

        return Handler

    def look_for_leaks(self):
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = file.read_bytes()
            except OSError:
                continue  # gone already
            if self.token.encode() in line:
                self.leaks.append(line)

    def respond(self, method, url, body):
        page = int(parse_qs(url.query).get("page", ["1"])[0])
        if method != "GET" and self.forbids_writing:
            return 403, {"message": "Resource not accessible by integration"}
        text = json.loads(body)["body"] if body else ""
        limit = GITHUB_LIMIT if self.kind == "github" else 1_000_000
        if len(text) > limit:
            return (422 if self.kind == "github" else 400), {"message": "Body is too long (maximum is 65536 characters)"}
        for pattern, act in self.routes(page, text):
            found = re.fullmatch(pattern, f"{method} {url.path}")
            if found:
                return act(*found.groups())
        return 404, {"message": "Not Found"}

    def routes(self, page, text):
        def listed(number):
            return 200, self.comments.get(number, [])[(page - 1) * 100: page * 100]

        def created(number):
            return 201, {"id": self.add(number, text)}

        def edited(identifier, number=None):
            if int(identifier) in self.forbidden_comments:
                return 403, {"message": "Resource not accessible by integration"}
            for comment in sum(self.comments.values(), []):
                if comment["id"] == int(identifier):
                    comment["body"] = text
                    return 200, {"id": comment["id"]}
            return 404, {"message": "Not Found"}

        if self.kind == "github":
            return [
                (r"GET /repos/o/r/issues/(\d+)/comments", listed),
                (r"POST /repos/o/r/issues/(\d+)/comments", created),
                (r"PATCH /repos/o/r/issues/comments/(\d+)", edited),
                (r"GET /repos/o/r/commits/(\w+)/pulls", lambda sha: (
                    200, [{"number": n, "merged_at": "2026-11-24T00:00:00Z", "head": {"sha": self.head},
                           "base": {"ref": self.base}} for n in self.commits.get(sha, [])])),
            ]
        return [
            (r"GET /user", lambda: (200, {"id": self.user})),
            (r"GET /projects/1/merge_requests/(\d+)/notes", listed),
            (r"POST /projects/1/merge_requests/(\d+)/notes", created),
            (r"PUT /projects/1/merge_requests/(\d+)/notes/(\d+)", lambda number, note: edited(note)),
            (r"GET /projects/1/repository/commits/(\w+)/merge_requests", lambda sha: (
                200, [{"iid": n, "state": "merged", "sha": self.head, "target_branch": self.base} for n in self.commits.get(sha, [])])),
        ]
