import Emulator
import Foundation
import TestSupport

/// One secret of every kind, each awkward for writers and with a number of its own that no escaping changes: the numbers are
/// looked for in everything that is written or shown.
struct Canaries {
    enum Kind: String, CaseIterable {
        case key = "KEY"
        case header = "HEADER"
        case plainHeader = "PLAIN_HEADER"
        case parameter = "PARAMETER"
        case instructions = "TOKEN"
        case tool = "TOOL"
        case metadata = "META"
        case judge = "JUDGE"
        case proxy = "PROXY_PASSWORD"
        case proxySetting = "PROXY_SETTING"
        case review = "MUSTER_REVIEW_KEY"
        case host = "MUSTER_HOST_TOKEN"
        case upstream = "MUSTER_UPSTREAM_KEY"
    }

    /// Where the key of the server is.
    enum KeyPlace: String, CaseIterable {
        case variable = "{env: KEY}"
        case file = "{file: ../../outside/key}"
        case command =
            "{command: [sh, -c, 'env | grep -vi -e _proxy -e ^SAID_ > child-key.txt; cat ../../outside/key']}"
    }

    private let marks = Dictionary(
        uniqueKeysWithValues: Kind.allCases.map { ($0, UUID().uuidString.replacing("-", with: "")) })

    func value(_ kind: Kind) -> String {
        let mark = marks[kind] ?? ""
        return switch kind {
        // What a header may carry.
        case .key, .header, .plainHeader, .judge, .upstream: #"s<&>"\_*"# + mark
        case .instructions, .tool, .metadata, .parameter: #"é "<&>'\_*`/"# + mark
        case .proxy, .proxySetting, .review, .host: mark
        }
    }

    /// What programs are started with.
    ///
    /// - Parameter place: of the key, which is in the variable only if it is looked for there.
    /// - Returns: variables by name.
    func environment(_ place: KeyPlace) -> [String: String] {
        var variables = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0.rawValue, value($0)) })
        variables[Kind.proxy.rawValue] = nil
        if place != .variable { variables[Kind.key.rawValue] = "elsewhere" }
        // By other names, under which tests may say them: so a server that repeats what it is told shows secrets.
        variables["SAID_ONE"] = value(.instructions)
        variables["SAID_TWO"] = value(.tool)
        variables["HTTPS_PROXY"] = "http://somebody:\(value(.proxy))@127.0.0.1:9"
        for role in ["AUTHOR", "COMMITTER"] {
            variables["GIT_\(role)_NAME"] = "t"
            variables["GIT_\(role)_EMAIL"] = "t@example.com"
        }
        return variables
    }

    /// A project that uses every one of them.
    func project(_ address: String, _ place: KeyPlace) -> [String: String] {
        [
            "muster.yaml": """
            project: p
            default_environment: e
            environments:
              e:
                base_url: "\(address)"
                api_key: \(place.rawValue)
                headers: {x-auth-token: {env: HEADER, secret: true}, x-api-key: {env: PLAIN_HEADER}}
                query: {sig: {env: PARAMETER}}
                proxy: {server: "http://127.0.0.1:9", user: somebody, password: {env: PROXY_SETTING}}
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
                setup: [sh, -c, "\(Self.child("setup"))"]
                assert: [{type: contains, value: something else}, {type: llm-rubric, value: polite}]
              - name: what a key's name stands for
                prompt: "Say {{env.KEY}} {{env.JUDGE}} {{env.MUSTER_REVIEW_KEY}}"
                teardown: [sh, -c, "\(Self.child("teardown"))"]
                assert: [{type: run-status, value: completed}]
              - name: what programs are given
                prompt: What would look_up find?
                tools: {look_up: {mode: command, command: [sh, -c, "\(Self.child("tool")); echo found"]}}
                assert:
                  - {type: tool-called, value: look_up}
                  - {type: command, value: [sh, -c, "\(Self.child("assertion"))"]}
            """,
        ]
    }

    /// Every file that a program named by the project leaves, in which its environment stands.
    static let children = ["setup", "teardown", "tool", "assertion"].map { "child-\($0).txt" }

    /// A password of `HTTPS_PROXY` reaches programs, which is documented, and so does what tests are to say.
    private static func child(_ name: String) -> String {
        "env | grep -vi -e _proxy -e ^SAID_ > child-\(name).txt"
    }

    /// Every file below a folder and every output that holds a secret, with the secret's kind.
    func hits(_ result: CommandResult? = nil, in folder: URL) -> [String] {
        hits(texts: [("standard output", result?.output ?? ""), ("standard error", result?.errors ?? "")])
            + files(in: folder)
    }

    func hits(texts: [(name: String, text: String)]) -> [String] {
        texts.flatMap { hits($0.name, Data($0.text.utf8)) }
    }

    private func files(in folder: URL) -> [String] {
        let root = folder.path(percentEncoded: false)
        return (FileManager.default.subpaths(atPath: root) ?? []).flatMap { name in
            // Other files than plain ones, such as a pipe, hold nothing.
            FileManager.default.contents(atPath: root + "/" + name).map { hits(name, $0) } ?? []
        }
    }

    private func hits(_ name: String, _ data: Data) -> [String] {
        marks.filter { data.range(of: Data($0.value.utf8)) != nil }.map { "\($0.key) in \(name)" }
    }

    /// Runs `body` with a project on a local server that wants the key, and with the folder to look through: the project's, the
    /// temporary one, and what else was made there.
    func withProject(
        _ place: KeyPlace = .variable, _ faults: [String] = [],
        _ body: (_ muster: CommandFixture, _ address: String, _ folder: URL) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = value(.key)
        configuration.faults = try FaultPlan(parsing: faults)
        try await withTemporaryDirectory { all in
            try await withEmulator(configuration) { address in
                let folder = all.appending(path: "watched")
                try all.write(["outside/key": value(.key), "watched/temporary/none": ""])
                let project = folder.appending(path: "project")
                try project.write(self.project(address, place))
                var variables = environment(place)
                variables["TMPDIR"] = folder.appending(path: "temporary").path(percentEncoded: false)
                try await body(CommandFixture(folder: project, environment: variables), address, folder)
            }
        }
    }
}
