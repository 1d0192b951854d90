import Diagnostics
package import JSONModel
package import Reports

extension TestReport {
    /// The report for machines: versioned, complete, and readable by ``init(json:)``.
    package var json: JSONValue {
        [
            "format": "muster-test-report", "version": 1, "environment": .string(environment),
            "server": .string(server), "origin": origin?.json ?? .null,
            "success": .bool(isSuccess), "interrupted": .bool(isInterrupted), "duration_ms": .milliseconds(duration),
            "totals": .object(
                JSONObject(Status.allCases.map { (key: $0.rawValue, value: .integer(count($0))) })),
            "tokens": tokens.map(JSONValue.integer) ?? .null, "cost_usd": cost.map(JSONValue.number) ?? .null,
            "metrics": .scores(metrics),
            "suites": .array(suites.map(\.json)), "leaked_threads": .array(leakedThreads.map(JSONValue.string)),
        ]
    }

    /// One line of JSON for each test, for reports that are written while tests are running.
    ///
    /// - Parameters:
    ///   - testCase: the test.
    ///   - suite: its assistant, whose other tests are left out.
    /// - Returns: the line without its line break.
    package static func line(_ testCase: Case, of suite: Suite) -> String {
        var members: JSONObject = [
            "assistant": .string(suite.key), "assistant_id": .string(suite.assistantID),
            "spec_digest": .init(suite.specDigest), "server_digest": .init(suite.serverDigest),
        ]
        members.merge(testCase.json.object ?? [:])
        return JSONValue.object(members).text(.line)
    }

    /// Reads what ``json`` wrote; nil for anything else.
    package init?(json: JSONValue) {
        guard json["format"] == "muster-test-report", json["version"]?.int == 1, let suites = json["suites"]?.array
        else {
            return nil
        }
        self.init(
            environment: json["environment"]?.string ?? "", server: json["server"]?.string ?? "",
            suites: suites.map(Suite.init), duration: Duration(milliseconds: json["duration_ms"]),
            leakedThreads: (json["leaked_threads"]?.array ?? []).compactMap(\.string),
            isInterrupted: json["interrupted"]?.bool ?? false)
        origin = json["origin"].flatMap(Origin.init)
    }
}

extension TestReport.Origin {
    fileprivate var json: JSONValue {
        [
            "project": .string(project), "date": .string(date), "commit": .init(commit), "digest": .string(digest),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let project = json["project"]?.string else { return nil }
        self.init(
            project: project, date: json["date"]?.string ?? "", commit: json["commit"]?.string,
            digest: json["digest"]?.string ?? "")
    }
}

extension TestReport.Suite {
    fileprivate var json: JSONValue {
        [
            "assistant": .string(key), "assistant_id": .string(assistantID), "spec_digest": .init(specDigest),
            "server_digest": .init(serverDigest), "server_digest_after": .init(serverDigestAfter),
            "as_specified": isAsSpecified.map(JSONValue.bool) ?? .null,
            "tests": .array(cases.map(\.json)),
            "uncalled_functions": .array(uncalledFunctions.map(JSONValue.string)),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            key: json["assistant"]?.string ?? "", assistantID: json["assistant_id"]?.string ?? "",
            specDigest: json["spec_digest"]?.string, serverDigest: json["server_digest"]?.string,
            cases: (json["tests"]?.array ?? []).map(TestReport.Case.init),
            uncalledFunctions: (json["uncalled_functions"]?.array ?? []).compactMap(\.string))
        serverDigestAfter = json["server_digest_after"]?.string
        isAsSpecified = json["as_specified"]?.bool
    }
}

extension TestReport.Case {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "status": .string(status.rawValue), "file": .init(range?.file),
            "line": range.map { .integer($0.start.line) } ?? .null, "duration_ms": .milliseconds(duration),
            "attempts": .integer(attempts), "passes": .integer(passes), "reason": .init(reason),
            "failures": .array(failures.map(\.json)), "turns": .array(turns.map(\.json)), "thread_id": .init(threadID),
            "score": score.map(JSONValue.number) ?? .null, "metrics": .scores(metrics),
            "tokens": tokens.map(JSONValue.integer) ?? .null, "cost_usd": cost.map(JSONValue.number) ?? .null,
            "notes": .array(notes.map(JSONValue.string)),
            "metadata": .object(JSONObject(metadata.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            name: json["name"]?.string ?? "",
            status: TestReport.Status(rawValue: json["status"]?.string ?? "") ?? .error, range: SourceRange(json),
            duration: Duration(milliseconds: json["duration_ms"]),
            failures: (json["failures"]?.array ?? []).map(TestReport.Failure.init), reason: json["reason"]?.string,
            turns: (json["turns"]?.array ?? []).map(TestReport.Turn.init), threadID: json["thread_id"]?.string,
            attempts: json["attempts"]?.int ?? 1, passes: json["passes"]?.int)
        score = json["score"]?.double
        for (name, value) in json["metrics"]?.object ?? [:] { metrics[name] = value.double }
        tokens = json["tokens"]?.int
        cost = json["cost_usd"]?.double
        notes = (json["notes"]?.array ?? []).compactMap(\.string)
        for (name, value) in json["metadata"]?.object ?? [:] { metadata[name] = value.string }
    }
}

extension TestReport.Failure {
    fileprivate var json: JSONValue {
        [
            "assertion": .string(assertion), "turn": .integer(turn), "file": .init(range?.file),
            "line": range.map { .integer($0.start.line) } ?? .null, "expected": .string(expected),
            "actual": .string(actual),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            assertion: json["assertion"]?.string ?? "", range: SourceRange(json),
            expected: json["expected"]?.string ?? "", actual: json["actual"]?.string ?? "", turn: json["turn"]?.int ?? 1
        )
    }
}

extension TestReport.Turn {
    fileprivate var json: JSONValue {
        [
            "input": .array(input.map(JSONValue.string)), "output": .string(output),
            "calls": .array(calls.map(\.json)), "run_status": .string(runStatus), "run_id": .string(runID),
            "latency_ms": .milliseconds(latency), "tokens": tokens.map(JSONValue.integer) ?? .null,
            "first_text_ms": firstText.map(JSONValue.milliseconds) ?? .null,
            "cost_usd": cost.map(JSONValue.number) ?? .null,
            "input_images": .array(inputImages.map(JSONValue.string)),
            "output_images": .array(outputImages.map(JSONValue.string)),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            input: (json["input"]?.array ?? []).compactMap(\.string), output: json["output"]?.string ?? "",
            calls: (json["calls"]?.array ?? []).map(TestReport.Call.init),
            runStatus: json["run_status"]?.string ?? "", runID: json["run_id"]?.string ?? "",
            latency: Duration(milliseconds: json["latency_ms"]), tokens: json["tokens"]?.int)
        firstText = json["first_text_ms"]?.int.map { .milliseconds($0) }
        cost = json["cost_usd"]?.double
        inputImages = (json["input_images"]?.array ?? []).compactMap(\.string)
        outputImages = (json["output_images"]?.array ?? []).compactMap(\.string)
    }
}

extension TestReport.Call {
    fileprivate var json: JSONValue {
        [
            "function": .string(function), "arguments": .string(arguments), "output": .string(output),
            "problem": .init(problem),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            function: json["function"]?.string ?? "", arguments: json["arguments"]?.string ?? "",
            output: json["output"]?.string ?? "", problem: json["problem"]?.string)
    }
}

extension JSONValue {
    fileprivate init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    fileprivate static func scores(_ scores: [String: Double]) -> JSONValue {
        .object(JSONObject(scores.sorted { $0.key < $1.key }.map { (key: $0.key, value: .number($0.value)) }))
    }

    fileprivate static func milliseconds(_ duration: Duration) -> JSONValue {
        .integer(TestReport.milliseconds(duration))
    }
}

extension Duration {
    /// Held within thirty years, so that what others wrote can be added up and scaled without a trap.
    fileprivate init(milliseconds json: JSONValue?) {
        self = .milliseconds(min(max(json?.int ?? 0, 0), 1_000_000_000_000))
    }
}

extension SourceRange {
    /// Only file and line are written, so the rest of the place is unknown.
    fileprivate init?(_ json: JSONValue) {
        guard let file = json["file"]?.string, let line = json["line"]?.int else { return nil }
        let place = SourcePosition(line: line, column: 1)
        self.init(file: file, start: place, end: place)
    }
}

extension TestReport {
    /// Whole milliseconds.
    static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1_000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
