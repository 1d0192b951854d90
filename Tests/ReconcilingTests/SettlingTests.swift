import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reporting
import States
import Testing

/// Apply, plan, apply against servers with quirks: the plan settles, nothing is lost, nothing is created twice.
struct SettlingTests {
    /// Everything that a server might rewrite, drop or misreport.
    private static let fields: [AssistantField: JSONValue] = [
        .name: " 機器人 ", .description: "d", .instructions: "one\n\ntwo\n", .temperature: 0.123456789, .topP: 0.5,
        .metadata: ["a": "b"], .responseFormat: ["type": "json_object"], .reasoningEffort: "low",
        .tools: [["type": "code_interpreter"], ["type": "function", "function": ["name": "F"]]],
    ]

    static let quirks = [
        "list-order=swapped", "list-order=by-id", "list-order=lossy", "after=ignored", "after=refused", "has-more=true",
        "has-more=false", "has-more=absent", "page-cap=3",
        "list-shape=bare", "list-shape=no-object", "list-shape=no-ids", "drop-fields=temperature+top_p",
        "drop-fields=response_format+tool_resources", "null-fields=description+temperature", "strict=added",
        "texts=trimmed", "texts=newline", "numbers=float", "numbers=rounded:6", "times=milliseconds", "times=float",
        "times=iso", "extra-fields", "created=201", "metadata=merged", "null=ignored", "model=required",
    ]

    @Test(arguments: quirks)
    func everyQuirkSettles(_ quirk: String) async throws {
        try await Bench.with(faults: [quirk]) { bench in
            let bots = bench.bots(8, Self.fields)
            let first = try await bench.apply(try await bench.plan(bots))
            #expect(first.count(.created) == 8, "\(first.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(bots).isEmpty)
            let changed = bench.bots(8, Self.fields.merging([.description: "new", .temperature: 0.7]) { $1 })
            let second = try await bench.apply(try await bench.plan(changed))
            #expect(second.count(.updated) == 8, "\(second.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(changed).isEmpty)
            let third = try await bench.apply(try await bench.plan(changed))
            #expect(third.outcomes.isEmpty)
        }
    }

    @Test func droppedMetadataIsNamedAndNotRepeated() async throws {
        try await Bench.with(faults: ["metadata=dropped"]) { bench in
            let report = try await bench.apply(try await bench.plan(bench.bots(1)))
            #expect(report.outcomes.map(\.status) == [.failed])
            #expect(report.outcomes.first?.message?.contains("drops the metadata") == true)
        }
    }

    @Test(arguments: ["", ",probability=0.3,seed=7"])
    func lostAnswersCreateNothingTwice(_ limit: String) async throws {
        // Every creation's first answers are lost after the server did the work.
        try await Bench.with(faults: ["cut=after,path=/assistants,method=POST,count=10\(limit)"]) { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(10)))
            _ = try await bench.apply(try await bench.plan(bench.bots(10)))
            let observed = try await bench.observe()
            #expect(observed.owned.compactMap(\.marks?.key).sorted() == bench.bots(10).map(\.key).sorted())
            #expect(try await bench.plan(bench.bots(10)).isEmpty)
        }
    }

    @Test(arguments: ["rate-limit=ms:1,probability=0.3,seed=3", "error=503,probability=0.2,seed=5,method=GET"])
    func passingFailuresAreRetried(_ fault: String) async throws {
        try await Bench.with(faults: [fault]) { bench in
            let report = try await bench.apply(try await bench.plan(bench.bots(10)))
            #expect(report.isComplete, "\(report.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(bench.bots(10)).isEmpty)
        }
    }
}
