"""Loads pages in a browser, counts what they ask for and looks at what they became.

    page.py CANARY FILE...       CANARY: the host in the pages' hostile texts, which a server here takes the place of
"""

import http.server
import re
import subprocess
import sys
import tempfile
import threading
from html.parser import HTMLParser
from pathlib import Path

hits = []


class Counter(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        hits.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = set()
        self.handlers = []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.handlers += [name for name, _ in attributes if name.startswith("on") or name in ("src", "style")]


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter)
threading.Thread(target=server.serve_forever, daemon=True).start()
here = f"127.0.0.1:{server.server_port}"
folder = Path(tempfile.mkdtemp(prefix="muster-page-"))


def load(text, *options):
    file = folder / "page.html"
    file.write_text(text)
    return subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--disable-background-networking",
         f"--user-data-dir={folder}/profile", *options, "--dump-dom", f"file://{file}"],
        capture_output=True, text=True, timeout=120, check=True).stdout


# The trap itself must work, or an empty one would prove nothing.
caught = load(f"<title>a</title><img src=http://{here}/control.png><script>document.title='owned'</script>")
assert hits == ["/control.png"] and "<title>owned</title>" in caught, (hits, caught)
hits.clear()

for name in sys.argv[2:]:
    source = Path(name).read_bytes().decode()
    title = re.search("<title>(.*?)</title>", source).group(1)
    page = load(source.replace(sys.argv[1], here))
    assert not hits, f"{name} asked for {hits}"
    assert f"<title>{title.replace(sys.argv[1], here)}</title>" in page, f"{name} changed its title"
    parser = Tags()
    parser.feed(page)
    allowed = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "ul", "li", "div", "fieldset",
               "legend", "label", "input", "nav", "details", "summary", "a", "span", "bdi", "main", "pre", "code", "del", "ins",
               "script", "form", "section", "small", "b", "dl", "dt", "dd", "figure", "figcaption", "svg", "rect", "line"}
    assert parser.tags <= allowed, parser.tags - allowed
    assert not parser.handlers, parser.handlers
    assert page.count("<script") == source.count("<script")
    assert "onerror" in source, "the page holds no hostile text"
print("no script, no request")
