"""Records what a server answered and validates all of it: against our own schemas, and the published ones if given."""
import json, re, sys
from jsonschema import Draft202012Validator
from schemas import OBJECTS


class Recorder:
    def __init__(self, openapi=None):
        self.problems, self.count = [], 0
        self.published = json.load(open(openapi)) if openapi else None
        self.validators = {name: Draft202012Validator(schema) for name, schema in OBJECTS.items()}
        if self.published:
            self.routes = [
                (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), operations)
                for path, operations in sorted(self.published["paths"].items(), key=lambda item: item[0].count("{"))]

    def take(self, response):
        """An httpx response hook."""
        if not response.headers.get("content-type", "").startswith("application/json") or response.status_code != 200:
            return
        response.read()
        self.json(response.request.method.lower(), response.request.url.path, response.json())

    def json(self, method, path, body):
        self.object(body, path)
        if self.published is None:
            return
        path = path.replace("/api/assts/v1", "").removeprefix("/v1")
        for pattern, operations in self.routes:
            if pattern.match(path) and method in operations:
                content = operations[method]["responses"]["200"].get("content", {})
                schema = content.get("application/json", {}).get("schema")
                if schema:
                    self.check(self.full(schema), body, f"{method} {path}")
                return

    def event(self, name, data):
        """A stream event, its data as the SDK's model."""
        body = data.model_dump(exclude_unset=True) if hasattr(data, "model_dump") else data
        self.object(body, name)

    def object(self, body, place):
        validator = self.validators.get(body.get("object")) if isinstance(body, dict) else None
        if validator is None:
            self.problems.append(f"{place}: unknown object {str(body)[:120]}")
            return
        self.count += 1
        for error in list(validator.iter_errors(body))[:3]:
            self.problems.append(f"{place}: {error.json_path}: {error.message[:200]}")
        if body.get("object") == "list":
            for item in body["data"]:
                self.object(item, place)

    def full(self, schema):
        return {**schema, "components": self.published["components"]}

    def check(self, schema, body, place):
        for error in list(Draft202012Validator(schema).iter_errors(body))[:2]:
            self.problems.append(f"published {place}: {error.json_path}: {error.message[:300]}")

    def finish(self):
        for problem in sorted(set(self.problems))[:40]:
            print("VIOLATION", problem)
        print(f"validated {self.count} objects, {len(self.problems)} violations")
        sys.exit(1 if self.problems else 0)
