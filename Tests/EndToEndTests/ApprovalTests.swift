import Emulator
import EmulatorCore
import Foundation
import JSONModel
import TestSupport
import Testing

/// Tools of MCP servers, which a platform calls only once somebody approves: as tests say, and as people do.
struct ApprovalTests {
    private static let rules = #"""
        {"rules": [
          {"says": "issues", "calls": [{"server": "github", "name": "find", "arguments": {"q": "bug"}}]},
          {"says": "issues", "round": 1, "reply": "I got: {{outputs}}"},
          {"says": "wiki", "calls": [{"server": "wiki", "name": "read", "arguments": {}}]},
          {"says": "wiki", "round": 1, "reply": "I got: {{outputs}}"}
        ]}
        """#

    private func withBot(_ tests: String, _ body: (CommandFixture) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration()
        configuration.flavor = .foundry
        configuration.rules = try ModelRules(parsing: Self.rules)
        try await withEmulator(configuration) { address in
            try await withTemporaryDirectory { folder in
                try folder.write([
                    "muster.yaml": """
                    project: p
                    default_environment: live
                    environments: {live: {base_url: "\(address)", dialect: foundry}}

                    """,
                    "bot.yaml": """
                    model: m
                    tools:
                      - {type: mcp, server_label: github, server_url: "https://mcp.test/"}
                      - {type: mcp, server_label: wiki, server_url: "https://wiki.test/", require_approval: never}
                    tests:
                    \(tests)

                    """,
                ])
                let muster = CommandFixture(folder: folder)
                let applied = try await muster.run("apply", "--auto-approve")
                #expect(applied.status == 0, "\(applied.errors)")
                try await body(muster)
            }
        }
    }

    private func test(_ mode: String, _ assertion: String, prompt: String = "look at the issues") -> String {
        "  - {name: t, prompt: \(prompt), tools: {mcp: {github: \(mode)}}, assert: [\(assertion)]}"
    }

    @Test(
        arguments: ["--poll", "--stream", "--both"],
        [("approve", "was called with"), ("deny", "The call was not approved.")])
    func aTestApprovesOrDenies(delivery: String, mode: (word: String, answer: String)) async throws {
        let tool = "{type: trajectory:tool-used, value: {type: mcp, name: find}}"
        try await withBot(test(mode.word, "{type: contains, value: \"\(mode.answer)\"}, \(tool)")) { muster in
            let result = try await muster.run("test", delivery)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test func aForbiddenCallFails() async throws {
        try await withBot(test("forbid", "{type: run-status, value: completed}")) { muster in
            let result = try await muster.run("test")
            #expect(result.status == 4)
            #expect(result.output.contains("no call of github/find"), "\(result.output)")
        }
    }

    @Test func aTestThatSaysNothingIsNotGreen() async throws {
        let test = "  - {name: t, prompt: look at the issues, assert: [{type: run-status, value: completed}]}"
        try await withBot(test) { muster in
            let result = try await muster.run("test")
            #expect(result.status == 4)
            #expect(result.output.contains(#"mcp: {"github": approve}"#), "\(result.output)")
        }
    }

    @Test func whatNeedsNoApprovalIsSeenInTheSteps() async throws {
        let used = "{type: trajectory:tool-used, value: {type: mcp, name: read}}"
        let other = "{type: not-trajectory:tool-used, value: {type: mcp, name: find}}"
        try await withBot("  - {name: t, prompt: read the wiki, assert: [\(used), \(other)]}") { muster in
            let result = try await muster.run("test")
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test func aServerThatTheAssistantDoesNotUseIsFoundBeforeAnyRun() async throws {
        try await withBot("  - {name: t, prompt: x, assert: [{type: run-status, value: completed}]}") { muster in
            let spec = muster.folder.appending(path: "bot.yaml")
            let text = try String(contentsOf: spec, encoding: .utf8)
            try text.replacing("prompt: x,", with: "prompt: x, tools: {mcp: {gitub: approve}},")
                .write(to: spec, atomically: true, encoding: .utf8)
            let result = try await muster.run("validate")
            #expect(result.status == 1)
            #expect(result.errors.contains("did you mean \"github\"?"), "\(result.errors)")
        }
    }

    @Test(arguments: [(["--approve", "github"], 0, "was called with"), ([], 1, "was not approved")])
    func aQuestionWithoutATerminalNeedsAWordBefore(options: [String], status: Int32, answer: String) async throws {
        try await withBot("  - {name: t, prompt: x, assert: [{type: run-status, value: completed}]}") { muster in
            let result = try await muster.run(["ask", "bot", "look at the issues"] + options)
            #expect(result.status == status, "\(result.errors)")
            #expect(result.output.contains(answer))
            if options.isEmpty { #expect(result.errors.contains("--approve github")) }
        }
    }
}
