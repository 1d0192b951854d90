import Foundation
import TestSupport
import Testing

/// What the built program prints to a terminal, and to a pipe.
struct PlanTerminalTests {
    private static let hasPython = OutsideProgram.isInstalled("python3")
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// A saved plan with a long line, Chinese and an edit.
    private func withPlan(_ body: (URL) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let sentence = "This sentence is long enough to be continued on a second row of any terminal, 也有中文字在裡面一起換行，"
            let prompt = String(repeating: sentence, count: 3)
            try folder.write([
                "muster.yaml": "project: p\n", "bot.yaml": "model: m\ninstructions: |\n  \(prompt)\n  Be brief.\n",
            ])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            try folder.write(["bot.yaml": "model: m\ninstructions: |\n  \(prompt)\n  Be very brief.\n"])
            #expect(try await muster.run("plan", "--out", "plan.json").status == 0)
            try await body(folder)
        }
    }

    private func inTerminal(
        _ folder: URL, columns: Int, _ variables: [String: String] = [:], _ options: String...
    ) async throws -> String {
        let plan = folder.appending(path: "plan.json").path
        let environment = ["TERM": "xterm-256color"].merging(variables) { $1 }
        // The variables of whoever runs the tests must not decide.
        let result = try await OutsideProgram.run(
            "env",
            ["-u", "NO_COLOR", "-u", "CLICOLOR_FORCE", "-u", "CI"] + environment.map { "\($0)=\($1)" } + [
                "python3", Self.fixtures.appending(path: "in_terminal.py").path, "\(columns)",
                CommandFixture.program.path, "show", plan,
            ] + options)
        #expect(result.status == 0)
        return result.output
    }

    @Test(.enabled(if: hasPython, "needs python3"))
    func coloursFollowTheEnvironment() async throws {
        try await withPlan { folder in
            let cases: [([String: String], String, Bool)] = [
                ([:], "auto", true), (["NO_COLOR": "1"], "auto", false), (["NO_COLOR": ""], "auto", true),
                (["TERM": "dumb"], "auto", false), (["CI": "true"], "auto", false), (["TERM": "dumb"], "always", true),
                ([:], "never", false),
            ]
            for (variables, choice, isColored) in cases {
                let shown = try await inTerminal(folder, columns: 80, variables, "--color", choice)
                #expect(shown.contains("\u{1B}[") == isColored, "\(variables) \(choice)")
            }
            let piped = CommandFixture(folder: folder, environment: ["CLICOLOR_FORCE": "1"])
            let forced = try await piped.run("show", "plan.json").output
            #expect(forced.contains("\u{1B}["))
        }
    }

    @Test(.enabled(if: hasPython, "needs python3"), arguments: [60, 80, 140])
    func linesFitTheTerminal(columns: Int) async throws {
        try await withPlan { folder in
            let shown = try await inTerminal(folder, columns: columns, ["NO_COLOR": "1"])
            let plain = try await CommandFixture(folder: folder).run("show", "plan.json").output
            for line in shown.split(separator: "\n") where !line.hasPrefix("Plan digest") {
                let width = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x3000 ? 2 : 1) }
                #expect(width <= columns, "\(line)")
            }
            // Nothing but spaces and line breaks may differ from what a pipe gets.
            let words = { (text: String) in text.filter { !$0.isWhitespace } }
            #expect(words(shown) == words(plain))
        }
    }

    @Test(.enabled(if: hasPython, "needs python3"))
    func everyRowEndsItsOwnColours() async throws {
        try await withPlan { folder in
            // A pager may begin at any row.
            for line in try await inTerminal(folder, columns: 60).split(separator: "\n") {
                let codes = line.matches(of: /\u{1B}\[([0-9;]*)m/).map { String($0.1) }
                #expect(codes.isEmpty || codes.last == "0", "\(line)")
            }
        }
    }

    @Test func aPipeGetsTheSameBytesWhateverTheTerminal() async throws {
        try await withPlan { folder in
            var outputs: Set<String> = []
            for variables in [
                ["COLUMNS": "40"], ["TERM": "dumb"], ["TERM": "xterm-256color", "NO_COLOR": "1"], ["CI": "1"],
            ] {
                let muster = CommandFixture(folder: folder, environment: variables)
                outputs.insert(try await muster.run("show", "plan.json").output)
            }
            #expect(outputs.count == 1)
        }
    }
}
