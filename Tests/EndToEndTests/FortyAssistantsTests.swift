import Foundation
import JSONModel
import TestSupport
import Testing

/// The screens of a project as large as a company's: forty assistants, two hundred tests, two failures, a drift, a deletion.
/// `RECORD_SNAPSHOTS=1 swift test --filter FortyAssistantsTests` writes them anew.
@Suite(.timeLimit(.minutes(10)))
struct FortyAssistantsTests {
    private static func spec(_ number: Int) -> String {
        let rules = (1...120).map { "  Rule \($0): be kind, and answer in the language of the question." }
        // Two of two hundred tests ask for what no answer holds.
        let tests = (1...5).map { test in
            let wanted = test == 3 && [7, 23].contains(number) ? "Berlin" : "Hello"
            return
                "  - {name: greeting \(test), prompt: \"Hello \(test)\", assert: [{type: contains, value: \(wanted)}]}"
        }
        return """
            name: Bot \(number)
            instructions: |
            \(rules.joined(separator: "\n"))
            tests:
            \(tests.joined(separator: "\n"))

            """
    }

    private static func key(_ number: Int) -> String { number < 10 ? "bot-0\(number)" : "bot-\(number)" }

    /// What differs from run to run: ids, digests, ports, times.
    private func still(_ text: String) -> String {
        text.replacing(/asst_[A-Za-z0-9_]+/, with: "asst_…").replacing(/sha256:[0-9a-f]+/, with: "sha256:…")
            .replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:…")
            .replacing(/\b[0-9.]+ (ms|s)\b/, with: "… s").replacing(/[0-9]{4}-[0-9-]+T[0-9:]+Z/, with: "…")
            .replacing(/, [0-9]+ tokens/, with: "")
    }

    private func head(_ text: String, _ count: Int) -> [Substring] {
        Array(text.split(separator: "\n", omittingEmptySubsequences: false).prefix(count))
    }

    @Test func everyScreenLeadsTheEye() async throws {
        try await withTemporaryDirectory { folder in
            var files = ["muster.yaml": "project: shop\ndefaults: {model: m}\n"]
            for number in 1...40 { files["\(Self.key(number)).yaml"] = Self.spec(number) }
            try folder.write(files)
            let muster = CommandFixture(folder: folder)

            let planned = still(try await muster.run("plan").output)
            #expect(head(planned, 45).filter { $0.contains("new, instructions +120 lines") }.count == 40)
            #expect(planned.contains("… 110 more lines"))
            #expect(planned.split(separator: "\n").count < 1_000)
            try expectSnapshot(still(try await muster.run("plan", "--compact").output), "forty/plan-compact.txt")
            let applied = try await muster.run("apply", "--auto-approve", "--compact", "-j", "1")
            #expect(applied.status == 0, "\(applied.errors)")
            try expectSnapshot(still(applied.output), "forty/apply.txt")

            let tested = try await muster.run("test", "--fail-fast", "-j", "1")
            #expect(tested.status == 4)
            #expect(tested.output.contains("5 skipped") && tested.output.split(separator: "\n").count < 60)
            let whole = try await muster.run("test")
            #expect(whole.status == 4)
            try expectSnapshot(still(whole.output), "forty/test.txt")
            #expect(whole.output.split(separator: "\n").count < 80)
            let rerun = try #require(whole.output.split(separator: "\n").last)
            #expect(rerun == "    muster test bot-07 bot-23 --filter '^greeting 3$'")
            let again = try await muster.run("test", "bot-07", "bot-23", "--filter", "^greeting 3$")
            #expect(again.output.contains("Tests: 0 passed, 2 failed"))

            try await meddle(folder)
            let review = still(try await muster.run("plan", "--format", "markdown").output)
            try expectSnapshot(head(review, 20).joined(separator: "\n"), "forty/review-head.md")
            try expectSnapshot(still(try await muster.run("plan").output), "forty/plan.txt")
        }
    }

    /// Somebody edits one assistant on the server; the repository loses one and edits another.
    private func meddle(_ folder: URL) async throws {
        try await ServerAccess.withLocal(of: folder) { address in
            let all = try await ServerAccess.assistants(at: address)
            guard let id = all.first(where: { $0["name"] == "Bot 5" })?["id"]?.string else { return }
            try await ServerAccess.edit(id, ["name": "Bot five"], at: address)
        }
        try FileManager.default.removeItem(at: folder.appending(path: "bot-40.yaml"))
        let edited = Self.spec(12).replacing("Rule 60: be kind", with: "Rule 60: be brief")
        try folder.write(["bot-12.yaml": edited])
    }
}
