import Foundation
import JSONModel
import Planning
import Reconciling
import States
import TestSupport
import Testing

/// Values from `{env: …, secret: true}` reach the server and nothing else.
struct SecretTests {
    private let secret = "s3cr3t-value"

    private func bots(_ bench: Bench, name: JSONValue = "n", isSecret: Bool = true) -> [DesiredAssistant] {
        var bots = bench.bots(1, [.instructions: .string(secret), .metadata: ["token": .string(secret)], .name: name])
        if isSecret { bots[0].secretFields = [.instructions, .metadata] }
        return bots
    }

    private func saved(_ bench: Bench) throws -> String {
        let folder = bench.folder.appending(path: "history")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return try names.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined()
    }

    @Test(arguments: ServerTraits.Identity.allCases)
    func aSecretIsNotInTheHistory(_ identity: ServerTraits.Identity) async throws {
        try await Bench.with(traits: ServerTraits(identity: identity)) { bench in
            try await bench.apply(bots(bench))
            try await bench.apply(bots(bench, name: "new"))
            try await bench.apply([])
            let text = try saved(bench)
            #expect(text.contains("\"update\"") && text.contains("\"delete\""))
            #expect(!text.contains(secret))
        }
    }

    @Test func aSecretOfADeletedSpecIsNotInThePlan() async throws {
        try await Bench.with { bench in
            try await bench.apply(bots(bench))
            let plan = try await bench.plan([])
            #expect(plan.count(.delete) == 1)
            #expect(!PlanDocument.json(plan, digests: Digests(hash: sha256)).text().contains(secret))
        }
    }

    @Test func anUnchangedSecretIsNotInThePlan() async throws {
        try await Bench.with { bench in
            try await bench.apply(bots(bench))
            let plan = try await bench.plan(bots(bench, name: "new"))
            #expect(plan.count(.update) == 1)
            #expect(!PlanDocument.json(plan, digests: Digests(hash: sha256)).text().contains(secret))
        }
    }

    @Test func aValueThatStopsBeingSecretIsNotShownOnce() async throws {
        try await Bench.with { bench in
            try await bench.apply(bots(bench))
            let plan = try await bench.plan(bench.bots(1, [.instructions: "public"]))
            #expect(!PlanDocument.json(plan, digests: Digests(hash: sha256)).text().contains(secret))
        }
    }

    @Test func aRollbackTakesSecretsFromTheSpec() async throws {
        try await Bench.with { bench in
            try await bench.apply(bots(bench))
            let before = try await bench.everything()
            try await bench.apply(bots(bench, name: "new"))
            let entry = try #require(bench.history.entries(owner: bench.owner, key: "bot-1").first)
            let ownership = Ownership(server: try bench.server(), history: bench.history)
            let restored = try await ownership.restore(entry, secrets: bots(bench)[0])
            #expect(restored.missingSecrets == [])
            #expect(try await bench.everything() == before)
        }
    }

    @Test func aSecretThatChangedSinceStaysAsItIs() async throws {
        try await Bench.with { bench in
            try await bench.apply(bots(bench))
            try await bench.apply(bots(bench, name: "new"))
            let entry = try #require(bench.history.entries(owner: bench.owner, key: "bot-1").first)
            let ownership = Ownership(server: try bench.server(), history: bench.history)
            let restored = try await ownership.restore(entry, secrets: nil)
            #expect(restored.missingSecrets == [.instructions, .metadata])
            let after = try #require(try await bench.everything().first)
            #expect(after["instructions"] == .string(secret))
            #expect(after["metadata"]?["token"] == .string(secret))
            #expect(after["name"] == "n")
        }
    }
}
