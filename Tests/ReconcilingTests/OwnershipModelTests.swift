import AssistantsClient
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import States
import TestSupport
import Testing

/// Random sequences of everything that claims, writes, lets go and deletes, in two projects with two environments each, with
/// edits by others and kills in between, held against a written-down model: whatever a command did not own when it began is
/// afterwards as it was, but for what it was told to adopt.
struct OwnershipModelTests {
    private static let owners: [Owner] = ["one/staging", "one/production", "two/staging", "two/production"]
    private static let keys: [AssistantKey] = ["a", "b", "c"]

    enum Step: CaseIterable {
        case apply, applySome, adopt, release, rollback, destroy
        case editOfOurs, editOfTheirs, deletionByHand, strangersCreation, marksTakenAway, marksForged
    }

    @Test(.timeLimit(.minutes(5)), arguments: 0..<12)
    func nothingUnownedIsEverWritten(_ seed: Int) async throws {
        var random = Chance(seed: UInt64(seed))
        try await Bench.with { bench in
            for number in 1...25 {
                let owner = Self.owners.randomElement(using: &random) ?? "one/staging"
                let step = Step.allCases.randomElement(using: &random) ?? .apply
                let killedAfter =
                    Int.random(in: 0..<6, using: &random) == 0 ? Int.random(in: 1...12, using: &random) : nil
                let before = try await Self.snapshot(bench)
                let adopted = try await Self.take(step, as: owner, on: bench, killedAfter: killedAfter, &random)
                let after = try await Self.snapshot(bench)
                guard step.isOurs else { continue }
                for (id, assistant) in before where Self.owner(assistant) != owner && id != adopted {
                    #expect(
                        after[id] == assistant, "step \(number), \(step) by \(owner), killed after \(killedAfter ?? 0)")
                }
                for (id, assistant) in after where before[id] == nil {
                    #expect(Self.owner(assistant) == owner, "step \(number), \(step): \(id) is new and nobody's")
                }
            }
        }
    }

    /// Takes one step; what is refused is refused, which the model does not mind.
    ///
    /// - Returns: the id of an assistant that was nobody's and that the step was told to adopt.
    private static func take(
        _ step: Step, as owner: Owner, on bench: Bench, killedAfter: Int?, _ random: inout Chance
    ) async throws -> String? {
        var ours = bench
        ours.owner = owner
        if let killedAfter { ours.client = bench.client(killedAfter: killedAfter) }
        let all = try await bench.everything()
        let chosen = all.randomElement(using: &random)
        let id = chosen?["id"]?.string.flatMap(AssistantID.init)
        let key = keys.randomElement(using: &random) ?? "a"
        let name = JSONValue.string("v\(Int.random(in: 0..<5, using: &random))")
        let wanted =
            step == .applySome ? keys.filter { _ in Bool.random(using: &random) } : step == .destroy ? [] : keys
        let ownership = Ownership(server: try ours.server(), history: ours.history)
        switch step {
        case .apply, .applySome, .destroy:
            let specs = wanted.map { DesiredAssistant(key: $0, fields: [.model: "m", .name: name]) }
            guard let plan = try? await ours.plan(specs) else { return nil }  // killed while it looked
            _ = try await ours.apply(plan)
        case .adopt:
            guard let id, let state = try? await ours.observe() else { return nil }  // killed while it looked
            // Refused or not, the model checks what is left; here, and below.
            _ = try? await ownership.adopt(id, as: key, among: state) { _ in {} }
            return id.text
        case .release:
            guard let found = try? await ours.observe().oldest(of: key) else { return nil }  // killed while it looked
            try? await ownership.release(found)  // refused: the model checks what is left
        case .rollback:
            guard let entry = ours.history.entries(owner: owner, key: key).first else { return nil }
            _ = try? await ownership.restore(entry, secrets: nil)  // refused: the model checks what is left
        case .editOfOurs, .editOfTheirs:
            if let id { _ = try await bench.client.updateAssistant(id.text, ["description": name]) }
        case .deletionByHand:
            if let id { try await bench.client.deleteAssistant(id.text) }
        case .strangersCreation:
            _ = try await bench.client.createAssistant(["model": "m", "name": name])
        case .marksTakenAway:
            if let id { _ = try await bench.client.updateAssistant(id.text, ["metadata": ["their": "own"]]) }
        case .marksForged:
            let other = owners.randomElement(using: &random) ?? owner
            let marks = Marks(owner: other, key: key, isProtected: false, applied: [:])
            if let id { _ = try await bench.client.updateAssistant(id.text, ["metadata": .object(marks.metadata)]) }
        }
        return nil
    }

    private static func snapshot(_ bench: Bench) async throws -> [String: JSONValue] {
        Dictionary(try await bench.everything().map { ($0["id"]?.string ?? "", $0) }) { first, _ in first }
    }

    private static func owner(_ assistant: JSONValue) -> Owner? {
        Marks(metadata: assistant["metadata"]?.object ?? [:])?.owner
    }
}

extension OwnershipModelTests.Step {
    /// A command of a project, not somebody else.
    fileprivate var isOurs: Bool {
        switch self {
        case .apply, .applySome, .adopt, .release, .rollback, .destroy: true
        case .editOfOurs, .editOfTheirs, .deletionByHand, .strangersCreation, .marksTakenAway, .marksForged: false
        }
    }
}
