import Diagnostics
package import JSONModel

extension TestReport {
    /// The report for machines: versioned, complete, and readable by ``init(json:)``.
    package var json: JSONValue {
        [
            "format": "muster-test-report", "version": 1, "environment": .string(environment),
            "server": .string(server),
            "success": .bool(isSuccess), "interrupted": .bool(isInterrupted), "duration_ms": .milliseconds(duration),
            "totals": .object(
                JSONObject(Status.allCases.map { (key: $0.rawValue, value: .integer(count($0))) })),
            "suites": .array(suites.map(\.json)), "leaked_threads": .array(leakedThreads.map(JSONValue.string)),
        ]
    }

    /// One line of JSON for each test, for reports that are written while tests are running.
    ///
    /// - Parameters:
    ///   - testCase: the test.
    ///   - key: its assistant's key.
    /// - Returns: the line without its line break.
    package static func line(_ testCase: Case, of key: String) -> String {
        var members: JSONObject = ["assistant": .string(key)]
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
    }
}

extension TestReport.Suite {
    fileprivate var json: JSONValue {
        [
            "assistant": .string(key), "assistant_id": .string(assistantID), "spec_digest": .init(specDigest),
            "server_digest": .init(serverDigest), "tests": .array(cases.map(\.json)),
            "uncalled_functions": .array(uncalledFunctions.map(JSONValue.string)),
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            key: json["assistant"]?.string ?? "", assistantID: json["assistant_id"]?.string ?? "",
            specDigest: json["spec_digest"]?.string, serverDigest: json["server_digest"]?.string,
            cases: (json["tests"]?.array ?? []).map(TestReport.Case.init),
            uncalledFunctions: (json["uncalled_functions"]?.array ?? []).compactMap(\.string))
    }
}

extension TestReport.Case {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "status": .string(status.rawValue), "file": .init(range?.file),
            "line": range.map { .integer($0.start.line) } ?? .null, "duration_ms": .milliseconds(duration),
            "attempts": .integer(attempts), "passes": .integer(passes), "reason": .init(reason),
            "failures": .array(failures.map(\.json)), "turns": .array(turns.map(\.json)), "thread_id": .init(threadID),
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
        ]
    }

    fileprivate init(_ json: JSONValue) {
        self.init(
            input: (json["input"]?.array ?? []).compactMap(\.string), output: json["output"]?.string ?? "",
            calls: (json["calls"]?.array ?? []).map(TestReport.Call.init),
            runStatus: json["run_status"]?.string ?? "", runID: json["run_id"]?.string ?? "",
            latency: Duration(milliseconds: json["latency_ms"]), tokens: json["tokens"]?.int)
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

    fileprivate static func milliseconds(_ duration: Duration) -> JSONValue {
        .integer(TestReport.milliseconds(duration))
    }
}

extension Duration {
    fileprivate init(milliseconds json: JSONValue?) {
        self = .milliseconds(json?.int ?? 0)
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
