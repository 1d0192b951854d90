import AsyncHTTPClient
import Foundation
import JSONModel
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The local server's own key and that of the server behind it: in no answer, error page, log, home page, store or child.
@Suite(.timeLimit(.minutes(2)))
struct CanaryServerTests {
    private let canaries = Canaries()

    /// An answer, headers and all.
    private struct Answer {
        let text: String
        let json: JSONValue
    }

    private func send(_ method: HTTPMethod, _ url: String, _ body: JSONObject? = nil, key: String?) async throws
        -> Answer
    {
        var request = HTTPClientRequest(url: url)
        request.method = method
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.headers.add(name: "accept", value: "text/html, application/json")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: JSONValue.object(body).text()))
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let text = String(buffer: try await answer.body.collect(upTo: 1 << 20))
        let head = answer.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        // A page of HTML is none.
        return Answer(text: "\(head)\n\n\(text)", json: (try? JSONValue(parsing: text)) ?? .null)
    }

    private static let plugins = """
        {"plugins": {"F": {"command": ["sh", "-c", "env > child-plugin.txt; cat > /dev/null; echo '{}'"]}}}
        """

    /// Everything that a client and a stranger may ask.
    private func everyAnswer(_ address: String) async throws -> [(name: String, text: String)] {
        let key = canaries.value(.key)
        var answers: [(name: String, text: String)] = []
        func ask(_ method: HTTPMethod, _ path: String, _ body: JSONObject? = nil, key: String?) async throws
            -> JSONValue
        {
            let answer = try await send(method, path.hasPrefix("http") ? path : "\(address)/\(path)", body, key: key)
            answers.append(("\(method.rawValue) \(path)", answer.text))
            return answer.json
        }
        let origin = address.replacing("/v1", with: "")
        for stranger in [nil, "wrong", key + "x"] {
            for path in ["/", "/healthz", "/nowhere", "/v1/assistants", "/v1/assistants/%00?x=\u{1B}"] {
                _ = try await ask(.GET, origin + path.replacing("\u{1B}", with: "%1B"), key: stranger)
            }
        }
        let function: JSONValue = ["type": "function", "function": ["name": "F"]]
        let assistant = try await ask(.POST, "assistants", ["model": "m", "tools": [function]], key: key)["id"] ?? ""
        let thread: JSONValue = ["messages": [["role": "user", "content": "hi"]]]
        let run = try await ask(.POST, "threads/runs", ["assistant_id": assistant, "thread": thread], key: key)
        let (id, place) = (run["id"]?.string ?? "", run["thread_id"]?.string ?? "")
        var status = "queued"
        while ["queued", "in_progress"].contains(status) {
            status = try await ask(.GET, "threads/\(place)/runs/\(id)", key: key)["status"]?.string ?? "none"
        }
        #expect(["failed", "completed"].contains(status), "\(status)")
        for path in [
            "threads/\(place)/messages", "threads/\(place)/runs/\(id)/steps", "assistants", "assistants/asst_none",
        ] {
            _ = try await ask(.GET, path, key: key)
        }
        _ = try await ask(
            .POST, "threads/runs", ["assistant_id": assistant, "thread": thread, "stream": true], key: key)
        _ = try await ask(.POST, "pluginapi?tid=\(place)&aid=\(assistant.string ?? "")&pid=F", [:], key: key)
        _ = try await ask(.POST, "assistants", ["model": 7], key: key)
        return answers
    }

    /// `400` and `401` are errors of the server behind, which repeats what it is sent; `200` is one that is none.
    @Test(arguments: [200, 400, 401, 500])
    func keysAreInNothingThatServeShows(_ status: Int) async throws {
        try await withTemporaryDirectory { folder in
            try await EchoingServer.run(status: status) { upstream in
                try folder.write(["plugins.json": Self.plugins])
                // What the server knows for keys: a project's secrets are nothing to it.
                let names: Set = ["KEY", "MUSTER_UPSTREAM_KEY", "MUSTER_REVIEW_KEY", "MUSTER_HOST_TOKEN"]
                let environment = canaries.environment(.variable).filter { names.contains($0.key) }
                let muster = CommandFixture(folder: folder, environment: environment)
                let pipe = Pipe()
                let process = try muster.start(
                    [
                        "serve", "--port", "0", "--flavor", "openai", "--store", "server.sqlite", "--key-env", "KEY",
                        "--access-log", "--upstream", "\(upstream)/v1", "--plugins", "plugins.json", "--verbose",
                    ], output: pipe)
                let output = RunningOutput(pipe)
                let line = await output.read(upTo: "\n")
                let address = try #require(line.split(separator: " ").first { $0.hasPrefix("http://") }, "\(line)")
                let answers = try await everyAnswer(String(address))
                // As it is written, before anything is put in order.
                kill(process.identifier, SIGKILL)
                await process.wait()
                let log = await output.read(upTo: "never")
                #expect(log.contains("/v1/assistants"))
                #expect(canaries.hits(texts: answers + [("log", line + log)]) == [])
                #expect(canaries.hits(in: folder) == [])
                let child = folder.appending(path: "child-plugin.txt").path(percentEncoded: false)
                #expect((FileManager.default.contents(atPath: child) ?? Data()).count > 20)
            }
        }
    }
}
