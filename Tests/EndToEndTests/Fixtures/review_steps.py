"""Runs the steps in ci/steps as a runner would, against a host on loopback.

    review_steps.py STEPS_FOLDER CASE HOST        HOST: github or gitlab; the case's own assertions decide
"""

import functools
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fake_host import FakeHost

MARKER = "<!-- muster plan p/local -->"
DIGEST = "sha256:" + "a" * 64
REVIEW_KEY = "a-key-that-both-jobs-hold"
USER = {"login": "mallory", "type": "User"}


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Bench:
    def __init__(self, steps, kind):
        self.steps = Path(steps)
        self.kind = kind
        self.host = FakeHost(kind)
        self.folder = Path(tempfile.mkdtemp(prefix="muster-steps-"))
        self.review = self.file("review.md", f"{MARKER}\n\nnew\n\nDigest: `{DIGEST}`\n")
        self.extra = {}
        self.short = self.file("short.md", f"{MARKER}\n\nshort\n")

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def environment(self):
        program = Path(os.environ.get("MUSTER_PROGRAM", "/usr/bin/muster")).parent
        common = {"PATH": f"{program}:{os.environ['PATH']}", "HOME": str(self.folder), "MUSTER_HOST_TOKEN": self.host.token,
                  "LANG": "C.UTF-8", "MUSTER_LONGEST_WAIT": "0", "MUSTER_REVIEW_KEY": REVIEW_KEY, "MUSTER_HEAD_SHA": "f00d",
                  "MUSTER_BASE_REF": "main", "GITHUB_REF_NAME": "main", "CI_COMMIT_BRANCH": "main"} | self.extra
        if self.kind == "github":
            return common | {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": self.host.api, "GITHUB_REPOSITORY": "o/r",
                             "MUSTER_PULL_REQUEST": "5"}
        return common | {"GITLAB_CI": "true", "CI_API_V4_URL": self.host.api, "CI_PROJECT_ID": "1",
                         "CI_MERGE_REQUEST_IID": "5"}

    def run(self, step, *arguments, expect=0):
        result = subprocess.run(
            ["bash", str(self.steps / step), *arguments], env=self.environment(), capture_output=True, text=True,
            timeout=300, stdin=subprocess.DEVNULL, cwd=self.folder)
        said = result.stdout + result.stderr
        assert result.returncode == expect, f"{step} exited with {result.returncode}: {said}"
        assert self.host.token not in said, "the token was printed"
        assert REVIEW_KEY not in said, "the key was printed"
        assert not self.host.leaks, f"the token was on a command line: {self.host.leaks}"
        return result.stdout, said

    def samples(self):
        shutil.copytree(self.steps.parent.parent / "assistants", self.folder / "assistants",
                        ignore=shutil.ignore_patterns(".muster"))

    def call(self, *command):
        subprocess.run(command, env=self.environment(), check=True, capture_output=True, timeout=300,
                       stdin=subprocess.DEVNULL, cwd=self.folder)

    def muster(self, *arguments):
        self.call("muster", *arguments)

    def git(self, *arguments):
        self.call("git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments)

    def edit_on_the_server(self):
        """What somebody's click on a web page would do."""
        store = sqlite3.connect(self.folder / "assistants/.muster/local.sqlite")
        with store:
            for table, in store.execute("select name from sqlite_master where type = 'table'").fetchall():
                for column in [row[1] for row in store.execute(f"pragma table_info('{table}')")]:
                    store.execute(f"update \"{table}\" set \"{column}\" = replace(\"{column}\", ?, ?) "
                                  f"where typeof(\"{column}\") in ('text', 'blob') and \"{column}\" like ?",
                                  ("Remembers what was said", "Forgets what was said", "%Remembers what was said%"))
        store.close()

    def release(self, version):
        """A program as a release would hold it."""
        folder = self.folder / "releases" / f"v{version}"
        folder.mkdir(parents=True)
        name = f"muster-{version}-{platform.system().lower()}-{platform.machine()}"
        archive = folder / f"{name}.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
            script = self.folder / "muster"
            script.write_text(f"#!/bin/sh\necho muster {version}\n")
            script.chmod(0o755)
            tar.add(script, f"{name}/muster")
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        archive.with_name(archive.name + ".sha256").write_text(f"{digest}  {archive.name}\n")
        return archive

    def releases(self, handler=QuietHandler):
        """Serves the releases over https, with a certificate of its own: the step knows no other way."""
        certificate, key = self.folder / "certificate.pem", self.folder / "key.pem"
        self.call("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=releases",
                  "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(certificate), "-keyout", str(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(handler, directory=str(self.folder / "releases")))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"https://127.0.0.1:{server.server_port}"

    def install(self, version, releases, sha256=None, expect=0):
        """Runs the step; gives what it put on the path, and what it said."""
        path = self.file("path", "")
        self.extra = {"GITHUB_PATH": path, "RUNNER_TEMP": str(self.folder), "MUSTER_RELEASES": releases,
                      "RUNNER_TOOL_CACHE": str(self.folder / "tools"),
                      "CURL_CA_BUNDLE": str(self.folder / "certificate.pem")} | ({"MUSTER_SHA256": sha256} if sha256 else {})
        _, said = self.run("install.sh", version, "nowhere", expect=expect)
        return Path(path).read_text().strip(), said

    def posted(self):
        """The review as it is posted: with a signature below its digest."""
        text = Path(self.review).read_text()
        subject = f"{self.kind} {'o/r' if self.kind == 'github' else '1'} 5 f00d main p/local"
        signed = subprocess.run(["muster", "review", "sign", DIGEST, "--subject", subject], env=self.environment(),
                                check=True, capture_output=True, text=True).stdout.strip()
        return text.replace(f"Digest: `{DIGEST}`\n", f"Digest: `{DIGEST}`\n\nSignature: `{signed}`\n")

    def comment(self, expect=0):
        return self.run("comment.sh", self.review, self.short, expect=expect)


def created(bench):
    bench.comment()
    assert bench.host.bodies("5") == [bench.posted()]


def replaced(bench):
    for number in range(3):
        bench.host.add("5", f"unrelated {number}")
    bench.host.add("5", f"{MARKER}\r\n\r\nold")
    bench.comment()
    bench.comment()
    assert bench.host.count("POST") == 0
    assert bench.host.bodies("5")[3:] == [bench.posted()]


def found_on_a_later_page(bench):
    for number in range(230):
        bench.host.add("5", f"unrelated {number}")
    bench.host.add("5", f"{MARKER}\n\nold")
    bench.comment()
    assert len(bench.host.bodies("5")) == 231
    assert bench.host.bodies("5")[-1].endswith("`\n")


def comments_of_others_are_left_alone(bench):
    forged = f"{MARKER}\n\nforged"
    bench.host.add("5", forged, USER)
    bench.comment()
    assert bench.host.bodies("5")[0] == forged
    assert len(bench.host.bodies("5")) == 2


def other_environments_are_left_alone(bench):
    bench.host.add("5", "<!-- muster plan p/production -->\n\nother")
    bench.comment()
    assert len(bench.host.bodies("5")) == 2


def rate_limited(bench):
    slow = (429, [("Retry-After", "1")])
    spent = (403, [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1")])
    bench.host.script = [("GET", slow), ("GET", spent), ("POST", slow), ("POST", spent)]
    bench.comment()
    assert bench.host.bodies("5") == [bench.posted()]


def rate_limited_for_ever(bench):
    bench.host.script = [("GET", (429, [("Retry-After", "1")]))] * 9
    _, said = bench.comment(expect=1)
    assert "comments cannot be read (429: slow down)" in said
    assert bench.host.count("GET") <= 6 and bench.host.count("POST") == 0


def too_large(bench):
    bench.review = bench.file("review.md", f"{MARKER}\n" + "漢" * 1_000_001)
    _, said = bench.comment()
    assert "Body is too long" in said
    assert bench.host.bodies("5") == [Path(bench.short).read_text()]


def as_large_as_the_host_takes(bench):
    limit = 65_536 if bench.kind == "github" else 1_000_000
    text = MARKER + "\n"
    bench.review = bench.file("review.md", text + "漢" * (limit - len(text)))
    bench.comment()
    assert len(bench.host.bodies("5")[0]) == limit


def a_review_that_cannot_be_posted_fails(bench):
    bench.host.forbids_writing = True
    _, said = bench.comment(expect=1)
    assert "could not be posted" in said


def a_marker_held_by_another_bot_does_not_keep_ours_out(bench):
    theirs = bench.host.add("5", f"{MARKER}\n\nDigest: `sha256:{'b' * 64}`\n", {"login": "other[bot]", "type": "Bot"})
    bench.host.forbidden_comments = {theirs}
    bench.comment()
    assert len(bench.host.bodies("5")) == 2
    bench.host.commits["abc"] = [5]
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == DIGEST + "\n"


def forbidden_on_forks(bench):
    bench.host.forbids_writing = True
    bench.extra = {"MUSTER_IS_FORK": "true"}
    output, said = bench.comment()
    assert "Pull requests from forks get such tokens" in said
    assert bench.host.bodies("5") == []
    if bench.kind == "github":
        assert output.startswith("::notice title=Muster::")


def a_wrong_token_is_said(bench):
    bench.host.script = [("GET", 401)]
    _, said = bench.comment(expect=1)
    assert "could not be posted (401" in said


def server_errors_are_tried_again(bench):
    bench.host.script = [("GET", 502), ("GET", 503), ("POST", 500)]
    bench.comment()
    assert bench.host.bodies("5") == [bench.posted()]


def a_lost_answer_makes_no_twin(bench):
    bench.host.script = [("POST", "lose")]
    bench.comment()
    assert len(bench.host.bodies("5")) == 1


def a_file_that_is_no_review_is_refused(bench):
    bench.review = bench.file("review.md", "hello\n")
    bench.comment(expect=1)
    assert bench.host.seen == []


def hostile_reviews_arrive_unchanged(bench):
    text = f"{MARKER}\n\n\"quotes\" \\ $(touch owned) `id` %0A ::error::x \t 漢字 \u202e\n@$HOME\n"
    bench.review = bench.file("review.md", text)
    bench.comment()
    assert bench.host.bodies("5") == [text]
    assert not Path("owned").exists()


def the_reviewed_digest_is_found(bench):
    bench.host.commits["abc"] = [5]
    bench.comment()
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == DIGEST + "\n"


def a_token_that_may_only_read_finds_the_review(bench):
    """The apply job's token is another one, by the scope read_api or by the permission pull-requests: read."""
    bench.host.commits["abc"] = [5]
    bench.comment()
    bench.host.user = 9
    bench.host.forbids_writing = True
    bench.extra = {"MUSTER_COMMENT_AUTHOR": "github-actions[bot]"}
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == DIGEST + "\n"
    bench.extra = {"MUSTER_COMMENT_AUTHOR": "somebody-else"}
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == ""


def refused(bench):
    _, said = bench.run("reviewed-digest.sh", "abc", "p/local", expect=3)
    assert "does not hold for its last commit" in said


def a_forged_digest_does_not_count(bench):
    bench.host.commits["abc"] = [5]
    bench.host.add("5", f"{MARKER}\n\nDigest: `sha256:{'b' * 64}`\n", USER)
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == ""
    # Another bot quotes the attacker's text, marker and digest included.
    bench.host.add("5", f"{MARKER}\n\nDigest: `sha256:{'b' * 64}`\n\nSignature: `{'c' * 64}`\n")
    refused(bench)


def an_edited_review_does_not_count(bench):
    bench.host.commits["abc"] = [5]
    bench.comment()
    comment = bench.host.comments["5"][0]
    comment["body"] = comment["body"].replace("a" * 64, "b" * 64)
    refused(bench)


def a_push_after_the_review_is_refused(bench):
    bench.host.commits["abc"] = [5]
    bench.comment()
    bench.host.head = "beef"
    refused(bench)


def a_review_of_another_request_does_not_count(bench):
    bench.host.commits["abc"] = [6]
    bench.comment()
    bench.host.comments["6"] = bench.host.comments["5"]
    refused(bench)


def a_review_of_another_environment_does_not_count(bench):
    """Our own bot's comment, our own signature, and another environment's marker above them."""
    bench.host.commits["abc"] = [5]
    bench.comment()
    comment = bench.host.comments["5"][0]
    comment["body"] = comment["body"].replace(MARKER, "<!-- muster plan p/production -->")
    _, said = bench.run("reviewed-digest.sh", "abc", "p/production", expect=3)
    assert "does not hold for its last commit" in said


def a_request_into_another_branch_does_not_count(bench):
    bench.host.commits["abc"] = [5]
    bench.comment()
    bench.host.base = "attic"
    output, said = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == "" and "went into attic" in said


def without_a_key_nothing_is_proven(bench):
    bench.host.commits["abc"] = [5]
    bench.comment()
    bench.extra = {"MUSTER_REVIEW_KEY": ""}
    _, said = bench.run("reviewed-digest.sh", "abc", "p/local", expect=1)
    assert "MUSTER_REVIEW_KEY is not set" in said


def a_commit_without_a_review_has_no_digest(bench):
    output, _ = bench.run("reviewed-digest.sh", "abc", "p/local")
    assert output == ""


# The steps that run the built program, on the sample project and the built-in server.


def planned(bench):
    outputs = bench.file("outputs", "")
    summary = bench.file("summary", "")
    bench.extra = {"GITHUB_OUTPUT": outputs, "GITHUB_STEP_SUMMARY": summary}
    bench.samples()
    bench.run("plan.sh", "assistants", "", "out")
    values = dict(line.split("=", 1) for line in Path(outputs).read_text().splitlines())
    assert values["changes"] == "true" and values["plan-file"] == "out/plan.json"
    review = (bench.folder / "out/review.md").read_text()
    assert f"Digest: `{values['digest']}`" in review
    assert Path(summary).read_text() == review
    assert "<h1>Muster plan for local</h1>" in (bench.folder / "out/plan.html").read_text()
    assert len((bench.folder / "out/review-short.md").read_text()) <= 15_000
    bench.review = str(bench.folder / "out/review.md")
    bench.comment()
    bench.host.commits["abc"] = [5]
    bench.extra = {"GITHUB_SHA": "abc"}
    bench.run("apply.sh", "assistants", "", "reviewed")
    bench.extra = {"GITHUB_OUTPUT": outputs}
    bench.run("plan.sh", "assistants", "", "out")
    assert Path(outputs).read_text().splitlines()[-3] == "changes=false"
    bench.extra = {"GITHUB_SHA": "def"}
    bench.run("apply.sh", "assistants", "", "reviewed")  # nothing was reviewed, and nothing is to be done


def previewed(bench):
    outputs = bench.file("outputs", "")
    bench.extra = {"GITHUB_OUTPUT": outputs}
    bench.samples()
    bench.run("plan.sh", "assistants", "", "out")
    digest = json.loads((bench.folder / "out/plan.json").read_text())["digest"]
    bench.run("apply.sh", "assistants", "", digest)
    spec = next(path for path in sorted((bench.folder / "assistants").glob("*.yaml")) if path.name != "muster.yaml")
    spec.write_text("model: m\ntests: [{name: finds the zebra, prompt: Hi, assert: [{type: contains, value: Hi}]}]\n")
    bench.run("plan.sh", "assistants", "", "out")
    digest = json.loads((bench.folder / "out/plan.json").read_text())["digest"]
    bench.run("apply.sh", "assistants", "", digest)
    spec.write_text(spec.read_text().replace("model: m", "model: m\nresponse_format: {type: json_object}").replace(
        "contains, value: Hi", "not-is-json"))
    bench.run("preview.sh", "assistants", "", "out", expect=4)
    values = dict(line.split("=", 1) for line in Path(outputs).read_text().splitlines())
    assert values["regressions"] == "1" and values["preview-report"] == "out/preview.html", values
    lines = (bench.folder / "out/review.md").read_text().splitlines()
    assert lines[0].startswith("<!-- muster plan "), lines[0]
    assert "1 of 1 answers regressed" in lines[1], lines[1]
    assert f"Digest: `{values['digest']}`" in lines
    assert "failures=\"1\"" in (bench.folder / "out/preview.xml").read_text()
    # The comment is found and replaced as a plan's is.
    bench.review = str(bench.folder / "out/review.md")
    bench.comment()
    bench.comment()


def a_preview_of_a_proposal_sends_nothing_elsewhere(bench):
    bench.samples()
    spec = next(path for path in sorted((bench.folder / "assistants").glob("*.yaml")) if path.name != "muster.yaml")
    spec.write_text("model: m\ntools: [{type: function, function: {name: F}}]\ntests:\n"
                    "  - {prompt: Hi, tools: {F: {mode: http, url: 'http://127.0.0.1:1/'}}, assert: [{type: tool-called, value: F}]}\n")
    bench.extra = {"GITHUB_EVENT_NAME": "pull_request"}
    _, said = bench.run("preview.sh", "assistants", "", "out", expect=3)
    assert "sends requests to http://127.0.0.1:1/" in said, said
    assert "before any answer was compared" in (bench.folder / "out/review.md").read_text()


class Thief(SimpleHTTPRequestHandler):
    """A server that a pull request would like the key to be sent to."""
    seen = []

    def do_GET(self):
        Thief.seen.append((self.path, self.headers.get("Authorization")))
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


def a_proposal_cannot_send_the_key_elsewhere(bench):
    """What a pull request may change of where and how is shown, and not used."""
    thief = ThreadingHTTPServer(("127.0.0.1", 0), Thief)
    threading.Thread(target=thief.serve_forever, daemon=True).start()
    project = bench.folder / "assistants"
    project.mkdir()
    (project / "a.yaml").write_text("model: m\nname: A\n")
    base = "project: p\ndefault_environment: e\nenvironments:\n  e: {base_url: %s, api_key: {env: THE_KEY}}\n"
    honest = f"http://127.0.0.1:{ThreadingHTTPServer(('127.0.0.1', 0), SimpleHTTPRequestHandler).server_port}/v1"
    (project / "muster.yaml").write_text(base % honest)
    bench.git("init", "-q", ".")
    bench.git("add", "-A")
    bench.git("commit", "-qm", "base")
    bench.git("tag", "base")
    bench.extra = {"MUSTER_TRUSTED_BASE": "base", "THE_KEY": "the-key-of-the-job", "GITHUB_SUMMARY": "x"}
    evil = f"http://127.0.0.1:{thief.server_port}/v1"
    program = bench.folder / "steal.sh"
    program.write_text("#!/bin/sh\ntouch \"$(dirname \"$0\")/stolen\"\necho k\n")
    program.chmod(0o755)
    for proposal in [base % evil, (base % honest).replace("{env: THE_KEY}", f"{{command: [{program}]}}"),
                     (base % honest).replace("api_key:", f"headers: {{x: {{env: THE_KEY, secret: true}}}}, api_key:")]:
        (project / "muster.yaml").write_text(proposal)
        # The honest server does not answer, so the plan fails; what matters is who was asked for what.
        subprocess.run(["bash", str(bench.steps / "plan.sh"), "assistants", "", "out"], env=bench.environment(),
                       capture_output=True, timeout=120, stdin=subprocess.DEVNULL, cwd=bench.folder)
    assert Thief.seen == [], Thief.seen
    assert not (bench.folder / "stolen").exists()
    (project / "muster.yaml").write_text(base % honest)
    (project / "a.yaml").write_text("model: m\ninstructions: {env: THE_KEY}\n")
    _, said = bench.run("plan.sh", "assistants", "", "out", expect=1)
    assert "sounds like a key" in said and "the-key-of-the-job" not in said


def a_change_of_where_and_how_is_shown_first(bench):
    """A proposal that changes the address and the headers: planned against the base's, and said above everything else."""
    seen = []

    class Honest(QuietHandler):
        def do_GET(self):
            seen.append(self.headers.get("Authorization"))
            body = b'{"object": "list", "data": [], "has_more": false}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Honest)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    project = bench.folder / "assistants"
    project.mkdir()
    (project / "a.yaml").write_text("model: m\nname: A\n")
    base = ("project: p\ndefault_environment: e\nenvironments:\n"
            f"  e: {{base_url: http://127.0.0.1:{server.server_port}/v1, api_key: {{env: THE_KEY}}}}\n")
    (project / "muster.yaml").write_text(base)
    bench.git("init", "-q", ".")
    bench.git("add", "-A")
    bench.git("commit", "-qm", "base")
    bench.git("tag", "base")
    bench.extra = {"MUSTER_TRUSTED_BASE": "base", "THE_KEY": "the-key-of-the-job", "GITHUB_EVENT_NAME": "pull_request"}
    bench.run("plan.sh", "assistants", "", "out")
    honest = json.loads((bench.folder / "out/plan.json").read_text())
    assert "where and how" not in (bench.folder / "out/review.md").read_text()
    (project / "muster.yaml").write_text(base.replace("http://", "https://evil.example/").replace(
        "api_key", "headers: {x-team: a}, api_key"))
    bench.run("plan.sh", "assistants", "", "out")
    plan = json.loads((bench.folder / "out/plan.json").read_text())
    assert plan["target"] == honest["target"], plan["target"]
    assert plan["digest"] != honest["digest"]
    assert seen and set(seen) == {"Bearer the-key-of-the-job"}, seen
    for name in ("review.md", "review-short.md"):
        review = (bench.folder / "out" / name).read_text()
        where = review.index("where and how")
        assert "base_url, headers" in review[where:], review
        assert where < review.index("assistant.a"), review


def a_proposal_runs_no_program(bench):
    """Whatever names a program in a job for a pull request, nothing is run, unless the team says so by name."""
    project = bench.folder / "assistants"
    project.mkdir()
    program = project / "steal.sh"
    program.write_text("#!/bin/sh\ntouch stolen\necho key\n")
    program.chmod(0o755)
    url = "http://127.0.0.1:1/v1"
    keyed = "project: p\ndefault_environment: e\nenvironments:\n  e: {base_url: %s, api_key: {command: [%s]}}\n"
    (project / "muster.yaml").write_text(keyed % (url, program))
    test = "model: m\ntests:\n  - {prompt: Hi, setup: [%s], assert: [{type: run-status, value: completed}]}\n"
    (project / "a.yaml").write_text(test % program)
    bench.git("init", "-q", ".")
    bench.git("add", "-A")
    bench.git("commit", "-qm", "base")
    bench.git("tag", "base")
    # The base names the program, but its text is the proposal's.
    bench.extra = {"MUSTER_TRUSTED_BASE": "base"}
    _, said = bench.run("plan.sh", "assistants", "", "out", expect=3)
    assert "not reviewed" in said and "MUSTER_UNREVIEWED_COMMANDS=allow" in said, said
    bench.extra = {"GITHUB_EVENT_NAME": "pull_request"}
    for step in [("plan.sh", "assistants", "", "out"), ("test.sh", "assistants", "", "out"),
                 ("drift.sh", "assistants", "")]:
        _, said = bench.run(*step, expect=3)
        assert "not reviewed" in said, (step, said)
    # Without a key it is the test's own program that is refused, before anything is asked; on GitLab just so.
    (project / "muster.yaml").write_text("project: p\n")
    for extra in [{"GITHUB_EVENT_NAME": "pull_request_target"}, {"CI_MERGE_REQUEST_IID": "7"}]:
        bench.extra = extra
        _, said = bench.run("test.sh", "assistants", "local", "out", expect=3)
        assert "not reviewed" in said or "not deployed" in said, said
    assert not list(bench.folder.rglob("stolen"))
    (project / "muster.yaml").write_text(keyed % (url, program))
    bench.extra = {"GITHUB_EVENT_NAME": "pull_request", "MUSTER_UNREVIEWED_COMMANDS": "allow"}
    bench.run("plan.sh", "assistants", "", "out", expect=1)
    assert list(bench.folder.rglob("stolen"))


def what_was_not_reviewed_is_not_applied(bench):
    bench.samples()
    bench.extra = {"GITHUB_SHA": "abc"}
    _, said = bench.run("apply.sh", "assistants", "", "reviewed", expect=3)
    assert "no plan was reviewed" in said
    _, said = bench.run("apply.sh", "assistants", "", DIGEST, expect=3)
    assert "not the one that was reviewed" in said


def a_broken_spec_is_annotated(bench):
    bench.samples()
    (bench.folder / "assistants/broken.yaml").write_text("model: m\ntemprature: 1\n")
    output, _ = bench.run("plan.sh", "assistants", "", "out", expect=1)
    assert output.startswith("::error file=assistants/broken.yaml,line=2,"), output


def tested(bench):
    bench.samples()
    bench.extra = {"GITHUB_STEP_SUMMARY": bench.file("summary", "")}
    bench.muster("apply", "--auto-approve")
    bench.run("test.sh", "assistants", "", "out")
    assert "<testsuites" in (bench.folder / "out/junit.xml").read_text()
    assert "muster test on" in (bench.folder / "summary").read_text()


def a_failing_test_is_annotated(bench):
    bench.samples()
    spec = bench.folder / "assistants/companion.yaml"
    spec.write_text(spec.read_text() + "  - name: zebra\n    prompt: Hi\n    assert:\n"
                                       "      - {type: contains, value: zebra}\n")
    bench.muster("apply", "--auto-approve")
    output, _ = bench.run("test.sh", "assistants", "", "out", expect=4)
    line = len(spec.read_text().splitlines())
    assert f"\n::error file=assistants/companion.yaml,line={line}," in output, output
    assert "title=companion%3A zebra::contains: expected" in output


def drift_is_found(bench):
    bench.samples()
    bench.muster("apply", "--auto-approve")
    bench.run("drift.sh", "assistants", "")
    bench.edit_on_the_server()
    bench.extra = {"GITHUB_STEP_SUMMARY": bench.file("summary", "")}
    _, said = bench.run("drift.sh", "assistants", "", expect=3)
    assert "# drift" in said
    assert "drift on 1" in (bench.folder / "summary").read_text()


def compared(bench):
    bench.samples()
    bench.git("init", "-q", ".")
    bench.git("add", "-A")
    bench.git("commit", "-qm", "base")
    bench.git("tag", "base")
    spec = bench.folder / "assistants/companion.yaml"
    spec.write_text(spec.read_text().replace("temperature: 0", "temperature: 1"))
    outputs = bench.file("outputs", "")
    bench.extra = {"GITHUB_OUTPUT": outputs}
    bench.run("diff.sh", "assistants", "base", "out")
    assert Path(outputs).read_text() == "changes=true\n"
    assert "temperature = 0 -> 1" in (bench.folder / "out/review.md").read_text()


def a_link_in_place_of_the_output_is_refused(bench):
    bench.samples()
    (bench.folder / "elsewhere").mkdir()
    (bench.folder / "out").symlink_to(bench.folder / "elsewhere")
    for step, arguments in [("plan.sh", ["assistants", "", "out"]), ("diff.sh", ["assistants", "HEAD", "out"]),
                            ("test.sh", ["assistants", "", "out"])]:
        _, said = bench.run(step, *arguments, expect=1)
        assert "is a link" in said
    (bench.folder / "real").mkdir()
    (bench.folder / "real/review.md").symlink_to(bench.folder / "elsewhere/victim")
    bench.run("plan.sh", "assistants", "", "real", expect=1)
    assert not (bench.folder / "elsewhere/victim").exists()


def an_output_of_two_lines_is_refused(bench):
    """A value with a line break could set another output."""
    outputs = bench.file("outputs", "")
    for value in ("a\nevil=1", "a\r\nevil=1", "a\revil=1"):
        script = bench.folder / "step.sh"
        script.write_text(f"set -euo pipefail\n. {bench.steps}/output.sh\noutput changes \"$1\"\n")
        result = subprocess.run(["bash", str(script), value], env={**bench.environment(), "GITHUB_OUTPUT": outputs},
                                capture_output=True, text=True, timeout=60)
        assert result.returncode == 1 and "has a line break" in result.stderr, result
    assert Path(outputs).read_text() == ""


def a_strange_command_of_the_action_fails(bench):
    """The first step of the action, as it stands there."""
    action = (bench.steps.parent.parent / "action.yml").read_text()
    step = action[action.index("- name: Check the command"):action.index("- name: Install muster")]
    lines = step[step.index("run: |") + len("run: |\n"):].rstrip().splitlines()
    script = "\n".join(line[8:] for line in lines)
    for command, expected in [("plan", 0), ("preview", 0), ("diff", 0), ("apply", 0), ("test", 0), ("drift", 0), ("aply", 1),
                              ("", 1), ("plan apply", 1), ("Plan", 1), ("*", 1), ("plan\napply", 1)]:
        result = subprocess.run(["bash", "-eo", "pipefail", "-c", script], env={**bench.environment(), "COMMAND": command},
                                capture_output=True, text=True, timeout=60)
        assert result.returncode == expected, (command, result)
        assert expected == 0 or "command is plan, preview" in result.stdout


def sum_of(archive):
    return hashlib.sha256(archive.read_bytes()).hexdigest()


class CountingHandler(QuietHandler):
    """Counts what is fetched."""
    fetched = []

    def do_GET(self):
        CountingHandler.fetched.append(self.path)
        super().do_GET()


class CuttingHandler(QuietHandler):
    """Ends the connection in the middle of a file."""

    def copyfile(self, source, outputfile):
        outputfile.write(source.read()[:100])
        self.close_connection = True


class SendingHandler(QuietHandler):
    """Sends everybody to the same file over plain http."""
    elsewhere = ""

    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", SendingHandler.elsewhere + self.path)
        self.end_headers()


def a_release_is_installed(bench):
    archive = bench.release("0.1.0")
    path, said = bench.install("0.1.0", bench.releases(), sum_of(archive))
    assert path == str(bench.folder / "muster-bin")
    assert said.strip() == "muster 0.1.0"
    assert subprocess.check_output([path + "/muster"], text=True) == "muster 0.1.0\n"


def the_archive_of_make_dist_is_installed(bench):
    """Where one was made: its layout and its name are those that the step expects."""
    made = sorted((bench.steps.parent.parent / ".build/dist").glob("muster-*.tar.gz"))
    for archive in made:
        version = archive.name.split("-")[1]
        folder = bench.folder / "releases" / f"v{version}"
        folder.mkdir(parents=True)
        shutil.copy(archive, folder)
        _, said = bench.install(version, bench.releases(), sum_of(archive))
        assert said.startswith(f"muster {version} (commit "), said


def a_release_is_fetched_once(bench):
    archive = bench.release("0.1.0")
    releases = bench.releases(CountingHandler)
    bench.install("0.1.0", releases, sum_of(archive))
    bench.install("0.1.0", releases, sum_of(archive))
    assert len(CountingHandler.fetched) == 1, CountingHandler.fetched


def what_lies_in_the_cache_is_not_believed(bench):
    archive = bench.release("0.1.0")
    releases = bench.releases(CountingHandler)
    bench.install("0.1.0", releases, sum_of(archive))
    kept = next((bench.folder / "tools/muster-archives").iterdir())
    kept.write_bytes(b"another program")
    _, said = bench.install("0.1.0", releases, sum_of(archive))
    assert said.strip() == "muster 0.1.0"
    assert len(CountingHandler.fetched) == 2, CountingHandler.fetched


def a_release_with_another_checksum_is_refused(bench):
    archive = bench.release("0.1.0")
    right = sum_of(archive)
    archive.write_bytes(archive.read_bytes() + b"x")
    path, said = bench.install("0.1.0", bench.releases(), right, expect=1)
    assert path == ""
    assert "its checksum is another" in said
    assert not (bench.folder / "muster-bin/muster").exists()


def half_a_release_is_refused(bench):
    archive = bench.release("0.1.0")
    path, said = bench.install("0.1.0", bench.releases(CuttingHandler), sum_of(archive), expect=1)
    assert path == ""
    assert "could not be had" in said


def a_release_without_a_checksum_is_refused(bench):
    bench.release("0.1.0")  # with a sum beside it, which is worth no more than the archive
    path, said = bench.install("0.1.0", bench.releases(), expect=1)
    assert path == ""
    assert "no checksum of muster-0.1.0-" in said


def a_release_that_is_not_there_is_said(bench):
    bench.release("0.1.0")
    _, said = bench.install("0.9.0", bench.releases(), "0" * 64, expect=1)
    assert "404" in said and "v0.9.0/muster-0.9.0-" in said


def a_release_over_plain_http_is_refused(bench):
    for releases in ("http://releases.example", "http://127.0.0.1:9", "ftp://releases.example", "file:///tmp"):
        _, said = bench.install("0.1.0", releases, "0" * 64, expect=1)
        assert "over https only" in said


def a_redirection_to_plain_http_is_refused(bench):
    archive = bench.release("0.1.0")
    plain = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(CountingHandler, directory=str(bench.folder / "releases")))
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    SendingHandler.elsewhere = f"http://127.0.0.1:{plain.server_port}"
    path, _ = bench.install("0.1.0", bench.releases(SendingHandler), sum_of(archive), expect=1)
    assert path == "" and not CountingHandler.fetched


def a_server_that_nobody_vouches_for_is_refused(bench):
    archive = bench.release("0.1.0")
    releases = bench.releases()
    bench.call("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=other",
               "-out", str(bench.folder / "certificate.pem"), "-keyout", str(bench.folder / "other.pem"))
    path, _ = bench.install("0.1.0", releases, sum_of(archive), expect=1)
    assert path == ""


def a_strange_version_is_refused(bench):
    for version in ("$(touch owned)", "0/../../evil", "latest", "v0.1.0", "Source"):
        _, said = bench.install(version, "https://releases.example", expect=1)
        assert f'not "{version}"' in said
    assert not (bench.folder / "owned").exists()


def an_apply_leaves_what_it_overwrote(bench):
    bench.samples()
    bench.muster("apply", "-C", "assistants", "--auto-approve")
    shutil.rmtree(bench.folder / "assistants/.muster/history", ignore_errors=True)
    spec = bench.folder / "assistants/companion.yaml"
    spec.write_text(spec.read_text().replace("temperature: 0", "temperature: 1"))
    outputs = bench.file("outputs", "")
    bench.extra = {"GITHUB_OUTPUT": outputs}
    bench.run("plan.sh", "assistants", "", "out")
    digest = next(line for line in Path(outputs).read_text().splitlines() if line.startswith("digest="))[7:]
    bench.extra = {"GITHUB_OUTPUT": outputs, "GITHUB_SHA": "abc"}
    bench.run("apply.sh", "assistants", "", digest)
    assert Path(outputs).read_text().splitlines()[-1] == "history=muster-output/history"
    assert len(list((bench.folder / "muster-output/history").glob("*.json"))) == 1
    bench.muster("rollback", "companion", "-C", "assistants", "--from", "muster-output/history", "--auto-approve")


if __name__ == "__main__":
    steps, case, kind = sys.argv[1:]
    bench = Bench(steps, kind)
    try:
        globals()[case](bench)
    finally:
        shutil.rmtree(bench.folder)
