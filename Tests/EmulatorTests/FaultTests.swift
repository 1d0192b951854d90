import Emulator
import EmulatorCore
import JSONModel
import NIOHTTP1
import Testing

struct FaultTests {
    /// A client of a server with these faults.
    private func with(_ faults: String..., body: (EmulatorClient) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration()
        configuration.faults = try FaultPlan(parsing: faults)
        try await withServer(configuration, body)
    }

    @Test func onlyTheThirdCreationFails() async throws {
        try await with("error=503,path=/assistants,method=POST,nth=3") { client in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await client.post("assistants", ["model": "m"]).status) }
            #expect(statuses == [200, 200, 503, 200])
            #expect(try await client.get("assistants").json["data"]?.array?.count == 3)
        }
    }

    @Test func everyPathsFirstTryFails() async throws {
        try await with("error=503,method=GET,count=1,per=path") { client in
            var statuses: [Int] = []
            for path in ["assistants", "files", "assistants", "files"] {
                statuses.append(try await client.get(path).status)
            }
            #expect(statuses == [503, 503, 200, 200])
        }
    }

    @Test(arguments: [("hex", 32), ("uuid", 36)])
    func idsTakeOtherForms(form: String, length: Int) async throws {
        try await with("ids=\(form)") { client in
            let id = try #require(try await client.post("assistants", ["model": "m"]).json["id"]?.string)
            #expect(id.count == length)
            #expect(try await client.get("assistants/\(id)").status == 200)
        }
    }

    @Test func readersLagBehind() async throws {
        try await with("stale=1") { client in
            let id = try #require(try await client.post("assistants", ["model": "m"]).json["id"]?.string)
            #expect(try await client.get("assistants/\(id)").status == 404)
            #expect(try await client.get("assistants/\(id)").status == 200)
            _ = try await client.post("assistants/\(id)", ["name": "new"])
            #expect(try await client.get("assistants/\(id)").json["name"] == .null)
            #expect(try await client.get("assistants/\(id)").json["name"] == "new")
        }
    }

    @Test func schemasAreRenamedAndNullsAdded() async throws {
        try await with("schema=renamed", "nulls=added") { client in
            let assistant = try await client.post(
                "assistants",
                [
                    "model": "m", "tools": [["type": "function", "function": ["name": "F"]]],
                    "response_format": ["type": "json_schema", "json_schema": ["name": "s", "schema": [:]]],
                ]
            ).json
            #expect(assistant["response_format"]?["json_schema"]?["schema_"] == [:])
            #expect(assistant["tools"]?[0]?["function"]?["strict"] == .null)
            #expect(assistant["tools"]?[0]?.object?.keys.contains("file_search") == true)
        }
    }

    @Test func anUpdateOfAnUnknownIdCreatesIt() async throws {
        try await with("update=creates") { client in
            let made = try await client.post("assistants/asst_x", ["model": "m"])
            #expect(made.json["id"] == "asst_x")
            let read = try await client.get("assistants/asst_x")
            #expect(read.status == 200)
        }
    }

    @Test func aRunWithoutInstructionsFails() async throws {
        try await with("instructions=required") { client in
            let silent = try #require(try await client.post("assistants", ["model": "m"]).json["id"])
            let spoken = try #require(
                try await client.post("assistants", ["model": "m", "instructions": "i"]).json["id"])
            let failed = try await client.post("threads/runs", ["assistant_id": silent])
            #expect(failed.status == 500)
            let started = try await client.post("threads/runs", ["assistant_id": spoken])
            #expect(started.status == 200)
        }
    }

    @Test func probabilityIsRepeatable() async throws {
        var runs: [[Int]] = []
        for _ in 0..<2 {
            try await with("error=500,probability=0.5,seed=42") { client in
                var statuses: [Int] = []
                for _ in 0..<20 { statuses.append(try await client.get("assistants").status) }
                runs.append(statuses)
            }
        }
        #expect(runs[0] == runs[1])
        #expect(Set(runs[0]) == [200, 500])
    }

    @Test(arguments: [
        ("seconds:2", "retry-after", "2"), ("ms:300", "retry-after-ms", "300"), ("quota", "x-should-retry", "false"),
    ])
    func rateLimitSaysWhenToRetry(hint: String, header: String, value: String) async throws {
        try await with("rate-limit=\(hint)") { client in
            let answer = try await client.get("assistants")
            #expect(answer.status == 429)
            #expect(answer.headers.first(name: header) == value)
        }
    }

    @Test func rateLimitDateIsAnHTTPDate() async throws {
        try await with("rate-limit=date:60") { client in
            let date = try await client.get("assistants").headers.first(name: "retry-after")
            #expect(date?.hasSuffix(" GMT") == true)
            #expect(date?.count == 29)
        }
    }

    @Test(arguments: [
        ("msg", "{\"msg\":\"The server is faulty on demand.\"}"), ("text", "The server is faulty on demand."),
        ("empty", ""),
    ])
    func errorsHaveManyShapes(shape: String, body: String) async throws {
        try await with("error=502:\(shape)") { client in
            let answer = try await client.get("assistants")
            #expect(answer.status == 502)
            #expect(answer.text == body)
        }
    }

    @Test func connectionCutBeforeTheWork() async throws {
        try await with("cut=before,method=POST") { client in
            await #expect(throws: (any Error).self) { try await client.post("assistants", ["model": "m"]) }
            let list = try await client.get("assistants").json
            #expect(list["data"] == [])
        }
    }

    @Test func connectionCutAfterTheWork() async throws {
        try await with("cut=after,method=POST") { client in
            await #expect(throws: (any Error).self) { try await client.post("assistants", ["model": "m"]) }
            let list = try await client.get("assistants").json
            #expect(list["data"]?.array?.count == 1)
        }
    }

    @Test func bodyIsCut() async throws {
        try await with("cut-body=10") { client in
            await #expect(throws: (any Error).self) { try await client.get("assistants") }
        }
    }

    @Test func bodyIsTruncated() async throws {
        try await with("truncate=10") { client in
            let answer = try await client.get("assistants")
            #expect(answer.text == "{\"object\":")
        }
    }

    @Test(arguments: [
        ("list-order=swapped", "assistants?order=asc&limit=2", ["c", "b"]),
        ("after=ignored", "assistants?order=asc&limit=1&after={a}", ["a"]),
        ("page-cap=1", "assistants?order=asc&limit=3", ["a"]),
        ("list-order=lossy", "assistants?after={c}", ["a"]),
        ("list-order=lossy", "assistants?order=asc&after={a}", ["b", "c"]),
    ])
    func listsAreWrong(fault: String, path: String, names: [String]) async throws {
        try await with(fault) { client in
            var path = path
            for name in ["a", "b", "c"] {
                path = path.replacing("{\(name)}", with: try await client.assistant(["name": .string(name)]))
            }
            let page = try await client.get(path).json
            #expect(page["data"]?.array?.compactMap { $0["name"]?.string } == names)
        }
    }

    @Test(
        arguments: [
            ("has-more=true", ["has_more": true]), ("has-more=absent", ["has_more": .null]),
            ("list-shape=no-object", ["object": .null]),
        ] as [(String, JSONObject)])
    func listEnvelopesAreWrong(fault: String, expected: JSONObject) async throws {
        try await with(fault) { client in
            let page = try await client.get("assistants").json
            for (name, value) in expected { #expect(page[name] ?? .null == value) }
        }
    }

    @Test(
        arguments: [
            ("drop-fields=temperature+top_p", "temperature", .null), ("texts=trimmed", "instructions", "a"),
            ("texts=newline", "name", "n\n"), ("numbers=rounded:2", "temperature", 0.12),
            ("metadata=dropped", "metadata", [:]), ("extra-fields", "user_id", "user_1"),
        ] as [(String, String, JSONValue)])
    func fieldsAreRewritten(fault: String, field: String, expected: JSONValue) async throws {
        try await with(fault) { client in
            let answer = try await client.post(
                "assistants",
                ["model": "m", "name": "n", "instructions": " a\n", "temperature": 0.123, "metadata": ["k": "v"]])
            #expect(answer.json[field] ?? .null == expected)
        }
    }

    @Test func metadataIsMerged() async throws {
        try await with("metadata=merged") { client in
            let id = try await client.assistant(["metadata": ["old": "1"]])
            let answer = try await client.post("assistants/\(id)", ["metadata": ["new": "2"]])
            #expect(answer.json["metadata"] == ["old": "1", "new": "2"])
        }
    }

    @Test func timesAndNumbersChangeTheirForm() async throws {
        try await with("times=milliseconds", "numbers=float") { client in
            let text = try await client.post("assistants", ["model": "m"]).text
            #expect(text.contains("000.0,"))
        }
    }

    @Test func redirectIsSent() async throws {
        try await with("redirect=307:/healthz") { client in
            let answer = try await client.get("assistants")
            #expect(answer.json["status"] == "ok")
        }
    }

    @Test func streamsEndEarly() async throws {
        try await with("stream-end=3") { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.outline == ["run.created", "run.queued", "run.in_progress"])
        }
    }

    @Test func streamFailsInside() async throws {
        try await with("stream-error=wrapped") { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.records.last?.name == "error")
            #expect(stream.records.last?.data["error"]?["code"] == "server_error")
        }
    }

    @Test(arguments: [
        ("event-names=absent", "data: {\"id\":\"run_"), ("comments", ": keep-alive\n\nevent: thread.run.created"),
        ("crlf", "event: thread.run.created\r\n"),
    ])
    func streamsHaveOtherForms(fault: String, beginning: String) async throws {
        try await with(fault) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let answer = try await client.post(
                "threads/\(thread)/runs", ["assistant_id": .string(assistant), "stream": true])
            #expect(answer.text.utf8.starts(with: beginning.utf8))
        }
    }

    @Test func snapshotsAreRepeated() async throws {
        try await with("snapshots=repeated") { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            let deltas = stream.data(of: "thread.message.delta").count
            #expect(stream.data(of: "thread.message.in_progress").count == deltas + 1)
        }
    }

    @Test func streamIsIgnored() async throws {
        try await with("stream=ignored") { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let answer = try await client.post(
                "threads/\(thread)/runs", ["assistant_id": .string(assistant), "stream": true])
            #expect(answer.json["object"] == "thread.run")
        }
    }

    @Test(arguments: [
        "nonsense", "latency=x", "error=99", "cut=sideways", "latency=1,colour=red", "list-order=odd",
        "error=500,probability=2", "",
    ])
    func wrongSpecificationIsRefused(text: String) {
        #expect(throws: SettingsError.self) { try FaultPlan(parsing: [text]) }
    }
}
