import Foundation
import TestSupport
import Testing

/// Mistakes of a new user: a clear message, the right exit code, and nothing written anywhere.
struct BadInputTests {
    private func run(
        _ files: [String: String], _ arguments: [String] = ["plan"], environment: [String: String] = [:]
    ) async throws -> (result: CommandResult, left: [String]) {
        try await withTemporaryDirectory { folder in
            try folder.write(files)
            let muster = CommandFixture(folder: folder, environment: environment)
            let result = try await muster.run(arguments)
            let left = FileManager.default.subpaths(atPath: folder.path(percentEncoded: false)) ?? []
            return (result, left.filter { files[$0] == nil && !files.keys.contains { $0.hasPrefix($0) } })
        }
    }

    private let project = "project: p\ndefaults: {model: m}\n"
    private func remote(_ address: String) -> String {
        "project: p\ndefault_environment: prod\nenvironments:\n  prod: {base_url: \"\(address)\", api_key: {env: KEY}}\n"
    }

    @Test func noProject() async throws {
        let (result, left) = try await run([:])
        #expect(result.status == 1)
        #expect(result.errors.contains("there is no muster.yaml"))
        #expect(left == [])
    }

    @Test func anEmptyAssistantsFolder() async throws {
        let (result, _) = try await run(["assistants/readme.txt": ""])
        #expect(result.status == 1)
        #expect(result.errors.contains("there is no muster.yaml"))
    }

    @Test(arguments: [
        ("model:\tm\n  x: 1\n", "bot.yaml:2"), ("name: a\n\tmodel: m\n", "spaces"),
        ("modle: m\n", "did you mean \"model\"?"),
        ("model: a\nmodel: b\n", "a second time"), ("tools: [{use: SERCH}]\n", "there is no tool \"SERCH\""),
        ("instructions: {file: ../../etc/passwd}\n", "outside the project"),
    ])
    func aMistakeInASpec(_ text: String, _ expected: String) async throws {
        let (result, left) = try await run(["muster.yaml": project, "bot.yaml": text])
        #expect(result.status == 1)
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(result.errors.contains("bot.yaml:"))
        #expect(result.output == "")
        #expect(!left.contains { $0.contains("sqlite") })
    }

    @Test func twoFilesWithOneKey() async throws {
        let (result, _) = try await run([
            "muster.yaml": project, "a.yaml": "assistant: x\n", "b.yaml": "assistant: x\n",
        ])
        #expect(result.status == 1)
        #expect(result.errors.contains("a.yaml:1") && result.errors.contains("b.yaml:1"))
    }

    @Test func noKey() async throws {
        let (result, _) = try await run(["muster.yaml": remote("https://127.0.0.1:9/v1")])
        #expect(result.status == 1)
        #expect(result.errors.contains("KEY, which is not set"))
    }

    @Test func aServerThatIsDown() async throws {
        let (result, _) = try await run(
            ["muster.yaml": remote("http://127.0.0.1:9/v1")], environment: ["KEY": "sk-secret-key"])
        #expect(result.status == 1)
        #expect(result.errors.contains("127.0.0.1:9 cannot be reached"))
        #expect(!result.errors.contains("sk-secret-key"))
    }

    @Test func wrongUsage() async throws {
        #expect(try await run([:], ["plan", "--nonsense"]).result.status == 64)
        #expect(try await run([:], ["plam"]).result.status == 64)
    }

    @Test func anUnknownEnvironment() async throws {
        let (result, _) = try await run(["muster.yaml": remote("https://a.example")], ["plan", "-e", "prdo"])
        #expect(result.status == 1)
        #expect(result.errors.contains("did you mean \"prod\"?"))
    }

    @Test func aBrokenPlanFile() async throws {
        let (result, _) = try await run(["muster.yaml": project, "plan.json": "{\"a\":"], ["apply", "plan.json"])
        #expect(result.status == 1)
        #expect(result.errors.contains("is not a plan"))
    }
}
