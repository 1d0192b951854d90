import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// A marked value as API key and as `secret: true`: it is in nothing that a command writes or shows.
struct SecretTests {
    private let secret = "s3cr3t-\(UUID().uuidString)"
    private let key = "k3y-\(UUID().uuidString)"

    /// Runs `body` with a project on a server that wants the key.
    private func with(
        faults: [String] = [], _ body: (CommandFixture) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = key
        configuration.faults = try FaultPlan(parsing: faults)
        try await withTemporaryDirectory { folder in
            try await withEmulator(configuration) { address in
                try folder.write([
                    "muster.yaml": """
                    project: p
                    default_environment: e
                    environments:
                      e: {base_url: "\(address)", api_key: {env: KEY}}
                    """,
                    "bot.yaml": """
                    model: m
                    name: one
                    metadata: {token: {env: TOKEN, secret: true}}
                    instructions: {env: TOKEN, secret: true}
                    tests:
                      - {prompt: Hello, assert: [{type: run-status, value: completed}]}
                    """,
                ])
                try await body(CommandFixture(folder: folder, environment: ["TOKEN": secret, "KEY": key]))
            }
        }
    }

    private func expectNothing(_ result: CommandResult, _ step: [String]) {
        for value in [secret, key] {
            #expect(!result.output.contains(value) && !result.errors.contains(value), "\(step)")
        }
    }

    /// Looks into every file of the project, its local state included.
    private func expectNothing(in folder: URL) throws {
        for path in FileManager.default.subpaths(atPath: folder.path(percentEncoded: false)) ?? [] {
            guard
                let data = FileManager.default.contents(
                    atPath: folder.appending(path: path).path(percentEncoded: false))
            else { continue }
            for value in [secret, key] { #expect(data.range(of: Data(value.utf8)) == nil, "\(path)") }
        }
    }

    @Test func theWholeWay() async throws {
        try await with { muster in
            var steps = [
                ["validate"], ["plan", "-v", "--out", "plan.json"], ["show", "plan.json"],
                ["show", "plan.json", "--format", "markdown"], ["show", "plan.json", "--format", "html"],
                ["plan", "--format", "json"], ["apply", "-v", "plan.json", "--report", "apply.json"], ["plan", "-v"],
                ["test", "-v", "--json", "test.json", "--html", "test.html", "--junit", "test.xml"], ["doctor", "-v"],
            ]
            for step in steps {
                let result = try await muster.run(step)
                #expect(result.status == 0, "\(step) \(result.output)\(result.errors)")
                expectNothing(result, step)
            }
            // An update and a deletion, each saved to the history first.
            try muster.folder.write(["bot.yaml": "model: m\nname: two\ninstructions: {env: TOKEN, secret: true}\n"])
            steps = [
                ["plan"], ["apply", "-v", "--auto-approve"], ["history"],
                ["destroy", "--auto-approve", "--allow-delete"],
                ["rollback", "bot", "--auto-approve", "-v"],
            ]
            for step in steps { expectNothing(try await muster.run(step), step) }
            try expectNothing(in: muster.folder)
        }
    }

    @Test(arguments: [
        "error=401", "error=500:text", "error=500:html", "cut=after", "truncate=40", "redirect=302:http://a.example/",
    ])
    func whateverTheServerAnswers(_ fault: String) async throws {
        try await with(faults: [fault]) { muster in
            for step in [["plan", "-v", "--timeout", "5"], ["apply", "-v", "--auto-approve", "--timeout", "5"]] {
                let result = try await muster.run(step)
                #expect(result.status != 0)
                expectNothing(result, step)
            }
            try expectNothing(in: muster.folder)
        }
    }

    /// A program that dies in the middle of a request says nothing of what it held.
    @Test func aCrash() async throws {
        try await with(faults: ["latency=60000,path=/assistants"]) { muster in
            let program = CommandFixture.program.path(percentEncoded: false)
            let folder = muster.folder.path(percentEncoded: false)
            let script = """
                cd '\(folder)' || exit 1
                '\(program)' plan -v & pid=$!
                sleep 2
                kill -SEGV $pid
                wait $pid
                """
            let result = try await OutsideProgram.run("sh", ["-c", script], environment: muster.environment)
            #expect(result.status == 139, "\(result.output)")
            for value in [secret, key] { #expect(!result.output.contains(value)) }
            try expectNothing(in: muster.folder)
        }
    }
}
