import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reports
import States
import TestSupport
import Testing

/// A saved plan is input: somebody may have written it by hand, with a digest that fits and everything else, too. What it names
/// is written only where it is the project's own.
struct ForgedPlanTests {
    enum Whose: CaseIterable {
        case nobodys, anotherProjects, anotherEnvironments
    }

    enum Act: CaseIterable {
        case update, replace, delete

        var traits: ServerTraits { self == .replace ? ServerTraits(missing: [.update]) : ServerTraits() }
    }

    /// A plan of whoever owns the assistant fits in all that an apply compares: the id, what was observed, what is written.
    private func plan(_ act: Act, _ bench: Bench) async throws -> Plan {
        try await bench.plan(act == .delete ? [] : bench.bots(1, [.name: "evil"]))
    }

    @Test(arguments: Act.allCases, Whose.allCases)
    func whatIsNotTheProjectsIsLeftAlone(_ act: Act, _ whose: Whose) async throws {
        try await Bench.with(traits: act.traits) { bench in
            var theirs = bench
            theirs.owner = whose == .anotherEnvironments ? "p/other" : "q/e"
            try await theirs.apply(bench.bots(1, [.name: "theirs"]))
            var forged = try await plan(act, theirs)
            #expect(forged.changes.count == 1 && forged.changes[0].id != nil)
            forged.owner = bench.owner
            if whose == .nobodys {
                let id = try #require(forged.changes[0].id)
                _ = try await bench.client.updateAssistant(id.text, ["metadata": [:]])
            }
            let before = try await bench.everything()
            let report = try await bench.apply(forged)
            #expect(try await bench.everything() == before, "\(report.outcomes)")
            #expect(report.outcomes.allSatisfy { ![.updated, .replaced, .deleted].contains($0.status) })
        }
    }

    /// The project's own assistants are gone from the file, and a stranger's id stands in the place of one.
    @Test(arguments: Act.allCases)
    func anotherIDInThePlaceOfOurs(_ act: Act) async throws {
        try await Bench.with(traits: act.traits) { bench in
            try await bench.apply(bench.bots(1, [.name: "ours"]))
            let made = try await bench.client.createAssistant(["model": "m", "name": "theirs"])
            let foreign = try #require(made["id"]?.string.flatMap(AssistantID.init))
            var forged = try await plan(act, bench)
            forged.changes[0].id = foreign
            let before = try await bench.client.assistant(foreign.text)
            _ = try await bench.apply(forged)
            #expect(try await bench.client.assistant(foreign.text) == before)
        }
    }
}
