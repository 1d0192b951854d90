import Foundation
import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Keys, ids, names and times from a server or from another machine's history that would act on a terminal, forge lines or
/// climb out of the project: inert wherever they are shown, and no path.
@Suite(.timeLimit(.minutes(5)))
struct HostileNamesTests {
    /// What may not reach a terminal as it is: controls but for line breaks, and characters that nobody sees.
    private func raw(in text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            if scalar == "\n" { return false }
            return switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }.map { "U+\(String($0.value, radix: 16))" }
    }

    private func expectInert(_ result: CommandResult, _ words: [String]) {
        #expect(raw(in: result.output + result.errors) == [], "\(words)")
        // Neither a signal nor a misunderstanding.
        #expect([0, 1, 2, 3, 4, 5].contains(result.status), "\(words) \(result.status) \(result.errors)")
    }

    private static let texts = [
        "\u{1B}[2J\u{1B}[31mred", "a\r\nerror: forged", "\u{202E}drowssap", "../../gh/workflows/evil", "a/b",
        "\u{9B}31mred",
        "x\u{2028}y", "\u{200B}bot", "$(touch owned)", "`touch owned`", "::error::x", "{env: CANARY}", "%2e%2e%2f",
        "\u{7}",
        "asst_1 --auto-approve", "'; touch owned; '", "*", "&a", "\u{E0041}", "a\u{0}b",
    ]

    /// An assistant that holds a text wherever a server may put one. Marks of an owner make it look like the project's.
    private static func assistant(_ number: Int, _ text: String, marked: Bool) -> JSONValue {
        var metadata: JSONObject = [text: .string(text)]
        if marked {
            metadata = [
                "muster.project": .string(number % 2 == 0 ? "p/e" : text), "muster.assistant": .string(text),
                "muster.applied": .string("1;;\(text)"), "muster.preview": .string("p/e \(text) 1 \(text)"),
            ]
        }
        return [
            "id": .string("asst_\(number)\(text)"), "object": "assistant",
            "created_at": .integer(1_700_000_000 + number),
            "model": .string(text), "name": .string(text), "description": .string(text), "instructions": .string(text),
            "metadata": .object(metadata),
            "tools": [["type": "function", "function": ["name": .string(text), "description": .string(text)]]],
        ]
    }

    private static func preview(_ text: String) -> JSONValue {
        [
            "id": .string("asst_copy\(text)"), "object": "assistant", "created_at": 1, "model": "m",
            "name": .string(text),
            "instructions": "x", "tools": [], "metadata": ["muster.preview": .string("p/e k 1 \(text)")],
        ]
    }

    private static let deployed: JSONValue = [
        "id": "asst_ours", "object": "assistant", "created_at": 1, "model": "m", "name": "ours", "instructions": "old",
        "tools": [], "metadata": [:],
    ]

    private func withProject(
        _ server: ObjectServer, _ body: @escaping @Sendable (CommandFixture, _ folder: URL) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let project = folder.appending(path: "deep/down/project")
            try await server.run { address in
                try project.write([
                    "muster.yaml":
                        "project: p\ndefault_environment: e\nenvironments: {e: {base_url: \"\(address)\"}}\n"
                ])
                try await body(CommandFixture(folder: project, environment: ["CANARY": "canary-value"]), folder)
            }
        }
    }

    /// Nothing but the project's folder has come to be, and nothing in it was run or left by a word of a server's.
    private func expectNothingOutside(_ folder: URL) throws {
        let made = try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false))
        #expect(made.filter { !$0.hasPrefix("deep/down/project") && !"deep/down/project".hasPrefix($0) } == [])
        #expect(made.filter { $0.hasSuffix("owned") || $0.contains("gh/workflows") } == [])
    }

    @Test func everyCommandThatReadsAssistants() async throws {
        let objects =
            Self.texts.enumerated().flatMap { number, text in
                [Self.assistant(number, text, marked: true), Self.assistant(100 + number, text, marked: false)]
            } + Self.texts.map(Self.preview) + [Self.deployed]
        let server = ObjectServer(objects)
        try await withProject(server) { muster, folder in
            var commands = [
                ["import", "asst_ours", "--key", "ours"], ["import", "asst_100\(Self.texts[3])", "--key", "climber"],
                ["import", "nothing\u{202E}"], ["import", "asst_102\(Self.texts[2])"], ["pull", "--adopt", "-v"],
                ["pull"],
                ["validate"], ["release", "ours", "-v"], ["release", "\u{202E}x"], ["history", "-v"],
                ["history", "show", "1"],
                ["rollback", "climber", "--auto-approve", "-v"], ["preview", "cleanup", "--all", "-v"],
                ["test", "cleanup"], ["plan", "-v", "--drift-only"], ["apply", "--auto-approve", "-v"],
                ["destroy", "--auto-approve", "--allow-delete", "-v"],
            ]
            let forms = ["text", "json", "env"].map { ["list", "-v", "--format", $0] }
            let plans = ["text", "markdown", "json", "html"].map { ["plan", "-v", "--full", "--format", $0] }
            commands.insert(contentsOf: forms + plans, at: 7)
            for words in commands {
                let result = try await muster.run(words)
                expectInert(result, words)
                #expect(!(result.output + result.errors).contains("canary-value"), "\(words)")
                try expectNothingOutside(folder)
            }
            #expect(server.all.allSatisfy { !$0.text().contains("canary-value") })
            // Foreign marks and unreadable ones are nobody's to sweep; copies of this project's are.
            let left = Set(server.all.compactMap { $0["id"]?.string })
            #expect(left.contains("asst_1\(Self.texts[1])"))
        }
    }

    /// A history from another machine, such as an artefact, whose files somebody may have written by hand.
    @Test(arguments: texts)
    func anotherMachinesHistory(_ text: String) async throws {
        try await withProject(ObjectServer([Self.deployed])) { muster, folder in
            let imported = try await muster.run("import", "asst_ours", "--key", "ours")
            #expect(imported.status == 0, "\(imported.errors)")
            let entry: JSONValue = [
                "format_version": "1.0", "saved_at": .string(text), "owner": "p/e", "key": "ours",
                "action": .string(text),
                "applied": .string(text), "assistant": Self.assistant(7, text, marked: false),
            ]
            try folder.write([
                "deep/down/project/found/1-\(text.filter { $0 != "/" && $0 != "\u{0}" }).json": entry.text()
            ])
            for words in [
                ["history"], ["history", "show", "1"], ["history", "show", "9"], ["rollback", "ours", "--to", "9"],
                ["rollback", "ours", "--auto-approve"],
            ] {
                expectInert(try await muster.run(words + ["--from", "found"]), words)
            }
            try expectNothingOutside(folder)
        }
    }

    /// Threads of any name: in what is said of them, in the journal of what must be deleted, and in the one deletion.
    @Test(arguments: texts)
    func aThreadOfAnyName(_ text: String) async throws {
        let server = ThreadServer(thread: "thread_\(text)")
        try await withTemporaryDirectory { folder in
            try await server.run { address in
                try folder.write([
                    "muster.yaml":
                        "project: p\ndefault_environment: e\nenvironments: {e: {base_url: \"\(address)\"}}\n",
                    "bot.yaml": "model: m\n",
                ])
                let muster = CommandFixture(folder: folder)
                let said = "/thread\n/history\nhello\n/undo\n/exit\n"
                for words in [["ask", "asst_1", "hello"], ["ask", "asst_1", "hello", "--json"], ["test", "cleanup"]] {
                    expectInert(try await muster.run(words), words)
                }
                for words in [["chat", "asst_1"], ["chat", "asst_1", "--keep-thread", "-v"]] {
                    expectInert(try await muster.run(words, input: said), words)
                }
                let journals = try FileManager.default.subpathsOfDirectory(
                    atPath: folder.appending(path: ".muster/journals").path(percentEncoded: false))
                let lines = try journals.filter { $0.hasSuffix(".journal") }.flatMap { name in
                    try String(contentsOf: folder.appending(path: ".muster/journals/\(name)"), encoding: .utf8)
                        .split(separator: "\n")
                }
                // What holds controls is no id: such a thread is not used, so nothing is to be deleted.
                let isRefused = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
                #expect(lines.isEmpty == isRefused)
                for line in lines {
                    #expect(
                        line.wholeMatch(of: /(created|deleted|kept) thread thread_[A-Za-z0-9._~%-]+/) != nil, "\(line)")
                }
                server.deletes()
                let cleaned = try await muster.run("test", "cleanup")
                expectInert(cleaned, ["test", "cleanup"])
                #expect(cleaned.status == 0, "\(cleaned.errors)")
                #expect(Set(server.deleted) == (isRefused ? [] : ["thread_\(text)"]))
            }
        }
    }
}

/// Makes threads of one name, and refuses everything else until it is told to delete them.
private final class ThreadServer: Sendable {
    private let thread: String
    private let state = Mutex((deletes: false, deleted: [String]()))

    init(thread: String) {
        self.thread = thread
    }

    var deleted: [String] { state.withLock { $0.deleted } }
    func deletes() { state.withLock { $0.deletes = true } }

    func run(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post, .delete] {
            router.on("**", method: method) { request, _ in self.answer(request) }
        }
        try await withRoutedServer(router) { try await body("\($0)/v1") }
    }

    private func answer(_ request: Request) -> Response {
        let path = request.uri.path
        let text = JSONValue.string(thread)
        switch (request.method, path) {
        case (.post, "/v1/threads"): return Self.json(["id": text, "object": "thread", "created_at": 1])
        case (.get, "/v1/assistants/asst_1"):
            return Self.json(["id": "asst_1", "object": "assistant", "created_at": 1, "model": "m", "tools": []])
        case (.get, _) where path.hasSuffix("/messages"):
            let content: JSONValue = [["type": "text", "text": ["value": text, "annotations": []]]]
            return Self.json([
                "object": "list", "has_more": false,
                "data": [["id": text, "object": "thread.message", "created_at": 1, "role": text, "content": content]],
            ])
        case (.get, _) where path.hasSuffix("/runs"):
            return Self.json(["object": "list", "has_more": false, "data": []])
        case (.delete, _) where state.withLock({ $0.deletes }):
            let rest = path.dropFirst("/v1/threads/".count)
            let name = rest.contains("/") ? nil : String(rest).removingPercentEncoding
            state.withLock { $0.deleted.append(name ?? "another path: \(path)") }
            return Self.json(["id": text, "deleted": true])
        default:
            return Self.json(["error": ["message": text, "type": text, "code": text]], status: .badRequest)
        }
    }

    private static func json(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }
}
