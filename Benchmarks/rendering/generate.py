"""Writes a saved plan of many changes, of every kind, as `muster plan --out` would.

    generate.py COUNT [one-line]      to standard output; one-line: a single prompt of forty lines with one word edited
"""

import hashlib
import json
import sys

RULES = [f"Rule {number}: be polite and brief. 請保持禮貌。" for number in range(1, 41)]


def tool(kind):
    return {"type": "function", "function": {
        "name": "SEARCH", "description": "Searches the web",
        "parameters": {"type": "object", "properties": {"query": {"type": kind}}, "required": ["query"]}}}


def change(number, kind):
    key = f"assistant-{number:05}"
    edited = RULES[:19] + ["Rule 20: be very polite. 請保持耐心。"] + RULES[20:]
    whole = {"name": f"Bot {number}", "model": "aide-gpt-4o", "instructions": "\n".join(RULES), "tools": [tool("string")]}
    actions, before, after, cause = {
        "edit": ("update", {"instructions": "\n".join(RULES)}, {"instructions": "\n".join(edited)}, "change"),
        "tool": ("update", {"tools": [tool("string")]}, {"tools": [tool("integer")]}, "change"),
        "drift": ("update", {"model": "small"}, {"model": "big"}, "drift"),
        "conflict": ("update", {"metadata": {"tier": "1"}}, {"metadata": {"tier": "2"}}, "conflict"),
        "create": ("create", None, whole, "change"),
        "delete": ("delete", whole, None, "change"),
    }[kind]
    entry = {
        "address": f"assistant.{key}", "type": "assistant", "name": key,
        "change": {"actions": [actions], "before": before, "after": after, "after_sensitive": {}},
        "causes": {field: cause for field in (after or before)}, "unchanged_fields": 0 if actions != "update" else 3,
        "protected": False}
    if actions == "create":
        entry["change"]["before"] = None
    else:
        entry["id"] = f"asst_{number}"
        entry["observed_digest"] = "sha256:" + "0" * 64
    if actions == "delete":
        entry["reason"] = {"kind": "not_in_project"}
    return entry


count = int(sys.argv[1])
kinds = ["edit"] if sys.argv[2:] else ["edit", "tool", "drift", "conflict", "create", "delete"]
plan = {
    "format_version": "1.0", "owner": "support-bots/production", "environment": "production", "unowned": 0,
    "resource_changes": [change(number, kinds[number % len(kinds)]) for number in range(count)], "notes": []}
# The digest is that of the canonical form: sorted members, no spaces, UTF-8.
canonical = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
plan["digest"] = "sha256:" + hashlib.sha256(canonical).hexdigest()
json.dump(plan, sys.stdout, ensure_ascii=False, indent=2)
