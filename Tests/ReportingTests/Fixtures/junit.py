"""Parses a JUnit report and compares what it says with what was meant.

    junit.py FILE NAMES      NAMES: a JSON list of the suites' names as they must be shown
"""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

root = ElementTree.fromstring(Path(sys.argv[1]).read_bytes())
names = json.loads(Path(sys.argv[2]).read_text())
assert root.tag == "testsuites"
assert [suite.get("name") for suite in root] == names
tags = {element.tag for element in root.iter()}
assert tags <= {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped",
                "system-out"}, tags
for suite, name in zip(root, names):
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [name] * 3
    # Behind other words, a command's beginning or a mark without a base is neither, and needs no name.
    if "<U+" not in name:
        assert name in cases[0].find("failure").text and name in cases[0].find("system-out").text
    assert cases[1].find("error").text == (name or None)
print(f"{len(names)} suites")
