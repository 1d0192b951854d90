import Diagnostics
import JSONModel
import Planning
import Reporting
import Reports
import States
import TestSupport

/// Plans, reports and diagnostics with a text in every place that others write.
enum HostilePlans {
    /// Every kind of change, with the text in every field, before and after.
    static func changes(_ text: String) -> [AssistantChange] {
        let value = JSONValue.string(text)
        let tool: JSONValue = [
            "type": "function",
            "function": [
                "name": value, "description": value,
                "parameters": .object(["type": "object", "properties": .object([text: ["enum": [value]]])]),
            ],
        ]
        let known: JSONValue = ["type": "function", "function": ["name": "KNOWN", "parameters": ["title": "x"]]]
        let edited: JSONValue = [
            "type": "function", "function": ["name": "KNOWN", "parameters": .object(["title": value, text: value])],
        ]
        let whole = { (side: Bool) -> [FieldChange] in
            let fields: [(AssistantField, JSONValue)] = [
                (.name, value), (.description, value), (.model, value), (.instructions, .string("a\n\(text)\nb")),
                (.tools, [tool, ["type": value]]), (.metadata, .object([text: value])), (.responseFormat, value),
            ]
            return fields.map {
                FieldChange(field: $0, before: side ? .null : $1, after: side ? $1 : .null, cause: .change)
            }
        }
        let lines = (1...3).map { "line \($0)" }.joined(separator: "\n")
        // A key cannot be hostile; an id can, as far as it is one at all.
        let key: AssistantKey = "hostile"
        let id = AssistantID(text) ?? "asst_1"
        return [
            AssistantChange(key: key, action: .create, fields: whole(true), isProtected: false),
            AssistantChange(
                key: key, action: .delete, id: id, reason: .duplicate(of: id), fields: whole(false),
                isProtected: true),
            AssistantChange(
                key: key, action: .update, id: id, reason: .moved(from: key),
                fields: [
                    FieldChange(field: .name, before: "old", after: value, cause: .drift),
                    FieldChange(field: .description, before: value, after: "new", cause: .conflict),
                    FieldChange(field: .model, before: value, after: .string(text + text), cause: .change),
                    FieldChange(
                        field: .instructions, before: .string("\(lines)\n\(text)\n\(lines)"),
                        after: .string("\(lines)\n\(text) and more\n\(text)\n\(lines)"), cause: .change),
                    FieldChange(field: .tools, before: [known, tool], after: [edited], cause: .change),
                    FieldChange(field: .toolResources, before: [:], after: .object([text: [value]]), cause: .change),
                    FieldChange(
                        field: .metadata, before: .object(["k": value, text: "1"]),
                        after: .object(["k": "v", text: value]),
                        cause: .change),
                ], unchangedFields: 1, isProtected: false),
        ]
    }

    static func plan(_ texts: [String]) -> Plan {
        Plan(
            owner: "p/hostile", environment: texts.first ?? "", changes: texts.flatMap(changes), unownedCount: 1,
            notes: texts.map { PlanNote(.adoptable, key: "hostile", $0) })
    }

    static func review(_ texts: [String]) -> Review {
        Review(plan(texts), digest: "sha256:0123", fullView: texts.first ?? "")
    }

    /// The same between revisions, with problems.
    static func revisions(_ texts: [String]) -> Review {
        Review(
            .revisions(project: texts.first ?? "", base: texts.first ?? "", head: texts.last ?? ""),
            items: texts.flatMap(changes).map { Review.Item($0, environments: [texts.first ?? ""]) },
            notes: texts.map { PlanNote(.renamed, key: nil, $0) },
            problems: texts.map { Review.Problem(revision: $0, diagnostic($0)) }, fullView: texts.last ?? "")
    }

    static func diagnostic(_ text: String) -> Diagnostic {
        let place = SourcePosition(line: 1, column: 1)
        let range = SourceRange(file: text, start: place, end: place)
        return Diagnostic(code: .unknownKey, text, at: range, help: text, notes: [Diagnostic.Note(text, at: range)])
    }

    static func report(_ texts: [String]) -> TestReport {
        let place = SourcePosition(line: 1, column: 1)
        let suites = texts.map { text in
            let turn = TestReport.Turn(
                input: [text], output: text,
                calls: [TestReport.Call(function: text, arguments: text, output: text, problem: nil)], runStatus: text,
                runID: text, latency: .seconds(1))
            let range = SourceRange(file: text, start: place, end: place)
            return TestReport.Suite(
                key: text, assistantID: text, specDigest: text, serverDigest: text,
                cases: [
                    TestReport.Case(
                        name: text, status: .failed, range: range,
                        failures: [TestReport.Failure(assertion: text, range: range, expected: text, actual: text)],
                        turns: [turn, turn]),
                    TestReport.Case(name: text, status: .error, range: range, reason: text),
                    TestReport.Case(name: text, status: .skipped, reason: text),
                ], uncalledFunctions: [text])
        }
        return TestReport(
            environment: texts.first ?? "", server: texts.first ?? "", suites: suites, duration: .seconds(1),
            leakedThreads: texts)
    }
}
