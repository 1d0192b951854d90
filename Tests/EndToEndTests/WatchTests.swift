import Foundation
import TestSupport
import Testing

/// `muster test --watch` as somebody who writes prompts sees it.
@Suite(.timeLimit(.minutes(5)))
struct WatchTests {
    private static let ready = "Ctrl-C ends it."
    private static let spec = """
        model: m
        tests:
          - {name: echo, prompt: hello, assert: [{type: not-is-json}]}

        """

    private func withWatch(
        _ files: [String: String], _ body: (URL, RunningOutput, RunningCommand) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n"].merging(files) { $1 })
            let pipe = Pipe()
            let output = RunningOutput(pipe)
            let command = try CommandFixture(folder: folder).start(["test", "--watch"], output: pipe)
            defer { kill(command.identifier, SIGKILL) }
            try await body(folder, output, command)
        }
    }

    @Test func aSaveIsAppliedAndComparedWithTheLastAnswer() async throws {
        try await withWatch(["bot.yaml": Self.spec]) { folder, output, command in
            #expect(await output.read(upTo: Self.ready).contains("✓ echo: passes"))
            try folder.write(["bot.yaml": "response_format: {type: json_object}\n" + Self.spec])
            let changed = await output.read(upTo: Self.ready)
            #expect(changed.contains("✗ echo: regressed"), "\(changed)")
            #expect(changed.contains("+ {\"answer\":\"You said: hello\"}"), "\(changed)")
            kill(command.identifier, SIGINT)
            #expect(await command.wait() == 130)
        }
    }

    @Test func aFileThatDoesNotLoadIsShownAndTheNextSaveIsAnotherTry() async throws {
        try await withWatch(["bot.yaml": "modle: m\n"]) { folder, output, _ in
            #expect(await output.read(upTo: Self.ready).contains("bot.yaml:1"))
            try folder.write(["bot.yaml": Self.spec])
            #expect(await output.read(upTo: Self.ready).contains("✓ echo: passes"))
        }
    }

    @Test func whatOthersUseIsNotWatched() async throws {
        try await withLiveProject(["bot.yaml": Self.spec]) { muster, _ in
            let refused = try await muster.run("test", "--watch")
            #expect(refused.status == 3)
            #expect(refused.errors.contains("muster preview --env live"), "\(refused.errors)")
        }
    }
}
