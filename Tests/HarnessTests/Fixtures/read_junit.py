"""Validates a JUnit report with lxml, reads it with junitparser, and prints what it found as JSON.

    python read_junit.py REPORT SCHEMA
"""
import json
import sys

from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

report, schema = sys.argv[1:3]
etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(report))
cases = []
for suite in JUnitXml.fromfile(report):
    for case in suite:
        kinds = {Failure: "failed", Error: "error", Skipped: "skipped"}
        status = next((kinds[type(result)] for result in case.result if type(result) in kinds), "passed")
        cases.append([suite.name, case.name, status])
print(json.dumps(cases, ensure_ascii=False))
