import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One secret of every kind goes through every command, format, report, recording, history entry, saved plan, log level and
/// child process, and through a run that is killed: none is in anything that is written or shown.
///
/// Each secret is awkward for writers, and holds a number of its own that no escaping changes; the numbers are looked for.
struct CanaryTests {
    private enum Kind: String, CaseIterable {
        case key = "KEY"
        case header = "HEADER"
        case instructions = "TOKEN"
        case tool = "TOOL"
        case metadata = "META"
        case judge = "JUDGE"
        case proxy = "PROXY_PASSWORD"
        case review = "MUSTER_REVIEW_KEY"
        case host = "MUSTER_HOST_TOKEN"
    }

    private let marks = Dictionary(
        uniqueKeysWithValues: Kind.allCases.map { ($0, UUID().uuidString.replacing("-", with: "")) })

    private func value(_ kind: Kind) -> String {
        let mark = marks[kind] ?? ""
        return switch kind {
        // What a header may carry.
        case .key, .header, .judge: #"s<&>"\_*"# + mark
        case .instructions, .tool, .metadata: #"é "<&>'\_*`/"# + mark
        case .proxy, .review, .host: mark
        }
    }

    private var environment: [String: String] {
        var variables = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0.rawValue, value($0)) })
        variables[Kind.proxy.rawValue] = nil
        // By other names, under which tests may say them: so a server that repeats what it is told shows secrets.
        variables["SAID_ONE"] = value(.instructions)
        variables["SAID_TWO"] = value(.tool)
        variables["HTTPS_PROXY"] = "http://somebody:\(value(.proxy))@127.0.0.1:9"
        return variables
    }

    /// Every file below a folder and every output that holds a secret, with the secret's kind.
    private func hits(_ result: CommandResult? = nil, _ folder: URL) -> [String] {
        var texts = [("standard output", result?.output), ("standard error", result?.errors)]
            .map { ($0, Data(($1 ?? "").utf8)) }
        let root = folder.path(percentEncoded: false)
        for name in FileManager.default.subpaths(atPath: root) ?? [] {
            guard let data = FileManager.default.contents(atPath: root + "/" + name) else { continue }
            texts.append((name, data))
        }
        return texts.flatMap { name, data in
            marks.filter { data.range(of: Data($0.value.utf8)) != nil }.map { "\($0.key) in \(name)" }
        }
    }

    private func project(_ address: String) -> [String: String] {
        [
            "muster.yaml": """
            project: p
            default_environment: e
            environments:
              e:
                base_url: "\(address)"
                api_key: {env: KEY}
                headers: {x-auth-token: {env: HEADER, secret: true}}
            judge: {base_url: "\(address)", model: m, api_key: {env: JUDGE}}
            """,
            "bot.yaml": """
            model: m
            name: one
            instructions: {env: TOKEN, secret: true}
            metadata: {token: {env: META, secret: true}}
            tools:
              - type: function
                function: {name: look_up, description: {env: TOOL, secret: true}, parameters: {type: object}}
            tests:
              - name: what the server says back
                prompt: "Say {{env.SAID_ONE}} and {{env.SAID_TWO}}"
                setup: [sh, -c, "env | grep -vi -e _proxy -e ^SAID_ > child.txt"]
                assert: [{type: contains, value: something else}, {type: llm-rubric, value: polite}]
              - name: what a key's name stands for
                prompt: "Say {{env.KEY}} {{env.JUDGE}} {{env.MUSTER_REVIEW_KEY}}"
                assert: [{type: run-status, value: completed}]
            """,
        ]
    }

    private func with(_ faults: [String] = [], _ body: (CommandFixture) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = value(.key)
        configuration.faults = try FaultPlan(parsing: faults)
        try await withTemporaryDirectory { folder in
            try await withEmulator(configuration) { address in
                let temporary = folder.appending(path: "temporary")
                try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
                try folder.write(project(address))
                var variables = environment
                variables["TMPDIR"] = temporary.path(percentEncoded: false)
                try await body(CommandFixture(folder: folder, environment: variables))
            }
        }
    }

    private static let reports = [
        "--json", "r.json", "--jsonl", "r.jsonl", "--html", "r.html", "--junit", "r.xml", "--markdown", "r.md", "--tap",
        "r.tap",
    ]

    private static let digest = "sha256:" + String(repeating: "0", count: 64)

    private struct Step {
        let words: [String]
        /// How it must end; nil where that is not this test's business.
        let status: Int32?

        init(_ words: [String], _ status: Int32? = nil) {
            self.words = words
            self.status = status
        }
    }

    /// In order: each stands on what those before have left.
    private static var steps: [Step] {
        let forms = ["text", "json", "markdown", "html"]
        let test = ["test", "-v", "--record", "tape.jsonl", "--format", "github"] + reports
        var steps = ["text", "json", "github", "sarif"].map { Step(["validate", "--format", $0], 0) }
        steps += [Step(["fmt", "--check"])]
        steps += forms.map { Step(["plan", "-v", "--format", $0], 0) }
        steps += [Step(["plan", "--out", "plan.json"], 0)]
        steps += forms.map { Step(["show", "plan.json", "--format", $0], 0) }
        steps += [
            Step(["apply", "-v", "plan.json", "--report", "apply.json"], 0), Step(["plan", "-q"], 0), Step(test, 4),
            Step(["test", "-v", "--stream"], 4), Step(["test", "--replay", "tape.jsonl"], 4),
            Step(["test", "cleanup"], 0), Step(["ask", "bot", "Say it", "-v"]), Step(["chat", "bot"]),
            Step(["doctor", "-v"]), Step(["review", "sign", digest, "--subject", "s"], 0),
            Step(["review", "verify", digest, String(repeating: "0", count: 64), "--subject", "s"], 3),
        ]
        return steps
    }

    @Test func everyCommandAndFormat() async throws {
        try await with { muster in
            for step in Self.steps {
                let result = try await muster.run(step.words, input: "Say it\n")
                if let status = step.status {
                    #expect(result.status == status, "\(step.words) \(result.output)\(result.errors)")
                }
                #expect(hits(result, muster.folder) == [], "\(step.words)")
            }
            // What shows no mask has shown nothing secret to begin with.
            for name in ["tape.jsonl", "r.json", "r.jsonl"] {
                let text = try String(contentsOf: muster.folder.appending(path: name), encoding: .utf8)
                #expect(text.contains("<REDACTED>"), "\(name)")
            }
            for name in ["child.txt", "tape.jsonl", "r.html", "plan.json", "apply.json"] {
                let path = muster.folder.appending(path: name).path(percentEncoded: false)
                #expect((FileManager.default.contents(atPath: path) ?? Data()).count > 50, "\(name)")
            }
            try await everyWayBack(muster)
        }
    }

    /// Updates, deletions, history, adoption: what reads from the server and from this machine.
    private func everyWayBack(_ muster: CommandFixture) async throws {
        let spec = muster.folder.appending(path: "bot.yaml")
        let text = try String(contentsOf: spec, encoding: .utf8)
        try text.replacing("name: one", with: "name: two").write(to: spec, atomically: true, encoding: .utf8)
        var steps = [
            ["plan"], ["apply", "-v", "--auto-approve", "--test", "--rollback-on-failure"], ["history"],
            ["apply", "--auto-approve"], ["rollback", "bot", "--auto-approve", "-v"], ["release", "bot"],
        ]
        for step in steps {
            let result = try await muster.run(step)
            #expect(hits(result, muster.folder) == [], "\(step)")
        }
        let listed = try await muster.run("plan", "--format", "json")
        let id = listed.output.firstMatch(of: /asst_[A-Za-z0-9]+/).map { String($0.0) } ?? "none"
        try FileManager.default.removeItem(at: spec)
        steps = [
            ["import", id, "--as", "found"], ["pull"], ["plan", "-v"], ["apply", "--auto-approve", "--allow-delete"],
            ["destroy", "--auto-approve", "--allow-delete"], ["history", "-v"],
        ]
        for step in steps {
            let result = try await muster.run(step)
            #expect(hits(result, muster.folder) == [], "\(step)")
        }
    }

    /// A checkout may hold a link in a report's or a recording's place.
    @Test(arguments: ["--json", "--html", "--junit", "--markdown", "--tap", "--jsonl", "--record"])
    func aLinkInPlaceOfAReportIsRefused(_ option: String) async throws {
        try await with { muster in
            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0)
            let link = muster.folder.appending(path: "link")
            let target = muster.folder.appending(path: "target")
            try Data("theirs".utf8).write(to: target)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
            let result = try await muster.run("test", option, "link")
            #expect(result.status == 1 && result.errors.contains("a link is in the way"), "\(result.errors)")
            #expect(try String(contentsOf: target, encoding: .utf8) == "theirs")
        }
    }

    /// Killed in the middle of a request, at whichever command.
    @Test(arguments: [
        ["plan", "-v"], ["apply", "--auto-approve"], ["test", "--record", "tape.jsonl", "--jsonl", "r.jsonl"],
    ])
    func anAbortedRun(_ words: [String]) async throws {
        try await with(["latency=3000,path=/assistants"]) { muster in
            let process = try muster.start(words)
            try await Task.sleep(for: .seconds(1))  // the server answers after three
            kill(process.identifier, SIGKILL)
            await process.wait()
            #expect(hits(nil, muster.folder) == [], "\(words)")
        }
    }
}
