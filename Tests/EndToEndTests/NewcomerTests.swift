import Foundation
import JSONModel
import TestSupport
import Testing

/// What somebody does in the first days, who types nothing but what help, a guide or the last output has named.
@Suite(.timeLimit(.minutes(5)))
struct NewcomerTests {
    private func withNewcomer(_ body: (inout Newcomer) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            var newcomer = Newcomer(folder: folder)
            try await newcomer.types("muster --help")
            try await newcomer.types("muster init my-bots")
            try await body(&newcomer)
        }
    }

    @Test func setsUp() async throws {
        try await withNewcomer { newcomer in
            try await newcomer.types("muster plan")
            let asked = try await newcomer.types("muster apply", expecting: 3)
            #expect(asked.errors.contains("--auto-approve"))
            try await newcomer.types("muster apply --auto-approve")
            let tested = try await newcomer.types("muster test")
            #expect(tested.output.contains("5 passed"))
        }
    }

    @Test func breaksAndMendsASpec() async throws {
        try await withNewcomer { newcomer in
            try newcomer.edit("greeter.yaml", "temperature", "temprature")
            let wrong = try await newcomer.types("muster validate", expecting: 1)
            #expect(wrong.errors.contains("greeter.yaml:8:1"))
            let explained = try await newcomer.types("muster explain unknown-key")
            #expect(explained.output.contains("Take the one that is suggested"))
            let suggestion = try #require(wrong.errors.firstMatch(of: /did you mean "(\w+)"/)?.1)
            try newcomer.edit("greeter.yaml", "temprature", String(suggestion))
            try await newcomer.types("muster validate")
            let key = try await newcomer.types("muster explain temperature")
            #expect(key.output.contains("0 to 2"))
        }
    }

    @Test func adoptsWhatExists() async throws {
        try await withNewcomer { newcomer in
            try await newcomer.types("muster apply --auto-approve", read: "docs/guides/ten-minutes.md")
            try await ServerAccess.withLocal(of: newcomer.folder) { address in
                _ = try await ServerAccess.create(
                    ["name": "Travel desk", "model": "aide-gpt-4-turbo", "instructions": "Book."], at: address)
            }
            try newcomer.folder.write(["desk.yaml": "name: Travel desk\ninstructions: Book trips.\n"])
            let plan = try await newcomer.types("muster plan")
            let adopted = try await newcomer.types(try #require(plan.command("muster import")))
            #expect(adopted.output.contains("assistant.desk will be updated in-place"), "\(adopted.output)")
        }
    }

    @Test func reviewsAndAppliesWhatWasReviewed() async throws {
        try await withNewcomer { newcomer in
            try await newcomer.types("muster plan --help")
            try await newcomer.types("muster plan --out plan.json")
            try await newcomer.types("muster show --help")
            let shown = try await newcomer.types("muster show plan.json --format markdown")
            #expect(shown.output.contains("greeter"))
            try await newcomer.types("muster apply --help")
            let applied = try await newcomer.types("muster apply plan.json")
            #expect(applied.output.contains("1 added"))
        }
    }

    @Test func acceptsWhatWasEditedOnTheServer() async throws {
        try await withNewcomer { newcomer in
            try await newcomer.types("muster apply --auto-approve", read: "docs/guides/ten-minutes.md")
            try await ServerAccess.withLocal(of: newcomer.folder) { address in
                let all = try await ServerAccess.assistants(at: address)
                let id = try #require(all.first?["id"]?.string)
                try await ServerAccess.edit(id, ["name": "Greeter of the hall"], at: address)
            }
            let plan = try await newcomer.types("muster plan")
            let pulled = try await newcomer.types(try #require(plan.command("muster pull")))
            #expect(pulled.output.contains("Greeter of the hall"))
            let next = try await newcomer.types("muster plan")
            #expect(next.output.hasPrefix("No changes."))
        }
    }

    @Test func findsWhyATestFailsFromTheFolderAbove() async throws {
        try await withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "my bots"), withIntermediateDirectories: true)
            var newcomer = Newcomer(folder: folder)
            try await newcomer.types("muster --help")
            try await newcomer.types("muster plan --help")
            try await newcomer.types("muster init -C 'my bots' bots")
            try await newcomer.types("muster apply -C 'my bots' --auto-approve", read: "docs/guides/ten-minutes.md")
            try newcomer.edit("my bots/greeter.yaml", "value: kim", "value: lee")
            let failed = try await newcomer.types("muster test -C 'my bots'", expecting: 4)
            #expect(failed.output.contains("expected: contains “lee”"))
            let again = try await newcomer.types(try #require(failed.command("muster test")), expecting: 4)
            #expect(again.output.contains("Tests: 0 passed, 1 failed"), "\(again.output)")
            try newcomer.edit("my bots/greeter.yaml", "value: lee", "value: kim")
            try await newcomer.types(try #require(failed.command("muster test")))
        }
    }

    @Test func rollsBack() async throws {
        try await withNewcomer { newcomer in
            try await newcomer.types("muster apply --auto-approve", read: "docs/guides/ten-minutes.md")
            try newcomer.edit("greeter.yaml", "by their name and", "by their name, loudly, and")
            try await newcomer.types("muster apply --auto-approve")
            let history = try await newcomer.types("muster history")
            #expect(history.output.contains("before update"))
            try await newcomer.types("muster history show 1")
            try await newcomer.types("muster rollback --help")
            let back = try await newcomer.types("muster rollback greeter --auto-approve")
            #expect(back.output.contains("loudly"))
            let plan = try await newcomer.types("muster plan")
            #expect(plan.output.contains("loudly"))
        }
    }
}

/// Somebody who knows what was read so far.
private struct Newcomer {
    let folder: URL
    private var known = ""

    init(folder: URL) {
        self.folder = folder
        // What everybody begins with.
        known = "muster --help muster init my-bots"
    }

    /// Types a line.
    ///
    /// - Parameters:
    ///   - line: whose command and options were named before.
    ///   - status: how it ends.
    ///   - document: a guide that is read before.
    ///   - sourceLocation: of the test.
    /// - Returns: what it printed.
    /// - Throws: when it cannot be started.
    @discardableResult
    mutating func types(
        _ line: String, expecting status: Int32 = 0, read document: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> CommandResult {
        if let document {
            known += MarkdownDocument.all.first { $0.path == document }?.text ?? ""
        }
        let words = Array((ShellLine(line).commands.first ?? []).dropFirst())
        for word in words.prefix(1) + words.filter({ $0.hasPrefix("--") }) {
            let name = word.prefix { $0 != "=" }
            #expect(known.contains(name), "nobody has named \(name) yet", sourceLocation: sourceLocation)
        }
        let result = try await CommandFixture(folder: folder).run(words)
        #expect(
            result.status == status, "\(line)\n\(result.output)\(result.errors)", sourceLocation: sourceLocation)
        known += result.output + result.errors
        return result
    }

    func edit(_ path: String, _ old: String, _ new: String) throws {
        let file = folder.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains(old))
        try folder.write([path: text.replacing(old, with: new)])
    }
}

extension CommandResult {
    /// A command that was printed, to its line's end or to what closes it.
    fileprivate func command(_ beginning: String) -> String? {
        let text = output + errors
        guard let place = text.range(of: beginning) else { return nil }
        let line = text[place.lowerBound...].prefix { !$0.isNewline }
        return String(line.prefix { !"`;)".contains($0) })
    }
}
