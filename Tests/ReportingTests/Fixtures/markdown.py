"""Renders Markdown as a code host does and looks for anything that Muster did not write.

    markdown.py FILE EXPECTED      EXPECTED: {"details": N, "rows": N, "texts": [lines that must be shown]}
"""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

TAGS = {"h3", "p", "strong", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li"}
# What hosts make links, pings and pictures of in a finished page, outside code.
ACTIVE = {
    "mention": r"@[A-Za-z0-9]", "issue": r"#\d", "other issue": r"\bGH-\d", "commit": r"\b[0-9a-f]{7,40}\b",
    "address": r"(?i)\b(?:https?|ftp|mailto|xmpp):|www\.", "emoji": r":[a-z+][a-z0-9_+-]*:", "formula": r"\$", "note": r"\[[\^\[]",
}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.counts, self.comments = [], {}, []
        self.inert, self.free, self.problems = [], [], []

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        allowed = {("class", "language-diff"), ("align", "right")}
        if tag not in TAGS or not set(attributes) <= allowed:
            self.problems.append(f"tag {tag} {attributes}")
        self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"unmatched </{tag}> at {self.getpos()}")

    def handle_comment(self, text):
        self.comments.append(text)

    def handle_decl(self, text):
        self.problems.append(f"declaration {text}")

    def unknown_decl(self, text):
        self.problems.append(f"declaration {text}")

    def handle_pi(self, text):
        self.problems.append(f"instruction {text}")

    def handle_data(self, text):
        (self.inert if "code" in self.stack or "pre" in self.stack else self.free).append(text)


file, expected = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
source = file.read_bytes().decode()
rendered = subprocess.run(
    ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist"], input=source,
    capture_output=True, text=True, check=True).stdout
page = Page()
page.feed(rendered)
page.close()
assert not page.stack, f"left open: {page.stack}"
assert not page.problems, page.problems[:5]
assert len(page.comments) == 1 and source.startswith("<!--"), page.comments[:5]
for tag in ("details", "summary"):
    assert page.counts.get(tag, 0) == expected["details"], (tag, page.counts, expected["details"])
if "fences" in expected:
    assert page.counts.get("pre", 0) == expected["fences"], (page.counts, expected["fences"])
assert page.counts.get("tr", 0) == expected["rows"], (page.counts, expected["rows"])
free = "\n".join(page.free)
for name, pattern in ACTIVE.items():
    found = re.search(pattern, free)
    assert not found, f"{name}: {free[max(0, found.start() - 40):found.end() + 40]!r}"
shown = "".join(page.inert)
for text in expected["texts"]:
    assert text in shown, f"not shown: {text!r}"
print(f"{page.counts}")
