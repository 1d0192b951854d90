import JSONModel
import Planning
import Reporting
import Reports
import States
import Testing

/// The ways in which servers rewrite, drop and misreport, each as a fault of the local server.
enum Quirks {
    static let all = [
        "list-order=swapped", "list-order=by-id", "list-order=lossy", "after=ignored", "after=refused", "has-more=true",
        "has-more=false", "has-more=absent", "page-cap=10", "list-shape=bare", "list-shape=no-object",
        "list-shape=no-ids", "drop-fields=temperature+top_p", "drop-fields=response_format+tool_resources",
        "null-fields=description+temperature", "strict=added", "nulls=added", "schema=renamed", "texts=trimmed",
        "texts=newline", "numbers=float", "numbers=rounded:6", "times=milliseconds", "times=float", "times=iso",
        "extra-fields", "created=201", "deleted=short", "metadata=merged", "null=ignored", "model=required",
        "update=creates", "ids=hex", "ids=uuid", "stale=1", "texts=trimmed,method=GET",
        "error=404,method=GET,path=/assistants/*,count=1,per=path",
    ]

    /// Everything that a server might rewrite, drop or misreport.
    private static let fields: [AssistantField: JSONValue] = [
        .name: " 機器人 ", .description: "d", .instructions: "one\n\ntwo\n", .temperature: 0.123456789, .topP: 0.5,
        .metadata: ["a": "b"], .reasoningEffort: "low",
        .responseFormat: ["type": "json_schema", "json_schema": ["name": "s", "schema": ["type": "object"]]],
        .tools: [
            ["type": "code_interpreter"], ["type": "file_search"],
            ["type": "function", "function": ["name": "F"]],
        ],
    ]

    /// Pairs of quirks.
    ///
    /// - Parameter step: take one pair in so many.
    /// - Returns: faults, two by two.
    static func pairs(every step: Int) -> [[String]] {
        let pairs = all.indices.flatMap { first in all.indices.dropFirst(first + 1).map { [all[first], all[$0]] } }
        return stride(from: 0, to: pairs.count, by: step).map { pairs[$0] }.filter { $0 != doubtful }
    }

    /// In the order of ids whatever was asked, and allegedly never at its end: whether the last page proves anything
    /// depends on the ids that chance gave, so this pair settles or is refused.
    static let doubtful = ["list-order=by-id", "has-more=true"]

    /// Apply, plan, apply, plan: the plan settles, nothing is lost, nothing is created twice, and a third apply writes
    /// nothing. A server that reads otherwise than it answers settles when a person says so.
    static func settle(_ faults: [String]) async throws {
        try await Bench.with(faults: faults) { bench in
            let count = faults.contains("page-cap=10") ? 12 : 4
            let bots = bench.bots(count, fields)
            let first = try await bench.applyAccepting(bots)
            #expect(first.count(.created) == count, "\(faults) \(first.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(bots).isEmpty, "\(faults) after creating")
            let changed = bench.bots(count, fields.merging([.description: "new", .temperature: 0.7]) { $1 })
            let second = try await bench.applyAccepting(changed)
            #expect(second.count(.updated) == count, "\(faults) \(second.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(changed).isEmpty, "\(faults) after updating")
            let third = try await bench.apply(changed)
            #expect(third.outcomes.isEmpty, "\(faults) the third time")
        }
    }
}
