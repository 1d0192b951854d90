import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

/// Somebody edits the server at every boundary of an apply: nothing of theirs is overwritten unsaid, and nothing is taken for
/// the server's own way of writing.
struct ThirdPartyTests {
    /// Servers that keep what they are given, that rewrite it, and that demand more than the protocol does.
    private static let servers = [
        [], ["texts=trimmed"], ["numbers=rounded:2"], ["model=required"], ["metadata=merged"],
    ]

    private static let before = ["u1", "u2", "d1"] as [AssistantKey]
    private static let after = ["u1", "u2", "c1"] as [AssistantKey]

    private static func specs(_ keys: [AssistantKey], _ version: Int) -> [DesiredAssistant] {
        keys.map { key in
            DesiredAssistant(
                key: key,
                fields: [
                    .model: "m", .name: .string(" \(key) v\(version) "), .temperature: 0.123456,
                    .metadata: ["v": .string("\(version)")],
                ])
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: servers)
    func anEditSurvivesAndIsShownAsDrift(_ faults: [String]) async throws {
        var requests = 2
        var turn = 2  // The first request is the plan's own look.
        while turn <= requests {
            try await Bench.with(faults: faults) { bench in
                try await bench.applyAccepting(Self.specs(Self.before, 1))
                let edited = try #require(try await bench.observe().oldest(of: "u1")).id
                let client = bench.client
                let transport = MeddlingTransport(bench.transport, before: turn) { _ in
                    _ = try await client.updateAssistant(edited.text, ["model": "m", "description": "theirs"])
                    return true
                }
                var ours = bench
                ours.client = try AssistantsClient(baseURL: bench.address, transport: transport, random: { 0 })
                let plan = try await ours.plan(Self.specs(Self.after, 2))
                _ = try await ours.apply(plan, parallelism: 1)
                requests = transport.count
                #expect(try await client.assistant(edited.text)["description"] == "theirs", "before request \(turn)")
                let next = try await bench.plan(Self.specs(Self.after, 2))
                let causes = next.changes.first { $0.key == "u1" }?.field(.description)?.cause
                #expect(causes == .drift, "before request \(turn)")
            }
            turn += 1
        }
        #expect(requests > 8)
    }

    /// A deletion rests on what the plan has seen; only the moment between the last look and the deletion itself, which the
    /// protocol cannot close, is left out.
    @Test(.timeLimit(.minutes(5)))
    func whatWasEditedIsNotDeleted() async throws {
        var requests = 2
        var turn = 2  // The first request is the plan's own look.
        while turn <= requests {
            try await Bench.with { bench in
                try await bench.apply(Self.specs(Self.before, 1))
                let edited = try #require(try await bench.observe().oldest(of: "d1")).id
                let client = bench.client
                let transport = MeddlingTransport(bench.transport, before: turn) { request in
                    guard request.method != .delete else { return true }
                    _ = try await client.updateAssistant(edited.text, ["description": "theirs"])
                    return true
                }
                var ours = bench
                ours.client = try AssistantsClient(baseURL: bench.address, transport: transport, random: { 0 })
                let plan = try await ours.plan(Self.specs(Self.after, 2))
                let report = try await ours.apply(plan, parallelism: 1)
                requests = transport.count
                let deleted = try #require(report.outcomes.first { $0.key == "d1" })
                let isThere = try await bench.everything().contains { $0["description"] == "theirs" }
                #expect(isThere == (deleted.status == .refusedAsStale), "before request \(turn)")
            }
            turn += 1
        }
    }

    /// With nothing but marks to write, an edit of the protected assistant must neither be lost nor called done.
    @Test func aProtectionIsNotSaidToBeSetWhenItIsNot() async throws {
        try await Bench.with { bench in
            try await bench.apply(bench.bots(1))
            var bots = bench.bots(1)
            bots[0].preventDestroy = true
            let plan = try await bench.plan(bots)
            let id = try #require(plan.changes.first?.id)
            _ = try await bench.client.updateAssistant(id.text, ["description": "theirs"])
            let report = try await bench.apply(plan)
            #expect(report.outcomes.map(\.status) == [.refusedAsStale])
            #expect(try await bench.observe().owned.first?.marks.isProtected == false)
        }
    }

    /// The gravest of all: a plan for a drift, edited again, was "already done".
    @Test func aPlanForADriftThatWasEditedAgainIsStale() async throws {
        try await Bench.with { bench in
            let bots = bench.bots(1, [.name: "n"])
            try await bench.apply(bots)
            let id = try #require(try await bench.observe().owned.first?.id)
            _ = try await bench.client.updateAssistant(id.text, ["name": "edited"])
            let plan = try await bench.plan(bots)
            _ = try await bench.client.updateAssistant(id.text, ["name": "edited again"])
            #expect(try await bench.apply(plan).outcomes.map(\.status) == [.refusedAsStale])
            #expect(try await bench.client.assistant(id.text)["name"] == "edited again")
        }
    }

    @Test func oneFailingUndoDoesNotStopTheOthers() async throws {
        try await Bench.with { bench in
            try await bench.apply(bench.bots(3, [.name: "old"]))
            let known = Set(bench.history.entries(owner: bench.owner).map(\.name))
            let report = try await bench.apply(bench.bots(3, [.name: "new"]))
            let new = bench.history.entries(owner: bench.owner).filter { !known.contains($0.name) }
            let saved = Dictionary(new.map { ($0.key, $0) }) { newest, _ in newest }
            // Somebody takes the second away meanwhile.
            let second = try #require(report.outcomes.first { $0.key == "bot-2" }?.id)
            _ = try await bench.client.updateAssistant(second.text, ["metadata": ["their": "own"]])
            let ownership = Ownership(server: try bench.server(), history: bench.history)
            let undone = await ownership.undo(report.outcomes, saved: saved, desired: [])
            let failed = undone.filter { if case .failed = $0.result { true } else { false } }
            #expect(failed.map(\.key) == ["bot-2"])
            #expect(Set(try await bench.everything().map { $0["name"] }) == ["old", "new"])
        }
    }

    @Test func theUndoOfAReplacementLeavesTheOldOneAlone() async throws {
        let traits = ServerTraits(missing: [.update])
        try await Bench.with(faults: ["missing=405,method=POST,path=/assistants/*"], traits: traits) { bench in
            try await bench.apply(bench.bots(1, [.name: "old"]))
            let report = try await bench.apply(bench.bots(1, [.name: "new"]))
            #expect(report.outcomes.map(\.status) == [.replaced])
            let entry = try #require(bench.history.entries(owner: bench.owner).first)
            let ownership = Ownership(server: try bench.server(), history: bench.history)
            _ = await ownership.undo(report.outcomes, saved: [entry.key: entry], desired: [])
            #expect(try await bench.everything().map { $0["name"] } == ["old"])
        }
    }
}
