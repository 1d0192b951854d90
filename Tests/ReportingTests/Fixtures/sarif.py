"""Validates SARIF by models made from the standard's schema, and by what GitHub asks beyond it.

    sarif.py FILE
"""

import json
import re
import sys
from pathlib import Path

from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

text = Path(sys.argv[1]).read_bytes().decode()
Log.model_validate_json(text)
for run in json.loads(text)["runs"]:
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"], rule
    for result in run["results"]:
        assert result["ruleId"] in {rule["id"] for rule in rules}
        assert result["message"]["text"] is not None
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]*", place["artifactLocation"]["uri"]), place
        assert place["region"]["startLine"] >= 1
        assert not re.search(r"\]\(", result["message"]["text"]), "a reader would make a link of this"
    print(f"{len(run['results'])} results")
